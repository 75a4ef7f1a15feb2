"""Payment methods and setup intents through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, old_style, paid

ONLINE = {
    "customer_acceptance": {
        "type": "online",
        "online": {"ip_address": "127.0.0.1", "user_agent": "test"},
    }
}


def card(sdk: stripe.StripeClient, number: str = "4242424242424242", **more: Any) -> Any:
    details = {"number": number, "exp_month": 12, "exp_year": 2055, "cvc": "123", **more}
    return sdk.v1.payment_methods.create({"type": "card", "card": details})  # type: ignore[typeddict-item]


def test_a_card_by_its_number(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.payment_methods.create(
        {
            "type": "card",
            "card": {"number": "4000056655665556", "exp_month": 3, "exp_year": 2044, "cvc": "999"},
            "billing_details": {"name": "Ada", "address": {"country": "US", "postal_code": "12345"}},
            "metadata": {"k": "v"},
        }
    )
    assert made.id.startswith("pm_")
    shown = made.card
    assert shown is not None
    assert (shown.brand, shown.last4, shown.funding, shown.exp_month, shown.exp_year) == (
        "visa", "5556", "debit", 3, 2044,
    )  # fmt: skip
    assert made.billing_details.name == "Ada"
    assert made.billing_details.address is not None
    assert made.billing_details.address.postal_code == "12345"
    assert (made.customer, made.type) == (None, "card")
    assert sdk.v1.payment_methods.retrieve(made.id).metadata["k"] == "v"  # type: ignore[index]
    assert card(sdk).card.fingerprint == card(sdk).card.fingerprint != shown.fingerprint


@pytest.mark.parametrize(
    ("details", "code", "param"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"exp_month": 13}, "invalid_expiry_month", "exp_month"),
        ({"exp_year": 2001}, "invalid_expiry_year", "exp_year"),
        ({"cvc": "99"}, "invalid_cvc", "cvc"),
    ],
)
def test_wrong_card_details_are_card_errors(
    lab: Sandboxes, details: dict[str, Any], code: str, param: str
) -> None:
    with pytest.raises(stripe.CardError) as refused:
        card(client(lab), **details)
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (402, code, param)


def test_a_number_that_is_no_test_card_is_declined(lab: Sandboxes) -> None:
    with pytest.raises(stripe.CardError) as refused:
        card(client(lab), "4012888888881881")
    assert refused.value.error is not None
    assert refused.value.error.decline_code == "test_mode_live_card"


def test_what_is_missing_is_named(lab: Sandboxes) -> None:
    sdk = client(lab)
    for wish, param in (
        ({}, "type"),
        ({"type": "card"}, "card"),
        ({"type": "card", "card": {"number": "4242424242424242"}}, "card[exp_month]"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            sdk.v1.payment_methods.create(wish)  # type: ignore[arg-type]
        assert (refused.value.code, refused.value.param) == ("parameter_missing", param)


def test_tokens_stand_for_cards_once(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.payment_methods.create({"type": "card", "card": {"token": "tok_mastercard"}})
    assert made.card is not None
    assert made.card.brand == "mastercard"
    token = sdk.v1.tokens.create(
        {"card": {"number": "4242424242424242", "exp_month": "5", "exp_year": "2050", "cvc": "123"}}
    )
    assert (token.type, token.used) == ("card", False)
    assert token.card is not None
    assert token.card.last4 == "4242"
    sdk.v1.payment_methods.create({"type": "card", "card": {"token": token.id}})
    assert sdk.v1.tokens.retrieve(token.id).used
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_methods.create({"type": "card", "card": {"token": token.id}})
    assert refused.value.code == "token_already_used"


def test_attach_list_update_detach(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({"name": "Acme"}).id
    loose = card(sdk)
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_methods.update(loose.id, {"metadata": {"a": "b"}})
    assert sdk.v1.payment_methods.attach(loose.id, {"customer": customer}).customer == customer
    second = sdk.v1.payment_methods.attach("pm_card_amex", {"customer": customer})
    assert second.id != "pm_card_amex"
    listed = sdk.v1.customers.payment_methods.list(customer, {"type": "card"})
    assert [m.id for m in listed.data] == [second.id, loose.id]
    assert [m.id for m in sdk.v1.payment_methods.list({"customer": customer, "type": "card"}).data] == [
        second.id,
        loose.id,
    ]
    assert sdk.v1.payment_methods.list({"customer": customer, "type": "us_bank_account"}).data == []
    assert sdk.v1.customers.payment_methods.retrieve(customer, loose.id).id == loose.id
    changed = sdk.v1.payment_methods.update(
        loose.id, {"billing_details": {"email": "a@example.com"}, "card": {"exp_month": 1, "exp_year": 2060}}
    )
    assert changed.card is not None
    assert (changed.billing_details.email, changed.card.exp_year) == ("a@example.com", 2060)
    assert sdk.v1.payment_methods.detach(loose.id).customer is None
    assert [m.id for m in sdk.v1.customers.payment_methods.list(customer).data] == [second.id]
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_methods.attach(loose.id, {"customer": customer})
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_methods.detach(loose.id)


@pytest.mark.parametrize(
    ("name", "code", "decline"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
    ],
)
def test_declining_cards_are_refused_when_attached(
    lab: Sandboxes, name: str, code: str, decline: str | None
) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    with pytest.raises(stripe.CardError) as refused:
        sdk.v1.payment_methods.attach(name, {"customer": customer})
    error = refused.value.error
    assert error is not None
    assert (refused.value.http_status, error.code, getattr(error, "decline_code", None)) == (
        402,
        code,
        decline,
    )
    assert sdk.v1.customers.payment_methods.list(customer).data == []


def test_a_card_that_fails_only_when_charged(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    method = sdk.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer})
    with pytest.raises(stripe.CardError) as refused:
        paid(sdk, method.id, customer=customer)
    assert refused.value.code == "card_declined"


def test_a_setup_intent_goes_step_by_step(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    made = sdk.v1.setup_intents.create({"customer": customer, "metadata": {"a": "1"}})
    assert (made.status, made.usage, made.object) == (
        "requires_payment_method",
        "off_session",
        "setup_intent",
    )
    assert (made.client_secret or "").startswith(f"{made.id}_secret_")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.setup_intents.confirm(made.id)
    assert refused.value.code == "setup_intent_unexpected_state"
    updated = sdk.v1.setup_intents.update(made.id, {"payment_method": "pm_card_visa", "description": "d"})
    assert updated.status == "requires_confirmation"
    done = sdk.v1.setup_intents.confirm(made.id, {"expand": ["payment_method", "latest_attempt"]})
    assert done.status == "succeeded"
    assert done.payment_method.customer == customer  # type: ignore[union-attr]
    assert done.latest_attempt.status == "succeeded"  # type: ignore[union-attr]
    for act in (sdk.v1.setup_intents.confirm, sdk.v1.setup_intents.cancel):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            act(made.id)
        assert refused.value.code == "setup_intent_unexpected_state"
        assert refused.value.error is not None
        assert refused.value.error.setup_intent.status == "succeeded"  # type: ignore[union-attr]
    assert [s.id for s in sdk.v1.setup_intents.list({"customer": customer}).data] == [made.id]
    assert len(sdk.v1.setup_attempts.list({"setup_intent": made.id}).data) == 1


def test_a_setup_intent_can_be_canceled(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.setup_intents.create({"payment_method": "pm_card_visa"})
    gone = sdk.v1.setup_intents.cancel(made.id, {"cancellation_reason": "abandoned"})
    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")


def test_a_declining_card_cannot_be_set_up(lab: Sandboxes) -> None:
    sdk = client(lab)
    with pytest.raises(stripe.CardError) as refused:
        sdk.v1.setup_intents.create({"payment_method": "pm_card_chargeDeclined", "confirm": True})
    error = refused.value.error
    assert error is not None
    setup = error.setup_intent
    assert setup is not None
    assert (error.code, setup.status) == ("card_declined", "requires_payment_method")
    assert setup.last_setup_error.decline_code == "generic_decline"  # type: ignore[union-attr]


@pytest.mark.parametrize("passed", [True, False])
def test_authentication_while_setting_up(lab: Sandboxes, passed: bool) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    made = sdk.v1.setup_intents.create(
        {
            "customer": customer,
            "payment_method": "pm_card_authenticationRequiredOnSetup",
            "confirm": True,
            "return_url": "https://example.com/back",
        }
    )
    assert made.status == "requires_action"
    assert made.next_action is not None
    assert made.next_action.type == "redirect_to_url"
    disturb(lab, "authenticate", setup_intent=made.id, passed=passed)
    got = sdk.v1.setup_intents.retrieve(made.id)
    if not passed:
        assert got.status == "requires_payment_method"
        assert got.last_setup_error is not None
        assert got.last_setup_error.code == "setup_intent_authentication_failure"
        return
    assert got.status == "succeeded"
    # Once set up it pays off session without asking again.
    intent = paid(sdk, str(got.payment_method), customer=customer, off_session=True)
    assert intent.status == "succeeded"


def test_a_bank_account_is_set_up_with_a_mandate(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    account = sdk.v1.payment_methods.create(
        {
            "type": "us_bank_account",
            "us_bank_account": {
                "account_number": "000123456789",
                "routing_number": "110000000",
                "account_holder_type": "company",
            },
            "billing_details": {"name": "Acme"},
        }
    )
    assert account.us_bank_account is not None
    assert (account.us_bank_account.last4, account.us_bank_account.account_holder_type) == ("6789", "company")
    wish: dict[str, Any] = {
        "customer": customer, "payment_method": account.id, "payment_method_types": ["us_bank_account"],
        "confirm": True,
    }  # fmt: skip
    with pytest.raises(stripe.InvalidRequestError, match="requires a mandate"):
        sdk.v1.setup_intents.create(wish)  # type: ignore[arg-type]
    made = sdk.v1.setup_intents.create({**wish, "mandate_data": ONLINE})  # type: ignore[typeddict-item]
    assert made.status == "requires_action"
    assert made.next_action is not None
    assert made.next_action.type == "verify_with_microdeposits"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.setup_intents.verify_microdeposits(made.id, {"amounts": [10, 11]})
    assert refused.value.code == "payment_method_microdeposit_verification_amounts_mismatch"
    done = sdk.v1.setup_intents.verify_microdeposits(made.id, {"amounts": [32, 45]})
    assert done.status == "succeeded"
    mandate = sdk.v1.mandates.retrieve(str(done.mandate))
    assert (mandate.status, mandate.type) == ("active", "multi_use")
    assert mandate.customer_acceptance.type == "online"


def test_a_publishable_key_may_make_methods_and_confirm(lab: Sandboxes) -> None:
    sdk, public = client(lab), client(lab, lab.credentials("stripe")["publishable_key"])
    method = card(public)
    setup = sdk.v1.setup_intents.create({"payment_method_types": ["card"]})
    done = public.v1.setup_intents.confirm(
        setup.id,
        {"payment_method": method.id, "client_secret": setup.client_secret},  # type: ignore[typeddict-unknown-key]
    )
    assert done.status == "succeeded"
    with pytest.raises(stripe.AuthenticationError) as refused:
        public.v1.customers.list()
    assert refused.value.error is not None
    assert refused.value.error.code == "secret_key_required"


def test_the_old_style_does_the_same(lab: Sandboxes) -> None:
    with old_style(lab) as module:
        customer = module.Customer.create()
        method = module.PaymentMethod.create(type="card", card={"token": "tok_visa"})
        method.attach(customer=customer.id)
        assert [m.id for m in module.PaymentMethod.list(customer=customer.id, type="card")] == [method.id]
        assert [m.id for m in customer.list_payment_methods()] == [method.id]
        setup = module.SetupIntent.create(customer=customer.id, payment_method=method.id, confirm=True)
        assert setup.status == "succeeded"
        assert method.detach().customer is None


def test_what_a_browser_collected_confirms_once(lab: Sandboxes) -> None:
    sdk = client(lab)
    wish: Any = {
        "payment_method_data": {
            "type": "card", "card": {"token": "tok_visa"}, "billing_details": {"name": "Ada"},
        },
        "return_url": "https://shop.test/back", "setup_future_usage": "off_session",
        "shipping": {"name": "Ada", "address": {"line1": "1 Main St", "country": "US"}},
    }  # fmt: skip
    token = sdk.v1.test_helpers.confirmation_tokens.create(wish)
    assert token.id.startswith("ctoken_")
    assert token.payment_method_preview is not None
    assert (token.payment_method_preview.type, token.payment_intent) == ("card", None)
    assert token.payment_method_preview.billing_details.name == "Ada"
    assert token.expires_at == token.created + 12 * 3_600
    customer = sdk.v1.customers.create({}).id
    pay: Any = {
        "amount": 900, "currency": "usd", "customer": customer, "confirm": True,
        "payment_method_types": ["card"], "confirmation_token": token.id,
    }  # fmt: skip
    paid = sdk.v1.payment_intents.create(pay)
    assert (paid.status, paid.setup_future_usage) == ("succeeded", "off_session")
    assert paid.shipping is not None
    assert paid.shipping.name == "Ada"
    assert sdk.v1.payment_methods.retrieve(str(paid.payment_method)).customer == customer
    assert sdk.v1.confirmation_tokens.retrieve(token.id).payment_intent == paid.id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.create(pay)
    assert refused.value.param == "confirmation_token"
    fresh = sdk.v1.test_helpers.confirmation_tokens.create({"payment_method": "pm_card_visa"})
    setup = sdk.v1.setup_intents.create(
        {
            "customer": customer,
            "payment_method_types": ["card"],
            "confirm": True,
            "confirmation_token": fresh.id,
        }
    )
    assert setup.status == "succeeded"
    assert sdk.v1.confirmation_tokens.retrieve(fresh.id).setup_intent == setup.id
    bad = sdk.v1.test_helpers.confirmation_tokens.create({"payment_method": "pm_card_chargeDeclined"})
    with pytest.raises(stripe.CardError) as declined:
        sdk.v1.payment_intents.create({**pay, "confirmation_token": bad.id})
    assert declined.value.code == "card_declined"
    assert sdk.v1.confirmation_tokens.retrieve(bad.id).payment_intent is not None
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.create({**pay, "confirmation_token": "ctoken_none"})
    assert refused.value.code == "resource_missing"
