"""Stripe's own Python SDK against the Stripe mock."""

from __future__ import annotations

import stripe

from tests.conformance.sandboxes import Sandboxes


def client(lab: Sandboxes) -> stripe.StripeClient:
    base = lab.url("stripe")
    addresses = {"api": base, "connect": base, "files": base, "meter_events": base}
    return stripe.StripeClient(lab.credentials("stripe")["secret_key"], base_addresses=addresses)  # type: ignore[arg-type]


def test_a_customer_is_kept(lab: Sandboxes) -> None:
    sdk = client(lab)
    made = sdk.v1.customers.create({"name": "Acme", "metadata": {"crm": "1"}})
    assert sdk.v1.customers.retrieve(made.id).name == "Acme"
