"""Payment intents and charges through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import CARD_ONLY, client, disturb, old_style, paid, pass_time


def test_paid_at_once(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(
        sdk,
        description="January",
        metadata={"order": "7"},
        transfer_group="G",
        shipping={"name": "A", "address": {"line1": "1"}},
    )
    assert (intent.status, intent.amount_received, intent.currency) == ("succeeded", 10_000, "usd")
    charge = intent.latest_charge
    assert (charge.paid, charge.captured, charge.refunded, charge.disputed) == (True, True, False, False)
    assert (charge.metadata["order"], charge.description, charge.transfer_group) == ("7", "January", "G")
    assert charge.shipping.name == "A"
    assert charge.outcome.type == "authorized"
    assert charge.payment_method_details.card.last4 == "4242"
    entry = sdk.v1.balance_transactions.retrieve(charge.balance_transaction)
    assert (entry.amount, entry.fee, entry.net, entry.type) == (10_000, 320, 9_680, "charge")
    assert entry.fee_details[0].type == "stripe_fee"


def test_the_states_one_after_the_other(lab: Sandboxes) -> None:
    sdk = client(lab)
    intents = sdk.v1.payment_intents
    made = intents.create({"amount": 500, "currency": "usd"})
    assert made.status == "requires_payment_method"
    assert made.automatic_payment_methods is not None
    assert made.automatic_payment_methods.enabled
    with pytest.raises(stripe.InvalidRequestError) as refused:
        intents.confirm(made.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert refused.value.error is not None
    assert refused.value.error.payment_intent.id == made.id  # type: ignore[union-attr]
    assert intents.update(made.id, {"payment_method": "pm_card_visa"}).status == "requires_confirmation"
    assert intents.update(made.id, {"amount": 600, "metadata": {"a": "b"}}).amount == 600
    assert intents.confirm(made.id).status == "succeeded"
    for act, wish in (
        (intents.confirm, {}),
        (intents.cancel, {}),
        (intents.capture, {}),
        (intents.update, {"amount": 1000}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            act(made.id, wish)  # type: ignore[operator]
        assert refused.value.code == "payment_intent_unexpected_state"
    assert intents.update(made.id, {"description": "late"}).description == "late"


@pytest.mark.parametrize(
    ("wish", "code", "param"),
    [
        ({"currency": "usd"}, "parameter_missing", "amount"),
        ({"amount": 100}, "parameter_missing", "currency"),
        ({"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": -1, "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 49, "currency": "usd"}, "amount_too_small", "amount"),
        ({"amount": 100_000_000, "currency": "usd"}, "amount_too_large", "amount"),
        ({"amount": 100, "currency": "xyz"}, None, "currency"),
        ({"amount": 100, "currency": "usd", "customer": "cus_no"}, "resource_missing", "customer"),
        ({"amount": 100, "currency": "usd", "payment_method": "pm_no"}, "resource_missing", "payment_method"),
        ({"amount": 100, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"amount": 100, "currency": "usd", "capture_method": "later"}, None, "capture_method"),
        ({"amount": 100, "currency": "usd", "off_session": True}, None, "off_session"),
        ({"amount": 100, "currency": "usd", "receipt_email": "x"}, "email_invalid", "receipt_email"),
        (
            {"amount": 100, "currency": "usd", "payment_method_types": ["gold"]},
            "payment_intent_invalid_parameter",
            "payment_method_types",
        ),
    ],
)
def test_refusals_name_the_parameter(
    lab: Sandboxes, wish: dict[str, Any], code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client(lab).v1.payment_intents.create(wish)  # type: ignore[arg-type]
    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)


@pytest.mark.parametrize(
    ("number", "code", "decline"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000009987", "card_declined", "lost_card"),
        ("4000000000009979", "card_declined", "stolen_card"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4000000000000119", "processing_error", None),
        ("4000000000006975", "card_declined", "card_velocity_exceeded"),
        ("4100000000000019", "card_declined", "fraudulent"),
    ],
)
def test_every_declining_number(lab: Sandboxes, number: str, code: str, decline: str | None) -> None:
    sdk = client(lab)
    method = sdk.v1.payment_methods.create(
        {"type": "card", "card": {"number": number, "exp_month": 1, "exp_year": 2044, "cvc": "123"}}
    )
    with pytest.raises(stripe.CardError) as refused:
        paid(sdk, method.id)
    error = refused.value.error
    assert error is not None
    assert (refused.value.http_status, error.type, error.code) == (402, "card_error", code)
    assert getattr(error, "decline_code", None) == decline
    intent = error.payment_intent
    assert intent is not None
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    assert intent.last_payment_error is not None
    assert intent.last_payment_error.code == code
    charge = sdk.v1.charges.retrieve(error.charge)  # type: ignore[arg-type]
    assert (charge.status, charge.failure_code, charge.paid) == ("failed", code, False)
    assert charge.balance_transaction is None
    again = sdk.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (again.status, again.last_payment_error) == ("succeeded", None)


@pytest.mark.parametrize(
    ("card", "brand", "last4", "country"),
    [
        ("pm_card_visa", "visa", "4242", "US"),
        ("pm_card_mastercard", "mastercard", "4444", "US"),
        ("pm_card_amex", "amex", "8431", "US"),
        ("pm_card_discover", "discover", "1117", "US"),
        ("pm_card_jcb", "jcb", "0505", "JP"),
        ("pm_card_de", "visa", "0016", "DE"),
        ("pm_card_mastercard_prepaid", "mastercard", "5100", "US"),
    ],
)
def test_brands(lab: Sandboxes, card: str, brand: str, last4: str, country: str) -> None:
    shown = paid(client(lab), card).latest_charge.payment_method_details.card
    assert (shown.brand, shown.last4, shown.country) == (brand, last4, country)


@pytest.mark.parametrize("passed", [True, False])
def test_authentication_on_session(lab: Sandboxes, passed: bool) -> None:
    sdk = client(lab)
    intent = paid(sdk, "pm_card_threeDSecure2Required", return_url="https://example.com/back")
    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    assert intent.next_action.type == "redirect_to_url"
    assert intent.next_action.redirect_to_url.return_url == "https://example.com/back"
    disturb(lab, "authenticate", payment_intent=intent.id, passed=passed)
    got = sdk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    if passed:
        assert got.status == "succeeded"
        secure = got.latest_charge.payment_method_details.card.three_d_secure  # type: ignore[union-attr]
        assert secure.result == "authenticated"
    else:
        assert got.status == "requires_payment_method"
        assert got.last_payment_error is not None
        assert got.last_payment_error.code == "payment_intent_authentication_failure"


def test_without_a_return_url_the_sdk_handles_the_action(lab: Sandboxes) -> None:
    intent = paid(client(lab), "pm_card_authenticationRequired")
    assert intent.next_action.type == "use_stripe_sdk"


def test_authentication_then_declined(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk, "pm_card_threeDSecureRequiredChargeDeclined")
    disturb(lab, "authenticate", payment_intent=intent.id)
    got = sdk.v1.payment_intents.retrieve(intent.id)
    assert got.last_payment_error is not None
    assert (got.status, got.last_payment_error.code) == ("requires_payment_method", "card_declined")


def test_authentication_with_manual_confirmation(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk, "pm_card_authenticationRequired", confirmation_method="manual")
    disturb(lab, "authenticate", payment_intent=intent.id)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "requires_confirmation"
    assert sdk.v1.payment_intents.confirm(intent.id).status == "succeeded"


def test_off_session_authentication_is_a_decline(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    method = sdk.v1.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer})
    with pytest.raises(stripe.CardError) as refused:
        paid(sdk, method.id, customer=customer, off_session=True)
    error = refused.value.error
    assert error is not None
    assert (error.code, error.decline_code) == ("authentication_required", "authentication_required")
    assert error.payment_method.id == method.id  # type: ignore[union-attr]
    ready = sdk.v1.payment_methods.attach(
        "pm_card_authenticationRequiredSetupForOffSession", {"customer": customer}
    )
    assert paid(sdk, ready.id, customer=customer, off_session=True).status == "succeeded"


def test_an_action_can_be_an_error(lab: Sandboxes) -> None:
    with pytest.raises(stripe.CardError) as refused:
        paid(client(lab), "pm_card_authenticationRequired", error_on_requires_action=True)
    error = refused.value.error
    assert error is not None
    assert (error.code, error.decline_code) == ("authentication_required", "authentication_not_handled")
    assert error.payment_intent.status == "requires_payment_method"  # type: ignore[union-attr]


def test_manual_capture_in_full_in_part_and_never(lab: Sandboxes) -> None:
    sdk = client(lab)
    full, part, gone, late = (paid(sdk, capture_method="manual") for _ in range(4))
    assert (full.status, full.amount_capturable, full.amount_received) == ("requires_capture", 10_000, 0)
    assert not full.latest_charge.captured
    assert sdk.v1.payment_intents.capture(full.id).amount_received == 10_000
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.capture(part.id, {"amount_to_capture": 10_001})
    assert refused.value.param == "amount_to_capture"
    got = sdk.v1.payment_intents.capture(
        part.id, {"amount_to_capture": 4_000, "metadata": {"x": "y"}, "expand": ["latest_charge"]}
    )
    assert (got.status, got.amount_received, got.amount_capturable) == ("succeeded", 4_000, 0)
    charge: Any = got.latest_charge
    assert (charge.amount, charge.amount_captured, charge.amount_refunded) == (10_000, 4_000, 6_000)
    assert got.metadata["x"] == "y"
    released = sdk.v1.payment_intents.cancel(gone.id, {"cancellation_reason": "requested_by_customer"})
    assert (released.status, released.amount_capturable) == ("canceled", 0)
    assert released.cancellation_reason == "requested_by_customer"
    pass_time(lab, 7.5)
    expired = sdk.v1.payment_intents.retrieve(late.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")
    assert [e.type for e in sdk.v1.events.list({"type": "charge.expired"}).data] == ["charge.expired"]


def test_methods_of_others_and_used_ones_are_refused(lab: Sandboxes) -> None:
    sdk = client(lab)
    one, two = (sdk.v1.customers.create({}).id for _ in range(2))
    method = sdk.v1.payment_methods.attach("pm_card_visa", {"customer": one})
    for customer in ({"customer": two}, {}):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            paid(sdk, method.id, **customer)
        assert refused.value.param == "payment_method"
    loose = sdk.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    paid(sdk, loose.id)
    with pytest.raises(stripe.InvalidRequestError):
        paid(sdk, loose.id)


def test_setup_for_later_attaches_the_method(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    intent = paid(sdk, customer=customer, setup_future_usage="off_session")
    methods = sdk.v1.customers.payment_methods.list(customer).data
    assert [m.id for m in methods] == [intent.payment_method]


def test_data_instead_of_a_method(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = sdk.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "usd",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "payment_method_data": {
                "type": "card",
                "card": {"token": "tok_visa"},  # type: ignore[typeddict-unknown-key]
                "billing_details": {"email": "a@example.com"},
            },
            "expand": ["payment_method"],
        }
    )
    assert intent.status == "succeeded"
    assert intent.payment_method.billing_details.email == "a@example.com"  # type: ignore[union-attr]
    assert intent.automatic_payment_methods is not None
    assert intent.automatic_payment_methods.allow_redirects == "never"
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        sdk.v1.payment_intents.create(
            {"amount": 100, "currency": "usd", "automatic_payment_methods": {"enabled": True}, **CARD_ONLY}  # type: ignore[typeddict-item]
        )


def test_lists_and_search(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    mine = [paid(sdk, customer=customer, metadata={"order": str(i)}) for i in range(3)]
    other = paid(sdk, amount=777)
    listed = sdk.v1.payment_intents.list({"customer": customer, "limit": 2})
    assert [i.id for i in listed.auto_paging_iter()] == [i.id for i in mine[::-1]]
    expanded = sdk.v1.payment_intents.list({"limit": 1, "expand": ["data.latest_charge.balance_transaction"]})
    assert expanded.data[0].latest_charge.balance_transaction.amount == 777  # type: ignore[union-attr]
    for query, ids in (
        ("metadata['order']:'1'", [mine[1].id]),
        ("amount:777", [other.id]),
        (f"customer:'{customer}' AND status:'succeeded'", [i.id for i in mine[::-1]]),
        ("status:'canceled'", []),
        ("amount>10000", []),
    ):
        assert [i.id for i in sdk.v1.payment_intents.search({"query": query}).data] == ids, query
    charges = sdk.v1.charges
    assert [c.id for c in charges.list({"customer": customer}).data] == [
        i.latest_charge.id for i in mine[::-1]
    ]
    assert [c.id for c in charges.list({"payment_intent": other.id}).data] == [other.latest_charge.id]
    assert [c.id for c in charges.list({"transfer_group": "none"}).data] == []
    found = charges.search({"query": "payment_method_details.card.last4:4242 AND amount:777"})
    assert [c.amount for c in found.data] == [777]


def test_expansion_goes_four_levels_deep(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({"name": "Deep"}).id
    intent = paid(sdk, customer=customer)
    got = sdk.v1.payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge.payment_intent.customer", "payment_method"]}
    )
    assert got.latest_charge.payment_intent.customer.name == "Deep"  # type: ignore[union-attr]
    for path, said in (
        ("latest_charge.payment_intent.latest_charge.payment_intent.customer", "more than 4 levels"),
        ("amount", "cannot be expanded"),
        ("latest_charge.nothing", "cannot be expanded"),
    ):
        with pytest.raises(stripe.InvalidRequestError, match=said) as refused:
            sdk.v1.payment_intents.retrieve(intent.id, {"expand": [path]})
        assert refused.value.param == "expand"
    with pytest.raises(stripe.InvalidRequestError, match=r"data\.customer"):
        sdk.v1.payment_intents.list({"expand": ["customer"]})


def test_charges_without_an_intent(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.charges.create(
        {"amount": 900, "currency": "usd", "source": "tok_visa", "description": "old", "metadata": {"a": "1"}}
    )
    assert (made.status, made.captured, made.payment_intent) == ("succeeded", True, None)
    assert (made.source.object, made.source.last4) == ("card", "4242")  # type: ignore[union-attr]
    held = sdk.v1.charges.create({"amount": 900, "currency": "usd", "source": "tok_visa", "capture": False})
    assert not held.captured
    got = sdk.v1.charges.capture(held.id, {"amount": 500})
    assert (got.captured, got.amount_captured, got.amount_refunded) == (True, 500, 400)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.charges.capture(held.id)
    assert refused.value.code == "charge_already_captured"
    changed = sdk.v1.charges.update(
        made.id,
        {"description": "new", "metadata": {"a": "", "b": "2"}, "fraud_details": {"user_report": "safe"}},
    )
    assert (changed.description, changed.metadata.to_dict()) == ("new", {"b": "2"})
    assert changed.fraud_details is not None
    assert changed.fraud_details.user_report == "safe"
    with pytest.raises(stripe.CardError) as declined:
        sdk.v1.charges.create({"amount": 900, "currency": "usd", "source": "tok_chargeDeclined"})
    assert declined.value.code == "card_declined"
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.charges.create({"amount": 900, "currency": "usd"})
    customer = sdk.v1.customers.create({"source": "tok_visa"})
    assert customer.default_source
    assert sdk.v1.charges.create({"amount": 900, "currency": "usd", "customer": customer.id}).paid


def test_capturing_the_charge_captures_its_intent(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = paid(sdk, capture_method="manual")
    assert sdk.v1.charges.capture(intent.latest_charge.id).captured
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_zero_decimal_currencies(lab: Sandboxes) -> None:
    intent = paid(client(lab), amount=500, currency="jpy")
    assert (intent.amount, intent.currency) == (500, "jpy")


def test_the_old_style_does_the_same(lab: Sandboxes) -> None:
    with old_style(lab) as module:
        intent = module.PaymentIntent.create(amount=1500, currency="usd", payment_method_types=["card"])
        intent = module.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa")
        assert intent.status == "succeeded"
        assert module.Charge.retrieve(intent.latest_charge).amount == 1500
        held = module.PaymentIntent.create(
            amount=1500, currency="usd", payment_method="pm_card_visa", confirm=True, capture_method="manual",
            payment_method_types=["card"],
        )  # fmt: skip
        assert held.capture(amount_to_capture=1000).amount_received == 1000
        other = module.PaymentIntent.create(amount=1500, currency="usd")
        assert other.cancel().status == "canceled"
        with pytest.raises(stripe.CardError):
            module.PaymentIntent.create(
                amount=1500, currency="usd", payment_method="pm_card_chargeDeclined", confirm=True,
                payment_method_types=["card"],
            )  # fmt: skip
