"""Payment intents and charges: every state, every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from .stripe_client import Sandbox, intent


def test_paid_at_once() -> None:
    box = Sandbox()
    paid = box.pay(10_000, metadata={"invoice": "INV-1"}, description="January", expand=["latest_charge"])
    assert paid["status"] == "succeeded"
    assert paid["amount_received"] == 10_000
    assert paid["client_secret"].startswith(f"{paid['id']}_secret_")
    charge = paid["latest_charge"]
    assert (charge["status"], charge["paid"], charge["captured"]) == ("succeeded", True, True)
    assert charge["metadata"] == {"invoice": "INV-1"}
    assert charge["payment_method_details"]["card"]["last4"] == "4242"
    entry = box.get(f"/v1/balance_transactions/{charge['balance_transaction']}").json
    assert (entry["amount"], entry["fee"], entry["net"]) == (10_000, 320, 9_680)
    assert entry["source"] == charge["id"]
    assert box.events()[-3:] == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@pytest.mark.parametrize(
    ("amount", "currency", "fee"),
    [(999, "usd", 59), (5_000, "usd", 175), (10_000, "eur", 470), (1_000, "jpy", 74), (50, "usd", 31)],
)
def test_fees_round_half_up(amount: int, currency: str, fee: int) -> None:
    box = Sandbox()
    box.pay(amount, currency)
    entry = box.get("/v1/balance_transactions").json["data"][0]
    assert (entry["fee"], entry["net"]) == (fee, amount - fee)
    assert entry["fee_details"][0]["amount"] == fee


def test_step_by_step_through_the_states() -> None:
    box = Sandbox()
    customer, card = box.customer()
    made = box.post("/v1/payment_intents", {"amount": 500, "currency": "eur", "customer": customer}).json
    assert made["status"] == "requires_payment_method"
    path = f"/v1/payment_intents/{made['id']}"
    missing = box.post(f"{path}/confirm")
    assert (missing.status, missing.error["code"]) == (400, "payment_intent_unexpected_state")
    assert missing.error["payment_intent"]["id"] == made["id"]
    assert box.post(path, {"payment_method": card, "amount": 600}).json["status"] == "requires_confirmation"
    done = box.post(f"{path}/confirm").json
    assert (done["status"], done["amount_received"]) == ("succeeded", 600)
    again = box.post(f"{path}/confirm")
    assert (again.status, again.error["code"]) == (400, "payment_intent_unexpected_state")
    assert again.error["payment_intent"]["status"] == "succeeded"
    late = box.post(path, {"amount": 700})
    assert (late.status, late.error["param"]) == (400, "amount")
    assert box.post(path, {"metadata": {"invoice": "I"}}).json["metadata"] == {"invoice": "I"}
    assert box.post(f"{path}/cancel").status == 400


def test_confirm_does_not_fall_back_on_the_customers_default() -> None:
    box = Sandbox()
    customer, card = box.customer()
    box.post(f"/v1/customers/{customer}", {"invoice_settings": {"default_payment_method": card}})
    refused = box.post(
        "/v1/payment_intents", {"amount": 500, "currency": "usd", "customer": customer, "confirm": True}
    )
    assert (refused.status, refused.error["code"]) == (400, "payment_intent_unexpected_state")
    assert box.rules.books()["intents"] == []


def test_a_decline_is_402_and_leaves_a_failed_charge() -> None:
    box = Sandbox()
    answer = intent(box, "pm_card_chargeCustomerFail", confirm=True, off_session=True)
    error = answer.error
    assert answer.status == 402
    assert (error["type"], error["code"], error["decline_code"]) == (
        "card_error",
        "card_declined",
        "generic_decline",
    )
    shown = error["payment_intent"]
    assert shown["status"] == "requires_payment_method"
    assert shown["payment_method"] is None
    assert shown["last_payment_error"]["code"] == "card_declined"
    assert shown["last_payment_error"]["payment_method"]["customer"] == shown["customer"]
    assert shown["latest_charge"] == error["charge"]
    charge = box.get(f"/v1/charges/{error['charge']}").json
    assert (charge["status"], charge["failure_code"], charge["balance_transaction"]) == (
        "failed",
        "card_declined",
        None,
    )
    assert box.events()[-3:] == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]
    second = box.post("/v1/payment_methods/pm_card_visa/attach", {"customer": shown["customer"]}).json["id"]
    paid = box.post(f"/v1/payment_intents/{shown['id']}/confirm", {"payment_method": second}).json
    assert (paid["status"], paid["last_payment_error"]) == ("succeeded", None)
    listed = box.get("/v1/charges", {"payment_intent": shown["id"]}).json["data"]
    assert [c["status"] for c in listed] == ["succeeded", "failed"]
    refund = box.post("/v1/refunds", {"charge": error["charge"]})
    assert refund.status == 400


def test_off_session_cards_that_want_their_holder() -> None:
    box = Sandbox()
    answer = intent(box, "pm_card_authenticationRequired", confirm=True, off_session=True)
    assert (answer.status, answer.error["code"]) == (402, "authentication_required")
    assert answer.error["payment_intent"]["status"] == "requires_payment_method"
    made = intent(box, "pm_card_authenticationRequired", confirm=True)
    assert (made.status, made.json["status"]) == (200, "requires_action")
    assert made.json["next_action"]["type"] == "use_stripe_sdk"
    box.mock.vendor.disturb(box.rules, "authenticate", {"payment_intent": made.json["id"]})
    assert box.get(f"/v1/payment_intents/{made.json['id']}").json["status"] == "succeeded"
    other = intent(box, "pm_card_authenticationRequired", confirm=True, return_url="https://x.org").json
    assert other["next_action"]["type"] == "redirect_to_url"
    box.mock.vendor.disturb(box.rules, "authenticate", {"payment_intent": other["id"], "passed": False})
    failed = box.get(f"/v1/payment_intents/{other['id']}").json
    assert failed["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    with pytest.raises(ValueError, match="nothing to authenticate"):
        box.mock.vendor.disturb(box.rules, "authenticate", {"payment_intent": other["id"]})


def test_a_card_set_up_once_may_be_used_off_session() -> None:
    box = Sandbox()
    made = intent(
        box, "pm_card_authenticationRequiredOnSetup", confirm=True, setup_future_usage="off_session"
    ).json
    box.mock.vendor.disturb(box.rules, "authenticate", {"payment_intent": made["id"]})
    wish = {
        "amount": 700,
        "currency": "usd",
        "customer": made["customer"],
        "confirm": True,
        "off_session": True,
    }
    assert box.post("/v1/payment_intents", {**wish, "payment_method": made["payment_method"]}).status == 200


def test_manual_capture_takes_part_and_lets_the_rest_go() -> None:
    box = Sandbox()
    held = intent(box, confirm=True, capture_method="manual").json
    assert (held["status"], held["amount_capturable"]) == ("requires_capture", 10_000)
    assert box.rules.books()["charges"] == []
    path = f"/v1/payment_intents/{held['id']}"
    assert box.post(f"{path}/capture", {"amount_to_capture": 10_001}).error["code"] == "amount_too_large"
    taken = box.post(f"{path}/capture", {"amount_to_capture": 6_000}).json
    assert (taken["status"], taken["amount_received"]) == ("succeeded", 6_000)
    assert box.rules.books()["charges"][0]["amount"] == 6_000
    assert box.rules.books()["charges"][0]["refunded"] == 0
    assert box.post(f"{path}/capture").status == 400
    refund = box.post("/v1/refunds", {"payment_intent": held["id"]}).json
    assert refund["amount"] == 6_000
    other = intent(box, confirm=True, capture_method="manual").json
    gone = box.post(f"/v1/payment_intents/{other['id']}/cancel", {"cancellation_reason": "duplicate"}).json
    assert (gone["status"], gone["amount_capturable"], gone["cancellation_reason"]) == (
        "canceled",
        0,
        "duplicate",
    )
    assert box.post(f"/v1/payment_intents/{other['id']}/confirm").status == 400


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amount": None}, "parameter_missing", "amount"),
        ({"amount": "12.5"}, "parameter_invalid_integer", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -5}, "parameter_invalid_integer", "amount"),
        ({"amount": ""}, "parameter_invalid_empty", "amount"),
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 100_000_000}, "amount_too_large", "amount"),
        ({"currency": "xxx"}, None, "currency"),
        ({"currency": "kwd", "amount": 1_001}, None, "amount"),
        ({"customer": "cus_no"}, "resource_missing", "customer"),
        ({"payment_method": "pm_no"}, "resource_missing", "payment_method"),
        ({"confirm": "yes"}, None, "confirm"),
        ({"capture_method": "later"}, None, "capture_method"),
        ({"off_session": True}, None, "off_session"),
        ({"tip": 5}, "parameter_unknown", "tip"),
        ({"automatic_payment_methods": {"enabled": True, "x": 1}}, "parameter_unknown", None),
        ({"expand": ["nothing"]}, None, "expand"),
    ],
)
def test_bad_intents_change_nothing(change: dict[str, Any], code: str | None, param: str | None) -> None:
    box = Sandbox()
    wish = {"amount": 1_000, "currency": "usd", **change}
    answer = box.post("/v1/payment_intents", {k: v for k, v in wish.items() if v is not None})
    assert (answer.status, answer.error.get("code")) == (400, code)
    assert param is None or answer.error["param"] == param
    assert box.rules.books()["intents"] == []
    assert box.events() == []


def test_foreign_and_spent_cards_are_refused() -> None:
    box = Sandbox()
    _, card = box.customer()
    other = box.post("/v1/customers").json["id"]
    wish = {"amount": 500, "currency": "usd", "confirm": True}
    theirs = box.post("/v1/payment_intents", {**wish, "customer": other, "payment_method": card})
    assert (theirs.status, theirs.error["code"]) == (400, "resource_missing")
    assert box.post("/v1/payment_intents", {**wish, "payment_method": card}).status == 400
    once = box.post("/v1/payment_intents", {**wish, "payment_method": "pm_card_visa"}).json
    assert once["status"] == "succeeded"
    twice = box.post("/v1/payment_intents", {**wish, "payment_method": once["payment_method"]})
    assert (twice.status, twice.error["param"]) == (400, "payment_method")
    assert box.get("/v1/payment_intents/pi_no").error["code"] == "resource_missing"


def test_lists_and_search_of_intents() -> None:
    box = Sandbox()
    one = box.pay(metadata={"invoice": "INV-1"})
    box.pay(metadata={"invoice": "INV-2"})
    mine = box.get("/v1/payment_intents", {"customer": one["customer"], "expand": ["data.customer"]}).json[
        "data"
    ]
    assert [i["id"] for i in mine] == [one["id"]]
    assert mine[0]["customer"]["object"] == "customer"
    query = {"query": "metadata['invoice']:'INV-1' AND status:'succeeded' AND amount>=10000"}
    assert [i["id"] for i in box.get("/v1/payment_intents/search", query).json["data"]] == [one["id"]]
    charges = box.get("/v1/charges", {"customer": one["customer"]}).json["data"]
    assert [c["id"] for c in charges] == [one["latest_charge"]]
