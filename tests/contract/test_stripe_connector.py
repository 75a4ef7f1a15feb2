"""The Stripe connector against the Stripe mock: every write twice, every answer lost once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.canonical.errors import Missing, Refused, Unavailable, Unclear
from core.canonical.invoices import Invoice, Line
from core.canonical.money import Money
from core.canonical.parties import Account, Address
from core.canonical.payments import PaymentRequest, PayoutPart
from core.connectors.session import Limits
from core.connectors.stripe import wire
from core.connectors.stripe.api import Api
from core.connectors.stripe.client import Stripe, StripeEndpoint, connect
from simulators.stripe.routes.table import VENDOR

from .inprocess import START_US, Claims, InProcess, StillClock, guarded, sandbox

ON = date(2026, 1, 1)
START = datetime.fromtimestamp(START_US / 1_000_000, UTC)
DAY = 86_400


def money(minor: int, currency: str = "USD") -> Money:
    return Money(minor, currency)


ACCOUNT = Account(
    "ACC-0001", "001x", "Acme", "ap@acme.test", "USD", Address("1 Road", "Troy", "NY", "12180", "US"), "card"
)


def invoice(number: str = "INV1", total: int = 9_800, currency: str = "USD") -> Invoice:
    amount, nothing = money(total, currency), money(0, currency)
    line = Line("l1", "S-O1", "SEAT", "Seats", amount, nothing, ON, date(2026, 2, 1))
    return Invoice("i1", number, "ACC-0001", "posted", ON, ON, amount, nothing, amount, amount, (line,))


class Bench:
    """One fresh mock and the connector on it."""

    def __init__(self, **options: int) -> None:
        self.clock = StillClock()
        self.mock = sandbox(VENDOR, self.clock, **options)
        self.transport = InProcess(self.mock)
        self.claims = Claims()
        key = VENDOR.credentials(self.mock.rules)["secret_key"]
        self.endpoint = StripeEndpoint("http://stripe.test", key)
        # The clock stands still here: a rate would never let the next request go.
        limits = guarded("stripe", Limits(), self.claims)
        self.payments: Stripe = connect(self.endpoint, self.transport, self.claims, self.clock, limits)
        self._api = Api(self.endpoint, self.transport, self.claims, self.clock, Limits())

    async def do(self, path: str, **params: object) -> wire.Json:
        """What a person does at the vendor's."""

        async def nothing() -> wire.Json | None:
            return None

        async def same(body: wire.Json) -> wire.Json:
            return body

        key = f"person {len(self.transport.requests)}"
        return await self._api.write("person", key, f"/v1/{path}", params, nothing, same)

    async def card(self, customer: str, card: str) -> None:
        method = await self.do(f"payment_methods/{card}/attach", customer=customer)
        settings = {"default_payment_method": method["id"]}
        await self.do(f"customers/{customer}", invoice_settings=settings)

    async def customer(self, card: str = "") -> str:
        made = await self.payments.open_customer(ACCOUNT, "account:ACC-0001/open")
        if card:
            await self.card(made, card)
        return made

    def today(self) -> date:
        return datetime.fromtimestamp(self.clock.now() / 1_000_000, UTC).date()

    def disturb(self, kind: str, wish: dict[str, Any]) -> None:
        VENDOR.disturb(self.mock.rules, kind, wish)

    def books(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.mock.rules.books()[name]
        return rows


def run(story: Callable[[Bench], Awaitable[None]], **options: int) -> None:
    async def told() -> None:
        await story(Bench(**options))

    asyncio.run(told())


async def collect(rows: Any) -> list[Any]:
    return [row async for row in rows]


def test_a_customer_is_opened_once_however_often_and_however_late() -> None:
    async def story(bench: Bench) -> None:
        first = await bench.payments.open_customer(ACCOUNT, "k")
        assert await bench.payments.open_customer(ACCOUNT, "k") == first
        bench.clock.advance(seconds=3 * DAY)  # the vendor has forgotten the key by now
        assert await bench.payments.open_customer(ACCOUNT, "k") == first
        assert [row["crm_account"] for row in bench.books("customers")] == ["ACC-0001"]

    run(story)


def test_a_lost_answer_about_a_customer_makes_no_second_one() -> None:
    async def story(bench: Bench) -> None:
        bench.transport.lose("open_customer")
        with pytest.raises(Unclear):
            await bench.payments.open_customer(ACCOUNT, "k")
        assert await bench.payments.open_customer(ACCOUNT, "k")
        assert len(bench.books("customers")) == 1

    run(story)


@pytest.mark.parametrize("charge_now", [False, True])
def test_one_request_per_invoice(charge_now: bool) -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        bench.transport.lose("ask_payment")
        with pytest.raises(Unclear):
            await bench.payments.ask(invoice(), customer, charge_now=charge_now, key="k")
        asked = await bench.payments.ask(invoice(), customer, charge_now=charge_now, key="k")
        bench.clock.advance(seconds=3 * DAY)
        assert await bench.payments.ask(invoice(), customer, charge_now=charge_now, key="k") == asked
        status, attempts = ("paid", 1) if charge_now else ("open", 0)
        assert asked == PaymentRequest(asked.id, customer, "INV1", money(9_800), status, "", attempts, ON)
        assert await bench.payments.request(asked.id) == asked
        assert await bench.payments.request_for("INV1", customer) == asked
        assert len(bench.books("intents")) == 1
        assert len(bench.books("charges")) == attempts

    run(story)


def test_without_a_card_the_request_stays_open() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer()
        asked = await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        assert (asked.status, asked.attempts) == ("open", 0)
        with pytest.raises(Refused):
            await bench.payments.charge_again(asked, "again")
        assert await bench.payments.request_for("INV2", customer) is None

    run(story)


def test_a_declined_card_is_an_answer_and_another_card_pays() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_chargeCustomerFail")
        asked = await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        assert (asked.status, asked.failure, asked.attempts) == ("failed", "generic_decline", 1)
        assert await bench.payments.ask(invoice(), customer, charge_now=True, key="k") == asked
        assert ("ask_payment", "k", True, "ok") in bench.claims.ended
        again = await bench.payments.charge_again(asked, "day 1")
        assert (again.status, again.attempts) == ("failed", 2)
        # The same act again is not a third charge.
        assert await bench.payments.charge_again(asked, "day 1") == again
        await bench.card(customer, "pm_card_visa")
        bench.clock.advance(seconds=DAY)
        bench.transport.lose("charge_again")
        with pytest.raises(Unclear):
            await bench.payments.charge_again(again, "day 2")
        paid = await bench.payments.charge_again(again, "day 2")
        assert (paid.status, paid.attempts, paid.on) == ("paid", 3, date(2026, 1, 2))
        # A late third act finds it paid.
        assert await bench.payments.charge_again(again, "day 3") == paid
        assert await bench.payments.request(asked.id) == paid
        assert [row["status"] for row in bench.books("charges")].count("succeeded") == 1

    run(story)


@pytest.mark.parametrize("applied", [False, True])
def test_a_failure_that_the_vendor_keeps_is_overcome_without_a_second_effect(applied: bool) -> None:
    async def story(bench: Bench) -> None:
        broken: dict[str, Any] = {"count": 1, "applied": applied}
        bench.mock.vendor.disturb(
            bench.mock.rules, "server_error", {"operation": "create_customer", **broken}
        )
        with pytest.raises(Unclear):
            await bench.payments.open_customer(ACCOUNT, "open")
        customer = await bench.payments.open_customer(ACCOUNT, "open")
        assert len(bench.books("customers")) == 1

        await bench.card(customer, "pm_card_visa")
        broken = {"operation": "create_payment_intent", **broken}
        bench.mock.vendor.disturb(bench.mock.rules, "server_error", broken)
        with pytest.raises(Unclear):
            await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        asked = await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        assert (asked.status, len(bench.books("intents")), len(bench.books("charges"))) == ("paid", 1, 1)

        other = await bench.payments.ask(invoice("INV2"), customer, charge_now=False, key="other")
        broken = {**broken, "operation": "confirm_payment_intent"}
        bench.mock.vendor.disturb(bench.mock.rules, "server_error", broken)
        with pytest.raises(Unclear):
            await bench.payments.charge_again(other, "again")
        assert (await bench.payments.charge_again(other, "again")).status == "paid"
        assert len(bench.books("charges")) == 2

    run(story)


def test_refunds_carry_their_invoice() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        asked = await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        made = await bench.do("refunds", payment_intent=asked.id, amount=1_000)
        refund = await bench.payments.refund(str(made["id"]))
        assert (refund.request, refund.invoice, refund.amount) == (asked.id, "INV1", money(1_000))
        assert (refund.status, refund.on) == ("succeeded", ON)
        assert await collect(bench.payments.refunds_since(START)) == [refund]
        bench.clock.advance(seconds=DAY)
        later = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        assert await collect(bench.payments.refunds_since(later)) == []

    run(story)


def test_a_refund_that_succeeds_late_is_not_missed() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_pendingRefund")
        asked = await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        await bench.do("refunds", payment_intent=asked.id)
        assert await collect(bench.payments.refunds_since(START)) == []
        bench.clock.advance(seconds=DAY)
        since = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        bench.clock.advance(seconds=2 * DAY)
        (refund,) = await collect(bench.payments.refunds_since(since))
        assert (refund.status, refund.invoice) == ("succeeded", "INV1")

    run(story)


def test_paid_and_failed_requests_since() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        numbers = [f"INV{n}" for n in range(120)]  # more than one page
        for number in numbers:
            await bench.payments.ask(invoice(number), customer, charge_now=True, key=number)
        await bench.card(customer, "pm_card_chargeCustomerFail")
        failed = await bench.payments.ask(invoice("BAD"), customer, charge_now=True, key="bad")
        # Nobody asked for this one on behalf of an invoice.
        await bench.do("payment_intents", amount=500, currency="usd")
        paid = await collect(bench.payments.paid_since(START))
        assert [each.invoice for each in paid] == numbers
        assert await collect(bench.payments.failed_since(START)) == [failed]
        assert await bench.payments.request_for("INV0", customer) == paid[0]
        bench.clock.advance(seconds=1)
        later = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        assert await collect(bench.payments.paid_since(later)) == []

    run(story, rate_per_second=0)


def test_a_payout_adds_up() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        for n in range(3):
            asked = await bench.payments.ask(invoice(f"INV{n}"), customer, charge_now=True, key=str(n))
        await bench.do("refunds", payment_intent=asked.id, amount=1_000)
        early = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        assert await collect(bench.payments.payouts_since(early)) == []
        bench.clock.advance(seconds=3 * DAY)
        after = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        await bench.customer()  # any call makes the vendor catch up
        bench.clock.advance(seconds=DAY)
        (id_,) = await collect(bench.payments.payouts_since(early))
        payout = await bench.payments.payout(id_)
        assert payout.status == "paid"
        # One of the three was given back in part: it is named once.
        assert len(payout.requests) == 3
        assert all(each.startswith("pi_") for each in payout.requests)
        fees = 3 * (284 + 30)
        assert payout.amount == money(3 * 9_800 - 1_000 - fees)
        assert payout.parts == (
            PayoutPart("payments", money(3 * 9_800), money(fees)),
            PayoutPart("refunds", money(-1_000), money(0)),
        )
        # Made before, paid since.
        assert after > START
        assert await collect(bench.payments.payouts_since(after)) == [id_]

    run(story)


def test_a_payout_that_comes_back_is_told_with_its_day() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        early = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        bench.clock.advance(seconds=3 * DAY)
        await bench.customer()
        bench.clock.advance(seconds=DAY)
        (id_,) = await collect(bench.payments.payouts_since(early))
        bench.disturb("fail_payout", {"payout": id_})
        assert await collect(bench.payments.payouts_failed_since(early)) == [id_]
        back = await bench.payments.payout(id_)
        assert (back.status, back.failed_on) == ("failed", bench.today())

    run(story)


def test_a_dispute_is_read_with_what_it_moved_until_it_is_lost() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        asked = await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        early = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        charge = bench.books("charges")[0]["id"]
        bench.disturb("open_dispute", {"charge": charge, "reason": "inquiry"})
        (id_,) = await collect(bench.payments.disputes_opened_since(early))
        asks = await bench.payments.dispute(id_)
        assert (asks.status, asks.request, asks.invoice) == ("inquiry", asked.id, "INV1")
        assert (asks.withdrawn, asks.closed_on) == (money(0), None)
        assert await collect(bench.payments.disputes_withdrawn_since(early)) == []
        bench.disturb("decide_dispute", {"dispute": id_, "status": "needs_response"})
        assert await collect(bench.payments.disputes_withdrawn_since(early)) == [id_]
        held = await bench.payments.dispute(id_)
        assert (held.status, held.withdrawn, held.fee) == ("open", money(9_800), money(1_500))
        assert await collect(bench.payments.disputes_closed_since(early)) == []
        bench.clock.advance(seconds=2 * DAY)
        bench.disturb("decide_dispute", {"dispute": id_, "status": "lost"})
        assert await collect(bench.payments.disputes_closed_since(early)) == [id_]
        lost = await bench.payments.dispute(id_)
        assert (lost.status, lost.returned) == ("lost", money(0))
        assert lost.closed_on == bench.today()
        assert lost.taken_on == lost.closed_on - timedelta(days=2)

    run(story)


def test_a_won_dispute_brings_amount_and_fee_back() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        bench.disturb("open_dispute", {"charge": bench.books("charges")[0]["id"]})
        (id_,) = [row["id"] for row in bench.books("disputes")]
        bench.disturb("decide_dispute", {"dispute": id_, "status": "won"})
        won = await bench.payments.dispute(id_)
        assert (won.status, won.returned, won.fee_returned) == ("won", money(9_800), money(1_500))
        assert (won.withdrawn, won.closed_on) == (money(9_800), bench.today())

    run(story)


def test_a_refund_that_comes_back_is_told_with_its_day() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer("pm_card_visa")
        asked = await bench.payments.ask(invoice(), customer, charge_now=True, key="k")
        early = datetime.fromtimestamp(bench.clock.now() / 1_000_000, UTC)
        made = await bench.do("refunds", payment_intent=asked.id, amount=1_000)
        bench.clock.advance(seconds=3 * DAY)
        bench.disturb("fail_refund", {"refund": made["id"]})
        assert await collect(bench.payments.refunds_failed_since(early)) == [made["id"]]
        back = await bench.payments.refund(str(made["id"]))
        assert (back.status, back.amount, back.failed_on) == ("failed", money(1_000), bench.today())

    run(story)


def test_currencies_without_minor_units() -> None:
    async def story(bench: Bench) -> None:
        customer = await bench.customer()
        asked = await bench.payments.ask(invoice("YEN", 5_000, "JPY"), customer, charge_now=False, key="k")
        assert asked.amount == money(5_000, "JPY")
        assert bench.books("intents")[0]["amount"] == 5_000

    run(story)


def test_what_is_not_there_is_missing() -> None:
    async def story(bench: Bench) -> None:
        for read in (bench.payments.request, bench.payments.refund, bench.payments.payout):
            with pytest.raises(Missing):
                await read("pi_nothing")

    run(story)


def test_a_throttled_call_did_not_happen() -> None:
    async def story(bench: Bench) -> None:
        await bench.payments.open_customer(ACCOUNT, "k")
        with pytest.raises(Unavailable):
            await bench.payments.open_customer(ACCOUNT, "k")
        assert bench.claims.ended[-1][3] == "fail"

    run(story, rate_per_second=2)
