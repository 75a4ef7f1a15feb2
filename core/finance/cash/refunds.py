"""Entries of a refund: what was recognised goes to contra revenue, the rest off deferred revenue (P35)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from core.canonical.erp import JournalLine
from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.cash.accounts import (
    CLEARING,
    CONTRA_REVENUE,
    DEFERRED,
    REFUNDS_PAYABLE,
    REVENUE,
    TAX,
    lines,
)
from core.finance.cash.shares import Shares


class RefundStatus(StrEnum):
    """Of a refund at the processor."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Presentation(StrEnum):
    """Where the recognised part of what is given back is shown."""

    CONTRA = "contra"  # 4900
    GROSS = "gross"  # straight off the revenue account


def granted(
    shares: Shares, currency: str, presentation: Presentation = Presentation.CONTRA, memo: str = ""
) -> tuple[JournalLine, ...]:
    """Approved: Dr contra revenue, deferred revenue and tax, Cr refunds payable."""
    revenue = CONTRA_REVENUE if presentation is Presentation.CONTRA else REVENUE
    return lines(
        currency,
        (revenue, shares.delivered + shares.beyond, memo),
        (DEFERRED, shares.undelivered, memo),
        (TAX, shares.tax, memo),
        (REFUNDS_PAYABLE, -shares.total, memo),
    )


def paid(amount: Money, memo: str = "") -> tuple[JournalLine, ...]:
    """Settled: Dr refunds payable, Cr clearing."""
    return lines(amount.currency, (REFUNDS_PAYABLE, amount.minor, memo), (CLEARING, -amount.minor, memo))


def returned(amount: Money, memo: str = "") -> tuple[JournalLine, ...]:
    """Failed after it had left: the money is back and still owed."""
    return lines(amount.currency, (CLEARING, amount.minor, memo), (REFUNDS_PAYABLE, -amount.minor, memo))


def increments(cumulative: Sequence[Money]) -> list[Money]:
    """What each event adds, where events carry what was refunded so far; a repeat adds nothing.

    Held where the sum falls: then an event came out of order, and the latest sum is what counts.
    """
    found, before = [], 0
    for total in cumulative:
        if total.minor < before:
            raise Held(f"refunded so far: {total} is less than before; sort the events by their sums")
        found.append(Money(total.minor - before, total.currency))
        before = total.minor
    return found


def refundable(paid_amount: Money, refunds: Sequence[tuple[Money, RefundStatus]]) -> Money:
    """What of a payment can still be given back; failed and cancelled refunds do not count."""
    dead = (RefundStatus.FAILED, RefundStatus.CANCELLED)
    gone = sum(amount.minor for amount, status in refunds if status not in dead)
    return Money(paid_amount.minor - gone, paid_amount.currency)
