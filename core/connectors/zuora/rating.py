"""What use costs and what of it is billed, out of Zuora's subscriptions, usage and invoice items; pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.usage import UsageEvent
from core.connectors.shapes import day, money
from core.connectors.zuora import wire
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.wire import Json
from core.connectors.zuora.words import kind_of, status_of
from core.finance.usage.accrual import BilledUse, Meter, MeteredContract
from core.finance.usage.prices import FlatFee, Graduated, PerUnit, Price, Tier, Volume

# What is asked of a usage record and of an invoice item.
USAGE_FIELDS = ("description", "accountNumber", "subscriptionNumber", "uOM", "quantity", "startDateTime")
ITEM_FIELDS = ("subscriptionNumber", "sKU", "uOM", "serviceStartDate", "chargeAmount", "invoiceId")

_MEMO_NAMES = "subscriptionNumber sku unitOfMeasure serviceStartDate amount sourceItemType creditMemoId"
MEMO_FIELDS = tuple(_MEMO_NAMES.split())


def contract(body: Json, customer: str) -> MeteredContract:
    """GET /v1/subscriptions/{number} with its charges; Held for a price model that is not known here."""
    meters = {}
    currency = ""
    for plan in body["ratePlans"] or ():
        for charge in plan["ratePlanCharges"] or ():
            currency = str(charge["currency"] or currency)
            if kind_of(charge) == wire.USAGE:
                unit = str((charge["uom"] if "uom" in charge else charge["unitOfMeasure"]) or "")
                meters[unit] = Meter(unit, str(plan["productSku"] or ""), price(charge))
    # A cancelled subscription keeps its term; service ends with its last charge.
    end = body.get("subscriptionEndDate") or body.get("termEndDate")
    return MeteredContract(
        str(body["subscriptionNumber"]),
        customer,
        currency,
        day(body["contractEffectiveDate"], "contractEffectiveDate", SYSTEM),
        day(end, "termEndDate", SYSTEM) if end else None,
        meters,
    )


def price(charge: Json) -> Price:
    """By the charge's model."""
    model = str(charge["model"] or "")
    if model == "PerUnit":
        return PerUnit(Fraction(str(charge["price"])))
    if model in ("Tiered", "Volume"):
        rows = sorted(charge["tiers"] or (), key=lambda row: int(row["tier"]))
        tiers = tuple(_tier(row) for row in rows)
        # What no tier ends is priced by the last one.
        tiers = (*tiers[:-1], Tier(None, tiers[-1].unit_price, tiers[-1].flat_fee)) if tiers else ()
        kind = Graduated if model == "Tiered" else Volume
        return kind(tiers, FlatFee.WHEN_USED)
    raise Held(f"charge {charge.get('number')}: use priced as {model or 'nothing'} is not rated here")


def used(row: Json) -> UsageEvent:
    """A usage record of an object query; its id is its description, as in `metering`."""
    return UsageEvent(
        str(row["description"] or ""),
        str(row["accountNumber"] or "").removeprefix("A-"),
        str(row["subscriptionNumber"] or ""),
        str(row["uOM"] or ""),
        Decimal(str(row["quantity"] or 0)),
        day(row["startDateTime"], "startDateTime", SYSTEM),
    )


def billed(row: Json) -> BilledUse | None:
    """An invoice item with its invoice expanded; None where the invoice does not count."""
    invoice = row["invoice"] or {}
    if status_of(invoice) != "posted" or invoice.get("reversed") is True:
        return None
    return BilledUse(
        str(row["subscriptionNumber"] or ""),
        str(row["sKU"] or ""),
        day(row["serviceStartDate"], "serviceStartDate", SYSTEM),
        money(row["chargeAmount"], invoice["currency"], "chargeAmount", SYSTEM),
        day(invoice["invoiceDate"], "invoiceDate", SYSTEM),
    )


def set_off(row: Json) -> BilledUse | None:
    """A credit memo's item with its memo expanded; None where that does not count, or credits what was
    billed before, by which use has not become unbilled again."""
    memo = row["creditMemo"] or {}
    if status_of(memo) != "posted" or row["sourceItemType"] != "SubscriptionComponent":
        return None
    return BilledUse(
        str(row["subscriptionNumber"] or ""),
        str(row["sku"] or ""),
        day(row["serviceStartDate"], "serviceStartDate", SYSTEM),
        -money(row["amount"], memo["currency"], "amount", SYSTEM),
        day(memo["memoDate"], "memoDate", SYSTEM),
    )


def _tier(row: Json) -> Tier:
    end, cost = row["endingUnit"], Fraction(str(row["price"] or 0))
    up_to = None if end in (None, "") else Fraction(str(end))
    return Tier(up_to, Fraction(0), cost) if row["priceFormat"] == "FlatFee" else Tier(up_to, cost)
