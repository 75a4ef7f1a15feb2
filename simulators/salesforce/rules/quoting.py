"""Automation of CPQ: the primary quote, its lines, and the order that a quote becomes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simulators.kit.clock import day
from simulators.salesforce.rules.records import Hooks, Records, Values
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.values import whole_units


def _quote(records: Records, record: Record | None, new: Values) -> None:
    if record is not None:
        return
    opportunity = records.parent(new, "SBQQ__Opportunity2__c")
    if opportunity is not None:
        values = opportunity.values
        new["SBQQ__Account__c"] = new.get("SBQQ__Account__c") or values["AccountId"]
        new["SBQQ__PriceBook__c"] = new.get("SBQQ__PriceBook__c") or values["Pricebook2Id"]
        new["CurrencyIsoCode"] = new.get("CurrencyIsoCode") or opportunity.currency
    new["SBQQ__NetAmount__c"] = Decimal(0)


def _after_quote(records: Records, record: Record, old: Mapping[str, Any] | None) -> None:
    if old is None or "SBQQ__Primary__c" in old or "SBQQ__Opportunity2__c" in old:
        _settle_primary(records, record)
    if record.values["SBQQ__Ordered__c"] and (old is None or "SBQQ__Ordered__c" in old):
        _generate_order(records, record)


def _settle_primary(records: Records, quote: Record) -> None:
    """An opportunity has at most one primary quote, and points at it."""
    opportunity = records.parent(quote.values, "SBQQ__Opportunity2__c")
    if opportunity is None:
        return
    pointed = opportunity.values["SBQQ__PrimaryQuote__c"]
    if quote.values["SBQQ__Primary__c"]:
        for other in records.children("SBQQ__Quote__c", "SBQQ__Opportunity2__c", opportunity):
            if other is not quote and other.values["SBQQ__Primary__c"]:
                records.update(other, {"SBQQ__Primary__c": False})
        if pointed != quote.id:
            records.update(opportunity, {"SBQQ__PrimaryQuote__c": quote.id})
    elif pointed == quote.id:
        records.update(opportunity, {"SBQQ__PrimaryQuote__c": None})


def _line(records: Records, record: Record | None, new: Values) -> None:
    if record is None:
        quote = records.parent(new, "SBQQ__Quote__c")
        assert quote is not None
        new["CurrencyIsoCode"] = quote.currency
        if new.get("SBQQ__Quantity__c") is None:
            new["SBQQ__Quantity__c"] = Decimal("1.00")
        if new.get("SBQQ__Number__c") is None:
            before = records.children("SBQQ__QuoteLine__c", "SBQQ__Quote__c", quote)
            new["SBQQ__Number__c"] = Decimal(len(before) + 1)
    if "SBQQ__Product__c" in new:
        product = records.parent(new, "SBQQ__Product__c")
        new["SBQQ__ProductCode__c"] = product.values["ProductCode"] if product else None
        if product is not None:
            _inherit(new, product)
    _price(records, record, new)
    now = {**(record.values if record else {}), **new}
    new["SBQQ__NetTotal__c"] = (now.get("SBQQ__NetPrice__c") or 0) * _effective(now)


def _price(records: Records, record: Record | None, new: Values) -> None:
    """A line that is not told its net price has the list price of the quote's price book, less its
    discount; a later change of either prices it again. A net price that is written stands."""
    now = {**(record.values if record else {}), **new}
    if "SBQQ__NetPrice__c" in new and new["SBQQ__NetPrice__c"] is not None:
        return
    if record is None and now.get("SBQQ__ListPrice__c") is None:
        entry = _entry(records, now)
        new["SBQQ__ListPrice__c"] = now["SBQQ__ListPrice__c"] = entry.values["UnitPrice"] if entry else None
    elif record is not None and not {"SBQQ__Discount__c", "SBQQ__ListPrice__c"} & set(new):
        return
    listed = now.get("SBQQ__ListPrice__c")
    if listed is not None:
        exact = listed * (100 - (now.get("SBQQ__Discount__c") or Decimal(0))) / 100
        net = whole_units(exact, str(now["CurrencyIsoCode"]))
        new["SBQQ__NetPrice__c"] = new["SBQQ__CustomerPrice__c"] = net


def _entry(records: Records, line: Mapping[str, Any]) -> Record | None:
    """The price book entry that a line names, or that its quote's price book has for its product."""
    quote, product = records.parent(line, "SBQQ__Quote__c"), records.parent(line, "SBQQ__Product__c")
    named = records.parent(line, "SBQQ__PricebookEntryId__c")
    if named is not None or quote is None or product is None:
        return named
    opportunity = records.parent(quote.values, "SBQQ__Opportunity2__c")
    book = quote.values["SBQQ__PriceBook__c"] or (opportunity and opportunity.values["Pricebook2Id"])
    entries = records.children("PricebookEntry", "Product2Id", product)
    fits = [e for e in entries if e.values["Pricebook2Id"] == book and e.currency == line["CurrencyIsoCode"]]
    return fits[0] if fits else None


_FROM_PRODUCT = (
    "SBQQ__SubscriptionPricing__c", "SBQQ__ChargeType__c", "SBQQ__BillingFrequency__c",
    "SBQQ__SubscriptionTerm__c",
)  # fmt: skip


def _inherit(new: Values, product: Record) -> None:
    """What a line is not told it takes from its product."""
    for name in _FROM_PRODUCT:
        if new.get(name) is None and product.values[name] is not None:
            new[name] = product.values[name]


def _effective(line: Mapping[str, Any]) -> Decimal:
    """An amendment's line orders only what it adds to the prior quantity."""
    return Decimal(line.get("SBQQ__Quantity__c") or 0) - Decimal(line.get("SBQQ__PriorQuantity__c") or 0)


def _sum_lines(records: Records, line: Record, old: Mapping[str, Any] | None = None) -> None:
    if old is not None and "SBQQ__NetTotal__c" not in old and not line.deleted:
        return
    quote = records.store.by_id[line.values["SBQQ__Quote__c"]]
    if not quote.deleted:
        lines = records.children("SBQQ__QuoteLine__c", "SBQQ__Quote__c", quote)
        total = sum((each.values["SBQQ__NetTotal__c"] for each in lines), Decimal(0))
        sums = {
            "SBQQ__NetAmount__c": total, "SBQQ__CustomerAmount__c": total,
            "SBQQ__LineItemCount__c": Decimal(len(lines)),
        }  # fmt: skip
        records.settle(quote, sums)
    _sum_group(records, line)


def _sum_group(records: Records, line: Record) -> None:
    group = records.parent(line.values, "SBQQ__Group__c")
    if group is not None and not group.deleted:
        lines = records.children("SBQQ__QuoteLine__c", "SBQQ__Group__c", group)
        total = sum((each.values["SBQQ__NetTotal__c"] for each in lines), Decimal(0))
        records.settle(group, {"SBQQ__NetTotal__c": total, "SBQQ__CustomerTotal__c": total})


def order_quote(records: Records, quote: Record) -> None:
    """Mark a quote as ordered, from which its order follows; nothing if it is ordered already."""
    if not quote.values["SBQQ__Ordered__c"]:
        records.update(quote, {"SBQQ__Ordered__c": True})


def _refuse(text: str) -> Refused:
    # unconfirmed: the package's exact texts; its refusals surface under this code.
    return Refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", text, ("SBQQ__Ordered__c",))


def _generate_order(records: Records, quote: Record) -> None:
    """A Draft order with one item for each line that orders something. The package does this some
    seconds later in a job of its own; here it is part of the same unit of work. By default the package
    asks for a primary quote alone: neither for an approved one nor for a won opportunity."""
    values = quote.values
    opportunity = records.parent(values, "SBQQ__Opportunity2__c")
    if opportunity is None or not values["SBQQ__Primary__c"]:
        raise _refuse("Only the primary quote of an opportunity can be ordered.")
    book = values["SBQQ__PriceBook__c"] or opportunity.values["Pricebook2Id"]
    if book is None:
        raise _refuse("The quote needs a price book before it is ordered.")
    account = values["SBQQ__Account__c"] or opportunity.values["AccountId"]
    if account is None:
        raise _refuse("The quote needs an account before it is ordered.")
    start = values["SBQQ__StartDate__c"] or day(records.clock.now()).isoformat()
    order = records.create(
        "Order",
        {
            "AccountId": account, "OpportunityId": opportunity.id, "SBQQ__Quote__c": quote.id,
            "Pricebook2Id": book, "EffectiveDate": start, "EndDate": values["SBQQ__EndDate__c"],
            "Status": "Draft", "CurrencyIsoCode": quote.currency,
        },
    )  # fmt: skip
    for line in records.children("SBQQ__QuoteLine__c", "SBQQ__Quote__c", quote):
        if _effective(line.values):
            _order_line(records, order, line)
    if not opportunity.values["SBQQ__Ordered__c"]:
        records.update(opportunity, {"SBQQ__Ordered__c": True})


def _order_line(records: Records, order: Record, line: Record) -> None:
    product = records.parent(line.values, "SBQQ__Product__c")
    if product is None:
        raise _refuse(f"Quote line {line.values['Name']} has no product.")
    book = order.values["Pricebook2Id"]
    entries = records.children("PricebookEntry", "Product2Id", product)
    fits = [e for e in entries if e.values["Pricebook2Id"] == book and e.currency == order.currency]
    if not fits:
        raise _refuse(f"{product.values['Name']} has no price book entry in {order.currency}.")
    records.create(
        "OrderItem",
        {
            "OrderId": order.id, "PricebookEntryId": fits[0].id, "SBQQ__QuoteLine__c": line.id,
            "Quantity": _effective(line.values), "UnitPrice": line.values["SBQQ__NetPrice__c"] or Decimal(0),
            "ServiceDate": line.values["SBQQ__StartDate__c"] or order.values["EffectiveDate"],
            "EndDate": line.values["SBQQ__EndDate__c"] or order.values["EndDate"],
            "SBQQ__BillingFrequency__c": line.values["SBQQ__BillingFrequency__c"],
            "SBQQ__ChargeType__c": line.values["SBQQ__ChargeType__c"],
        },
    )  # fmt: skip


QUOTE_HOOKS = Hooks(before=_quote, after=_after_quote)
LINE_HOOKS = Hooks(before=_line, after=_sum_lines, left=_sum_lines)
