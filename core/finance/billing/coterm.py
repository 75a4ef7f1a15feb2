"""Co-terming: how many periods lie between a start and the end that all lines share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.billing.convention import BillingConvention
from core.finance.billing.share import enclosing, months_of_thirty, rounded_share
from core.finance.calendar import DayCount, Period, add_months, thirty
from core.finance.exact import to_money


class Fragment(StrEnum):
    """What days that make no whole month are worth.

    Sources: Salesforce help (pricing_monthly_proration_examples, cpq_subscriptions_prorate_precision_1).
    """

    START_MONTH = "start_month"  # days / days of the calendar month they begin in
    PERIOD = "period"  # days / days of the billing period around them
    THIRTY = "thirty"  # days of 30-day months / 30
    YEAR = "year"  # days x 12 / 365: monthly plus daily
    FULL = "full"  # a begun month counts as a month
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Months of price. first, last: fragments before and after the whole months, as shares of a month."""

    first: Fraction
    months: int
    last: Fraction
    first_days: Period
    last_days: Period

    @property
    def total(self) -> Fraction:
        """What the monthly price is multiplied with."""
        return self.first + self.months + self.last


def months_and_days(term: Period, fragment: Fragment, anchor: int = 0) -> Multiplier:
    """Whole months of a term and its fragments.

    anchor 0: months count from the first day of the term, the fragment comes last; 1 to 31: months begin
    on that day, and what is before the first of them is a fragment too.
    """
    first = add_months(term.start, 0, anchor) if anchor else term.start
    if first < term.start:
        first = add_months(first, 1, anchor)
    if first >= term.end:
        none = Period(term.end, term.end)
        return Multiplier(worth(term, fragment, anchor), 0, Fraction(0), term, none)
    meant, months = anchor or term.start.day, 0
    while add_months(first, months + 1, meant) <= term.end:
        months += 1
    head, tail = Period(term.start, first), Period(add_months(first, months, meant), term.end)
    return Multiplier(worth(head, fragment, meant), months, worth(tail, fragment, meant), head, tail)


def worth(days: Period, fragment: Fragment, anchor: int) -> Fraction:
    """What share of a month some days are; nothing for none."""
    if not days.days or fragment is Fragment.FREE:
        return Fraction(0)
    if fragment is Fragment.FULL:
        return Fraction(1)
    if fragment is Fragment.THIRTY:
        return Fraction(months_of_thirty(days), 30)
    if fragment is Fragment.YEAR:
        return Fraction(days.days * 12, 365)
    if fragment is Fragment.PERIOD:
        of = enclosing(days.start, add_months(days.start, 0, anchor), 1, anchor)
    else:
        of = enclosing(days.start, days.start.replace(day=1), 1)
    return Fraction(days.days, of.days)


def by_days(term: Period, year: DayCount = DayCount.ACTUAL_365) -> Fraction:
    """Years of price by days alone: 830 days are 830/365 years. Held for a count without a fixed year."""
    if year is DayCount.THIRTY_360:
        return Fraction(thirty(term), 360)
    if year not in (DayCount.ACTUAL_360, DayCount.ACTUAL_365):
        raise Held(f"day_count: {year} has no year of fixed length; use actual/365 or actual/360")
    return Fraction(term.days, 360 if year is DayCount.ACTUAL_360 else 365)


def by_anniversaries(term: Period, months: int = 12, anchor: date | None = None) -> Fraction:
    """Periods of price, each fragment over the actual days of the period it lies in (leap years count)."""
    first = anchor or term.start
    of = enclosing(term.start, first, months)
    total = Fraction(0)
    while of.start < term.end:
        both = of.overlap(term)
        if both is not None:
            total += Fraction(both.days, of.days)
        of = enclosing(of.end, first, months)
    return total


def cost(price: Fraction, multiplier: Fraction, convention: BillingConvention, currency: str) -> Money:
    """The price of so many periods, the multiplier rounded as the convention stores."""
    exact = price * rounded_share(multiplier, convention)
    return to_money(exact, currency, convention.rounding)
