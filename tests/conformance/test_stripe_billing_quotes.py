"""Quotes through Stripe's own SDK."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_billing import DAY, START, Bench


def once(b: Bench, amount: int = 5000) -> str:
    """A price that is billed once."""
    product = b.v1.products.create({"name": "Setup"}).id
    return b.v1.prices.create({"currency": "usd", "product": product, "unit_amount": amount}).id


def offer(b: Bench, *lines: Any, **more: Any) -> Any:
    wish: Any = {"customer": b.customer.id, "line_items": list(lines), **more}
    return b.v1.quotes.create(wish)


def test_from_draft_to_subscription(lab: Sandboxes) -> None:
    b = Bench(lab)
    gold = b.price(2000)
    draft = offer(b, {"price": gold.id, "quantity": 3}, {"price": once(b)}, metadata={"deal": "7"})
    assert (draft.status, draft.number, draft.currency) == ("draft", None, "usd")
    assert draft.expires_at == START + 30 * DAY
    assert (draft.amount_subtotal, draft.amount_total) == (11_000, 11_000)
    assert draft.computed.upfront.amount_total == 11_000
    recurring = draft.computed.recurring
    assert (recurring.amount_total, recurring.interval, recurring.interval_count) == (6_000, "month", 1)
    lines = b.v1.quotes.line_items.list(draft.id).data
    first: Any = lines[0]
    assert (first.object, first.price.id, first.quantity, first.amount_total) == ("item", gold.id, 3, 6_000)
    changed = b.v1.quotes.update(draft.id, {"line_items": [{"price": gold.id, "quantity": 2}], "header": "H"})
    assert (changed.amount_total, changed.header) == (4_000, "H")
    with pytest.raises(stripe.InvalidRequestError):
        b.v1.quotes.accept(draft.id)
    final = b.v1.quotes.finalize_quote(draft.id)
    assert final.status == "open"
    assert final.number is not None
    assert final.status_transitions.finalized_at == START
    assert b.v1.quotes.pdf(draft.id).io.read().startswith(b"%PDF")
    with pytest.raises(stripe.InvalidRequestError):
        b.v1.quotes.update(draft.id, {"header": "other"})
    done = b.v1.quotes.accept(draft.id, {"expand": ["subscription.latest_invoice", "line_items"]})
    assert done.status == "accepted"
    sub: Any = done.subscription
    assert (sub.status, sub["items"].data[0].quantity, sub.latest_invoice.total) == ("active", 2, 4_000)
    assert done.line_items is not None
    assert len(done.line_items.data) == 1
    with pytest.raises(stripe.InvalidRequestError):
        b.v1.quotes.cancel(draft.id)
    assert [t for t in b.events() if t.startswith("quote.")] == [
        "quote.created", "quote.finalized", "quote.accepted",
    ]  # fmt: skip


def test_terms_discounts_and_taxes(lab: Sandboxes) -> None:
    b = Bench(lab)
    off = b.v1.coupons.create({"percent_off": 10, "duration": "forever"})
    rate = b.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": False})
    quote = offer(
        b,
        {"price": b.price(10_000).id},
        discounts=[{"coupon": off.id}],
        default_tax_rates=[rate.id],
        subscription_data={"trial_period_days": 14, "metadata": {"a": "b"}, "description": "Gold"},
    )
    details = quote.total_details
    assert (quote.amount_subtotal, details.amount_discount, details.amount_tax) == (10_000, 1_000, 1_800)
    assert quote.amount_total == 10_800
    assert b.v1.coupons.retrieve(off.id).times_redeemed == 0
    b.v1.quotes.finalize_quote(quote.id)
    sub = b.v1.subscriptions.retrieve(str(b.v1.quotes.accept(quote.id).subscription))
    assert (sub.status, sub.trial_end, sub.description) == ("trialing", START + 14 * DAY, "Gold")
    assert sub.metadata.to_dict() == {"a": "b"}
    assert b.v1.coupons.retrieve(off.id).times_redeemed == 1


def test_what_is_billed_once_becomes_an_invoice(lab: Sandboxes) -> None:
    b = Bench(lab)
    terms = {"collection_method": "send_invoice", "invoice_settings": {"days_until_due": 30}}
    quote = offer(b, {"price": once(b), "quantity": 2}, description="Works", **terms)
    assert quote.computed.recurring is None
    b.v1.quotes.finalize_quote(quote.id)
    invoice = b.v1.invoices.retrieve(str(b.v1.quotes.accept(quote.id).invoice))
    assert (invoice.status, invoice.total, invoice.collection_method) == ("draft", 10_000, "send_invoice")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        offer(b, {"price": once(b)}, collection_method="send_invoice")
    assert refused.value.param == "invoice_settings[days_until_due]"


def test_what_begins_later_becomes_a_schedule(lab: Sandboxes) -> None:
    b = Bench(lab)
    quote = offer(b, {"price": b.price().id}, subscription_data={"effective_date": START + 10 * DAY})
    b.v1.quotes.finalize_quote(quote.id)
    done = b.v1.quotes.accept(quote.id)
    assert done.subscription is None
    schedule = b.v1.subscription_schedules.retrieve(str(done.subscription_schedule))
    assert (schedule.status, schedule.phases[0].start_date) == ("not_started", START + 10 * DAY)
    b.advance(START + 10 * DAY + 60)
    assert b.v1.subscription_schedules.retrieve(schedule.id).status == "active"


def test_offers_end(lab: Sandboxes) -> None:
    b = Bench(lab)
    gold = b.price().id
    gone, old = offer(b, {"price": gold}), offer(b, {"price": gold}, expires_at=START + 5 * DAY)
    assert b.v1.quotes.cancel(gone.id).status == "canceled"
    b.v1.quotes.finalize_quote(old.id)
    b.advance(START + 6 * DAY)
    assert b.v1.quotes.retrieve(old.id).status == "canceled"
    copy = b.v1.quotes.create({"from_quote": {"quote": old.id}})
    assert (copy.status, copy.amount_total, copy.customer) == ("draft", 2_000, b.customer.id)
    assert copy.from_quote is not None
    assert copy.from_quote.quote == old.id
    who: Any = {"customer": b.customer.id}
    assert len(b.v1.quotes.list(who).data) == 3
    assert [q.id for q in b.v1.quotes.list({**who, "status": "draft"}).data] == [copy.id]
    assert b.v1.quotes.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        offer(b, {"price": gold}, expires_at=START)
    assert refused.value.param == "expires_at"
    nobody = b.v1.quotes.create({"line_items": [{"price": gold}]})
    with pytest.raises(stripe.InvalidRequestError):
        b.v1.quotes.finalize_quote(nobody.id)
