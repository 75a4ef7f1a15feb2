"""Calendar arithmetic: terms and billing periods, safe at the end of a month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from simulators.kit.clock import at


def add_months(start: date, months: int) -> date:
    """The same day `months` later, or that month's last day where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def after(start: date, count: int, unit: str) -> date:
    """`count` units (Month, Year, Week, Day) after `start`; the end of a term is exclusive."""
    if unit == "Month":
        return add_months(start, count)
    if unit == "Year":
        return add_months(start, 12 * count)
    return start + timedelta(days=count * (7 if unit == "Week" else 1))


def period_around(anchor: date, months: int, day: date) -> tuple[date, date]:
    """The billing period [start, end) that holds `day`; every start is counted from the anchor itself,
    so that an anchor on the 31st comes back to the 31st after February."""
    index = ((day.year - anchor.year) * 12 + day.month - anchor.month) // months
    start = add_months(anchor, index * months)
    while start > day:
        index -= 1
        start = add_months(anchor, index * months)
    end = add_months(anchor, (index + 1) * months)
    while end <= day:
        index += 1
        start, end = end, add_months(anchor, (index + 1) * months)
    return start, end


def stamp(moment: int) -> str:
    """Microseconds as the vendor's `yyyy-mm-dd hh:mm:ss` (the tenant's time zone is UTC)."""
    return at(moment).strftime("%Y-%m-%d %H:%M:%S")
