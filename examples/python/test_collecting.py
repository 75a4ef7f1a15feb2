"""An integration of your own, tested against the mocks: collect an invoice by card, exactly once."""

from __future__ import annotations

import pytest
import stripe


def collect(
    client: stripe.StripeClient, invoice: str, cents: int, customer: str, card: str
) -> stripe.PaymentIntent:
    """The integration under test: one payment an invoice, however often it is asked for."""
    return client.v1.payment_intents.create(
        {
            "amount": cents,
            "currency": "usd",
            "customer": customer,
            "payment_method": card,
            "confirm": True,
            "off_session": True,
            "metadata": {"invoice": invoice},
        },
        {"idempotency_key": f"collect-{invoice}"},
    )


@pytest.fixture
def client(tieout) -> stripe.StripeClient:
    """Stripe's own client; only its base address is not Stripe's."""
    address = {"api": tieout.url("stripe")}
    return stripe.StripeClient(
        tieout.credentials("stripe")["secret_key"], base_addresses=address, max_network_retries=2
    )


def customer_with_card(client: stripe.StripeClient) -> tuple[str, str]:
    customer = client.v1.customers.create({"name": "Acme", "email": "ap@acme.test"})
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    return customer.id, card.id


def test_an_invoice_is_collected(client):
    paid = collect(client, "INV-1", 19_99, *customer_with_card(client))
    assert (paid.status, paid.amount_received) == ("succeeded", 19_99)


def test_a_lost_answer_does_not_charge_twice(client, tieout):
    customer, card = customer_with_card(client)
    tieout.arm("stripe", "answer_lost", "create_payment_intent")
    collect(client, "INV-2", 50_00, customer, card)
    # The SDK asked twice, with the same key; the card was charged once.
    assert tieout.called("stripe", 2, operation="create_payment_intent", body={"metadata[invoice]": "INV-2"})
    assert [charge["amount"] for charge in tieout.books("stripe")["charges"]] == [50_00]


def test_what_was_collected_is_paid_out_days_later(client, tieout):
    collect(client, "INV-3", 100_00, *customer_with_card(client))
    tieout.advance("4d")
    (payout,) = client.v1.payouts.list().data
    assert payout.amount == 100_00 - 3_20
    assert not tieout.judge("I-04").broken
