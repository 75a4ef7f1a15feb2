"""Subscriptions through Stripe's own SDK: begun, renewed, changed, unpaid, ended."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from scenarios.sandboxes import Sandboxes
from tests.conformance.stripe_billing import DAY, START, Bench

FEB = START + 31 * DAY
MAR = FEB + 28 * DAY


def test_a_subscription_is_paid_at_once(lab: Sandboxes) -> None:
    b = Bench(lab)
    price = b.price()
    sub = b.subscribe(price, expand=["latest_invoice.payments", "latest_invoice.confirmation_secret"])
    assert (sub.status, sub.currency, sub.start_date) == ("active", "usd", START)
    item = sub["items"].data[0]
    assert (item.current_period_start, item.current_period_end) == (START, FEB)
    assert (item.price.id, item.quantity, item.plan.id) == (price.id, 1, price.id)
    assert sub.billing_mode.type == "flexible"
    invoice = sub.latest_invoice
    assert (invoice.status, invoice.total, invoice.amount_paid, invoice.amount_remaining) == (
        "paid",
        2000,
        2000,
        0,
    )
    assert invoice.billing_reason == "subscription_create"
    assert invoice.parent.type == "subscription_details"
    assert invoice.parent.subscription_details.subscription == sub.id
    assert invoice.number == f"{b.customer.invoice_prefix}-0001"
    assert invoice.test_clock == b.clock.id == sub.test_clock
    line = invoice.lines.data[0]
    assert (line.amount, line.quantity, line.period.start, line.period.end) == (2000, 1, START, FEB)
    assert line.description == "1 × Gold (at $20.00 / month)"
    assert line.pricing.price_details.price == price.id
    assert str(line.pricing.unit_amount_decimal) == "2000"
    assert line.parent.subscription_item_details.subscription_item == item.id
    payment = invoice.payments.data[0]
    assert (payment.status, payment.amount_paid, payment.is_default) == ("paid", 2000, True)
    assert invoice.confirmation_secret.type == "payment_intent"
    intent = b.v1.payment_intents.retrieve(payment.payment.payment_intent)
    assert (intent.status, intent.amount_received, intent.description) == (
        "succeeded",
        2000,
        "Subscription creation",
    )
    assert invoice.confirmation_secret.client_secret == intent.client_secret
    charge = b.v1.charges.retrieve(str(intent.latest_charge))
    entry = b.v1.balance_transactions.retrieve(str(charge.balance_transaction))
    assert (entry.amount, entry.type) == (2000, "charge")


def test_payments_and_secret_are_there_only_when_expanded(lab: Sandboxes) -> None:
    b = Bench(lab)
    invoice = b.invoice(b.subscribe(b.price()))
    assert "payments" not in invoice.to_dict()
    deep = b.invoice(
        b.subscribe(b.price()),
        expand=["payments.data.payment.payment_intent", "customer", "lines.data.pricing.price_details.price"],
    )
    assert deep.payments.data[0].payment.payment_intent.status == "succeeded"
    assert deep.customer.name == "Acme"
    assert deep.lines.data[0].pricing.price_details.price.unit_amount == 2000


def test_default_incomplete_waits_for_the_payer(lab: Sandboxes) -> None:
    b = Bench(lab, card="")
    sub = b.subscribe(
        b.price(),
        payment_behavior="default_incomplete",
        expand=["latest_invoice.confirmation_secret", "latest_invoice.payments"],
    )
    assert sub.status == "incomplete"
    assert sub.latest_invoice.status == "open"
    intent_id = sub.latest_invoice.payments.data[0].payment.payment_intent
    assert sub.latest_invoice.confirmation_secret.client_secret.startswith(intent_id)
    done = b.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})
    assert done.status == "succeeded"
    fresh = b.v1.subscriptions.retrieve(sub.id, {"expand": ["latest_invoice"]})
    assert fresh.status == "active"
    assert fresh.latest_invoice.status == "paid"  # type: ignore[union-attr]
    assert {"invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"} <= set(b.events())


def test_an_incomplete_subscription_expires_after_23_hours(lab: Sandboxes) -> None:
    b = Bench(lab, card="pm_card_chargeCustomerFail")
    sub = b.subscribe(b.price())
    assert sub.status == "incomplete"
    invoice = b.invoice(sub)
    assert (invoice.status, invoice.attempt_count, invoice.attempted) == ("open", 1, True)
    b.advance(START + 22 * 3600)
    assert b.sub(sub).status == "incomplete"
    b.advance(START + 24 * 3600)
    assert b.sub(sub).status == "incomplete_expired"
    assert b.invoice(sub).status == "void"


def test_error_if_incomplete_leaves_no_subscription(lab: Sandboxes) -> None:
    b = Bench(lab, card="pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError) as no:
        b.subscribe(b.price(), payment_behavior="error_if_incomplete")
    assert (no.value.http_status, no.value.code) == (402, "card_declined")
    assert b.v1.subscriptions.list({"customer": b.customer.id, "status": "all"}).data == []


def test_without_a_card_nothing_begins(lab: Sandboxes) -> None:
    b = Bench(lab, card="")
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source") as no:
        b.subscribe(b.price())
    assert (no.value.http_status, no.value.code) == (400, "resource_missing")


def test_renewal_is_drafted_and_paid_an_hour_later(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    b.advance(FEB + 60)
    fresh = b.v1.subscriptions.retrieve(sub.id, {"expand": ["latest_invoice"]})
    item = fresh["items"].data[0]
    assert (item.current_period_start, item.current_period_end) == (FEB, MAR)
    draft: Any = fresh.latest_invoice
    assert (draft.status, draft.billing_reason, draft.auto_advance) == ("draft", "subscription_cycle", True)
    assert (draft.created, draft.automatically_finalizes_at) == (FEB, FEB + 3600)
    assert (draft.period_start, draft.period_end) == (START, FEB)
    assert draft.number is None
    b.advance(FEB + 7200)
    paid = b.invoice(sub)
    assert (paid.id, paid.status, paid.number[-5:]) == (draft.id, "paid", "-0002")
    assert paid.status_transitions.finalized_at == paid.status_transitions.paid_at == FEB + 3600
    charge = b.v1.charges.list({"customer": b.customer.id}).data[0]
    assert (charge.created, charge.amount) == (FEB + 3600, 2000)
    told = b.events()
    order = [told.index(t) for t in ("invoice.upcoming",)]
    assert order
    assert told[-1] == "test_helpers.test_clock.ready"
    cycle = [t for t in told if t.startswith("invoice.")][-5:]
    assert cycle == [
        "invoice.created",
        "invoice.finalized",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]


def test_events_carry_the_clocks_time(lab: Sandboxes) -> None:
    b = Bench(lab)
    b.subscribe(b.price())
    b.advance(FEB + 7200)
    events = b.v1.events.list({"type": "invoice.paid"}).data
    assert [e.created for e in events] == [FEB + 3600, START]


def test_periods_keep_to_the_end_of_the_month(lab: Sandboxes) -> None:
    start = START + 30 * DAY  # 31 January
    b = Bench(lab, start)
    sub = b.subscribe(b.price())
    ends = []
    for _ in range(3):
        ends.append(b.sub(sub)["items"].data[0].current_period_end)
        b.advance(ends[-1] + 7200)
    feb, mar, apr = START + (31 + 27) * DAY, START + (59 + 30) * DAY, START + (90 + 29) * DAY
    assert ends == [feb, mar, apr]


def test_two_intervals_at_most(lab: Sandboxes) -> None:
    b = Bench(lab)
    b.subscribe(b.price())
    with pytest.raises(stripe.InvalidRequestError) as no:
        b.v1.test_helpers.test_clocks.advance(b.clock.id, {"frozen_time": START + 100 * DAY})
    assert no.value.param == "frozen_time"
    with pytest.raises(stripe.InvalidRequestError):
        b.v1.test_helpers.test_clocks.advance(b.clock.id, {"frozen_time": START})


def test_a_trial_costs_nothing_and_then_begins(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price(), trial_period_days=14)
    assert (sub.status, sub.trial_start, sub.trial_end) == ("trialing", START, START + 14 * DAY)
    first = b.invoice(sub)
    assert (first.status, first.total) == ("paid", 0)
    assert first.lines.data[0].description == "Trial period for Gold"
    b.advance(START + 12 * DAY)
    assert "customer.subscription.trial_will_end" in b.events()
    b.advance(START + 14 * DAY + 7200)
    fresh = b.sub(sub)
    assert (fresh.status, fresh.billing_cycle_anchor) == ("active", START + 14 * DAY)
    assert b.invoice(sub).amount_paid == 2000


@pytest.mark.parametrize(("behavior", "status"), [("cancel", "canceled"), ("pause", "paused")])
def test_a_trial_that_ends_without_a_card(lab: Sandboxes, behavior: str, status: str) -> None:
    b = Bench(lab, card="")
    settings = {"end_behavior": {"missing_payment_method": behavior}}
    sub = b.subscribe(b.price(), trial_period_days=7, trial_settings=settings)
    b.advance(START + 8 * DAY)
    assert b.sub(sub).status == status
    if status == "paused":
        b.card("pm_card_visa")
        again = b.v1.subscriptions.resume(sub.id, {"billing_cycle_anchor": {"type": "now"}})
        assert again.status == "active"
        assert again["items"].data[0].current_period_start == START + 8 * DAY
        assert b.invoice(sub).status == "paid"


def test_a_failed_renewal_is_retried_and_then_the_subscription_ends(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    b.card("pm_card_chargeCustomerFail")
    b.advance(FEB + 7200)
    assert b.sub(sub).status == "past_due"
    invoice = b.invoice(sub)
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert invoice.next_payment_attempt > FEB + 7200
    assert b.v1.customers.retrieve(b.customer.id).delinquent is True
    b.advance(invoice.next_payment_attempt)
    assert b.invoice(sub).attempt_count == 2
    b.advance(FEB + 20 * DAY)
    fresh = b.sub(sub)
    assert (fresh.status, fresh.cancellation_details.reason) == ("canceled", "payment_failed")  # type: ignore[union-attr]
    assert b.invoice(sub).next_payment_attempt is None


def test_a_retry_with_a_good_card_makes_it_active_again(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    b.card("pm_card_chargeCustomerFail")
    b.advance(FEB + 7200)
    with pytest.raises(stripe.CardError) as no:
        b.v1.invoices.pay(b.invoice(sub).id)
    assert no.value.code == "card_declined"
    assert b.invoice(sub).attempt_count == 1
    b.card("pm_card_visa")
    b.advance(FEB + 3 * DAY)
    assert b.sub(sub).status == "active"
    assert b.invoice(sub).status == "paid"


def test_upgrade_in_the_middle_is_prorated_to_the_second(lab: Sandboxes) -> None:
    """Stripe's own example: 90 to 120 with ten of thirty days left gives -30 and +40."""
    april = START + 90 * DAY
    b = Bench(lab, april)
    small, large = b.price(9000, name="Small"), b.price(12000, name="Large")
    sub = b.subscribe(small)
    b.advance(april + 20 * DAY)
    item = sub["items"].data[0]
    changed = b.v1.subscriptions.update(sub.id, {"items": [{"id": item.id, "price": large.id}]})
    assert changed["items"].data[0].price.id == large.id
    assert changed["items"].data[0].current_period_end == april + 30 * DAY
    pending = b.v1.invoice_items.list({"customer": b.customer.id, "pending": True}).data
    assert sorted(p.amount for p in pending) == [-3000, 4000]
    assert all(p.proration for p in pending)
    texts = {p.description for p in pending}
    assert texts == {"Unused time on Small after 21 Apr 2026", "Remaining time on Large after 21 Apr 2026"}
    b.advance(april + 30 * DAY + 7200)
    assert b.invoice(sub).total == 12000 + 1000


def test_always_invoice_bills_the_change_at_once(lab: Sandboxes) -> None:
    april = START + 90 * DAY
    b = Bench(lab, april)
    sub = b.subscribe(b.price(9000))
    b.advance(april + 15 * DAY)
    item = sub["items"].data[0]
    b.v1.subscription_items.update(item.id, {"quantity": 3, "proration_behavior": "always_invoice"})
    invoice = b.invoice(sub)
    assert (invoice.status, invoice.total, invoice.billing_reason) == ("paid", 9000, "subscription_update")
    lines = {line.amount: line for line in invoice.lines.data}
    assert set(lines) == {-4500, 13500}
    assert lines[13500].description == "Remaining time on 3 × Gold after 16 Apr 2026"
    credit = lines[-4500].parent.subscription_item_details
    assert credit.proration is True
    assert credit.proration_details.credited_items.invoice


def test_no_proration_when_none_is_wanted(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    b.advance(START + 10 * DAY)
    item = sub["items"].data[0]
    b.v1.subscriptions.update(
        sub.id, {"items": [{"id": item.id, "quantity": 5}], "proration_behavior": "none"}
    )
    assert b.v1.invoice_items.list({"customer": b.customer.id}).data == []
    b.advance(FEB + 7200)
    assert b.invoice(sub).total == 10_000


def test_another_interval_begins_a_period_and_is_billed(lab: Sandboxes) -> None:
    b = Bench(lab, START + 90 * DAY)
    sub = b.subscribe(b.price(3000))
    yearly = b.price(30_000, "year", "Gold, yearly")
    now = START + 105 * DAY
    b.advance(now)
    item = sub["items"].data[0]
    changed = b.v1.subscriptions.update(sub.id, {"items": [{"id": item.id, "price": yearly.id}]})
    assert changed.billing_cycle_anchor == now
    assert changed["items"].data[0].current_period_end == now + 365 * DAY
    assert (b.invoice(sub).total, b.invoice(sub).status) == (30_000 - 1500, "paid")


def test_preview_of_a_change_equals_what_it_then_costs(lab: Sandboxes) -> None:
    b = Bench(lab, START + 90 * DAY)
    sub = b.subscribe(b.price(9000))
    large = b.price(12000, name="Large")
    b.advance(START + 97 * DAY + 1234)
    item = sub["items"].data[0]
    details: Any = {"items": [{"id": item.id, "price": large.id}], "proration_behavior": "always_invoice"}
    shown = b.v1.invoices.create_preview({"subscription": sub.id, "subscription_details": details})
    assert b.sub(sub)["items"].data[0].price.id == item.price.id
    b.v1.subscriptions.update(sub.id, details)
    assert b.invoice(sub).total == shown.total
    assert [x.amount for x in b.invoice(sub).lines.data] == [x.amount for x in shown.lines.data]


def test_preview_of_the_next_invoice(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    b.v1.invoice_items.create(
        {"customer": b.customer.id, "amount": 500, "currency": "usd", "description": "Setup"}
    )
    shown = b.v1.invoices.create_preview({"customer": b.customer.id})
    assert (shown.total, shown.status, shown.id[:9]) == (2500, "draft", "upcoming_")
    assert shown.parent.subscription_details.subscription == sub.id  # type: ignore[union-attr]
    fresh = b.v1.invoices.create_preview(
        {
            "customer": b.customer.id,
            "subscription_details": {"items": [{"price": b.price(700).id, "quantity": 2}]},
        }
    )
    assert fresh.subtotal == 1900


def test_cancel_at_period_end_and_back(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    ending = b.v1.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    assert (ending.cancel_at, ending.cancel_at_period_end, ending.status) == (FEB, True, "active")
    assert ending.cancellation_details.reason == "cancellation_requested"  # type: ignore[union-attr]
    back = b.v1.subscriptions.update(sub.id, {"cancel_at_period_end": False})
    assert (back.cancel_at, back.canceled_at) == (None, None)
    b.v1.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    b.advance(FEB + 60)
    gone = b.sub(sub)
    assert (gone.status, gone.ended_at) == ("canceled", FEB)
    assert "customer.subscription.deleted" in b.events()
    assert len(b.v1.invoices.list({"subscription": sub.id}).data) == 1


def test_cancel_now_with_credit_and_invoice(lab: Sandboxes) -> None:
    april = START + 90 * DAY
    b = Bench(lab, april)
    sub = b.subscribe(b.price(3000))
    b.advance(april + 10 * DAY)
    gone = b.v1.subscriptions.cancel(
        sub.id, {"prorate": True, "invoice_now": True, "cancellation_details": {"comment": "bye"}}
    )
    assert (gone.status, gone.cancellation_details.comment) == ("canceled", "bye")  # type: ignore[union-attr]
    assert b.invoice(sub).total == -2000
    b.advance(april + 10 * DAY + 7200)
    assert b.v1.customers.retrieve(b.customer.id).balance == -2000
    with pytest.raises(stripe.InvalidRequestError) as no:
        b.v1.subscriptions.cancel(sub.id)
    assert (no.value.http_status, no.value.code) == (404, "resource_missing")


def test_lists_leave_out_what_is_canceled(lab: Sandboxes) -> None:
    b = Bench(lab)
    price = b.price()
    one, two = b.subscribe(price), b.subscribe(b.price())
    b.v1.subscriptions.cancel(one.id)
    who: Any = {"customer": b.customer.id}
    assert [s.id for s in b.v1.subscriptions.list(who).data] == [two.id]
    assert [s.id for s in b.v1.subscriptions.list({**who, "status": "canceled"}).data] == [one.id]
    assert [s.id for s in b.v1.subscriptions.list({**who, "status": "all"}).data] == [two.id, one.id]
    priced: Any = {"price": price.id, "test_clock": b.clock.id}
    assert [s.id for s in b.v1.subscriptions.list({**priced, "status": "all"}).data] == [one.id]
    assert b.v1.subscriptions.list(priced).data == []
    assert b.v1.subscriptions.list({"price": price.id, "status": "all"}).data == []


def test_items_are_added_and_taken_off(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    other = b.price(500, name="Extra")
    added = b.v1.subscription_items.create({"subscription": sub.id, "price": other.id, "quantity": 2})
    assert (added.subscription, added.quantity) == (sub.id, 2)
    listed = b.v1.subscription_items.list({"subscription": sub.id}).data
    assert {i.id for i in listed} == {added.id, sub["items"].data[0].id}
    with pytest.raises(stripe.InvalidRequestError, match="Cannot add multiple"):
        b.v1.subscription_items.create({"subscription": sub.id, "price": other.id})
    assert b.v1.subscription_items.delete(added.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="at least one active plan"):
        b.v1.subscription_items.delete(sub["items"].data[0].id)


def test_paused_collection_keeps_drafts(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    paused = b.v1.subscriptions.update(sub.id, {"pause_collection": {"behavior": "keep_as_draft"}})
    assert paused.pause_collection.behavior == "keep_as_draft"  # type: ignore[union-attr]
    b.advance(FEB + 7200)
    assert (b.invoice(sub).status, b.invoice(sub).auto_advance) == ("draft", False)
    b.v1.subscriptions.update(sub.id, {"pause_collection": {"behavior": "void"}})
    b.advance(MAR + 7200)
    assert b.invoice(sub).status == "void"
    resumed = b.v1.subscriptions.update(sub.id, {"pause_collection": ""})
    assert resumed.pause_collection is None


def test_send_invoice_is_due_later(lab: Sandboxes) -> None:
    b = Bench(lab, card="")
    sub = b.subscribe(b.price(), collection_method="send_invoice", days_until_due=7)
    assert sub.status == "active"
    assert b.invoice(sub).status == "draft"
    b.advance(START + 7200)
    sent = b.invoice(sub)
    assert (sent.status, sent.due_date) == ("open", START + 3600 + 7 * DAY)
    assert "invoice.sent" in b.events()
    b.advance(START + 9 * DAY)
    assert b.sub(sub).status == "past_due"
    b.v1.invoices.pay(sent.id, {"paid_out_of_band": True})
    paid = b.invoice(sub)
    assert (paid.status, paid.amount_remaining) == ("paid", 0)
    assert b.sub(sub).status == "active"


def test_anchor_in_the_future_prorates_the_first_period(lab: Sandboxes) -> None:
    april = START + 90 * DAY
    b = Bench(lab, april)
    anchor = april + 10 * DAY
    sub = b.subscribe(b.price(3100), billing_cycle_anchor=anchor)
    assert sub["items"].data[0].current_period_end == anchor
    # Of the 31 days from 11 March to 11 April the last ten.
    assert b.invoice(sub).total == 1000
    free = b.subscribe(b.price(3100), billing_cycle_anchor=anchor, proration_behavior="none")
    assert b.invoice(free).total == 0
    with pytest.raises(stripe.InvalidRequestError, match="next natural billing date"):
        b.subscribe(b.price(), billing_cycle_anchor=april + 40 * DAY)


def test_subscriptions_are_searched(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price(), metadata={"crm": "77"})
    found = b.v1.subscriptions.search({"query": "status:'active' AND metadata['crm']:'77'"})
    assert [s.id for s in found.data] == [sub.id]


def test_a_deleted_clock_takes_everything_along(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    assert b.v1.test_helpers.test_clocks.delete(b.clock.id).deleted is True
    assert b.v1.customers.retrieve(b.customer.id).deleted is True
    assert b.sub(sub).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as no:
        b.v1.test_helpers.test_clocks.retrieve(b.clock.id)
    assert no.value.http_status == 404


def test_without_a_clock_the_mocks_own_time_does_it(lab: Sandboxes) -> None:
    b = Bench(lab)
    owner = b.v1.customers.create({"name": "Now"})
    method = b.v1.payment_methods.attach("pm_card_visa", {"customer": owner.id})
    sub = b.v1.subscriptions.create(
        {"customer": owner.id, "default_payment_method": method.id, "items": [{"price": b.price().id}]}
    )
    assert (sub.status, sub.test_clock) == ("active", None)
    lab.control("stripe", "POST", "clock", {"advance": 32 * DAY * 1_000_000})
    invoices = b.v1.invoices.list({"subscription": sub.id}).data
    assert [i.status for i in invoices] == ["paid", "paid"]
    assert invoices[0].status_transitions.paid_at == invoices[0].created + 3600


def test_a_schedule_changes_the_price(lab: Sandboxes) -> None:
    b = Bench(lab)
    one, two = b.price(1000, name="Intro"), b.price(2000, name="Full")
    phases: Any = [
        {"items": [{"price": one.id}], "duration": {"interval": "month", "interval_count": 1}},
        {"items": [{"price": two.id}], "duration": {"interval": "month", "interval_count": 1}},
    ]
    made = b.v1.subscription_schedules.create(
        {"customer": b.customer.id, "start_date": "now", "end_behavior": "release", "phases": phases}
    )
    assert (made.status, len(made.phases), made.current_phase.end_date) == ("active", 2, FEB)  # type: ignore[union-attr]
    sub: Any = b.v1.subscriptions.retrieve(str(made.subscription))
    assert sub.schedule == made.id
    b.advance(FEB + 7200)
    assert b.invoice(sub).total == 2000
    assert b.sub(sub)["items"].data[0].price.id == two.id
    b.advance(MAR + 7200)
    ended = b.v1.subscription_schedules.retrieve(made.id)
    assert (ended.status, ended.released_subscription) == ("released", sub.id)
    assert b.sub(sub).status == "active"


def test_a_trial_without_a_card_asks_for_one(lab: Sandboxes) -> None:
    b = Bench(lab, card="")
    sub = b.subscribe(b.price(), trial_period_days=7, expand=["pending_setup_intent"])
    setup = sub.pending_setup_intent
    assert (setup.object, setup.status, setup.usage) == (
        "setup_intent",
        "requires_payment_method",
        "off_session",
    )
    b.v1.setup_intents.confirm(
        setup.id, {"payment_method": "pm_card_visa", "return_url": "https://example.com"}
    )
    fresh = b.sub(sub)
    assert fresh.pending_setup_intent is None
    assert fresh.default_payment_method
    b.advance(START + 7 * DAY + 7200)
    assert (b.sub(sub).status, b.invoice(sub).status) == ("active", "paid")


def test_a_card_that_wants_authentication(lab: Sandboxes) -> None:
    b = Bench(lab, card="pm_card_authenticationRequired")
    sub = b.subscribe(b.price(), expand=["latest_invoice.payments.data.payment.payment_intent"])
    intent = sub.latest_invoice.payments.data[0].payment.payment_intent
    assert (sub.status, intent.status) == ("incomplete", "requires_action")
    assert "invoice.payment_action_required" in b.events()
    lab.control(
        "stripe", "POST", "disturb", {"kind": "authenticate", "payment_intent": intent.id, "passed": True}
    )
    assert b.sub(sub).status == "active"
    assert b.invoice(sub).status == "paid"


def test_an_upgrade_that_must_be_paid_changes_nothing_when_declined(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    b.card("pm_card_chargeCustomerFail")
    b.advance(START + 10 * DAY)
    item = sub["items"].data[0]
    wish: Any = {
        "items": [{"id": item.id, "quantity": 4}],
        "payment_behavior": "error_if_incomplete",
        "proration_behavior": "always_invoice",
    }
    with pytest.raises(stripe.CardError) as no:
        b.v1.subscriptions.update(sub.id, wish)
    assert no.value.http_status == 402
    assert b.sub(sub)["items"].data[0].quantity == 1
    assert b.v1.invoice_items.list({"customer": b.customer.id, "pending": True}).data == []
    b.card("pm_card_visa")
    assert b.v1.subscriptions.update(sub.id, wish)["items"].data[0].quantity == 4
    assert b.invoice(sub).status == "paid"


def test_a_trial_in_the_middle_credits_what_was_paid(lab: Sandboxes) -> None:
    april = START + 90 * DAY
    b = Bench(lab, april)
    sub = b.subscribe(b.price(3000))
    b.advance(april + 15 * DAY)
    trial = b.v1.subscriptions.update(sub.id, {"trial_end": april + 20 * DAY})
    assert (trial.status, trial.trial_end) == ("trialing", april + 20 * DAY)
    pending = b.v1.invoice_items.list({"customer": b.customer.id, "pending": True}).data
    assert [p.amount for p in pending] == [-1500]
    b.advance(april + 20 * DAY + 7200)
    assert (b.sub(sub).status, b.invoice(sub).total) == ("active", 1500)


def test_what_changed_is_in_the_event(lab: Sandboxes) -> None:
    b = Bench(lab)
    sub = b.subscribe(b.price())
    item = sub["items"].data[0]
    b.v1.subscriptions.update(sub.id, {"items": [{"id": item.id, "quantity": 2}], "metadata": {"a": "1"}})
    event = b.v1.events.list({"type": "customer.subscription.updated"}).data[0]
    before: Any = event.data.previous_attributes
    assert before["items"]["data"][0]["quantity"] == 1
    assert before["metadata"].to_dict() == {"a": None}
    assert event.data.object["items"]["data"][0]["quantity"] == 2
    assert event.data.object["latest_invoice"] == sub.latest_invoice


def test_a_forked_house_goes_on_by_itself(lab: Sandboxes) -> None:
    """Billing's timers are part of what a snapshot keeps."""
    b = Bench(lab)
    sub = b.subscribe(b.price())
    lab.control("stripe", "POST", "snapshots", {"name": "paid"})
    b.v1.subscriptions.cancel(sub.id)
    lab.control("stripe", "POST", "restore", {"name": "paid"})
    assert b.sub(sub).status == "active"
    b.advance(FEB + 7200)
    assert b.invoice(sub).status == "paid"
    assert len(b.v1.invoices.list({"subscription": sub.id}).data) == 2
