"""Price models of usage: what a quantity costs, exactly, in major units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held


class FlatFee(StrEnum):
    """When the flat fee of a tier is due."""

    ON_ENTRY = "on_entry"  # of the first tier also without any use (OpenMeter, Lago, Stripe)
    WHEN_USED = "when_used"  # no use, no fee (Lago, for graduated percentages)


class TierPolicy(StrEnum):
    """How blocks that reach into a higher tier are priced (Kill Bill)."""

    ALL_TIERS = "all_tiers"  # each tier's blocks at its own price
    TOP_TIER = "top_tier"  # all blocks at the price and size of the highest tier reached


@dataclass(frozen=True, slots=True)
class Tier:
    """up_to: the last quantity of the tier, included; None in the last tier, which has no end."""

    up_to: Fraction | None
    unit_price: Fraction
    flat_fee: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class PerUnit:
    """Every unit costs the same; also a cost times its multiplier, with the cost as the quantity."""

    unit_price: Fraction


@dataclass(frozen=True, slots=True)
class Graduated:
    """Each unit is priced in its own tier; a tier's flat fee is due when the tier is entered."""

    tiers: tuple[Tier, ...]
    flat_fee: FlatFee = FlatFee.ON_ENTRY

    def __post_init__(self) -> None:
        _ascending(self.tiers)


@dataclass(frozen=True, slots=True)
class Volume:
    """All units are priced in the tier that their number reaches: the total may fall at a border."""

    tiers: tuple[Tier, ...]
    flat_fee: FlatFee = FlatFee.ON_ENTRY

    def __post_init__(self) -> None:
        _ascending(self.tiers)


@dataclass(frozen=True, slots=True)
class Package:
    """Whole packages, the last one rounded up, after the free units."""

    size: Fraction
    price: Fraction
    free: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        _positive("package size", self.size)


@dataclass(frozen=True, slots=True)
class Overage:
    """So many units are included in a base fee; what is above costs by the unit."""

    included: Fraction
    unit_price: Fraction
    base_fee: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Block:
    """size: units a block; most: blocks of this tier, None without end; price: of one block."""

    size: Fraction
    most: int | None
    price: Fraction

    def __post_init__(self) -> None:
        _positive("block", self.size)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Tiers of blocks; a started block counts whole. What is above the last tier's most is priced there."""

    tiers: tuple[Block, ...]
    policy: TierPolicy

    def __post_init__(self) -> None:
        if not self.tiers:
            raise Held(
                "tiers: none are given; a price of blocks needs one or more", owner="billing operations"
            )


Price = PerUnit | Graduated | Volume | Package | Overage | Blocks


@dataclass(frozen=True, slots=True)
class TierLine:
    """What one tier gives. tier: from 1; units: units, or blocks where blocks are priced."""

    tier: int
    units: Fraction
    unit_price: Fraction
    flat_fee: Fraction

    @property
    def amount(self) -> Fraction:
        """Major units."""
        return self.units * self.unit_price + self.flat_fee


def rate(price: Price, quantity: Fraction) -> Fraction:
    """What a quantity costs; Held for a negative quantity where tiers or packages have to be counted."""
    return sum((line.amount for line in tier_lines(price, quantity)), Fraction(0))


def tier_lines(price: Price, quantity: Fraction) -> tuple[TierLine, ...]:
    """The same, tier by tier; tiers that are not reached give no line."""
    if isinstance(price, PerUnit):
        return (TierLine(1, quantity, price.unit_price, Fraction(0)),)
    if quantity < 0:
        raise Held(f"quantity: {quantity} is negative; correct the events first", owner="billing operations")
    if isinstance(price, Graduated):
        return _graduated(price, quantity)
    if isinstance(price, Volume):
        return _volume(price, quantity, quantity)
    if isinstance(price, Package):
        packages = ceiling(max(quantity - price.free, Fraction(0)), price.size)
        return (TierLine(1, Fraction(packages), price.price, Fraction(0)),)
    if isinstance(price, Overage):
        above = max(quantity - price.included, Fraction(0))
        return (TierLine(1, above, price.unit_price, price.base_fee),)
    return _blocks(price, quantity)


def volume_of(price: Volume, full: Fraction, prorated: Fraction) -> Fraction:
    """The tier is picked by the full units and its price applied to the prorated ones (Lago)."""
    return sum((line.amount for line in _volume(price, full, prorated)), Fraction(0))


def ceiling(quantity: Fraction, size: Fraction) -> int:
    """How many blocks of a size are begun."""
    return -((-quantity) // size)


def _graduated(price: Graduated, quantity: Fraction) -> tuple[TierLine, ...]:
    lines, floor = [], Fraction(0)
    for number, tier in enumerate(price.tiers, 1):
        entered = quantity > floor or (number == 1 and price.flat_fee is FlatFee.ON_ENTRY)
        if not entered:
            break
        top = quantity if tier.up_to is None else min(quantity, tier.up_to)
        lines.append(TierLine(number, top - floor, tier.unit_price, tier.flat_fee))
        floor = top if tier.up_to is None else tier.up_to
    return tuple(lines)


def _volume(price: Volume, full: Fraction, priced: Fraction) -> tuple[TierLine, ...]:
    if not full and price.flat_fee is FlatFee.WHEN_USED:
        return ()
    for number, tier in enumerate(price.tiers, 1):
        if tier.up_to is None or full <= tier.up_to:
            return (TierLine(number, priced, tier.unit_price, tier.flat_fee),)
    raise AssertionError("the last tier has no end")


def _blocks(price: Blocks, quantity: Fraction) -> tuple[TierLine, ...]:
    lines, left = [], quantity
    for number, tier in enumerate(price.tiers, 1):
        if not left:
            break
        begun = ceiling(left, tier.size)
        last = number == len(price.tiers)
        used = begun if tier.most is None or last else min(begun, tier.most)
        lines.append(TierLine(number, Fraction(used), tier.price, Fraction(0)))
        left = max(left - used * tier.size, Fraction(0))
    if price.policy is TierPolicy.ALL_TIERS or not lines:
        return tuple(lines)
    top = price.tiers[len(lines) - 1]
    return (TierLine(len(lines), Fraction(ceiling(quantity, top.size)), top.price, Fraction(0)),)


def _ascending(tiers: Sequence[Tier]) -> None:
    ends = [tier.up_to for tier in tiers]
    known = [end for end in ends[:-1] if end is not None]
    if not tiers or ends[-1] is not None or len(known) != len(ends) - 1 or sorted(set(known)) != known:
        said = [str(end) for end in ends]
        raise Held(f"tiers: up_to {said} must rise and end with an open tier", owner="billing operations")


def _positive(field: str, value: Fraction) -> None:
    if value <= 0:
        raise Held(f"{field}: {value} must be more than nothing", owner="billing operations")
