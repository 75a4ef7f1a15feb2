"""Refunds, what history says of them, and the books that the lab reads."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.evidence.payments import PaymentBooks
from scenarios.evidence.reading import from_json
from simulators.stripe.rules.intent_life import MAY

from .stripe_client import Sandbox, intent


def test_refunds_in_parts_never_more_than_was_taken() -> None:
    box = Sandbox()
    paid = box.pay(10_000)
    part = box.post("/v1/refunds", {"payment_intent": paid["id"], "amount": 4_000, "reason": "duplicate"})
    refund = part.json
    assert (part.status, refund["status"], refund["amount"]) == (200, "succeeded", 4_000)
    assert refund["charge"] == paid["latest_charge"]
    entry = box.get(f"/v1/balance_transactions/{refund['balance_transaction']}").json
    assert (entry["type"], entry["amount"], entry["fee"], entry["net"]) == ("refund", -4_000, 0, -4_000)
    assert box.events()[-2:] == ["refund.created", "charge.refunded"]
    over = box.post("/v1/refunds", {"payment_intent": paid["id"], "amount": 6_001})
    assert (over.status, over.error["param"]) == (400, "amount")
    assert "greater than unrefunded amount" in over.error["message"]
    rest = box.post(
        "/v1/refunds", {"charge": paid["latest_charge"], "metadata": {"credit_memo": "CM-1"}}
    ).json
    assert (rest["amount"], rest["metadata"]) == (6_000, {"credit_memo": "CM-1"})
    again = box.post("/v1/refunds", {"charge": paid["latest_charge"]})
    assert (again.status, again.error["code"]) == (400, "charge_already_refunded")
    charge = box.get(f"/v1/charges/{paid['latest_charge']}", {"expand": ["refunds"]}).json
    assert (charge["refunded"], charge["amount_refunded"]) == (True, 10_000)
    assert [r["id"] for r in charge["refunds"]["data"]] == [rest["id"], refund["id"]]
    listed = box.get("/v1/refunds", {"payment_intent": paid["id"], "limit": 1}).json
    assert ([r["id"] for r in listed["data"]], listed["has_more"]) == ([rest["id"]], True)
    assert box.get(f"/v1/refunds/{refund['id']}").json == refund
    assert box.post(f"/v1/refunds/{refund['id']}", {"metadata": {"a": "b"}}).json["metadata"] == {"a": "b"}


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ({}, "parameter_missing", None),
        ({"charge": "ch_no"}, "resource_missing", "charge"),
        ({"payment_intent": "pi_no"}, "resource_missing", "payment_intent"),
        ({"charge": "a", "payment_intent": "b"}, None, None),
        ({"charge": "a", "reason": "bored"}, None, "reason"),
        ({"charge": "a", "amount": 0}, "parameter_invalid_integer", "amount"),
    ],
)
def test_bad_refunds(form: dict[str, Any], code: str | None, param: str | None) -> None:
    answer = Sandbox().post("/v1/refunds", form)
    assert (answer.status, answer.error.get("code"), answer.error.get("param")) == (400, code, param)


def test_an_unpaid_intent_has_nothing_to_refund() -> None:
    box = Sandbox()
    made = intent(box).json
    assert box.post("/v1/refunds", {"payment_intent": made["id"]}).status == 400


def test_refunds_that_the_bank_decides_later() -> None:
    box = Sandbox()
    slow = box.pay(card="pm_card_pendingRefund")
    bad = box.pay(card="pm_card_refundFail")
    first = box.post("/v1/refunds", {"payment_intent": slow["id"]}).json
    second = box.post("/v1/refunds", {"payment_intent": bad["id"]}).json
    assert (first["status"], second["status"]) == ("pending", "succeeded")
    box.turn(86_400_000_000)
    assert box.get(f"/v1/refunds/{first['id']}").json["status"] == "succeeded"
    failed = box.get(f"/v1/refunds/{second['id']}").json
    assert (failed["status"], failed["failure_reason"]) == ("failed", "expired_or_canceled_card")
    assert box.get(f"/v1/charges/{bad['latest_charge']}").json["amount_refunded"] == 0
    assert "refund.failed" in box.events()


def test_history_walks_the_table_and_names_what_is_linked() -> None:
    box = Sandbox()
    intent(box, "pm_card_chargeCustomerFail", confirm=True)
    paid = box.pay(metadata={"invoice": "INV-9"})
    box.post("/v1/refunds", {"payment_intent": paid["id"]})
    before: dict[str, str] = {}
    for change in box.rules.history.changes:
        if change.kind == "payment_intent":
            was = before.get(change.id, change.state)
            assert change.state == was or change.state in MAY[was]
            before[change.id] = change.state
    last = [c for c in box.rules.history.changes if c.id == paid["id"]][-1]
    assert (last.event, last.amount, last.currency) == ("succeeded", 10_000, "USD")
    assert {"INV-9", paid["customer"], paid["latest_charge"]} <= set(last.refs)


def test_books_are_what_the_lab_reads() -> None:
    box = Sandbox()
    customer, card = box.customer(metadata={"crm_account": "ACC-1"})
    wish = {"amount": 2_000, "currency": "eur", "customer": customer, "payment_method": card, "confirm": True}
    paid = box.post("/v1/payment_intents", {**wish, "metadata": {"invoice": "INV-1"}}).json
    box.post("/v1/refunds", {"payment_intent": paid["id"], "amount": 500})
    books = from_json(PaymentBooks, box.rules.books())
    assert books.customers[0].crm_account == "ACC-1"
    assert (books.intents[0].invoice, books.intents[0].currency) == ("INV-1", "EUR")
    assert (books.intents[0].received, books.charges[0].refunded) == (2_000, 500)
    assert [(e.kind, e.gross, e.fee, e.net) for e in books.balance] == [
        ("charge", 2_000, 118, 1_882),
        ("refund", -500, 0, -500),
    ]
    assert books.refunds[0].charge == books.charges[0].id
    assert books.payouts == ()
