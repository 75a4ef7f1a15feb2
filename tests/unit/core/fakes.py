"""Hand-written stand-ins for the core's ports: small books in memory, and a diary of what was asked.

Each port keeps its promises of being quiet when repeated. `books.trouble("billing.place", Unclear("…"))`
makes the next such call fail before it does anything; `lose` makes it fail after it did.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from core.bus.memory import MemoryBus
from core.canonical.erp import Between, ContractMove, ForeignBalance, Journal, Late, Posted, Schedule
from core.canonical.errors import CoreError, Held, Missing, PeriodClosed, Unclear
from core.canonical.events import Event, Topic
from core.canonical.invoices import CreditNote, Invoice, Line, TaxAnswer
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.canonical.parties import Account, Address, Shown
from core.canonical.payments import Applied, Dispute, PaymentRequest, Payout, PayoutPart, Refund, Transfer
from core.canonical.usage import UsageEvent
from core.canonical.versions import UNKNOWN, Version, Versions
from core.connectivity.model import Parts
from core.finance.ledger.rates import Rate
from core.finance.usage.accrual import BilledUse, MeteredContract
from core.notices import Notices
from core.ports.billing import Draft, Item, Row, SubscriptionRow
from core.ports.crm import Mirrored, WonQuote
from core.ports.desk import Desk
from core.settings import Settings
from core.store.sqlite import SqliteStore
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop, run
from scenarios.world.recorder import Recorder
from tests.unit.core.fake_transfers import FakeBank, TransfersInBilling, TransfersInLedger

START_US = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
DAY = date(2026, 1, 15)
AT = datetime(2026, 1, 15, tzinfo=UTC)
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def make_account(key: str = "acme", *, pays_by: str = "card", customer: str = "cus_1") -> Account:
    home = Address("1 Main St", "New York", "NY", "10001", "US")
    return Account(key, f"001{key}", key.title(), f"billing@{key}.example", "USD", home, pays_by, customer)


def make_order(key: str = "q1", kind: OrderKind = OrderKind.NEW, account: str = "acme") -> Order:
    lines = (OrderLine("SEAT", 10, 0, usd(1_000), 1),)
    return Order(key, kind, account, "", "USD", DAY, date(2027, 1, 15), lines)


def make_invoice(number: str = "INV1", *, account: str = "acme", status: str = "draft") -> Invoice:
    line = Line(f"{number}-1", "S-q1", "SEAT", "Seats", usd(10_000), usd(800), DAY, date(2026, 2, 15))
    return Invoice(
        f"id{number}", number, account, status, DAY, date(2026, 2, 14), usd(10_000), usd(800), usd(10_800),
        usd(10_800), (line,),
    )  # fmt: skip


def make_note(number: str = "CM1", *, status: str = "draft", source: str = "bill_run") -> CreditNote:
    line = Line(f"{number}-1", "S-q1", "SEAT", "Seats", usd(2_000), usd(160), DAY, date(2026, 2, 15))
    return CreditNote(
        f"id{number}", number, "acme", "INV1", source, status, DAY, usd(2_000), usd(160), usd(2_160),
        usd(2_160), (line,),
    )  # fmt: skip


def make_request(id_: str = "pi_1", invoice: str = "INV1", *, status: str = "paid") -> PaymentRequest:
    return PaymentRequest(id_, "cus_1", invoice, usd(10_800), status, "", 1, DAY)


def make_refund(id_: str = "re_1", minor: int = 5_400) -> Refund:
    return Refund(id_, "pi_1", "INV1", usd(minor), "succeeded", DAY)


def make_payout(id_: str = "po_1", status: str = "paid") -> Payout:
    parts = (PayoutPart("payments", usd(10_800), usd(300)),)
    return Payout(id_, usd(10_500), status, DAY, parts)


def make_dispute(id_: str = "du_1", status: str = "open", *, moved: bool = True) -> Dispute:
    """INV1 called back: 15 days into its 31 when it is decided."""
    taken, back = (10_800, 1_500) if moved else (0, 0), (10_800, 1_500) if status == "won" else (0, 0)
    closed = date(2026, 1, 30) if status in ("won", "lost", "closed", "returned") else None
    return Dispute(
        id_, "pi_1", "INV1", usd(10_800), status, "fraudulent", usd(taken[0]), usd(taken[1]), usd(back[0]),
        usd(back[1]), usd(0), date(2026, 1, 20), closed,
    )  # fmt: skip


@dataclass
class Books:
    """What all systems hold, and what was asked of them in order: ("billing.place", key)."""

    diary: list[tuple[str, str]] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=lambda: {"acme": make_account()})
    orders: dict[str, Order] = field(default_factory=dict)
    activated: set[str] = field(default_factory=set)
    # The CRM's own ids by external key, where a test tells them apart.
    quote_ids: dict[str, str] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    withdrawn_in_crm: list[str] = field(default_factory=list)
    bundles: list[Order | Held] = field(default_factory=list)
    uses: list[UsageEvent] = field(default_factory=list)
    use_bills: list[BilledUse] = field(default_factory=list)
    metered_contracts: dict[str, MeteredContract] = field(default_factory=dict)
    mirrors: dict[str, Mirrored] = field(default_factory=dict)
    ledger_versions: dict[str, Version] = field(default_factory=dict)
    billed: dict[str, Account] = field(default_factory=lambda: {"acme": make_account()})
    placed: dict[str, Order] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    notes: dict[str, CreditNote] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    refunded: dict[str, str] = field(default_factory=dict)
    foreign: list[ForeignBalance] = field(default_factory=list)
    between: list[Between] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    ledger_entities: dict[str, str] = field(default_factory=dict)
    tax: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    requests: dict[str, PaymentRequest] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    payouts: dict[str, Payout] = field(default_factory=dict)
    used: dict[str, UsageEvent] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    applied: dict[str, Applied] = field(default_factory=dict)
    again: dict[str, dict[str, Money]] = field(default_factory=dict)
    meters: dict[str, frozenset[str]] = field(default_factory=dict)
    metered: dict[str, UsageEvent] = field(default_factory=dict)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    ledger_customers: dict[str, str] = field(default_factory=dict)
    # (kind, external id) -> posted; journals and plans beside.
    ledger: dict[tuple[str, str], Posted] = field(default_factory=dict)
    journals: dict[str, Journal] = field(default_factory=dict)
    plans: dict[str, Schedule] = field(default_factory=dict)
    # By credit note: what of it came off deferred revenue.
    late: dict[str, Late] = field(default_factory=dict)
    open_from: date = date(2020, 1, 1)
    # Seconds that each call takes.
    pace: float = 0.0
    _before: defaultdict[str, list[CoreError]] = field(default_factory=lambda: defaultdict(list))
    _after: Counter[str] = field(default_factory=Counter)

    def trouble(self, operation: str, *errors: Exception) -> None:
        """The next calls of this operation fail with these, one each, and do nothing."""
        self._before[operation] += errors

    def lose(self, operation: str) -> None:
        """The next call of this operation acts, but its answer is lost."""
        self._after[operation] += 1

    async def act(self, operation: str, key: str, do: Callable[[], Any]) -> Any:
        """One call of a system."""
        self.diary.append((operation, key))
        if self.pace:
            await asyncio.sleep(self.pace)
        if self._before[operation]:
            raise self._before[operation].pop(0)
        result = do()
        if self._after[operation]:
            self._after[operation] -= 1
            raise Unclear("the answer was lost")
        return result

    def asked(self, *without: str) -> list[str]:
        """Operations in order, without some."""
        return [operation for operation, _ in self.diary if operation not in without]

    def find_invoice(self, id_or_number: str) -> Invoice:
        for invoice in self.invoices.values():
            if id_or_number in (invoice.id, invoice.number):
                return invoice
        raise Missing(f"no invoice {id_or_number}")

    def find_note(self, id_or_number: str) -> CreditNote:
        for note in self.notes.values():
            if id_or_number in (note.id, note.number):
                return note
        raise Missing(f"no credit note {id_or_number}")

    def change(self, number: str, **fields: Any) -> None:
        self.invoices[number] = replace(self.invoices[number], **fields)


def found(things: dict[str, Any], id_: str) -> Any:
    """Or Missing."""
    if id_ not in things:
        raise Missing(f"no {id_}")
    return things[id_]


def shown(key: str, name: str, currency: str = "", email: str = "") -> Shown:
    """A customer as a system shows it, changed when the world began."""
    return Shown(key, name, currency, email, AT)


async def each(things: Iterable[Any]) -> AsyncIterator[Any]:
    for thing in list(things):
        yield thing


@dataclass
class FakeCrm:
    b: Books

    async def order(self, opportunity: str) -> Order:
        keys = {id_: key for key, id_ in self.b.quote_ids.items()}
        key = keys.get(opportunity, opportunity)
        return await self.b.act("crm.order", "", lambda: found(self.b.orders, key))

    async def quote_id(self, opportunity: str) -> str:
        return await self.b.act("crm.quote_id", "", lambda: self.b.quote_ids.get(opportunity, opportunity))

    async def account(self, key: str) -> Account:
        return await self.b.act("crm.account", "", lambda: found(self.b.accounts, key))

    async def bundles(self) -> AsyncIterator[Order | Held]:
        await self.b.act("crm.bundles", "", lambda: None)
        for each in self.b.bundles:
            yield each

    async def accounts_since(self, moment: datetime) -> AsyncIterator[tuple[datetime, Account]]:
        await self.b.act("crm.accounts_since", "", lambda: None)
        for account in list(self.b.accounts.values()):
            yield AT, account

    async def customers(self) -> AsyncIterator[Shown]:
        for account in await self.b.act("crm.customers", "", lambda: list(self.b.accounts.values())):
            yield shown(account.key, account.name, account.currency, account.email)

    async def won_since(self, moment: datetime) -> AsyncIterator[WonQuote]:
        await self.b.act("crm.won_since", "", lambda: None)
        for key, order in self.b.orders.items():
            status = "Activated" if key in self.b.activated else ""
            yield WonQuote(key, key, order.account, order.kind, order.subscription, status, AT)

    async def activate(self, order: Order, key: str) -> bool:
        def do() -> bool:
            if order.key in self.b.withdrawn_in_crm:
                return False
            self.b.activated.add(order.key)
            return True

        return await self.b.act("crm.activate", key, do)

    async def withdraw(self, order: Order, key: str) -> None:
        def do() -> None:
            self.b.withdrawn_in_crm.append(order.key)
            self.b.activated.discard(order.key)

        await self.b.act("crm.withdraw", key, do)

    async def withdrawn(self, order: Order) -> bool:
        return await self.b.act("crm.withdrawn", "", lambda: order.key in self.b.withdrawn_in_crm)

    async def link_payment_customer(self, account: Account, customer: str, key: str) -> None:
        def do() -> None:
            self.b.accounts[account.key] = replace(account, payment_customer=customer)

        await self.b.act("crm.link_payment_customer", key, do)

    async def mirror_invoice(
        self,
        invoice: Invoice,
        account: Account,
        status: str,
        seen: Mirrored | None,
        key: str,
        made_of: Versions,
    ) -> None:
        def do() -> None:
            assert self.b.mirrors.get(invoice.number) == seen
            self.b.mirrors[invoice.number] = Mirrored(
                invoice.number, status, invoice.balance, made_of=made_of
            )

        await self.b.act("crm.mirror_invoice", key, do)

    async def mirrored(self, number: str, key: str = "") -> Mirrored | None:
        return await self.b.act("crm.mirrored", key, lambda: self.b.mirrors.get(number))

    def all_mirrored(self, since: datetime) -> AsyncIterator[Mirrored]:
        return each(self.b.mirrors.values())


@dataclass
class FakeBilling(TransfersInBilling):
    b: Books

    def customers(self) -> AsyncIterator[Shown]:
        return each(shown(account.key, account.name) for account in self.b.billed.values())

    async def open_account(self, account: Account, payment_customer: str, key: str) -> None:
        def do() -> None:
            self.b.billed.setdefault(account.key, replace(account, payment_customer=payment_customer))

        await self.b.act("billing.open_account", key, do)

    async def account(self, key: str) -> Account:
        return await self.b.act("billing.account", "", lambda: found(self.b.billed, key))

    async def place(self, order: Order, key: str) -> None:
        await self.b.act("billing.place", key, lambda: self.b.placed.setdefault(order.number, order))

    async def withdraw(self, order: Order, key: str) -> None:
        await self.b.act("billing.withdraw", key, lambda: self.b.withdrawn.append(order.number))

    async def placed(self, number: str) -> bool:
        return await self.b.act("billing.placed", "", lambda: number in self.b.placed)

    async def meters(self, subscription: str) -> frozenset[str]:
        return await self.b.act("billing.meters", "", lambda: found(self.b.meters, subscription))

    async def metered(self, event: UsageEvent) -> bool:
        return await self.b.act("billing.metered", "", lambda: event.id in self.b.metered)

    async def metered_since(self, _moment: datetime) -> AsyncIterator[str]:
        for key in await self.b.act("billing.metered_since", "", lambda: list(self.b.metered)):
            yield key

    async def used_since(self, first: date) -> AsyncIterator[UsageEvent]:
        for event in await self.b.act("billing.used_since", "", lambda: list(self.b.uses)):
            if event.on >= first:
                yield event

    async def metered_contract(self, subscription: str) -> MeteredContract:
        return await self.b.act(
            f"billing.metered_contract/{subscription}",
            "",
            lambda: found(self.b.metered_contracts, subscription),
        )

    async def use_billed_since(self, first: date) -> AsyncIterator[BilledUse]:
        for bill in await self.b.act("billing.use_billed_since", "", lambda: list(self.b.use_bills)):
            if bill.start >= first:
                yield bill

    async def meter(self, event: UsageEvent, key: str) -> None:
        await self.b.act("billing.meter", key, lambda: self.b.metered.setdefault(event.id, event))

    async def drafts(self, run: str) -> tuple[list[Draft], list[Draft]]:
        def do() -> tuple[list[Draft], list[Draft]]:
            invoices = [Draft(i.id) for i in self.b.invoices.values() if i.status == "draft"]
            return invoices, [Draft(n.id) for n in self.b.notes.values() if n.status == "draft"]

        return await self.b.act("billing.drafts", "", do)

    async def invoice(self, id_or_number: str) -> Invoice:
        return await self.b.act("billing.invoice", "", lambda: self.b.find_invoice(id_or_number))

    async def credit_note(self, id_or_number: str) -> CreditNote:
        return await self.b.act("billing.credit_note", "", lambda: self.b.find_note(id_or_number))

    async def tax_invoice(self, invoice: Invoice, tax: TaxAnswer, key: str) -> None:
        await self.b.act("billing.tax_invoice", key, lambda: None)

    async def tax_credit_note(self, note: CreditNote, tax: TaxAnswer, key: str) -> None:
        await self.b.act("billing.tax_credit_note", key, lambda: None)

    async def finalise_invoice(self, invoice: Invoice, key: str) -> None:
        await self.b.act(
            "billing.finalise_invoice", key, lambda: self.b.change(invoice.number, status="posted")
        )

    async def finalise_credit_note(self, note: CreditNote, key: str) -> None:
        def do() -> None:
            self.b.notes[note.number] = replace(note, status="posted")

        await self.b.act("billing.finalise_credit_note", key, do)

    async def record_payment(self, invoice: Invoice, payment: PaymentRequest, key: str) -> None:
        def do() -> None:
            if payment.id not in self.b.payments:
                self.b.payments[payment.id] = invoice.number
                now = self.b.invoices[invoice.number]
                self.b.change(invoice.number, balance=now.balance - payment.amount)

        await self.b.act("billing.record_payment", key, do)

    async def return_payment(self, back: Dispute, key: str) -> None:
        def do() -> None:
            if back.request not in self.b.payments:
                raise Missing(f"payment of {back.request} is not recorded")
            if back.id not in self.b.refunded:
                self.b.refunded[back.id] = back.request
                number = self.b.payments[back.request]
                now = self.b.invoices[number]
                self.b.change(number, balance=now.balance + back.withdrawn)

        await self.b.act("billing.return_payment", key, do)

    async def credit_for_refund(self, invoice: Invoice, refund: Refund, key: str) -> CreditNote:
        def do() -> CreditNote:
            number = f"CM-{refund.id}"
            net, tax = refund.amount.share([invoice.net.minor, invoice.tax.minor])
            note = CreditNote(
                f"id{number}", number, invoice.account, invoice.number, "refund", "posted", refund.on, net,
                tax, refund.amount, refund.amount, (),
            )  # fmt: skip
            return self.b.notes.setdefault(number, note)

        return await self.b.act("billing.credit_for_refund", key, do)

    async def record_refund(self, note: CreditNote, refund: Refund, key: str) -> None:
        await self.b.act(
            "billing.record_refund", key, lambda: self.b.refunded.setdefault(refund.id, note.number)
        )

    async def write_off(self, invoice: Invoice, on: date, key: str) -> None:
        def do() -> None:
            now = self.b.invoices[invoice.number]
            if now.balance:
                number = f"WO-{invoice.number}"
                self.b.notes[number] = CreditNote(
                    f"id{number}", number, invoice.account, invoice.number, "write_off", "posted", on,
                    invoice.net, invoice.tax, invoice.total, usd(0), invoice.lines,
                )  # fmt: skip
                self.b.change(invoice.number, balance=usd(0))

        await self.b.act("billing.write_off", key, do)

    async def reverse(self, invoice: Invoice, on: date, key: str) -> None:
        def do() -> None:
            if self.b.invoices[invoice.number].status == "posted":
                number = f"RV-{invoice.number}"
                self.b.notes[number] = CreditNote(
                    f"id{number}", number, invoice.account, invoice.number, "adjustment", "posted", on,
                    invoice.net, invoice.tax, invoice.total, usd(0), invoice.lines,
                )  # fmt: skip
                self.b.change(invoice.number, balance=usd(0), status="reversed")

        await self.b.act("billing.reverse", key, do)

    async def flag_dispute(self, invoice: Invoice, dispute: Dispute, key: str) -> None:
        def do() -> None:
            self.b.flags[invoice.number] = f"{dispute.id} {dispute.status}"

        await self.b.act("billing.flag_dispute", key, do)

    async def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        await self.b.act("billing.invoices_since", "", lambda: None)
        for i in list(self.b.invoices.values()):
            yield Row(i.id, i.number, i.account, i.status, i.total, i.balance, AT)

    async def subscriptions_since(self, moment: datetime) -> AsyncIterator[SubscriptionRow]:
        await self.b.act("billing.subscriptions_since", "", lambda: None)
        for order in list(self.b.placed.values()):
            yield SubscriptionRow(order.subscription, order.account, "active", AT)

    async def items(self) -> AsyncIterator[Item]:
        await self.b.act("billing.items", "", lambda: None)
        for sku in ("SEAT", "CARE"):
            yield Item(sku, sku.title())

    async def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        await self.b.act("billing.credit_notes_since", "", lambda: None)
        for n in list(self.b.notes.values()):
            yield Row(n.id, n.number, n.account, n.status, n.total, n.unapplied, AT, n.source)

    async def invoices_dated(self, first: date, last: date) -> AsyncIterator[Invoice]:
        await self.b.act("billing.invoices_dated", "", lambda: None)
        for i in list(self.b.invoices.values()):
            if i.status == "posted" and first <= i.on <= last:
                yield i

    async def credit_notes_dated(self, first: date, last: date) -> AsyncIterator[CreditNote]:
        await self.b.act("billing.credit_notes_dated", "", lambda: None)
        for n in list(self.b.notes.values()):
            if n.status == "posted" and first <= n.on <= last:
                yield n

    async def open_invoices(self, due_from: date, due_by: date) -> AsyncIterator[Row]:
        await self.b.act("billing.open_invoices", "", lambda: None)
        for i in list(self.b.invoices.values()):
            if i.status == "posted" and i.balance and due_from <= i.due <= due_by:
                yield Row(i.id, i.number, i.account, i.status, i.total, i.balance, AT)

    async def payment_recorded(self, reference: str) -> bool:
        return await self.b.act("billing.payment_recorded", "", lambda: reference in self.b.payments)

    async def refund_recorded(self, reference: str) -> bool:
        return await self.b.act("billing.refund_recorded", "", lambda: reference in self.b.refunded)


@dataclass
class FakeTax:
    b: Books

    async def estimate(self, account: Account, net: Mapping[str, Money], key: str) -> Money:
        total = sum(amount.minor for amount in net.values())
        currency = next(iter(net.values())).currency
        return await self.b.act("tax.estimate", key, lambda: Money(total * 8 // 100, currency))

    async def assess_invoice(self, invoice: Invoice, account: Account, key: str) -> TaxAnswer:
        def do() -> TaxAnswer:
            self.b.tax.setdefault(invoice.number, "saved")
            return TaxAnswer(invoice.number, invoice.tax, ())

        return await self.b.act("tax.assess_invoice", key, do)

    async def assess_credit_note(self, note: CreditNote, account: Account, key: str) -> TaxAnswer:
        def do() -> TaxAnswer:
            self.b.tax.setdefault(note.number, "saved")
            return TaxAnswer(note.number, note.tax, ())

        return await self.b.act("tax.assess_credit_note", key, do)

    async def commit_invoice(self, number: str, key: str) -> None:
        await self.b.act("tax.commit_invoice", key, lambda: self.b.tax.update({number: "committed"}))

    async def commit_credit_note(self, number: str, key: str) -> None:
        await self.b.act("tax.commit_credit_note", key, lambda: self.b.tax.update({number: "committed"}))

    async def return_for_refund(self, note: CreditNote, account: Account, key: str) -> None:
        await self.b.act("tax.return_for_refund", key, lambda: self.b.tax.update({note.number: "committed"}))


@dataclass
class FakeProduct:
    """Every use was written down before anybody asks."""

    b: Books

    async def usage(self, id: str) -> UsageEvent:  # noqa: A002
        return await self.b.act("product.usage", "", lambda: found(self.b.used, id))

    async def usage_since(self, _moment: datetime) -> AsyncIterator[str]:
        for key in await self.b.act("product.usage_since", "", lambda: list(self.b.used)):
            yield key


@dataclass
class FakePayments:
    b: Books

    def for_one_look(self) -> FakePayments:
        return self

    def customers(self) -> AsyncIterator[Shown]:
        return each(shown(key, "") for key in self.b.customers)

    async def open_customer(self, account: Account, key: str) -> str:
        return await self.b.act(
            "payments.open_customer",
            key,
            lambda: self.b.customers.setdefault(account.key, f"cus_{account.key}"),
        )

    async def ask(self, invoice: Invoice, customer: str, *, charge_now: bool, key: str) -> PaymentRequest:
        def do() -> PaymentRequest:
            own = [each for each in self.b.requests.values() if each.invoice == invoice.number]
            backs = sum(each.returned or each.status == "cancelled" for each in own)
            id_ = f"pi_{invoice.number}" + "x" * backs
            status = "paid" if charge_now else "open"
            asked = PaymentRequest(
                id_, customer, invoice.number, invoice.balance, status, "", int(charge_now), DAY
            )
            return self.b.requests.setdefault(id_, asked)

        return await self.b.act("payments.ask", key, do)

    async def request(self, id_: str) -> PaymentRequest:
        return await self.b.act("payments.request", "", lambda: found(self.b.requests, id_))

    async def request_for(self, invoice: str, customer: str) -> PaymentRequest | None:
        def do() -> PaymentRequest | None:
            return next((r for r in self.b.requests.values() if r.invoice == invoice), None)

        return await self.b.act("payments.request_for", "", do)

    async def reduce(self, request: PaymentRequest, amount: Money, key: str) -> None:
        def do() -> None:
            self.b.requests[request.id] = replace(request, amount=amount)

        await self.b.act("payments.reduce", key, do)

    async def charge_again(self, request: PaymentRequest, key: str) -> PaymentRequest:
        def do() -> PaymentRequest:
            self.b.requests[request.id] = replace(request, attempts=request.attempts + 1)
            return self.b.requests[request.id]

        return await self.b.act("payments.charge_again", key, do)

    async def withdraw(self, request: PaymentRequest, key: str) -> None:
        def do() -> None:
            self.b.requests[request.id] = replace(request, status="cancelled")

        await self.b.act("payments.withdraw", key, do)

    async def refund(self, id_: str) -> Refund:
        return await self.b.act("payments.refund", "", lambda: found(self.b.refunds, id_))

    async def payout(self, id_: str) -> Payout:
        return await self.b.act("payments.payout", "", lambda: found(self.b.payouts, id_))

    async def dispute(self, id_: str) -> Dispute:
        return await self.b.act("payments.dispute", "", lambda: found(self.b.disputes, id_))

    def refunds_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        return each(r.id for r in self.b.refunds.values() if r.status == "failed")

    def disputes_opened_since(self, moment: datetime) -> AsyncIterator[str]:
        return each(self.b.disputes)

    def disputes_withdrawn_since(self, moment: datetime) -> AsyncIterator[str]:
        return each(d.id for d in self.b.disputes.values() if d.withdrawn)

    def disputes_closed_since(self, moment: datetime) -> AsyncIterator[str]:
        return each(d.id for d in self.b.disputes.values() if d.closed_on)

    def payouts_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        return each(p.id for p in self.b.payouts.values() if p.status == "failed")

    def paid_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        return each(r for r in self.b.requests.values() if r.status == "paid")

    def failed_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        return each(r for r in self.b.requests.values() if r.status == "failed")

    def refunds_since(self, moment: datetime) -> AsyncIterator[Refund]:
        return each(r for r in self.b.refunds.values() if r.status == "succeeded")

    def payouts_since(self, moment: datetime) -> AsyncIterator[str]:
        return each(p.id for p in self.b.payouts.values() if p.status == "paid")


@dataclass
class FakeErp(TransfersInLedger):
    b: Books

    def _post(self, kind: str, key: str, total: Money, on: date) -> Posted:
        if on < self.b.open_from:
            raise PeriodClosed(f"{on} is closed")
        posted = Posted(f"{kind}-{key}", key, total, total, on)
        return self.b.ledger.setdefault((kind, key), posted)

    async def _get(self, kind: str, key: str) -> Posted | None:
        return await self.b.act(f"erp.{kind}", "", lambda: self.b.ledger.get((kind, key)))

    async def _rows(self, kind: str) -> AsyncIterator[Row]:
        await self.b.act(f"erp.{kind}s_since", "", lambda: None)
        for (of, key), p in list(self.b.ledger.items()):
            if of == kind:
                yield Row(p.id, p.id, "acme", "open", p.total, p.remaining, AT, key, p.on)

    def _customer(self, account: Account) -> None:
        self.b.ledger_customers[account.key] = account.name
        self.b.ledger_entities[account.key] = account.entity

    async def upsert_customer(self, account: Account, key: str) -> Version | None:
        def do() -> Version | None:
            standing = self.b.ledger_versions.get(account.key, UNKNOWN)
            if standing > account.version or standing.ties(account.version):
                return standing
            self.b.ledger_versions[account.key] = account.version
            self._customer(account)
            return None

        return await self.b.act("erp.upsert_customer", key, do)

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        await self.b.act(
            "erp.post_invoice", key, lambda: self._post("invoice", invoice.number, invoice.total, on)
        )

    async def invoice(self, number: str) -> Posted | None:
        return await self._get("invoice", number)

    async def post_receipt(self, payment: PaymentRequest, invoice: Posted, on: date, key: str) -> None:
        assert self.b.ledger["invoice", payment.invoice] == invoice
        await self.b.act(
            "erp.post_receipt", key, lambda: self._post("receipt", payment.id, payment.amount, on)
        )

    async def receipt(self, reference: str) -> Posted | None:
        return await self._get("receipt", reference)

    async def post_credit_note(
        self, note: CreditNote, on: date, key: str, late: Late = (), against: Posted | None = None
    ) -> None:
        assert against is None or self.b.ledger["invoice", note.invoice] == against
        self.b.late[note.number] = late
        await self.b.act(
            "erp.post_credit_note", key, lambda: self._post("credit_note", note.number, note.total, on)
        )

    async def post_write_off(self, note: CreditNote, late: Late, invoice: Posted, on: date, key: str) -> None:
        self.b.late[note.number] = late
        assert self.b.ledger["invoice", note.invoice] == invoice
        await self.b.act(
            "erp.post_write_off", key, lambda: self._post("credit_note", note.number, note.total, on)
        )

    async def credit_note(self, number: str) -> Posted | None:
        return await self._get("credit_note", number)

    async def post_refund(self, refund: Refund, note: Posted, on: date, key: str) -> None:
        assert ("credit_note", note.key) in self.b.ledger
        await self.b.act("erp.post_refund", key, lambda: self._post("refund", refund.id, refund.amount, on))

    async def refund(self, reference: str) -> Posted | None:
        return await self._get("refund", reference)

    async def post_journal(self, journal: Journal, key: str) -> None:
        def do() -> None:
            total = Money(sum(line.debit.minor for line in journal.lines), journal.currency)
            self._post("journal", journal.key, total, journal.on)
            self.b.journals.setdefault(journal.key, journal)

        await self.b.act("erp.post_journal", key, do)

    async def journal(self, key: str) -> Posted | None:
        return await self._get("journal", key)

    async def journals(self, ids: Collection[str]) -> dict[str, Journal]:
        own = {self.b.ledger["journal", key].id: each for key, each in self.b.journals.items()}
        return await self.b.act("erp.journals", "", lambda: {i: own[i] for i in ids if i in own})

    async def contract_moves(self, end: date, prefix: str) -> list[ContractMove]:
        """Of journals as they stand; of a plan's document as if it were billed on its day."""
        found = []
        for plan in self.b.plans.values():
            billed = self.b.ledger.get(("invoice", plan.source)) or self.b.ledger.get(
                ("credit_note", plan.source)
            )
            if billed is None:
                continue  # of a dispute: its journal says the same
            on = billed.on if billed.on > end else None
            found.append(ContractMove(plan.contract, plan.product, "", "", -plan.amount, asset=False, on=on))
        for key, journal in self.b.journals.items():
            for line in journal.lines:
                asset, on = line.account == "1150", journal.on if journal.on > end else None
                if line.account not in ("1150", "2100") or (on and not (asset and key.startswith(prefix))):
                    continue
                amount, at = line.debit - line.credit, line.at
                found.append(ContractMove(at.contract, at.product, "", "", amount, asset=asset, on=on))
        return found

    async def return_receipt(self, receipt: Posted, journal: Journal, key: str) -> None:
        assert self.b.ledger["receipt", receipt.key] == receipt
        await self.post_journal(journal, key)

    async def foreign_balances(self, on: date, accounts: Collection[str]) -> list[ForeignBalance]:
        found = [each for each in self.b.foreign if each.account in accounts]
        return await self.b.act("erp.foreign_balances", "", lambda: found)

    async def between(self, on: date) -> list[Between]:
        return await self.b.act("erp.between", "", lambda: list(self.b.between))

    async def rates(self) -> list[Rate]:
        return await self.b.act("erp.rates", "", lambda: list(self.b.rates))

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        def do() -> None:
            self.b.plans[schedule.key] = schedule

        await self.b.act("erp.add_schedule", key, do)

    async def unbilled(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for journal in self.b.journals.values():
            for line in (each for each in journal.lines if each.account == "1150"):
                found[line.memo] += line.debit.minor - line.credit.minor
        return dict(found)

    async def open_schedule(self, schedule: Schedule, key: str) -> None:
        await self.b.act("erp.open_schedule", key, lambda: self.b.plans.setdefault(schedule.key, schedule))

    async def schedules(self, first: date, last: date) -> AsyncIterator[Schedule]:
        await self.b.act("erp.schedules", "", lambda: None)
        for plan in list(self.b.plans.values()):
            if plan.start <= last and plan.end >= first:
                yield plan

    async def released(self) -> dict[str, int]:
        done: Counter[str] = Counter()
        for journal in self.b.journals.values():
            for line in journal.lines:
                if line.account == "4000":
                    done[line.memo] += line.credit.minor - line.debit.minor
        return await self.b.act("erp.released", "", lambda: dict(done))

    async def first_open_day(self, on: date) -> date:
        return await self.b.act("erp.first_open_day", "", lambda: max(on, self.b.open_from))

    def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._rows("invoice")

    def receipts_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._rows("receipt")

    def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._rows("credit_note")

    def refunds_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._rows("refund")

    def journals_since(self, moment: datetime) -> AsyncIterator[Row]:
        return self._rows("journal")

    def customers(self) -> AsyncIterator[Shown]:
        return each(shown(key, name) for key, name in self.b.ledger_customers.items())


@dataclass
class LoopClock:
    """Virtual time as microseconds since 1970."""

    loop: SimLoop

    def now(self) -> int:
        return START_US + self.loop.now_us


class Office:
    """A core's surroundings under virtual time, with fakes behind every port."""

    def __init__(self, loop: SimLoop, books: Books | None = None) -> None:
        self.loop, self.books = loop, books or Books()
        self.clock, self.draws, self.store, self.bus = (
            LoopClock(loop),
            KeyedDraws(1),
            SqliteStore(),
            MemoryBus(),
        )
        self.watch = Recorder(self.clock.now)
        b = self.books
        self.desk = Desk(
            FakeCrm(b), FakeBilling(b), FakeTax(b), FakePayments(b), FakeErp(b), FakeProduct(b),
            FakeBank(b), Notices(self.store, self.watch), self.clock, self.watch,
        )  # fmt: skip
        self.tasks: list[asyncio.Task[Any]] = []

    def spawn(self, coro: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(self.loop.create_task(coro))

    def parts(self, **settings: Any) -> Parts:
        return Parts(self.desk, Settings(**settings), self.draws, self.store, self.bus, self.spawn)

    def alerts(self) -> list[tuple[str, str]]:
        """(severity, text)."""
        return [(severity, text) for _, severity, _, text in self.watch.alerts]

    def outcomes(self) -> list[str]:
        return [receipt.outcome for receipt in self.watch.receipts]


def in_office(story: Callable[[Office], Coroutine[Any, Any, Any]], books: Books | None = None) -> Any:
    """Play a story at the office, in virtual time."""

    async def main(loop: SimLoop) -> Any:
        return await story(Office(loop, books))

    return run(main, step_budget=500_000)


def event(topic: Topic, subject: str, id_: str = "e1") -> Event:
    return Event(id_, "billing", topic, subject, START_US)
