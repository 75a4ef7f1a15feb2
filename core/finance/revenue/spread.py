"""How the price of a service is spread over the calendar months that it touches."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.calendar import Period, add_months, last_day


class Spread(StrEnum):
    """Revenue granularity: what share of a service each month is."""

    DAILY = "daily"  # days of the month / days of the service
    MILLISECOND = "millisecond"  # the same with instants
    FULL_MONTHS = "full_months"  # both ends moved to the first of their month, every month alike (Odoo)
    MONTHS_PRORATED = "months_prorated_ends"  # a month is 1, one that is cut is its days / its length
    MONTHS_30 = "months_30"  # months of 30 days, the last of a month is its 30th (Odoo "months")
    MONTHS_TENTHS = "months_tenths"  # months counted to a tenth, the last takes the rest (ERPNext "Months")
    HALF_MONTHS = "half_months"  # a month that is cut is a half
    EVEN_BETWEEN = "even_between"  # ends by their days, the months between alike, cut down (Stripe)


# A calendar month's part of the service, and its share of the price; the shares add up to 1.
Share = tuple[Period, Fraction]


def months_of(service: Period) -> list[Period]:
    """The service cut at the first of each month; one without days stays as it is."""
    if not service.days:
        return [service]
    cut: list[Period] = []
    day = service.start
    while day < service.end:
        following = add_months(day.replace(day=1), 1)
        cut.append(Period(day, min(following, service.end)))
        day = following
    return cut


def shares(service: Period, spread: Spread) -> list[Share]:
    """What each month is worth; a service without days is earned at its start.

    Held for MILLISECOND, which needs instants: see shares_between.
    """
    if spread is Spread.MILLISECOND:
        return shares_between(_midnight(service.start), _midnight(service.end), spread)
    parts = months_of(service)
    if not service.days:
        return [(parts[0], Fraction(1))]
    if spread is Spread.EVEN_BETWEEN:
        return _even_between(parts, [Fraction(part.days, service.days) for part in parts])
    if spread is Spread.MONTHS_TENTHS:
        return _tenths(service, parts)
    weights = [_weight(part, service, spread) for part in parts]
    if not any(weights):
        weights[0] = Fraction(1)
    return [(part, weight / sum(weights)) for part, weight in zip(parts, weights, strict=True)]


def shares_between(start: datetime, end: datetime, spread: Spread) -> list[Share]:
    """The same for a service that begins and ends within a day, [start, end).

    All spreads but MILLISECOND and EVEN_BETWEEN look at the days only.
    """
    if end < start:
        raise Held(f"service: it ends at {end}, before it starts at {start}", owner="billing operations")
    days = Period(start.date(), end.date())
    if spread not in (Spread.MILLISECOND, Spread.EVEN_BETWEEN) or start == end:
        return shares(days, spread if spread is not Spread.MILLISECOND else Spread.DAILY)
    through = days if end == _midnight(days.end, end) else Period(days.start, days.end + timedelta(days=1))
    parts = months_of(through)
    whole = _milliseconds(end - start)
    worth = [
        Fraction(
            _milliseconds(min(_midnight(part.end, end), end) - max(_midnight(part.start, start), start)),
            whole,
        )
        for part in parts
    ]
    if spread is Spread.EVEN_BETWEEN:
        return _even_between(parts, worth)
    return list(zip(parts, worth, strict=True))


def _weight(part: Period, service: Period, spread: Spread) -> Fraction:
    whole_month = part.start.day == 1 and part.end.day == 1
    if spread is Spread.DAILY:
        return Fraction(part.days)
    if spread is Spread.FULL_MONTHS:
        return Fraction(1 if part.start < service.end.replace(day=1) else 0)
    if spread is Spread.MONTHS_PRORATED:
        return Fraction(part.days, last_day(part.start).day)
    if spread is Spread.MONTHS_30:
        return Fraction(_days_of_30(part), 30)
    return Fraction(1) if whole_month else Fraction(1, 2)


def _days_of_30(part: Period) -> int:
    start, end = (30 if day == last_day(day) else day.day for day in (part.start, part.end))
    months = (part.end.year - part.start.year) * 12 + part.end.month - part.start.month
    return months * 30 + end - start


def _tenths(service: Period, parts: list[Period]) -> list[Share]:
    last = service.end - timedelta(days=1)
    calendar = Period(service.start.replace(day=1), last_day(last))
    count = Fraction(len(parts) * (last - service.start).days, calendar.days or 1)
    months = Fraction(_half_up_tenths(count), 10)
    if not months:
        return [(parts[0], Fraction(1)), *((part, Fraction(0)) for part in parts[1:])]
    left, found = Fraction(1), []
    for part in parts[:-1]:
        through = part.end - timedelta(days=1)
        run = Fraction((through - part.start).days, last_day(part.start).day - 1)
        share = min(Fraction(_half_up_tenths(run), 10) / months, left)
        found.append((part, share))
        left -= share
    return [*found, (parts[-1], left)]


def _half_up_tenths(count: Fraction) -> int:
    return int(count * 10 + Fraction(1, 2))


def _even_between(parts: list[Period], worth: list[Fraction]) -> list[Share]:
    if len(parts) > 2:
        even = (1 - worth[0] - worth[-1]) / (len(parts) - 2)
        worth = [worth[0], *([even] * (len(parts) - 2)), worth[-1]]
    return list(zip(parts, worth, strict=True))


def _midnight(day: date, like: datetime | None = None) -> datetime:
    return datetime.combine(day, time(), tzinfo=like.tzinfo if like else UTC)


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
