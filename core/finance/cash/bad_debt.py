"""Entries of doubtful and lost receivables: allowance (P38), write-off (P39), recovery (P40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.canonical.erp import JournalLine
from core.canonical.money import Money
from core.finance.cash.accounts import (
    ALLOWANCE,
    BAD_DEBT,
    CLEARING,
    DEFERRED,
    RECEIVABLE,
    RECOVERIES,
    REVENUE,
    TAX,
    lines,
)
from core.finance.cash.shares import Shares
from core.finance.exact import Rounding, whole


class Method(StrEnum):
    """Where a write-off goes."""

    DIRECT = "direct"  # 6200 when it is lost
    ALLOWANCE = "allowance"  # 1110, which was built up before


class Relief(StrEnum):
    """Whether tax on a bad debt comes back."""

    NONE = "none"
    WITH_WRITE_OFF = "with_write_off"


@dataclass(frozen=True, slots=True)
class WriteOffPolicy:
    """Of a segment, as data. needs_approval: a person says yes first; from_minor: below it none is asked."""

    method: Method = Method.DIRECT
    relief: Relief = Relief.NONE
    needs_approval: bool = True
    from_minor: int = 0


def required(open_by_bucket: Sequence[Money], rates: Sequence[Fraction]) -> Money:
    """The allowance that aged receivables call for, rounded once."""
    total = sum(
        (amount.minor * rate for amount, rate in zip(open_by_bucket, rates, strict=True)), Fraction(0)
    )
    return Money(whole(total, Rounding.HALF_UP), open_by_bucket[0].currency)


def allowance_change(needed: Money, balance: Money, memo: str = "") -> tuple[JournalLine, ...]:
    """Dr bad debt expense, Cr allowance up to what is needed; the other way where it is too much (P38)."""
    change = needed.minor - balance.minor
    return lines(needed.currency, (BAD_DEBT, change, memo), (ALLOWANCE, -change, memo))


def written_off(
    shares: Shares, currency: str, policy: WriteOffPolicy, memo: str = ""
) -> tuple[JournalLine, ...]:
    """Dr allowance or expense (delivered, and tax without relief), deferred (undelivered), tax (P39)."""
    into = ALLOWANCE if policy.method is Method.ALLOWANCE else BAD_DEBT
    relieved = shares.tax if policy.relief is Relief.WITH_WRITE_OFF else 0
    return lines(
        currency,
        (into, shares.delivered + shares.beyond + shares.tax - relieved, memo),
        (DEFERRED, shares.undelivered, memo),
        (TAX, relieved, memo),
        (RECEIVABLE, -shares.total, memo),
    )


def recovered(
    shares: Shares, currency: str, policy: WriteOffPolicy, memo: str = "", cash: str = CLEARING
) -> tuple[JournalLine, ...]:
    """Cash after a write-off: Cr recoveries (delivered), revenue (deferral that was dropped, service
    given), and the tax that was relieved is owed again (P40)."""
    relieved = shares.tax if policy.relief is Relief.WITH_WRITE_OFF else 0
    return lines(
        currency,
        (cash, shares.total, memo),
        (RECOVERIES, -(shares.delivered + shares.beyond + shares.tax - relieved), memo),
        (REVENUE, -shares.undelivered, memo),
        (TAX, -relieved, memo),
    )
