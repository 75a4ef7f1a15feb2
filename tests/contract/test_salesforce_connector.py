"""The Salesforce connector against the Salesforce mock: every write twice, every answer lost once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.canonical.errors import Missing, Refused, Unavailable, Unclear
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.canonical.parties import Account, Address
from core.canonical.versions import Version, versions
from core.connectors.salesforce import wire
from core.connectors.salesforce.client import LIMITS, Salesforce, SalesforceEndpoint, connect
from core.ports.crm import WonQuote
from simulators.salesforce.routes.table import VENDOR
from simulators.salesforce.rules.org import Org

from .inprocess import START_US, Claims, InProcess, StillClock, guarded, sandbox

START = datetime.fromtimestamp(START_US / 1_000_000, UTC)
ON = date(2026, 1, 1)
ADDRESS = Address("1 Main St", "Seattle", "WA", "98101", "US")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


class Bench:
    """One fresh mock, the connector on it, and people who sell."""

    def __init__(self, **options: int) -> None:
        self.clock = StillClock()
        self.mock = sandbox(VENDOR, self.clock, **options)
        self.transport = InProcess(self.mock)
        self.claims = Claims()
        known = VENDOR.credentials(self.mock.rules)
        self.endpoint = SalesforceEndpoint("http://crm.test", known["client_id"], known["client_secret"])
        self.crm: Salesforce = connect(
            self.endpoint, self.transport, self.claims, self.clock, guarded("salesforce", LIMITS, self.claims)
        )
        self.org: Org = self.mock.rules

    def make(self, kind: str, **values: Any) -> str:
        return str(self.org.create(self.org.catalogue.entity(kind), values).id)

    def change(self, kind: str, record: str, **values: Any) -> None:
        self.org.update(self.org.catalogue.entity(kind), record, values)

    def account(self, key: str = "ACC-0001", **more: Any) -> str:
        return self.make(
            "Account", Name="Acme", External_Id__c=key, CurrencyIsoCode="USD", BillingStreet="1 Main St",
            BillingCity="Seattle", BillingState="WA", BillingPostalCode="98101", BillingCountry="US",
            Email__c="ap@acme.test", **more,
        )  # fmt: skip

    def deal(self, key: str, account: str, kind: str = "New Business", **more: Any) -> str:
        return self.make(
            "Opportunity", Name=key, External_Id__c=key, AccountId=account, StageName="Prospecting",
            CloseDate="2026-01-15", Type=kind, CurrencyIsoCode="USD", Service_Start__c="2026-02-01",
            **more,
        )  # fmt: skip

    def quote(
        self, opportunity: str, *lines: tuple[str, int, int, str, str], status: str = "Accepted"
    ) -> str:
        quote = self.make(
            "SBQQ__Quote__c", SBQQ__Opportunity2__c=opportunity, SBQQ__Primary__c=True,
            SBQQ__Status__c=status, SBQQ__StartDate__c="2026-02-01",
        )  # fmt: skip
        for product, quantity, prior, price, frequency in lines:
            sku = self.make("Product2", Name=product, ProductCode=product)
            self.make(
                "SBQQ__QuoteLine__c", SBQQ__Quote__c=quote, SBQQ__Product__c=sku, SBQQ__NetPrice__c=price,
                SBQQ__Quantity__c=quantity, SBQQ__PriorQuantity__c=prior,
                SBQQ__BillingFrequency__c=frequency,
            )  # fmt: skip
        return quote

    def books(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.org.books()[name]
        return rows


def run(story: Callable[[Bench], Awaitable[None]], **options: int) -> None:
    async def told() -> None:
        await story(Bench(**options))

    asyncio.run(told())


async def collect(rows: Any) -> list[Any]:
    return [row async for row in rows]


ACCOUNT = Account("ACC-0001", "", "Acme", "ap@acme.test", "USD", ADDRESS, "card")


# What the mirror is made of.
MADE_OF = versions({"INV": Version(1_767_225_600, 1)})


def invoice(number: str) -> Invoice:
    return Invoice("i", number, "ACC-0001", "posted", ON, ON, usd(900), usd(80), usd(980), usd(980), ())


def test_an_account_by_its_key() -> None:
    async def story(bench: Bench) -> None:
        id_ = bench.account("ACC'7", Payment_Terms__c="Card", Stripe_Customer__c="cus_1")
        found = await bench.crm.account("ACC'7")
        assert found == replace(ACCOUNT, key="ACC'7", crm_id=id_, payment_customer="cus_1")
        with pytest.raises(Missing):
            await bench.crm.account("ACC-9999")

    run(story)


def test_an_order_by_id_and_by_key_in_one_call() -> None:
    async def story(bench: Bench) -> None:
        deal = bench.deal("OPP-1", bench.account(), Service_End__c="2027-02-01")
        lines = ("SEAT", 10, 0, "99.90", "Monthly"), ("CARE", 1, 0, "1200", "Annual")
        bench.quote(deal, *lines)
        with pytest.raises(Refused):
            await bench.crm.order(deal)
        bench.change("Opportunity", deal, StageName=wire.WON)
        order = await bench.crm.order(deal)
        assert order == Order(
            "OPP-1", OrderKind.NEW, "ACC-0001", "", "USD", date(2026, 2, 1), date(2027, 2, 1),
            (OrderLine("SEAT", 10, 0, usd(9_990), 1), OrderLine("CARE", 1, 0, usd(120_000), 12)),
        )  # fmt: skip
        before = len(bench.transport.requests)
        assert await bench.crm.order("OPP-1") == order
        assert len(bench.transport.requests) == before + 1
        # As events name it: 18 characters, also where the caller knows the key or the short form.
        assert {await bench.crm.quote_id(named) for named in (deal, deal[:15], "OPP-1")} == {deal}
        with pytest.raises(Missing):
            await bench.crm.quote_id("OPP-9")

    run(story)


def test_bundles_come_with_their_list_prices_order_by_order() -> None:
    async def story(bench: Bench) -> None:
        account = bench.account()
        for key in ("OPP-1", "OPP-2", "OPP-3"):
            deal = bench.deal(key, account, Service_End__c="2027-02-01")
            quote = bench.quote(deal, ("SEAT", 10, 0, "90", "Monthly"))
            sku = bench.make("Product2", Name="Setup", ProductCode="SETUP")
            line = bench.make(
                "SBQQ__QuoteLine__c", SBQQ__Quote__c=quote, SBQQ__Product__c=sku, SBQQ__NetPrice__c="0",
                SBQQ__Quantity__c=1, SBQQ__ListPrice__c="500", SBQQ__ChargeType__c="One-Time",
            )  # fmt: skip
            bench.change("SBQQ__QuoteLine__c", line, Delivered_On__c="2026-03-01")
            if key != "OPP-3":
                bench.change("Opportunity", deal, StageName=wire.WON)
        once = OrderLine("SETUP", 1, 0, usd(0), 0, usd(50_000), date(2026, 3, 1))
        found = await collect(bench.crm.bundles())
        assert [(order.key, order.lines) for order in found] == [("OPP-1", (once,)), ("OPP-2", (once,))]
        assert found[0].end == date(2027, 2, 1)

    run(story)


def test_an_amendment_names_its_original_and_a_cancellation_needs_no_quote() -> None:
    async def story(bench: Bench) -> None:
        account = bench.account()
        deal = bench.deal("OPP-2", account, "Amendment", Original_Opportunity__c="OPP-1")
        bench.quote(deal, ("SEAT", 12, 10, "99.90", "Quarterly"))
        bench.change("Opportunity", deal, StageName=wire.WON)
        order = await bench.crm.order("OPP-2")
        assert (order.kind, order.subscription, order.end) == (OrderKind.AMENDMENT, "S-OPP-1", None)
        assert order.lines == (OrderLine("SEAT", 12, 10, usd(9_990), 3),)
        gone = bench.deal("OPP-3", account, "Cancellation", Original_Opportunity__c="OPP-1")
        bench.change("Opportunity", gone, StageName=wire.WON)
        assert (await bench.crm.order(gone)).kind is OrderKind.CANCELLATION
        with pytest.raises(Missing):
            await bench.crm.order("OPP-9")

    run(story)


def test_a_quote_that_makes_no_sense_is_refused() -> None:
    async def story(bench: Bench) -> None:
        account = bench.account()
        for number, (status, line) in enumerate(
            (("Draft", ("SEAT", 1, 0, "1", "Monthly")), ("Accepted", ("SEAT", 1, 0, "1", "Weekly")))
        ):
            deal = bench.deal(f"OPP-{number}", account)
            bench.quote(deal, line, status=status)
            bench.change("Opportunity", deal, StageName=wire.WON)
            with pytest.raises(Refused):
                await bench.crm.order(deal)

    run(story)


def test_activating_and_linking_twice() -> None:
    async def story(bench: Bench) -> None:
        deal = bench.deal("OPP-1", bench.account())
        bench.change("Opportunity", deal, StageName=wire.WON)
        order = await bench.crm.order(deal)
        bench.transport.lose("activate")
        with pytest.raises(Unclear):
            await bench.crm.activate(order, "k")
        await bench.crm.activate(order, "k")
        (row,) = bench.books("opportunities")
        assert (row["subscription"], row["status"]) == ("S-OPP-1", "Activated")
        bench.transport.lose("link_payment_customer")
        with pytest.raises(Unclear):
            await bench.crm.link_payment_customer(ACCOUNT, "cus_1", "k")
        await bench.crm.link_payment_customer(ACCOUNT, "cus_1", "k")
        assert (await bench.crm.account("ACC-0001")).payment_customer == "cus_1"
        # Nothing is made where there is nothing to change.
        with pytest.raises(Missing):
            await bench.crm.activate(replace(order, key="OPP-9"), "k")
        with pytest.raises(Missing):
            await bench.crm.link_payment_customer(replace(ACCOUNT, key="ACC-9"), "cus_1", "k")
        assert len(bench.books("accounts")) == len(bench.books("opportunities")) == 1

    run(story)


def test_what_was_withdrawn_is_not_activated_again_however_late() -> None:
    async def story(bench: Bench) -> None:
        deal = bench.deal("OPP-1", bench.account())
        bench.change("Opportunity", deal, StageName=wire.WON)
        order = await bench.crm.order(deal)
        assert await bench.crm.activate(order, "k")
        late = bench.transport.requests[-1]
        bench.clock.advance(seconds=5)
        await bench.crm.withdraw(order, "k2")
        assert not await bench.crm.activate(order, "k")
        # The request itself, once more: it names the state that it had read.
        assert (await bench.transport.send(late)).status == 412
        (row,) = bench.books("opportunities")
        assert row["status"] == "Withdrawn"

    run(story)


def test_an_invoice_is_mirrored_once_and_nothing_late_overwrites_it() -> None:
    async def story(bench: Bench) -> None:
        bench.account()
        bill, paid = invoice("INV1"), replace(invoice("INV1"), balance=usd(0))
        assert await bench.crm.mirrored("INV1") is None
        bench.transport.lose("mirror_invoice")
        with pytest.raises(Unclear):
            await bench.crm.mirror_invoice(bill, ACCOUNT, "Posted", None, "k", MADE_OF)
        # The lost one was made after all; a repeat of it is refused and changes nothing.
        with pytest.raises(Unavailable):
            await bench.crm.mirror_invoice(bill, ACCOUNT, "Posted", None, "k", MADE_OF)
        seen = await bench.crm.mirrored("INV1")
        assert seen is not None
        assert (seen.status, seen.balance, seen.made_of) == ("Posted", usd(980), MADE_OF)
        bench.clock.advance(seconds=5)
        await bench.crm.mirror_invoice(paid, ACCOUNT, "Paid", seen, "k2", MADE_OF)
        # A request that was under way all the time comes late: the record is no longer what it saw.
        with pytest.raises(Unavailable):
            await bench.crm.mirror_invoice(bill, ACCOUNT, "Payment Failed", seen, "k4", MADE_OF)
        (row,) = bench.books("invoices")
        assert (row["account"], row["status"], row["balance"]) == ("ACC-0001", "Paid", 0)
        nobody = replace(ACCOUNT, key="ACC-9")
        with pytest.raises(Missing):
            await bench.crm.mirror_invoice(invoice("INV2"), nobody, "Posted", None, "k3", MADE_OF)

    run(story)


def test_won_opportunities_since_over_several_batches() -> None:
    async def story(bench: Bench) -> None:
        account = bench.account()
        bench.deal("LOST", account)
        keys = [f"OPP-{n:04}" for n in range(2_100)]
        for key in keys:
            bench.make(
                "Opportunity", Name=key, External_Id__c=key, AccountId=account, StageName=wire.WON,
                CloseDate="2026-01-15", Type="Renewal",
            )  # fmt: skip
        bench.clock.advance(seconds=10)
        sixth = next(row["id"] for row in bench.books("opportunities") if row["key"] == keys[5])
        bench.change("Opportunity", sixth, Billing_Status__c="Activated", Subscription_Number__c="S-1")
        found = await collect(bench.crm.won_since(START))
        assert [each.key for each in found] == [key for key in keys if key != keys[5]] + [keys[5]]
        at = datetime(2026, 1, 1, 0, 0, 10, tzinfo=UTC)
        last = WonQuote(found[-1].id, keys[5], "ACC-0001", "renewal", "S-1", "Activated", at)
        assert await collect(bench.crm.won_since(at)) == [last] == [found[-1]]

    run(story)


def test_customers_come_in_the_order_of_change_page_after_page() -> None:
    async def story(bench: Bench) -> None:
        ids = [bench.account(f"ACC-{n:04}") for n in range(2_050)]
        bench.make("Account", Name="not ours", CurrencyIsoCode="USD")
        bench.clock.advance(seconds=10)
        bench.change("Account", ids[7], Name="Other")
        found = await collect(bench.crm.accounts_since(START))
        assert len(found) == 2_050 == len({account.key for _, account in found})
        assert [at for at, _ in found] == sorted(at for at, _ in found)
        assert [(account.key, account.name) for _, account in found[-1:]] == [("ACC-0007", "Other")]
        assert await collect(bench.crm.accounts_since(found[-1][0])) == found[-1:]

    run(story)


def test_a_session_that_ends_is_renewed_once() -> None:
    async def story(bench: Bench) -> None:
        bench.account()
        await bench.crm.account("ACC-0001")
        bench.mock.vendor.disturb(bench.org, "expire_tokens", {})
        await bench.crm.account("ACC-0001")
        assert bench.transport.sent("sign_in") == 2
        bench.clock.advance(seconds=7_200)
        await bench.crm.account("ACC-0001")
        assert bench.transport.sent("sign_in") == 3
        wrong = replace(bench.endpoint, client_secret="wrong")
        with pytest.raises(Unavailable):
            await connect(wrong, bench.transport, bench.claims, bench.clock).account("ACC-0001")

    run(story)


def test_the_daily_quota() -> None:
    async def story(bench: Bench) -> None:
        bench.account()
        await bench.crm.account("ACC-0001")
        with pytest.raises(Unavailable):
            await bench.crm.link_payment_customer(ACCOUNT, "cus_1", "k")
        assert bench.claims.ended[-1] == ("link_payment_customer", "k", True, "fail")

    run(story, daily_requests=1)
