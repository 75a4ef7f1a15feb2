"""Answers about the catalogue: v1 in small letters, CRUD in capitals."""

from __future__ import annotations

from typing import Any

from simulators.zuora.rules.calendar import ONCE, stamp
from simulators.zuora.rules.catalogue import (
    ONE_TIME,
    USAGE,
    WEEKDAYS,
    Plan,
    PlanCharge,
    Product,
    period_name,
)
from simulators.zuora.rules.fields_catalogue import tier_id
from simulators.zuora.rules.rating import (
    DISCOUNTS,
    MODEL_NAMES,
    OVERAGE,
    PERCENT_OFF,
    TIER_MODELS,
    Price,
    Tier,
)

_CRUD_PERIODS = {"Semi_Annual": "Semi-Annual", "Subscription_Term": "Subscription Term"}
_ENDS = {
    "SubscriptionEnd": "Subscription_End",
    "FixedPeriod": "Fixed_Period",
    "SpecificEndDate": "Specific_End_Date",
    "OneTime": "One_Time",
}


def end_condition(name: str) -> str:
    """The orders' spelling of an end date condition."""
    return _ENDS.get(name, name)


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
        "grade": p.extra.get("Grade"),
        "externallyManagedPlanIds": p.extra.get("ExternalRatePlanIds") or [],
        "productRatePlanCharges": [charge(each) for each in p.charges],
        **p.custom,
    }


def tier(place: int, t: Tier) -> dict[str, Any]:
    """A tier as the v1 answers show it."""
    return {
        "tier": place,
        "startingUnit": t.start,
        "endingUnit": t.end,
        "price": t.price,
        "priceFormat": "FlatFee" if t.flat else "PerUnit",
    }


def _pricing(c: PlanCharge, currency: str, price: Price) -> dict[str, Any]:
    percent = c.model == PERCENT_OFF
    plain = c.model not in (*TIER_MODELS, *DISCOUNTS, OVERAGE)
    return {
        "currency": currency,
        "price": price.amount if plain else None,
        "tiers": [tier(n, t) for n, t in enumerate(price.tiers, 1)] or None,
        "includedUnits": price.included if c.model == OVERAGE else None,
        "overagePrice": price.amount if c.model == OVERAGE else None,
        "discountPercentage": price.amount if percent else None,
        "discountAmount": price.amount if c.model in DISCOUNTS and not percent else None,
    }


def _summary(c: PlanCharge, currency: str, price: Price) -> str:
    if c.model == PERCENT_OFF:
        return f"{price.amount}% discount"
    unit, period = c.unit or "Each", period_name(c.cycle)
    per = f"/{(period or '').replace('_', '-')}" if c.kind == "Recurring" else ""
    if price.tiers:
        parts = []
        for t in price.tiers:
            top = "" if t.end is None else f"{t.end}"
            parts.append(f"{t.start}-{top} {currency}{t.price}" + ("" if t.flat else f"/{unit}"))
        return "; ".join(parts) + per
    if c.model == "Per Unit Pricing":
        return f"{currency}{price.amount}/{unit}{per}"
    return f"{currency}{price.amount}{per}"


def charge(c: PlanCharge) -> dict[str, Any]:
    """A charge with its price in each currency; numbers within `pricing` are JSON numbers."""
    discount = c.discount
    specific = period_name(c.cycle) or ""
    return {
        "id": c.id,
        "productRatePlanChargeNumber": c.number,
        "name": c.name,
        "type": c.kind,
        "model": MODEL_NAMES[c.model],
        "uom": c.unit,
        "description": c.description,
        "defaultQuantity": c.default_quantity,
        "billingPeriod": period_name(c.cycle),
        "specificBillingPeriod": c.cycle.count if specific.startswith("Specific") else None,
        "billingPeriodAlignment": None if c.kind == ONE_TIME else c.alignment,
        "billingTiming": None if c.kind != "Recurring" else "IN_ARREARS" if c.arrears else "IN_ADVANCE",
        "billingDay": billing_day(c.bill_cycle_type, c.bill_cycle_day),
        "triggerEvent": c.trigger,
        "endDateCondition": end_condition(c.until.condition),
        "upToPeriods": c.until.count or None,
        "upToPeriodsType": c.until.unit.replace(" ", "_") if c.until.count else None,
        "listPriceBase": c.base_name.replace(" ", "_"),
        "applyDiscountTo": "".join(
            k.upper() for k in ("OneTime", "Recurring", "Usage") if discount and k in discount.kinds
        )
        or None,
        "discountLevel": discount.level if discount else None,
        "ratingGroup": c.rating_group if c.kind == USAGE else None,
        "taxable": c.tax_code is not None,
        "taxCode": c.tax_code,
        "taxMode": c.extra.get("TaxMode"),
        "revRecCode": c.extra.get("RevRecCode"),
        "minQuantity": c.extra.get("MinQuantity"),
        "maxQuantity": c.extra.get("MaxQuantity"),
        "isStackedDiscount": c.extra.get("IsStackedDiscount"),
        "pricingSummary": [_summary(c, currency, price) for currency, price in c.prices.items()],
        "pricing": [_pricing(c, currency, price) for currency, price in c.prices.items()],
        **c.custom,
    }


def billing_day(kind: str, day: int) -> str:
    """The bill cycle day in the v1 words."""
    return f"SpecificDayofMonth/{day}" if kind == "SpecificDayofMonth" and day else kind


def crud_charge(c: PlanCharge) -> dict[str, Any]:
    """GET /v1/object/product-rate-plan-charge/{id}; fields without a value are left out."""
    name = period_name(c.cycle) or ""
    shown = {
        "Id": c.id,
        "ProductRatePlanId": c.plan.id,
        "ProductRatePlanChargeNumber": c.number,
        "Name": c.name,
        "ChargeType": c.kind,
        "ChargeModel": c.model,
        "BillingPeriod": None if c.cycle.unit == ONCE else _CRUD_PERIODS.get(name, name.replace("_", " ")),
        "SpecificBillingPeriod": c.cycle.count if name.startswith("Specific") else None,
        "BillingPeriodAlignment": None if c.kind == ONE_TIME else c.alignment,
        "BillingTiming": None if c.kind != "Recurring" else "In Arrears" if c.arrears else "In Advance",
        "BillCycleType": c.bill_cycle_type,
        "BillCycleDay": c.bill_cycle_day or None,
        "WeeklyBillCycleDay": WEEKDAYS[c.weekday] if c.bill_cycle_type == "SpecificDayofWeek" else None,
        "TriggerEvent": c.trigger,
        "EndDateCondition": c.until.condition,
        "UpToPeriods": c.until.count or None,
        "UpToPeriodsType": c.until.unit if c.until.count else None,
        "DefaultQuantity": c.default_quantity,
        "ListPriceBase": c.base_name,
        "UOM": c.unit,
        "IncludedUnits": next(iter(c.prices.values())).included if c.model == OVERAGE else None,
        "RatingGroup": c.rating_group if c.kind == USAGE else None,
        "DiscountLevel": c.discount.level if c.discount else None,
        "Description": c.description,
        "TaxCode": c.tax_code,
        **c.extra,
        "CreatedDate": moment(c.created_at),
        "UpdatedDate": moment(c.updated_at),
        **c.custom,
    }
    return {key: value for key, value in shown.items() if value is not None}


def crud_tier(c: PlanCharge, currency: str, place: int) -> dict[str, Any]:
    """GET /v1/object/product-rate-plan-charge-tier/{id}."""
    price = c.prices[currency]
    mine = price.tiers[place - 1] if price.tiers else None
    shown = {
        "Id": tier_id(c, currency, place),
        "Currency": currency,
        "Tier": place,
        "Price": mine.price if mine else price.amount,
        "StartingUnit": mine.start if mine else None,
        "EndingUnit": mine.end if mine else None,
        "PriceFormat": ("Flat Fee" if mine.flat else "Per Unit") if mine else None,
        "CreatedDate": moment(c.created_at),
        "UpdatedDate": moment(c.updated_at),
    }
    return {key: value for key, value in shown.items() if value is not None}


def moment(at: int) -> str:
    """A moment as the CRUD calls write it, with an offset."""
    return f"{stamp(at).replace(' ', 'T')}.000+00:00"


def as_request(c: PlanCharge) -> dict[str, Any]:
    """The charge as the request that would make it, for a change to be laid over."""
    shown = crud_charge(c)
    rows: list[dict[str, Any]] = []
    for currency, price in c.prices.items():
        if price.tiers:
            rows += [
                {
                    "Currency": currency,
                    "Price": t.price,
                    "StartingUnit": t.start,
                    "EndingUnit": t.end,
                    "PriceFormat": "Flat Fee" if t.flat else "Per Unit",
                    "IsOveragePrice": t.overage,
                }
                for t in price.tiers
            ]
        elif c.model in DISCOUNTS:
            name = "DiscountPercentage" if c.model == PERCENT_OFF else "DiscountAmount"
            rows.append({"Currency": currency, name: price.amount})
        else:
            rows.append({"Currency": currency, "Price": price.amount})
    kinds = "".join(
        k.upper() for k in ("OneTime", "Recurring", "Usage") if c.discount and k in c.discount.kinds
    )
    if kinds:
        shown["ApplyDiscountTo"] = kinds
    for name in ("Id", "CreatedDate", "UpdatedDate"):
        shown.pop(name, None)
    if c.model in ("Flat Fee Pricing", *DISCOUNTS) or c.kind == USAGE:
        shown.pop("DefaultQuantity", None)
    return {**shown, "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": rows}}
