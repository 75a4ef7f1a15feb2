"""One line of the audit log: what was done or refused, by whom, sealed to the line before it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from core.canonical.errors import Missing, Refused
from core.governance.masking import SHAPES_ONLY

# What the first line names as the hash of the one before.
GENESIS = "0" * 64
_TEXT_MAX = 500


class Outcome(StrEnum):
    """What became of an act. ASKED is written before it is carried out: nothing is done without a line."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Deed:
    """who: an account or person, or "webhook:<vendor>" for a sender that is not known; scope: what it was
    done under; act: the verb; subject: what it was done to; reason: given by the person, or of the
    refusal."""

    who: str
    scope: str
    act: str
    subject: str
    outcome: Outcome = Outcome.ASKED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """sequence: 1, 2, 3 … without a gap; moment: microseconds; before: the hash of the line before, GENESIS
    for the first; hash: SHA-256 (hex) over all other fields as canonical JSON."""

    sequence: int
    moment: int
    who: str
    scope: str
    act: str
    subject: str
    outcome: str
    reason: str
    before: str
    hash: str


class AuditLines(Protocol):
    """The lines, to be looked at."""

    async def audited(self, after: int, limit: int) -> list[Entry]:
        """The lines after this sequence, in order, as they are found: nothing is checked here."""
        ...


class AuditBook(AuditLines, Protocol):
    """Where the lines are kept. Nothing there is ever changed or removed."""

    async def note(self, deed: Deed, now: int) -> Entry:
        """The next line of the log, sealed to the last; Unavailable if it could not be written down."""
        ...


class Trail:
    """Writes lines down. told: hears of each line, so that its hash is also kept outside of the store; mask:
    what may be kept of a text."""

    def __init__(
        self,
        book: AuditBook,
        now: Callable[[], int],
        told: Callable[[Entry], None] = lambda _: None,
        mask: Callable[[str], str] = SHAPES_ONLY,
    ) -> None:
        self._book, self._now, self._told, self._mask = book, now, told, mask

    async def write(self, deed: Deed) -> Entry:
        """Returns when the line is durable; Unavailable if it is not."""
        who, subject, reason = map(self._mask, (deed.who, deed.subject, deed.reason))
        entry = await self._book.note(replace(deed, who=who, subject=subject, reason=reason), self._now())
        self._told(entry)
        return entry

    @asynccontextmanager
    async def around(self, deed: Deed) -> AsyncIterator[None]:
        """Asked before the block, and after it what became of it. If the first line cannot be written, the
        block is not entered (Unavailable); what the block raises is written down and raised."""
        await self.write(replace(deed, outcome=Outcome.ASKED))
        try:
            yield
        except (Refused, Missing) as error:
            await self.write(replace(deed, outcome=Outcome.REFUSED, reason=error.detail))
            raise
        except Exception as error:
            await self.write(replace(deed, outcome=Outcome.FAILED, reason=type(error).__name__))
            raise
        await self.write(replace(deed, outcome=Outcome.DONE))


def seal(deed: Deed, moment: int, last: tuple[int, str] | None) -> Entry:
    """The line of a deed. last: sequence and hash of the line before, None for the first."""
    sequence, before = (last[0] + 1, last[1]) if last else (1, GENESIS)
    who, scope, act, subject, reason = map(
        _plain, (deed.who, deed.scope, deed.act, deed.subject, deed.reason)
    )
    open_ = Entry(sequence, moment, who, scope, act, subject, deed.outcome.value, reason, before, "")
    return replace(open_, hash=digest(open_))


def digest(entry: Entry) -> str:
    """SHA-256 in hex over every field but `hash`: JSON with sorted keys, no blanks, ASCII only."""
    fields = asdict(entry)
    del fields["hash"]
    return sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(text: str) -> str:
    """One line of what every store holds, and not without end: a stranger may have written it."""
    kept = "".join(c if c.isprintable() else " " for c in text.strip())
    return kept if len(kept) <= _TEXT_MAX else kept[: _TEXT_MAX - 1] + "…"
