"""Parts of orders: rate plans and charges, with their prices and quantities."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from simulators.zuora.rules.catalogue import PERIODS
from simulators.zuora.rules.order import ChargeWish, PlanKey, PlanWish
from simulators.zuora.rules.refusal import MISSING, UNSUPPORTED, Refused
from simulators.zuora.wire.shape import Day, Number, Shape, words


class PerUnit(Shape):
    """pricing.recurringPerUnit; listPrice is per billing period and unit."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "uom priceChangeOption priceIncreasePercentage originalListPrice listPriceBase"
    )

    listPrice: Number | None = None
    quantity: Number | None = None


class FlatFee(Shape):
    """pricing.recurringFlatFee."""

    ACCEPTS: ClassVar[tuple[str, ...]] = PerUnit.ACCEPTS

    listPrice: Number | None = None


class Pricing(Shape):
    """Of the vendor's price models, the two that are billed here."""

    recurringPerUnit: PerUnit | None = None
    recurringFlatFee: FlatFee | None = None


class ChargeBilling(Shape):
    """billing of a charge override; only the period can be chosen here."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("billCycleDay billCycleType billingTiming")

    billingPeriod: str | None = None


class ChargeTerms(Shape):
    """An entry of chargeOverrides or chargeUpdates."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "customFields description endDate startDate uniqueToken revRecCode revRecTriggerCondition "
        "revenueRecognitionRuleName prorationOption isAllocationEligible isUnbilled "
        "excludeItemBillingFromRevenueAccounting excludeItemBookingFromRevenueAccounting"
    )

    chargeNumber: str | None = None
    productRatePlanChargeId: str | None = None
    productRatePlanChargeNumber: str | None = None
    pricing: Pricing | None = None
    billing: ChargeBilling | None = None

    def wish(self, *, subscribed: bool) -> ChargeWish:
        """What the rules make of it. subscribed: a charge number may name the charge."""
        named = self.productRatePlanChargeId or self.productRatePlanChargeNumber
        key = (self.chargeNumber or named) if subscribed else named
        if not key:
            name = "chargeNumber" if subscribed else "productRatePlanChargeId"
            raise Refused(MISSING, f"'{name}' is required.", name)
        pricing = self.pricing or Pricing()
        unit, flat = pricing.recurringPerUnit, pricing.recurringFlatFee
        months = None
        if self.billing and self.billing.billingPeriod:
            months = PERIODS.get(self.billing.billingPeriod)
            if months is None:
                message = f"Billing period '{self.billing.billingPeriod}' is not available in this tenant."
                raise Refused(UNSUPPORTED, message, "billingPeriod")
        if subscribed and months is not None:
            raise Refused(UNSUPPORTED, "The billing period of a charge cannot be updated.", "billing")
        price = unit.listPrice if unit else flat.listPrice if flat else None
        return ChargeWish(key, unit.quantity if unit else None, price, months)


class PlanTerms(Shape):
    """A rate plan to subscribe to: an entry of subscribeToRatePlans, or addProduct."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "customFields uniqueToken clearingExistingFeatures subscriptionProductFeatures "
        "externallyManagedPlanId isAddingSubsetCharges"
    )

    productRatePlanId: str | None = None
    productRatePlanNumber: str | None = None
    subscriptionRatePlanNumber: str = ""
    chargeOverrides: list[ChargeTerms] = Field(default_factory=list)

    def wish(self) -> PlanWish:
        """What the rules make of it."""
        key = self.productRatePlanId or self.productRatePlanNumber
        if not key:
            raise Refused(MISSING, "'productRatePlanId' is required.", "productRatePlanId")
        charges = tuple(each.wish(subscribed=False) for each in self.chargeOverrides)
        return PlanWish(key, charges, self.subscriptionRatePlanNumber)


class PlanRef(Shape):
    """removeProduct, and the part of updateProduct that names the plan."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "uniqueToken customFields clearingExistingFeatures subscriptionProductFeatures"
    )

    ratePlanId: str | None = None
    subscriptionRatePlanNumber: str | None = None
    productRatePlanId: str | None = None
    productRatePlanNumber: str | None = None

    def key(self) -> PlanKey:
        """What the rules make of it."""
        source = self.productRatePlanId or self.productRatePlanNumber or ""
        return PlanKey(self.ratePlanId or "", self.subscriptionRatePlanNumber or "", source)


class PlanUpdate(PlanRef):
    """updateProduct."""

    chargeUpdates: list[ChargeTerms] = Field(default_factory=list)
    specificUpdateDate: Day | None = None
