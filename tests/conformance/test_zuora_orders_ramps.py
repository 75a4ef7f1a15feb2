"""Ramps through the vendor's own SDK: defined in an order, read back as its models."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_ramp_is_read_back_as_models(zuora: Any) -> None:
    m = z.module()
    owner = z.account(zuora)
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan, 100)
    body = z.order(owner.account_number, "2026-01-01", z.create(plan, "2026-01-01", months=24))
    ramp = m.CreateRamp(
        name="Two years",
        intervals=[
            m.RampIntervalRequest(name="1", start_date=date(2026, 1, 1), end_date=date(2026, 12, 31)),
            m.RampIntervalRequest(name="2", start_date=date(2027, 1, 1), end_date=date(2027, 12, 31)),
        ],
    )
    body["subscriptions"][0]["ramp"] = ramp.to_dict()
    made = zuora.orders_api().create_order(body)
    (shown,) = made.ramps
    found = zuora.ramps_api().get_ramp_by_number(shown.ramp_number).ramp
    assert (found.name, found.subscription_number) == ("Two years", shown.subscription_number)
    assert [str(i.end_date) for i in found.intervals] == ["2026-12-31", "2027-12-31"]
    told = zuora.ramps_api().get_ramp_metrics_by_number(shown.ramp_number).ramp_metrics
    assert told.gross_tcv == sum(i.gross_tcv for i in told.intervals) > 0
    again = zuora.ramps_api().get_ramps_by_subscription_key(shown.subscription_number)
    assert [ramp.number for ramp in again.ramps] == [shown.ramp_number]
