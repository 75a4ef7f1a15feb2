"""Coupons on the fees of an invoice: how much each takes, from which fees, and what is left of it after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.exact import Residual, Rounding, split, whole


class Frequency(StrEnum):
    """How often a coupon comes again."""

    ONCE = "once"
    REPEATING = "repeating"  # so many bills
    FOREVER = "forever"


class Leftover(StrEnum):
    """What becomes of the part of a fixed coupon that was more than there was to pay."""

    CARRIED = "carried"  # a once-coupon is used up over several bills
    LOST = "lost"


class CouponOrder(StrEnum):
    """Which of several coupons comes first."""

    AS_GIVEN = "as_given"
    NARROWEST_FIRST = "narrowest_first"  # those for single charges, then for plans, then for everything


class PercentOf(StrEnum):
    """What a percent coupon is a share of."""

    REST = "rest"  # what the coupons before it left
    FULL = "full"  # the fees as they were


class Spread(StrEnum):
    """How the amount of a coupon is put on the fees it is for."""

    EXACT = "exact"  # in proportion, not rounded: tax is worked out from exact parts
    WHOLE = "whole"  # in whole minor units by largest remainder


@dataclass(frozen=True, slots=True)
class CouponPolicy:
    """The stored switches. mode: how the amount of a percent coupon becomes whole."""

    order: CouponOrder = CouponOrder.NARROWEST_FIRST
    percent_of: PercentOf = PercentOf.REST
    leftover: Leftover = Leftover.CARRIED
    spread: Spread = Spread.EXACT
    mode: Rounding = Rounding.HALF_UP


@dataclass(frozen=True, slots=True)
class Coupon:
    """fixed: minor units, or share: of the fees; one of them. left: of a fixed once-coupon already begun.

    fees and plans: the keys it is for; none of either is every fee. bills: how many a repeating one lasts.
    """

    key: str
    fixed: int | None = None
    share: Fraction | None = None
    frequency: Frequency = Frequency.ONCE
    bills: int = 0
    fees: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    left: int | None = None

    def __post_init__(self) -> None:
        if (self.fixed is None) == (self.share is None):
            raise Held(f"coupon: {self.key} must be either an amount or a share", owner="billing operations")
        if (self.fixed or 0) < 0 or (self.share or 0) < 0:
            raise Held(
                f"coupon: {self.key} is negative; give an amount to take off", owner="billing operations"
            )

    def covers(self, fee: Fee) -> bool:
        """Whether it may take from that fee."""
        return (not self.fees and not self.plans) or fee.key in self.fees or fee.plan in self.plans


@dataclass(frozen=True, slots=True)
class Fee:
    """amount: minor units before coupons; plan: what it belongs to."""

    key: str
    amount: Fraction
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """One coupon on one bill. parts: one a fee, in the order of the fees, exact; taken: their sum."""

    coupon: str
    taken: int
    parts: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Couponed:
    """used: in the order of application; left: the coupons as they are for the next bill."""

    used: tuple[Used, ...]
    left: tuple[Coupon, ...]
    parts: tuple[Fraction, ...]  # one a fee: all coupons together

    @property
    def taken(self) -> int:
        """By all coupons."""
        return sum(each.taken for each in self.used)


def apply_coupons(fees: Sequence[Fee], coupons: Sequence[Coupon], policy: CouponPolicy) -> Couponed:
    """All coupons on one bill, one after the other; none takes more than is left of its fees."""
    rest = [max(fee.amount, Fraction(0)) for fee in fees]
    used, after = [], {coupon.key: coupon for coupon in coupons}
    for coupon in _ordered(coupons, policy):
        covered = [
            fee_rest if coupon.covers(fee) else Fraction(0) for fee, fee_rest in zip(fees, rest, strict=True)
        ]
        full = sum((max(fee.amount, Fraction(0)) for fee in fees if coupon.covers(fee)), Fraction(0))
        # A coupon takes whole minor units; a fraction that earlier exact parts left behind stays.
        there = whole(sum(covered, Fraction(0)), Rounding.DOWN)
        taken = min(_wanted(coupon, sum(covered, Fraction(0)), full, policy), there)
        parts = spread(taken, covered, policy.spread)
        rest = [each - part for each, part in zip(rest, parts, strict=True)]
        used.append(Used(coupon.key, taken, parts))
        after[coupon.key] = _after(coupon, taken, policy)
    parts = tuple(max(fee.amount, Fraction(0)) - each for fee, each in zip(fees, rest, strict=True))
    return Couponed(tuple(used), tuple(c for c in after.values() if not _spent(c)), parts)


def spread(taken: int, rest: Sequence[Fraction], how: Spread) -> tuple[Fraction, ...]:
    """An amount over fees in proportion to what is left of them; the parts add up to it."""
    total = sum(rest, Fraction(0))
    if not taken or not total:
        return tuple(Fraction(0) for _ in rest)
    if how is Spread.WHOLE:
        return tuple(Fraction(part) for part in split(taken, rest, Residual.LARGEST_REMAINDER).parts)
    return tuple(taken * each / total for each in rest)


def _ordered(coupons: Sequence[Coupon], policy: CouponPolicy) -> list[Coupon]:
    if policy.order is CouponOrder.AS_GIVEN:
        return list(coupons)
    return sorted(coupons, key=lambda coupon: 0 if coupon.fees else 1 if coupon.plans else 2)


def _wanted(coupon: Coupon, rest: Fraction, full: Fraction, policy: CouponPolicy) -> int:
    if coupon.share is not None:
        return whole(coupon.share * (rest if policy.percent_of is PercentOf.REST else full), policy.mode)
    return (coupon.fixed or 0) if coupon.left is None else coupon.left


def _after(coupon: Coupon, taken: int, policy: CouponPolicy) -> Coupon:
    if coupon.frequency is Frequency.REPEATING:
        return replace(coupon, bills=coupon.bills - 1)
    if coupon.frequency is Frequency.FOREVER:
        return coupon
    if coupon.fixed is None or policy.leftover is Leftover.LOST:
        return replace(coupon, left=0)
    return replace(coupon, left=(coupon.fixed if coupon.left is None else coupon.left) - taken)


def _spent(coupon: Coupon) -> bool:
    if coupon.frequency is Frequency.REPEATING:
        return coupon.bills <= 0
    return coupon.frequency is Frequency.ONCE and coupon.left == 0
