"""Use that is rated and not billed at the end of a day: by contract, meter and billing period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.canonical.money import Money
from core.canonical.usage import UsageEvent
from core.finance.calendar import add_months
from core.finance.exact import to_money
from core.finance.usage.prices import Price, rate


@dataclass(frozen=True, slots=True)
class Meter:
    """What a contract is billed for by use, month by month from its start. product: SKU."""

    unit: str
    product: str
    price: Price


@dataclass(frozen=True, slots=True)
class MeteredContract:
    """number: of the subscription; customer: its key; end: the first day without service, None for none."""

    number: str
    customer: str
    currency: str
    start: date
    end: date | None
    meters: Mapping[str, Meter]


@dataclass(frozen=True, slots=True)
class BilledUse:
    """A line of use on a bill that counts. start: first day of its period; on: the date of the bill."""

    contract: str
    product: str
    start: date
    net: Money
    on: date


@dataclass(frozen=True, slots=True)
class Unbilled:
    """What is earned of a period and not billed at the end of a day; may be nothing. before, after: bills of
    the period by that day and later, in order."""

    contract: MeteredContract
    meter: Meter
    start: date
    amount: Money
    before: tuple[BilledUse, ...]
    after: tuple[BilledUse, ...]


def period_of(contract: MeteredContract, day: date) -> date | None:
    """First day of the billing period that holds a day; None outside the contract."""
    if day < contract.start or (contract.end is not None and day >= contract.end):
        return None
    months = (day.year - contract.start.year) * 12 + day.month - contract.start.month
    first = add_months(contract.start, months)
    return first if first <= day else add_months(contract.start, months - 1)


def unbilled(
    contract: MeteredContract, used: Iterable[UsageEvent], billed: Iterable[BilledUse], on: date, since: date
) -> list[Unbilled]:
    """At the end of day `on`, of each period that began on or after `since` and was used or billed.

    Use is rated as far as it goes by then, by the tiers of its whole period. What was billed beyond that
    (a correction that is still to be credited) is no asset.
    """
    quantities: defaultdict[tuple[str, date], Fraction] = defaultdict(Fraction)
    for event in used:
        start = period_of(contract, event.on)
        if event.on <= on and start is not None and start >= since and event.meter in contract.meters:
            quantities[event.meter, start] += Fraction(event.quantity)
    units = {meter.product: meter.unit for meter in contract.meters.values()}
    bills: defaultdict[tuple[str, date], list[BilledUse]] = defaultdict(list)
    for bill in sorted(billed, key=lambda each: each.on):
        if bill.product in units and bill.start >= since:
            bills[units[bill.product], bill.start].append(bill)
    found = []
    for unit, start in sorted({*quantities, *bills}):
        meter, mine = contract.meters[unit], bills[unit, start]
        before = tuple(bill for bill in mine if bill.on <= on)
        rated = to_money(rate(meter.price, quantities[unit, start]), contract.currency)
        left = rated.minor - sum(bill.net.minor for bill in before)
        after = tuple(bill for bill in mine if bill.on > on)
        asset = Money(max(left, 0), contract.currency)
        found.append(Unbilled(contract, meter, start, asset, before, after))
    return found
