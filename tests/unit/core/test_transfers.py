"""Customers' own transfers: how they are split, and step by step against small books (P25, P28, P29)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held, Missing, TooLittle
from core.canonical.money import Money
from core.canonical.payments import Transfer
from core.finance.cash.remittance import customer_named, given_back, invoices_named, split
from tests.unit.core.fakes import Books, make_invoice, make_request, usd
from tests.unit.core.test_disputes import play


def billed(*numbers: str) -> Books:
    """Invoices over 108.00 each, in the ledger; none is paid."""
    books = Books()
    for number in numbers:
        books.invoices[number] = make_invoice(number, status="posted")
        play(books, "invoice_to_ledger", number)
        books.requests = {key: r for key, r in books.requests.items() if r.status == "open"}
        books.requests[f"pi_{number}"] = make_request(f"pi_{number}", number, status="open")
    return books


def pay_in(books: Books, minor: int, text: str, id_: str = "TR1") -> None:
    books.transfers[id_] = Transfer(id_, date(2026, 1, 20), usd(minor), "Acme", text)


@settings(max_examples=60)
@given(st.integers(1, 100_000), st.lists(st.integers(0, 50_000), max_size=5))
def test_no_cent_is_lost_and_no_invoice_overpaid(amount, opens):
    found = split(usd(amount), [(f"INV{n}", usd(each)) for n, each in enumerate(opens)])
    parts = dict(found.parts)
    assert sum(part.minor for part in parts.values()) + found.rest.minor == amount
    assert found.rest.minor == max(amount - sum(opens), 0)
    for n, each in enumerate(opens):
        part = parts.get(f"INV{n}", usd(0)).minor
        assert 0 <= part <= each
        # In the payer's order: what comes later gets nothing while what came before is open.
        assert part == each or not any(f"INV{later}" in parts for later in range(n + 1, len(opens)))


def test_another_currency_is_held():
    with pytest.raises(Held, match="EUR"):
        split(usd(100), [("INV1", Money(100, "EUR"))])


def test_a_remittance_is_read_whatever_else_it_says():
    assert invoices_named("pmt inv00000002 / INV00000001, INV00000002") == ("INV00000002", "INV00000001")
    assert customer_named("on account A-ACC-0001") == "ACC-0001"
    assert given_back("REFUND TR000007") == "TR000007"
    assert (invoices_named("thanks"), customer_named("thanks"), given_back("thanks")) == ((), "", "")


def test_a_short_payment_leaves_the_rest_open_and_asked_for():
    books = billed("INV1")
    pay_in(books, 10_000, "INV1")
    for _ in range(2):  # told twice
        play(books, "transfer_to_cash", "TR1")
    assert books.invoices["INV1"].balance == usd(800)
    assert books.ledger["receipt", "TR1"].total == usd(10_000)
    assert ("deposit", "TR1") not in books.ledger
    assert books.requests["pi_INV1"].amount == usd(800)
    assert books.mirrors["INV1"].balance == usd(800)


def test_a_rest_that_the_processor_does_not_take_stays_open_and_is_not_asked_for():
    books = billed("INV1")
    books.trouble("payments.reduce", TooLittle("0.50 at least"))
    pay_in(books, 10_790, "INV1")
    office = play(books, "transfer_to_cash", "TR1")
    assert books.invoices["INV1"].balance == usd(10)
    assert books.requests["pi_INV1"].status == "cancelled"
    assert [severity for severity, _ in office.alerts()] == ["low"]


def test_what_is_over_is_owed_and_used_by_the_next_invoice():
    books = billed("INV1")
    pay_in(books, 12_000, "INV1")
    play(books, "transfer_to_cash", "TR1")
    assert books.ledger["deposit", "TR1"].total == usd(1_200)
    books.invoices["INV2"] = make_invoice("INV2", status="posted")
    for _ in range(2):
        play(books, "invoice_to_ledger", "INV2")
    assert books.invoices["INV2"].balance == usd(9_600)
    assert books.ledger["use", "TR1-INV2"].total == usd(1_200)
    assert not books.applied["TR1"].rest


def test_what_is_over_may_be_paid_back():
    books = billed("INV1")
    pay_in(books, 12_000, "INV1")
    play(books, "transfer_to_cash", "TR1")
    pay_in(books, -1_200, "REFUND TR1", "TR2")
    for _ in range(2):
        play(books, "paid_back_to_ledger", "TR2")
    assert not books.applied["TR1"].rest
    assert books.ledger["refund", "TR2"].total == usd(1_200)


def test_nobody_knows_whose_it_is():
    books = billed("INV1")
    pay_in(books, 500, "for services")
    with pytest.raises(Held, match="for services") as held:
        play(books, "transfer_to_cash", "TR1")
    assert held.value.owner == "accounts receivable"


def test_a_payment_waits_for_its_invoice_in_the_ledger():
    books = Books()
    books.invoices["INV1"] = make_invoice(status="posted")
    pay_in(books, 10_000, "INV1")
    with pytest.raises(Missing):
        play(books, "transfer_to_cash", "TR1")
