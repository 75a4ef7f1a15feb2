"""What has been billed of each charge, to the day; from it and the segments follows what is due.

In advance a stretch is due on its first day, in arrears on the day after its last. A credit is due on the
first day it gives back. Usage is due when the billing period that it falls in is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from simulators.zuora.rules.calendar import ONCE
from simulators.zuora.rules.catalogue import USAGE
from simulators.zuora.rules.contracts import Charge, Segment
from simulators.zuora.rules.metering import Reading, rate
from simulators.zuora.rules.prepaid import Draw
from simulators.zuora.rules.proration import USUAL, BillingRules, Grid, length, part

# What a usage record takes from prepaid funds.
Drawing = Callable[[Charge, Reading], tuple[Draw, ...]]


@dataclass(slots=True)
class Piece:
    """A billed stretch of one segment. net: what is billed of it and not credited since; full, days and
    grid: amount, length by the tenant's rule and dates of the whole billing period it lies in;
    offs: percentage discounts that were taken off it."""

    segment: Segment
    start: date
    end: date
    net: int
    full: int
    days: int
    grid: Grid
    offs: tuple[Any, ...] = ()


@dataclass(slots=True)
class Rated:
    """Usage of one billing period that is billed: up to where, how much, and for how many minor units."""

    end: date
    quantity: Decimal = Decimal(0)
    amount: int = 0


@dataclass(slots=True)
class Entry:
    """What one document line did to a ledger, so that a reversal can undo it. credit: 0 for a charge;
    readings: the usage that the line bills; draws: what of it prepaid funds covered."""

    ledger: Ledger
    piece: Piece
    through_before: date
    end_before: date
    credit: int = 0
    readings: tuple[Reading, ...] = ()
    draws: tuple[Draw, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line to bill: net is negative for a credit."""

    segment: Segment
    start: date
    end: date
    net: int
    entry: Entry
    quantity: Decimal = Decimal(0)


@dataclass(slots=True)
class Ledger:
    """The billing memory of one charge. through: first day not billed yet, by segment number;
    due: when there is next something to bill, None: never; recheck: a change may ask for credits;
    readings: usage not billed yet; rated: usage that is, by segment number and start of the period."""

    charge: str
    account: str
    rules: BillingRules = USUAL
    pieces: list[Piece] = field(default_factory=list)
    through: dict[int, date] = field(default_factory=dict)
    due: date | None = None
    recheck: bool = False
    readings: dict[str, Reading] = field(default_factory=dict)
    rated: dict[tuple[int, date], Rated] = field(default_factory=dict)

    def copy(self) -> Ledger:
        """A ledger to try things on: taking from it changes nothing here."""
        fresh = replace(self, through=dict(self.through), readings=dict(self.readings))
        fresh.pieces = [replace(piece) for piece in self.pieces]
        fresh.rated = {key: replace(each) for key, each in self.rated.items()}
        return fresh

    def refresh(self, charge: Charge) -> None:
        """Work out anew when something is due."""
        if charge.source.kind == USAGE:
            self.due = min((end for _, _, end, _ in self._periods(charge)), default=None)
            return
        dates = [day for segment in charge.segments if (day := self._next(charge, segment)) is not None]
        if self.recheck:
            dates += [keep for piece in self.pieces if (keep := _kept(piece, charge)) < piece.end]
        self.due = min(dates, default=None)

    def _next(self, charge: Charge, segment: Segment) -> date | None:
        start = self.through.get(segment.number, segment.start)
        if not _open(segment, start) or (charge.source.discount and charge.source.discount.percent):
            return None
        return self._end(charge, segment, start) if charge.arrears else start

    def _end(self, charge: Charge, segment: Segment, start: date) -> date:
        _, end = _period(charge, segment, start)
        return end if segment.end is None else min(end, segment.end)

    def take(
        self, charge: Charge, target: date, currency: str = "", drawing: Drawing | None = None
    ) -> list[Stretch]:
        """Everything due on or before `target`, now regarded as billed. drawing: from prepaid funds."""
        if charge.source.kind == USAGE:
            lines = list(self._usage(charge, target, currency, drawing))
        else:
            lines = list(self._credits(charge, target)) if self.recheck else []
            for segment in charge.segments:
                lines += self._charges(charge, segment, target)
        self.refresh(charge)
        return lines

    def undo(self, entry: Entry) -> None:
        """Take back what a line did; the caller sees to it that nothing was billed on top of it."""
        piece = entry.piece
        if entry.readings:
            done = self.rated[piece.segment.number, piece.start]
            done.amount -= piece.net
            for reading in entry.readings:
                done.quantity -= reading.quantity
                reading.status = "Pending"
                self.readings[reading.id] = reading
            for draw in entry.draws:
                done.quantity += draw.covered
                draw.undo()
            return
        self.pieces = [other for other in self.pieces if other is not piece]
        if entry.credit:
            piece.end, piece.net = entry.end_before, piece.net + entry.credit
            self.pieces.append(piece)
            self.recheck = True
        self.through[piece.segment.number] = entry.through_before

    def billed_through(self) -> date | None:
        """The day after the last billed one; None if nothing is billed."""
        ends = [piece.end for piece in self.pieces] + [done.end for done in self.rated.values()]
        return max(ends, default=None)

    def _charges(self, charge: Charge, segment: Segment, target: date) -> Iterator[Stretch]:
        while (due := self._next(charge, segment)) is not None and due <= target:
            start = self.through.get(segment.number, segment.start)
            first, next_first = _period(charge, segment, start)
            end = next_first if segment.end is None else min(next_first, segment.end)
            grid = Grid(first, next_first, charge.cycle.months)
            net = self._net(segment.amount, start, end, grid)
            days = length(first, next_first, grid.months, self.rules)
            piece = Piece(segment, start, end, net, segment.amount, days, grid)
            self.pieces.append(piece)
            yield Stretch(segment, start, end, net, Entry(self, piece, start, end), segment.quantity)
            self.through[segment.number] = end

    def _net(self, full: int, start: date, end: date, grid: Grid) -> int:
        if end == grid.last and start != grid.first:
            # The last piece of a period takes what rounding left, if all of it was billed at one amount.
            before = [p for p in self.pieces if p.start >= grid.first and p.end <= start and p.full == full]
            if before and sum((p.end - p.start).days for p in before) == (start - grid.first).days:
                return full - sum(p.net for p in before)
        return part(full, start, end, grid, self.rules)

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
                    back = part(piece.full, keep, piece.end, piece.grid, self.rules, credit=True)
                    credit = min(piece.net, back)
                number = piece.segment.number
                entry = Entry(self, piece, self.through[number], piece.end, credit)
                if credit:
                    yield Stretch(piece.segment, keep, piece.end, -credit, entry, piece.segment.quantity)
                self.through[number] = min(self.through[number], keep)
                piece.net -= credit
                if keep > piece.start:
                    piece.end = keep
                    left.append(piece)
        self.pieces, self.recheck = left, waiting

    def _periods(self, charge: Charge) -> Iterator[tuple[Segment, date, date, Reading]]:
        """Usage not billed yet with the segment and the part of a billing period that it falls in."""
        for reading in self.readings.values():
            for segment in charge.segments:
                if segment.holds(reading.on):
                    first, end = _period(charge, segment, reading.on)
                    last = end if segment.end is None else min(end, segment.end)
                    yield segment, max(first, segment.start), last, reading

    def _usage(
        self, charge: Charge, target: date, currency: str, drawing: Drawing | None
    ) -> Iterator[Stretch]:
        groups: dict[tuple[int, date], tuple[Segment, date, list[Reading]]] = {}
        for segment, start, end, reading in self._periods(charge):
            if end <= target:
                groups.setdefault((segment.number, start), (segment, end, []))[2].append(reading)
        for (number, start), (segment, end, readings) in sorted(groups.items()):
            done = self.rated.setdefault((number, start), Rated(end))
            done_so_far = (done.quantity, done.amount)
            mode = self.rules.rounding
            readings.sort(key=lambda reading: (reading.on, reading.seq))
            draws = tuple(draw for r in readings for draw in (drawing(charge, r) if drawing else ()))
            beyond = _beyond(readings, draws)
            net, quantity = rate(charge.source, segment.pricing, beyond, done_so_far, currency, mode)
            done.quantity, done.amount = done.quantity + quantity, done.amount + net
            quantity += sum((draw.covered for draw in draws), Decimal(0))
            for reading in readings:
                self.readings.pop(reading.id, None)
            piece = Piece(segment, start, end, net, net, 1, Grid(start, end, 0))
            entry = Entry(self, piece, start, end, readings=tuple(readings), draws=draws)
            yield Stretch(segment, start, end, net, entry, quantity)


def _beyond(readings: list[Reading], draws: tuple[Draw, ...]) -> list[Reading]:
    """The usage that prepaid funds did not cover."""
    if not draws:
        return readings
    covered: dict[str, Decimal] = {}
    for draw in draws:
        covered[draw.reading] = covered.get(draw.reading, Decimal(0)) + draw.covered
    return [replace(r, quantity=r.quantity - covered.get(r.id, Decimal(0))) for r in readings]


def _period(charge: Charge, segment: Segment, on: date) -> tuple[date, date]:
    if charge.cycle.unit == ONCE:
        return segment.start, segment.end or segment.start
    return charge.period(on)


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
