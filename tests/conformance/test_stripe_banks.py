"""Bank debits through Stripe's own SDK: ACH and SEPA."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_sdk import client, disturb, pass_time
from tests.conformance.test_stripe_methods import ONLINE

ACH = {"payment_method_types": ["us_bank_account"], "mandate_data": ONLINE}
SEPA = {"payment_method_types": ["sepa_debit"], "mandate_data": ONLINE, "currency": "eur"}


def debit(sdk: stripe.StripeClient, method: str = "pm_usBankAccount_success", **more: Any) -> Any:
    wish = {"amount": 50_000, "currency": "usd", "payment_method": method, "confirm": True, **ACH, **more}
    return sdk.v1.payment_intents.create(wish)  # type: ignore[arg-type]


def account(sdk: stripe.StripeClient, number: str) -> str:
    numbers = {"account_number": number, "routing_number": "110000000", "account_holder_type": "individual"}
    wish = {"type": "us_bank_account", "us_bank_account": numbers, "billing_details": {"name": "A"}}
    return sdk.v1.payment_methods.create(wish).id  # type: ignore[arg-type]


def iban(sdk: stripe.StripeClient, number: str) -> str:
    wish = {
        "type": "sepa_debit",
        "sepa_debit": {"iban": number},
        "billing_details": {"name": "A", "email": "a@b.co"},
    }
    return sdk.v1.payment_methods.create(wish).id  # type: ignore[arg-type]


def test_a_debit_takes_days(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = debit(sdk, expand=["latest_charge"])
    assert (intent.status, intent.amount_received) == ("processing", 0)
    charge = intent.latest_charge
    assert charge.id.startswith("py_")
    assert (charge.status, charge.paid, charge.balance_transaction) == ("pending", False, None)
    assert charge.payment_method_details.us_bank_account.last4 == "6789"
    assert charge.payment_method_details.us_bank_account.mandate.startswith("mandate_")
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.refunds.create({"charge": charge.id})
    pass_time(lab, 1)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "processing"
    pass_time(lab, 4)
    got = sdk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge.balance_transaction"]})
    assert (got.status, got.amount_received) == ("succeeded", 50_000)
    entry: Any = got.latest_charge.balance_transaction  # type: ignore[union-attr]
    assert (entry.type, entry.fee, entry.net) == ("payment", 400, 49_600)
    types = [e.type for e in sdk.v1.events.list({"limit": 100}).data][::-1]
    order = ["payment_intent.processing", "charge.succeeded", "payment_intent.succeeded"]
    assert [t for t in types if t in order] == order
    refund = sdk.v1.refunds.create({"payment_intent": intent.id, "amount": 1_000})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("pm_usBankAccount_insufficientFunds", "insufficient_funds"),
        ("pm_usBankAccount_accountClosed", "account_closed"),
        ("pm_usBankAccount_noAccount", "no_account"),
        ("pm_usBankAccount_debitNotAuthorized", "debit_not_authorized"),
    ],
)
def test_debits_that_fail(lab: Sandboxes, method: str, code: str) -> None:
    sdk = client(lab)
    intent = debit(sdk, method)
    assert intent.status == "processing"
    pass_time(lab, 5)
    got = sdk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert got.status == "requires_payment_method"
    assert got.last_payment_error is not None
    assert got.last_payment_error.code == code
    charge: Any = got.latest_charge
    assert (charge.status, charge.failure_code, charge.balance_transaction) == ("failed", code, None)
    assert sdk.v1.balance.retrieve().pending[0].amount == 0


def test_a_debit_that_comes_back_later_is_a_dispute(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = debit(sdk, "pm_usBankAccount_dispute")
    pass_time(lab, 5)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    pass_time(lab, 3)
    dispute = sdk.v1.disputes.list({"payment_intent": intent.id}).data[0]
    assert (dispute.status, dispute.reason, dispute.amount) == ("lost", "debit_not_authorized", 50_000)
    assert [e.amount for e in dispute.balance_transactions] == [-50_000]
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.disputes.update(dispute.id, {"evidence": {"product_description": "x"}})


def test_a_debit_under_way_can_be_canceled(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = debit(sdk, "pm_usBankAccount_processing")
    pass_time(lab, 30)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "processing"
    assert sdk.v1.payment_intents.cancel(intent.id).status == "canceled"


def test_a_debit_needs_a_mandate(lab: Sandboxes) -> None:
    sdk = client(lab)
    with pytest.raises(stripe.InvalidRequestError, match="requires a mandate") as refused:
        sdk.v1.payment_intents.create(
            {
                "amount": 100,
                "currency": "usd",
                "payment_method": "pm_usBankAccount_success",
                "payment_method_types": ["us_bank_account"],
                "confirm": True,
            }
        )
    assert refused.value.http_status == 400


def test_a_saved_account_keeps_its_mandate(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = sdk.v1.customers.create({}).id
    first = debit(sdk, customer=customer, setup_future_usage="off_session")
    method = str(first.payment_method)
    second = sdk.v1.payment_intents.create(
        {
            "amount": 700, "currency": "usd", "customer": customer, "payment_method": method,
            "payment_method_types": ["us_bank_account"], "confirm": True, "off_session": True,
        }
    )  # fmt: skip
    assert second.status == "processing"


def test_numbers_are_verified_with_microdeposits(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = debit(sdk, account(sdk, "000123456789"))
    assert (intent.status, intent.next_action.type) == ("requires_action", "verify_with_microdeposits")
    assert intent.next_action.verify_with_microdeposits.microdeposit_type == "amounts"
    for wish in ({"amounts": [1, 2]}, {"descriptor_code": "SM33CC"}, {}):
        with pytest.raises(stripe.InvalidRequestError):
            sdk.v1.payment_intents.verify_microdeposits(intent.id, wish)  # type: ignore[arg-type]
    got = sdk.v1.payment_intents.verify_microdeposits(intent.id, {"descriptor_code": "SM11AA"})
    assert got.status == "processing"
    skipped = debit(
        sdk,
        account(sdk, "000222222227"),
        payment_method_options={"us_bank_account": {"verification_method": "skip"}},
    )
    assert skipped.status == "processing"
    pass_time(lab, 6)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert sdk.v1.payment_intents.retrieve(skipped.id).status == "requires_payment_method"


def test_wrong_account_details(lab: Sandboxes) -> None:
    sdk = client(lab)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_methods.create(
            {
                "type": "us_bank_account",
                "us_bank_account": {"account_number": "000123456789", "routing_number": "123"},
            }
        )
    assert refused.value.code == "routing_number_invalid"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        iban(sdk, "DE00370400440532013000")
    assert refused.value.param == "sepa_debit[iban]"


def test_a_debit_knows_its_currency(lab: Sandboxes) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        debit(client(lab), currency="eur")
    assert refused.value.param == "currency"
    with pytest.raises(stripe.InvalidRequestError, match="not allowed"):
        debit(client(lab), payment_method_types=["card"])


def test_sepa(lab: Sandboxes) -> None:
    sdk = client(lab)
    good = debit(sdk, iban(sdk, "AT321904300235473204"), **SEPA)
    bad = debit(sdk, iban(sdk, "AT861904300235473202"), **SEPA)
    assert (good.status, bad.status) == ("processing", "processing")
    pass_time(lab, 6)
    assert sdk.v1.payment_intents.retrieve(good.id).status == "succeeded"
    assert sdk.v1.payment_intents.retrieve(bad.id).status == "requires_payment_method"


def test_the_bank_may_refuse_on_demand(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = debit(sdk)
    disturb(lab, "fail_debit", payment_intent=intent.id)
    got = sdk.v1.payment_intents.retrieve(intent.id)
    assert got.last_payment_error is not None
    assert (got.status, got.last_payment_error.code) == ("requires_payment_method", "insufficient_funds")
    pass_time(lab, 6)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"
