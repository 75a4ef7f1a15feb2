"""The org's books in the lab's terms: accounts, opportunities, mirrored invoices."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import minor
from simulators.salesforce.rules.quoted import quoted
from simulators.salesforce.rules.store import Record, Store

KINDS = {
    "New Business": "new",
    "Amendment": "amendment",
    "Renewal": "renewal",
    "Cancellation": "cancellation",
    "Suspension": "suspension",
    "Resumption": "resumption",
}

_MONTHS = {"Monthly": 1, "Quarterly": 3, "Semiannual": 6, "Annual": 12}


def books(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Plain JSON: money in minor units, moments in microseconds."""
    live = {
        name: [record for record in shelf.records.values() if not record.deleted]
        for name, shelf in store.shelves.items()
        if name in ("Opportunity", "Invoice__c", "SBQQ__QuoteLine__c")
    }
    lines = _priced(store, live["SBQQ__QuoteLine__c"])
    return {
        "accounts": [_account(record) for record in store.shelves["Account"].records.values()],
        "opportunities": [
            {**_opportunity(store, record), "lines": lines.get(record.id, [])}
            for record in live["Opportunity"]
        ],
        "invoices": [_invoice(store, record) for record in live["Invoice__c"]],
        "quote_lines": quoted(store),
    }


def _account(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "key": record.values["External_Id__c"] or "",
        "name": record.values["Name"],
        "currency": record.currency,
        "deleted": record.deleted,
        "created_at": record.created_at,
        "entity": record.values["Legal_Entity__c"] or "",
    }


def _opportunity(store: Store, record: Record) -> dict[str, Any]:
    values = record.values
    return {
        "id": record.id,
        "key": values["External_Id__c"] or "",
        "account": _account_key(store, values["AccountId"]),
        "kind": KINDS.get(values["Type"], ""),
        "stage": values["StageName"],
        "closed_at": record.closed_at,
        "currency": record.currency,
        "original": values["Original_Opportunity__c"] or "",
        "start": values["Service_Start__c"] or "",
        "end": values["Service_End__c"] or "",
        "subscription": values["Subscription_Number__c"] or "",
        "status": values["Billing_Status__c"] or "",
    }


def _priced(store: Store, lines: list[Record]) -> dict[str, list[dict[str, Any]]]:
    """By opportunity, lines of its primary quote that show a list price."""
    found: dict[str, list[dict[str, Any]]] = {}
    for record in lines:
        values = record.values
        quote = store.by_id.get(values["SBQQ__Quote__c"])
        if values["SBQQ__ListPrice__c"] is None or quote is None or not quote.values["SBQQ__Primary__c"]:
            continue
        once = values["SBQQ__ChargeType__c"] == "One-Time"
        found.setdefault(quote.values["SBQQ__Opportunity2__c"], []).append(
            {
                "product": values["SBQQ__ProductCode__c"] or "",
                "quantity": int(values["SBQQ__Quantity__c"] or 0),
                "prior": int(values["SBQQ__PriorQuantity__c"] or 0),
                "price": minor(values["SBQQ__NetPrice__c"] or 0, quote.currency),
                "alone": minor(values["SBQQ__ListPrice__c"], quote.currency),
                "months": 0 if once else _MONTHS.get(values["SBQQ__BillingFrequency__c"], 0),
                "delivered": values["Delivered_On__c"] or "",
            }
        )
    return found


def _invoice(store: Store, record: Record) -> dict[str, Any]:
    values, currency = record.values, record.currency
    return {
        "id": record.id,
        "number": values["Invoice_Number__c"] or "",
        "account": _account_key(store, values["Account__c"]),
        "status": values["Status__c"] or "",
        "currency": currency,
        "total": minor(values["Total__c"] or 0, currency),
        "balance": minor(values["Balance__c"] or 0, currency),
    }


def _account_key(store: Store, account_id: str | None) -> str:
    account = store.by_id.get(account_id) if account_id else None
    return str(account.values["External_Id__c"] or "") if account else ""
