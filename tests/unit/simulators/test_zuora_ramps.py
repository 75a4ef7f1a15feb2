"""Ramps: intervals of a term with prices of their own, their figures, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from .zuora_client import Zuora, account, action, create, order, plan_terms, product, run

YEARS = (("2026-01-01", "2026-12-31"), ("2027-01-01", "2027-12-31"), ("2028-01-01", "2028-12-31"))


def intervals(*spans: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": f"Year {n}", "startDate": s, "endDate": e} for n, (s, e) in enumerate(spans, 1)]


async def ramped(zuora: Zuora, spans: Any = YEARS, **more: Any) -> Any:
    """Three years at 1000, 1200 and 1400 a year, as the vendor's tutorial has them; the answer."""
    plan, charge = await product(zuora, price="1000", period="Annual")
    await zuora.ok("POST", "/v1/accounts", account())
    terms = plan_terms(plan, charge)
    terms["uniqueToken"] = "plan"
    terms["chargeOverrides"][0]["uniqueToken"] = "charge"
    changes = [
        action(
            "UpdateProduct",
            on,
            updateProduct={
                "uniqueToken": "plan",
                "chargeUpdates": [
                    {"uniqueToken": "charge", "pricing": {"recurringPerUnit": {"listPrice": price}}}
                ],
            },
        )
        for on, price in (("2027-01-01", 1200), ("2028-01-01", 1400))
    ]
    first = create("S-1", "2026-01-01", terms, months=36)
    body = order("O-1", "2026-01-01", first, *changes)
    ramp = {"name": "Three steps", "intervals": intervals(*spans), "charges": [{"uniqueToken": "charge"}]}
    body["subscriptions"][0]["ramp"] = {**ramp, **more}
    return await zuora.call("POST", "/v1/orders", body)


def test_a_ramp_is_billed_by_its_steps_and_tells_what_it_is_worth() -> None:
    async def story() -> None:
        zuora = Zuora()
        made = (await ramped(zuora)).json
        assert made["ramps"] == [{"rampNumber": "R-00000001", "subscriptionNumber": "S-1"}]
        await zuora.bill("2028-01-01")
        (invoice,) = zuora.rules.books()["invoices"]
        assert [line["net"] for line in invoice["lines"]] == [100000, 120000, 140000]
        ramp = (await zuora.ok("GET", "/v1/ramps/R-00000001"))["ramp"]
        assert (ramp["name"], ramp["subscriptionNumber"]) == ("Three steps", "S-1")
        assert [i["endDate"] for i in ramp["intervals"]] == [end for _, end in YEARS]
        assert len(ramp["charges"]) == 1
        told = (await zuora.ok("GET", "/v1/ramps/R-00000001/ramp-metrics"))["rampMetrics"]
        assert (told["grossTcv"], told["netTcb"]) == (3600, 3600)
        assert [i["grossTcv"] for i in told["intervals"]] == [1000, 1200, 1400]
        (worth,) = told["intervals"][1]["intervalMetrics"]
        assert (worth["mrr"][0]["gross"], worth["startDate"], worth["endDate"]) == (
            *(100, "2027-01-01", "2027-12-31"),
        )
        again = await zuora.ok("GET", "/v1/subscriptions/S-1/ramp-metrics")
        assert again["rampMetrics"] == [told]

    run(story)


def test_a_change_within_an_interval_shows_in_it() -> None:
    """The vendor's tutorial: 1300 a year from the middle of the second interval to its end."""

    async def story() -> None:
        zuora = Zuora()
        assert (await ramped(zuora)).status == 200
        (charge,) = next(iter(zuora.rules.state.subscriptions)).charges
        plan = next(iter(zuora.rules.state.subscriptions)).plans[0]
        wish = {"chargeNumber": charge.number, "pricing": {"recurringPerUnit": {"listPrice": 1300}}}
        change = action(
            "UpdateProduct", "2027-07-01", updateProduct={"ratePlanId": plan.id, "chargeUpdates": [wish]}
        )
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-02-01", change, subscription="S-1"))
        (told,) = (await zuora.ok("GET", "/v1/subscriptions/S-1/ramp-metrics"))["rampMetrics"]
        assert [i["grossTcv"] for i in told["intervals"]] == [1000, 1250, 1400]
        assert [row["mrr"][0]["gross"] for row in told["intervals"][1]["intervalMetrics"]] == [
            *(100, Decimal("108.33")),
        ]

    run(story)


@pytest.mark.parametrize(
    "spans",
    [
        YEARS[:2],  # the last year is missing
        (YEARS[0], ("2027-02-01", "2027-12-31"), YEARS[2]),  # a gap
        (YEARS[0], ("2026-12-31", "2027-12-31"), YEARS[2]),  # a day twice
        (("2026-12-31", "2026-01-01"), *YEARS[1:]),  # it ends before it starts
    ],
)
def test_intervals_that_do_not_fill_the_term_are_refused(spans: Any) -> None:
    async def story() -> None:
        zuora = Zuora()
        answer = await ramped(zuora, spans)
        assert (answer.status >= 400, answer.category) == (True, 20)
        assert not list(zuora.rules.state.subscriptions)

    run(story)


def test_a_ramp_can_be_taken_away_and_is_not_found_then() -> None:
    async def story() -> None:
        zuora = Zuora()
        await ramped(zuora)
        body = order("O-2", "2026-02-01", action("RenewSubscription", "2029-01-01", renewSubscription={}))
        body["subscriptions"][0] |= {"subscriptionNumber": "S-1", "ramp": {"delete": True}}
        await zuora.ok("POST", "/v1/orders", body)
        assert (await zuora.ok("GET", "/v1/subscriptions/S-1/ramps"))["ramps"] == []
        await zuora.no(40, "GET", "/v1/ramps/R-00000001")
        await zuora.no(40, "GET", "/v1/subscriptions/S-1/ramp-metrics")

    run(story)


def test_unknown_charges_and_no_intervals_are_refused() -> None:
    async def story() -> None:
        for more, category in (({"charges": [{"chargeNumber": "C-9"}]}, 20), ({"intervals": []}, 22)):
            answer = await ramped(Zuora(), **more)
            assert (answer.status >= 400, answer.category) == (True, category)

    run(story)
