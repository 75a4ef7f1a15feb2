"""Refunds, disputes and early warnings through Stripe's own SDK."""

from __future__ import annotations

import io
from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, old_style, paid, pass_time


def types(sdk: stripe.StripeClient) -> list[str]:
    return [e.type for e in sdk.v1.events.list({"limit": 100}).data][::-1]


def disputed(sdk: stripe.StripeClient, card: str = "pm_card_createDispute") -> Any:
    return sdk.v1.disputes.list({"payment_intent": paid(sdk, card).id}).data[0]


def test_refunds_in_parts_until_nothing_is_left(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk)
    first = sdk.v1.refunds.create(
        {
            "payment_intent": intent.id,
            "amount": 4_000,
            "reason": "requested_by_customer",
            "metadata": {"a": "1"},
        }
    )
    assert (first.status, first.amount, first.object) == ("succeeded", 4_000, "refund")
    assert (first.reason, first.charge, first.payment_intent) == (
        "requested_by_customer", intent.latest_charge.id, intent.id,
    )  # fmt: skip
    assert first.destination_details is not None
    assert first.destination_details.type == "card"
    entry = sdk.v1.balance_transactions.retrieve(str(first.balance_transaction))
    assert (entry.type, entry.amount, entry.fee) == ("refund", -4_000, 0)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as refused:
        sdk.v1.refunds.create({"charge": intent.latest_charge.id, "amount": 6_001})
    assert refused.value.param == "amount"
    sdk.v1.refunds.create({"charge": intent.latest_charge.id})
    charge = sdk.v1.charges.retrieve(intent.latest_charge.id, {"expand": ["refunds"]})
    assert (charge.refunded, charge.amount_refunded) == (True, 10_000)
    assert charge.refunds is not None
    assert [r.amount for r in charge.refunds.data] == [6_000, 4_000]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_already_refunded"
    assert len(sdk.v1.refunds.list({"charge": charge.id}).data) == 2
    assert len(list(sdk.v1.refunds.list({"payment_intent": intent.id, "limit": 1}).auto_paging_iter())) == 2
    assert sdk.v1.refunds.update(first.id, {"metadata": {"a": "2"}}).metadata["a"] == "2"  # type: ignore[index]
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"


@pytest.mark.parametrize(
    ("wish", "code", "param"),
    [
        ({}, "parameter_missing", None),
        ({"charge": "ch_no"}, "resource_missing", "charge"),
        ({"payment_intent": "pi_no"}, "resource_missing", "payment_intent"),
        ({"charge": "ch_no", "payment_intent": "pi_no"}, None, None),
        ({"charge": "ch_no", "reason": "boredom"}, None, "reason"),
        ({"charge": "ch_no", "amount": 0}, "parameter_invalid_integer", "amount"),
    ],
)
def test_refusals_of_refunds(
    lab: Sandboxes, wish: dict[str, Any], code: str | None, param: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client(lab).v1.refunds.create(wish)  # type: ignore[arg-type]
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)


def test_what_was_not_paid_cannot_be_refunded(lab: Sandboxes) -> None:
    sdk = client(lab)
    for intent in (
        sdk.v1.payment_intents.create({"amount": 500, "currency": "usd"}),
        paid(sdk, capture_method="manual"),
    ):
        with pytest.raises(stripe.InvalidRequestError):
            sdk.v1.refunds.create({"payment_intent": intent.id})


def test_a_refund_that_is_pending_for_a_day(lab: Sandboxes) -> None:
    sdk = client(lab)
    refund = sdk.v1.refunds.create({"payment_intent": paid(sdk, "pm_card_pendingRefund").id})
    assert refund.status == "pending"
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.refunds.cancel(refund.id)
    pass_time(lab, 2)
    assert sdk.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert "refund.updated" in types(sdk)


def test_a_refund_that_fails_later(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk, "pm_card_refundFail")
    refund = sdk.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "succeeded"
    pass_time(lab, 2)
    got = sdk.v1.refunds.retrieve(refund.id)
    assert (got.status, got.failure_reason) == ("failed", "expired_or_canceled_card")
    entry = sdk.v1.balance_transactions.retrieve(str(got.failure_balance_transaction))
    assert (entry.type, entry.amount) == ("refund_failure", 10_000)
    assert sdk.v1.charges.retrieve(intent.latest_charge.id).amount_refunded == 0
    assert "refund.failed" in types(sdk)


def test_a_refund_that_waits_for_the_customer(lab: Sandboxes) -> None:
    sdk = client(lab)
    one, two = (
        sdk.v1.refunds.create(
            {"payment_intent": paid(sdk, "pm_card_pendingRefund").id, "instructions_email": "a@b.co"}
        )
        for _ in range(2)
    )
    for refund in (one, two):
        disturb(lab, "ask_refund", refund=refund.id)
    got = sdk.v1.refunds.retrieve(one.id)
    assert got.status == "requires_action"
    assert got.next_action is not None
    assert got.next_action.type == "display_details"
    assert sdk.v1.refunds.cancel(one.id).status == "canceled"
    assert sdk.v1.test_helpers.refunds.expire(two.id).status == "failed"


def test_a_dispute_takes_the_money_at_once(lab: Sandboxes) -> None:
    sdk = client(lab)
    dispute = disputed(sdk)
    assert dispute.id.startswith("du_")
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", "fraudulent", 10_000)
    assert not dispute.is_charge_refundable
    assert dispute.payment_method_details.card.case_type == "chargeback"
    [entry] = dispute.balance_transactions
    assert (entry.type, entry.reporting_category) == ("adjustment", "dispute")
    assert (entry.amount, entry.fee, entry.net) == (-10_000, 1_500, -11_500)
    assert entry.fee_details[0].description == "Dispute fee"
    details = dispute.evidence_details
    assert (details.has_evidence, details.past_due, details.submission_count) == (False, False, 0)
    assert dispute.created + 7 * 86_400 < details.due_by < dispute.created + 9 * 86_400
    charge = sdk.v1.charges.retrieve(dispute.charge)
    assert charge.disputed
    assert types(sdk)[-4:] == [
        "charge.succeeded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "payment_intent.succeeded",
    ]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_disputed"
    expanded = sdk.v1.disputes.retrieve(dispute.id, {"expand": ["charge", "payment_intent"]})
    assert expanded.charge.id == charge.id  # type: ignore[union-attr]


def test_evidence_is_staged_then_submitted(lab: Sandboxes) -> None:
    sdk = client(lab)
    dispute = disputed(sdk)
    staged = sdk.v1.disputes.update(
        dispute.id, {"evidence": {"customer_name": "Ada"}, "submit": False, "metadata": {"case": "1"}}
    )
    assert (staged.status, staged.evidence.customer_name) == ("needs_response", "Ada")
    assert (staged.evidence_details.has_evidence, staged.evidence_details.submission_count) == (True, 0)
    sent = sdk.v1.disputes.update(dispute.id, {"evidence": {"product_description": "a book"}, "submit": True})
    assert (sent.status, sent.evidence.customer_name) == ("under_review", "Ada")
    assert sent.evidence_details.submission_count == 1
    assert sent.metadata["case"] == "1"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.disputes.update(dispute.id, {"evidence": {"mood": "bad"}})  # type: ignore[typeddict-unknown-key]
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "evidence[mood]")


def test_files_are_evidence(lab: Sandboxes) -> None:
    sdk = client(lab)
    dispute = disputed(sdk)
    paper = io.BytesIO(b"%PDF-1.4 a receipt")
    paper.name = "receipt.pdf"
    sent = sdk.v1.files.create({"purpose": "dispute_evidence", "file": paper})
    assert (sent.object, sent.purpose, sent.size, sent.type) == ("file", "dispute_evidence", 18, "pdf")
    assert sdk.v1.files.retrieve(sent.id).filename == "receipt.pdf"
    assert [f.id for f in sdk.v1.files.list({"purpose": "dispute_evidence"}).data] == [sent.id]
    staged = sdk.v1.disputes.update(
        dispute.id, {"evidence": {"receipt": sent.id}, "submit": False, "expand": ["evidence.receipt"]}
    )
    assert staged.evidence.receipt.id == sent.id  # type: ignore[union-attr]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.disputes.update(dispute.id, {"evidence": {"receipt": "file_no"}})
    assert (refused.value.code, refused.value.param) == ("resource_missing", "evidence[receipt]")
    logo = io.BytesIO(b"x")
    logo.name = "logo.exe"
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.files.create({"purpose": "business_logo", "file": logo})


def test_a_dispute_is_won(lab: Sandboxes) -> None:
    sdk = client(lab)
    dispute = disputed(sdk)
    won = sdk.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert (won.status, won.is_charge_refundable) == ("won", True)
    back = won.balance_transactions[1]
    assert (back.reporting_category, back.amount, back.net) == ("dispute_reversal", 10_000, 11_500)
    assert types(sdk)[-2:] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]
    refund = sdk.v1.refunds.create({"charge": str(won.charge), "amount": 100})
    assert refund.status == "succeeded"


@pytest.mark.parametrize("how", ["losing", "closing", "silence"])
def test_a_dispute_is_lost(lab: Sandboxes, how: str) -> None:
    sdk = client(lab)
    dispute = disputed(sdk, "pm_card_createDisputeProductNotReceived")
    assert dispute.reason == "product_not_received"
    if how == "losing":
        sdk.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "losing_evidence"}})
    elif how == "closing":
        sdk.v1.disputes.close(dispute.id)
    else:
        pass_time(lab, 10)
    got = sdk.v1.disputes.retrieve(dispute.id)
    assert (got.status, len(got.balance_transactions)) == ("lost", 1)
    assert "charge.dispute.closed" in types(sdk)
    assert "charge.dispute.funds_reinstated" not in types(sdk)
    for act in (sdk.v1.disputes.close, sdk.v1.disputes.update):
        with pytest.raises(stripe.InvalidRequestError, match="already closed"):
            act(dispute.id)


def test_an_inquiry_moves_no_money(lab: Sandboxes) -> None:
    sdk = client(lab)
    one, two = disputed(sdk, "pm_card_createDisputeInquiry"), disputed(sdk, "pm_card_createDisputeInquiry")
    assert (one.status, one.balance_transactions, one.is_charge_refundable) == (
        "warning_needs_response",
        [],
        True,
    )
    assert one.payment_method_details.card.case_type == "inquiry"
    assert sdk.v1.refunds.create({"charge": one.charge, "amount": 10}).status == "succeeded"
    closed = sdk.v1.disputes.update(one.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert closed.status == "warning_closed"
    worse = sdk.v1.disputes.update(two.id, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}})
    assert (worse.status, len(worse.balance_transactions)) == ("needs_response", 1)


def test_several_disputes_of_one_charge(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk, "pm_card_createMultipleDisputes")
    assert len(sdk.v1.disputes.list({"charge": intent.latest_charge.id}).data) == 2
    assert len(sdk.v1.disputes.list({"limit": 1}).data) == 1


def test_an_early_fraud_warning(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk, "pm_card_createIssuerFraudRecord")
    [warning] = sdk.v1.radar.early_fraud_warnings.list({"charge": intent.latest_charge.id}).data
    assert (warning.charge, warning.actionable) == (intent.latest_charge.id, True)
    assert sdk.v1.radar.early_fraud_warnings.retrieve(warning.id).id == warning.id
    assert sdk.v1.disputes.list().data == []


def test_a_dispute_on_demand(lab: Sandboxes) -> None:
    sdk = client(lab)
    charge = paid(sdk).latest_charge.id
    disturb(lab, "open_dispute", charge=charge, reason="duplicate")
    [dispute] = sdk.v1.disputes.list({"charge": charge}).data
    assert dispute.reason == "duplicate"
    disturb(lab, "decide_dispute", dispute=dispute.id, status="won")
    assert sdk.v1.disputes.retrieve(dispute.id).status == "won"


def test_an_unknown_dispute(lab: Sandboxes) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client(lab).v1.disputes.retrieve("du_no")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_the_old_style_does_the_same(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent, dispute = paid(sdk), disputed(sdk)
    with old_style(lab) as module:
        assert module.Refund.create(payment_intent=intent.id, amount=5).status == "succeeded"
        assert module.Dispute.modify(dispute.id, metadata={"a": "b"}).metadata["a"] == "b"
        assert module.Dispute.retrieve(dispute.id).status == "needs_response"
        assert module.Dispute.close(dispute.id).status == "lost"
