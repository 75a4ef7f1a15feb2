"""Minimum commitments, overage beyond what was committed, and a most that is ever billed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.finance.exact import Rounding, whole


class Counts(StrEnum):
    """Which fees of the period fill a commitment."""

    ALL = "all"  # subscription and usage
    USAGE = "usage"  # usage only
    CHARGE = "charge"  # the one charge that has a minimum of its own


class FeeKind(StrEnum):
    """What a fee is for."""

    SUBSCRIPTION = "subscription"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class PeriodFee:
    """amount: whole minor units; charge: the key of what it was rated by."""

    kind: FeeKind
    amount: int
    charge: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """amount: minor units for a whole period; charge: for Counts.CHARGE, which one."""

    amount: int
    counts: Counts = Counts.ALL
    charge: str = ""

    def fills(self, fee: PeriodFee) -> bool:
        """Whether a fee counts towards it."""
        if self.counts is Counts.CHARGE:
            return fee.charge == self.charge
        return self.counts is Counts.ALL or fee.kind is FeeKind.USAGE


@dataclass(frozen=True, slots=True)
class TrueUp:
    """committed: for the days of the period; reached: by its fees; due: what is billed on top."""

    committed: int
    reached: int

    @property
    def due(self) -> int:
        """The shortfall, never negative."""
        return max(0, self.committed - self.reached)

    @property
    def overage(self) -> int:
        """What the fees are beyond the commitment, never negative."""
        return max(0, self.reached - self.committed)


def true_up(
    commitment: Commitment,
    fees: Sequence[PeriodFee],
    share: Fraction = Fraction(1),
    mode: Rounding = Rounding.HALF_UP,
) -> TrueUp:
    """Of one period. share: of the period that was served; it prorates the commitment, not the fees."""
    reached = sum(fee.amount for fee in fees if commitment.fills(fee))
    return TrueUp(whole(commitment.amount * share, mode), reached)


def true_up_of_term(
    commitment: Commitment, periods: Sequence[Sequence[PeriodFee]], shares: Sequence[Fraction] | None = None
) -> TrueUp:
    """Of a term that is settled once, at its end: what the periods lack may be made up by others."""
    share = sum(shares, Fraction(0)) if shares else Fraction(1)
    return true_up(commitment, [fee for fees in periods for fee in fees], share)


def capped(amount: int, most: int | None, billed: int = 0) -> int:
    """What may still be billed of an amount under a maximum spend; None is no maximum."""
    return amount if most is None else max(0, min(amount, most - billed))


def beyond(quantity: Fraction, included: Fraction, price: Fraction, mode: Rounding = Rounding.HALF_UP) -> int:
    """Overage in minor units: what was used beyond the included quantity, at the price of one."""
    return whole(max(quantity - included, Fraction(0)) * price, mode)


@dataclass(frozen=True, slots=True)
class Committed:
    """Usage against a commitment, minor units. within: at the list price; beyond: at the overage factor."""

    within: int
    beyond: int
    shortfall: int

    @property
    def total(self) -> int:
        """What is billed."""
        return self.within + self.beyond + self.shortfall


def against(usage: int, committed: int, factor: Fraction = Fraction(1), *, settle: bool = True) -> Committed:
    """Usage priced at list; what is beyond the commitment costs `factor` times that.

    settle: whether the shortfall is billed (a minimum) or forgone.
    """
    over = max(0, usage - committed)
    shortfall = max(0, committed - usage) if settle else 0
    return Committed(min(usage, committed), whole(over * factor), shortfall)
