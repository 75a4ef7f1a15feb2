"""Disputes, and what banks send back, step by step against small books."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.canonical.errors import Held, Missing
from core.connectivity.flows import FLOWS
from tests.unit.core.fakes import (
    Books,
    Office,
    in_office,
    make_dispute,
    make_invoice,
    make_payout,
    make_refund,
    make_request,
    usd,
)


def sold() -> Books:
    """INV1 over 108.00, 31 days from 15 January, paid and in the ledger."""
    books = Books()
    books.invoices["INV1"] = make_invoice(status="posted")
    books.requests["pi_1"] = make_request()
    play(books, "invoice_to_ledger", "INV1")
    play(books, "payment_to_cash", "pi_1")
    return books


def play(books: Books, flow: str, subject: str) -> Office:
    async def story(office: Office) -> Office:
        case = await FLOWS[flow].open(office.desk, subject)
        for step in FLOWS[flow].steps:
            await step.act(office.desk, case)
        return office

    return in_office(story, books)


def sums(books: Books, key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in books.journals[key].lines:
        found[line.account] = found.get(line.account, 0) + line.debit.minor - line.credit.minor
    return found


def test_an_inquiry_is_told_and_flagged_and_not_booked():
    books = sold()
    books.disputes["du_1"] = make_dispute(status="inquiry", moved=False)
    office = play(books, "dispute_raised", "du_1")
    play(books, "dispute_to_ledger", "du_1")
    assert [severity for severity, _ in office.alerts()] == ["high"]
    assert books.flags == {"INV1": "du_1 inquiry"}
    assert not books.journals


def test_funds_withdrawn_are_a_receivable_and_a_fee():
    books = sold()
    books.disputes["du_1"] = make_dispute()
    play(books, "dispute_to_ledger", "du_1")
    assert sums(books, "du_1-withdrawn") == {"1200": 10_800, "6110": 1_500, "1010": -12_300}
    assert books.journals["du_1-withdrawn"].on == date(2026, 1, 20)


def test_a_withdrawal_waits_for_the_receipt():
    books = sold()
    books.disputes["du_1"] = make_dispute()
    books.ledger.pop(("receipt", "pi_1"))
    with pytest.raises(Missing, match="receipt of pi_1"):
        play(books, "dispute_to_ledger", "du_1")


def test_a_won_dispute_takes_it_all_back_and_the_fee_if_it_came():
    books = sold()
    books.disputes["du_1"] = make_dispute(status="won")
    play(books, "dispute_outcome", "du_1")
    assert sums(books, "du_1-won") == {"1010": 12_300, "1200": -10_800, "6110": -1_500}
    assert books.flags == {"INV1": "du_1 won"}
    assert len(books.plans) == 1


def test_a_lost_dispute_splits_by_what_was_delivered_and_ends_the_rest():
    books = sold()
    books.disputes["du_1"] = make_dispute(status="lost")
    play(books, "dispute_outcome", "du_1")
    # 15 of 31 days are delivered: 48.38 and the tax are lost, 51.62 were not earned.
    assert sums(books, "du_1-lost") == {"6100": 5_638, "2100": 5_162, "1200": -10_800}
    (plan,) = [p for p in books.plans.values() if p.source == "du_1"]
    assert (plan.amount, plan.start, plan.end) == (usd(-5_162), date(2026, 1, 30), date(2026, 2, 15))


def test_what_was_refunded_before_is_all_loss():
    books = sold()
    books.disputes["du_1"] = replace(make_dispute(status="lost"), given_back=usd(10_800))
    play(books, "dispute_outcome", "du_1")
    assert sums(books, "du_1-lost") == {"6100": 10_800, "1200": -10_800}
    assert len(books.plans) == 1


def test_a_dispute_lost_after_close_is_posted_in_the_first_open_period():
    books = sold()
    books.disputes["du_1"] = make_dispute(status="lost")
    books.open_from = date(2026, 2, 1)
    play(books, "dispute_outcome", "du_1")
    assert {books.journals[f"du_1-{what}"].on for what in ("withdrawn", "lost")} == {date(2026, 2, 1)}
    assert sums(books, "du_1-lost")["2100"] == 5_162


def test_a_dispute_of_a_payment_for_no_invoice_is_held():
    books = sold()
    books.disputes["du_1"] = replace(make_dispute(), invoice="")
    with pytest.raises(Held, match="names no invoice"):
        play(books, "dispute_to_ledger", "du_1")


def test_a_refund_that_comes_back_is_owed_again():
    books = sold()
    books.refunds["re_1"] = replace(make_refund(), status="failed", failed_on=date(2026, 1, 25))
    play(books, "refund_failure", "re_1")
    assert sums(books, "re_1-failed") == {"1010": 5_400, "2310": -5_400}
    assert ("refund", "re_1") in books.ledger


def test_a_payout_that_comes_back_is_booked_and_reversed():
    books = Books(payouts={"po_1": replace(make_payout(status="failed"), failed_on=date(2026, 1, 20))})
    play(books, "payout_failure", "po_1")
    assert sums(books, "po_1") == {"1000": 10_500, "6000": 300, "1010": -10_800}
    assert sums(books, "po_1-failed") == {"1010": 10_500, "1000": -10_500}
    assert books.journals["po_1-failed"].on == date(2026, 1, 20)
    with pytest.raises(Missing, match="not failed"):
        play(Books(payouts={"po_1": make_payout()}), "payout_failure", "po_1")
