"""Requests about the catalogue, in the capitals of the CRUD calls."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from simulators.zuora.rules.catalogue import Until
from simulators.zuora.rules.offering import ChargeOffer, TierOffer
from simulators.zuora.wire.shape import Day, Number, Shape, words

_EXTRA = words(
    "AccountingCode DeferredRevenueAccount RecognizedRevenueAccount "
    "ExcludeItemBillingFromRevenueAccounting ExcludeItemBookingFromRevenueAccounting "
    "IsStackedDiscount LegacyRevenueReporting MinQuantity MaxQuantity PriceChangeOption "
    "PriceIncreasePercentage PriceIncreaseOption ProrationOption RevRecCode RevRecTriggerCondition TaxMode "
    "Taxable RevenueRecognitionRuleName RevenueRecognitionTiming RevenueAmortizationMethod "
    "UseDiscountSpecificAccountingCode UseTenantDefaultForPriceChange ChargeFunction CommitmentType "
    "IsPrepaid IsRollover IsUnbilled SmoothingModel IsAllocationEligible CreditOption "
    "ReflectDiscountInNetAmount ChargeModelConfiguration NumberOfPeriod OverageCalculationOption "
    "OverageUnusedUnitsCreditOption UsageRecordRatingOption DeliverySchedule DrawdownRate DrawdownUom "
    "PrepaidOperationType PrepaidQuantity PrepaidTotalQuantity PrepaidUom RolloverApply RolloverPeriods "
    "ValidityPeriodType CommitmentLevel PrepaymentUnitType DrawdownScope"
)


class NewProduct(Shape):
    """POST /v1/object/product."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = words("AllowFeatureChanges")

    Name: Annotated[str, Field(min_length=1, max_length=100)]
    EffectiveStartDate: Day
    EffectiveEndDate: Day
    SKU: Annotated[str, Field(max_length=50)] = ""
    ProductNumber: Annotated[str, Field(max_length=100)] = ""
    Category: str | None = None
    Description: Annotated[str, Field(max_length=500)] | None = None


class ProductChange(Shape):
    """PUT /v1/object/product/{id}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = NewProduct.ACCEPTS

    Name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    EffectiveStartDate: Day | None = None
    EffectiveEndDate: Day | None = None
    SKU: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    ProductNumber: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    Category: str | None = None
    Description: Annotated[str, Field(max_length=500)] | None = None

    def given(self) -> dict[str, object]:
        """What was given, by the attributes of the rules."""
        names = {
            "Name": "name",
            "EffectiveStartDate": "start",
            "EffectiveEndDate": "end",
            "SKU": "sku",
            "ProductNumber": "number",
            "Category": "category",
            "Description": "description",
        }
        return _given(self, names)


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
    ProductRatePlanNumber: Annotated[str, Field(max_length=100)] = ""
    Description: Annotated[str, Field(max_length=500)] | None = None

    def extra(self) -> dict[str, object]:
        """What is kept only to be shown."""
        return {name: v for name, v in (self.model_extra or {}).items() if name in self.ACCEPTS}


class PlanChange(Shape):
    """PUT /v1/object/product-rate-plan/{id}."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = (*NewPlan.ACCEPTS, "ProductId")

    Name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    EffectiveStartDate: Day | None = None
    EffectiveEndDate: Day | None = None
    ProductRatePlanNumber: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    Description: Annotated[str, Field(max_length=500)] | None = None

    def given(self) -> dict[str, object]:
        """What was given, by the attributes of the rules."""
        names = {
            "Name": "name",
            "EffectiveStartDate": "start",
            "EffectiveEndDate": "end",
            "ProductRatePlanNumber": "number",
            "Description": "description",
        }
        extra = {name: v for name, v in (self.model_extra or {}).items() if name in NewPlan.ACCEPTS}
        return {**_given(self, names), "extra": extra}


def _given(shape: Shape, names: dict[str, str]) -> dict[str, object]:
    found = {mine: getattr(shape, name) for name, mine in names.items() if name in shape.model_fields_set}
    return {**found, "custom": shape.custom_fields()}


class Tier(Shape):
    """A row of the tier table: a price, a tier or a discount in one currency."""

    ACCEPTS: ClassVar[tuple[str, ...]] = words("Tier MinimumAmount MaximumAmount")

    Currency: Annotated[str, Field(min_length=3, max_length=3)]
    Price: Number | None = None
    StartingUnit: Number | None = None
    EndingUnit: Number | None = None
    PriceFormat: str | None = None
    IsOveragePrice: bool = False
    DiscountPercentage: Number | None = None
    DiscountAmount: Number | None = None

    def offer(self) -> TierOffer:
        """What the rules make of it."""
        return TierOffer(
            currency=self.Currency,
            price=self.Price,
            start=self.StartingUnit,
            end=self.EndingUnit,
            flat=(self.PriceFormat or "").replace(" ", "").lower() == "flatfee",
            overage=self.IsOveragePrice,
            percent=self.DiscountPercentage,
            amount_off=self.DiscountAmount,
        )


class Tiers(Shape):
    """ProductRatePlanChargeTierData."""

    ProductRatePlanChargeTier: list[Tier]


class NewCharge(Shape):
    """POST and PUT of /v1/object/product-rate-plan-charge."""

    CUSTOM: ClassVar[bool] = True
    ACCEPTS: ClassVar[tuple[str, ...]] = _EXTRA

    ProductRatePlanId: str
    Name: Annotated[str, Field(min_length=1, max_length=100)]
    ChargeModel: str
    ChargeType: str
    BillingPeriod: str | None = None
    SpecificBillingPeriod: int | None = None
    BillCycleType: str
    BillCycleDay: int | None = None
    WeeklyBillCycleDay: str | None = None
    ProductRatePlanChargeTierData: Tiers
    TriggerEvent: str = "ContractEffective"
    BillingPeriodAlignment: str | None = None
    BillingTiming: str | None = None
    DefaultQuantity: Number | None = None
    IncludedUnits: Number | None = None
    EndDateCondition: str | None = "SubscriptionEnd"
    UpToPeriods: int | None = None
    UpToPeriodsType: str | None = "Billing Periods"
    ListPriceBase: str | None = None
    SpecificListPriceBase: int | None = None
    ApplyDiscountTo: str | None = None
    DiscountLevel: str | None = None
    RatingGroup: str | None = None
    UOM: Annotated[str, Field(max_length=25)] | None = None
    ProductRatePlanChargeNumber: Annotated[str, Field(max_length=100)] = ""
    Description: Annotated[str, Field(max_length=500)] | None = None
    TaxCode: Annotated[str, Field(max_length=64)] | None = None

    def offer(self) -> ChargeOffer:
        """What the rules make of it."""
        rows = self.ProductRatePlanChargeTierData.ProductRatePlanChargeTier
        until = Until(
            self.EndDateCondition or "SubscriptionEnd",
            self.UpToPeriods or 0,
            self.UpToPeriodsType or "Billing Periods",
        )
        return ChargeOffer(
            plan=self.ProductRatePlanId,
            name=self.Name,
            model=self.ChargeModel,
            kind=self.ChargeType,
            rows=tuple(row.offer() for row in rows),
            period=self.BillingPeriod,
            specific_period=self.SpecificBillingPeriod,
            bill_cycle_type=self.BillCycleType,
            bill_cycle_day=self.BillCycleDay,
            weekday=self.WeeklyBillCycleDay,
            trigger=self.TriggerEvent,
            alignment=self.BillingPeriodAlignment,
            timing=self.BillingTiming,
            quantity=self.DefaultQuantity,
            unit=self.UOM,
            included=self.IncludedUnits,
            until=until,
            base=self.ListPriceBase or "Per Billing Period",
            specific_base=self.SpecificListPriceBase,
            discount_to=self.ApplyDiscountTo,
            discount_level=self.DiscountLevel,
            rating_group=self.RatingGroup,
            number=self.ProductRatePlanChargeNumber,
            description=self.Description,
            tax_code=self.TaxCode,
            custom=self.custom_fields(),
            extra={k: v for k, v in (self.model_extra or {}).items() if k in _EXTRA and v is not None},
        )


class TierChange(Shape):
    """PUT /v1/object/product-rate-plan-charge-tier/{id}."""

    Price: Number
