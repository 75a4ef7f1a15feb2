"""Automation of contacts, price books and opportunities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from simulators.salesforce.rules import syncing
from simulators.salesforce.rules.commerce import STAGES
from simulators.salesforce.rules.contracting import contract_opportunity
from simulators.salesforce.rules.quoting import order_quote
from simulators.salesforce.rules.records import Hooks, Records, Values
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.store import Record
from simulators.salesforce.rules.values import moment_text


def _account_leaves(records: Records, account: Record) -> None:
    found = records.children("Opportunity", "AccountId", account)
    if any(opportunity.values["IsWon"] for opportunity in found):
        said = (
            f"Your attempt to delete {account.values['Name']} could not be completed because some "
            "opportunities in this account were closed won"
        )
        raise Refused("DELETE_FAILED", said)


def _contact(_: Records, record: Record | None, new: Values) -> None:
    if "LastName" in new or "FirstName" in new:
        now = {**(record.values if record else {}), **new}
        new["Name"] = " ".join(part for part in (now.get("FirstName"), now["LastName"]) if part)


def _entry(records: Records, record: Record | None, new: Values) -> None:
    """A product may have a price of its own only where it has a standard price in that currency."""
    if record is not None:
        return
    book, product = records.parent(new, "Pricebook2Id"), records.parent(new, "Product2Id")
    assert book is not None
    assert product is not None
    new["CurrencyIsoCode"] = currency = new.get("CurrencyIsoCode") or "USD"
    new["Name"], new["ProductCode"] = product.values["Name"], product.values["ProductCode"]
    entries = [e for e in records.children("PricebookEntry", "Product2Id", product) if e.currency == currency]
    if any(e.values["Pricebook2Id"] == book.id for e in entries):
        raise Refused("DUPLICATE_VALUE", "This price definition already exists in this price book")
    if not book.values["IsStandard"]:
        standard = [e for e in entries if records.store.by_id[e.values["Pricebook2Id"]].values["IsStandard"]]
        if not standard:
            said = "Before creating a custom price, create a standard price."
            raise Refused("STANDARD_PRICE_NOT_DEFINED", said)
        if new.get("UseStandardPrice"):
            new["UnitPrice"] = standard[0].values["UnitPrice"]


def _stage(_: Records, record: Record | None, new: Values) -> None:
    moved = record is None or record.values["StageName"] != new.get("StageName")
    if new.get("StageName") and moved:
        probability, new["IsClosed"], new["IsWon"] = STAGES[new["StageName"]]
        if new.get("Probability") is None:
            new["Probability"] = Decimal(probability)
        new["ForecastCategory"], default = _FORECASTS[_forecast(probability, new)]
        new["ForecastCategoryName"] = new.get("ForecastCategoryName") or default
    if record is not None and record.values["HasOpportunityLineItem"]:
        new.pop("Amount", None)  # the amount is the sum of the lines; a written one is passed over
        book = new.get("Pricebook2Id", record.values["Pricebook2Id"])
        if book != record.values["Pricebook2Id"]:
            said = "Cannot change the price book of an opportunity that has products"
            raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("Pricebook2Id",))  # unconfirmed: the text
    now = {**(record.values if record else {}), **new}
    new["ExpectedRevenue"] = _expected(now.get("Amount"), now.get("Probability"))
    if "CloseDate" in new:
        closing = date.fromisoformat(new["CloseDate"])
        new["FiscalYear"], new["FiscalQuarter"] = Decimal(closing.year), Decimal((closing.month + 2) // 3)


# Per cent -> (ForecastCategory, ForecastCategoryName), as the default stages have it.
_FORECASTS = {
    "lost": ("Omitted", "Omitted"),
    "won": ("Closed", "Closed"),
    "likely": ("Forecast", "Commit"),
    "open": ("Pipeline", "Pipeline"),
}


def _forecast(probability: int, new: Values) -> str:
    if new["IsClosed"]:
        return "won" if new["IsWon"] else "lost"
    return "likely" if probability >= 90 else "open"


def _expected(amount: Decimal | None, probability: Decimal | None) -> Decimal | None:
    return None if amount is None else amount * (probability or Decimal(0)) / 100


def _after_opportunity(records: Records, record: Record, old: Mapping[str, Any] | None) -> None:
    if record.values["SBQQ__Contracted__c"] and (old is None or "SBQQ__Contracted__c" in old):
        contract_opportunity(records, record)
    syncing.follow(records, record, old)
    ordered = record.values["SBQQ__Ordered__c"] and (old is None or "SBQQ__Ordered__c" in old)
    if not ordered:
        return
    quote = records.parent(record.values, "SBQQ__PrimaryQuote__c")
    if quote is None:
        said = "The opportunity needs a primary quote before it can be ordered."
        raise Refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", said, ("SBQQ__Ordered__c",))
    order_quote(records, quote)


def _line(records: Records, record: Record | None, new: Values) -> None:
    if record is None:
        _price_line(records, new)
    now = {**(record.values if record else {}), **new}
    if new.get("TotalPrice") is not None:
        if new.get("UnitPrice") is not None:
            said = "You cannot specify both UnitPrice and TotalPrice"
            raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("UnitPrice", "TotalPrice"))
        new["UnitPrice"] = new["TotalPrice"] / now["Quantity"] if now["Quantity"] else Decimal(0)
    elif {"UnitPrice", "Quantity", "Discount"} & set(new):
        off = (now.get("Discount") or Decimal(0)) / 100
        new["Subtotal"] = now["UnitPrice"] * now["Quantity"]
        new["TotalPrice"] = new["Subtotal"] * (1 - off)


def _price_line(records: Records, new: Values) -> None:
    opportunity = records.parent(new, "OpportunityId")
    assert opportunity is not None
    book = opportunity.values["Pricebook2Id"]
    entry = records.parent(new, "PricebookEntryId")
    product = records.parent(new, "Product2Id")
    if entry is None and product is not None and book:
        found = records.children("PricebookEntry", "Product2Id", product)
        fits = [e for e in found if e.values["Pricebook2Id"] == book and e.currency == opportunity.currency]
        entry = fits[0] if fits else None
    if entry is None:
        said = "Required fields are missing: [PricebookEntryId]"
        raise Refused("REQUIRED_FIELD_MISSING", said, ("PricebookEntryId",))
    if book and entry.values["Pricebook2Id"] != book:
        said = "pricebook entry is in a different pricebook than the one assigned to the opportunity"
        raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("PricebookEntryId",))
    if entry.currency != opportunity.currency:
        said = "The pricebook entry currency code does not match the opportunity currency code"
        raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("PricebookEntryId",))
    if not entry.values["IsActive"]:
        said = "field integrity exception: PricebookEntryId (pricebook entry is inactive)"
        raise Refused("FIELD_INTEGRITY_EXCEPTION", said, ("PricebookEntryId",))
    if not book:
        records.update(opportunity, {"Pricebook2Id": entry.values["Pricebook2Id"]})
    values = entry.values
    new.update(
        PricebookEntryId=entry.id, Product2Id=values["Product2Id"], CurrencyIsoCode=opportunity.currency,
        ListPrice=values["UnitPrice"], ProductCode=values["ProductCode"],
        Name=f"{opportunity.values['Name']} {values['Name']}",
    )  # fmt: skip
    if new.get("UnitPrice") is None and new.get("TotalPrice") is None:
        new["UnitPrice"] = values["UnitPrice"]  # unconfirmed: that the list price is the default


def _sum_lines(records: Records, line: Record) -> None:
    opportunity = records.store.by_id[line.values["OpportunityId"]]
    if opportunity.deleted:
        return
    lines = records.children("OpportunityLineItem", "OpportunityId", opportunity)
    total = sum((each.values["TotalPrice"] for each in lines), Decimal(0))
    sums: dict[str, Any] = {
        "Amount": total, "HasOpportunityLineItem": bool(lines),
        "ExpectedRevenue": _expected(total, opportunity.values["Probability"]),
        "TotalOpportunityQuantity": sum((each.values["Quantity"] for each in lines), Decimal(0)) or None,
    }  # fmt: skip
    records.settle(opportunity, sums)


def _after_line(records: Records, line: Record, old: Mapping[str, Any] | None) -> None:
    _sum_lines(records, line)
    syncing.down(records, line, old)


def _case(records: Records, _: Record | None, new: Values) -> None:
    if "Status" in new:
        new["IsClosed"] = new["Status"] == "Closed"
        new["ClosedDate"] = moment_text(records.clock.now()) if new["IsClosed"] else None


def _task(_: Records, __: Record | None, new: Values) -> None:
    if "Status" in new:
        new["IsClosed"] = new["Status"] == "Completed"


CASE_HOOKS = Hooks(before=_case)
TASK_HOOKS = Hooks(before=_task)
ACCOUNT_HOOKS = Hooks(leaving=_account_leaves)
CONTACT_HOOKS = Hooks(before=_contact)
ENTRY_HOOKS = Hooks(before=_entry)
OPPORTUNITY_HOOKS = Hooks(before=_stage, after=_after_opportunity)
LINE_HOOKS = Hooks(before=_line, after=_after_line, leaving=syncing.leave_down, left=_sum_lines)
