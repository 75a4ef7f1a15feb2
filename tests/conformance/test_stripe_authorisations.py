"""Authorisations that grow, are captured in parts, or above their amount, through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, paid, pass_time


def held(sdk: stripe.StripeClient, *features: str, amount: int = 10_000) -> Any:
    """An authorisation with these asked for."""
    card = {f"request_{name}": "if_available" for name in features}
    return paid(
        sdk, amount=amount, capture_method="manual", payment_method_options={"card": card} if card else {}
    )


def charge_of(sdk: stripe.StripeClient, intent: Any) -> Any:
    return sdk.v1.charges.retrieve(str(getattr(intent.latest_charge, "id", intent.latest_charge)))


def test_an_authorisation_grows(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = held(sdk, "incremental_authorization")
    card = intent.latest_charge.payment_method_details.card
    assert card.incremental_authorization.status == "available"
    assert card.multicapture.status == "unavailable"
    more = sdk.v1.payment_intents.increment_authorization(
        intent.id, {"amount": 12_500, "metadata": {"night": "3"}}
    )
    assert (more.status, more.amount, more.amount_capturable) == ("requires_capture", 12_500, 12_500)
    assert more.metadata["night"] == "3"
    assert charge_of(sdk, intent).amount == 12_500
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.increment_authorization(intent.id, {"amount": 12_500})
    assert refused.value.param == "amount"
    done = sdk.v1.payment_intents.capture(intent.id)
    assert (done.status, done.amount_received) == ("succeeded", 12_500)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.increment_authorization(intent.id, {"amount": 13_000})
    assert refused.value.code == "payment_intent_unexpected_state"


def test_only_what_was_asked_for_grows(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = held(sdk)
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_intents.increment_authorization(intent.id, {"amount": 12_500})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 100, "final_capture": False})
    assert refused.value.param == "final_capture"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 10_001})
    assert refused.value.code == "amount_too_large"


def test_captured_in_parts(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = held(sdk, "multicapture")
    part = sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 3_000, "final_capture": False})
    assert (part.status, part.amount_capturable, part.amount_received) == ("requires_capture", 7_000, 3_000)
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 7_001})
    last = sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 4_000})
    assert (last.status, last.amount_capturable, last.amount_received) == ("succeeded", 0, 7_000)
    charge = charge_of(sdk, intent)
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 7_000, 3_000)
    entries = sdk.v1.balance_transactions.list({"source": charge.id}).data
    assert [e.amount for e in entries] == [4_000, 3_000]
    refund = sdk.v1.refunds.create({"charge": charge.id})
    assert refund.amount == 7_000


def test_the_last_part_ends_it(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = held(sdk, "multicapture")
    for _ in range(2):
        got = sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": 5_000, "final_capture": False})
    assert (got.status, got.amount_received) == ("succeeded", 10_000)


def test_captured_above_the_amount(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = held(sdk, "overcapture")
    most = intent.latest_charge.payment_method_details.card.overcapture.maximum_amount_capturable
    assert most > 10_000
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": most + 1})
    done = sdk.v1.payment_intents.capture(intent.id, {"amount_to_capture": most})
    assert (done.status, done.amount_received) == ("succeeded", most)
    assert sdk.v1.refunds.create({"payment_intent": intent.id}).amount == most


def test_what_is_not_captured_in_time_goes_back(lab: Sandboxes) -> None:
    sdk = client(lab)
    usual, longer = held(sdk), held(sdk, "extended_authorization")
    parts = held(sdk, "multicapture")
    sdk.v1.payment_intents.capture(parts.id, {"amount_to_capture": 3_000, "final_capture": False})
    card = longer.latest_charge.payment_method_details.card
    assert card.extended_authorization.status == "enabled"
    assert card.capture_before - longer.created == 30 * 86_400
    pass_time(lab, 8)
    status = [sdk.v1.payment_intents.retrieve(i.id).status for i in (usual, longer, parts)]
    assert status == ["canceled", "requires_capture", "canceled"]
    charge = charge_of(sdk, parts)
    assert (charge.amount_captured, charge.amount_refunded) == (3_000, 7_000)
    pass_time(lab, 23)
    assert sdk.v1.payment_intents.retrieve(longer.id).status == "canceled"
