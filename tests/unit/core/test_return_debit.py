"""A bank debit that came back after it had succeeded, step by step against small books (P27)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.canonical.errors import Missing
from core.steps.mirror_invoice import RETURNED, status_of
from tests.unit.core.fakes import Books, make_dispute, make_invoice, make_request, usd
from tests.unit.core.test_disputes import play, sold, sums


def came_back() -> Books:
    books = sold()
    books.disputes["du_1"] = make_dispute(status="returned")
    books.requests["pi_1"] = replace(make_request(), returned=True)
    return books


def test_the_receivable_stands_again_with_the_fee_and_nothing_is_disputed():
    books = came_back()
    play(books, "dispute_raised", "du_1")
    play(books, "dispute_to_ledger", "du_1")
    assert list(books.journals) == ["du_1-returned"]
    assert sums(books, "du_1-returned") == {"1100": 10_800, "6110": 1_500, "1010": -12_300}
    assert books.invoices["INV1"].balance == usd(10_800)
    assert books.mirrors["INV1"].status == "Payment Failed"
    assert books.flags == {"INV1": "du_1 returned"}


def test_it_is_asked_for_once_more_and_not_charged_at_once():
    books = came_back()
    office = play(books, "dispute_to_ledger", "du_1")
    office = play(books, "dispute_outcome", "du_1")
    asked = [each for each in books.requests.values() if each.invoice == "INV1" and not each.returned]
    assert [(each.status, each.amount) for each in asked if each.id != "pi_INV1"] == [("open", usd(10_800))]
    assert not office.alerts()
    assert len(books.journals) == 1


def test_after_the_close_it_is_posted_in_the_first_open_period():
    books = came_back()
    books.open_from = date(2026, 2, 1)
    play(books, "dispute_outcome", "du_1")
    assert books.journals["du_1-returned"].on == date(2026, 2, 1)


def test_it_waits_for_the_payment_that_it_takes_back():
    books = Books()
    books.invoices["INV1"] = make_invoice(status="posted")
    books.requests["pi_1"] = replace(make_request(), returned=True)
    books.disputes["du_1"] = make_dispute(status="returned")
    with pytest.raises(Missing):
        play(books, "dispute_outcome", "du_1")


@pytest.mark.parametrize(
    ("news", "shown", "open_", "due"),
    [
        (RETURNED, "Paid", True, "Payment Failed"),
        (RETURNED, "Refunded", True, "Payment Failed"),
        ("Paid", "Payment Failed", True, "Payment Failed"),
        ("Refunded", "Payment Failed", True, "Payment Failed"),
        ("Paid", "Payment Failed", False, "Paid"),
        (RETURNED, "Paid", False, "Paid"),
        ("Paid", "Posted", True, "Posted"),
    ],
)
def test_sales_sees_what_is_owed_whatever_order_the_news_come_in(news, shown, open_, due):
    invoice = make_invoice(status="posted")
    invoice = invoice if open_ else replace(invoice, balance=usd(0))
    assert status_of(invoice, news, shown) == due
