"""Paths of orders."""

from __future__ import annotations

from datetime import date
from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.accounts import paying
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import accounts, collecting, orders, previews, waiting
from simulators.zuora.rules.order import DRAFT, SCHEDULED, Order
from simulators.zuora.rules.refusal import INVALID, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import contract, previewing
from simulators.zuora.wire.actions import order_wish
from simulators.zuora.wire.changing import CancelOrder, OrderFields, SubscriptionFields, TriggerDates
from simulators.zuora.wire.ordering import OrderShape
from simulators.zuora.wire.previewing import PreviewShape
from simulators.zuora.wire.shape import check, parse, read


def with_ids(call: Call) -> bool:
    """Whether the caller wants ids beside the numbers."""
    return call.args().get("returnIds", "").lower() == "true"


async def create_order(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/orders."""
    body = parse(call)
    shape = check(OrderShape, body)
    wish = await paying(rules, shape, order_wish(shape, body))
    if wish.status in (DRAFT, SCHEDULED):
        order = waiting.put_off(rules.state, wish)
    elif wish.collecting is not None:
        order = await collecting.place_and_collect(rules.state, wish)
    else:
        order = orders.place(rules.state, wish)
    shown = contract.placed(rules.state, order, with_ids=with_ids(call))
    if _before_207(call):
        shown["subscriptionNumbers"] = [each.number for each in order.subscriptions]
    return json_reply(200, shown)


def _before_207(call: Call) -> bool:
    """Older callers are told the numbers of the subscriptions in a list of their own (SDK)."""
    number = call.headers.get("zuora-version", "").split(".")[0]
    return number.isdigit() and int(number) <= 206


async def preview_order(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/orders/preview."""
    body = parse(call)
    wish = check(PreviewShape, body).preview(body)
    found = previews.preview(rules.state, wish)
    return json_reply(200, {"success": True, "previewResult": previewing.result(rules.state, wish, found)})


async def get_order(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/orders/{orderNumber}."""
    found = orders.find(rules.state, call.params["orderNumber"])
    details = call.args().get("getAccountDetails", "").lower() == "true"
    return json_reply(200, {"success": True, "order": contract.order(found, details=details)})


async def update_order(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/orders/{orderNumber}: rewrite a draft or scheduled order."""
    found = orders.find(rules.state, call.params["orderNumber"])
    body = {"existingAccountNumber": found.account.number, "status": found.status, **parse(call)}
    wish = order_wish(check(OrderShape, body), body)
    order = waiting.rewrite(rules.state, found, wish)
    return json_reply(200, contract.placed(rules.state, order, with_ids=False))


async def activate_order(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/orders/{orderNumber}/activate."""
    found = orders.find(rules.state, call.params["orderNumber"])
    order = waiting.activate(rules.state, found)
    return json_reply(200, contract.placed(rules.state, order, with_ids=False))


async def cancel_order(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/orders/{orderNumber}/cancel."""
    found = orders.find(rules.state, call.params["orderNumber"])
    waiting.cancel(rules.state, found, read(CancelOrder, call).cancelReason)
    return json_reply(
        200,
        {
            "success": True,
            "orderNumber": found.number,
            "accountNumber": found.account.number,
            "status": found.status,
            "cancelReason": found.cancel_reason,
        },
    )


async def delete_order(rules: Sandbox, call: Call) -> Reply:
    """DELETE /v1/orders/{orderNumber}."""
    waiting.delete(rules.state, orders.find(rules.state, call.params["orderNumber"]))
    return json_reply(200, {"success": True})


async def update_trigger_dates(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/orders/{orderNumber}/triggerDates."""
    found = orders.find(rules.state, call.params["orderNumber"])
    waiting.set_triggers(rules.state, found, read(TriggerDates, call).wishes())
    shown = [
        {"subscriptionNumber": each.number, "status": sold.status}
        for each in found.subscriptions
        if (sold := rules.state.subscriptions.get(each.number))
    ]
    answer = {
        "success": True,
        "orderNumber": found.number,
        "accountNumber": found.account.number,
        "status": found.status,
        "subscriptions": shown,
    }
    return json_reply(200, answer)


async def update_order_fields(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/orders/{orderNumber}/customFields."""
    found = orders.find(rules.state, call.params["orderNumber"])
    found.custom.update(read(OrderFields, call).checked())
    rules.state.orders.put(found, rules.state.now())
    return json_reply(200, {"success": True})


async def update_subscription_fields(rules: Sandbox, call: Call) -> Reply:
    """PUT /v1/subscriptions/{key}/customFields, or …/versions/{version}/customFields."""
    found = orders.find_version(rules.state, call.params["key"], call.params.get("version"))
    found.custom.update(read(SubscriptionFields, call).checked())
    if found.latest:
        rules.state.subscriptions.put(found, rules.state.now())
    return json_reply(200, {"success": True})


async def list_orders(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/orders: latest first."""
    return _listed(call, list(rules.state.orders))


async def list_by_subscription(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/orders/subscription/{key}."""
    sold = orders.find_subscription(rules.state, call.params["key"])
    return _listed(call, _of(rules, sold.number))


async def list_pending(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/orders/subscription/{key}/pending."""
    sold = orders.find_subscription(rules.state, call.params["key"])
    return _listed(call, [order for order in _of(rules, sold.number) if order.status == "Pending"])


async def list_by_owner(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/orders/subscriptionOwner/{key} and /v1/orders/invoiceOwner/{key}."""
    account = accounts.find(rules.state, call.params["key"])
    return _listed(call, list(rules.state.orders.where("accountId", account.id).values()))


def _of(rules: Sandbox, number: str) -> list[Order]:
    found = []
    for order in rules.state.orders:
        done = {each.number for each in order.subscriptions}
        meant = {each.number for each in order.wish.subscriptions} if order.wish else set()
        if number in done | meant:
            found.append(order)
    return found


def _listed(call: Call, found: list[Order]) -> Reply:
    args = call.args()
    by = args.get("dateFilterOption", "orderDate")
    if by not in ("orderDate", "updatedDate"):
        raise Refused(INVALID, f"'{by}' is not a date to filter on.", "dateFilterOption")
    first, last, status = _day(args, "startDate"), _day(args, "endDate"), args.get("status", "all")
    kept = []
    for order in found:
        shown = contract.order(order)
        day = date.fromisoformat(str(shown["orderDate" if by == "orderDate" else "updatedDate"])[:10])
        if (first and day < first) or (last and day > last):
            continue
        if status.lower() in ("all", order.status.lower()):
            kept.append(order)
    kept.sort(key=lambda order: -order.seq)
    return page(call, kept, "orders", contract.order)


def _day(args: dict[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(args[name][:10]) if args.get(name) else None
    except ValueError:
        raise Refused(INVALID, f"'{name}' is not a date.", name) from None


_ONE = "/v1/orders/{orderNumber}"

TABLE = (
    Route("POST", "/v1/orders", "create_order", create_order, "place an order, atomically", OrderShape),
    Route("GET", "/v1/orders", "list_orders", list_orders, "orders, paged, latest first"),
    Route("POST", "/v1/orders/preview", "preview_order", preview_order, "what it would bill", PreviewShape),
    Route("GET", _ONE, "get_order", get_order, "an order by number or id"),
    Route("PUT", _ONE, "update_order", update_order, "rewrite a draft or scheduled order", OrderShape),
    Route("DELETE", _ONE, "delete_order", delete_order, "take the latest order back, if nothing was billed"),
    Route("PUT", f"{_ONE}/activate", "activate_order", activate_order, "carry a draft order out"),
    Route("PUT", f"{_ONE}/cancel", "cancel_order", cancel_order, "give a draft or scheduled order up"),
    Route(
        "PUT",
        f"{_ONE}/triggerDates",
        "update_order_trigger_dates",
        update_trigger_dates,
        "the dates that a pending order waits for",
        TriggerDates,
    ),
    Route(
        "PUT",
        f"{_ONE}/customFields",
        "update_order_custom_fields",
        update_order_fields,
        "custom fields of an order",
        OrderFields,
    ),
    Route(
        "PUT",
        "/v1/subscriptions/{key}/customFields",
        "update_subscription_custom_fields",
        update_subscription_fields,
        "custom fields of a subscription",
        SubscriptionFields,
    ),
    Route(
        "PUT",
        "/v1/subscriptions/{key}/versions/{version}/customFields",
        "update_subscription_version_custom_fields",
        update_subscription_fields,
        "custom fields of one version",
        SubscriptionFields,
    ),
    Route(
        "GET",
        "/v1/orders/subscription/{key}",
        "list_orders_by_subscription",
        list_by_subscription,
        "orders of a subscription, paged",
    ),
    Route(
        "GET",
        "/v1/orders/subscription/{key}/pending",
        "list_pending_orders",
        list_pending,
        "its pending orders, paged",
    ),
    Route(
        "GET",
        "/v1/orders/subscriptionOwner/{key}",
        "list_orders_by_subscription_owner",
        list_by_owner,
        "orders of an account, paged",
    ),
    Route(
        "GET",
        "/v1/orders/invoiceOwner/{key}",
        "list_orders_by_invoice_owner",
        list_by_owner,
        "orders that an account is invoiced for, paged",
    ),
)
