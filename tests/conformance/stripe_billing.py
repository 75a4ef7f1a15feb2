"""What the tests of Stripe Billing share: a client, a customer on a test clock, time to pass."""

from __future__ import annotations

from typing import Any

import stripe

from scenarios.sandboxes import Sandboxes

START = 1_767_225_600  # 2026-01-01T00:00:00Z
DAY = 86_400


def client(lab: Sandboxes) -> stripe.StripeClient:
    base = lab.url("stripe")
    addresses = {"api": base, "connect": base, "files": base, "meter_events": base}
    return stripe.StripeClient(lab.credentials("stripe")["secret_key"], base_addresses=addresses)  # type: ignore[arg-type]


class Bench:
    """A client, and a customer with a card whose time is a test clock's."""

    def __init__(
        self, lab: Sandboxes, start: int = START, card: str = "pm_card_visa", **customer: Any
    ) -> None:
        self.sdk = client(lab)
        self.v1 = self.sdk.v1
        self.clock = self.v1.test_helpers.test_clocks.create({"frozen_time": start, "name": "test"})
        given = {"name": "Acme", "email": "acme@example.com", "test_clock": self.clock.id, **customer}
        self.customer = self.v1.customers.create(given)  # type: ignore[arg-type]
        if card:
            self.card(card)

    def card(self, card: str) -> str:
        """Another default card."""
        method = self.v1.payment_methods.attach(card, {"customer": self.customer.id})
        default: Any = {"invoice_settings": {"default_payment_method": method.id}}
        self.v1.customers.update(self.customer.id, default)
        return method.id

    def price(self, amount: int = 2000, interval: str = "month", name: str = "Gold", **more: Any) -> Any:
        """A recurring price of a new product."""
        product = self.v1.products.create({"name": name})
        wish: Any = {"currency": "usd", "product": product.id, "unit_amount": amount}
        wish |= {"recurring": {"interval": interval}, **more}
        return self.v1.prices.create(wish)

    def subscribe(self, *prices: Any, **more: Any) -> Any:
        """A subscription to these prices."""
        items = more.pop("items", [{"price": p.id} for p in prices])
        wish: Any = {"customer": self.customer.id, "items": items, **more}
        return self.v1.subscriptions.create(wish)

    def advance(self, to: int) -> None:
        """Let the clock's time pass, and wait until it has."""
        clock = self.v1.test_helpers.test_clocks.advance(self.clock.id, {"frozen_time": to})
        for _ in range(50):
            if clock.status == "ready":
                break
            clock = self.v1.test_helpers.test_clocks.retrieve(self.clock.id)
        assert (clock.status, clock.frozen_time) == ("ready", to)

    def invoice(self, sub: Any, **more: Any) -> Any:
        """The subscription's latest invoice."""
        fresh = self.v1.subscriptions.retrieve(sub.id)
        return self.v1.invoices.retrieve(str(fresh.latest_invoice), more)  # type: ignore[arg-type]

    def sub(self, sub: Any) -> Any:
        """The subscription as it is now."""
        return self.v1.subscriptions.retrieve(sub.id)

    def events(self, *, about: str = "") -> list[str]:
        """Types of the events so far, oldest first."""
        found = list(self.v1.events.list({"limit": 100}).auto_paging_iter())
        return [e.type for e in reversed(found) if about in e.type]
