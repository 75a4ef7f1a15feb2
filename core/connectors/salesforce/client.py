"""Salesforce behind the Crm port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from core.canonical.errors import Held, Missing, Refused
from core.canonical.invoices import Invoice
from core.canonical.orders import Order
from core.canonical.parties import Account, Shown
from core.canonical.versions import Version, Versions, versions
from core.connectors.salesforce import mapping, wire
from core.connectors.salesforce.api import Api, SalesforceEndpoint
from core.connectors.salesforce.judge import SYSTEM
from core.connectors.salesforce.wire import Json
from core.connectors.session import Limits
from core.mappings.shipped import SHIPPED, Mappings
from core.ports.crm import Mirrored, WonQuote
from core.ports.world import Clock, Transport, Watch
from core.reliability.ratelimit import Pace

__all__ = ["Salesforce", "SalesforceEndpoint", "connect"]


# Billing tells no moment of an order's life, nor does it need one: placed once, withdrawn at most once.
_ORDER, _PLACED, _WITHDRAWN = "order", Version(0, 1), Version(0, 2)
# The least that an edition with the API has for 24 hours.
LIMITS = Limits(Pace(10, per_day=100_000))


def connect(
    endpoint: SalesforceEndpoint,
    transport: Transport,
    watch: Watch,
    clock: Clock,
    limits: Limits | None = None,
    maps: Mappings = SHIPPED,
) -> Salesforce:
    """A client of one org; nothing is sent before the first call."""
    return Salesforce(Api(endpoint, transport, watch, clock, limits or LIMITS), maps)


class Salesforce:
    """Implements core.ports.Crm; what each call promises stands there. All writes go by external ids,
    so that repeating one changes nothing."""

    def __init__(self, api: Api, maps: Mappings = SHIPPED) -> None:
        self._api, self._maps = api, maps

    async def order(self, opportunity: str) -> Order:
        operation = "get_quote"
        quote = await self._one(operation, opportunity, wire.select_quote(opportunity))
        if quote is not None:
            lines = await self._api.children(operation, opportunity, quote.get("SBQQ__LineItems__r"))
            return mapping.order(quote["SBQQ__Opportunity2__r"], quote, lines, self._maps)
        found = await self._one("get_opportunity", opportunity, wire.select_opportunity(opportunity))
        if found is None:
            raise Missing(f"there is no opportunity {opportunity}", system=SYSTEM)
        return mapping.order(found, None, [], self._maps)

    async def quote_id(self, opportunity: str) -> str:
        found = await self._one("get_opportunity", opportunity, wire.select_opportunity(opportunity))
        if found is None:
            raise Missing(f"there is no opportunity {opportunity}", system=SYSTEM)
        return str(found["Id"])

    async def bundles(self) -> AsyncIterator[Order | Held]:
        together: list[Json] = []
        async for row in self._api.query("list_bundles", "all", wire.select_bundles()):
            if together and mapping.opportunity_of(row)["Id"] != mapping.opportunity_of(together[0])["Id"]:
                yield mapping.bundle(together, self._maps)
                together = []
            together.append(row)
        if together:
            yield mapping.bundle(together, self._maps)

    async def account(self, key: str) -> Account:
        asked = self._api.now()
        row = await self._one("get_account", key, wire.select_account(key))
        if row is None:
            raise Missing(f"there is no account {key}", system=SYSTEM)
        return mapping.account(row, self._maps, asked)

    async def accounts_since(self, moment: datetime) -> AsyncIterator[tuple[datetime, Account]]:
        async for row in self._api.query(
            "list_changed_accounts", "since", wire.select_changed_accounts(moment)
        ):
            yield mapping.changed_at(row), mapping.account(row, self._maps)

    async def customers(self) -> AsyncIterator[Shown]:
        async for row in self._api.query("list_accounts", "all", wire.SELECT_ACCOUNTS):
            yield mapping.shown(row)

    async def won_since(self, moment: datetime) -> AsyncIterator[WonQuote]:
        async for row in self._api.query("list_won", "since", wire.select_won(moment)):
            yield mapping.won_quote(row, self._maps)

    async def activate(self, order: Order, key: str) -> bool:
        row = await self._deal(order)
        if self._is_withdrawn(row) or mapping.made_of(row, order.key).of(_ORDER) > _PLACED:
            return False
        await self._show("activate", key, row, mapping.activation(order, self._maps), _PLACED)
        return True

    async def withdraw(self, order: Order, key: str) -> None:
        row = await self._deal(order)
        await self._show("withdraw", key, row, mapping.withdrawal(self._maps), _WITHDRAWN)

    async def withdrawn(self, order: Order) -> bool:
        return self._is_withdrawn(await self._deal(order))

    async def _deal(self, order: Order) -> Json:
        row = await self._one("get_deal_status", order.key, wire.select_deal_status(order.key))
        if row is None:
            raise Missing(f"there is no opportunity {order.key}", system=SYSTEM)
        return row

    def _is_withdrawn(self, row: Json) -> bool:
        return mapping.deal_status(row, self._maps) == wire.WITHDRAWN

    async def _show(self, operation: str, key: str, row: Json, fields: Json, version: Version) -> None:
        # Changed only as it was read: a request that comes late overwrites nothing.
        fields = {**fields, wire.VERSIONS: str(versions({_ORDER: version}))}
        record = f"Opportunity/{row['Id']}"
        await self._api.change(operation, key, record, fields, str(row["SystemModstamp"]))

    async def link_payment_customer(self, account: Account, customer: str, key: str) -> None:
        path = wire.by_key("Account", "External_Id__c", account.key, update_only=True)
        await self._api.put("link_payment_customer", key, path, {"Stripe_Customer__c": customer})

    async def mirror_invoice(
        self,
        invoice: Invoice,
        account: Account,
        status: str,
        seen: Mirrored | None,
        key: str,
        made_of: Versions,
    ) -> None:
        fields = mapping.mirror(account, status, invoice.total, invoice.balance, self._maps)
        fields = {**fields, wire.VERSIONS: str(made_of)}
        if seen is None:
            # Created, not upserted: a late repeat is refused as a duplicate and overwrites nothing.
            await self._api.create(
                "mirror_invoice", key, "Invoice__c", {"Invoice_Number__c": invoice.number, **fields}
            )
        else:
            await self._api.change("mirror_invoice", key, f"Invoice__c/{seen.id}", fields, seen.stamp)

    async def mirrored(self, number: str, key: str = "") -> Mirrored | None:
        row = await self._one("get_mirror", key or number, wire.select_mirror(number))
        return None if row is None else mapping.mirrored(row, self._maps)

    async def all_mirrored(self, since: datetime) -> AsyncIterator[Mirrored]:
        async for row in self._api.query("list_mirrors", "since", wire.select_mirrors(since)):
            yield mapping.mirrored(row, self._maps)

    async def _one(self, operation: str, key: str, soql: str) -> Json | None:
        found = [row async for row in self._api.query(operation, key, soql)]
        if len(found) > 1:
            raise Refused(f"{operation}: {len(found)} records answer to {key}", system=SYSTEM)
        return found[0] if found else None
