"""Economic nexus: whether a seller's activity in a state makes it register, by dated thresholds as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.calendar import Period, add_months


class Rule(StrEnum):
    """Which of a state's two thresholds decide."""

    SALES = "sales"
    TRANSACTIONS = "transactions"
    AND = "and"
    OR = "or"


class Reach(StrEnum):
    """Whether a threshold must be passed or only reached."""

    EXCEEDED = "exceeded"
    MET = "met"


class Measure(StrEnum):
    """Over which days activity counts."""

    CALENDAR_YEAR = "calendar_year"  # the current one
    PREVIOUS_YEAR = "previous_year"
    PREVIOUS_OR_CURRENT = "previous_or_current"  # either year by itself
    TWELVE_MONTHS = "twelve_months"  # the twelve months before the day


class Taxability(StrEnum):
    """Whether the product is taxed in the state; apart from the duty to register."""

    TAXABLE = "taxable"
    PARTLY = "partly"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One state's rule from a day on. sales: minor units; transactions: a count; None is no such test."""

    state: str
    sales: Fraction | None
    transactions: int | None
    test: Rule
    reach: Reach = Reach.EXCEEDED
    measure: Measure = Measure.PREVIOUS_OR_CURRENT
    since: date = date.min
    last: date = date.max


@dataclass(frozen=True, slots=True)
class Activity:
    """Of one seller in one state over the days that count; sales in minor units."""

    sales: Fraction
    transactions: int


@dataclass(frozen=True, slots=True)
class Sale:
    """One invoice of a seller into a state, in minor units without tax."""

    day: date
    amount: Fraction


def has_nexus(threshold: Threshold, activity: Activity) -> bool:
    """Whether activity over one measuring period makes the seller register."""
    sales = _reached(activity.sales, threshold.sales, threshold.reach)
    transactions = _reached(Fraction(activity.transactions), threshold.transactions, threshold.reach)
    if threshold.test is Rule.SALES:
        return _known(sales, threshold, "sales")
    if threshold.test is Rule.TRANSACTIONS:
        return _known(transactions, threshold, "transactions")
    both = [each for each in (sales, transactions) if each is not None]
    if threshold.test is Rule.AND:
        return _known(sales, threshold, "sales") and _known(transactions, threshold, "transactions")
    if not both:
        raise Held(f"threshold: {threshold.state} has none; give sales or transactions", owner="tax")
    return any(both)


def threshold_on(rules: Sequence[Threshold], state: str, day: date) -> Threshold:
    """The state's rule of that day; Held for a state or a day without one."""
    found = [rule for rule in rules if rule.state == state and rule.since <= day <= rule.last]
    if not found:
        raise Held(f"state: no nexus threshold is known for {state!r} on {day}; add one", owner="tax")
    return max(found, key=lambda rule: rule.since)


def nexus_on(rules: Sequence[Threshold], state: str, sales: Sequence[Sale], day: date) -> bool:
    """Whether the sales up to and with that day make the seller register, over the rule's period."""
    rule = threshold_on(rules, state, day)
    return any(has_nexus(rule, _within(sales, period)) for period in _periods(rule.measure, day))


def nexus_since(rules: Sequence[Threshold], state: str, sales: Sequence[Sale]) -> date | None:
    """The day of the sale that first made the seller register; None where none did."""
    ordered = sorted(sales, key=lambda sale: sale.day)
    return next((sale.day for sale in ordered if nexus_on(rules, state, ordered, sale.day)), None)


def collects(nexus: bool, taxability: Taxability, registered: bool = True) -> bool:
    """Whether tax is put on the whole invoice: with nexus, registered, and where the product is taxed.

    A product taxed in part is not taxed as a whole; its taxable lines carry a code of their own.
    """
    return nexus and registered and taxability is Taxability.TAXABLE


def taxability_of(table: Mapping[str, Taxability], state: str) -> Taxability:
    """Held where nobody has said whether the product is taxed there."""
    if state not in table:
        raise Held(f"state: whether the product is taxed in {state!r} is not known; say so", owner="tax")
    return table[state]


def _reached(amount: Fraction, threshold: Fraction | int | None, reach: Reach) -> bool | None:
    if threshold is None:
        return None
    return amount > threshold if reach is Reach.EXCEEDED else amount >= threshold


def _known(answer: bool | None, threshold: Threshold, field: str) -> bool:
    if answer is None:
        raise Held(f"{field}: {threshold.state} decides by it and has no figure; give one", owner="tax")
    return answer


def _periods(measure: Measure, day: date) -> list[Period]:
    after = day + timedelta(days=1)
    current = Period(date(day.year, 1, 1), after)
    previous = Period(date(day.year - 1, 1, 1), date(day.year, 1, 1))
    return {
        Measure.CALENDAR_YEAR: [current],
        Measure.PREVIOUS_YEAR: [previous],
        Measure.PREVIOUS_OR_CURRENT: [previous, current],
        Measure.TWELVE_MONTHS: [Period(add_months(after, -12), after)],
    }[measure]


def _within(sales: Sequence[Sale], period: Period) -> Activity:
    inside = [sale for sale in sales if period.start <= sale.day < period.end]
    return Activity(sum((sale.amount for sale in inside), Fraction(0)), len(inside))
