"""The history of a registry: one sealed line after the other, in a file that is written whole."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from core.governance.audit import Deed, Entry, seal
from core.governance.chain import verify
from core.mappings.signing import Signer


class BadRegistry(ValueError):
    """The folder cannot be used, or somebody changed it by hand; the text names file, value and remedy."""


@dataclass(frozen=True, slots=True)
class Line:
    """signature: by the key of `entry.who` over the entry's hash, hex; "" of what the core itself began
    with."""

    entry: Entry
    signature: str = ""


def written_whole(path: Path, content: bytes) -> None:
    """The whole content, durable, or what stood there before."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else changes this registry meanwhile; whoever comes second waits."""
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read_history(path: Path, anchors: Mapping[int, str] | None = None) -> tuple[Line, ...]:
    """All lines. BadRegistry where one cannot be read, or the chain does not hold; signatures are looked at
    where it is known whose they should be. anchors: heads that were kept elsewhere."""
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise BadRegistry(f"{path}: {error.strerror}") from None
    found = []
    for at, line in enumerate(lines, 1):
        try:
            plain = json.loads(line)
            found.append(Line(signature=str(plain.pop("signature", "")), entry=Entry(**plain)))
        except (ValueError, TypeError, AttributeError) as error:
            raise BadRegistry(f"{path}: line {at}: {error}; take the file from a backup") from None
    try:
        head, broken = verify((each.entry for each in found), anchors)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRegistry(f"{path}: {error}; take the file from a backup") from None
    if broken is not None:
        holds = f"it holds up to line {head.sequence}; take it from a backup"
        raise BadRegistry(f"{path}: {broken.fault}: {broken.text}; {holds}")
    return tuple(found)


def write_down(path: Path, lines: tuple[Line, ...], deeds: list[Deed], now: int, by: Signer | None) -> None:
    """These lines and one for each deed, sealed to the last (microseconds) and signed by whoever did it."""
    made = list(lines)
    for deed in deeds:
        last = (made[-1].entry.sequence, made[-1].entry.hash) if made else None
        entry = seal(deed, now, last)
        made.append(Line(entry, by.sign(entry.hash) if by else ""))
    plain = (asdict(each.entry) | {"signature": each.signature} for each in made)
    text = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in plain)
    written_whole(path, text.encode())
