"""What of a revenue plan has been earned by a day, and what of each month has still to be released."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from core.canonical.erp import Schedule
from core.canonical.money import Money
from core.finance.calendar import Period, add_months, last_day
from core.finance.exact import Rounding
from core.finance.revenue.schedule import Cents, Rule, recognised, schedule
from core.finance.revenue.spread import Spread

# Straight line by days, cut down to the minor unit; the last day brings the rest.
BY_DAYS = Rule(Spread.DAILY, Cents.CUMULATIVE, Rounding.DOWN)


def earned(plan: Schedule, until: date, rule: Rule = BY_DAYS) -> Money:
    """What of a plan belongs to the days up to and with `until`; at its end, all of it.

    A credit is the mirror of what it credits.
    """
    service, after = Period(plan.start, max(plan.start, plan.end)), until + timedelta(days=1)
    if rule.cents is Cents.CUMULATIVE or after >= service.end or after <= service.start:
        return recognised(plan.amount, service, after, rule)
    total = Money(0, plan.amount.currency)
    for part in schedule(plan.amount, service, rule):
        total += recognised(part.amount, part.days, after, replace(rule, spread=Spread.DAILY))
    return total


def unreleased(plan: Schedule, released: int, through: date, rule: Rule) -> list[tuple[date, Money]]:
    """By month (first day) to that of `through`: what was earned in it and is not among `released`.

    released: minor units so far, taken for the earliest months. More than was ever earned is taken back
    in the last month. The sum brings the plan to where it stands at the end of `through`'s month.
    """
    sign = -1 if plan.amount.minor < 0 else 1
    last, month = through.replace(day=1), min(plan.start.replace(day=1), through.replace(day=1))
    have, before, found = sign * released, 0, []
    while month <= last:
        now = sign * earned(plan, last_day(month), rule).minor
        share = now - have if month == last and have > now else now - min(max(have, before), now)
        if share:
            found.append((month, Money(sign * share, plan.amount.currency)))
        before, month = now, add_months(month, 1)
    return found
