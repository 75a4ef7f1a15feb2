"""Zuora's own SDK against the Zuora mock: prepaid units, usage drawn from them, balances queried."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")
MINUTE = 60_000_000


def test_units_are_bought_drawn_and_shown(zuora: Any, zlab: Sandboxes) -> None:
    plan = z.plan(zuora, z.product(zuora))
    topup = {"IsPrepaid": True, "PrepaidOperationType": "topup", "PrepaidUom": "Credit"}
    z.charge(zuora, plan, 100, **topup, PrepaidQuantity=1000, ValidityPeriodType="ANNUAL")
    drawdown = {"IsPrepaid": True, "PrepaidOperationType": "drawdown", "PrepaidUom": "Credit"}
    usage = {"ChargeType": "Usage", "UOM": "Call", "DrawdownUom": "Call", "DrawdownRate": 4}
    z.charge(zuora, plan, 0.5, Name="Calls", **drawdown, **usage)
    made = z.account(zuora)
    zuora.orders_api().create_order(z.order(made.account_number, "2026-01-01", z.create(plan, "2026-01-01")))
    wish = {"AccountId": made.account_id, "UOM": "Call", "Quantity": 300}
    zuora.usage_api().create_usage({**wish, "StartDateTime": "2026-01-10"})
    run = {"targetDate": "2026-02-01", "invoiceDate": "2026-02-01", "autoPost": True}
    zuora.bill_run_api().create_bill_run(run)
    zlab.control("zuora", "POST", "clock", {"advance": MINUTE})
    api = zuora.object_queries_api()
    # 1000 credits cover 250 of the 300 calls; the subscription pays 100 for January and for February.
    assert sum(item.charge_amount for item in api.query_invoice_items().data) == 225
    (fund,) = api.query_prepaid_balance_funds().data
    assert (fund.funded_balance, fund.balance, str(fund.end_date)) == (1000, 0, "2026-12-31")
    (moved,) = api.query_prepaid_balance_transactions().data
    assert (moved.amount, moved.usage_uom, moved.drawdown_rate) == (1000, "Call", 4)
    (balance,) = api.query_prepaid_balances().data
    assert (balance.total_fund, balance.balance, balance.u_om) == (1000, 0, "Credit")
