"""Usage records, and what a billing period's usage of one charge costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from simulators.zuora.rules.catalogue import PlanCharge
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.rating import Price, cost, rounded

PENDING, PROCESSED = "Pending", "Processed"


@dataclass(slots=True)
class Reading:
    """One usage record. on: the day it counts for; begins, ends: as they were given; subscription,
    charge: numbers, "" where the account's charges of that unit take it; upload: the file it came with."""

    id: str
    seq: int
    number: str
    account: Account
    subscription: str
    charge: str
    on: date
    begins: str
    ends: str | None
    unit: str
    quantity: Decimal
    created_at: int
    description: str | None = None
    source: str = "API"
    upload: str = ""
    status: str = PENDING
    custom: dict[str, object] = field(default_factory=dict)
    updated_at: int = 0


def rate(
    source: PlanCharge,
    pricing: Price,
    readings: Sequence[Reading],
    done: tuple[Decimal, int],
    currency: str,
    mode: str,
) -> tuple[int, Decimal]:
    """(minor units, quantity) of usage not billed yet. done: the same period's quantity and amount that
    are; mode: how amounts are rounded.

    By billing period, late usage is rated together with what was billed before, and the difference is
    billed (unconfirmed); the other groups are rated each for itself.
    """
    quantity = sum((reading.quantity for reading in readings), Decimal(0))
    if source.rating_group == "ByBillingPeriod":
        whole = rounded(cost(source.model, pricing, done[0] + quantity), currency, mode)
        return whole - done[1], quantity
    exact = sum((cost(source.model, pricing, part) for part in _groups(source, readings)), Decimal(0))
    return rounded(exact, currency, mode), quantity


def _groups(source: PlanCharge, readings: Iterable[Reading]) -> Iterable[Decimal]:
    sums: dict[str, Decimal] = {}
    for reading in readings:
        if source.rating_group == "ByUsageStartDate":
            key = reading.on.isoformat()
        elif source.rating_group == "ByUsageUpload":
            key = reading.upload or reading.id
        else:
            key = reading.id
        sums[key] = sums.get(key, Decimal(0)) + reading.quantity
    return sums.values()


@dataclass(slots=True)
class Import:
    """A file of usage records that was sent: all of it was taken in, or nothing. reason: what was wrong."""

    id: str
    name: str
    rows: int
    at: int
    status: str = "Completed"
    reason: str = ""
