"""Ramps: a subscription's term split into intervals, and what its charges are worth in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from simulators.zuora.rules.calendar import DAY, add_months
from simulators.zuora.rules.catalogue import ONE_TIME, RECURRING
from simulators.zuora.rules.contracts import Charge, Interval, Ramp, Segment, Subscription
from simulators.zuora.rules.order import RampWish
from simulators.zuora.rules.proration import BillingRules, Grid, part, scaled
from simulators.zuora.rules.refusal import INVALID, MISSING, RULE, Refused, not_found
from simulators.zuora.rules.state import State


@dataclass(frozen=True, slots=True)
class Worth:
    """One segment of a charge in one interval, [start, end). mrr: minor units a month, as charged in full;
    tcv: contract value by actual days; tcb: what is billed under the tenant's rules."""

    charge: Charge
    start: date
    end: date
    quantity: Decimal
    mrr: int
    tcv: int
    tcb: int


def define(state: State, draft: Subscription, wish: RampWish, tokens: Mapping[str, str]) -> Ramp | None:
    """The ramp of the subscription as it is to be; None where it is taken away.

    Refused unless the intervals follow one another without a gap and fill the present term (unconfirmed).
    """
    if wish.delete:
        return None
    if draft.term_end is None:
        raise Refused(RULE, f"Subscription {draft.number} is evergreen and cannot have a ramp.", "ramp")
    if not wish.intervals:
        raise Refused(MISSING, "'intervals' is required.", "intervals")
    _in_line(wish.intervals, draft)
    known = {charge.number for charge in draft.charges}
    charges = tuple(tokens.get(key, key) for key in wish.charges)
    for number in charges:
        if number not in known:
            raise Refused(INVALID, f"Subscription {draft.number} has no charge {number}.", "charges")
    before = draft.ramp
    number = before.number if before else state.new_number("ramp")
    key = before.id if before else state.new_id()
    return Ramp(key, number, wish.name, wish.description, wish.intervals, charges)


def _in_line(intervals: Sequence[Interval], draft: Subscription) -> None:
    for each in intervals:
        if each.end < each.start:
            raise Refused(INVALID, f"The interval ends on {each.end}, before it starts.", "endDate")
    for one, two in pairwise(intervals):
        if one.end + DAY != two.start:
            message = f"The interval that starts on {two.start} does not follow the one to {one.end}."
            raise Refused(INVALID, message, "startDate")
    first, last = intervals[0].start, intervals[-1].end + DAY
    if first > draft.term_start or draft.term_end is None or last < draft.term_end:
        message = f"The intervals do not cover the term of subscription {draft.number}."
        raise Refused(INVALID, message, "intervals")


def find(state: State, number: str) -> tuple[Subscription, Ramp]:
    """The latest version of the subscription that has the ramp; Refused if there is none."""
    sold = state.subscriptions.get(state.ramps.get(number, ""))
    if sold is None or sold.ramp is None or sold.ramp.number != number:
        raise not_found("ramp", number)
    return sold, sold.ramp


def members(sold: Subscription, ramp: Ramp) -> list[Charge]:
    """The charges of a ramp; all of the subscription where it names none."""
    return [charge for charge in sold.charges if not ramp.charges or charge.number in ramp.charges]


def worths(charge: Charge, interval: Interval, rules: BillingRules) -> Iterator[Worth]:
    """What the segments of a charge are worth in an interval; usage is worth nothing beforehand."""
    for segment in charge.segments:
        start = max(segment.start, interval.start)
        end = min(segment.end or interval.end + DAY, interval.end + DAY)
        if start >= end:
            continue
        if charge.source.kind == ONE_TIME:
            yield Worth(charge, start, end, segment.quantity, 0, segment.amount, segment.amount)
        elif charge.source.kind == RECURRING and charge.cycle.months:
            times = _months(start, end)
            tcv = scaled(
                segment.amount * times.numerator, 1, charge.cycle.months * times.denominator, rules.rounding
            )
            mrr = scaled(segment.amount, 1, charge.cycle.months, rules.rounding)
            tcb = _billed(charge, segment, start, end, rules)
            yield Worth(charge, start, end, segment.quantity, mrr, tcv, tcb)


def _months(start: date, end: date) -> Fraction:
    """Whole months, then days over those of the month they lie in: contract value knows no other rule."""
    whole = 0
    while add_months(start, whole + 1) <= end:
        whole += 1
    near, far = add_months(start, whole), add_months(start, whole + 1)
    return whole + Fraction((end - near).days, (far - near).days)


def _billed(charge: Charge, segment: Segment, start: date, end: date, rules: BillingRules) -> int:
    total = 0
    while start < end:
        first, last = charge.period(start)
        stop = min(last, end)
        total += part(segment.amount, start, stop, Grid(first, last, charge.cycle.months), rules)
        start = stop
    return total
