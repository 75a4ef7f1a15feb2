"""Exact numbers on the way, whole minor units at the end, and a named place for every residual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money, exponent


class Rounding(StrEnum):
    """How an exact number becomes a whole one."""

    HALF_UP = "half_up"  # a half goes away from zero
    HALF_EVEN = "half_even"
    UP = "up"  # away from zero
    DOWN = "down"  # towards zero


class Residual(StrEnum):
    """Who gets what is left over when an amount is split into whole minor units."""

    LARGEST_REMAINDER = "largest_remainder"  # one unit each, ties to the earlier part
    FIRST = "first"
    LAST = "last"
    EARLIEST = "earliest"  # one unit each, from the first part on
    OWN_LINE = "own_line"  # a rounding line of its own


@dataclass(frozen=True, slots=True)
class Split:
    """parts in minor units, one a weight; rounding: what stands on a line of its own, else 0."""

    parts: tuple[int, ...]
    rounding: int = 0


def exactly(value: object, field: str, owner: str = "billing operations") -> Fraction:
    """A decimal string, Decimal, int or Fraction as an exact number; Held names what is no number.

    A float is refused: it has lost the figure that was meant.
    """
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal | Fraction):
        raise Held(f"{field}: {value!r} is no exact number; give a decimal string", owner=owner)
    try:
        return Fraction(value)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise Held(f"{field}: {value!r} is not a number; give one such as '12.50'", owner=owner) from None


def whole(amount: Fraction | int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """To a whole number; exact ones stay as they are."""
    amount = Fraction(amount)
    size, sign = abs(amount), -1 if amount < 0 else 1
    floor, rest = divmod(size.numerator, size.denominator)
    twice = 2 * rest - size.denominator
    if rest and (
        rounding is Rounding.UP
        or (rounding is Rounding.HALF_UP and twice >= 0)
        or (rounding is Rounding.HALF_EVEN and (twice > 0 or (twice == 0 and floor % 2)))
    ):
        floor += 1
    return sign * floor


def to_money(major: Fraction, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """Major units, exact, to the currency's minor units; Held for a currency without an exponent."""
    return Money(whole(major * 10 ** _digits(currency), rounding), currency)


def to_major(money: Money) -> Fraction:
    """In major units, exactly."""
    return Fraction(money.minor, 10 ** exponent(money.currency))


def split(minor: int, weights: Sequence[Fraction | int], residual: Residual) -> Split:
    """Split in proportion to weights that are not negative and not all nothing; the sum is exact."""
    if any(weight < 0 for weight in weights) or not sum(weights):
        raise Held(f"weights: {[str(w) for w in weights]} must be positive in sum and none negative")
    total = sum(Fraction(weight) for weight in weights)
    shares = [minor * Fraction(weight) / total for weight in weights]
    if residual is Residual.OWN_LINE:
        rounded = tuple(whole(share) for share in shares)
        return Split(rounded, minor - sum(rounded))
    if residual is Residual.LARGEST_REMAINDER:
        return Split(_largest_remainder(minor, shares))
    parts = [whole(share, Rounding.DOWN) for share in shares]
    if residual is Residual.EARLIEST:
        return Split(_one_each(parts, weights, minor))
    at = 0 if residual is Residual.FIRST else len(parts) - 1
    parts[at] += minor - sum(parts)
    return Split(tuple(parts))


def _one_each(parts: list[int], weights: Sequence[Fraction | int], minor: int) -> tuple[int, ...]:
    """A part without weight gets nothing; there are always more parts with one than units left."""
    left, sign = abs(minor - sum(parts)), -1 if minor < 0 else 1
    takers = [at for at, weight in enumerate(weights) if weight][:left]
    return tuple(part + (sign if at in takers else 0) for at, part in enumerate(parts))


def _largest_remainder(minor: int, shares: list[Fraction]) -> tuple[int, ...]:
    sign = -1 if minor < 0 else 1
    parts = [abs(share).numerator // abs(share).denominator for share in shares]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - abs(shares[i]), i))
    for i in order[: abs(minor) - sum(parts)]:
        parts[i] += 1
    return tuple(sign * part for part in parts)


def _digits(currency: str) -> int:
    try:
        return exponent(currency)
    except ValueError as error:
        raise Held(str(error), owner="controller") from None
