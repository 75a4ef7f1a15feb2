"""Open receivables by age, and the allowance for what will not be collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held


class AgeFrom(StrEnum):
    """Which day an item's age is counted from."""

    DUE = "due"  # days past due: an item is current up to and on its due day
    ISSUE = "issue"  # days since the invoice


@dataclass(frozen=True, slots=True)
class OpenItem:
    """open: what is still to be paid, major units; negative for a credit that is not applied."""

    customer: str
    issued: date
    due: date
    open: Fraction


@dataclass(frozen=True, slots=True)
class Bucket:
    """Ages first to last, both included; None is open on that side; loss_pct: expected loss."""

    first: int | None
    last: int | None
    loss_pct: Fraction = Fraction(0)


STANDARD = (Bucket(None, 0), Bucket(1, 30), Bucket(31, 60), Bucket(61, 90), Bucket(91, None))


def buckets_of(edges: Sequence[int]) -> tuple[Bucket, ...]:
    """Edges 0, 30, 60 give up to 0, 1 to 30, 31 to 60 and above."""
    if list(edges) != sorted(set(edges)):
        raise Held(f"edges: {list(edges)} must rise", owner="AR")
    firsts = [None, *(edge + 1 for edge in edges)]
    return tuple(Bucket(first, last) for first, last in zip(firsts, [*edges, None], strict=True))


def age(item: OpenItem, on: date, since: AgeFrom = AgeFrom.DUE) -> int:
    """Days; nothing or less is not due yet."""
    return (on - (item.due if since is AgeFrom.DUE else item.issued)).days


def aging(
    items: Sequence[OpenItem],
    on: date,
    buckets: Sequence[Bucket] = STANDARD,
    since: AgeFrom = AgeFrom.DUE,
) -> tuple[Fraction, ...]:
    """Open amount a bucket; their sum is what is open. Held for an age that no bucket takes."""
    sums = [Fraction(0) for _ in buckets]
    for item in items:
        sums[_bucket(age(item, on, since), buckets)] += item.open
    return tuple(sums)


def allowance(amounts: Sequence[Fraction], loss_pct: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Expected loss a bucket, exact; Held where amounts and rates are not of one number."""
    if len(amounts) != len(loss_pct):
        raise Held(f"loss_pct: {len(loss_pct)} rates for {len(amounts)} buckets; give one each", owner="AR")
    return tuple(amount * pct * Fraction(1, 100) for amount, pct in zip(amounts, loss_pct, strict=True))


def expense(required: Fraction, balance: Fraction) -> Fraction:
    """Bad debt expense that brings the allowance's credit balance (negative: debit) to what is required."""
    return required - balance


def _bucket(days: int, buckets: Sequence[Bucket]) -> int:
    for number, bucket in enumerate(buckets):
        above = bucket.first is None or days >= bucket.first
        if above and (bucket.last is None or days <= bucket.last):
            return number
    raise Held(f"age: {days} days are in none of the buckets; leave no gap between them", owner="AR")
