"""Rating and spreading done a second time, for controls: on purpose not with the code that did it first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from core.close.rows.billing import Tier
from core.close.rows.revenue import Spread


def half_up(amount: Fraction) -> int:
    """To the nearest whole number, halves away from nothing."""
    size = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return -size if amount < 0 else size


def rate(quantity: Fraction, tiers: Sequence[Tier], mode: str) -> Fraction:
    """Price of a quantity in major units. volume: all of it at the price of the tier it ends in; graduated:
    each unit at its own tier's. A tier ends with its `up_to`, that unit included."""
    price, below = Fraction(0), Fraction(0)
    if quantity <= 0:
        return price
    for tier in tiers:
        last = tier.up_to is None or quantity <= tier.up_to
        if mode == "volume":
            if last:
                return quantity * tier.unit + tier.flat
            continue
        upto = quantity if last or tier.up_to is None else tier.up_to
        price += (upto - below) * tier.unit + tier.flat
        if last:
            return price
        below = upto
    return price


def spread(minor: int, start: date, end: date, way: Spread) -> dict[str, int]:
    """Minor units by month "2026-01" over [start, end); the months add up to all of it."""
    months = _months(start, end)
    if not months:
        return {start.isoformat()[:7]: minor}
    days = (end - start).days
    found: dict[str, int] = {}
    gone = 0
    for name, count in months[:-1]:
        if way is Spread.MONTHS_EVEN:
            part = half_up(Fraction(minor, len(months)))
        elif way is Spread.DAILY_NEAREST:
            part = half_up(Fraction(minor * count, days))
        else:
            upto = sum(days_of for month, days_of in months if month <= name)
            # A credit is the mirror of what it credits.
            part = (1 if minor >= 0 else -1) * (abs(minor) * upto // days) - gone
        found[name] = part
        gone += part
    found[months[-1][0]] = minor - gone
    return found


def _months(start: date, end: date) -> list[tuple[str, int]]:
    """(month, its days within [start, end))."""
    found: list[tuple[str, int]] = []
    day = start
    while day < end:
        after = min((day.replace(day=1) + timedelta(days=32)).replace(day=1), end)
        found.append((day.isoformat()[:7], (after - day).days))
        day = after
    return found


def business_days_after(day: date, count: int) -> date:
    """The day so many weekdays on; holidays of banks are not known here."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
