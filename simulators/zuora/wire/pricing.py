"""Parts of orders: rate plans and charges, with their prices and quantities."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from simulators.zuora.rules.calendar import Cycle
from simulators.zuora.rules.catalogue import (
    FIXED_PERIOD,
    SPECIFIC_END,
    TRIGGERS,
    Until,
)
from simulators.zuora.rules.offering import ALIGNMENTS, BILL_CYCLE_TYPES, checked_tiers, cycle_of
from simulators.zuora.rules.order import ChargeWish, PlanKey, PlanWish
from simulators.zuora.rules.proration import PRICE_CHANGES
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused, one_of
from simulators.zuora.wire.prices import Pricing
from simulators.zuora.wire.shape import Day, Shape, words

_ENDS = {
    "Subscription_End": "SubscriptionEnd",
    "Fixed_Period": FIXED_PERIOD,
    "Specific_End_Date": SPECIFIC_END,
}


class ChargeBilling(Shape):
    """billing of a charge override."""

    billingPeriod: str | None = None
    specificBillingPeriod: int | None = None
    billCycleDay: int | None = None
    billCycleType: str | None = None
    billingTiming: str | None = None
    billingPeriodAlignment: str | None = None
    weeklyBillCycleDay: str | None = None

    def cycle(self) -> Cycle | None:
        """The billing period, where one is given."""
        return cycle_of(self.billingPeriod, self.specificBillingPeriod) if self.billingPeriod else None


class EndShape(Shape):
    """endDate of a charge override."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("endDatePolicy")

    endDateCondition: str | None = None
    specificEndDate: Day | None = None
    upToPeriods: int | None = None
    upToPeriodsType: str | None = None

    def value(self) -> Until | None:
        """What the rules make of it."""
        if self.endDateCondition is None:
            return None
        condition = _ENDS.get(self.endDateCondition)
        if condition is None:
            raise Refused(
                INVALID, f"'{self.endDateCondition}' is not an end date condition.", "endDateCondition"
            )
        if condition == SPECIFIC_END and self.specificEndDate is None:
            raise Refused(MISSING, "'specificEndDate' is required.", "specificEndDate")
        if condition == FIXED_PERIOD and not 1 <= (self.upToPeriods or 0) <= 1200:
            raise Refused(MISSING, "'upToPeriods' is required.", "upToPeriods")
        unit = (self.upToPeriodsType or "Billing_Periods").replace("_", " ")
        return Until(condition, self.upToPeriods or 0, unit, self.specificEndDate)


class StartShape(Shape):
    """startDate of a charge override, effectiveDate of a charge update."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("startDatePolicy periodsAfterChargeStart startPeriodsType")

    triggerEvent: str | None = None
    specificTriggerDate: Day | None = None

    def event(self) -> str | None:
        """The trigger event; None for a date of its own."""
        if self.triggerEvent in (None, "SpecificDate"):
            return None
        if self.triggerEvent not in TRIGGERS:
            raise Refused(INVALID, f"'{self.triggerEvent}' is not a trigger event.", "triggerEvent")
        return self.triggerEvent


class ChargeTerms(Shape):
    """An entry of chargeOverrides or chargeUpdates."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "revRecCode revRecTriggerCondition revenueRecognitionRuleName prorationOption "
        "isAllocationEligible isUnbilled excludeItemBillingFromRevenueAccounting "
        "excludeItemBookingFromRevenueAccounting name clearingCustomFields estimatedStartDate "
        "prepaidQuantity pricingAttributes "
        "negotiatedPriceTable taxCode taxMode taxable drawdownRate isRollover "
        "ratingPropertiesOverride rolloverApply rolloverPeriods upsellOriginChargeNumber isBillable "
        "deferredRevenueAccountingCode recognizedRevenueAccountingCode accountReceivableAccountingCode"
    )

    chargeNumber: str | None = None
    uniqueToken: str | None = None
    productRatePlanChargeId: str | None = None
    productRatePlanChargeNumber: str | None = None
    pricing: Pricing | None = None
    billing: ChargeBilling | None = None
    startDate: StartShape | None = None
    effectiveDate: StartShape | None = None
    endDate: EndShape | None = None
    description: str | None = None
    customFields: dict[str, Any] = Field(default_factory=dict)

    def wish(self, *, subscribed: bool) -> ChargeWish:
        """What the rules make of it. subscribed: a charge number may name the charge."""
        named = self.productRatePlanChargeId or self.productRatePlanChargeNumber
        key = (self.chargeNumber or named or self.uniqueToken) if subscribed else named
        if not key:
            name = "chargeNumber" if subscribed else "productRatePlanChargeId"
            raise Refused(MISSING, f"'{name}' is required.", name)
        meant, price = (self.pricing or Pricing()).one()
        billing = self.billing or ChargeBilling()
        for name, value, known in (
            ("billCycleType", billing.billCycleType, BILL_CYCLE_TYPES),
            ("billingPeriodAlignment", billing.billingPeriodAlignment, ALIGNMENTS),
            (
                "billingTiming",
                billing.billingTiming,
                ("IN_ADVANCE", "IN_ARREARS", "In Advance", "In Arrears"),
            ),
            ("priceChangeOption", price.priceChangeOption, PRICE_CHANGES),
        ):
            if value is not None and value not in known:
                raise one_of(name, known)
        if subscribed and billing.billingPeriod:
            raise Refused(INVALID, "The billing period of a charge cannot be updated.", "billing")
        start = (self.effectiveDate if subscribed else self.startDate) or StartShape()
        tiers = tuple(tier.value() for tier in price.tiers)
        amounts = (price.listPrice, price.overagePrice, price.discountPercentage, price.discountAmount)
        timing = billing.billingTiming
        return ChargeWish(
            key=key,
            quantity=price.quantity,
            price=next((each for each in amounts if each is not None), None),
            tiers=checked_tiers(tiers, "tiers") if tiers else (),
            included=price.includedUnits,
            pricing=meant,
            cycle=billing.cycle(),
            arrears=None if timing is None else "ARREARS" in timing.upper(),
            bill_cycle_type=billing.billCycleType,
            bill_cycle_day=billing.billCycleDay,
            alignment=billing.billingPeriodAlignment,
            starts=start.event(),
            on=start.specificTriggerDate,
            until=self.endDate.value() if self.endDate else None,
            description=self.description,
            price_change=price.priceChangeOption,
            increase=price.priceIncreasePercentage,
            number="" if subscribed else self.chargeNumber or "",
            custom={**self.customFields, **self.custom_fields()},
            token=self.uniqueToken or "",
        )


class PlanTerms(Shape):
    """A rate plan to subscribe to: an entry of subscribeToRatePlans, addProduct, newProductRatePlan."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "clearingExistingFeatures subscriptionProductFeatures externallyManagedPlanId isAddingSubsetCharges "
        "isFromExternalCatalog ratePlanName externalCatalogPlanId"
    )

    productRatePlanId: str | None = None
    productRatePlanNumber: str | None = None
    subscriptionRatePlanNumber: str | None = None
    chargeOverrides: list[ChargeTerms] = Field(default_factory=list)
    customFields: dict[str, Any] = Field(default_factory=dict)
    uniqueToken: str | None = None

    def wish(self) -> PlanWish:
        """What the rules make of it."""
        key = self.productRatePlanId or self.productRatePlanNumber
        if not key:
            raise Refused(MISSING, "'productRatePlanId' is required.", "productRatePlanId")
        charges = tuple(each.wish(subscribed=False) for each in self.chargeOverrides)
        number, token = self.subscriptionRatePlanNumber or "", self.uniqueToken or ""
        return PlanWish(key, charges, number, self.customFields, token)


class PlanRef(Shape):
    """removeProduct, and the part of updateProduct that names the plan."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "clearingExistingFeatures subscriptionProductFeatures externalCatalogPlanId clearingCustomFields "
        "isAddingSubsetCharges"
    )

    ratePlanId: str | None = None
    subscriptionRatePlanNumber: str | None = None
    productRatePlanId: str | None = None
    productRatePlanNumber: str | None = None
    uniqueToken: str | None = None
    customFields: dict[str, Any] = Field(default_factory=dict)

    def key(self) -> PlanKey:
        """What the rules make of it."""
        source = self.productRatePlanId or self.productRatePlanNumber or ""
        return PlanKey(
            self.ratePlanId or "", self.subscriptionRatePlanNumber or "", source, self.uniqueToken or ""
        )


class ChargeRemoval(Shape):
    """An entry of chargeRemovals."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("uniqueToken description")

    chargeNumber: str


class PlanUpdate(PlanRef):
    """updateProduct."""

    chargeUpdates: list[ChargeTerms] = Field(default_factory=list)
    chargeRemovals: list[ChargeRemoval] = Field(default_factory=list)
    specificUpdateDate: Day | None = None


class PlanChange(PlanRef):
    """changePlan."""

    ACCEPTS: ClassVar[tuple[str, ...]] = (*PlanRef.ACCEPTS, "resetBcd")

    newProductRatePlan: PlanTerms
    effectivePolicy: str | None = None
    subType: str | None = None
