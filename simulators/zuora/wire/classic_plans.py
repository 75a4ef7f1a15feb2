"""The older calls that make or change a subscription with its rate plans and charges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from simulators.zuora.rules.catalogue import TRIGGERS
from simulators.zuora.rules.offering import cycle_of
from simulators.zuora.rules.order import (
    Action,
    Add,
    ChangePlan,
    ChangeTerms,
    ChargeWish,
    Create,
    PlanKey,
    PlanWish,
    Remove,
    Term,
    Terms,
    Update,
)
from simulators.zuora.rules.refusal import MISSING, Refused
from simulators.zuora.rules.terms import term_of
from simulators.zuora.wire.classic import Doing, action
from simulators.zuora.wire.prices import TierShape
from simulators.zuora.wire.pricing import EndShape
from simulators.zuora.wire.shape import Day, Number, Shape, words
from simulators.zuora.wire.terming import RenewalSetting


class Component(Shape):
    """An entry of chargeOverrides or chargeUpdateDetails."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "applyDiscountTo chargeModelConfiguration discountLevel excludeItemBillingFromRevenueAccounting "
        "excludeItemBookingFromRevenueAccounting isAllocationEligible isUnbilled listPriceBase "
        "numberOfPeriods overageUnusedUnitsCreditOption priceChangeOption "
        "priceIncreasePercentage ratingGroup unusedUnitsCreditRates weeklyBillCycleDay"
    )

    productRatePlanChargeId: str | None = None
    productRatePlanChargeNumber: str | None = None
    ratePlanChargeId: str | None = None
    number: str | None = None
    description: str | None = None
    price: Number | None = None
    quantity: Number | None = None
    tiers: list[TierShape] = Field(default_factory=list)
    includedUnits: Number | None = None
    overagePrice: Number | None = None
    discountAmount: Number | None = None
    discountPercentage: Number | None = None
    billingPeriod: str | None = None
    specificBillingPeriod: int | None = None
    billingTiming: str | None = None
    billCycleType: str | None = None
    billCycleDay: int | None = None
    billingPeriodAlignment: str | None = None
    triggerEvent: str | None = None
    triggerDate: Day | None = None
    endDateCondition: str | None = None
    specificEndDate: Day | None = None
    upToPeriods: int | None = None
    upToPeriodsType: str | None = None

    def wish(self) -> ChargeWish:
        """What the rules make of it."""
        key = self.ratePlanChargeId or self.productRatePlanChargeId or self.productRatePlanChargeNumber
        if not key:
            raise Refused(MISSING, "'productRatePlanChargeId' is required.", "productRatePlanChargeId")
        amounts = (self.price, self.overagePrice, self.discountPercentage, self.discountAmount)
        event = {"UCE": TRIGGERS[0], "USA": TRIGGERS[1], "UCA": TRIGGERS[2]}
        end = EndShape(
            endDateCondition=self.endDateCondition,
            upToPeriods=self.upToPeriods,
            upToPeriodsType=self.upToPeriodsType,
        ).model_copy(update={"specificEndDate": self.specificEndDate})
        return ChargeWish(
            key=key,
            quantity=self.quantity,
            price=next((each for each in amounts if each is not None), None),
            tiers=tuple(tier.value() for tier in self.tiers),
            included=self.includedUnits,
            cycle=cycle_of(self.billingPeriod, self.specificBillingPeriod) if self.billingPeriod else None,
            arrears=None if self.billingTiming is None else "ARREARS" in self.billingTiming.upper(),
            bill_cycle_type=self.billCycleType,
            bill_cycle_day=self.billCycleDay,
            alignment=self.billingPeriodAlignment,
            starts=event.get(self.triggerEvent or ""),
            on=self.triggerDate,
            until=end.value(),
            description=self.description,
            number=self.number or "",
            custom=self.custom_fields(),
        )


class NewRatePlan(Shape):
    """An entry of subscribeToRatePlans, or of `add`."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "bookingDate externalCatalogPlanId externalIdSourceSystem externallyManagedPlanId "
        "customerAcceptanceDate serviceActivationDate"
    )

    productRatePlanId: str | None = None
    productRatePlanNumber: str | None = None
    contractEffectiveDate: Day | None = None
    chargeOverrides: list[Component] = Field(default_factory=list)

    def wish(self) -> PlanWish:
        """What the rules make of it."""
        key = self.productRatePlanId or self.productRatePlanNumber
        if not key:
            raise Refused(MISSING, "'productRatePlanId' is required.", "productRatePlanId")
        return PlanWish(key, tuple(each.wish() for each in self.chargeOverrides), custom=self.custom_fields())


class CreateCall(Doing):
    """POST /v1/subscriptions."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = (*Doing.ACCEPTS, "paymentMethodId", "invoiceSeparately")

    accountKey: str
    contractEffectiveDate: Day
    serviceActivationDate: Day | None = None
    customerAcceptanceDate: Day | None = None
    termType: Literal["TERMED", "EVERGREEN"]
    termStartDate: Day | None = None
    initialTerm: Annotated[int, Field(ge=1)] | None = None
    initialTermPeriodType: str | None = "Month"
    renewalTerm: Annotated[int, Field(ge=0)] | None = None
    renewalTermPeriodType: str | None = "Month"
    renewalSetting: RenewalSetting | None = None
    autoRenew: bool | None = False
    subscriptionNumber: Annotated[str, Field(max_length=100)] | None = None
    invoiceOwnerAccountKey: str | None = None
    notes: str | None = None
    subscribeToRatePlans: list[NewRatePlan]

    def act(self) -> Create:
        """What the rules make of it."""
        renewal: tuple[Term, ...] = ()
        if self.renewalTerm:
            renewal = (term_of(self.renewalTerm, self.renewalTermPeriodType or "Month"),)
        period = (
            term_of(self.initialTerm, self.initialTermPeriodType or "Month") if self.initialTerm else None
        )
        terms = Terms(
            start=self.termStartDate,
            period=period,
            term_type=self.termType,
            auto_renew=bool(self.autoRenew),
            renewal_setting=self.renewalSetting or "RENEW_WITH_SPECIFIC_TERM",
            renewal_terms=renewal,
        )
        plans = tuple(each.wish() for each in self.subscribeToRatePlans)
        number, payer = self.subscriptionNumber or "", self.invoiceOwnerAccountKey or ""
        return Create(terms, plans, number, notes=self.notes, payer=payer)

    def dates(self) -> Mapping[str, date]:
        """The trigger dates; those not given are the contract's."""
        start = self.contractEffectiveDate
        activated = self.serviceActivationDate or start
        return {
            TRIGGERS[0]: start,
            TRIGGERS[1]: activated,
            TRIGGERS[2]: self.customerAcceptanceDate or activated,
        }


class KeyedPlan(NewRatePlan):
    """An entry of `update`, `remove` or `change`: a rate plan of the subscription."""

    ACCEPTS: ClassVar[tuple[str, ...]] = (*NewRatePlan.ACCEPTS, "resetBcd")

    ratePlanId: str | None = None
    subscriptionRatePlanNumber: str | None = None
    specificUpdateDate: Day | None = None
    chargeUpdateDetails: list[Component] = Field(default_factory=list)
    newProductRatePlanId: str | None = None
    newProductRatePlanNumber: str | None = None
    effectivePolicy: str | None = None
    subType: str | None = None

    def key(self) -> PlanKey:
        """Which rate plan."""
        source = self.productRatePlanId or self.productRatePlanNumber or ""
        return PlanKey(self.ratePlanId or "", self.subscriptionRatePlanNumber or "", source)


class UpdateCall(Doing):
    """PUT /v1/subscriptions/{key}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = (*Doing.ACCEPTS, "invoiceSeparately", "previewType")

    preview: bool | None = None
    add: list[NewRatePlan] = Field(default_factory=list)
    update: list[KeyedPlan] = Field(default_factory=list)
    remove: list[KeyedPlan] = Field(default_factory=list)
    change: list[KeyedPlan] = Field(default_factory=list)
    autoRenew: bool | None = None
    notes: str | None = None
    renewalSetting: RenewalSetting | None = None
    renewalTerm: int | None = None
    renewalTermPeriodType: str | None = "Month"
    currentTerm: int | None = None
    currentTermPeriodType: str | None = "Month"
    termStartDate: Day | None = None
    termType: Literal["TERMED", "EVERGREEN"] | None = None

    def actions(self, today: date) -> list[Action]:
        """What the rules make of it."""
        found = [
            action("RemoveProduct", Remove(p.key()), p.contractEffectiveDate or today) for p in self.remove
        ]
        found += [
            action(
                "UpdateProduct",
                Update(p.key(), tuple(c.wish() for c in p.chargeUpdateDetails), p.specificUpdateDate),
                p.contractEffectiveDate or today,
            )
            for p in self.update
        ]
        found += [action("AddProduct", Add(p.wish()), p.contractEffectiveDate or today) for p in self.add]
        for p in self.change:
            new = p.newProductRatePlanId or p.newProductRatePlanNumber
            if not new:
                raise Refused(MISSING, "'newProductRatePlanId' is required.", "newProductRatePlanId")
            wish = PlanWish(new, tuple(each.wish() for each in p.chargeOverrides))
            act = ChangePlan(p.key(), wish, p.effectivePolicy or "EffectiveImmediately", p.subType)
            found.append(action("ChangePlan", act, p.contractEffectiveDate or today))
        terms = self._terms()
        if terms is not None:
            found.append(action("TermsAndConditions", terms, today))
        return found

    def _terms(self) -> ChangeTerms | None:
        last = None
        if self.termType or self.currentTerm or self.termStartDate:
            period = (
                term_of(self.currentTerm, self.currentTermPeriodType or "Month") if self.currentTerm else None
            )
            last = Terms(self.termStartDate, period, self.termType or "TERMED")
        renewal = None
        if self.renewalTerm:
            renewal = (term_of(self.renewalTerm, self.renewalTermPeriodType or "Month"),)
        if last is None and renewal is None and self.autoRenew is None and self.renewalSetting is None:
            return None
        return ChangeTerms(self.autoRenew, self.renewalSetting, renewal, last)
