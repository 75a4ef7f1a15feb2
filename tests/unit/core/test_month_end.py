"""The month's end as the core itself can run it: seven of the forty controls, read through its ports."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from core.canonical.errors import Unavailable, Unclear
from core.close.engine import State
from core.close.month_end import BY_PORT, MonthEnd
from core.close.once import Patience
from core.close.reading import read_extract
from core.reliability.retry import Policy
from core.revenue.recognise import recognise
from tests.unit.core.fakes import Books, Office, in_office, usd
from tests.unit.core.test_reconcile import clean

JANUARY = date(2026, 1, 1)


def month_end(office: Office) -> MonthEnd:
    return MonthEnd(office.desk, Patience(Policy(attempts=3, first_seconds=1.0), office.draws))


def close(books: Books):
    """January, closed on 3 February after its revenue was recognised: (outcomes, alerts)."""

    async def story(office: Office):
        await asyncio.sleep(33 * 86_400)
        await recognise(office.desk, JANUARY)
        job = month_end(office)
        await job.run()
        return job.last, office.alerts()

    return in_office(story, books)


def test_clean_books_close():
    last, alerts = close(clean())
    assert tuple(last) == BY_PORT
    assert {number: found.items for number, found in last.items() if found.items} == {}
    assert {found.state for found in last.values()} == {State.PASSED}
    assert alerts == []


def lose_invoice(books: Books) -> None:
    del books.ledger["invoice", "INV1"]


def change_payout(books: Books) -> None:
    books.payouts["po_1"] = replace(books.payouts["po_1"], amount=usd(10_400))


def forget_order(books: Books) -> None:
    books.placed.clear()


def forget_account(books: Books) -> None:
    books.billed.clear()


def change_line(books: Books) -> None:
    invoice = books.invoices["INV2"]
    line = replace(invoice.lines[0], net=usd(9_999))
    books.invoices["INV2"] = replace(invoice, lines=(line,))


@pytest.mark.parametrize(
    ("harm", "number", "cause", "amount"),
    [
        (lose_invoice, "C10", "missing", 10_800),
        (change_payout, "C15", "missing item", 100),
        (forget_order, "C01", "missing contract", 0),
        (forget_account, "C03", "orphan", 2),
        (change_line, "C07", "rounding place (line/invoice)", -1),
    ],
)
def test_a_gap_is_told_to_its_owner(harm, number, cause, amount):
    books = clean()
    harm(books)
    last, alerts = close(books)
    found = last[number]
    assert {item.cause for item in found.open} == {cause}
    assert sum(item.amount for item in found.open) == amount
    said = [text for severity, text in alerts if severity == "high" and text.startswith(f"{number} ")]
    assert len(said) == len(found.open)
    assert all(text.endswith(f"ask {found.control.terms.owner}") for text in said)


def test_what_no_port_shows_is_absent_and_says_so():
    async def story(office: Office):
        return await read_extract(office.desk, JANUARY)

    extract = in_office(story, clean())
    assert extract.absent["bank_lines"] == "no port shows it"
    assert set(extract.origin.values()) == {"port"}
    assert not set(extract.origin) & set(extract.absent)


def test_books_that_cannot_be_read_are_told_and_nothing_is_signed():
    async def story(office: Office):
        async def down(*_: object):
            raise Unavailable("the ledger is down")
            yield

        office.desk.erp.invoices_since = down
        job = month_end(office)
        await asyncio.sleep(33 * 86_400)
        await job.run()
        return dict(job.last), office.alerts()

    last, alerts = in_office(story, clean())
    assert last == {}
    assert alerts == [("medium", "the books of 2026-01 could not be read: the ledger is down")]


def test_a_call_that_fails_is_repeated_by_itself_and_what_was_read_is_kept():
    books = clean()
    for operation in ("billing.account", "erp.invoices_since", "billing.placed", "payments.payout"):
        books.trouble(operation, Unavailable("busy"), Unclear("the answer was lost"))
    last, alerts = close(books)
    assert {found.state for found in last.values()} == {State.PASSED}
    assert alerts == []
    asked = books.asked()
    assert asked.count("erp.invoices_since") == 3
    assert asked.count("billing.invoices_dated") == 1


def test_a_register_takes_as_many_calls_for_many_documents_as_for_few():
    def calls(copies: int) -> int:
        books = clean()
        first = next(iter(books.invoices.values()))
        posted = books.ledger["invoice", first.number]
        for n in range(copies):
            number = f"{first.number}-{n}"
            books.invoices[f"copy {n}"] = replace(first, id=f"copy {n}", number=number)
            books.ledger["invoice", number] = replace(posted, id=number, key=number)
        before = len(books.diary)
        close(books)
        return len(books.diary) - before

    assert calls(0) == calls(40)
