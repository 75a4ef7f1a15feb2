"""Stripe's objects and our values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.canonical.errors import Refused, Unclear
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.parties import Account, Address
from core.canonical.payments import Payout, PayoutPart
from core.connectors.stripe import funds, mapping, wire

ON = date(2026, 1, 1)
START = 1_767_225_600
ACCOUNT = Account("ACC-1", "001", "Acme", "a@b.test", "USD", Address("1 Rd", "", "NY", "1", "US"), "card")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


INVOICE = Invoice("i", "INV1", "ACC-1", "posted", ON, ON, usd(900), usd(80), usd(980), usd(500), ())


def intent(status: str = "requires_payment_method", **more: Any) -> dict[str, Any]:
    about = {"invoice": "INV1", "crm_account": "ACC-1"}
    own = {"id": "pi_1", "status": status, "amount": 980, "currency": "usd", "customer": "cus_1"}
    return {**own, "metadata": about, "created": START, "last_payment_error": None, **more}


_CHARGED = {"payment_method_details": {"type": "card"}, "disputed": False}


def charge(status: str, days: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": "ch", "status": status, "created": START + days * 86_400, **_CHARGED, **more}


def test_forms_are_bracketed_and_exact() -> None:
    sent = wire.form({"a": 1, "b": {"c": "x y", "d": True}, "e": ["p", "q&"]})
    assert sent == b"a=1&b[c]=x+y&b[d]=true&e[0]=p&e[1]=q%26"
    assert wire.path("events", params={"created": {"gte": 5}}) == "/v1/events?created%5Bgte%5D=5"
    assert wire.path("refunds", "re/1") == "/v1/refunds/re%2F1"


def test_a_customer_leaves_out_what_is_unknown() -> None:
    wish = mapping.new_customer(ACCOUNT)
    assert wish["address"] == {"line1": "1 Rd", "state": "NY", "postal_code": "1", "country": "US"}
    assert wish["metadata"] == {"crm_account": "ACC-1"}


def test_the_oldest_of_several_customers_counts() -> None:
    rows = [
        {"id": f"cus_{n}", "metadata": {"crm_account": key}} for n, key in enumerate(("ACC-1", "X", "ACC-1"))
    ]
    assert mapping.customer_of(rows, "ACC-1") == "cus_2"
    assert mapping.customer_of([{"id": "cus_1", "metadata": None}], "ACC-1") == ""


def test_an_intent_asks_for_what_is_still_open() -> None:
    wish = mapping.new_intent(INVOICE, "cus_1", "")
    assert (wish["amount"], wish["currency"], "confirm" in wish) == (500, "usd", False)
    assert wish["metadata"] == {"invoice": "INV1", "crm_account": "ACC-1"}
    charged = mapping.new_intent(INVOICE, "cus_1", "pm_1")
    assert (charged["payment_method"], charged["confirm"], charged["off_session"]) == ("pm_1", True, True)


def test_currencies_that_the_vendor_counts_otherwise() -> None:
    krona = replace(INVOICE, balance=Money(980, "ISK"))
    assert mapping.new_intent(krona, "cus_1", "")["amount"] == 98_000
    assert mapping.request(intent(currency="isk", amount=98_000), []).amount == Money(980, "ISK")
    assert mapping.request(intent(currency="jpy", amount=500), []).amount == Money(500, "JPY")


@pytest.mark.parametrize(
    ("status", "error", "ours", "failure"),
    [
        ("requires_payment_method", None, "open", ""),
        (
            "requires_payment_method",
            {"code": "card_declined", "decline_code": "lost_card"},
            "failed",
            "lost_card",
        ),
        ("requires_payment_method", {"code": "expired_card"}, "failed", "expired_card"),
        ("requires_confirmation", None, "open", ""),
        ("requires_action", None, "processing", ""),
        ("processing", None, "processing", ""),
        ("succeeded", None, "paid", ""),
        ("canceled", None, "cancelled", ""),
    ],
)
def test_statuses(status: str, error: object, ours: str, failure: str) -> None:
    found = mapping.request(intent(status, last_payment_error=error), [])
    assert (found.status, found.failure) == (ours, failure)


def test_an_unknown_status_is_not_guessed() -> None:
    with pytest.raises(Unclear):
        mapping.request(intent("pondering"), [])


def test_a_paid_request_is_dated_by_its_charge() -> None:
    charges = [charge("succeeded", 3), charge("failed")]
    paid = mapping.request(intent("succeeded"), charges)
    assert (paid.on, paid.attempts) == (date(2026, 1, 4), 2)
    assert mapping.request(intent(), [charge("failed", 3)]).on == ON


def test_charges_become_requests_oldest_first_and_each_once() -> None:
    first, second = intent("succeeded", id="pi_1"), intent("succeeded", id="pi_2")
    foreign = intent("succeeded", id="pi_3", metadata={})
    rows = [
        charge("succeeded", 2, payment_intent=second),
        charge("succeeded", 1, payment_intent=foreign),
        charge("succeeded", 0, payment_intent=first),
        charge("succeeded", 0, payment_intent=None),
    ]
    assert [each.id for each in mapping.requests_of(rows, "paid")] == ["pi_1", "pi_2"]
    assert mapping.requests_of(rows, "failed") == []


def test_the_request_that_matters_most() -> None:
    found = [
        mapping.request(intent(status, id=status), []) for status in ("canceled", "succeeded", "processing")
    ]
    foremost = mapping.foremost(found)
    assert foremost is not None
    assert foremost.id == "succeeded"
    assert mapping.foremost([]) is None


def test_a_payout_is_its_entries() -> None:
    row = {
        "id": "po",
        "amount": 868,
        "currency": "usd",
        "status": "paid",
        "arrival_date": START,
        "created": 0,
    }

    def entry(kind: str, amount: int, fee: int, category: str) -> dict[str, object]:
        own = {"id": "txn", "type": kind, "amount": amount, "fee": fee, "currency": "usd"}
        return {**own, "reporting_category": category}

    entries = [
        entry("payout", -868, 0, "payout"),
        entry("refund", -50, 0, "refund"),
        entry("charge", 980, 62, "charge"),
        entry("adjustment", -980, 1500, "dispute"),
        entry("adjustment", 980, -1500, "dispute_reversal"),
    ]
    parts = (
        PayoutPart("payments", usd(980), usd(62)),
        PayoutPart("refunds", usd(-50), usd(0)),
        PayoutPart("disputes", usd(0), usd(0)),
    )
    assert funds.payout(row, entries) == Payout("po", usd(868), "paid", ON, parts)
    sources = ("po", {"payment_intent": "pi_2"}, {"payment_intent": "pi_1"}, {"payment_intent": None}, "dp_1")
    expanded = [entry | {"source": source} for entry, source in zip(entries, sources, strict=True)]
    assert funds.payout(row, expanded).requests == ("pi_1", "pi_2")
    assert funds.payout(row, []).parts == ()
    with pytest.raises(Refused):
        funds.payout(row, [{**entries[1], "currency": "eur"}])


def test_a_dispute_is_what_it_moved() -> None:
    taken = {"amount": -980, "fee": 1500, "currency": "usd", "created": START}
    back = {"amount": 980, "fee": -1500, "currency": "usd", "created": START + 2 * 86_400}
    row = {
        "id": "du",
        "amount": 980,
        "currency": "usd",
        "status": "needs_response",
        "reason": "fraudulent",
        "created": START,
        "payment_intent": intent(),
        "charge": {"amount_refunded": 80},
        "balance_transactions": [taken],
    }
    held = funds.dispute(row, None)
    assert (held.request, held.invoice, held.status) == ("pi_1", "INV1", "open")
    assert (held.withdrawn, held.fee, held.returned) == (usd(980), usd(1500), usd(0))
    assert (held.given_back, held.taken_on, held.closed_on) == (usd(80), ON, None)
    won = funds.dispute({**row, "status": "won", "balance_transactions": [taken, back]}, ON)
    assert (won.returned, won.fee_returned, won.closed_on) == (usd(980), usd(1500), ON + timedelta(days=2))
    asked = funds.dispute({**row, "status": "warning_closed", "balance_transactions": []}, ON)
    assert (asked.status, asked.withdrawn, asked.closed_on) == ("closed", usd(0), ON)
    with pytest.raises(Unclear):
        funds.dispute({**row, "status": "something_new"}, None)
    with pytest.raises(Unclear):
        funds.dispute({**row, "charge": "ch_1"}, None)
    with pytest.raises(Refused):
        funds.dispute({**row, "balance_transactions": [{**taken, "currency": "eur"}]}, None)


def test_a_refund_needs_its_intent() -> None:
    row = {"id": "re", "amount": 5, "currency": "usd", "status": "succeeded", "created": START}
    refund = mapping.refund({**row, "payment_intent": intent()})
    assert (refund.request, refund.invoice, refund.amount) == ("pi_1", "INV1", usd(5))
    assert mapping.refund({**row, "payment_intent": None}).invoice == ""
    with pytest.raises(Unclear):
        mapping.refund({**row, "payment_intent": "pi_1"})


def test_moments_are_rounded_down() -> None:
    assert mapping.seconds(datetime(2026, 1, 1, 0, 0, 0, 999_999, UTC)) == START
    assert mapping.seconds(datetime(1960, 1, 1, tzinfo=UTC)) == 0
