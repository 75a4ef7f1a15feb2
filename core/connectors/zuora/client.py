"""Zuora behind the Billing port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from urllib.parse import quote

from core.canonical.errors import AlreadyThere
from core.canonical.invoices import CreditNote, Invoice, TaxAnswer
from core.canonical.money import Money
from core.canonical.orders import Order
from core.canonical.parties import Account, Shown
from core.canonical.payments import Applied, Dispute, PaymentRequest, Refund, Transfer
from core.canonical.usage import UsageEvent
from core.connectors.session import Limits
from core.connectors.zuora import mapping
from core.connectors.zuora.api import Api, ZuoraEndpoint
from core.connectors.zuora.catalogue import PRODUCTS, Catalogue
from core.connectors.zuora.documents import Documents
from core.connectors.zuora.metering import Metering
from core.connectors.zuora.on_account import OnAccount
from core.connectors.zuora.orders import Orders
from core.connectors.zuora.recoveries import Recoveries
from core.connectors.zuora.settlements import Settlements
from core.finance.usage.accrual import BilledUse, MeteredContract
from core.mappings.shipped import SHIPPED, Mappings
from core.ports.billing import Draft, Item, Row, SubscriptionRow
from core.ports.world import Clock, Transport, Watch
from core.reliability.ratelimit import Pace

__all__ = ["Zuora", "ZuoraEndpoint", "connect"]


# Production bears 50,000 requests a minute; a quarter is left to others.
LIMITS = Limits(Pace(10, per_second=600))


def connect(
    endpoint: ZuoraEndpoint,
    transport: Transport,
    watch: Watch,
    clock: Clock,
    limits: Limits | None = None,
    maps: Mappings = SHIPPED,
) -> Zuora:
    """A client of one tenant; nothing is sent before the first call."""
    return Zuora(Api(endpoint, transport, watch, clock, limits or LIMITS), clock, maps)


class Zuora:
    """Implements core.ports.Billing; what each call promises stands there."""

    def __init__(self, api: Api, clock: Clock, maps: Mappings = SHIPPED) -> None:
        self._api, self._clock, self._maps = api, clock, maps
        # Customers as read lately: most of what is asked of them comes in bursts.
        self._accounts: dict[str, tuple[int, Account]] = {}
        self._orders = Orders(api, Catalogue(api), maps)
        self._documents = Documents(api, clock)
        self._metering = Metering(api)
        self._settlements = Settlements(api, self._documents)
        self._on_account = OnAccount(api, self._documents, self._settlements)
        self._recoveries = Recoveries(api)

    async def open_account(self, account: Account, payment_customer: str, key: str) -> None:
        body = mapping.new_account(account, payment_customer, self._maps)
        try:
            # The account number is the identity; see Orders on why there is no idempotency key.
            await self._api.post("open_account", key, "/v1/accounts", body, idempotency_key=False)
        except AlreadyThere:
            await self.account(account.key)

    async def account(self, key: str) -> Account:
        now = self._clock.now()
        read_at, kept = self._accounts.get(key, (0, None))
        if kept is not None and now - read_at < _ACCOUNT_FRESH_US:
            return kept
        number = mapping.account_number(key)
        row = await self._api.read("get_account", key, f"/v1/accounts/{quote(number, safe='')}")
        found = mapping.account(row, self._maps)
        if len(self._accounts) >= _ACCOUNTS_KEPT_MAX:
            self._accounts.clear()
        self._accounts[key] = (now, found)
        return found

    async def customers(self) -> AsyncIterator[Shown]:
        rows = self._api.query("list_accounts", "all", "accounts", [], fields=mapping.SHOWN_FIELDS)
        async for row in rows:
            yield mapping.shown(row)

    async def place(self, order: Order, key: str) -> None:
        await self._orders.place(order, key)

    async def withdraw(self, order: Order, key: str) -> None:
        await self._orders.withdraw(order, key)

    async def placed(self, number: str) -> bool:
        return await self._orders.placed(number)

    async def drafts(self, run: str) -> tuple[list[Draft], list[Draft]]:
        return await self._documents.drafts(run)

    async def invoice(self, id_or_number: str) -> Invoice:
        return await self._documents.invoice(id_or_number)

    async def credit_note(self, id_or_number: str) -> CreditNote:
        return await self._documents.credit_note(id_or_number)

    async def tax_invoice(self, invoice: Invoice, tax: TaxAnswer, key: str) -> None:
        await self._documents.tax_invoice(invoice, tax, key)

    async def tax_credit_note(self, note: CreditNote, tax: TaxAnswer, key: str) -> None:
        await self._documents.tax_credit_note(note, tax, key)

    async def finalise_invoice(self, invoice: Invoice, key: str) -> None:
        await self._documents.finalise("invoices", invoice.id, key)

    async def finalise_credit_note(self, note: CreditNote, key: str) -> None:
        await self._documents.finalise("credit-memos", note.id, key)

    async def record_payment(self, invoice: Invoice, payment: PaymentRequest, key: str) -> None:
        await self._settlements.record_payment(invoice, payment, key)

    async def record_transfer(
        self,
        account: str,
        transfer: Transfer,
        parts: Sequence[tuple[str, Money]],
        key: str,
        recovered: Sequence[tuple[Invoice, Money]] = (),
    ) -> None:
        memos = await self._recoveries.memos(transfer.id, recovered)
        await self._on_account.record_transfer(account, transfer, parts, key, memos)

    async def ask_again(self, invoice: Invoice, transfer: Transfer, amount: Money, key: str) -> None:
        await self._recoveries.ask_again(invoice, transfer, amount, key)

    async def recoveries(self, invoice: Invoice) -> list[tuple[str, Money]]:
        return await self._recoveries.of_invoice(invoice)

    async def applied(self, reference: str) -> Applied:
        return await self._on_account.applied(reference)

    async def on_account(self, account: str) -> list[Applied]:
        return await self._on_account.of_account(account)

    async def payments_of(self, invoice: Invoice) -> list[Applied]:
        return await self._on_account.of_invoice(invoice)

    async def use_on_account(self, held: Applied, invoice: Invoice, amount: Money, key: str) -> None:
        await self._on_account.use(held, invoice, amount, key)

    async def return_on_account(self, reference: str, paid_back: Transfer, key: str) -> None:
        await self._on_account.pay_back(reference, paid_back, key)

    async def credit_for_refund(self, invoice: Invoice, refund: Refund, key: str) -> CreditNote:
        return await self._settlements.credit_for_refund(invoice, refund, key)

    async def record_refund(self, note: CreditNote, refund: Refund, key: str) -> None:
        await self._settlements.record_refund(note, refund, key)

    async def write_off(self, invoice: Invoice, on: date, key: str) -> None:
        await self._settlements.write_off(invoice, on, key)

    async def reverse(self, invoice: Invoice, on: date, key: str) -> None:
        await self._settlements.reverse(invoice, on, key)

    async def return_payment(self, back: Dispute, key: str) -> None:
        await self._settlements.return_payment(back, key)

    async def flag_dispute(self, invoice: Invoice, dispute: Dispute, key: str) -> None:
        await self._settlements.flag_dispute(invoice, dispute, key)

    def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._register(
            "list_invoices", "invoices", [f"updatedDate.GE:{mapping.stamp(moment)}"], _INVOICE_FIELDS
        )

    def invoices_dated(self, first: date, last: date) -> AsyncIterator[Invoice]:
        return self._documents.invoices_dated(first, last)

    def credit_notes_dated(self, first: date, last: date) -> AsyncIterator[CreditNote]:
        return self._documents.credit_notes_dated(first, last)

    async def subscriptions_since(self, moment: datetime) -> AsyncIterator[SubscriptionRow]:
        filters = [f"updatedDate.GE:{mapping.stamp(moment)}", "isLatestVersion.EQ:true"]
        rows = self._api.query(
            "list_subscriptions", filters[0], "subscriptions", filters, ["account"], "updatedDate.ASC"
        )
        async for row in rows:
            yield mapping.subscription_row(row)

    async def items(self) -> AsyncIterator[Item]:
        async for row in self._api.pages("list_products", "catalogue", PRODUCTS, "products"):
            yield Item(str(row["sku"]), str(row["name"]))

    def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._register(
            "list_credit_notes", "credit-memos", [f"updatedDate.GE:{mapping.stamp(moment)}"], _MEMO_FIELDS
        )

    def open_invoices(self, first_due: date, last_due: date) -> AsyncIterator[Row]:
        days = [f"dueDate.GE:{first_due.isoformat()}", f"dueDate.LE:{last_due.isoformat()}"]
        filters = ["status.EQ:Posted", "balance.GT:0", *days]
        return self._register("list_open_invoices", "invoices", filters, _INVOICE_FIELDS)

    async def meters(self, subscription: str) -> frozenset[str]:
        return await self._metering.meters(subscription)

    async def metered(self, event: UsageEvent) -> bool:
        return await self._metering.metered(event)

    def metered_since(self, moment: datetime) -> AsyncIterator[str]:
        return self._metering.metered_since(moment)

    async def meter(self, event: UsageEvent, key: str) -> None:
        await self._metering.meter(event, key)

    def used_since(self, first: date) -> AsyncIterator[UsageEvent]:
        return self._metering.used_since(first)

    async def metered_contract(self, subscription: str) -> MeteredContract:
        return await self._metering.contract(subscription)

    def use_billed_since(self, first: date) -> AsyncIterator[BilledUse]:
        return self._metering.billed_since(first)

    async def payment_recorded(self, reference: str) -> bool:
        return await self._settlements.payment_recorded(reference)

    async def refund_recorded(self, reference: str) -> bool:
        return await self._settlements.refund_recorded(reference)

    async def _register(
        self, operation: str, kind: str, filters: list[str], fields: tuple[str, str, str]
    ) -> AsyncIterator[Row]:
        rows = self._api.query(
            operation, filters[0], kind, filters, ["account"], "updatedDate.ASC", (*_ROW_FIELDS, *fields)
        )
        async for row in rows:
            yield mapping.register_row(row, *fields)


# How long a customer's data may be taken for fresh: 15 minutes.
_ACCOUNT_FRESH_US = 900_000_000
_ACCOUNTS_KEPT_MAX = 10_000
# Names in the object query of: number, total, what is open.
_INVOICE_FIELDS = ("invoiceNumber", "amount", "balance")
_MEMO_FIELDS = ("memoNumber", "totalAmount", "balance")
# What else a register needs to know of a document.
_ROW_FIELDS = ("id", "accountId", "status", "currency", "updatedDate", "reversed", "comments", "sourceType")
