"""Zuora's own Python SDK against the Zuora mock: the older subscription calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance import zuora_client as z
from tests.conformance.test_zuora_orders_acts import START, Sold
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")


def test_suspend_and_resume(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.subscriptions_api()
    done = api.suspend_subscription(
        sold.number, {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-04-01"}
    )
    assert (done.success, str(done.suspend_date)) == (True, "2026-04-01")
    assert sold.now().status == "Suspended"
    z.raises(400, api.suspend_subscription, sold.number, {"suspendPolicy": "Today"})
    done = api.resume_subscription(
        sold.number, {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-05-01", "extendsTerm": True}
    )
    assert (str(done.resume_date), str(done.term_end_date)) == ("2026-05-01", "2027-01-31")
    found = sold.now()
    assert (found.status, found.version) == ("Active", 3)


def test_suspend_with_a_resumption(zuora: Any) -> None:
    sold = Sold(zuora)
    done = zuora.subscriptions_api().suspend_subscription(
        sold.number,
        {
            "suspendPolicy": "SpecificDate",
            "suspendSpecificDate": "2026-04-01",
            "resume": True,
            "resumePolicy": "FixedPeriodsFromSuspendDate",
            "resumePeriods": 1,
            "resumePeriodsType": "Month",
        },
    )
    assert (str(done.suspend_date), str(done.resume_date)) == ("2026-04-01", "2026-05-01")
    assert sold.segments() == [("2026-01-01", "2026-04-01", 2), ("2026-05-01", "2027-01-01", 2)]


def test_renew_and_cancel(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.subscriptions_api()
    done = api.renew_subscription(sold.number, {})
    assert (str(done.term_start_date), str(done.term_end_date)) == ("2027-01-01", "2028-01-01")
    assert done.total_delta_tcv == 2400
    done = api.cancel_subscription(
        sold.number,
        {
            "cancellationPolicy": "SpecificDate",
            "cancellationEffectiveDate": "2026-06-01",
            "runBilling": True,
            "targetDate": "2026-06-01",
        },
    )
    assert (str(done.cancelled_date), done.total_delta_mrr) == ("2026-06-01", -200)
    assert done.invoice_id
    assert sold.now().status == "Cancelled"
    assert z.category(z.raises(400, api.renew_subscription, sold.number, {})) == 30
    z.raises(404, api.cancel_subscription, "A-S-none", {"cancellationPolicy": "EndOfCurrentTerm"})
    assert z.category(
        z.raises(400, api.cancel_subscription, sold.number, {"cancellationPolicy": "Whenever"})
    ) in (20, 30)


def test_create_and_update(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.subscriptions_api()
    made = api.create_subscription(
        {
            "accountKey": sold.account,
            "contractEffectiveDate": START,
            "termType": "TERMED",
            "initialTerm": 12,
            "renewalTerm": 12,
            "subscribeToRatePlans": [
                {
                    "productRatePlanId": sold.plan,
                    "chargeOverrides": [{"productRatePlanChargeId": sold.charge, "price": 80, "quantity": 3}],
                }
            ],
            "Colour__c": "red",
        }
    )
    assert (made.success, made.contracted_mrr, made.total_contracted_value) == (True, 240, 2880)
    found = api.get_subscription_by_key(made.subscription_number)
    charge = found.rate_plans[0].rate_plan_charges[0]
    assert (charge.price, charge.quantity, found.to_dict()["Colour__c"]) == (80, 3, "red")
    done = api.update_subscription(
        made.subscription_number,
        {
            "update": [
                {
                    "ratePlanId": found.rate_plans[0].id,
                    "contractEffectiveDate": "2026-03-01",
                    "chargeUpdateDetails": [{"ratePlanChargeId": charge.id, "quantity": 5}],
                }
            ],
            "add": [{"productRatePlanId": sold.plan, "contractEffectiveDate": "2026-03-01"}],
            "autoRenew": True,
        },
    )
    assert (done.success, done.total_delta_mrr) == (True, 360)
    found = api.get_subscription_by_key(made.subscription_number)
    assert (found.auto_renew, len(found.rate_plans), found.contracted_mrr) == (True, 2, 600)


def test_previews(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.subscriptions_api()
    found = api.preview_subscription(
        {
            "accountKey": sold.account,
            "contractEffectiveDate": START,
            "targetDate": "2026-02-01",
            "termType": "TERMED",
            "initialTerm": 12,
            "previewType": "InvoiceItem",
            "subscribeToRatePlans": [{"productRatePlanId": sold.plan}],
        }
    )
    assert (found.invoice.amount, len(found.invoice.invoice_items), found.contracted_mrr) == (400, 2, 200)
    through = {"previewThruDatePolicy": "specificDate", "specificDate": "2026-03-01"}
    found = api.preview_existing_subscription(sold.number, {"previewThroughDate": through})
    assert (found.success, found.invoices[0].amount, found.credit_memos) == (True, 600, [])


def test_lists_and_metrics(zuora: Any) -> None:
    sold = Sold(zuora)
    for _ in range(2):
        sold.order(z.create(sold.plan, START), new=True)
    api = zuora.subscriptions_api()
    first = api.get_subscriptions_by_account(sold.account, page_size=2)
    assert (len(first.subscriptions), bool(first.next_page)) == (2, True)
    assert len(api.get_subscriptions_by_account(sold.account_id).subscriptions) == 3
    z.raises(404, api.get_subscriptions_by_account, "A-none")
    rows = api.get_metrics_by_subscription_numbers([sold.number]).subscription_metrics
    assert (rows[0].contracted_mrr, rows[0].total_contracted_value) == (200, 2400)


def test_delete(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.subscriptions_api()
    assert api.delete_subscription(sold.number).success
    z.raises(404, api.get_subscription_by_key, sold.number)


def test_versions(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.subscriptions_api()
    api.renew_subscription(sold.number, {})
    old = api.get_subscription_by_key_and_version(sold.number, "1")
    assert (old.is_latest_version, old.status, str(old.term_end_date)) == (False, "Active", "2027-01-01")
    assert api.get_subscription_by_key(old.id).version == 1
    assert api.get_subscription_by_key_and_version(sold.number, "latest-active").version == 2
    z.raises(404, api.get_subscription_by_key_and_version, sold.number, "9")
    body = z.raises(400, api.get_subscription_by_key, sold.number, charge_detail="nonsense")
    assert z.category(body) == 20


def test_rate_plans_actions_and_deltas(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    plan = sold.now().rate_plans[0]
    found = zuora.rate_plans_api().get_rate_plan(plan.id)
    assert (found.product_rate_plan_id, found.rate_plan_name) == (sold.plan, "Basic")
    z.raises(404, zuora.rate_plans_api().get_rate_plan, "0" * 32)
    order = zuora.orders_api().get_orders().orders[0]
    action = order.subscriptions[0].order_actions[0]
    assert zuora.order_actions_api().update_order_action(action.id, {"customFields": {"Why__c": "x"}}).success
    again = zuora.orders_api().get_order(order.order_number).order
    assert again.subscriptions[0].order_actions[0].custom_fields == {"Why__c": "x"}
    deltas = zuora.orders_api().get_order_delta_metrics_by_order_number(order.order_number)
    assert deltas.order_delta_metrics.order_delta_mrr[0].gross_amount == 200
    assert deltas.order_delta_metrics.order_delta_tcv[0].net_amount == 2400
    assert deltas.order_delta_metrics.order_delta_qty[0].quantity == 2
    _, _, placed = raw(
        "POST", "/v1/orders", sold.body(z.create(sold.plan, START), new=True), zuora_version="206.0"
    )
    assert placed["subscriptionNumbers"] == [placed["subscriptions"][0]["subscriptionNumber"]]


def test_an_evergreen_subscription(zuora: Any) -> None:
    sold = Sold(zuora)
    act = z.create(sold.plan, START)
    act["createSubscription"]["terms"] = {"initialTerm": {"startDate": START, "termType": "EVERGREEN"}}
    number = sold.order(act, new=True).subscriptions[0].subscription_number
    found = zuora.subscriptions_api().get_subscription_by_key(number)
    assert (found.term_type, found.term_end_date, found.status) == ("EVERGREEN", None, "Active")
    charge = found.rate_plans[0].rate_plan_charges[0]
    assert (charge.effective_end_date, charge.price) == (None, 100)
