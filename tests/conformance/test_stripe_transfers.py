"""Bank transfers and customers' cash through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import SandboxError, Sandboxes
from tests.conformance.stripe_sdk import client, disturb, pass_time

US = {"funding_type": "bank_transfer", "bank_transfer": {"type": "us_bank_transfer"}}


def asked(sdk: stripe.StripeClient, customer: str, amount: int = 10_000, **more: Any) -> Any:
    """An intent that waits for a transfer."""
    wish = {
        "amount": amount, "currency": "usd", "customer": customer, "confirm": True,
        "payment_method_types": ["customer_balance"], "payment_method_data": {"type": "customer_balance"},
        "payment_method_options": {"customer_balance": US}, **more,
    }  # fmt: skip
    return sdk.v1.payment_intents.create(wish)  # type: ignore[arg-type]


def sent(sdk: stripe.StripeClient, customer: str, amount: int, currency: str = "usd", **more: Any) -> Any:
    wish = {"amount": amount, "currency": currency, **more}
    return sdk.v1.test_helpers.customers.fund_cash_balance(customer, wish)  # type: ignore[arg-type]


def cash(sdk: stripe.StripeClient, customer: str) -> dict[str, int]:
    available = sdk.v1.customers.cash_balance.retrieve(customer).available
    return available.to_dict() if available else {}  # type: ignore[attr-defined]


def payer(sdk: stripe.StripeClient, **more: Any) -> str:
    return sdk.v1.customers.create({"email": "payer@example.com", **more}).id  # type: ignore[typeddict-item]


def happened(sdk: stripe.StripeClient, since: str = "") -> list[str]:
    return [e.type for e in sdk.v1.events.list({"limit": 100}).data][::-1]


def test_an_intent_says_where_to_send_the_money(lab: Sandboxes) -> None:
    sdk = client(lab)
    intent = asked(sdk, payer(sdk))
    assert (intent.status, intent.latest_charge, intent.amount_received) == ("requires_action", None, 0)
    assert intent.next_action.type == "display_bank_transfer_instructions"
    told = intent.next_action.display_bank_transfer_instructions
    assert (told.amount_remaining, told.currency, told.type) == (10_000, "usd", "us_bank_transfer")
    assert [a.type for a in told.financial_addresses] == ["aba", "swift"]
    assert told.financial_addresses[0].supported_networks == ["ach", "domestic_wire_us"]
    assert told.financial_addresses[0].aba.routing_number.isdigit()
    assert told.reference
    assert told.hosted_instructions_url.startswith("https://payments.stripe.com/")
    options: Any = intent.payment_method_options
    assert options.customer_balance.funding_type == "bank_transfer"
    assert "payment_intent.requires_action" in happened(sdk)


def test_funding_in_part_and_then_in_full(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    intent = asked(sdk, customer)
    entry = sent(sdk, customer, 6_000)
    assert (entry.object, entry.type) == ("customer_cash_balance_transaction", "funded")
    assert (entry.net_amount, entry.ending_balance, entry.currency) == (6_000, 6_000, "usd")
    assert entry.funded.bank_transfer.us_bank_transfer.network == "ach"
    assert entry.id.startswith("ccsbtxn_")
    part = sdk.v1.payment_intents.retrieve(intent.id)
    assert (part.status, part.amount_received) == ("requires_action", 0)
    assert part.next_action is not None
    told: Any = part.next_action.display_bank_transfer_instructions
    assert told.amount_remaining == 4_000
    assert sdk.v1.balance_transactions.list().data == []
    sent(sdk, customer, 4_000)
    whole = sdk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge.balance_transaction"]})
    assert (whole.status, whole.amount_received, whole.next_action) == ("succeeded", 10_000, None)
    charge: Any = whole.latest_charge
    assert (charge.id[:3], charge.paid, charge.payment_method_details.type) == (
        "py_",
        True,
        "customer_balance",
    )
    money = charge.balance_transaction
    assert (money.type, money.amount, money.fee, money.net) == ("payment", 10_000, 50, 9_950)
    entries = sdk.v1.customers.cash_balance_transactions.list(customer).data
    assert [(e.type, e.net_amount) for e in entries] == [
        ("applied_to_payment", -4_000), ("funded", 4_000), ("applied_to_payment", -6_000), ("funded", 6_000),
    ]  # fmt: skip
    assert entries[0].applied_to_payment is not None
    assert entries[0].applied_to_payment.payment_intent == intent.id
    got = sdk.v1.customers.cash_balance_transactions.retrieve(customer, entries[0].id)
    assert got.ending_balance == 0
    told_of = happened(sdk)
    assert told_of.count("customer_cash_balance_transaction.created") == 4
    assert told_of.count("payment_intent.partially_funded") == 1
    assert "cash_balance.funds_available" not in told_of
    assert told_of.index("payment_intent.partially_funded") < told_of.index("payment_intent.succeeded")


def test_what_is_sent_too_much_stays_the_customers_cash(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    intent = asked(sdk, customer)
    assert sdk.v1.customers.cash_balance.retrieve(customer).available is None
    sent(sdk, customer, 12_500)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert cash(sdk, customer) == {"usd": 2_500}
    shown: Any = sdk.v1.customers.retrieve(customer, {"expand": ["cash_balance"]})
    assert shown.cash_balance.available.usd == 2_500
    assert happened(sdk)[-1] == "cash_balance.funds_available"
    # What is there pays the next at once, or a part of it.
    assert asked(sdk, customer, 1_000).status == "succeeded"
    rest = asked(sdk, customer, 2_000)
    assert rest.next_action.display_bank_transfer_instructions.amount_remaining == 500
    assert cash(sdk, customer) == {"usd": 0}
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.customers.delete(customer)


def test_a_canceled_intent_gives_its_part_back(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    first, second = asked(sdk, customer, 9_000), asked(sdk, customer, 5_000)
    sent(sdk, customer, 4_000)
    sdk.v1.payment_intents.cancel(first.id)
    entries = sdk.v1.customers.cash_balance_transactions.list(customer).data
    assert [e.type for e in entries[:2]] == ["applied_to_payment", "unapplied_from_payment"]
    told: Any = sdk.v1.payment_intents.retrieve(second.id).next_action
    assert told.display_bank_transfer_instructions.amount_remaining == 1_000
    sdk.v1.payment_intents.update(second.id, {"amount": 4_000})
    assert cash(sdk, customer) == {"usd": 4_000}
    assert sdk.v1.payment_intents.confirm(second.id).status == "succeeded"
    assert cash(sdk, customer) == {"usd": 0}


def test_by_hand(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk, cash_balance={"settings": {"reconciliation_mode": "manual"}})
    settings = sdk.v1.customers.cash_balance.retrieve(customer).settings
    assert (settings.reconciliation_mode, settings.using_merchant_default) == ("manual", False)
    intent = asked(sdk, customer)
    sent(sdk, customer, 15_000)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "requires_action"
    assert happened(sdk)[-1] == "cash_balance.funds_available"
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.payment_intents.apply_customer_balance(intent.id, {"amount": 10_001, "currency": "usd"})
    part = sdk.v1.payment_intents.apply_customer_balance(intent.id, {"amount": 2_500, "currency": "usd"})
    assert part.next_action is not None
    assert part.next_action.display_bank_transfer_instructions.amount_remaining == 7_500  # type: ignore[union-attr]
    assert sdk.v1.payment_intents.apply_customer_balance(intent.id).status == "succeeded"
    assert cash(sdk, customer) == {"usd": 5_000}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.apply_customer_balance(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    again = sdk.v1.customers.cash_balance.update(
        customer, {"settings": {"reconciliation_mode": "merchant_default"}}
    )
    assert again.settings.using_merchant_default is True


def test_which_payment_a_transfer_pays(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    first, second, third = (asked(sdk, customer, amount) for amount in (5_000, 3_000, 2_000))
    status = lambda i: sdk.v1.payment_intents.retrieve(i.id).status  # noqa: E731
    sent(sdk, customer, 3_000)
    assert [status(i) for i in (first, second, third)] == ["requires_action", "succeeded", "requires_action"]
    reference = third.next_action.display_bank_transfer_instructions.reference
    sent(sdk, customer, 500, reference=f"Payment {reference}")
    left = sdk.v1.payment_intents.retrieve(third.id).next_action
    assert left is not None
    assert left.display_bank_transfer_instructions.amount_remaining == 1_500  # type: ignore[union-attr]
    sent(sdk, customer, 6_500)
    assert [status(i) for i in (first, third)] == ["succeeded", "succeeded"]


def test_invoices_are_paid_by_transfer_in_full_only(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)

    def invoice(amount: int) -> Any:
        draft = sdk.v1.invoices.create(
            {
                "customer": customer, "collection_method": "send_invoice", "days_until_due": 30,
                "payment_settings": {
                    "payment_method_types": ["customer_balance"],
                    "payment_method_options": {"customer_balance": US},  # type: ignore[typeddict-item]
                },
            }
        )  # fmt: skip
        sdk.v1.invoice_items.create(
            {"customer": customer, "invoice": draft.id, "amount": amount, "currency": "usd"}
        )
        return sdk.v1.invoices.finalize_invoice(draft.id)

    big, small = invoice(9_000), invoice(4_000)
    assert big.payment_settings.payment_method_types == ["customer_balance"]
    sent(sdk, customer, 5_000)
    assert [sdk.v1.invoices.retrieve(i.id).status for i in (big, small)] == ["open", "paid"]
    assert cash(sdk, customer) == {"usd": 1_000}
    sent(sdk, customer, 8_000, reference=big.number)
    assert sdk.v1.invoices.retrieve(big.id).status == "paid"
    assert "invoice.paid" in happened(sdk)
    sent(sdk, customer, 700)
    # What is there pays an invoice as soon as it is final.
    assert invoice(700).status == "paid"


def test_other_currencies(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    eu = {"type": "eu_bank_transfer", "eu_bank_transfer": {"country": "NL"}}
    options = {"customer_balance": {"funding_type": "bank_transfer", "bank_transfer": eu}}
    intent = asked(sdk, customer, currency="eur", payment_method_options=options)
    address = intent.next_action.display_bank_transfer_instructions.financial_addresses[0]
    assert (address.type, address.iban.country, address.iban.iban[:2]) == ("iban", "NL", "NL")
    sent(sdk, customer, 10_000)
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "requires_action"
    sent(sdk, customer, 10_000, "eur")
    assert sdk.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert cash(sdk, customer) == {"usd": 10_000, "eur": 0}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        asked(sdk, customer, currency="chf")
    assert refused.value.param == "currency"
    with pytest.raises(stripe.InvalidRequestError):
        asked(sdk, customer, payment_method_options=options)


def test_instructions_without_an_intent(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    wish: Any = {
        "currency": "eur", "funding_type": "bank_transfer",
        "bank_transfer": {"type": "eu_bank_transfer", "eu_bank_transfer": {"country": "FR"}},
    }  # fmt: skip
    told = sdk.v1.customers.funding_instructions.create(customer, wish)
    assert (told.object, told.currency, told.funding_type) == ("funding_instructions", "eur", "bank_transfer")
    assert (told.bank_transfer.country, told.bank_transfer.type) == ("FR", "eu_bank_transfer")
    assert told.bank_transfer.financial_addresses[0].type == "iban"
    assert sdk.v1.customers.funding_instructions.create(customer, wish) == told
    wish["bank_transfer"] = {"type": "eu_bank_transfer"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.customers.funding_instructions.create(customer, wish)
    assert refused.value.param == "bank_transfer[eu_bank_transfer][country]"


def test_refunds_wait_for_the_customers_account(lab: Sandboxes) -> None:
    sdk = client(lab)
    nameless = sdk.v1.customers.create({}).id
    intent = asked(sdk, nameless)
    sent(sdk, nameless, 10_000)
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.refunds.create({"payment_intent": intent.id})
    refund = sdk.v1.refunds.create(
        {"payment_intent": intent.id, "amount": 4_000, "instructions_email": "a@example.com"}
    )
    assert (refund.status, refund.instructions_email) == ("requires_action", "a@example.com")
    assert refund.next_action is not None
    assert refund.next_action.display_details is not None
    assert refund.next_action.display_details.email_sent.email_sent_to == "a@example.com"
    disturb(lab, "answer_refund", refund=refund.id)
    assert sdk.v1.refunds.retrieve(refund.id).status == "pending"
    pass_time(lab, 2)
    assert sdk.v1.refunds.retrieve(refund.id).status == "succeeded"
    other = sdk.v1.refunds.create({"payment_intent": intent.id, "instructions_email": "a@example.com"})
    assert sdk.v1.refunds.cancel(other.id).status == "canceled"


def test_cash_can_be_sent_back(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    sent(sdk, customer, 8_000)
    wish: Any = {"origin": "customer_balance", "customer": customer, "amount": 3_000, "currency": "usd"}
    refund = sdk.v1.refunds.create(wish)
    assert (refund.status, refund.charge, refund.balance_transaction) == ("requires_action", None, None)
    assert (refund.amount, refund.customer, refund.instructions_email) == (
        3_000,
        customer,
        "payer@example.com",
    )
    assert cash(sdk, customer) == {"usd": 5_000}
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.refunds.create({**wish, "amount": 5_001})
    assert sdk.v1.test_helpers.refunds.expire(refund.id).status == "failed"
    assert cash(sdk, customer) == {"usd": 8_000}
    types = [e.type for e in sdk.v1.customers.cash_balance_transactions.list(customer).data]
    assert types == ["return_canceled", "return_initiated", "funded"]


def test_a_transfer_that_the_bank_takes_back(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    asked(sdk, customer, 6_000)
    entry = sent(sdk, customer, 8_000)
    disturb(lab, "reverse_funding", transaction=entry.id)
    entries = sdk.v1.customers.cash_balance_transactions.list(customer).data
    assert [(e.type, e.net_amount, e.ending_balance) for e in entries[:2]] == [
        ("adjusted_for_overdraft", 6_000, 0), ("funding_reversed", -8_000, -6_000),
    ]  # fmt: skip
    assert entries[0].adjusted_for_overdraft is not None
    made_good = sdk.v1.balance_transactions.retrieve(
        str(entries[0].adjusted_for_overdraft.balance_transaction)
    )
    assert (made_good.amount, made_good.type) == (-6_000, "adjustment")


def test_refusals(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        asked(sdk, "")
    assert refused.value.param == "customer"
    with pytest.raises(stripe.InvalidRequestError):
        asked(sdk, customer, capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError):
        sdk.v1.setup_intents.create({"payment_method_types": ["customer_balance"]})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sent(sdk, customer, 100, "chf")
    assert refused.value.param == "currency"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sent(sdk, "cus_nobody", 100)
    assert refused.value.http_status == 404


def test_a_debit_can_come_back_for_other_reasons(lab: Sandboxes) -> None:
    sdk = client(lab)
    customer = payer(sdk)
    online = {"customer_acceptance": {"type": "offline"}}
    wish: Any = {
        "amount": 20_000, "currency": "usd", "customer": customer, "confirm": True,
        "payment_method": "pm_usBankAccount_success", "payment_method_types": ["us_bank_account"],
        "mandate_data": online,
    }  # fmt: skip
    intent = sdk.v1.payment_intents.create(wish)
    pass_time(lab, 5)
    disturb(lab, "return_debit", payment_intent=intent.id, reason="insufficient_funds")
    dispute = sdk.v1.disputes.list({"payment_intent": intent.id}).data[0]
    assert (dispute.status, dispute.reason, dispute.amount) == ("lost", "insufficient_funds", 20_000)
    assert dispute.is_charge_refundable is False
    got = sdk.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    charge: Any = got.latest_charge
    assert (got.status, charge.status, charge.disputed) == ("succeeded", "succeeded", True)
    told_of = happened(sdk)
    for type_ in ("created", "funds_withdrawn", "closed"):
        assert f"charge.dispute.{type_}" in told_of
    with pytest.raises(SandboxError, match="come back already"):
        disturb(lab, "return_debit", payment_intent=intent.id)
