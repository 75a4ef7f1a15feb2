"""The NetSuite connector against the NetSuite mock: every write twice, every answer lost once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.canonical.erp import Dimensions, Ended, Journal, JournalLine, Schedule
from core.canonical.errors import AlreadyThere, Held, Missing, PeriodClosed, Refused, Unavailable, Unclear
from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.canonical.parties import Account, Address
from core.canonical.payments import PaymentRequest, Refund
from core.canonical.versions import FINAL, OPEN, Version
from core.connectors.netsuite.api import Api, NetSuiteEndpoint
from core.connectors.netsuite.client import LIMITS, NetSuite, connect
from core.connectors.netsuite.entries import entry
from core.connectors.netsuite.references import References
from core.connectors.session import Limits
from core.finance.ledger.dimensions import Carried, Classification
from simulators.netsuite.routes.table import VENDOR

from .inprocess import Claims, InProcess, StillClock, guarded, sandbox

ON = date(2026, 1, 15)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


ACCOUNT = Account(
    "ACC-0001", "001x", "Acme", "ap@acme.test", "USD", Address("1 Road", "Troy", "NY", "12180", "US"), "card"
)


def line(n: int, net: int, tax: int, product: str = "SEAT") -> Line:
    return Line(f"l{n}", "S-O1", product, "Seats", usd(net), usd(tax), ON, date(2026, 2, 15))


INVOICE = Invoice(
    "i1", "INV00000001", "ACC-0001", "posted", ON, date(2026, 2, 14),
    usd(9000), usd(800), usd(9800), usd(9800), (line(1, 10000, 800), line(2, -1000, 0)),
)  # fmt: skip
NOTE = CreditNote(
    "c1", "CM00000001", "ACC-0001", "INV00000001", "refund", "posted", ON,
    usd(4500), usd(400), usd(4900), usd(4900), (line(1, 4500, 400),),
)  # fmt: skip
PAYMENT = PaymentRequest("pi_1", "cus_1", "INV00000001", usd(9800), "paid", "", 1, ON)
REFUND = Refund("re_1", "pi_1", "INV00000001", usd(4900), "succeeded", ON)
JOURNAL = Journal(
    "po_1", ON, "USD", "po_1",
    (JournalLine("1000", usd(9500), usd(0)), JournalLine("6000", usd(300), usd(0)),
     JournalLine("1010", usd(0), usd(9800))),
)  # fmt: skip
PLAN = Schedule("INV00000001-l1", "INV00000001", usd(9000), ON, date(2026, 2, 15))


class Bench:
    """One fresh mock, the connector on it, and two items for sale."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.mock = sandbox(VENDOR, self.clock)
        self.transport = InProcess(self.mock)
        self.claims = Claims()
        known = VENDOR.credentials(self.mock.rules)
        self.endpoint = NetSuiteEndpoint(
            "http://netsuite.test", known["client_id"], known["certificate_id"], known["private_key_pem"]
        )
        self.erp: NetSuite = connect(
            self.endpoint, self.transport, self.claims, self.clock, guarded("netsuite", LIMITS, self.claims)
        )

    async def stock(self) -> None:
        api = Api(self.endpoint, self.transport, self.claims, self.clock, Limits())
        accounts = await References(api).accounts(["4000", "2100", "4900"])
        for name, income, deferral in (("SEAT", "4000", "2100"), ("GOODWILL", "4900", "")):
            body: dict[str, Any] = {"itemId": name, "incomeAccount": {"id": accounts[income]}}
            if deferral:
                body["deferredRevenueAccount"] = {"id": accounts[deferral]}
            await api.put("stock", name, "serviceSaleItem", name, body)
        await self.erp.upsert_customer(ACCOUNT, "k")

    def books(self) -> dict[str, list[dict[str, Any]]]:
        return self.mock.rules.books()


def play(story: Callable[[Bench], Awaitable[None]]) -> None:
    async def act() -> None:
        bench = Bench()
        await bench.stock()
        await story(bench)

    asyncio.run(act())


async def invoice_posted(bench: Bench) -> None:
    await bench.erp.post_invoice(INVOICE, ON, "k-inv")


async def receipt_posted(bench: Bench) -> None:
    found = await bench.erp.invoice("INV00000001")
    assert found is not None
    await bench.erp.post_receipt(PAYMENT, found, ON, "k-pay")


async def note_posted(bench: Bench) -> None:
    await bench.erp.post_credit_note(NOTE, ON, "k-note")


async def refund_posted(bench: Bench) -> None:
    found = await bench.erp.credit_note("CM00000001")
    assert found is not None
    await bench.erp.post_refund(REFUND, found, ON, "k-ref")


async def journal_posted(bench: Bench) -> None:
    await bench.erp.post_journal(JOURNAL, "k-je")


async def plan_added(bench: Bench) -> None:
    await bench.erp.add_schedule(PLAN, "k-plan")


async def customer_kept(bench: Bench) -> None:
    await bench.erp.upsert_customer(ACCOUNT, "k-cust")


ACTS = (
    ("upsert_customer", customer_kept),
    ("post_invoice", invoice_posted),
    ("post_receipt", receipt_posted),
    ("post_credit_note", note_posted),
    ("post_refund", refund_posted),
    ("post_journal", journal_posted),
    ("add_schedule", plan_added),
)


def test_the_whole_story_leaves_these_books() -> None:
    async def story(bench: Bench) -> None:
        for _, act in ACTS:
            await act(bench)
        books = bench.books()
        invoice, receipt = books["invoices"][0], books["receipts"][0]
        assert (invoice["external"], invoice["total"], invoice["tax"], invoice["remaining"]) == (
            "INV00000001", 9800, 800, 0,
        )  # fmt: skip
        assert (receipt["external"], receipt["amount"], receipt["unapplied"]) == ("pi_1", 9800, 0)
        assert books["credit_memos"][0]["remaining"] == 0
        assert books["refunds"][0]["amount"] == 4900
        balance: dict[str, int] = {}
        for posting in books["ledger"]:
            balance[posting["account"]] = (
                balance.get(posting["account"], 0) + posting["debit"] - posting["credit"]
            )
        assert {name: left for name, left in balance.items() if left} == {
            "1000": 9500, "1010": 9800 - 4900 - 9800, "2000": -400, "2100": -9000, "4900": 4500, "6000": 300,
        }  # fmt: skip
        assert books["schedules"][0]["start"] == "2026-01-15"
        assert books["schedules"][0]["end"] == "2026-02-15"

    play(story)


def test_every_write_twice_changes_nothing_more() -> None:
    async def story(bench: Bench) -> None:
        for _, act in ACTS:
            await act(bench)
            once, changes = bench.books(), len(bench.mock.rules.history.changes)
            await act(bench)
            assert bench.books() == once
            assert len(bench.mock.rules.history.changes) == changes

    play(story)


def test_every_lost_answer_is_unclear_and_then_repeated_in_peace() -> None:
    async def story(bench: Bench) -> None:
        for operation, act in ACTS:
            bench.transport.lose(operation)
            with pytest.raises(Unclear):
                await act(bench)
            once = bench.books()
            await act(bench)
            assert bench.books() == once
        lost = [(op, claim) for op, _, write, claim in bench.claims.ended if write and claim == "info"]
        assert lost == [(operation, "info") for operation, _ in ACTS]

    play(story)


def test_other_amounts_under_the_same_number_are_refused_and_nothing_is_overwritten() -> None:
    async def story(bench: Bench) -> None:
        await invoice_posted(bench)
        with pytest.raises(AlreadyThere):
            await bench.erp.post_invoice(replace(INVOICE, total=usd(9900)), ON, "k2")
        with pytest.raises(AlreadyThere):
            await bench.erp.post_invoice(replace(INVOICE, tax=usd(700)), ON, "k2")
        assert bench.books()["invoices"][0]["total"] == 9800

    play(story)


def test_a_period_that_closed_after_the_first_attempt_does_not_hurt_the_repetition() -> None:
    async def story(bench: Bench) -> None:
        bench.transport.lose("post_invoice")
        with pytest.raises(Unclear):
            await invoice_posted(bench)
        VENDOR.disturb(bench.mock.rules, "close_period", {"name": "2026-01"})
        await bench.erp.post_invoice(INVOICE, date(2026, 2, 1), "k-inv")
        assert bench.books()["invoices"][0]["date"] == "2026-01-15"

    play(story)


def test_a_closed_period_is_told_and_the_next_open_day_found() -> None:
    async def story(bench: Bench) -> None:
        assert await bench.erp.first_open_day(ON) == ON
        VENDOR.disturb(bench.mock.rules, "close_period", {"name": "2026-01"})
        # Within ten minutes the calendar is believed …
        assert await bench.erp.first_open_day(ON) == ON
        with pytest.raises(PeriodClosed):
            await invoice_posted(bench)
        # … unless a posting was refused for it.
        assert await bench.erp.first_open_day(ON) == date(2026, 2, 1)
        assert await bench.erp.first_open_day(date(2025, 12, 31)) == date(2026, 2, 1)
        VENDOR.disturb(bench.mock.rules, "reopen_period", {"name": "2026-01"})
        bench.clock.advance(seconds=601)
        assert await bench.erp.first_open_day(ON) == ON

    play(story)


def test_reads_of_what_is_not_there() -> None:
    async def story(bench: Bench) -> None:
        erp = bench.erp
        for read in (erp.invoice, erp.receipt, erp.credit_note, erp.refund, erp.journal):
            assert await read("nothing") is None
        with pytest.raises(Missing):
            await erp.post_invoice(replace(INVOICE, account="ACC-9999"), ON, "k")
        with pytest.raises(Missing):
            await erp.post_invoice(replace(INVOICE, lines=(line(1, 9000, 800, "NEW"),)), ON, "k")

    play(story)


def test_posted_documents_as_read() -> None:
    async def story(bench: Bench) -> None:
        await invoice_posted(bench)
        found = await bench.erp.invoice("INV00000001")
        assert found is not None
        assert (found.key, found.total, found.remaining, found.on) == (
            "INV00000001", usd(9800), usd(9800), ON,
        )  # fmt: skip
        await bench.erp.post_receipt(replace(PAYMENT, amount=usd(10000)), found, ON, "k")
        paid = await bench.erp.receipt("pi_1")
        assert paid is not None
        assert (paid.total, paid.remaining) == (usd(10000), usd(200))
        await note_posted(bench)
        await refund_posted(bench)
        given = await bench.erp.refund("re_1")
        assert given is not None
        assert (given.total, given.remaining) == (usd(4900), usd(0))
        await journal_posted(bench)
        entry = await bench.erp.journal("po_1")
        assert entry is not None
        assert entry.total == usd(9800)

    play(story)


def test_registers() -> None:
    async def story(bench: Bench) -> None:
        for _, act in ACTS:
            await act(bench)
        erp = bench.erp
        found: dict[str, list[Any]] = {
            "invoices": [row async for row in erp.invoices_since(LONG_AGO)],
            "receipts": [row async for row in erp.receipts_since(LONG_AGO)],
            "notes": [row async for row in erp.credit_notes_since(LONG_AGO)],
            "refunds": [row async for row in erp.refunds_since(LONG_AGO)],
            "journals": [row async for row in erp.journals_since(LONG_AGO)],
        }
        seen = {name: [(r.reference, r.total, r.open) for r in rows] for name, rows in found.items()}
        assert seen == {
            "invoices": [("INV00000001", usd(9800), usd(0))],
            "receipts": [("pi_1", usd(9800), usd(0))],
            "notes": [("CM00000001", usd(4900), usd(0))],
            "refunds": [("re_1", usd(4900), usd(0))],
            "journals": [("po_1", usd(9800), usd(0))],
        }
        assert found["invoices"][0].account == "ACC-0001"
        posted = await erp.invoice("INV00000001")
        assert posted is not None
        assert found["invoices"][0].on == posted.on
        now = datetime.fromtimestamp(bench.clock.now() // 1_000_000, UTC)
        assert [r async for r in erp.invoices_since(now)] == found["invoices"]
        assert [r async for r in erp.invoices_since(now.replace(year=2027))] == []
        (customer,) = [c async for c in erp.customers()]
        assert (customer.key, customer.name, customer.currency) == ("ACC-0001", "Acme", "USD")
        assert customer.changed_at == now
        assert [s async for s in erp.schedules(date(2026, 2, 14), date(2026, 3, 1))] == [PLAN]
        assert [s async for s in erp.schedules(date(2026, 2, 15), date(2026, 3, 1))] == []

    play(story)


def test_nothing_older_is_written_over_a_customer() -> None:
    def named(name: str, at: int, number: int = FINAL) -> Account:
        return replace(ACCOUNT, key="ACC-9", name=name, version=Version(at, number))

    async def story(bench: Bench) -> None:
        async def shown() -> str:
            return next(c.name for c in [c async for c in bench.erp.customers()] if c.key == "ACC-9")

        assert await bench.erp.upsert_customer(named("Acme", 5), "k") is None
        assert await bench.erp.upsert_customer(named("Acme AG", 7), "k") is None
        # Older; of the same second and not over; the same again: nothing is written.
        assert await bench.erp.upsert_customer(named("Acme", 5), "k") == Version(7, FINAL)
        assert await bench.erp.upsert_customer(named("Acme", 7, OPEN), "k") == Version(7, FINAL)
        assert await bench.erp.upsert_customer(named("Acme", 7), "k") is None
        assert await shown() == "Acme AG"
        assert await bench.erp.upsert_customer(named("Acme SE", 9, OPEN), "k") is None
        assert await bench.erp.upsert_customer(named("Acme", 9, OPEN), "k") == Version(9, OPEN)
        assert await bench.erp.upsert_customer(named("Acme Group", 9), "k") is None
        assert await shown() == "Acme Group"

    play(story)


def test_a_customer_that_is_made_late_is_refused_not_put_over() -> None:
    async def story(bench: Bench) -> None:
        account = replace(ACCOUNT, key="ACC-9", version=Version(5, FINAL))
        bench.transport.lose("upsert_customer")
        with pytest.raises(Unclear):
            await bench.erp.upsert_customer(account, "k")
        assert await bench.erp.upsert_customer(account, "k") is None
        body = {"externalId": "ACC-9", "entityId": "ACC-9", "companyName": "Old", "subsidiary": {"id": "1"}}
        api = Api(bench.endpoint, bench.transport, bench.claims, bench.clock, Limits())
        with pytest.raises(AlreadyThere):
            await api.create("upsert_customer", "k", "customer", body)

    play(story)


def test_amounts_of_currencies_without_and_with_three_decimals() -> None:
    async def story(bench: Bench) -> None:
        for code, minor in (("JPY", 12345), ("KWD", 12345)):
            account = replace(ACCOUNT, key=f"ACC-{code}", currency=code)
            await bench.erp.upsert_customer(account, "k")
            amount, none = Money(minor, code), Money(0, code)
            only = replace(line(1, 1, 0), net=amount, tax=none)
            await bench.erp.post_invoice(
                replace(
                    INVOICE, number=f"INV-{code}", account=account.key, net=amount, tax=none, total=amount,
                    balance=amount, lines=(only,),
                ), ON, "k",
            )  # fmt: skip
            found = await bench.erp.invoice(f"INV-{code}")
            assert found is not None
            assert found.total == amount

    play(story)


def test_an_expired_token_is_renewed_and_the_call_repeated() -> None:
    async def story(bench: Bench) -> None:
        VENDOR.disturb(bench.mock.rules, "expire_tokens", {})
        await invoice_posted(bench)
        assert len(bench.books()["invoices"]) == 1

    play(story)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("throttled", Unavailable), ("server_error", Unclear), ("unavailable", Unclear)],
)
def test_troubles(kind: str, error: type[Exception]) -> None:
    from simulators.kit.chaos import Arm

    async def story(bench: Bench) -> None:
        await bench.erp.first_open_day(ON)
        bench.mock.armed.waiting.append(Arm(kind=kind, operation="read"))
        with pytest.raises(error):
            await bench.erp.invoice("INV00000001")

    play(story)


def test_the_assertion_is_the_same_in_every_run() -> None:
    def signed() -> bytes:
        bench = Bench()

        async def act() -> None:
            await bench.stock()

        asyncio.run(act())
        return next(r.body for r in bench.transport.requests if r.operation == "sign_in")

    assert signed() == signed()


def test_a_schedule_without_time_is_refused() -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(Refused):
            await bench.erp.add_schedule(replace(PLAN, end=PLAN.start), "k")

    play(story)


def test_what_was_still_to_come_of_a_refund_comes_off_deferred_revenue() -> None:
    late = (Ended("SEAT", "S-O1", usd(1500)),)

    async def story(bench: Bench) -> None:
        await bench.erp.post_credit_note(NOTE, ON, "k-note", late)
        lines = [x for x in bench.books()["ledger"] if x["kind"] == "creditMemo"]
        sums = {x["account"]: x["debit"] - x["credit"] for x in lines}
        assert sums == {"4900": 3000, "2100": 1500, "2000": 400, "1100": -4900}

    play(story)


def test_contracts_stand_by_the_end_and_what_bills_and_their_own_journals_did_after_it() -> None:
    """On 31 January 60.00 are released ahead of a bill of February that meets 40.00 of them."""
    policy = Classification(frozenset({Carried.PRODUCT, Carried.CONTRACT, Carried.CUSTOMER}))
    end, after = date(2026, 1, 31), date(2026, 2, 1)
    at = Dimensions(product="SEAT", customer="ACC-0001", contract="S-O1")

    def moved(key: str, on: date, account: str, other: str, minor: int) -> Journal:
        lines = (
            JournalLine(account, usd(minor), usd(0), "", at),
            JournalLine(other, usd(0), usd(minor), "", at),
        )
        return Journal(key, on, "USD", key, lines)

    async def story(bench: Bench) -> None:
        known = (bench.endpoint, bench.transport, bench.claims, bench.clock)
        erp = connect(*known, classification=policy)
        await classified(bench)
        await erp.post_journal(moved("REV-2026-01-USD-001", end, "2100", "4000", 6000), "k1")
        await erp.post_journal(moved("UNB-2026-01-USD-001", end, "1150", "2100", 6000), "k2")
        await erp.post_journal(moved("USE-2026-01-USD-001", end, "1150", "4010", 700), "k3")
        bill = replace(INVOICE, on=after, net=usd(9000), lines=(line(1, 9000, 800),))
        await erp.post_invoice(bill, after, "k4")
        await erp.post_journal(moved("UNB-2026-01-USD-002", after, "2100", "1150", 4000), "k5")
        found = await erp.contract_moves(end, "UNB-2026-01-")
        assert {(m.asset, m.on): m.amount.minor for m in found} == {
            (False, None): 0,
            (True, None): 6000,
            (False, after): -9000,
            (True, after): -4000,
        }
        assert {(m.contract, m.product, m.customer) for m in found} == {("S-O1", "SEAT", "ACC-0001")}
        # Without the dimension nothing is known of a contract.
        assert await bench.erp.contract_moves(end, "UNB-2026-01-") == []

    play(story)


def test_journals_come_with_their_lines_and_what_the_ledger_keeps_of_what_they_are_about() -> None:
    policy = Classification(frozenset({Carried.PRODUCT, Carried.CONTRACT, Carried.CUSTOMER}))
    at = Dimensions(product="SEAT", customer="ACC-0001", contract="S-O1")
    lines = (
        JournalLine("2100", usd(9000), usd(0), "INV00000001-l1", at),
        JournalLine("4000", usd(0), usd(6001), "INV00000001-l1", at),
        JournalLine("4010", usd(0), usd(2999), "rest"),
    )
    kept = Journal("REV-2026-01-USD-001", ON, "USD", "Revenue of 2026-01", lines, reverse_on=date(2026, 2, 1))

    async def story(bench: Bench) -> None:
        known = (bench.endpoint, bench.transport, bench.claims, bench.clock)
        erp = connect(*known, classification=policy)
        await classified(bench)
        await erp.post_journal(kept, "k1")
        await journal_posted(bench)
        await invoice_posted(bench)
        ids = {}
        for key in (kept.key, "po_1"):
            found = await erp.journal(key)
            assert found is not None
            ids[key] = found.id
        bill = await erp.invoice("INV00000001")
        assert bill is not None
        # An invoice is no journal, and one that nobody has is none either.
        whole = await erp.journals([*ids.values(), bill.id, "999999", "1 OR 1=1"])
        assert whole.keys() == set(ids.values())
        assert whole[ids[kept.key]] == kept
        # A line without a memo of its own is given that of its journal when it is posted.
        named = tuple(replace(each, memo="po_1") for each in JOURNAL.lines)
        assert whole[ids["po_1"]] == replace(JOURNAL, lines=named)
        # A company without these fields is asked for none of them.
        plain = await bench.erp.journals([ids[kept.key]])
        assert [(x.at.product, x.at.contract, x.at.customer) for x in plain[ids[kept.key]].lines] == [
            ("", "", "ACC-0001"),
            ("", "", "ACC-0001"),
            ("", "", ""),
        ]

    play(story)


def test_journal_lines_that_do_not_balance_are_held_and_not_shown() -> None:
    row = {"id": "7", "day": "2026-01-31", "currency": "1", "account": "1000", "amount": "98.00"}
    with pytest.raises(Held, match="debits exceed credits by 9800"):
        entry([row], {"1": "USD"}, {})
    with pytest.raises(Held, match="'moon'"):
        entry([{**row, "currency": "moon"}], {"1": "USD"}, {})


def test_a_journal_between_two_of_our_entities_names_both_by_their_keys() -> None:
    row = {"id": "7", "day": "2026-01-31", "currency": "1", "account": "1300", "amount": "98.00"}
    sides = [{**row, "subsidiary": "2", "partner": "5"}, {**row, "account": "1010", "amount": "-98.00"}]
    found = entry(sides, {"1": "USD"}, {"2": "us", "5": "de", "": ""})
    assert (found.entity, [line.partner for line in found.lines]) == ("us", ["de", ""])
    assert [(line.debit, line.credit) for line in found.lines] == [(usd(9800), usd(0)), (usd(0), usd(9800))]


async def classified(bench: Bench) -> None:
    """The product as a classification, as the company keeps them."""
    api = Api(bench.endpoint, bench.transport, bench.claims, bench.clock, Limits())
    await api.put("stock", "SEAT", "classification", "SEAT", {"name": "SEAT"})
