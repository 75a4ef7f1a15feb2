"""Zuora's own SDK against the Zuora mock, paying through the Stripe mock: one payment in both."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")


def processor(lab: Sandboxes) -> stripe.StripeClient:
    base = lab.url("stripe")
    addresses = {"api": base, "connect": base, "files": base, "meter_events": base}
    return stripe.StripeClient(lab.credentials("stripe")["secret_key"], base_addresses=addresses)  # type: ignore[arg-type]


def carded(lab: Sandboxes, card: str = "pm_card_visa") -> tuple[str, str]:
    """A customer of the processor with a card: (customer, method)."""
    sdk = processor(lab)
    customer = sdk.v1.customers.create({"name": "Acme"})
    method = sdk.v1.payment_methods.attach(card, {"customer": customer.id})
    return customer.id, method.id


def token_method(zuora: Any, number: str, customer: str, method: str) -> str:
    sdk = z.module()
    wish = sdk.CreatePaymentMethodRequest(
        sdk.CreateCCReferenceTransactionPaymentMethod(
            type="CreditCardReferenceTransaction",
            account_key=number,
            token_id=customer,
            second_token_id=method,
            make_default=True,
        )
    )
    return str(zuora.payment_methods_api().create_payment_method(wish).id)


def invoice(zuora: Any, number: str, amount: float = 120.5) -> Any:
    item = {"amount": amount, "chargeName": "Setup", "serviceStartDate": "2026-01-01"}
    wish = {
        "accountNumber": number,
        "invoiceDate": "2026-01-01",
        "status": "Posted",
        "invoiceItems": [item],
    }
    return zuora.invoices_api().create_standalone_invoice(wish)


def pay(zuora: Any, number: str, owed: Any, amount: float, **more: Any) -> Any:
    wish = {
        "accountNumber": number,
        "amount": amount,
        "currency": "USD",
        "type": "Electronic",
        "effectiveDate": "2026-01-02",
        "invoices": [{"invoiceId": owed.id, "amount": amount}],
        **more,
    }
    return zuora.payments_api().create_payment(wish)


def test_one_payment_in_both(zlab: Sandboxes, zuora: Any) -> None:
    number = z.account(zuora).account_number
    customer, method = carded(zlab)
    key = token_method(zuora, number, customer, method)
    shown = zuora.payment_methods_api().get_payment_method(key)
    assert (shown.type, shown.status, shown.token_id) == (
        "CreditCardReferenceTransaction",
        "Active",
        customer,
    )
    assert shown.credit_card_mask_number.endswith("4242")
    owed = invoice(zuora, number)
    assert float(owed.balance) == 120.5
    paid = pay(zuora, number, owed, 120.5)
    assert (paid.status, paid.type, paid.payment_method_id) == ("Processed", "Electronic", key)
    assert zuora.invoices_api().get_invoice(owed.id).balance == 0
    intents = processor(zlab).v1.payment_intents.list().data
    assert [(i.id, i.amount, i.currency, i.status) for i in intents] == [
        (paid.reference_id, 12050, "usd", "succeeded")
    ]
    assert intents[0].metadata["zuora_payment_number"] == paid.number
    assert paid.second_payment_reference_id == intents[0].latest_charge


def test_a_decline_is_an_error_in_both(zlab: Sandboxes, zuora: Any) -> None:
    number = z.account(zuora).account_number
    token_method(zuora, number, *carded(zlab, "pm_card_chargeCustomerFail"))
    owed = invoice(zuora, number, 10)
    paid = pay(zuora, number, owed, 10)
    assert (paid.status, float(paid.applied_amount), float(paid.unapplied_amount)) == ("Error", 0, 0)
    assert paid.gateway_response_code
    assert paid.gateway_response
    assert float(zuora.invoices_api().get_invoice(owed.id).balance) == 10
    charges = processor(zlab).v1.charges.list().data
    assert [charge.status for charge in charges] == ["failed"]


def test_a_refund_goes_back_through_the_gateway(zlab: Sandboxes, zuora: Any) -> None:
    number = z.account(zuora).account_number
    token_method(zuora, number, *carded(zlab))
    owed = invoice(zuora, number, 100)
    paid = pay(zuora, number, owed, 100)
    body = z.raises(400, zuora.payments_api().create_refund_payment, paid.id, {"totalAmount": 40})
    assert z.category(body) == 30  # all of it is applied
    wish = {"totalAmount": 40, "invoices": [{"invoiceId": owed.id, "amount": 40}]}
    made = zuora.payments_api().refund_paymentwith_auto_unapply(paid.id, wish)
    assert (made.status, made.type, float(made.amount)) == ("Processed", "Electronic", 40)
    found = processor(zlab).v1.refunds.list().data
    assert [(r.id, r.amount) for r in found] == [(made.reference_id, 4000)]
    after = zuora.payments_api().get_payment(paid.id)
    assert (float(after.refund_amount), float(after.applied_amount), float(after.unapplied_amount)) == (
        40,
        60,
        0,
    )
    assert float(zuora.invoices_api().get_invoice(owed.id).balance) == 40


def test_a_token_that_the_gateway_does_not_know(zuora: Any) -> None:
    number = z.account(zuora).account_number
    body = z.raises(400, token_method, zuora, number, "cus_nobody", "pm_nobody")
    assert z.category(body) == 30


def test_the_processor_is_down(zlab: Sandboxes, zuora: Any) -> None:
    """Nobody knows what became of the charge: it stays Processing, then is asked for under the same key."""
    number = z.account(zuora).account_number
    token_method(zuora, number, *carded(zlab))
    owed = invoice(zuora, number, 30)
    zlab.control("stripe", "POST", "faults", {"kind": "unavailable", "operation": "create_payment_intent"})
    paid = pay(zuora, number, owed, 30)
    assert paid.status == "Processing"
    with pytest.raises(z.module().ApiException) as again:
        pay(zuora, number, owed, 30)
    assert again.value.status == 400  # the invoice is being paid
    zlab.control("zuora", "POST", "clock", {"advance": 120_000_000})
    assert zuora.payments_api().get_payment(paid.id).status == "Processed"
    assert zuora.invoices_api().get_invoice(owed.id).balance == 0
    assert len(processor(zlab).v1.payment_intents.list().data) == 1


@pytest.mark.parametrize("kind", ["answer_lost", "answer_hangs", "reset"])
def test_the_answer_of_the_processor_is_lost(zlab: Sandboxes, zuora: Any, kind: str) -> None:
    """The charge may have been made; it is never made twice."""
    number = z.account(zuora).account_number
    token_method(zuora, number, *carded(zlab))
    owed = invoice(zuora, number, 30)
    zlab.control("stripe", "POST", "faults", {"kind": kind, "operation": "create_payment_intent"})
    paid = pay(zuora, number, owed, 30)
    assert paid.status == "Processing"
    zlab.control("zuora", "POST", "clock", {"advance": 120_000_000})
    assert zuora.payments_api().get_payment(paid.id).status == "Processed"
    assert zuora.invoices_api().get_invoice(owed.id).balance == 0
    assert [i.amount for i in processor(zlab).v1.payment_intents.list().data] == [3000]


def test_an_account_opened_with_a_card_pays_by_itself(zlab: Sandboxes, zuora: Any) -> None:
    card = {
        "type": "CreditCard",
        "cardNumber": "4242424242424242",
        "expirationMonth": 12,
        "expirationYear": 2040,
        "securityCode": "123",
    }
    made = z.account(zuora, paymentMethod=card, autoPay=True)
    assert made.payment_method_id
    listed = zuora.accounts_api().get_account_payment_methods(made.account_number)
    assert listed.default_payment_method_id == made.payment_method_id
    found = zuora.accounts_api().get_account_default_payment_method(made.account_number)
    assert found.id == made.payment_method_id
    owed = invoice(zuora, made.account_number, 55)
    run = zuora.payment_runs_api().create_payment_run({"targetDate": "2030-01-01"})
    assert run.status == "Pending"
    zlab.control("zuora", "POST", "clock", {"advance": 60_000_000})
    assert zuora.payment_runs_api().get_payment_run(run.id).status == "Completed"
    assert zuora.invoices_api().get_invoice(owed.id).balance == 0
    assert zuora.payment_runs_api().get_payment_run_summary(run.id).number_of_payments == 1
    assert [i.amount for i in processor(zlab).v1.payment_intents.list().data] == [5500]


def test_an_order_that_collects(zlab: Sandboxes, zuora: Any) -> None:
    number = z.account(zuora).account_number
    token_method(zuora, number, *carded(zlab))
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan)
    options = {"runBilling": True, "collectPayment": True, "billingOptions": {"targetDate": "2026-01-01"}}
    wish = z.order(number, "2026-01-01", z.create(plan, "2026-01-01"), processingOptions=options)
    placed = zuora.orders_api().create_order(wish)
    assert placed.payment_number
    assert float(placed.paid_amount) == 100
    assert zuora.payments_api().get_payment(placed.payment_number).status == "Processed"
    assert [i.amount for i in processor(zlab).v1.payment_intents.list().data] == [10000]


CARD = {"cardNumber": "4242424242424242", "expirationMonth": 12, "expirationYear": 2040}


@pytest.mark.parametrize(
    "means",
    [
        {"paymentMethod": {"type": "CreditCard", **CARD}},
        {"paymentMethod": {"type": "CreditCardReferenceTransaction", "tokenId": "pm_card_visa"}},
        {"creditCard": {"cardType": "Visa", **CARD, "cardHolderInfo": {"cardHolderName": "Ada"}}},
        {"hpmCreditCardPaymentMethodId": ""},
    ],
    ids=["card", "token", "creditCard", "known"],
)
def test_an_order_opens_an_account_that_pays_it(
    zlab: Sandboxes, zuora: Any, raw: z.Raw, means: dict[str, Any]
) -> None:
    if "hpmCreditCardPaymentMethodId" in means:
        _, _, made = raw("POST", "/v1/payment-methods", {"type": "CreditCard", **CARD})
        means = {"hpmCreditCardPaymentMethodId": made["id"]}
    wish = opening(zuora, means)
    placed = zuora.orders_api().create_order(wish)
    assert placed.payment_number
    assert float(placed.paid_amount) == 100
    default = zuora.accounts_api().get_account_default_payment_method(placed.account_number)
    assert default.id == zuora.payments_api().get_payment(placed.payment_number).payment_method_id
    assert [i.amount for i in processor(zlab).v1.payment_intents.list().data] == [10000]


@pytest.mark.parametrize("card", ["4000000000000002", "4000000000000341"], ids=["stored", "charged"])
def test_what_a_declined_order_would_have_opened_is_not_there(zuora: Any, raw: z.Raw, card: str) -> None:
    """The bank refuses the card when it is stored, or only when it is charged."""
    wish = opening(zuora, {"paymentMethod": {"type": "CreditCard", **CARD, "cardNumber": card}})
    assert z.category(z.raises(400, zuora.orders_api().create_order, wish)) == 30
    for objects in ("accounts", "payment-methods", "subscriptions", "invoices"):
        assert raw("GET", f"/object-query/{objects}")[2]["data"] == [], objects


def opening(zuora: Any, means: dict[str, Any]) -> dict[str, Any]:
    """An order that opens an account with a means of payment, bills it and collects."""
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan)
    options = {"runBilling": True, "collectPayment": True, "billingOptions": {"targetDate": "2026-01-01"}}
    wish = z.order("", "2026-01-01", z.create(plan, "2026-01-01"), processingOptions=options)
    del wish["existingAccountNumber"]
    person = {"firstName": "Ada", "lastName": "L", "country": "United States", "state": "New York"}
    account = {"name": "New", "currency": "USD", "billCycleDay": 1, "autoPay": True, **means}
    return {**wish, "newAccount": {**account, "billToContact": person, "soldToContact": person}}


def test_an_order_whose_payment_is_declined_is_not_there(zlab: Sandboxes, zuora: Any) -> None:
    number = z.account(zuora).account_number
    token_method(zuora, number, *carded(zlab, "pm_card_chargeCustomerFail"))
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan)
    options = {"runBilling": True, "collectPayment": True, "billingOptions": {"targetDate": "2026-01-01"}}
    wish = z.order(number, "2026-01-01", z.create(plan, "2026-01-01"), processingOptions=options)
    no = z.raises(400, zuora.orders_api().create_order, wish)
    assert z.category(no) == 30
    assert no["reasons"][0]["message"] == "The payment was declined: Your card was declined."
    assert not zuora.orders_api().get_orders().orders


def test_invoice_collect(zlab: Sandboxes, zuora: Any) -> None:
    number = z.account(zuora).account_number
    token_method(zuora, number, *carded(zlab))
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan)
    zuora.orders_api().create_order(z.order(number, "2026-01-01", z.create(plan, "2026-01-01")))
    done = zuora.operations_api().create_invoice_collect({"accountKey": number, "targetDate": "2026-01-01"})
    assert float(done.amount_collected) == 100
    assert len(done.invoices) == 1
    assert zuora.payments_api().get_payment(done.payment_id).status == "Processed"
