"""Fields of products, their rate plans, charges and price tiers."""

from __future__ import annotations

from typing import Any

from simulators.zuora.rules.catalogue import ONE_TIME, USAGE, PlanCharge, period_name
from simulators.zuora.rules.fields import Field, Vocabulary, always, common, day, flag, number, text
from simulators.zuora.rules.rating import DISCOUNTS, OVERAGE, PERCENT_OFF


def tier_id(c: PlanCharge, currency: str, place: int) -> str:
    """The id of a row of the tier table: 32 hexadecimal digits that say which it is (ours)."""
    number = list(c.prices).index(currency) * 256 + place
    return f"{c.id[:-4]}{int(c.id[-4:], 16) ^ number:04x}"


PRODUCT: Vocabulary = {
    **common(),
    "name": text("name"),
    "productNumber": text("number"),
    "sKU": text("sku"),
    "description": text("description"),
    "category": text("category"),
    "effectiveStartDate": day("start"),
    "effectiveEndDate": day("end"),
    "allowFeatureChanges": always(False),
}

PRODUCT_RATE_PLAN: Vocabulary = {
    **common(),
    "name": text("name"),
    "productRatePlanNumber": text("number"),
    "productId": text("product.id"),
    "description": text("description"),
    "effectiveStartDate": day("start"),
    "effectiveEndDate": day("end"),
}


def _extra(name: str) -> Field:
    return text(lambda c: c.extra.get(name))


def _timing(charge: Any) -> str | None:
    if charge.kind in (USAGE, ONE_TIME):
        return None
    return "In Arrears" if charge.arrears else "In Advance"


PRODUCT_RATE_PLAN_CHARGE: Vocabulary = {
    **common(),
    "name": text("name"),
    "productRatePlanChargeNumber": text("number"),
    "productRatePlanId": text("plan.id"),
    "description": text("description"),
    "chargeModel": text("model"),
    "chargeType": text("kind"),
    "billingPeriod": text(lambda c: period_name(c.cycle)),
    "specificBillingPeriod": number(
        lambda c: c.cycle.count if (period_name(c.cycle) or "").startswith("Specific") else None
    ),
    "billingPeriodAlignment": text("alignment"),
    "billingTiming": text(_timing),
    "billCycleType": text("bill_cycle_type"),
    "billCycleDay": number(lambda c: c.bill_cycle_day or None),
    "triggerEvent": text("trigger"),
    "endDateCondition": text("until.condition"),
    "upToPeriods": number(lambda c: c.until.count or None),
    "upToPeriodsType": text(lambda c: c.until.unit if c.until.count else None),
    "defaultQuantity": number("default_quantity"),
    "uOM": text("unit"),
    "listPriceBase": text("base_name"),
    "ratingGroup": text(lambda c: c.rating_group if c.kind == USAGE else None),
    "taxCode": text("tax_code"),
    "taxable": flag(lambda c: c.tax_code is not None),
    "discountLevel": text(lambda c: c.discount.level if c.discount else None),
    "taxMode": _extra("TaxMode"),
    "accountingCode": _extra("AccountingCode"),
    "revRecCode": _extra("RevRecCode"),
    "revRecTriggerCondition": _extra("RevRecTriggerCondition"),
    "revenueRecognitionRuleName": _extra("RevenueRecognitionRuleName"),
    "priceChangeOption": _extra("PriceChangeOption"),
    "chargeFunction": _extra("ChargeFunction"),
}


def _price(row: Any) -> Any:
    if row.it is not None:
        return row.it.price
    return None if row.up.model in (*DISCOUNTS, OVERAGE) else row.more[2].amount


# up: the charge; it: a tier, None where there is one price; more: (currency, place, the whole price).
PRODUCT_RATE_PLAN_CHARGE_TIER: Vocabulary = {
    **common(),
    "productRatePlanChargeId": text("up.id"),
    "currency": text(lambda r: r.more[0]),
    "tier": number(lambda r: r.more[1]),
    "startingUnit": number(lambda r: r.it.start if r.it else None),
    "endingUnit": number(lambda r: r.it.end if r.it else None),
    "price": number(_price),
    "priceFormat": text(lambda r: ("Flat Fee" if r.it.flat else "Per Unit") if r.it else None),
    "includedUnits": number(lambda r: r.more[2].included if r.up.model == OVERAGE else None),
    "overagePrice": number(lambda r: r.more[2].amount if r.up.model == OVERAGE else None),
    "discountPercentage": number(lambda r: r.more[2].amount if r.up.model == PERCENT_OFF else None),
    "discountAmount": number(
        lambda r: r.more[2].amount if r.up.model in DISCOUNTS and r.up.model != PERCENT_OFF else None
    ),
    "active": always(True),
}
