"""Requests and answers about the catalogue."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from simulators.zuora.rules.catalogue import PERIOD_NAMES, Plan, PlanCharge, Product
from simulators.zuora.rules.products import ChargeOffer
from simulators.zuora.wire.shape import Day, Number, Shape, words

Name = Annotated[str, Field(min_length=1, max_length=100)]


class NewProduct(Shape):
    """POST /v1/object/product."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("AllowFeatureChanges")

    Name: Annotated[str, Field(min_length=1, max_length=100)]
    EffectiveStartDate: Day
    EffectiveEndDate: Day
    SKU: Annotated[str, Field(max_length=50)] = ""
    ProductNumber: str = ""
    Category: str | None = None
    Description: str | None = None


class NewPlan(Shape):
    """POST /v1/object/product-rate-plan."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "ActiveCurrencies ExternalRatePlanIds ExternalIdSourceSystem Grade"
    )

    Name: Annotated[str, Field(min_length=1, max_length=255)]
    ProductId: str
    EffectiveStartDate: Day | None = None
    EffectiveEndDate: Day | None = None
    ProductRatePlanNumber: str = ""
    Description: str | None = None


class Tier(Shape):
    """The price in one currency."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("StartingUnit EndingUnit PriceFormat IsOveragePrice Tier")

    Currency: str
    Price: Number


class Tiers(Shape):
    """ProductRatePlanChargeTierData."""

    ProductRatePlanChargeTier: list[Tier]


class NewCharge(Shape):
    """POST /v1/object/product-rate-plan-charge."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words(
        "AccountingCode ApplyDiscountTo BillCycleDay DeferredRevenueAccount RecognizedRevenueAccount "
        "EndDateCondition ExcludeItemBillingFromRevenueAccounting ExcludeItemBookingFromRevenueAccounting "
        "IsStackedDiscount LegacyRevenueReporting ListPriceBase MinQuantity MaxQuantity PriceChangeOption "
        "PriceIncreasePercentage ProrationOption RevRecCode RevRecTriggerCondition TaxMode Taxable "
        "RevenueRecognitionRuleName UpToPeriods UpToPeriodsType UseDiscountSpecificAccountingCode "
        "UseTenantDefaultForPriceChange ChargeFunction CommitmentType IsPrepaid IsRollover IsUnbilled "
        "RatingGroup SmoothingModel WeeklyBillCycleDay IsAllocationEligible CreditOption "
        "ReflectDiscountInNetAmount"
    )

    ProductRatePlanId: str
    Name: Annotated[str, Field(min_length=1, max_length=100)]
    ChargeModel: str
    ChargeType: str
    BillingPeriod: str
    BillCycleType: str
    ProductRatePlanChargeTierData: Tiers
    TriggerEvent: str = "ContractEffective"
    BillingPeriodAlignment: str = "AlignToSubscriptionStart"
    BillingTiming: str = "In Advance"
    DefaultQuantity: Number | None = None
    UOM: str | None = None
    ProductRatePlanChargeNumber: str = ""
    Description: str | None = None
    TaxCode: str | None = None

    def offer(self) -> ChargeOffer:
        """What the rules make of it."""
        tiers = self.ProductRatePlanChargeTierData.ProductRatePlanChargeTier
        return ChargeOffer(
            plan=self.ProductRatePlanId,
            name=self.Name,
            model=self.ChargeModel,
            type=self.ChargeType,
            period=self.BillingPeriod,
            bill_cycle_type=self.BillCycleType,
            prices={tier.Currency: tier.Price for tier in tiers},
            trigger=self.TriggerEvent,
            alignment=self.BillingPeriodAlignment,
            timing=self.BillingTiming,
            quantity=self.DefaultQuantity,
            unit=self.UOM,
            number=self.ProductRatePlanChargeNumber,
            description=self.Description,
            tax_code=self.TaxCode,
            custom=self.custom_fields(),
        )


def product(p: Product) -> dict[str, Any]:
    """A product with its rate plans, as GET /v1/catalog/products gives it."""
    return {
        "id": p.id,
        "productNumber": p.number,
        "sku": p.sku,
        "name": p.name,
        "description": p.description,
        "category": p.category,
        "effectiveStartDate": p.start.isoformat(),
        "effectiveEndDate": p.end.isoformat(),
        "tags": "",
        "productFeatures": [],
        "productRatePlans": [plan(each) for each in p.plans],
        **p.custom,
    }


def plan(p: Plan) -> dict[str, Any]:
    """A rate plan with its charges."""
    return {
        "id": p.id,
        "productRatePlanNumber": p.number,
        "name": p.name,
        "description": p.description,
        "status": "Active",
        "effectiveStartDate": p.start.isoformat(),
        "effectiveEndDate": p.end.isoformat(),
        "productRatePlanCharges": [charge(each) for each in p.charges],
        **p.custom,
    }


def charge(c: PlanCharge) -> dict[str, Any]:
    """A charge with its price in each currency; numbers within `pricing` are JSON numbers."""
    name = PERIOD_NAMES[c.months].replace("_", "-")
    unit = c.unit or "Each"
    return {
        "id": c.id,
        "productRatePlanChargeNumber": c.number,
        "name": c.name,
        "type": "Recurring",
        "model": "PerUnit" if c.model == "Per Unit Pricing" else "FlatFee",
        "uom": c.unit,
        "description": c.description,
        "defaultQuantity": c.default_quantity,
        "billingPeriod": PERIOD_NAMES[c.months],
        "billingPeriodAlignment": "AlignToCharge" if c.to_charge else "AlignToSubscriptionStart",
        "billingTiming": "IN_ADVANCE",
        "billingDay": c.bill_cycle_type,
        "triggerEvent": c.trigger,
        "endDateCondition": "SUBSCRIPTION_END",
        "listPriceBase": "PER_BILLING_PERIOD",
        "taxable": c.tax_code is not None,
        "taxCode": c.tax_code,
        "pricingSummary": [f"{currency}{price}/{unit}/{name}" for currency, price in c.prices.items()],
        "pricing": [
            {"currency": currency, "price": price, "tiers": None} for currency, price in c.prices.items()
        ],
        **c.custom,
    }
