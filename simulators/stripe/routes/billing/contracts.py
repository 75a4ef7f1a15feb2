"""Subscriptions and their items over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import look, one, page, search, taken
from simulators.stripe.routes.billing.papers import within
from simulators.stripe.routes.billing.wishes import subscription_item, subscription_wish
from simulators.stripe.rules.billing.contract_records import Item, Subscription
from simulators.stripe.rules.mode import Mode
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.wire.billing import contract_params as params
from simulators.stripe.wire.forms import Invalid
from simulators.stripe.wire.params import Nothing, Search

_SEARCHED = {"created": "number", "metadata": "metadata", "status": "text"}
_STATUSES = (
    "active", "all", "canceled", "ended", "incomplete", "incomplete_expired", "past_due", "paused",
    "trialing", "unpaid",
)  # fmt: skip


async def create(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionCreate, call, "subscription")
    owner = mode.customers.take(form.customer)
    with mode.billing.desk.living(owner.id):
        wish = subscription_wish(mode, form)
        if form.billing_cycle_anchor is not None:
            wish["billing_cycle_anchor"] = form.billing_cycle_anchor
        if form.billing_cycle_anchor_config is not None:
            wish["billing_cycle_anchor_config"] = form.billing_cycle_anchor_config.model_dump()
        if form.billing_mode is not None:
            wish["billing_mode"] = form.billing_mode.type
        return one(mode, mode.billing.subscriptions.create(owner.id, wish), form.expand)


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "subscription")
    return one(mode, _sub(mode, call), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionUpdate, call, "subscription")
    sub = _sub(mode, call)
    with mode.billing.desk.living(sub.customer):
        wish = subscription_wish(mode, form)
        names = form.model_fields_set
        if form.billing_cycle_anchor is not None and form.billing_cycle_anchor.type != "unchanged":
            wish["billing_cycle_anchor"] = form.billing_cycle_anchor.type
        if form.cancellation_details is not None:
            wish |= form.cancellation_details.model_dump(exclude_unset=True)
        if "pause_collection" in names:
            pause = form.pause_collection
            wish["pause"] = (pause.behavior, pause.resumes_at) if pause else None
        return one(mode, mode.billing.alterations.update(sub, wish), form.expand)


async def cancel(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionCancel, call, "subscription")
    sub = _sub(mode, call)
    wish: dict[str, Any] = {"invoice_now": form.invoice_now, "prorate": form.prorate}
    if form.cancellation_details is not None:
        wish |= form.cancellation_details.model_dump(exclude_unset=True)
    with mode.billing.desk.living(sub.customer):
        return one(mode, mode.billing.alterations.cancel(sub, wish), form.expand)


async def pause(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionPause, call, "subscription")
    sub = _sub(mode, call)
    wish: dict[str, Any] = {"invoicing_behavior": form.invoicing_behavior}
    if form.bill_for is not None and form.bill_for.unused_time_from is not None:
        wish["unused_time_from"] = form.bill_for.unused_time_from.type
    with mode.billing.desk.living(sub.customer):
        return one(mode, mode.billing.pauses.pause(sub, wish), form.expand)


async def resume(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionResume, call, "subscription")
    sub = _sub(mode, call)
    wish = {
        "billing_cycle_anchor": form.billing_cycle_anchor.type if form.billing_cycle_anchor else "now",
        "payment_behavior": form.payment_behavior,
    }
    with mode.billing.desk.living(sub.customer):
        return one(mode, mode.billing.pauses.resume(sub, wish), form.expand)


async def migrate(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionMigrate, call, "subscription")
    sub = _sub(mode, call)
    if form.billing_mode.type != "flexible":
        raise Invalid("Invalid billing_mode[type]: must be flexible", param="billing_mode[type]")
    sub.billing_mode = "flexible"
    return one(mode, sub, form.expand)


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionList, call, "subscription", many=True)
    if form.status and form.status not in _STATUSES:
        known = ", ".join(_STATUSES)
        raise Invalid(f"Invalid status: must be one of {known}", param="status")
    price = form.price or form.plan
    # Without a customer, what lives by a test clock is shown only with the clock.
    of_customer = bool(form.customer)

    def keep(s: Subscription) -> bool:
        start, end = s.period
        return (
            form.customer in ("", s.customer)
            and (not price or any(i.price.id == price for i in s.items))
            and _wanted(s, form.status)
            and form.collection_method in (None, s.collection_method)
            and (form.test_clock == s.test_clock or (of_customer and not form.test_clock))
            and within(form.current_period_start, start)
            and within(form.current_period_end, end)
        )

    return page(mode, mode.billing.subscriptions.shelf, form, call, "subscription", _key(form, price), keep)


def _key(form: Any, price: str) -> tuple[str, ...]:
    """The narrowest list."""
    who = form.customer
    if form.status in ("", "ended"):
        name = "ended" if form.status else "listed"
        return (f"customer-{name}", who) if who else ("price", price) if price else (name,)
    if form.status == "all":
        return ("customer", who) if who else ("price", price) if price else ()
    return ("customer-status", who, form.status) if who else ("status", form.status)


def _wanted(s: Subscription, status: str) -> bool:
    if status in ("", "all"):
        return status == "all" or s.status != "canceled"
    if status == "ended":
        return s.status in ("canceled", "incomplete_expired")
    return s.status == status


async def find(mode: Mode, call: Call) -> Reply:
    form = taken(Search, call, "subscription", many=True)
    return search(mode, mode.billing.subscriptions.shelf, form, call, _SEARCHED, look)


async def create_item(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionItemCreate, call, "subscription_item")
    sub = mode.billing.subscriptions.take(form.subscription)
    with mode.billing.desk.living(sub.customer):
        before = {item.id for item in sub.items}
        wish = {**_terms(form), "items": [subscription_item(mode, form)]}
        mode.billing.alterations.update(sub, wish)
        made = next(item for item in sub.items if item.id not in before)
        return one(mode, made, form.expand)


async def retrieve_item(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "subscription_item")
    return one(mode, _item(mode, call), form.expand)


async def update_item(mode: Mode, call: Call) -> Reply:
    form = taken(params.ItemTerms, call, "subscription_item")
    item = _item(mode, call)
    sub = mode.billing.subscriptions.take(item.subscription)
    with mode.billing.desk.living(sub.customer):
        change = {**subscription_item(mode, form), "id": item.id}
        mode.billing.alterations.update(sub, {**_terms(form), "items": [change]})
        return one(mode, item, form.expand)


async def delete_item(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionItemDelete, call, "subscription_item")
    item = _item(mode, call)
    sub = mode.billing.subscriptions.take(item.subscription)
    with mode.billing.desk.living(sub.customer):
        change = {"id": item.id, "deleted": True}
        mode.billing.alterations.update(sub, {**_terms(form), "items": [change]})
        return one(mode, item)


def _terms(form: Any) -> dict[str, Any]:
    names = ("payment_behavior", "proration_behavior", "proration_date", "off_session")
    return {name: getattr(form, name) for name in names if name in form.model_fields_set}


async def list_items(mode: Mode, call: Call) -> Reply:
    form = taken(params.SubscriptionItemList, call, "subscription_item", many=True)
    sub = mode.billing.subscriptions.take(form.subscription)
    key = ("subscription", sub.id)
    return page(mode, mode.billing.subscriptions.items, form, call, "subscription item", key)


def _sub(mode: Mode, call: Call) -> Subscription:
    return mode.billing.subscriptions.take(call.params["subscription"], "id", path=True)


def _item(mode: Mode, call: Call) -> Item:
    found = mode.billing.subscriptions.items.get(call.params["item"])
    if found is None or found.deleted:
        raise no_such("subscription_item", call.params["item"], "item", path=True)
    return found
