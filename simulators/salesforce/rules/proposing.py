"""Automation of standard quotes: account and price book of the opportunity, sums over lines, syncing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simulators.salesforce.rules import syncing
from simulators.salesforce.rules.records import Hooks, Records, Values
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record


def _quote(records: Records, record: Record | None, new: Values) -> None:
    if record is None:
        opportunity = records.parent(new, "OpportunityId")
        assert opportunity is not None
        new["AccountId"] = opportunity.values["AccountId"]
        new["Pricebook2Id"] = new.get("Pricebook2Id") or opportunity.values["Pricebook2Id"]
        new["CurrencyIsoCode"] = opportunity.currency
        new["Subtotal"] = new["TotalPrice"] = Decimal(0)
        new["LineItemCount"] = Decimal(0)
    now = {**(record.values if record else {}), **new}
    new["GrandTotal"] = _grand(now, now["TotalPrice"])


def _grand(values: Mapping[str, Any], total: Decimal) -> Decimal:
    return total + (values.get("Tax") or 0) + (values.get("ShippingHandling") or 0)


def _line(records: Records, record: Record | None, new: Values) -> None:
    if record is None:
        quote, entry = records.parent(new, "QuoteId"), records.parent(new, "PricebookEntryId")
        assert quote is not None
        assert entry is not None
        if quote.values["Pricebook2Id"] is None:
            records.settle(quote, {"Pricebook2Id": entry.values["Pricebook2Id"]})
        elif quote.values["Pricebook2Id"] != entry.values["Pricebook2Id"]:
            said = "pricebook entry is in a different pricebook than the one assigned to the quote"
            raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("PricebookEntryId",))
        if quote.currency != entry.currency:
            said = "The pricebook entry currency code does not match the quote currency code"
            raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("PricebookEntryId",))
        new["Product2Id"], new["CurrencyIsoCode"] = entry.values["Product2Id"], quote.currency
        new["ListPrice"] = entry.values["UnitPrice"]
    now = {**(record.values if record else {}), **new}
    new["Subtotal"] = now["UnitPrice"] * now["Quantity"]
    new["TotalPrice"] = new["Subtotal"] * (1 - (now.get("Discount") or Decimal(0)) / 100)


def _after_line(records: Records, line: Record, old: Mapping[str, Any] | None) -> None:
    _sum_lines(records, line)
    syncing.up(records, line, old)


def _line_left(records: Records, line: Record) -> None:
    _sum_lines(records, line)
    syncing.gone_up(records, line)


def _sum_lines(records: Records, line: Record) -> None:
    quote = records.store.by_id[line.values["QuoteId"]]
    if quote.deleted:
        return
    lines = records.children("QuoteLineItem", "QuoteId", quote)
    whole = sum((each.values["Subtotal"] for each in lines), Decimal(0))
    total = sum((each.values["TotalPrice"] for each in lines), Decimal(0))
    sums: dict[str, Any] = {
        "Subtotal": whole, "TotalPrice": total, "GrandTotal": _grand(quote.values, total),
        "LineItemCount": Decimal(len(lines)),
        "Discount": (100 - total * 100 / whole).quantize(Decimal("0.01")) if whole else Decimal(0),
    }  # fmt: skip
    records.settle(quote, sums)


QUOTE_HOOKS = Hooks(before=_quote)
LINE_HOOKS = Hooks(before=_line, after=_after_line, left=_line_left)
