"""Sets up the ledger's sandbox: items, classes, subsidiaries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.settings import Entity
from scenarios.lifecycles.hands import NETSUITE, Hands
from scenarios.lifecycles.treasury import currency_ids
from scenarios.profiles.profile import Product


async def ledger_item(hands: Hands, sku: str, name: str, income: str, deferred: str) -> None:
    """What is sold, posted to `income`, or to `deferred` first where that is named."""
    accounts = await _accounts(hands)
    fields: dict[str, Any] = {
        "itemId": sku,
        "externalId": sku,
        "displayName": name,
        "incomeAccount": {"id": accounts[income]},
    }
    if deferred:
        fields["deferredRevenueAccount"] = {"id": accounts[deferred]}
    await hands.call("netsuite", "POST", f"{NETSUITE}/record/v1/serviceSaleItem", json_body=fields)


async def revenue_class(hands: Hands, product: Product) -> None:
    """What revenue is reported by."""
    fields = {"name": product.name, "externalId": product.sku}
    await hands.call("netsuite", "POST", f"{NETSUITE}/record/v1/classification", json_body=fields)


async def open_subsidiaries(hands: Hands, entities: Iterable[Entity], eliminations: str = "") -> None:
    """One subsidiary a legal entity, in the currency of its books."""
    ids = await currency_ids(hands)
    for entity in entities:
        fields = {
            "name": entity.name,
            "externalId": entity.key,
            "currency": {"id": ids[entity.currency]},
            "parent": {"id": "1"},
            "isElimination": entity.key == eliminations,
        }
        await hands.call("netsuite", "POST", f"{NETSUITE}/record/v1/subsidiary", json_body=fields)


async def _accounts(hands: Hands) -> dict[str, str]:
    found = await hands.call(
        "netsuite",
        "POST",
        f"{NETSUITE}/query/v1/suiteql?limit=1000&offset=0",
        json_body={"q": "SELECT id, acctnumber FROM account"},
        headers={"prefer": "transient"},
    )
    return {row["acctnumber"]: str(row["id"]) for row in found["items"]}
