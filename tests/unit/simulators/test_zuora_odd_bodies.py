"""Whatever is written into a body of the contract half: it is answered, and never with a 500."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .zuora_client import Zuora, action, create, offer, order, plan_terms, run, subscribed

ODD = st.sampled_from(
    [
        None, True, False, 0, -1, 1, 10**17, 10**30, 0.5, "", "x", "2026-02-30", "2026-03-01", "9999-12-31",
        "NaN", [], {}, [None], [{}], [[]], {"x": 1}, "Month", "TERMED", "SpecificDate", "Today",
        "Recurring", "Usage", "OneTime", "Tiered Pricing", "Discount-Percentage", "Subscription Term", "Week",
    ]
)  # fmt: skip


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, each in value.items():
            found += spots(each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            found += spots(each, (*path, place))
    return found


def bodies(plan: str, charge: str) -> list[tuple[str, str, Any]]:
    """A good body for each path, to be spoilt."""
    day, later = "2026-01-01", "2026-02-01"
    terms = plan_terms(plan, charge, 2, 50.0, "Month")
    terms["chargeOverrides"][0]["endDate"] = {"endDateCondition": "Fixed_Period", "upToPeriods": 2}
    more = [{"productRatePlanChargeId": charge, "pricing": {}}]
    acts: dict[str, dict[str, Any]] = {
        "AddProduct": {"addProduct": terms},
        "UpdateProduct": {"updateProduct": {"productRatePlanId": plan, "chargeUpdates": more}},
        "RemoveProduct": {"removeProduct": {"productRatePlanId": plan}},
        "ChangePlan": {"changePlan": {"productRatePlanId": plan, "newProductRatePlan": terms}},
        "Suspend": {"suspend": {"suspendPolicy": "FixedPeriodsFromToday", "suspendPeriods": 1}},
        "Resume": {"resume": {"resumePolicy": "Today", "extendsTerm": True}},
        "CancelSubscription": {"cancelSubscription": {"cancellationPolicy": "EndOfCurrentTerm"}},
        "OwnerTransfer": {"ownerTransfer": {"destinationAccountNumber": "A-1"}},
        "TermsAndConditions": {"termsAndConditions": {"lastTerm": {"period": 3, "termType": "TERMED"}}},
    }
    options = {"runBilling": True, "billingOptions": {"targetDate": later}}
    first = create("", day, terms)
    del first["createSubscription"]["subscriptionNumber"]
    whole = order("", day, first, processingOptions=options)
    preview = {"previewThruType": "NumberOfPeriods", "previewNumberOfPeriods": 2}
    shown = {**whole, "previewOptions": {**preview, "previewTypes": ["BillingDocs", "ChargeMetrics"]}}
    new = {**offer(plan), "UpToPeriods": 1, "SpecificBillingPeriod": 2, "IncludedUnits": 1}
    usage = {"AccountNumber": "A-1", "UOM": "Seat", "Quantity": 1, "StartDateTime": f"{day}T00:00:00"}
    rest = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": later, "resume": True}
    ended = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": later, "runBilling": True}
    through = {"previewThruDatePolicy": "nextBillingPeriods", "nextBillingPeriods": 2}
    dates = {"subscriptionNumber": "S-1", "orderActions": [{"sequence": 0, "triggerDates": []}]}
    crud, sold = "/v1/object/product-rate-plan-charge", "/v1/subscriptions/S-1"
    found: list[tuple[str, str, Any]] = [
        ("POST", "/v1/orders", whole),
        ("POST", "/v1/orders/preview", shown),
        ("POST", "/v1/async/orders", whole),
        ("POST", crud, new),
        ("PUT", f"{crud}/{charge}", {"Name": "x", "ListPriceBase": "Per Month", "ChargeType": "Recurring"}),
        ("POST", "/v1/object/usage", usage),
        ("PUT", f"{sold}/suspend", {**rest, "resumePolicy": "Today"}),
        ("PUT", f"{sold}/cancel", ended),
        ("POST", f"{sold}/preview", {"previewThroughDate": through}),
        ("PUT", "/v1/orders/O-1/triggerDates", {"subscriptions": [dates]}),
    ]
    for kind, body in acts.items():
        done = action(kind, later, **body)
        found.append(("POST", "/v1/orders", order("", later, done, subscription="S-1")))
    return found


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_odd_bodies_are_answered(data: st.DataObject) -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await subscribed(zuora)
        method, path, body = data.draw(st.sampled_from(bodies(plan, charge)))
        for _ in range(data.draw(st.integers(1, 2))):
            body = copy.deepcopy(body)
            spot = data.draw(st.sampled_from(spots(body) or [()]))
            if not spot:
                continue
            holder = body
            for step in spot[:-1]:
                holder = holder[step]
            holder[spot[-1]] = data.draw(ODD)
        answer = await zuora.call(method, path, body)
        assert answer.status < 500, (json.dumps(body), answer.body)
        await zuora.settle()
        assert (await zuora.call("GET", "/v1/subscriptions/S-1?charge-detail=all-segments")).status == 200

    run(story)
