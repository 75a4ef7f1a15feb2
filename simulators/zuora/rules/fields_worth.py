"""What subscribed charges are worth: monthly recurring revenue and total contracted value."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from simulators.kit.money import exponent, major
from simulators.zuora.rules.calendar import add_months
from simulators.zuora.rules.catalogue import ONE_TIME, RECURRING
from simulators.zuora.rules.contracts import Charge, Segment, Subscription
from simulators.zuora.rules.rating import WIDE


def segment_mrr(s: Segment, c: Charge, currency: str) -> Decimal:
    """What a segment is worth a month; only recurring charges are worth anything."""
    if c.source.kind != RECURRING:
        return Decimal(0)
    amount = major(s.amount, currency)
    if c.source.discount is not None:
        amount = -amount
    if c.cycle.months:
        return amount / c.cycle.months
    days = c.cycle.count * (7 if c.cycle.unit == "Week" else 1)
    return amount * 365 / (12 * days)


def monthly(s: Subscription) -> Decimal:
    """contractedMrr: what the charges are worth a month at the end of the term."""
    currency = s.account.currency
    lasts = [(c, c.last) for c in s.charges if c.last and not c.ended]
    return nine(sum((segment_mrr(last, c, currency) for c, last in lasts if last), Decimal(0)))


def segment_value(s: Segment, c: Charge, currency: str) -> int:
    """What a segment comes to over its life, minor units; 0 where it has no end."""
    if c.source.kind == ONE_TIME:
        return s.amount
    if s.end is None or c.source.kind != RECURRING:
        return 0
    if not c.cycle.months:
        count = Decimal((s.end - s.start).days) * 12 / 365
    else:
        months = 0
        while add_months(s.start, months + 1) <= s.end:
            months += 1
        day = add_months(s.start, months)
        count = months + Decimal((s.end - day).days) / (add_months(s.start, months + 1) - day).days
    worth = segment_mrr(s, c, currency) * count
    return int(worth.scaleb(exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP, WIDE))


def total_value(s: Subscription) -> int:
    """totalContractedValue in minor units."""
    return sum(segment_value(segment, c, s.account.currency) for c in s.charges for segment in c.segments)


def nine(value: Decimal) -> Decimal:
    """Monthly amounts are kept to nine decimals."""
    return value.quantize(Decimal("0.000000001"), context=WIDE)
