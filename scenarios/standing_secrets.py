"""The secrets that a deployment draws for itself: once, kept beside its data, changed with an overlap."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.environment import BadEnvironment, own_file
from core.governance.accounts import BadAccount, Secret, read_secret, written_secret

FILE = "secrets.json"
# What is drawn: the root of the secrets of webhooks out, and that of the keys that sign tokens.
KINDS = ("webhooks_out", "signing")
_HOUR_US = 3_600_000_000


class BadSecrets(ValueError):
    """They cannot be used; the text names file, field and remedy, never a secret."""


@dataclass(frozen=True, slots=True)
class Standing:
    """By kind: the secret in use and, while it is changed, the one before with its end."""

    webhooks_out: tuple[Secret, ...] = field(repr=False)
    signing: tuple[Secret, ...] = field(repr=False)

    def turned(self, kind: str, fresh: str, now: int, hours: int) -> Standing:
        """With a new secret of a kind; the one in use holds on for `hours` beside it. now: microseconds.
        BadSecrets for another kind, for no overlap, and while one before still holds."""
        if kind not in KINDS:
            raise BadSecrets(f"kind: {kind!r}: there are {', '.join(KINDS)}")
        if not 1 <= hours <= 24 * 30:
            raise BadSecrets(f"overlap: {hours} hours: from 1 to {24 * 30}")
        own: tuple[Secret, ...] = getattr(self, kind)
        if any(secret.holds(now) for secret in own[1:]):
            raise BadSecrets(f"{kind}: the secret before the present one still holds; wait for its end")
        kept = {name: getattr(self, name) for name in KINDS}
        return Standing(**kept | {kind: (Secret(fresh), Secret(own[0].value, now + hours * _HOUR_US))})

    def write(self, folder: Path) -> None:
        """Whole or not at all, for this user only."""
        plain = {kind: [written_secret(secret) for secret in getattr(self, kind)] for kind in KINDS}
        part = folder / f"{FILE}.part"
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(plain, file)
        part.replace(folder / FILE)


def standing(folder: Path, draw: Callable[[], str]) -> Standing:
    """Those of a data folder; drawn and written there the first time. BadSecrets for a file that others may
    read, or that says something else: nothing is drawn anew over it."""
    if not (folder / FILE).exists():
        made = Standing((Secret(draw()),), (Secret(draw()),))
        made.write(folder)
        return made
    return read_standing(folder)


def read_standing(folder: Path) -> Standing:
    """As they were written; BadSecrets."""
    where = str(folder / FILE)
    try:
        plain = json.loads(own_file(folder / FILE, "secrets"))
        if not isinstance(plain, dict) or set(plain) != set(KINDS):
            raise BadSecrets(f"{where}: an object with {' and '.join(KINDS)} and nothing else")
        return Standing(**{kind: _pair(f"{where}: {kind}", plain[kind]) for kind in KINDS})
    except (BadEnvironment, BadAccount) as error:
        raise BadSecrets(str(error)) from None
    except (ValueError, TypeError, AttributeError) as error:
        if isinstance(error, BadSecrets):
            raise
        raise BadSecrets(f"{where}: not what was written there; put the file back") from None


def _pair(where: str, plain: list[Mapping[str, str]]) -> tuple[Secret, ...]:
    found = tuple(read_secret(where, each) for each in plain)
    if not 1 <= len(found) <= 2 or found[0].until is not None or any(s.until is None for s in found[1:]):
        raise BadSecrets(f"{where}: one secret, or two: the new one, and the one before with its until")
    return found
