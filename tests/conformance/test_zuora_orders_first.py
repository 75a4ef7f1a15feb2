"""Zuora's own Python SDK against the Zuora mock: the catalogue, an order, a subscription."""

from __future__ import annotations

from typing import Any

from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401


def test_an_order_makes_a_subscription(zuora: Any) -> None:
    made = z.account(zuora)
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan)
    body = z.order(made.account_number, "2026-01-01", z.create(plan, "2026-01-01"))
    placed = zuora.orders_api().create_order(body)
    number = placed.subscriptions[0].subscription_number
    found = zuora.subscriptions_api().get_subscription_by_key(number)
    assert (found.status, found.rate_plans[0].rate_plan_charges[0].price) == ("Active", 100)
