"""Paths of ramps: by their number, and by the subscription that has one."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules import orders, ramps
from simulators.zuora.rules.contracts import Ramp, Subscription
from simulators.zuora.rules.refusal import not_found
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import ramping


async def get_ramp(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/ramps/{rampNumber}."""
    sold, ramp = ramps.find(rules.state, call.params["rampNumber"])
    return json_reply(200, {"success": True, "ramp": ramping.shown(sold, ramp)})


async def get_ramp_metrics(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/ramps/{rampNumber}/ramp-metrics."""
    sold, ramp = ramps.find(rules.state, call.params["rampNumber"])
    return json_reply(200, {"success": True, "rampMetrics": ramping.metrics(sold, ramp, rules.state.rules)})


async def get_subscription_ramps(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/{subscriptionKey}/ramps."""
    sold = orders.find_subscription(rules.state, call.params["subscriptionKey"])
    found = [] if sold.ramp is None else [ramping.shown(sold, sold.ramp)]
    return json_reply(200, {"success": True, "ramps": found})


async def get_subscription_ramp_metrics(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/{subscriptionKey}/ramp-metrics."""
    sold, ramp = _of(rules, call.params["subscriptionKey"])
    return json_reply(200, {"success": True, "rampMetrics": [ramping.metrics(sold, ramp, rules.state.rules)]})


def _of(rules: Sandbox, key: str) -> tuple[Subscription, Ramp]:
    sold = orders.find_subscription(rules.state, key)
    if sold.ramp is None:
        raise not_found("ramp of subscription", key)
    return sold, sold.ramp


TABLE = (
    Route("GET", "/v1/ramps/{rampNumber}", "get_ramp", get_ramp, "a ramp"),
    Route(
        "GET",
        "/v1/ramps/{rampNumber}/ramp-metrics",
        "get_ramp_metrics",
        get_ramp_metrics,
        "what a ramp is worth",
    ),
    Route(
        "GET",
        "/v1/subscriptions/{subscriptionKey}/ramps",
        "get_subscription_ramps",
        get_subscription_ramps,
        "the ramp of a subscription",
    ),
    Route(
        "GET",
        "/v1/subscriptions/{subscriptionKey}/ramp-metrics",
        "get_subscription_ramp_metrics",
        get_subscription_ramp_metrics,
        "what the ramp of a subscription is worth",
    ),
)
