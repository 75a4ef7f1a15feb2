"""The waterfall: what was billed in a month, and in which months it is earned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.finance.calendar import add_months


@dataclass(frozen=True, slots=True)
class Booked:
    """A schedule: its contract, the month in which it was booked, the amounts by month (first days)."""

    contract: str
    month: date
    amounts: tuple[tuple[date, int], ...]

    @property
    def total(self) -> int:
        """Minor units."""
        return sum(amount for _, amount in self.amounts)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: earned by month of the columns, and what lies before or after all of them."""

    name: str
    total: int
    months: tuple[int, ...]

    @property
    def remaining(self) -> int:
        """Not earned by the end of the last column."""
        return self.total - sum(self.months)


@dataclass(frozen=True, slots=True)
class Roll:
    """Deferred less contract asset of a month, in minor units: opening + booked - recognised = closing."""

    month: date
    opening: int
    booked: int
    recognised: int

    @property
    def closing(self) -> int:
        return self.opening + self.booked - self.recognised


def months_between(first: date, last: date) -> tuple[date, ...]:
    """First days of the months from that of `first` to that of `last`."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = add_months(month, 1)
    return tuple(found)


def by_contract(schedules: Iterable[Booked], months: Sequence[date]) -> list[Row]:
    """One row a contract, in order of its name."""
    return _rows(((booked.contract, booked) for booked in schedules), months)


def by_month(schedules: Iterable[Booked], months: Sequence[date]) -> list[Row]:
    """One row a month of booking."""
    return _rows(((f"{booked.month:%Y-%m}", booked) for booked in schedules), months)


def roll_forward(schedules: Sequence[Booked], months: Sequence[date]) -> list[Roll]:
    """Month by month; what was booked and earned before the first is its opening.

    A schedule that was booked after months of its service had passed earns them in the month of booking.
    """
    booked: defaultdict[date, int] = defaultdict(int)
    earned: defaultdict[date, int] = defaultdict(int)
    for each in schedules:
        booked[each.month] += each.total
        for month, amount in each.amounts:
            earned[month] += amount
    if not months:
        return []
    opening = sum(n for m, n in booked.items() if m < months[0])
    opening -= sum(n for m, n in earned.items() if m < months[0])
    rolls: list[Roll] = []
    for month in months:
        rolls.append(Roll(month, rolls[-1].closing if rolls else opening, booked[month], earned[month]))
    return rolls


def _rows(named: Iterable[tuple[str, Booked]], months: Sequence[date]) -> list[Row]:
    totals: defaultdict[str, int] = defaultdict(int)
    cells: defaultdict[tuple[str, date], int] = defaultdict(int)
    for name, booked in named:
        totals[name] += booked.total
        for month, amount in booked.amounts:
            # What was earned before the first column belongs to it: the columns are to date.
            cells[name, max(month, months[0]) if months else month] += amount
    return [
        Row(name, total, tuple(cells[name, month] for month in months))
        for name, total in sorted(totals.items())
    ]
