"""Credits, refunds and voids of a service: what reverses revenue, what comes off deferred, what goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.exact import whole
from core.finance.revenue.schedule import Rule, Slice, recognised_share, schedule


@dataclass(frozen=True, slots=True)
class Parted:
    """An amount taken back. recognised: to contra revenue (4900); unrecognised: off deferred (2100)."""

    recognised: Money
    unrecognised: Money


def part(amount: Money, share: Fraction, rule: Rule) -> Parted:
    """An amount by the share of its line that is recognised; the rest is what is left, so both add up.

    share: from 0 to 1, as `recognised_share` gives it; Held outside.
    """
    if not 0 <= share <= 1:
        raise Held(f"recognised share: {share} must lie between 0 and 1")
    back = Money(whole(amount.minor * share, rule.rounding), amount.currency)
    return Parted(back, amount - back)


def part_on(amount: Money, service: Period, on: date, rule: Rule) -> Parted:
    """The same for an amount taken back on a day, before that day's revenue."""
    return part(amount, recognised_share(service, on, rule.spread), rule)


def after_credit(price: Money, credit: Money, service: Period, on: date, rule: Rule) -> tuple[Slice, ...]:
    """The schedule when `credit` is taken back on `on`: earned as planned before, scaled down after.

    The slice of the month of `on` is cut in two. Held if more is credited than the price.
    """
    if credit.currency != price.currency or abs(credit.minor) > abs(price.minor):
        raise Held(f"credit: {credit} is more than the price {price}, or another currency")
    left = part_on(price, service, on, rule).unrecognised - part_on(credit, service, on, rule).unrecognised
    before = stopped(price, service, on, rule)
    rest = Period(max(on, service.start), service.end) if on < service.end else None
    return before + (schedule(left, rest, rule) if rest and left else ())


def stopped(price: Money, service: Period, on: date, rule: Rule) -> tuple[Slice, ...]:
    """What was earned before `on`, by month; the last month takes the rounding."""
    if on <= service.start:
        return ()
    done = part_on(price, service, on, rule).recognised
    return schedule(done, Period(service.start, min(on, service.end)), rule)
