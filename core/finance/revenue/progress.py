"""Progress towards one obligation, variable consideration, and the cumulative catch-up of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import Rounding, whole

OWNER = "revenue accounting"


class Estimate(StrEnum):
    """How variable consideration is estimated (IFRS 15.53)."""

    EXPECTED_VALUE = "expected_value"
    MOST_LIKELY = "most_likely"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An amount that may come, in major units, and how likely, from 0 to 1."""

    amount: Fraction
    likely: Fraction


@dataclass(frozen=True, slots=True)
class Measure:
    """Input (cost, hours) or output (units) so far and in all.

    percent_digits: digits to which the percentage is rounded before it is used; None takes it exactly.
    """

    so_far: Fraction
    in_all: Fraction
    percent_digits: int | None = None

    @property
    def share(self) -> Fraction:
        """From 0 to 1. Held when nothing is to be done, or more was than there is."""
        if self.in_all <= 0 or not 0 <= self.so_far <= self.in_all:
            raise Held(f"progress: {self.so_far} of {self.in_all}; review the estimate", owner=OWNER)
        exact = self.so_far / self.in_all
        if self.percent_digits is None:
            return exact
        scale = 100 * 10**self.percent_digits
        return Fraction(whole(exact * scale), scale)


def revenue_to_date(price: Money, progress: Measure, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """The price by progress."""
    return Money(whole(price.minor * progress.share, rounding), price.currency)


def catch_up(price: Money, progress: Measure, recognised: Money) -> Money:
    """What a new price or a new progress changes for the past; negative reverses."""
    return revenue_to_date(price, progress) - recognised


def estimate(outcomes: Sequence[Outcome], method: Estimate) -> Fraction:
    """Variable consideration before the constraint, in major units; likelihoods must add up to 1."""
    if sum((o.likely for o in outcomes), Fraction(0)) != 1:
        raise Held("outcomes: their probabilities must add up to 1", owner=OWNER)
    if method is Estimate.EXPECTED_VALUE:
        return sum((o.amount * o.likely for o in outcomes), Fraction(0))
    return max(outcomes, key=lambda o: o.likely).amount


def constrained(estimated: Fraction, *, highly_probable: bool) -> Fraction:
    """Only what will highly probably not be reversed counts (IFRS 15.56); usage counts as it occurs."""
    return estimated if highly_probable else Fraction(0)
