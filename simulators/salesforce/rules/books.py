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


def books(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Plain JSON: money in minor units, moments in microseconds."""
    live = {
        name: [record for record in shelf.records.values() if not record.deleted]
        for name, shelf in store.shelves.items()
        if name in ("Opportunity", "Invoice__c")
    }
    return {
        "accounts": [_account(record) for record in store.shelves["Account"].records.values()],
        "opportunities": [_opportunity(store, record) for record in live["Opportunity"]],
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
