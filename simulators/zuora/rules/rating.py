"""What a quantity costs: flat fee, per unit, tiered, volume, overage, tiered with overage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from simulators.kit.money import exponent

# Wide enough for any amount that the wire lets in.
WIDE = Context(prec=80)
FLAT_FEE, PER_UNIT = "Flat Fee Pricing", "Per Unit Pricing"
TIERED, VOLUME = "Tiered Pricing", "Volume Pricing"
OVERAGE, TIERED_OVERAGE = "Overage Pricing", "Tiered with Overage Pricing"
PERCENT_OFF, AMOUNT_OFF = "Discount-Percentage", "Discount-Fixed Amount"
DISCOUNTS = (PERCENT_OFF, AMOUNT_OFF)
TIER_MODELS = (TIERED, VOLUME, TIERED_OVERAGE)
# The orders' spelling of a model (SDK ChargeModel).
MODEL_NAMES: Mapping[str, str] = {
    FLAT_FEE: "FlatFee",
    PER_UNIT: "PerUnit",
    TIERED: "Tiered",
    VOLUME: "Volume",
    OVERAGE: "Overage",
    TIERED_OVERAGE: "TieredWithOverage",
    PERCENT_OFF: "DiscountPercentage",
    AMOUNT_OFF: "DiscountFixedAmount",
}


@dataclass(frozen=True, slots=True)
class Tier:
    """Units above the tier before, up to and including `end` (None: all). flat: one price for the tier;
    overage: of Tiered with Overage, what lies above the last ordinary tier."""

    start: Decimal
    end: Decimal | None
    price: Decimal
    flat: bool = False
    overage: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """amount: fee, price of a unit, overage price, percentage or amount off; included: free units."""

    amount: Decimal = Decimal(0)
    tiers: tuple[Tier, ...] = ()
    included: Decimal = Decimal(0)


def cost(model: str, price: Price, quantity: Decimal) -> Decimal:
    """The exact price of a quantity."""
    if model == FLAT_FEE:
        return price.amount
    if model == PER_UNIT:
        return price.amount * quantity
    if model == OVERAGE:
        return price.amount * max(quantity - price.included, Decimal(0))
    if model == VOLUME:
        return _volume(price.tiers, quantity)
    if model in (TIERED, TIERED_OVERAGE):
        return _tiered(price.tiers, quantity)
    return price.amount


def rounded(exact: Decimal, currency: str, mode: str = ROUND_HALF_UP) -> int:
    """Minor units, by a rounding mode of decimal; half up goes away from zero."""
    return int(exact.scaleb(exponent(currency), WIDE).quantize(Decimal(1), mode, WIDE))


def _volume(tiers: tuple[Tier, ...], quantity: Decimal) -> Decimal:
    """All units at the price of the tier that the quantity reaches."""
    for tier in tiers:
        if tier.end is None or quantity <= tier.end:
            return tier.price if tier.flat else tier.price * quantity
    last = tiers[-1]
    return last.price if last.flat else last.price * quantity


def _tiered(tiers: tuple[Tier, ...], quantity: Decimal) -> Decimal:
    """Each unit at the price of the tier in which it lies; units above the last tier at its price."""
    total, below = Decimal(0), Decimal(0)
    for place, tier in enumerate(tiers):
        if quantity <= below and not (place == 0 and tier.flat):
            break
        open_end = tier.end is None or place == len(tiers) - 1
        top = quantity if open_end or tier.end is None else min(quantity, tier.end)
        total += tier.price if tier.flat else tier.price * (top - below)
        below = top if tier.end is None else tier.end
    return total
