"""What the SKUs are sold by, read once and kept: a catalogue changes rarely, orders come often."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from core.canonical.errors import Missing
from core.connectors.zuora import wire
from core.connectors.zuora.api import Api
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.ordering import Plan
from core.connectors.zuora.wire import Json
from core.connectors.zuora.words import kind_of

PRODUCTS = "/v1/catalog/products?pageSize=40"


class Catalogue:
    """SKU to rate plan and charge. Convention: a SKU has one rate plan with one charge."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._products: dict[str, Json] = {}
        self._plans: dict[str, Plan] = {}
        self._loading = asyncio.Lock()

    async def plans(self, skus: Iterable[str]) -> dict[str, Plan]:
        """The plans of these SKUs; Missing where the catalogue lacks one."""
        return {sku: self._plans.get(sku) or await self._find(sku) for sku in dict.fromkeys(skus)}

    async def _find(self, sku: str) -> Plan:
        async with self._loading:
            if sku not in self._plans:
                # An unknown SKU may be a new one: look again, once.
                if sku not in self._products:
                    await self._load()
                if sku not in self._products:
                    raise Missing(f"the catalogue holds no product {sku}", system=SYSTEM)
                self._plans[sku] = await self._plan(sku, self._products[sku])
            return self._plans[sku]

    async def _load(self) -> None:
        rows = self._api.pages("list_products", "catalogue", PRODUCTS, "products")
        self._products = {str(row["sku"]): row async for row in rows}

    async def _plan(self, sku: str, product: Json) -> Plan:
        plans = product["productRatePlans"]
        if isinstance(plans, str):
            # From version 230.0 on the list gives an address instead of the plans themselves.
            rows = self._api.pages("list_rate_plans", sku, wire.path_of(plans), "productRatePlans")
            plans = [row async for row in rows]
        for plan in plans or ():
            for charge in plan["productRatePlanCharges"] or ():
                kind, key = kind_of(charge), str(charge.get("id") or charge.get("Id"))
                return Plan(str(plan["id"]), key, kind == wire.USAGE, kind == wire.ONCE)
        raise Missing(f"the product {sku} has no rate plan with a charge", system=SYSTEM)
