"""Entries of a dispute: funds withdrawn (P41), won (P42), lost (P43). An inquiry moves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.canonical.erp import JournalLine
from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.cash.accounts import (
    CLEARING,
    CONTRA_REVENUE,
    DEFERRED,
    DISPUTE_FEES,
    DISPUTE_LOSSES,
    DISPUTED,
    RECEIVABLE,
    TAX,
    lines,
)
from core.finance.cash.shares import Shares


class LossAs(StrEnum):
    """How the delivered part of a lost dispute is shown."""

    EXPENSE = "expense"  # 6100
    CONTRA_REVENUE = "contra_revenue"  # 4900


class LostTax(StrEnum):
    """Whether tax on a lost dispute comes back from the authority."""

    LOST = "lost"  # it is part of the loss
    RELIEVED = "relieved"  # it goes off the tax payable


@dataclass(frozen=True, slots=True)
class DisputePolicy:
    """Stored with the company; never chosen by the case."""

    loss: LossAs = LossAs.EXPENSE
    tax: LostTax = LostTax.LOST


def withdrawn(amount: Money, fee: Money, memo: str = "") -> tuple[JournalLine, ...]:
    """Dr dispute receivable and dispute fees, Cr processor clearing (P41)."""
    _not_negative(amount, fee)
    return lines(
        amount.currency,
        (DISPUTED, amount.minor, memo),
        (DISPUTE_FEES, fee.minor, memo),
        (CLEARING, -amount.minor - fee.minor, memo),
    )


def won(amount: Money, fee_returned: Money, memo: str = "") -> tuple[JournalLine, ...]:
    """Dr processor clearing, Cr dispute receivable; the fee only if it came back (P42)."""
    _not_negative(amount, fee_returned)
    return lines(
        amount.currency,
        (CLEARING, amount.minor + fee_returned.minor, memo),
        (DISPUTED, -amount.minor, memo),
        (DISPUTE_FEES, -fee_returned.minor, memo),
    )


def lost(shares: Shares, currency: str, policy: DisputePolicy, memo: str = "") -> tuple[JournalLine, ...]:
    """Dr loss (delivered), deferred revenue (undelivered) and tax, Cr dispute receivable (P43)."""
    loss = DISPUTE_LOSSES if policy.loss is LossAs.EXPENSE else CONTRA_REVENUE
    tax = TAX if policy.tax is LostTax.RELIEVED else loss
    delivered = shares.delivered + (shares.tax if tax == loss else 0)
    return lines(
        currency,
        (loss, delivered, memo),
        # What was given back before has no revenue left to go against: it is a loss, whatever is shown.
        (DISPUTE_LOSSES, shares.beyond, memo),
        (DEFERRED, shares.undelivered, memo),
        (TAX, shares.tax if tax == TAX else 0, memo),
        (DISPUTED, -shares.total, memo),
    )


def debit_returned(amount: Money, fee: Money, memo: str = "") -> tuple[JournalLine, ...]:
    """A bank debit that came back after it had succeeded: the receivable stands again (P27)."""
    _not_negative(amount, fee)
    return lines(
        amount.currency,
        (RECEIVABLE, amount.minor, memo),
        (DISPUTE_FEES, fee.minor, memo),
        (CLEARING, -amount.minor - fee.minor, memo),
    )


def _not_negative(*amounts: Money) -> None:
    for amount in amounts:
        if amount.minor < 0:
            raise Held(f"amount: {amount} of a dispute must not be negative")
