"""Paths of subscriptions: reading them, and the older calls that place an order of their own."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from simulators.kit.money import major
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules import accounts, fields_worth, orders
from simulators.zuora.rules.contracts import Subscription
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import contract

DETAILS = ("last-segment", "current-segment", "all-segments", "specific-segment")


async def get_subscription(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/{key}: by number the latest version, by id that version."""
    return _subscription(rules, call, orders.find_version(rules.state, call.params["key"], None))


async def get_version(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/{key}/versions/{version}."""
    found = orders.find_version(rules.state, call.params["key"], call.params["version"])
    return _subscription(rules, call, found)


def _subscription(rules: Sandbox, call: Call, found: Subscription) -> Reply:
    return json_reply(200, {"success": True, **_shown(rules, call, found)})


def _shown(rules: Sandbox, call: Call, found: Subscription) -> dict[str, Any]:
    args = call.args()
    detail, day = args.get("charge-detail") or "last-segment", args.get("as-of-date")
    if detail not in DETAILS:
        raise Refused(INVALID, f"'{detail}' is not a charge detail.", "charge-detail")
    try:
        as_of = date.fromisoformat(day) if day else None
    except ValueError:
        raise Refused(INVALID, f"'{day}' is not a date.", "as-of-date") from None
    bare = args.get("exclude-rate-plans-with-no-charges", "").lower() == "true"
    return contract.subscription(rules.state, found, detail=detail, as_of=as_of, bare=bare)


async def list_subscriptions(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/accounts/{key}: latest versions, paged."""
    account = accounts.find(rules.state, call.params["key"])
    found = sorted(rules.state.subscriptions.where("accountId", account.id).values(), key=lambda s: s.seq)
    return page(call, found, "subscriptions", lambda s: _shown(rules, call, s))


async def subscription_metrics(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/subscriptions/subscription-metrics?subscriptionNumbers[]=…"""
    numbers = [v for k, v in parse_qsl(call.query) if k in ("subscriptionNumbers[]", "subscriptionNumbers")]
    if not numbers:
        raise Refused(MISSING, "'subscriptionNumbers[]' is required.", "subscriptionNumbers[]")
    rows = []
    for number in (part for each in numbers for part in each.split(",")):
        sold = orders.find_subscription(rules.state, number)
        mrr = fields_worth.monthly(sold)
        value = major(fields_worth.total_value(sold), sold.account.currency)
        rows.append(
            {
                "subscriptionNumber": sold.number,
                "contractedMrr": mrr,
                "contractedNetMrr": mrr,
                "totalContractedValue": value,
                "netTotalContractedValue": value,
            }
        )
    return json_reply(200, {"success": True, "subscriptionMetrics": rows})


_ONE = "/v1/subscriptions/{key}"

TABLE = (
    Route("GET", _ONE, "get_subscription", get_subscription, "by number or id"),
    Route(
        "GET",
        f"{_ONE}/versions/{{version}}",
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
    Route(
        "GET",
        "/v1/subscriptions/subscription-metrics",
        "subscription_metrics",
        subscription_metrics,
        "monthly and total value of subscriptions",
    ),
)
