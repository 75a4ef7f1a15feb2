"""Recomputes the chain of an audit log, and names the first link that is broken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.governance.audit import GENESIS, AuditLines, Entry, digest

_PAGE = 1000


class Fault(StrEnum):
    """CHANGED: a line no longer has the hash it was sealed with; REMOVED: lines are missing before this one;
    INSERTED: a line stands where another has its place; RELINKED: a line was sealed to another one than
    stands before it; REWRITTEN: the chain holds, and a head that was kept elsewhere says otherwise;
    TRUNCATED: it ends before a head that was kept elsewhere."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    RELINKED = "relinked"
    REWRITTEN = "rewritten"
    TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True)
class Broken:
    """sequence: of the first line that is wrong or missing."""

    sequence: int
    fault: Fault
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last line that was looked at: what to keep elsewhere. (0, GENESIS) of an empty log."""

    sequence: int = 0
    hash: str = GENESIS


class Chain:
    """Takes the lines in the order they are stored. anchors: sequence → hash, kept elsewhere."""

    def __init__(self, anchors: Mapping[int, str] | None = None) -> None:
        self._anchors = dict(anchors or {})
        self.head = Head()

    def add(self, entry: Entry) -> Broken | None:
        """What is wrong with the next line; nothing may be added after that."""
        due = self.head.sequence + 1
        if entry.hash != digest(entry):
            return Broken(due, Fault.CHANGED, f"line {due}: its hash is not that of what it says")
        if entry.sequence > due:
            return Broken(due, Fault.REMOVED, f"line {due} is missing; {entry.sequence} comes next")
        if entry.sequence < due:
            return Broken(due, Fault.INSERTED, f"line {entry.sequence} stands where line {due} belongs")
        if entry.before != self.head.hash:
            return Broken(due, Fault.RELINKED, f"line {due}: it was sealed to another line {due - 1}")
        kept = self._anchors.get(due)
        if kept is not None and kept != entry.hash:
            return Broken(
                due, Fault.REWRITTEN, f"line {due}: kept elsewhere as {kept[:12]}…, found otherwise"
            )
        self.head = Head(entry.sequence, entry.hash)
        return None

    def end(self) -> Broken | None:
        """What is wrong when no line is left."""
        last = max(self._anchors, default=0)
        if last <= self.head.sequence:
            return None
        lost = self.head.sequence + 1
        return Broken(lost, Fault.TRUNCATED, f"line {lost} is missing; the log went to line {last} at least")


def verify(entries: Iterable[Entry], anchors: Mapping[int, str] | None = None) -> tuple[Head, Broken | None]:
    """How far the chain holds, and the first broken link."""
    chain = Chain(anchors)
    for entry in entries:
        if broken := chain.add(entry):
            return chain.head, broken
    return chain.head, chain.end()


async def verify_book(book: AuditLines, anchors: Mapping[int, str]) -> tuple[Head, Broken | None]:
    """The same of a log in a store, a page at a time."""
    chain = Chain(anchors)
    async for entry in _all(book):
        if broken := chain.add(entry):
            return chain.head, broken
    return chain.head, chain.end()


def read_anchors(lines: Iterable[str]) -> dict[int, str]:
    """Heads out of JSON lines with `sequence` and `hash`: a file of heads, or the log of a process, whose
    other lines are passed over. ValueError if two lines say different things about one sequence."""
    found: dict[int, str] = {}
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if not isinstance(said, dict):
            continue
        sequence, hash_ = said.get("sequence"), said.get("hash")
        if not isinstance(sequence, int) or not isinstance(hash_, str) or sequence < 1:
            continue
        if found.setdefault(sequence, hash_) != hash_:
            raise ValueError(f"line {sequence}: the heads kept elsewhere contradict each other")
    return found


async def _all(book: AuditLines) -> AsyncIterator[Entry]:
    """From below 1: a line may have been put in under a number that no line has."""
    after = -(2**63)
    while page := await book.audited(after, _PAGE):
        for entry in page:
            yield entry
        after = page[-1].sequence
