"""What has been billed of each charge, to the day; from it and the segments follows what is due.

Billed in advance: a stretch is due on its first day. A credit is due on the first day it gives back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush

from simulators.zuora.rules.amounts import share
from simulators.zuora.rules.calendar import period_around
from simulators.zuora.rules.contracts import Charge, Segment


@dataclass(slots=True)
class Piece:
    """A billed stretch of one segment. net: what is billed of it and not credited since; full and
    days: amount and length of the whole billing period it lies in."""

    segment: Segment
    start: date
    end: date
    net: int
    full: int
    days: int


@dataclass(slots=True)
class Entry:
    """What one document line did to a ledger, so that a reversal can undo it. credit: 0 for a charge."""

    ledger: Ledger
    piece: Piece
    through_before: date
    end_before: date
    credit: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line to bill: net is negative for a credit."""

    segment: Segment
    start: date
    end: date
    net: int
    entry: Entry


@dataclass(slots=True)
class Ledger:
    """The billing memory of one charge. through: first day not billed yet, by segment number;
    due: when there is next something to bill, None: never; recheck: a change may ask for credits."""

    charge: str
    account: str
    pieces: list[Piece] = field(default_factory=list)
    through: dict[int, date] = field(default_factory=dict)
    due: date | None = None
    recheck: bool = False

    def refresh(self, charge: Charge) -> None:
        """Work out anew when something is due."""
        starts = [(s, self.through.get(s.number, s.start)) for s in charge.segments]
        dates = [start for segment, start in starts if _open(segment, start)]
        if self.recheck:
            dates += [keep for piece in self.pieces if (keep := _kept(piece, charge)) < piece.end]
        self.due = min(dates, default=None)

    def take(self, charge: Charge, target: date) -> list[Stretch]:
        """Everything due on or before `target`, now regarded as billed."""
        lines = list(self._credits(charge, target)) if self.recheck else []
        for segment in charge.segments:
            lines += self._charges(charge, segment, target)
        self.refresh(charge)
        return lines

    def undo(self, entry: Entry) -> None:
        """Take back what a line did; the caller sees to it that nothing was billed on top of it."""
        piece = entry.piece
        self.pieces = [other for other in self.pieces if other is not piece]
        if entry.credit:
            piece.end, piece.net = entry.end_before, piece.net + entry.credit
            self.pieces.append(piece)
            self.recheck = True
        self.through[piece.segment.number] = entry.through_before

    def billed_through(self) -> date | None:
        """The day after the last billed one; None if nothing is billed."""
        return max((piece.end for piece in self.pieces), default=None)

    def _charges(self, charge: Charge, segment: Segment, target: date) -> Iterator[Stretch]:
        start = self.through.get(segment.number, segment.start)
        while start <= target and _open(segment, start):
            first, next_first = period_around(charge.anchor, charge.months, start)
            end = next_first if segment.end is None else min(next_first, segment.end)
            days = (next_first - first).days
            net = self._net(segment.amount, first, start, end, next_first)
            piece = Piece(segment, start, end, net, segment.amount, days)
            self.pieces.append(piece)
            yield Stretch(segment, start, end, net, Entry(self, piece, start, end))
            self.through[segment.number] = start = end

    def _net(self, full: int, first: date, start: date, end: date, next_first: date) -> int:
        if start == first and end == next_first:
            return full
        if end == next_first:
            # The last piece of a period takes what rounding left, if all of it was billed at one amount.
            before = [p for p in self.pieces if p.start >= first and p.end <= start and p.full == full]
            if sum((p.end - p.start).days for p in before) == (start - first).days:
                return full - sum(p.net for p in before)
        return share(full, (end - start).days, (next_first - first).days)

    def _credits(self, charge: Charge, target: date) -> Iterator[Stretch]:
        left: list[Piece] = []
        waiting = False
        for piece in self.pieces:
            keep = _kept(piece, charge)
            if keep >= piece.end:
                left.append(piece)
            elif keep > target:
                left.append(piece)
                waiting = True
            else:
                credit = piece.net
                if keep > piece.start:
                    credit = min(piece.net, share(piece.full, (piece.end - keep).days, piece.days))
                number = piece.segment.number
                entry = Entry(self, piece, self.through[number], piece.end, credit)
                if credit:
                    yield Stretch(piece.segment, keep, piece.end, -credit, entry)
                self.through[number] = min(self.through[number], keep)
                piece.net -= credit
                if keep > piece.start:
                    piece.end = keep
                    left.append(piece)
        self.pieces, self.recheck = left, waiting


def _open(segment: Segment, start: date) -> bool:
    return segment.end is None or start < segment.end


def _kept(piece: Piece, charge: Charge) -> date:
    """Up to where the piece is still owed: the end of its segment as it is now."""
    for segment in charge.segments:
        if segment.number == piece.segment.number:
            if segment.end is None or segment.end >= piece.end:
                return piece.end
            return max(piece.start, segment.end)
    return piece.start


class DueList:
    """Accounts and charges by the day on which they next have something to bill.

    Two heaps with lazy removal: a run pops only what is due, however long the history.
    """

    def __init__(self) -> None:
        self._accounts: list[tuple[date, str]] = []
        self._charges: dict[str, list[tuple[date, str]]] = {}

    def add(self, ledger: Ledger) -> None:
        """Enter a ledger under its present due date."""
        if ledger.due is not None:
            heappush(self._accounts, (ledger.due, ledger.account))
            heappush(self._charges.setdefault(ledger.account, []), (ledger.due, ledger.charge))

    def accounts(self, target: date) -> list[str]:
        """Ids of the accounts that may have something due; each once."""
        found: dict[str, None] = {}
        while self._accounts and self._accounts[0][0] <= target:
            found[heappop(self._accounts)[1]] = None
        return list(found)

    def charges(self, account: str, target: date) -> list[str]:
        """Numbers of the account's charges that may have something due; each once."""
        heap = self._charges.get(account)
        found: dict[str, None] = {}
        while heap and heap[0][0] <= target:
            found[heappop(heap)[1]] = None
        return list(found)

    def put_back(self, account: str) -> None:
        """Enter an account again whose charges were left for another run."""
        heap = self._charges.get(account)
        if heap:
            heappush(self._accounts, (heap[0][0], account))
