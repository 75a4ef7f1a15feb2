"""The state of all books as one hash, and what differs between two states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b, sha256
from typing import Any

from scenarios.world.build import World
from simulators.kit.table import dumps


@dataclass(frozen=True, slots=True)
class State:
    """hash: over everything; objects: (system, collection, id) to its own hash."""

    hash: str
    objects: dict[tuple[str, str, str], bytes]


def state(world: World) -> State:
    """The books of every system at this moment."""
    objects: dict[tuple[str, str, str], bytes] = {}
    whole = sha256()
    books = {name: mock.rules.books() for name, mock in world.mocks.items()}
    books["bank"] = {"lines": [asdict(line) for line in world.bank.books().lines]}
    for name, own in books.items():
        for collection, rows in own.items():
            for index, row in enumerate(rows):
                text = dumps(row)
                whole.update(text)
                objects[name, collection, _identity(row, index)] = blake2b(text, digest_size=16).digest()
    return State(whole.hexdigest(), objects)


def differences(before: State, after: State, most: int = 20) -> Iterator[str]:
    """In words, at most so many."""
    found = 0
    for key in sorted(before.objects.keys() | after.objects.keys()):
        old, new = before.objects.get(key), after.objects.get(key)
        if old == new:
            continue
        what = "appeared" if old is None else "vanished" if new is None else "changed"
        yield f"{' '.join(key)} {what}"
        found += 1
        if found == most:
            yield "… and more"
            return


def _identity(row: dict[str, Any], index: int) -> str:
    own = row.get("id") or row.get("external")
    return str(own) if own else str(index)
