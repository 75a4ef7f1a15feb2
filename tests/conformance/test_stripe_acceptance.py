"""What an acceptance tester asked with the vendor's documentation in hand, and the mock once got wrong."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import CARD_ONLY, client, paid, pass_time


def test_an_intent_is_captured_asynchronously_unless_something_else_is_said(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    assert v1.payment_intents.create({"amount": 500, "currency": "usd"}).capture_method == "automatic_async"
    assert paid(client(lab), capture_method="automatic").capture_method == "automatic"


def test_an_authorisation_says_until_when_it_can_be_captured(lab: Sandboxes) -> None:
    sdk = client(lab)
    held = paid(sdk, capture_method="manual")
    card = held.latest_charge.payment_method_details.card
    assert card.capture_before == held.latest_charge.created + 7 * 86_400
    assert card.overcapture.status == card.multicapture.status == "unavailable"
    sdk.v1.payment_intents.capture(held.id)
    charge = sdk.v1.charges.retrieve(held.latest_charge.id)
    assert "capture_before" not in charge.payment_method_details.card.to_dict()
    with pytest.raises(stripe.InvalidRequestError, match="because it has already been captured"):
        sdk.v1.payment_intents.capture(held.id)


def test_events_of_a_charge_say_what_was_before(lab: Sandboxes) -> None:
    sdk = client(lab)
    held = paid(sdk, capture_method="manual")
    sdk.v1.payment_intents.capture(held.id, {"amount_to_capture": 9_000})
    sdk.v1.refunds.create({"payment_intent": held.id})
    assert _before(sdk, "charge.refunded") == {"amount_refunded": 1_000, "refunded": False}
    before = _before(sdk, "charge.captured")
    assert (before["captured"], before["amount_captured"], before["balance_transaction"]) == (False, 0, None)


def test_events_of_a_dispute_say_what_was_before(lab: Sandboxes) -> None:
    sdk = client(lab)
    paid(sdk, "pm_card_createDispute")
    [dispute] = sdk.v1.disputes.list().data
    sdk.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    updated, closed = _before(sdk, "charge.dispute.updated"), _before(sdk, "charge.dispute.closed")
    assert (updated["status"], updated["evidence"]) == ("needs_response", {"uncategorized_text": None})
    assert (closed["status"], len(closed["balance_transactions"])) == ("under_review", 1)
    assert _before(sdk, "charge.dispute.funds_reinstated") == closed
    assert not _before(sdk, "charge.dispute.created")


def test_an_updated_method_says_what_was_before(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    method = v1.payment_methods.attach("pm_card_visa", {"customer": v1.customers.create().id})
    assert method.card is not None
    v1.payment_methods.update(method.id, {"card": {"exp_year": 2040}, "metadata": {"a": "1"}})
    expected = {"card": {"exp_year": method.card.exp_year}, "metadata": {"a": None}}
    assert _before(client(lab), "payment_method.updated") == expected


def _before(sdk: stripe.StripeClient, type: str) -> dict[str, Any]:  # noqa: A002
    data = sdk.v1.events.list({"type": type}).data[0].data.to_dict()
    found: dict[str, Any] = data.get("previous_attributes") or {}
    return found


def test_a_full_refund_closes_an_inquiry(lab: Sandboxes) -> None:
    sdk = client(lab)
    asked = paid(sdk, "pm_card_createDisputeInquiry")
    sdk.v1.refunds.create({"payment_intent": asked.id, "amount": 4_000})
    assert sdk.v1.disputes.list().data[0].status == "warning_needs_response"
    sdk.v1.refunds.create({"payment_intent": asked.id})
    [dispute] = sdk.v1.disputes.list().data
    assert (dispute.status, dispute.balance_transactions) == ("warning_closed", [])
    assert sdk.v1.events.list({"type": "charge.dispute.closed"}).data
    pass_time(lab, 30)
    assert sdk.v1.disputes.retrieve(dispute.id).status == "warning_closed"


def test_the_other_mode_is_named_when_it_has_what_is_missing(lab: Sandboxes) -> None:
    sdk = client(lab)
    live = client(lab, lab.credentials("stripe")["live_secret_key"]).v1
    customer = sdk.v1.customers.create()
    bill = sdk.v1.invoices.create({"customer": customer.id})
    product = sdk.v1.products.create({"name": "Seat"})
    hint = "; a similar object exists in test mode, but a live mode key was used to make this request."
    for ask in (
        lambda: live.customers.retrieve(customer.id),
        lambda: live.invoices.retrieve(bill.id),
        lambda: live.prices.create({"product": product.id, "currency": "usd", "unit_amount": 5}),
        lambda: live.payment_intents.create({"amount": 500, "currency": "usd", "customer": customer.id}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as no:
            ask()
        assert no.value.error.code == "resource_missing"  # type: ignore[union-attr]
        assert str(no.value.error.message).endswith(hint)  # type: ignore[union-attr]
    with pytest.raises(stripe.InvalidRequestError, match=r"No such customer: 'cus_nowhere'$"):
        live.customers.retrieve("cus_nowhere")


def test_what_cannot_be_used_again_says_so(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    customer = v1.customers.create()
    method = v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    v1.payment_methods.detach(method.id)
    with pytest.raises(stripe.InvalidRequestError, match="and may not be used again"):
        v1.payment_methods.attach(method.id, {"customer": customer.id})
    with pytest.raises(stripe.InvalidRequestError, match="you must attach it to a Customer first"):
        v1.payment_intents.create(
            {"amount": 500, "currency": "usd", "payment_method": method.id, "confirm": True, **CARD_ONLY}
        )
    given_up = v1.payment_intents.cancel(v1.payment_intents.create({"amount": 500, "currency": "usd"}).id)
    with pytest.raises(stripe.InvalidRequestError, match="because it has a status of canceled"):
        v1.payment_intents.confirm(given_up.id, {"payment_method": "pm_card_visa"})


def test_the_security_code_is_unchecked_until_the_issuer_is_asked(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    method = v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    assert method.card is not None
    assert method.card.checks is not None
    assert method.card.checks.cvc_check == "unchecked"
    kept = v1.payment_methods.attach(method.id, {"customer": v1.customers.create().id})
    assert kept.card is not None
    assert kept.card.checks is not None
    assert kept.card.checks.cvc_check == "pass"


def test_statements_carry_the_suffix(lab: Sandboxes) -> None:
    charge = paid(client(lab), statement_descriptor_suffix="ORDER 1").latest_charge
    assert charge.calculated_statement_descriptor == "TIEOUT* ORDER 1"
    with pytest.raises(stripe.InvalidRequestError) as no:
        client(lab).v1.payouts.create({"amount": 1, "currency": "usd", "statement_descriptor": "x" * 23})
    assert no.value.param == "statement_descriptor"


@pytest.mark.parametrize(
    "version", ["1999-01-01", "2024-13-01", "2026-10-28", "2020-08-27.acacia", "newest", "2026-10-28.Endive"]
)
def test_versions_that_never_were_are_refused(lab: Sandboxes, version: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Invalid Stripe API version"):
        client(lab).v1.customers.list({}, {"stripe_version": version})


def test_older_and_newer_versions_are_echoed(lab: Sandboxes) -> None:
    for version in ("2020-08-27", "2024-06-20", "2024-09-30.acacia", "2027-01-27.fig", "2026-10-28.preview"):
        made = client(lab).v1.customers.create({}, {"stripe_version": version})
        assert made.last_response is not None
        assert made.last_response.headers["stripe-version"] == version


def test_two_cursors_are_one_too_many(lab: Sandboxes) -> None:
    v1 = client(lab).v1
    id = v1.customers.create().id  # noqa: A001
    with pytest.raises(stripe.InvalidRequestError, match="Received both starting_after and ending_before"):
        v1.customers.list({"starting_after": id, "ending_before": id})
