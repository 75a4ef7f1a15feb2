"""Paths of orders and subscriptions."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import accounts, orders
from simulators.zuora.rules.refusal import not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import contract
from simulators.zuora.wire.actions import order_wish
from simulators.zuora.wire.ordering import OrderShape
from simulators.zuora.wire.shape import check, parse


async def create_order(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/orders."""
    body = parse(call)
    order = orders.place(rules.state, order_wish(check(OrderShape, body), body))
    with_ids = call.args().get("returnIds", "").lower() == "true"
    return json_reply(200, contract.placed(rules.state, order, with_ids=with_ids))


async def get_order(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/orders/{orderNumber}."""
    found = orders.find(rules.state, call.params["orderNumber"])
    return json_reply(200, {"success": True, "order": contract.order(found)})


async def get_subscription(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/{key}: by number the latest version, by id that version."""
    return _subscription(rules, call, call.params["key"])


async def get_version(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/{key}/versions/{version}."""
    current = orders.find_subscription(rules.state, call.params["key"])
    wanted = call.params["version"]
    for version in rules.state.versions_of[current.number]:
        if str(version.version) == wanted:
            return _subscription(rules, call, version.id)
    raise not_found("subscription version", wanted)


def _subscription(rules: Sandbox, call: Call, key: str) -> Reply:
    found = orders.find_subscription(rules.state, key)
    shown = contract.subscription(rules.state, found, all_segments=_all_segments(call))
    return json_reply(200, {"success": True, **shown})


async def list_subscriptions(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/accounts/{key}: latest versions, paged."""
    account = accounts.find(rules.state, call.params["key"])
    found = sorted(rules.state.subscriptions.where("accountId", account.id).values(), key=lambda s: s.seq)
    every = _all_segments(call)
    return page(
        call, found, "subscriptions", lambda s: contract.subscription(rules.state, s, all_segments=every)
    )


def _all_segments(call: Call) -> bool:
    return call.args().get("charge-detail") == "all-segments"


TABLE = (
    Route("POST", "/v1/orders", "create_order", create_order, "place an order, atomically", OrderShape),
    Route("GET", "/v1/orders/{orderNumber}", "get_order", get_order, "an order by number or id"),
    Route("GET", "/v1/subscriptions/{key}", "get_subscription", get_subscription, "by number or id"),
    Route(
        "GET",
        "/v1/subscriptions/{key}/versions/{version}",
        "get_subscription_version",
        get_version,
        "one version of a subscription",
    ),
    Route(
        "GET",
        "/v1/subscriptions/accounts/{key}",
        "list_account_subscriptions",
        list_subscriptions,
        "an account's subscriptions, paged",
    ),
)
