"""The AvaTax connector against the AvaTax mock: every write twice, every answer lost once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.canonical.errors import AlreadyThere, Missing, Refused, Unclear
from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.canonical.parties import Account, Address
from core.connectors.avatax.client import LIMITS, AvaTax, AvaTaxEndpoint, connect
from simulators.avatax.routes.table import VENDOR

from .inprocess import Claims, InProcess, StillClock, guarded, sandbox

ON = date(2026, 1, 15)
SEATTLE = Address("1 Main St", "Seattle", "WA", "98101", "US")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


ACCOUNT = Account("ACC-0001", "001x", "Acme", "ap@acme.test", "USD", SEATTLE, "card")


def line(n: int, net: int, tax: int = 0) -> Line:
    return Line(f"l{n}", "S-O1", "SEAT", "Seats", usd(net), usd(tax), ON, date(2026, 2, 15))


# Lines: 100.00, and a credit of 10.00 inside the invoice; 10.35 % in Seattle.
INVOICE = Invoice(
    "i1", "INV/1", "ACC-0001", "draft", ON, ON, usd(9_000), usd(0), usd(9_000), usd(9_000),
    (line(1, 10_000), line(2, -1_000)),
)  # fmt: skip
NOTE = CreditNote(
    "c1", "CM1", "ACC-0001", "INV/1", "bill_run", "draft", ON,
    usd(4_000), usd(0), usd(4_000), usd(4_000), (line(3, 4_000),),
)  # fmt: skip
# Half of an invoice given back: the tax is the share of what was charged, a cent off today's rate.
REFUND_NOTE = CreditNote(
    "c2", "CM2", "ACC-0001", "INV/1", "refund", "posted", ON,
    usd(4_500), usd(465), usd(4_965), usd(4_965), (line(4, 4_000, 413), line(5, 500, 52)),
)  # fmt: skip


class Bench:
    """One fresh mock and the connector on it."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.mock = sandbox(VENDOR, self.clock)
        self.transport = InProcess(self.mock)
        self.claims = Claims()
        known = VENDOR.credentials(self.mock.rules)
        self.endpoint = AvaTaxEndpoint(
            "http://avatax.test", known["account"], known["license_key"], known["company_code"]
        )
        self.tax: AvaTax = connect(
            self.endpoint, self.transport, self.claims, self.clock, guarded("avatax", LIMITS, self.claims)
        )

    def documents(self) -> list[tuple[str, str, str, int, int]]:
        rows: list[dict[str, Any]] = self.mock.rules.books()["documents"]
        return [(r["code"], r["kind"], r["status"], r["net"], r["tax"]) for r in rows]


def run(story: Callable[[Bench], Awaitable[None]]) -> None:
    async def told() -> None:
        await story(Bench())

    asyncio.run(told())


def test_an_estimate_records_nothing() -> None:
    async def story(bench: Bench) -> None:
        assert await bench.tax.estimate(ACCOUNT, {"SEAT": usd(10_000)}, "k") == usd(1_035)
        assert bench.documents() == []
        assert bench.claims.ended == [("estimate", "k", False, "ok")]

    run(story)


@pytest.mark.parametrize(
    "address",
    [
        Address("", "", "", "", "US"),
        Address("1 Main St", "Seattle", "NY", "98101", "US"),
        Address("1 Main St", "Seattle", "WA", "98101", "XX"),
    ],
)
def test_an_address_that_cannot_be_placed_is_refused(address: Address) -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(Refused) as error:
            await bench.tax.estimate(replace(ACCOUNT, address=address), {"SEAT": usd(100)}, "k")
        assert not isinstance(error.value, AlreadyThere | Missing)

    run(story)


def test_an_invoice_is_assessed_and_committed_once() -> None:
    async def story(bench: Bench) -> None:
        bench.transport.lose("assess_invoice")
        with pytest.raises(Unclear):
            await bench.tax.assess_invoice(INVOICE, ACCOUNT, "k")
        answer = await bench.tax.assess_invoice(INVOICE, ACCOUNT, "k")
        assert (answer.code, answer.tax) == ("INV/1", usd(931))
        assert sum(each.tax.minor for each in answer.lines if each.line == "l1") == 1_035
        assert sum(each.tax.minor for each in answer.lines if each.line == "l2") == -104
        assert all(each.jurisdiction and each.name and float(each.rate) for each in answer.lines)
        assert bench.documents() == [("INV/1", "SalesInvoice", "Saved", 9_000, 931)]

        bench.transport.lose("commit_invoice")
        with pytest.raises(Unclear):
            await bench.tax.commit_invoice("INV/1", "k2")
        await bench.tax.commit_invoice("INV/1", "k2")
        await bench.tax.commit_invoice("INV/1", "k2")
        committed = [("INV/1", "SalesInvoice", "Committed", 9_000, 931)]
        assert bench.documents() == committed
        # A late repeat of the assessment answers the same and changes nothing.
        assert await bench.tax.assess_invoice(INVOICE, ACCOUNT, "k") == answer
        assert bench.documents() == committed

    run(story)


def test_a_credit_note_comes_back_positive() -> None:
    async def story(bench: Bench) -> None:
        answer = await bench.tax.assess_credit_note(NOTE, ACCOUNT, "k")
        assert answer == await bench.tax.assess_credit_note(NOTE, ACCOUNT, "k")
        assert answer.tax == usd(414)
        assert sum(each.tax.minor for each in answer.lines) == 414
        await bench.tax.commit_credit_note("CM1", "k2")
        await bench.tax.commit_credit_note("CM1", "k2")
        assert answer == await bench.tax.assess_credit_note(NOTE, ACCOUNT, "k")
        assert bench.documents() == [("CM1", "ReturnInvoice", "Committed", -4_000, -414)]

    run(story)


def test_a_refund_returns_the_tax_that_was_charged() -> None:
    async def story(bench: Bench) -> None:
        bench.transport.lose("return_for_refund")
        with pytest.raises(Unclear):
            await bench.tax.return_for_refund(REFUND_NOTE, ACCOUNT, "k")
        await bench.tax.return_for_refund(REFUND_NOTE, ACCOUNT, "k")
        await bench.tax.return_for_refund(REFUND_NOTE, ACCOUNT, "k")
        assert bench.documents() == [("CM2", "ReturnInvoice", "Committed", -4_500, -465)]
        with pytest.raises(Refused):
            await bench.tax.return_for_refund(replace(REFUND_NOTE, tax=usd(1)), ACCOUNT, "k")

    run(story)


def test_what_is_voided_is_not_quietly_taken_for_committed() -> None:
    async def story(bench: Bench) -> None:
        await bench.tax.assess_invoice(INVOICE, ACCOUNT, "k")
        filing = bench.mock.rules.filing
        filing.void(bench.mock.rules.find("", "INV/1", "SalesInvoice"))
        with pytest.raises(Refused):
            await bench.tax.assess_invoice(INVOICE, ACCOUNT, "k")
        with pytest.raises(Refused):
            await bench.tax.commit_invoice("INV/1", "k")

    run(story)


def test_what_is_not_there_is_missing() -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(Missing):
            await bench.tax.commit_invoice("INV2", "k")

    run(story)
