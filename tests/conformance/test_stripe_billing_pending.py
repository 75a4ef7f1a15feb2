"""Changes of subscriptions that count only once they are paid, through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_billing import DAY, START, Bench

PENDING = {"payment_behavior": "pending_if_incomplete", "proration_behavior": "always_invoice"}
MIDDLE = START + 15 * DAY + DAY // 2


def broke(b: Bench) -> str:
    """From now on the customer's card is declined."""
    card = b.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": b.customer.id})
    b.v1.customers.update(b.customer.id, {"invoice_settings": {"default_payment_method": card.id}})
    return card.id


def upgrade(b: Bench, sub: Any, price: Any, **more: Any) -> Any:
    item = sub["items"].data[0]
    wish: Any = {"items": [{"id": item.id, "price": price.id, "quantity": 2}], **PENDING, **more}
    return b.v1.subscriptions.update(sub.id, wish)


def prices(sub: Any) -> list[tuple[str, int | None]]:
    return [(i.price.id, i.quantity) for i in sub["items"].data]


def test_what_can_be_paid_counts_at_once(lab: Sandboxes) -> None:
    b = Bench(lab)
    cheap, dear = b.price(1000), b.price(3000, name="Dear")
    sub = b.subscribe(cheap)
    b.advance(MIDDLE)
    got = upgrade(b, sub, dear)
    assert got.pending_update is None
    assert prices(got) == [(dear.id, 2)]
    invoice = b.v1.invoices.retrieve(str(got.latest_invoice))
    assert (invoice.status, sorted(x.amount for x in invoice.lines.data)) == ("paid", [-500, 3000])
    assert "customer.subscription.pending_update_applied" not in b.events()


def test_what_cannot_be_paid_waits(lab: Sandboxes) -> None:
    b = Bench(lab)
    cheap, dear = b.price(1000), b.price(3000, name="Dear")
    sub = b.subscribe(cheap)
    b.advance(MIDDLE)
    broke(b)
    got = upgrade(b, sub, dear)
    assert (got.status, prices(got)) == ("active", [(cheap.id, 1)])
    waiting = got.pending_update
    assert waiting is not None
    assert waiting.expires_at == MIDDLE + 23 * 3600
    assert [(i.price.id, i.quantity) for i in waiting.subscription_items] == [(dear.id, 2)]
    invoice = b.v1.invoices.retrieve(str(got.latest_invoice))
    assert (invoice.status, invoice.amount_due, invoice.attempt_count) == ("open", 2500, 1)
    assert invoice.next_payment_attempt is None
    good = b.v1.payment_methods.attach("pm_card_visa", {"customer": b.customer.id}).id
    assert b.v1.invoices.pay(invoice.id, {"payment_method": good}).status == "paid"
    after = b.v1.subscriptions.retrieve(sub.id)
    assert (after.pending_update, prices(after)) == (None, [(dear.id, 2)])
    assert b.events().count("customer.subscription.pending_update_applied") == 1
    # What it was billed for is known: half of what is left is credited when it goes down again.
    b.v1.customers.update(b.customer.id, {"invoice_settings": {"default_payment_method": good}})
    back: Any = {
        "items": [{"id": after["items"].data[0].id, "price": cheap.id, "quantity": 1}],
        "proration_behavior": "always_invoice", "proration_date": MIDDLE,
    }  # fmt: skip
    down = b.v1.subscriptions.update(sub.id, back)
    lines = b.v1.invoices.retrieve(str(down.latest_invoice)).lines.data
    assert sorted(x.amount for x in lines) == [-3000, 500]


def test_what_is_not_paid_in_time_is_forgotten(lab: Sandboxes) -> None:
    b = Bench(lab)
    cheap, dear = b.price(1000), b.price(3000, name="Dear")
    sub = b.subscribe(cheap)
    b.advance(MIDDLE)
    broke(b)
    got = upgrade(b, sub, dear)
    b.advance(MIDDLE + 24 * 3600)
    after = b.v1.subscriptions.retrieve(sub.id)
    assert (after.status, after.pending_update, prices(after)) == ("active", None, [(cheap.id, 1)])
    assert b.v1.invoices.retrieve(str(got.latest_invoice)).status == "void"
    assert "customer.subscription.pending_update_expired" in b.events()


def test_a_second_wish_takes_the_place_of_the_first(lab: Sandboxes) -> None:
    b = Bench(lab)
    cheap, dear, other = b.price(1000), b.price(3000, name="Dear"), b.price(2000, name="Other")
    sub = b.subscribe(cheap)
    b.advance(MIDDLE)
    broke(b)
    first = upgrade(b, sub, dear)
    second = upgrade(b, sub, other)
    assert b.v1.invoices.retrieve(str(first.latest_invoice)).status == "void"
    assert second.pending_update is not None
    assert [i.price.id for i in second.pending_update.subscription_items] == [other.id]
    b.v1.invoices.void_invoice(str(second.latest_invoice))
    assert b.v1.subscriptions.retrieve(sub.id).pending_update is None


def test_new_items_and_trials_wait_too(lab: Sandboxes) -> None:
    b = Bench(lab)
    cheap, extra = b.price(1000), b.price(700, name="Extra")
    sub = b.subscribe(cheap)
    b.advance(MIDDLE)
    card = broke(b)
    wish: Any = {"items": [{"price": extra.id}], **PENDING}
    got = b.v1.subscriptions.update(sub.id, wish)
    assert got.pending_update is not None
    assert [i.price.id for i in got.pending_update.subscription_items] == [cheap.id, extra.id]  # type: ignore[union-attr]
    assert prices(got) == [(cheap.id, 1)]
    good = b.v1.payment_methods.attach("pm_card_visa", {"customer": b.customer.id}).id
    b.v1.invoices.pay(str(got.latest_invoice), {"payment_method": good})
    after = b.v1.subscriptions.retrieve(sub.id)
    assert prices(after) == [(cheap.id, 1), (extra.id, 1)]
    assert card != good


def test_what_a_waiting_change_cannot_hold_is_refused(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price(1000))
    with pytest.raises(stripe.InvalidRequestError) as refused:
        upgrade(b, sub, b.price(3000, name="Dear"), metadata={"a": "b"})
    assert refused.value.param == "metadata"
