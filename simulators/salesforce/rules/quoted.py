"""Lines of primary quotes in the lab's terms: what was sold, at what price, for how long at a time."""

from __future__ import annotations

from typing import Any

from simulators.kit.money import minor
from simulators.salesforce.rules.store import Record, Store

MONTHS = {"Monthly": 1, "Quarterly": 3, "Semiannual": 6, "Annual": 12}


def quoted(store: Store) -> list[dict[str, Any]]:
    """Of every opportunity with an external key, in the order of their making."""
    quotes = {
        record.id: record
        for record in store.shelves["SBQQ__Quote__c"].records.values()
        if not record.deleted and record.values["SBQQ__Primary__c"]
    }
    deals = store.shelves["Opportunity"].records
    found = []
    for line in store.shelves["SBQQ__QuoteLine__c"].records.values():
        quote = quotes.get(line.values["SBQQ__Quote__c"])
        deal = deals.get(quote.values["SBQQ__Opportunity2__c"] or "") if quote else None
        if quote and deal and not line.deleted and not deal.deleted and deal.values["External_Id__c"]:
            found.append(_line(line, deal, quote.currency))
    return found


def _line(line: Record, deal: Record, currency: str) -> dict[str, Any]:
    values = line.values
    once = values["SBQQ__ChargeType__c"] == "One-Time"
    return {
        "id": line.id,
        "opportunity": deal.values["External_Id__c"],
        "product": values["SBQQ__ProductCode__c"] or "",
        "quantity": int(values["SBQQ__Quantity__c"] or 0),
        "prior": int(values["SBQQ__PriorQuantity__c"] or 0),
        "price": minor(values["SBQQ__NetPrice__c"] or 0, currency),
        "months": 0 if once else MONTHS.get(values["SBQQ__BillingFrequency__c"] or "", 0),
    }
