"""Paths of the older subscription calls, which place an order of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from simulators.kit.money import major
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules import accounts, collecting, fields_worth, orders, previews, waiting
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.order import Action, Order, OrderWish, SubscriptionWish
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import classic
from simulators.zuora.wire.classic_plans import CreateCall, UpdateCall
from simulators.zuora.wire.forecast import ExistingPreview, NewPreview, forecast, new_forecast
from simulators.zuora.wire.shape import read


async def _place(
    rules: Sandbox, sold: Subscription, shape: classic.Doing, actions: list[Action], **more: Any
) -> Order:
    """The order that an older call stands for."""
    today = rules.state.today()
    wish = OrderWish(
        number="",
        on=shape.day(today),
        account=sold.account.number,
        subscriptions=(SubscriptionWish(sold.number, tuple(actions), **more),),
        billing=shape.billing(today),
        collecting=shape.collecting(),
    )
    if wish.collecting is not None:
        return await collecting.place_and_collect(rules.state, wish)
    return orders.place(rules.state, wish)


def _done(rules: Sandbox, order: Order, before: Subscription) -> dict[str, Any]:
    """What all of these calls answer."""
    state = rules.state
    sold = orders.find_subscription(state, before.number)
    mrr = fields_worth.monthly(sold) - fields_worth.monthly(before)
    value = major(fields_worth.total_value(sold) - fields_worth.total_value(before), sold.account.currency)
    shown = {
        "success": True,
        "subscriptionId": sold.id,
        "orderNumber": order.number,
        "accountNumber": sold.account.number,
        "status": order.status,
        "totalDeltaMrr": mrr,
        "totalDeltaTcv": value,
        "subscriptions": [{"subscriptionNumber": sold.number, "status": sold.status}],
        **_documents(rules, order),
    }
    return {name: each for name, each in shown.items() if each is not None}


def _documents(rules: Sandbox, order: Order) -> dict[str, Any]:
    invoice = rules.state.invoices.get(order.invoices[0]) if order.invoices else None
    memo = rules.state.memos.get(order.memos[0]) if order.memos else None
    return {
        "invoiceId": invoice.id if invoice else None,
        "creditMemoId": memo.id if memo else None,
        "paidAmount": order.payment.get("paidAmount"),
        "paymentId": order.payment.get("paymentId"),
    }


async def suspend(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/subscriptions/{key}/suspend."""
    sold, done = await _act(rules, call, read(classic.SuspendCall, call))
    resumed = sold.resumed_on.isoformat() if sold.resumed_on else None
    dates = {
        "suspendDate": _iso(sold.suspended_on),
        "resumeDate": resumed,
        "termEndDate": _iso(sold.term_end),
    }
    return json_reply(200, {**done, **{name: day for name, day in dates.items() if day}})


async def resume(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/subscriptions/{key}/resume."""
    sold, done = await _act(rules, call, read(classic.ResumeCall, call))
    return json_reply(200, {**done, "resumeDate": _iso(sold.resumed_on), "termEndDate": _iso(sold.term_end)})


async def renew(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/subscriptions/{key}/renew."""
    sold, done = await _act(rules, call, read(classic.RenewCall, call))
    return json_reply(
        200, {**done, "termStartDate": _iso(sold.term_start), "termEndDate": _iso(sold.term_end)}
    )


async def cancel(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/subscriptions/{key}/cancel."""
    sold, done = await _act(rules, call, read(classic.CancelCall, call))
    return json_reply(200, {**done, "cancelledDate": _iso(sold.cancelled_on)})


async def _act(
    rules: Sandbox,
    call: Call,
    shape: classic.SuspendCall | classic.ResumeCall | classic.RenewCall | classic.CancelCall,
) -> tuple[Subscription, dict[str, Any]]:
    before = orders.find_subscription(rules.state, call.params["key"])
    on = shape.day(rules.state.today())
    actions = [classic.action(kind, act, on) for kind, act in shape.acts()]
    order = await _place(rules, before, shape, actions)
    return orders.find_subscription(rules.state, before.number), _done(rules, order, before)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


async def create_subscription(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/subscriptions."""
    shape = read(CreateCall, call)
    state = rules.state
    account = accounts.find(state, shape.accountKey)
    first = classic.action("CreateSubscription", shape.act(), shape.contractEffectiveDate, shape.dates())
    wish = OrderWish(
        number="",
        on=shape.contractEffectiveDate,
        account=account.number,
        subscriptions=(SubscriptionWish("", (first,), shape.notes, shape.custom_fields()),),
        billing=shape.billing(state.today()),
        collecting=shape.collecting(),
    )
    if wish.collecting is not None:
        order = await collecting.place_and_collect(state, wish)
    else:
        order = orders.place(state, wish)
    sold = orders.find_subscription(state, order.subscriptions[0].number)
    shown = {
        "success": True,
        "subscriptionId": sold.id,
        "subscriptionNumber": sold.number,
        "contractedMrr": fields_worth.monthly(sold),
        "totalContractedValue": major(fields_worth.total_value(sold), account.currency),
        **_documents(rules, order),
    }
    return json_reply(200, {name: each for name, each in shown.items() if each is not None})


async def update_subscription(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/subscriptions/{key}."""
    shape = read(UpdateCall, call)
    state = rules.state
    before = orders.find_subscription(state, call.params["key"])
    actions = shape.actions(state.today())
    if shape.preview:
        entry = SubscriptionWish(before.number, tuple(actions))
        order_wish = OrderWish("", shape.day(state.today()), before.account.number, (entry,))
        target = shape.targetDate or shape.invoiceTargetDate or state.today()
        found = previews.preview(state, previews.PreviewWish(order_wish, "SpecificDate", target))
        return json_reply(200, {"success": True, **new_forecast(found)})
    if not actions:
        before.custom.update(shape.custom_fields())
        before.notes = before.notes if shape.notes is None else shape.notes
        state.subscriptions.put(before, state.now())
        return json_reply(200, {"success": True, "subscriptionId": before.id})
    order = await _place(rules, before, shape, actions, notes=shape.notes, custom=shape.custom_fields())
    shown = _done(rules, order, before)
    for name in ("orderNumber", "accountNumber", "status", "subscriptions"):
        shown.pop(name, None)
    return json_reply(200, {**shown, "orderNumbers": [order.number]})


async def delete_subscription(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/subscriptions/{key}/delete: with all its versions, if nothing was billed."""
    waiting.delete_subscription(rules.state, orders.find_subscription(rules.state, call.params["key"]))
    return json_reply(200, {"success": True})


async def preview_subscription(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/subscriptions/preview."""
    shape = read(NewPreview, call)
    wish = shape.preview()
    found = previews.preview(rules.state, wish)
    return json_reply(200, {"success": True, **new_forecast(found)})


async def preview_existing(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/subscriptions/{key}/preview."""
    sold = orders.find_subscription(rules.state, call.params["key"])
    shape = read(ExistingPreview, call)
    start, target = shape.span(sold, rules.state.today())
    items = previews.would_bill(rules.state, [sold], target, sold.account.currency)
    kept = [item for item in items if item.end > start]
    return json_reply(200, {"success": True, **forecast(kept, target, sold.account.currency)})


_ONE = "/v1/subscriptions/{key}"

TABLE = (
    Route(
        "POST",
        "/v1/subscriptions",
        "create_subscription",
        create_subscription,
        "a subscription without an order body",
        CreateCall,
    ),
    Route(
        "POST",
        "/v1/subscriptions/preview",
        "preview_subscription",
        preview_subscription,
        "what a new one would bill",
        NewPreview,
    ),
    Route("PUT", _ONE, "update_subscription", update_subscription, "change it", UpdateCall),
    Route("PUT", f"{_ONE}/suspend", "suspend_subscription", suspend, "let it rest", classic.SuspendCall),
    Route("PUT", f"{_ONE}/resume", "resume_subscription", resume, "take it up again", classic.ResumeCall),
    Route("PUT", f"{_ONE}/renew", "renew_subscription", renew, "begin its next term", classic.RenewCall),
    Route("PUT", f"{_ONE}/cancel", "cancel_subscription", cancel, "end it", classic.CancelCall),
    Route("PUT", f"{_ONE}/delete", "delete_subscription", delete_subscription, "delete it, if unbilled"),
    Route(
        "POST",
        f"{_ONE}/preview",
        "preview_existing_subscription",
        preview_existing,
        "what it will bill",
        ExistingPreview,
    ),
)
