"""Prices of charges in orders: fees, tiers, included units, discounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from simulators.zuora.rules.catalogue import (
    ONE_TIME,
    RECURRING,
    USAGE,
)
from simulators.zuora.rules.rating import (
    AMOUNT_OFF,
    FLAT_FEE,
    OVERAGE,
    PER_UNIT,
    PERCENT_OFF,
    TIERED,
    TIERED_OVERAGE,
    VOLUME,
)
from simulators.zuora.rules.rating import Tier as TierValue
from simulators.zuora.wire.shape import Number, Shape, words

# What each member of `pricing` is for: kind and model of the charge.
MEMBERS: Mapping[str, tuple[str, str]] = {
    "oneTimeFlatFee": (ONE_TIME, FLAT_FEE),
    "oneTimePerUnit": (ONE_TIME, PER_UNIT),
    "oneTimeTiered": (ONE_TIME, TIERED),
    "oneTimeVolume": (ONE_TIME, VOLUME),
    "recurringFlatFee": (RECURRING, FLAT_FEE),
    "recurringPerUnit": (RECURRING, PER_UNIT),
    "recurringTiered": (RECURRING, TIERED),
    "recurringVolume": (RECURRING, VOLUME),
    "usageFlatFee": (USAGE, FLAT_FEE),
    "usagePerUnit": (USAGE, PER_UNIT),
    "usageTiered": (USAGE, TIERED),
    "usageVolume": (USAGE, VOLUME),
    "usageOverage": (USAGE, OVERAGE),
    "usageTieredWithOverage": (USAGE, TIERED_OVERAGE),
}


class TierShape(Shape):
    """A tier of a price."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("originalListPrice tier isOveragePrice")

    startingUnit: Number
    endingUnit: Number | None = None
    price: Number
    priceFormat: str = "PerUnit"

    def value(self) -> TierValue:
        """What the rules make of it."""
        flat = self.priceFormat.replace(" ", "").lower() == "flatfee"
        return TierValue(self.startingUnit, self.endingUnit, self.price, flat)


class PriceShape(Shape):
    """A member of `pricing`; listPrice is per billing period and unit unless the list price base says
    otherwise."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "uom originalListPrice listPriceBase specificListPriceBase "
        "numberOfPeriods overageUnusedUnitsCreditOption unusedUnitsCreditRates ratingGroup applyDiscountTo "
        "discountLevel originalDiscountAmount originalListDiscountAmount originalDiscountPercentage "
        "originalListDiscountPercentage discountClass applyToBillingPeriodPartially discountApplyDetails"
    )

    listPrice: Number | None = None
    quantity: Number | None = None
    tiers: list[TierShape] = Field(default_factory=list)
    includedUnits: Number | None = None
    overagePrice: Number | None = None
    discountPercentage: Number | None = None
    discountAmount: Number | None = None
    priceChangeOption: str | None = None
    priceIncreasePercentage: Number | None = None


class Pricing(Shape):
    """Which member says of which kind and model the charge is; at most one is given."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("chargeModelData")

    oneTimeFlatFee: PriceShape | None = None
    oneTimePerUnit: PriceShape | None = None
    oneTimeTiered: PriceShape | None = None
    oneTimeVolume: PriceShape | None = None
    recurringFlatFee: PriceShape | None = None
    recurringPerUnit: PriceShape | None = None
    recurringTiered: PriceShape | None = None
    recurringVolume: PriceShape | None = None
    usageFlatFee: PriceShape | None = None
    usagePerUnit: PriceShape | None = None
    usageTiered: PriceShape | None = None
    usageVolume: PriceShape | None = None
    usageOverage: PriceShape | None = None
    usageTieredWithOverage: PriceShape | None = None
    discount: PriceShape | None = None

    def one(self) -> tuple[tuple[str, str] | None, PriceShape]:
        """The member that was given, with what it is for."""
        for name, meant in MEMBERS.items():
            shape: PriceShape | None = getattr(self, name)
            if shape is not None:
                return meant, shape
        if self.discount is not None:
            model = AMOUNT_OFF if self.discount.discountAmount is not None else PERCENT_OFF
            return ("Discount", model), self.discount
        return None, PriceShape()
