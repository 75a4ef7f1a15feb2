"""Dates of contracts: months with their anchor, billing periods, day counts. Periods are half-open."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held


class DayCount(StrEnum):
    """How much of a period a stretch of days is."""

    ACTUAL = "actual"  # days / days of the period
    FIXED_30 = "fixed_30"  # 30-day months, each date counted as day of its month: days / 30
    THIRTY_360 = "30/360"  # European rule, 30E/360: days / 360 of a year
    ACTUAL_360 = "actual/360"
    ACTUAL_365 = "actual/365"
    MINUTES = "minutes"  # minutes / minutes of the period; of whole days the same as ACTUAL
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Held(f"period: it ends on {self.end}, before it starts on {self.start}")

    @property
    def days(self) -> int:
        """Actual days."""
        return (self.end - self.start).days

    def overlap(self, other: Period) -> Period | None:
        """The days that are in both, if any."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None


def add_months(day: date, months: int, anchor: int = 0) -> date:
    """The same day so many months on, or the month's last where it has no such day.

    anchor: the day of the month that is meant (31 goes 31 Jan, 28 Feb, 31 Mar); 0 takes that of `day`.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(anchor or day.day, monthrange(year, month + 1)[1]))


def periods(start: date, end: date, months: int, anchor: int = 0) -> Iterator[Period]:
    """Billing periods of so many months that cover [start, end).

    anchor 0 counts from the day of `start` (anniversary); 1 to 31 is a bill cycle day, and what is
    before the first is a stub. The last period is cut at `end`.
    """
    if months < 1:
        raise Held(f"months: {months} must be 1 or more", owner="billing operations")
    first = start
    if anchor:
        first = add_months(start, 0, anchor)
        if first < start:
            first = add_months(start, 1, anchor)
        if first > start:
            yield Period(start, min(first, end))
    number = 0
    day = anchor or start.day
    while (begin := add_months(first, number * months, day)) < end:
        yield Period(begin, min(add_months(first, (number + 1) * months, day), end))
        number += 1


def elapsed(part: Period, whole: Period, count: DayCount) -> Fraction:
    """What share of the price of `whole` the days of `part` are, under a day count."""
    if count in (DayCount.ACTUAL, DayCount.MINUTES, DayCount.SECONDS):
        return Fraction(part.days, _some(whole.days))
    if count is DayCount.FIXED_30:
        return Fraction(thirty(part), _some(thirty(whole)))
    if count is DayCount.THIRTY_360:
        return Fraction(thirty(part), 360)
    return Fraction(part.days, 360 if count is DayCount.ACTUAL_360 else 365)


def thirty(part: Period) -> int:
    """Days when every month has 30; the 31st counts as the 30th."""
    start, end = part.start, part.end
    months = (end.year - start.year) * 12 + end.month - start.month
    return months * 30 + min(end.day, 30) - min(start.day, 30)


def last_day(day: date) -> date:
    """Of the month of `day`."""
    return add_months(day.replace(day=1), 1) - timedelta(days=1)


def _some(days: int) -> int:
    if days <= 0:
        raise Held("period: it has no days, so nothing can be prorated over it", owner="billing operations")
    return days
