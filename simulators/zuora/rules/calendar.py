"""Calendar arithmetic: terms and billing periods, safe at the end of a month; day counts by tenant rule."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from simulators.kit.clock import at

DAY = timedelta(days=1)
MONTH, WEEK, DAYS, ONCE, TERM = "Month", "Week", "Day", "Once", "Term"
# How a part of a month is counted (tenant rule): actual days over those of the month, days of months of
# thirty days ("Strict 30 / 360"), actual days over thirty ("Actual / 360").
ACTUAL, THIRTY, ACTUAL_THIRTY = "actual", "thirty", "actual_thirty"


def add_months(start: date, months: int, day: int = 0) -> date:
    """The same day `months` later, or that month's last day where it has no such day.

    day: the day wanted, where that of `start` was itself cut short by a short month."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(day or start.day, monthrange(year, month + 1)[1]))


def after(start: date, count: int, unit: str) -> date:
    """`count` units (Month, Year, Week, Day) after `start`; the end of a term is exclusive."""
    if unit == "Month":
        return add_months(start, count)
    if unit == "Year":
        return add_months(start, 12 * count)
    return start + timedelta(days=count * (7 if unit == "Week" else 1))


def period_around(anchor: date, months: int, on: date, day: int = 0) -> tuple[date, date]:
    """The billing period [start, end) that holds `on`; every start is counted from the anchor itself,
    so that an anchor on the 31st comes back to the 31st after February."""
    index = ((on.year - anchor.year) * 12 + on.month - anchor.month) // months
    start = add_months(anchor, index * months, day)
    while start > on:
        index -= 1
        start = add_months(anchor, index * months, day)
    end = add_months(anchor, (index + 1) * months, day)
    while end <= on:
        index += 1
        start, end = end, add_months(anchor, (index + 1) * months, day)
    return start, end


@dataclass(frozen=True, slots=True)
class Cycle:
    """How often a charge is billed: every `count` units, or Once, or once a Term."""

    count: int
    unit: str

    @property
    def months(self) -> int:
        """Length in months; 0 where it is no whole number of months."""
        return self.count if self.unit == MONTH else 0

    def around(self, anchor: date, on: date, day: int, whole: tuple[date, date | None]) -> tuple[date, date]:
        """The period that holds `on`. whole: the stretch that Once and Term mean."""
        if self.unit == MONTH:
            return period_around(anchor, self.count, on, day)
        if self.unit in (ONCE, TERM):
            start, end = whole
            return start, end or add_months(start, 12)
        length = self.count * (7 if self.unit == WEEK else 1)
        start = anchor + timedelta(days=(on - anchor).days // length * length)
        return start, start + timedelta(days=length)


def first_on(base: date, day: int) -> date:
    """The first date on or after `base` on that day of the month (31: the last one)."""
    here = add_months(base, 0, day)
    return here if here >= base else add_months(base, 1, day)


def first_weekday(base: date, weekday: int) -> date:
    """The first date on or after `base` on that day of the week, 0: Monday."""
    return base + timedelta(days=(weekday - base.weekday()) % 7)


def days_between(start: date, end: date, rule: str) -> int:
    """Length of [start, end) by the tenant's rule."""
    if rule == ACTUAL:
        return (end - start).days
    months = (end.year - start.year) * 12 + end.month - start.month
    return months * 30 + min(end.day, 30) - min(start.day, 30)


@lru_cache(maxsize=1 << 15)
def stamp(moment: int) -> str:
    """Microseconds as the vendor's `yyyy-mm-dd hh:mm:ss` (the tenant's time zone is UTC)."""
    return at(moment).strftime("%Y-%m-%d %H:%M:%S")
