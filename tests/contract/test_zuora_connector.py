"""The Zuora connector against the Zuora mock: every write twice, every answer lost once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.canonical.errors import Missing, Refused, Unavailable, Unclear
from core.canonical.invoices import CreditNote, Invoice, TaxAnswer, TaxLine
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.canonical.parties import Account, Address
from core.canonical.payments import PaymentRequest, Refund
from core.connectors.session import Limits
from core.connectors.zuora.api import Api, ZuoraEndpoint
from core.connectors.zuora.client import LIMITS, Zuora, connect
from simulators.kit.chaos import Arm
from simulators.zuora.routes.table import VENDOR

from .inprocess import Claims, InProcess, StillClock, guarded, sandbox

START, END = date(2026, 1, 1), date(2027, 1, 1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


ACCOUNT = Account(
    "ACC-0001", "001x", "Acme", "ap@acme.test", "USD", Address("1 Road", "Troy", "NY", "12180", "US"), "card",
    "cus_1",
)  # fmt: skip


def sold(product: str, quantity: int, prior: int = 0, minor: int = 1000) -> OrderLine:
    return OrderLine(product, quantity, prior, usd(minor), 1)


NEW = Order("OPP-1", OrderKind.NEW, "ACC-0001", "", "USD", START, END, (sold("SEAT", 5),))
AMENDMENT = Order(
    "OPP-2", OrderKind.AMENDMENT, "ACC-0001", "OPP-1", "USD", date(2026, 1, 16), END,
    (sold("SEAT", 3, 5), sold("ADDON", 1)),
)  # fmt: skip
REMOVAL = Order(
    "OPP-3", OrderKind.AMENDMENT, "ACC-0001", "OPP-1", "USD", date(2026, 3, 1), END, (sold("ADDON", 0, 1),)
)
RENEWAL = Order(
    "OPP-4", OrderKind.RENEWAL, "ACC-0001", "OPP-1", "USD", END, date(2029, 1, 1), (sold("SEAT", 3, 3, 1100),)
)
CANCELLATION = Order("OPP-5", OrderKind.CANCELLATION, "ACC-0001", "OPP-1", "USD", date(2027, 3, 1), None, ())


class Bench:
    """One fresh mock with two products, and the connector on it."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.mock = sandbox(VENDOR, self.clock, bill_run_seconds=0)
        self.transport = InProcess(self.mock)
        self.claims = Claims()
        known = VENDOR.credentials(self.mock.rules)
        endpoint = ZuoraEndpoint("http://zuora.test", known["client_id"], known["client_secret"])
        self.billing: Zuora = connect(
            endpoint, self.transport, self.claims, self.clock, guarded("zuora", LIMITS, self.claims)
        )
        self.api = Api(endpoint, self.transport, self.claims, self.clock, Limits())

    async def stock(self) -> None:
        for sku in ("SEAT", "ADDON"):
            product = await self._made(
                "product",
                {
                    "Name": sku,
                    "SKU": sku,
                    "EffectiveStartDate": "2020-01-01",
                    "EffectiveEndDate": "2050-01-01",
                },
            )
            plan = await self._made("product-rate-plan", {"Name": sku, "ProductId": product})
            prices = [{"Currency": code, "Price": Decimal(10)} for code in ("USD", "JPY")]
            await self._made(
                "product-rate-plan-charge",
                {
                    "Name": sku, "ProductRatePlanId": plan, "ChargeModel": "Per Unit Pricing",
                    "ChargeType": "Recurring", "BillingPeriod": "Month", "TriggerEvent": "ContractEffective",
                    "BillCycleType": "SubscriptionStartDay", "UOM": "Each", "DefaultQuantity": 1,
                    "BillingTiming": "In Advance",
                    "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": prices},
                },
            )  # fmt: skip

    async def bill(self, on: date) -> str:
        """A bill run that leaves drafts; returns its id."""
        body = {"targetDate": on.isoformat(), "invoiceDate": on.isoformat(), "autoPost": False}
        answer = await self.api.post("bill", on.isoformat(), "/v1/bill-runs", body, idempotency_key=False)
        for _ in range(100):
            await asyncio.sleep(0)
        assert self.mock.rules.pending() == 0
        return str(answer["id"])

    async def _made(self, kind: str, body: dict[str, Any]) -> str:
        key = f"{kind}/{body['Name']}"
        answer = await self.api.post("stock", key, f"/v1/object/{kind}", body, idempotency_key=False)
        return str(answer["Id"])

    def books(self) -> dict[str, list[dict[str, Any]]]:
        return self.mock.rules.books()


Act = Callable[[Bench], Awaitable[None]]


def play(story: Act) -> None:
    async def act() -> None:
        bench = Bench()
        await bench.stock()
        await story(bench)

    asyncio.run(act())


async def first_draft(bench: Bench) -> Invoice:
    invoices, _ = await bench.billing.drafts("")
    return await bench.billing.invoice(invoices[0].id)


async def only_invoice(bench: Bench) -> Invoice:
    return await bench.billing.invoice(bench.books()["invoices"][0]["number"])


async def draft_note(bench: Bench) -> CreditNote:
    return await bench.billing.credit_note(bench.books()["credit_notes"][0]["number"])


def tax_of(document: Invoice | CreditNote) -> TaxAnswer:
    lines = tuple(
        TaxLine(line.id, name, "NY", "0.04", usd(line.net.minor * 4 // 100))
        for line in document.lines
        for name in ("NY STATE TAX", "NY COUNTY TAX")
    )
    return TaxAnswer(document.number, usd(sum(line.tax.minor for line in lines)), lines)


async def account_opened(bench: Bench) -> None:
    await bench.billing.open_account(ACCOUNT, "cus_1", "k-acc")


def placing(order: Order) -> Act:
    async def act(bench: Bench) -> None:
        await bench.billing.place(order, f"k-{order.key}")

    return act


async def invoice_taxed(bench: Bench) -> None:
    invoice = await only_invoice(bench)
    await bench.billing.tax_invoice(invoice, tax_of(invoice), "k-tax")


async def invoice_finalised(bench: Bench) -> None:
    await bench.billing.finalise_invoice(await only_invoice(bench), "k-fin")


async def note_taxed(bench: Bench) -> None:
    note = await draft_note(bench)
    await bench.billing.tax_credit_note(note, tax_of(note), "k-ctax")


async def note_finalised(bench: Bench) -> None:
    await bench.billing.finalise_credit_note(await draft_note(bench), "k-cfin")


async def payment_recorded(bench: Bench) -> None:
    invoice = await only_invoice(bench)
    payment = PaymentRequest("pi_1", "cus_1", invoice.number, invoice.total, "paid", "", 1, START)
    await bench.billing.record_payment(invoice, payment, "k-pay")


REFUND = Refund("re_1", "pi_1", "INV", usd(1234), "succeeded", date(2026, 1, 20))


async def refund_credited(bench: Bench) -> None:
    await bench.billing.credit_for_refund(await only_invoice(bench), REFUND, "k-cfr")


async def refund_recorded(bench: Bench) -> None:
    note = await bench.billing.credit_for_refund(await only_invoice(bench), REFUND, "k-cfr")
    await bench.billing.record_refund(note, REFUND, "k-ref")


async def january_billed(bench: Bench) -> None:
    if not bench.books()["invoices"]:
        await bench.bill(START)


async def change_billed(bench: Bench) -> None:
    if not bench.books()["credit_notes"]:
        await bench.bill(date(2026, 1, 16))


# The story: (operation whose answer may get lost, what is done).
STORY: tuple[tuple[str, Act], ...] = (
    ("open_account", account_opened),
    ("place_order", placing(NEW)),
    ("", january_billed),
    ("tax_invoice", invoice_taxed),
    ("post_invoice", invoice_finalised),
    ("record_payment", payment_recorded),
    ("create_credit_note", refund_credited),
    ("record_refund", refund_recorded),
    ("place_order", placing(AMENDMENT)),
    ("place_order", placing(REMOVAL)),
    ("place_order", placing(RENEWAL)),
    ("place_order", placing(CANCELLATION)),
)


def test_every_write_twice_changes_nothing_more() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY:
            await act(bench)
            once, changes = bench.books(), len(bench.mock.rules.history.changes)
            await act(bench)
            assert bench.books() == once
            assert len(bench.mock.rules.history.changes) == changes

    play(story)


def test_the_same_a_week_later_when_the_vendors_keys_are_forgotten() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY:
            await act(bench)
            once = bench.books()
            bench.clock.advance(seconds=7 * 86_400)
            await act(bench)
            assert bench.books() == once

    play(story)


def test_every_lost_answer_is_unclear_and_then_repeated_in_peace() -> None:
    async def story(bench: Bench) -> None:
        for operation, act in STORY:
            if operation:
                bench.transport.lose(operation)
                with pytest.raises(Unclear):
                    await act(bench)
            once = bench.books()
            await act(bench)
            if operation:
                assert bench.books() == once
        lost = [op for op, _, write, claim in bench.claims.ended if write and claim == "info"]
        assert lost == [operation for operation, _ in STORY if operation]

    play(story)


def test_an_invoice_from_draft_to_paid_and_refunded() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY[:2]:
            await act(bench)
        run = await bench.bill(START)
        assert await bench.billing.drafts(run) == await bench.billing.drafts("")
        draft = await first_draft(bench)
        assert (draft.account, draft.status, draft.net, draft.tax, draft.total) == (
            "ACC-0001", "draft", usd(5000), usd(0), usd(5000),
        )  # fmt: skip
        (line,) = draft.lines
        assert (line.product, line.subscription, line.start, line.end) == (
            "SEAT", "S-OPP-1", START, date(2026, 2, 1),
        )  # fmt: skip
        await invoice_taxed(bench)
        await invoice_finalised(bench)
        posted = await bench.billing.invoice(draft.number)
        assert (posted.status, posted.tax, posted.total, posted.balance) == (
            "posted", usd(400), usd(5400), usd(5400),
        )  # fmt: skip
        await payment_recorded(bench)
        assert await bench.billing.payment_recorded("pi_1")
        assert not await bench.billing.payment_recorded("pi_2")
        assert (await bench.billing.invoice(draft.id)).balance == usd(0)
        note = await bench.billing.credit_for_refund(posted, REFUND, "k-cfr")
        assert (note.source, note.status, note.invoice, note.total) == (
            "refund", "posted", posted.number, usd(1234),
        )  # fmt: skip
        assert note.tax == usd(91)
        assert sum(each.net.minor for each in note.lines) == note.net.minor
        assert sum(each.tax.minor for each in note.lines) == 91
        assert note.unapplied == usd(1234)
        assert not await bench.billing.refund_recorded("re_1")
        await bench.billing.record_refund(note, REFUND, "k-ref")
        assert await bench.billing.refund_recorded("re_1")
        assert (await bench.billing.credit_note(note.number)).unapplied == usd(0)

    play(story)


def test_orders_leave_the_terms_that_they_name() -> None:
    async def story(bench: Bench) -> None:
        await account_opened(bench)
        for order in (NEW, AMENDMENT, REMOVAL, RENEWAL, CANCELLATION):
            assert not await bench.billing.placed(order.number)
            await bench.billing.place(order, f"k-{order.key}")
            assert await bench.billing.placed(order.number)
            held = await bench.api.read("look", order.key, "/v1/subscriptions/S-OPP-1")
            if order.kind is not OrderKind.CANCELLATION:
                assert held["termEndDate"] == str(order.end)
        assert held["status"] == "Cancelled"

    play(story)


def test_terms_in_days_and_without_end() -> None:
    async def story(bench: Bench) -> None:
        await account_opened(bench)
        odd = replace(NEW, key="OPP-9", end=date(2026, 2, 15))
        open_ended = replace(NEW, key="OPP-10", end=None)
        for order in (odd, open_ended):
            await bench.billing.place(order, order.key)
        held = await bench.api.read("look", "9", "/v1/subscriptions/S-OPP-9")
        assert held["termEndDate"] == "2026-02-15"
        held = await bench.api.read("look", "10", "/v1/subscriptions/S-OPP-10")
        assert (held["termType"], held["termEndDate"]) == ("EVERGREEN", None)

    play(story)


def test_a_credit_note_of_a_bill_run() -> None:
    async def story(bench: Bench) -> None:
        await account_opened(bench)
        await bench.billing.place(NEW, "k1")
        await bench.bill(START)
        await invoice_finalised(bench)
        await bench.billing.place(replace(CANCELLATION, start=date(2026, 1, 16)), "k5")
        await bench.bill(date(2026, 1, 16))
        _, notes = await bench.billing.drafts("")
        note = await bench.billing.credit_note(notes[0].id)
        assert (note.source, note.status, note.invoice) == ("bill_run", "draft", "")
        assert note.net.minor > 0
        assert all(line.net.minor > 0 and line.product == "SEAT" for line in note.lines)
        for operation, act in (("tax_credit_note", note_taxed), ("post_credit_note", note_finalised)):
            bench.transport.lose(operation)
            with pytest.raises(Unclear):
                await act(bench)
            once = bench.books()
            await act(bench)
            assert bench.books() == once
        posted = await bench.billing.credit_note(note.number)
        assert (posted.status, posted.unapplied) == ("posted", posted.total)
        rows = [row async for row in bench.billing.credit_notes_since(LONG_AGO)]
        assert [(row.number, row.account, row.total, row.open, row.reference) for row in rows] == [
            (note.number, "ACC-0001", posted.total, posted.total, "bill_run")
        ]
        found = bench.billing.credit_notes_dated(posted.on, posted.on)
        assert [each async for each in found] == [posted]

    play(story)


def test_registers() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY[:5]:
            await act(bench)
        invoice = await only_invoice(bench)
        wanted = [(invoice.id, invoice.number, "ACC-0001", "posted", invoice.total, invoice.total)]
        for rows in (
            bench.billing.invoices_since(LONG_AGO),
            bench.billing.open_invoices(date(2000, 1, 1), date(2099, 1, 1)),
        ):
            found = [(r.id, r.number, r.account, r.status, r.total, r.open) async for r in rows]
            assert found == wanted
        await payment_recorded(bench)
        assert [row async for row in bench.billing.open_invoices(date(2000, 1, 1), date(2099, 1, 1))] == []
        later = datetime(2027, 1, 1, tzinfo=UTC)
        assert [row async for row in bench.billing.invoices_since(later)] == []

    play(story)


def test_registers_follow_every_page() -> None:
    async def story(bench: Bench) -> None:
        for n in range(120):
            account = replace(ACCOUNT, key=f"ACC-{n}")
            await bench.billing.open_account(account, "", f"k{n}")
            await bench.billing.place(replace(NEW, key=f"OPP-{n}", account=account.key), f"k{n}")
        await bench.bill(START)
        invoices, _ = await bench.billing.drafts("")
        assert len(set(invoices)) == 120
        found = [row async for row in bench.billing.subscriptions_since(LONG_AGO)]
        assert {(row.number, row.account, row.status) for row in found} == {
            (f"S-OPP-{n}", f"ACC-{n}", "active") for n in range(120)
        }
        assert len(found) == 120
        assert [row.changed_at for row in found] == sorted(row.changed_at for row in found)
        assert {item.key async for item in bench.billing.items()} >= {line.product for line in NEW.lines}
        rows = [row.account async for row in bench.billing.invoices_since(LONG_AGO)]
        assert len(rows) == len(set(rows)) == 120
        for each in [draft.id for draft in invoices[:53]]:
            await bench.billing.finalise_invoice(await bench.billing.invoice(each), each)
        first, last = date(2026, 1, 1), date(2026, 12, 31)
        whole = [row async for row in bench.billing.invoices_dated(first, last)]
        assert len(whole) == 53
        assert whole[0] == await bench.billing.invoice(whole[0].number)
        assert [row async for row in bench.billing.invoices_dated(last, last)] == []

    play(story)


def test_the_account_as_it_was_opened() -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(Missing):
            await bench.billing.account("ACC-0001")
        await account_opened(bench)
        assert await bench.billing.account("ACC-0001") == ACCOUNT

    play(story)


def test_what_is_missing_may_still_come() -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(Missing):
            await bench.billing.place(NEW, "k1")
        await account_opened(bench)
        with pytest.raises(Missing):
            await bench.billing.place(AMENDMENT, "k2")
        await bench.billing.place(NEW, "k1")
        await bench.billing.place(AMENDMENT, "k2")
        with pytest.raises(Missing):
            await bench.billing.place(replace(NEW, key="OPP-8", lines=(sold("UNKNOWN", 1),)), "k8")

    play(story)


def test_another_tax_on_a_taxed_draft_is_refused() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY[:4]:
            await act(bench)
        invoice = await only_invoice(bench)
        other = replace(tax_of(invoice), tax=usd(1))
        with pytest.raises(Refused):
            await bench.billing.tax_invoice(invoice, other, "k-other")

    play(story)


def test_yen_have_no_decimals() -> None:
    async def story(bench: Bench) -> None:
        account = replace(ACCOUNT, currency="JPY")
        await bench.billing.open_account(account, "", "k")
        line = OrderLine("SEAT", 3, 0, Money(1001, "JPY"), 1)
        await bench.billing.place(replace(NEW, currency="JPY", lines=(line,)), "k")
        await bench.bill(START)
        assert (await first_draft(bench)).total == Money(3003, "JPY")

    play(story)


def test_the_catalogue_is_read_once() -> None:
    async def story(bench: Bench) -> None:
        await account_opened(bench)
        for n in range(5):
            await bench.billing.place(replace(NEW, key=f"OPP-{n}"), f"k{n}")
        assert bench.transport.sent("list_products") == 1

    play(story)


@pytest.mark.parametrize(
    ("kind", "error"), [("throttled", Unavailable), ("server_error", Unclear), ("unavailable", Unclear)]
)
def test_troubles(kind: str, error: type[Exception]) -> None:
    async def story(bench: Bench) -> None:
        await account_opened(bench)
        bench.mock.armed.waiting.append(Arm(kind=kind, operation="get_account"))
        with pytest.raises(error):
            await bench.billing.account("ACC-0001")

    play(story)


def test_an_expired_token_is_renewed_and_the_call_repeated() -> None:
    async def story(bench: Bench) -> None:
        await account_opened(bench)
        VENDOR.disturb(bench.mock.rules, "expire_tokens", {})
        assert (await bench.billing.account("ACC-0001")).key == "ACC-0001"

    play(story)


def test_what_is_settled_otherwise_is_not_taken_for_recorded() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY[:6]:
            await act(bench)
        invoice = await only_invoice(bench)
        second = PaymentRequest("pi_2", "cus_1", invoice.number, invoice.total, "paid", "", 1, START)
        with pytest.raises(Refused):
            await bench.billing.record_payment(invoice, second, "k-pay2")
        assert not await bench.billing.payment_recorded("pi_2")
        assert len(bench.books()["payments"]) == 1

    play(story)


def test_two_refunds_of_one_invoice_give_back_all_of_it() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY[:6]:
            await act(bench)
        invoice = await only_invoice(bench)
        first = replace(REFUND, amount=usd(2701))
        rest = replace(REFUND, id="re_2", amount=usd(invoice.total.minor - 2701))
        notes = [
            await bench.billing.credit_for_refund(invoice, refund, refund.id) for refund in (first, rest)
        ]
        assert sum(note.net.minor for note in notes) == invoice.net.minor
        assert sum(note.tax.minor for note in notes) == invoice.tax.minor
        with pytest.raises(Refused):
            await bench.billing.credit_for_refund(invoice, replace(REFUND, id="re_3", amount=usd(1)), "k3")

    play(story)


def test_calls_a_method() -> None:
    async def story(bench: Bench) -> None:
        for _, act in STORY[:2]:
            await act(bench)
        await bench.bill(START)
        number = bench.books()["invoices"][0]["number"]
        before = len(bench.transport.requests)
        await bench.billing.invoice(number)
        assert len(bench.transport.requests) - before == 1

    play(story)
