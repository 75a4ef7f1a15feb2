"""Stripe behind the Payments port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime

from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.parties import Account, Shown
from core.canonical.payments import Dispute, PaymentRequest, Payout, Refund
from core.connectors.session import Limits
from core.connectors.stripe import funds, mapping, wire
from core.connectors.stripe.api import Api, StripeEndpoint
from core.connectors.stripe.once import Once
from core.connectors.stripe.requests import Requests
from core.connectors.stripe.wire import Json
from core.mappings.shipped import SHIPPED, Mappings
from core.ports.world import Clock, Transport, Watch
from core.reliability.ratelimit import Pace

__all__ = ["Stripe", "StripeEndpoint", "connect"]


# A live account bears 100 requests a second (docs.stripe.com/rate-limits); a fifth is left to others.
LIMITS = Limits(Pace(10, per_second=80))


def connect(
    endpoint: StripeEndpoint,
    transport: Transport,
    watch: Watch,
    clock: Clock,
    limits: Limits | None = None,
    maps: Mappings = SHIPPED,
) -> Stripe:
    """A client of one account; nothing is sent before the first call."""
    return Stripe(Api(endpoint, transport, watch, clock, limits or LIMITS), maps)


class Stripe:
    """Implements core.ports.Payments; what each call promises stands there."""

    def __init__(self, api: Api, maps: Mappings = SHIPPED) -> None:
        self._api, self._maps = api, maps
        self._requests = Requests(api, maps)

    def for_one_look(self) -> Stripe:
        return Stripe(Once(self._api), self._maps)

    async def open_customer(self, account: Account, key: str) -> str:
        # Look first: nothing about a customer is unique, and the vendor forgets keys after a day.
        found = await self._customer_of(account)
        if found is not None:
            return found

        async def created(body: Json) -> str:
            return str(body["id"])

        return await self._api.write(
            "open_customer",
            key,
            wire.path("customers"),
            mapping.new_customer(account),
            lambda: self._customer_of(account),
            created,
        )

    async def ask(self, invoice: Invoice, customer: str, *, charge_now: bool, key: str) -> PaymentRequest:
        return await self._requests.ask(invoice, customer, charge_now=charge_now, key=key)

    async def request(self, id: str) -> PaymentRequest:  # noqa: A002
        return await self._requests.get(id)

    async def request_for(self, invoice: str, customer: str) -> PaymentRequest | None:
        return await self._requests.of_invoice(invoice, customer)

    async def charge_again(self, request: PaymentRequest, key: str) -> PaymentRequest:
        return await self._requests.charge_again(request, key)

    async def withdraw(self, request: PaymentRequest, key: str) -> None:
        await self._requests.withdraw(request, key)

    async def reduce(self, request: PaymentRequest, amount: Money, key: str) -> None:
        await self._requests.reduce(request, amount, key)

    async def refund(self, id: str) -> Refund:  # noqa: A002
        params = {"expand": ["payment_intent"]}
        row = await self._api.read("get_refund", id, wire.path("refunds", id, params))
        failed = await self._happened(id, "refund.failed", row) if row["status"] == "failed" else None
        return replace(mapping.refund(row), failed_on=failed)

    async def payout(self, id: str) -> Payout:  # noqa: A002
        return await self._payout(await self._api.read("get_payout", id, wire.path("payouts", id)))

    def paid_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        """Of cards, `attempts` count the successful charge alone."""
        return self._charged_since(moment, "paid", "payment_intent.succeeded")

    def failed_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        """Of cards, `attempts` count the charges that failed at or after `moment`."""
        return self._charged_since(moment, "failed", "payment_intent.payment_failed")

    async def _charged_since(self, moment: datetime, status: str, kind: str) -> AsyncIterator[PaymentRequest]:
        """By charge, and by event those that were charged before and are known only since: bank debits are
        under way for days."""
        seen = set()
        async for each in self._requests.charged_since(moment, status):
            seen.add(each.id)
            yield each
        for late in await self._changed_since(moment, kind):
            if late not in seen:
                found = await self._requests.get(late)
                if found.status == status and found.invoice and found.late:
                    yield found

    async def refunds_since(self, moment: datetime) -> AsyncIterator[Refund]:
        """Also those made before that have succeeded since, as far back as the vendor keeps events."""
        params = {"created": {"gte": mapping.seconds(moment)}, "expand": ["data.payment_intent"]}
        rows = [row async for row in self._api.pages("list_refunds", "since", "refunds", params)]
        made = {str(row["id"]) for row in rows}
        for late in await self._changed_since(moment, "refund.updated"):
            if late not in made:
                settled = await self.refund(late)
                if settled.status == "succeeded":
                    yield settled
        for row in reversed(rows):
            if mapping.refund(row).status == "succeeded":
                yield mapping.refund(row)

    async def refunds_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        for late in await self._changed_since(moment, "refund.failed"):
            yield late

    async def payouts_since(self, moment: datetime) -> AsyncIterator[str]:
        """Also those made before that were paid since, as far back as the vendor keeps events."""
        params = {"created": {"gte": mapping.seconds(moment)}}
        rows = [row async for row in self._api.pages("list_payouts", "since", "payouts", params)]
        made = {str(row["id"]) for row in rows}
        for late in await self._changed_since(moment, "payout.paid"):
            if late not in made:
                yield late
        for row in reversed(rows):
            if funds.state_of(row) == "paid":
                yield str(row["id"])

    async def payouts_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        for late in await self._changed_since(moment, "payout.failed"):
            yield late

    async def dispute(self, id: str) -> Dispute:  # noqa: A002
        params = {"expand": ["payment_intent", "charge"]}
        row = await self._api.read("get_dispute", id, wire.path("disputes", id, params))
        closed = await self._happened(id, "charge.dispute.closed", row) if funds.is_closed(row) else None
        return funds.dispute(row, closed)

    async def disputes_withdrawn_since(self, moment: datetime) -> AsyncIterator[str]:
        async for id_ in self._disputes_since(moment, "charge.dispute.funds_withdrawn", funds.has_moved):
            yield id_

    async def disputes_closed_since(self, moment: datetime) -> AsyncIterator[str]:
        async for id_ in self._disputes_since(moment, "charge.dispute.closed", funds.is_closed):
            yield id_

    async def disputes_opened_since(self, moment: datetime) -> AsyncIterator[str]:
        params = {"created": {"gte": mapping.seconds(moment)}}
        rows = [row async for row in self._api.pages("list_disputes", "since", "disputes", params)]
        for row in reversed(rows):
            yield str(row["id"])

    async def _disputes_since(
        self, moment: datetime, kind: str, wanted: Callable[[Json], bool]
    ) -> AsyncIterator[str]:
        """By event, and those made since that are in that state, in case the events are gone."""
        seen = await self._changed_since(moment, kind)
        for id_ in seen:
            yield id_
        params = {"created": {"gte": mapping.seconds(moment)}}
        async for row in self._api.pages("list_disputes", "since", "disputes", params):
            if str(row["id"]) not in seen and wanted(row):
                yield str(row["id"])

    async def _payout(self, row: Json) -> Payout:
        id_ = str(row["id"])
        asked = {"payout": id_, "expand": ["data.source"]}
        entries = self._api.pages("list_payout_entries", id_, "balance_transactions", asked)
        failed = await self._happened(id_, "payout.failed", row) if row["status"] == "failed" else None
        return funds.payout(row, [entry async for entry in entries], failed)

    async def _happened(self, id: str, kind: str, row: Json) -> date | None:  # noqa: A002
        """The day of the first event of that type about an object; None where it is no longer kept."""
        params = {"type": kind, "created": {"gte": int(row["created"])}}
        found = None
        async for event in self._api.pages("list_events", id, "events", params):
            if str(event["data"]["object"]["id"]) == id:
                found = mapping.day(event["created"])
        return found

    async def customers(self) -> AsyncIterator[Shown]:
        async for row in self._api.pages("list_customers", "all", "customers", {}):
            if key := wire.metadata(row, "crm_account"):
                # The processor keeps no time of the last change.
                yield Shown(key, str(row.get("name") or ""), "", str(row.get("email") or ""), None)

    async def _customer_of(self, account: Account) -> str | None:
        rows = self._api.pages("find_customer", account.key, "customers", {"email": account.email})
        return mapping.customer_of([row async for row in rows], account.key) or None

    async def _changed_since(self, moment: datetime, kind: str) -> list[str]:
        """Ids of objects with an event of that type at or after, each once, oldest first."""
        rows = await self._api.events(kind, mapping.seconds(moment))
        ids = [str(row["data"]["object"]["id"]) for row in rows]
        return list(dict.fromkeys(reversed(ids)))
