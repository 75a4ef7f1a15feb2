"""What share of a period's price some days or hours of it are, under a day count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.billing.convention import BillingConvention, ChangeDay, EndDate
from core.finance.calendar import DayCount, Period, add_months, thirty
from core.finance.exact import Rounding, whole

_YEARS = {DayCount.ACTUAL_360: 360, DayCount.ACTUAL_365: 365}
_UNITS = {DayCount.SECONDS: timedelta(seconds=1), DayCount.MINUTES: timedelta(minutes=1)}


def share(part: Period, of: Period, months: int, convention: BillingConvention) -> Fraction:
    """What share of the price of `of`, a period of so many months, the days of `part` are.

    All days of a period are its whole price under every day count, and no part of it is more (31 days
    over 30, say); `part` has to lie in `of`.
    """
    if part.days and part.overlap(of) != part:
        raise Held(f"part: {part.start} to {part.end} is not inside {of.start} to {of.end}")
    if part == of:
        return Fraction(1) if part.days else Fraction(0)
    exact = Fraction(counted(part, convention), basis(of, months, convention))
    return rounded_share(min(exact, Fraction(1)), convention)


def counted(part: Period, convention: BillingConvention) -> int:
    """How many days the day count sees in a stretch."""
    if convention.day_count is DayCount.FIXED_30:
        return months_of_thirty(part)
    return thirty(part) if convention.day_count is DayCount.THIRTY_360 else part.days


def months_of_thirty(part: Period) -> int:
    """Days when every month counts 30 whatever its length and dates keep their number.

    15 to 31 May are 16, 31 May to 15 June 14: the month as a whole is right (Kill Bill's fixed proration).
    """
    start, end = part.start, part.end
    return ((end.year - start.year) * 12 + end.month - start.month) * 30 + end.day - start.day


def basis(of: Period, months: int, convention: BillingConvention) -> Fraction:
    """How many days the day count holds a period of so many months to have."""
    if convention.day_count in (DayCount.FIXED_30, DayCount.THIRTY_360):
        return Fraction(30 * months)
    if year := _YEARS.get(convention.day_count):
        return Fraction(year * months, 12)
    if not of.days:
        raise Held(f"period: {of.start} to {of.end} has no days, so nothing can be prorated over it")
    return Fraction(of.days)


def share_of_time(start: datetime, end: datetime, of: tuple[datetime, datetime], count: DayCount) -> Fraction:
    """The same by the second or minute; a begun unit does not count. Held for mixed or missing units.

    All moments carry the same kind of zone: hours that a clock change takes or gives do count.
    """
    unit = _UNITS.get(count)
    if unit is None:
        raise Held(f"day_count: {count} does not count hours; use seconds or minutes")
    if not of[0] <= start <= end <= of[1] or of[0] == of[1]:
        raise Held(f"part: {start} to {end} is not inside {of[0]} to {of[1]}")
    return Fraction((end - start) // unit, (of[1] - of[0]) // unit)


def rounded_share(exact: Fraction, convention: BillingConvention) -> Fraction:
    """The share as it is multiplied: exact, or to the decimals the convention stores."""
    if convention.share_digits is None:
        return exact
    return Fraction(whole(exact * 10**convention.share_digits, Rounding.HALF_UP), 10**convention.share_digits)


def stretch(start: date, end: date, convention: BillingConvention) -> Period:
    """A written stretch as half-open days."""
    inclusive = convention.end_date is EndDate.INCLUSIVE
    return Period(start, end + timedelta(days=1) if inclusive else end)


def first_new_day(at: date, convention: BillingConvention) -> date:
    """The first day that belongs to the new plan (or to nobody, after a cancellation) for a change `at`."""
    return at + timedelta(days=1) if convention.change_day is ChangeDay.OLD_PLAN else at


def enclosing(day: date, first: date, months: int, anchor: int = 0) -> Period:
    """The whole billing period around a day, counted from `first` in both directions.

    anchor: the day of the month that is meant, 0 for that of `first`; a stub before `first` lies in the
    period that would have ended there.
    """
    if months < 1:
        raise Held(f"months: {months} must be 1 or more", owner="billing operations")
    meant = anchor or first.day
    number = ((day.year - first.year) * 12 + day.month - first.month) // months
    while add_months(first, number * months, meant) > day:
        number -= 1
    while add_months(first, (number + 1) * months, meant) <= day:
        number += 1
    return Period(add_months(first, number * months, meant), add_months(first, (number + 1) * months, meant))
