"""Prepaid with drawdown: funds by validity period, usage drawn from them, overage, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .zuora_client import Zuora, account, action, create, offer, order, plan_terms, product, run

TOPUP = {
    "IsPrepaid": True,
    "PrepaidOperationType": "topup",
    "PrepaidQuantity": 1000,
    "PrepaidUom": "Credit",
    "ValidityPeriodType": "MONTH",
}
DRAWDOWN = {
    "ChargeType": "Usage",
    "UOM": "Call",
    "IsPrepaid": True,
    "PrepaidOperationType": "drawdown",
    "PrepaidUom": "Credit",
    "DrawdownUom": "Call",
    "DrawdownRate": 2,
}


async def prepaid(zuora: Zuora, quantity: int = 1, **topup: Any) -> tuple[str, str]:
    """Account A-1 with subscription S-1: a prepayment of 100.00 a month, calls at 0.50 beyond it."""
    plan, charge = await product(zuora, **{**TOPUP, **topup})
    await zuora.ok(
        "POST", "/v1/object/product-rate-plan-charge", offer(plan, "0.50", Name="Calls", **DRAWDOWN)
    )
    await zuora.ok("POST", "/v1/accounts", account())
    terms = plan_terms(plan, charge, quantity)
    await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", create("S-1", "2026-01-01", terms)))
    return plan, charge


async def use(zuora: Zuora, day: str, quantity: float) -> None:
    body = {"AccountNumber": "A-1", "SubscriptionNumber": "S-1", "UOM": "Call", "Quantity": quantity}
    await zuora.ok("POST", "/v1/object/usage", {**body, "StartDateTime": f"{day}T00:00:00"})


def items(zuora: Zuora, name: str = "Calls") -> list[tuple[str, int, Decimal]]:
    found = [item for invoice in zuora.rules.state.invoices for item in invoice.items.values()]
    return [(i.start.isoformat(), i.net, i.quantity) for i in found if i.charge.source.name == name]


def test_usage_within_the_fund_costs_nothing_and_beyond_it_its_own_price() -> None:
    async def story() -> None:
        zuora = Zuora()
        await prepaid(zuora)
        await use(zuora, "2026-01-10", 300)
        await use(zuora, "2026-01-20", 300)
        await zuora.bill("2026-02-01")
        # 600 calls take 1200 credits of 1000: 100 calls are left, at 0.50.
        assert items(zuora) == [("2026-01-01", 5000, Decimal(600))]
        assert [net for _, net, _ in items(zuora, "Seats")] == [10000, 10000]
        zuora.go_to("2026-02-01")
        funds = await zuora.found("prepaid-balance-funds")
        assert [(f["startDate"], f["endDate"], f["fundedBalance"], f["balance"]) for f in funds] == [
            ("2026-01-01", "2026-01-31", 1000, 0),
            ("2026-02-01", "2026-02-28", 1000, 1000),
        ]
        (balance,) = await zuora.found("prepaid-balances")
        assert (balance["uOM"], balance["totalFund"], balance["balance"]) == ("Credit", 2000, 1000)
        moves = await zuora.found("prepaid-balance-transactions")
        assert [(m["amount"], m["balance"], m["drawdownRate"]) for m in moves] == [(600, 400, 2), (400, 0, 2)]

    run(story)


def test_units_of_one_validity_period_do_not_go_on_to_the_next() -> None:
    async def story() -> None:
        zuora = Zuora()
        await prepaid(zuora)
        await use(zuora, "2026-01-10", 100)
        await use(zuora, "2026-02-10", 501)
        await zuora.bill("2026-03-01")
        assert items(zuora) == [("2026-01-01", 0, Decimal(100)), ("2026-02-01", 50, Decimal(501))]

    run(story)


def test_a_year_of_units_is_used_up_over_the_months_and_late_usage_is_rated_once() -> None:
    async def story() -> None:
        zuora = Zuora()
        await prepaid(zuora, ValidityPeriodType="ANNUAL", quantity=2)
        await use(zuora, "2026-01-10", 900)
        await zuora.bill("2026-02-01")
        await use(zuora, "2026-02-10", 150)
        await zuora.bill("2026-03-01")
        await use(zuora, "2026-01-31", 10)
        await zuora.bill("2026-03-01")
        assert [net for _, net, _ in items(zuora)] == [0, 2500, 500]

    run(story)


def test_a_cancelled_invoice_gives_the_units_back() -> None:
    async def story() -> None:
        zuora = Zuora()
        await prepaid(zuora)
        await use(zuora, "2026-01-10", 400)
        await zuora.bill("2026-02-01")
        (invoice,) = [i for i in zuora.rules.state.invoices if len(i.items) > 1]
        await zuora.ok("PUT", f"/v1/invoices/{invoice.id}/cancel")
        assert await zuora.found("prepaid-balance-transactions") == []
        await use(zuora, "2026-01-11", 200)
        await zuora.bill("2026-02-01")
        assert items(zuora)[-1] == ("2026-01-01", 5000, Decimal(600))

    run(story)


def test_a_cancelled_subscription_has_no_funds_after_its_end() -> None:
    async def story() -> None:
        zuora = Zuora()
        await prepaid(zuora)
        cancel = action(
            "CancelSubscription",
            "2026-01-15",
            cancelSubscription={
                "cancellationPolicy": "SpecificDate",
                "cancellationEffectiveDate": "2026-01-15",
            },
        )
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-01-15", cancel, subscription="S-1"))
        zuora.go_to("2026-06-01")
        (fund,) = await zuora.found("prepaid-balance-funds")
        assert (fund["startDate"], fund["endDate"]) == ("2026-01-01", "2026-01-14")

    run(story)


def test_funds_of_the_whole_account_serve_its_other_subscriptions() -> None:
    async def story() -> None:
        for scope, net in (("ACCOUNT", 0), ("SUBSCRIPTION", 5000)):
            zuora = Zuora()
            plan, charge = await product(zuora, **TOPUP, DrawdownScope=scope)
            other, _ = await product(zuora, "CALLS", "0.50", **{**DRAWDOWN, "Name": "Calls"})
            await zuora.ok("POST", "/v1/accounts", account())
            for number, terms in (
                ("T-1", plan_terms(plan, charge)),
                ("S-1", {"productRatePlanId": other}),
            ):
                body = order(f"O-{number}", "2026-01-01", create(number, "2026-01-01", terms))
                await zuora.ok("POST", "/v1/orders", body)
            await use(zuora, "2026-01-10", 100)
            await zuora.bill("2026-02-01")
            assert [n for _, n, _ in items(zuora)] == [net], scope

    run(story)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"PrepaidQuantity": None}, "PrepaidQuantity"),
        ({"PrepaidQuantity": 0}, "PrepaidQuantity"),
        ({"PrepaidUom": None}, "PrepaidUom"),
        ({"ValidityPeriodType": "FORTNIGHT"}, "ValidityPeriodType"),
        ({"PrepaidOperationType": "gift"}, "PrepaidOperationType"),
        ({"PrepaidOperationType": "drawdown"}, "drawdown"),
        ({"IsRollover": True}, "Rollover"),
        ({"PrepaymentUnitType": "CURRENCY"}, "currency"),
        ({"ChargeFunction": "CommitmentTrueUp"}, "CommitmentTrueUp"),
        ({"DrawdownScope": "WORLD"}, "DrawdownScope"),
    ],
)
def test_a_prepayment_that_lacks_something_is_refused(more: dict[str, Any], word: str) -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, _ = await product(zuora)
        body = {k: v for k, v in {**offer(plan), **TOPUP, **more}.items() if v is not None}
        answer = await zuora.call("POST", "/v1/object/product-rate-plan-charge", body)
        assert answer.status == 400
        assert word in str(answer.json)

    run(story)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 28), st.integers(1, 400)), max_size=6),
    st.sampled_from(["MONTH", "QUARTER"]),
)
def test_units_are_conserved_and_every_call_is_covered_or_billed(
    calls: list[tuple[int, int, int]], validity: str
) -> None:
    async def story() -> None:
        zuora = Zuora()
        await prepaid(zuora, ValidityPeriodType=validity)
        for month, day, quantity in calls:
            await use(zuora, f"2026-{month:02}-{day:02}", quantity)
        await zuora.bill("2026-04-01")
        funds = list(zuora.rules.state.funds.values())
        drawn = sum((draw.covered for fund in funds for draw in fund.draws), Decimal(0))
        assert all(0 <= fund.balance <= fund.total for fund in funds)
        used = sum(quantity for *_, quantity in calls)
        assert sum(net for _, net, _ in items(zuora)) == (used - drawn) * 50
        months = [sum(q for m, _, q in calls if m == month) for month in (1, 2, 3)]
        groups = months if validity == "MONTH" else [sum(months)]
        assert used - drawn == sum(max(0, group - 500) for group in groups)

    run(story)
