"""Zuora's own Python SDK against the Zuora mock: orders that wait, jobs, previews, lists."""

from __future__ import annotations

import time
from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.test_zuora_orders_acts import START, Sold
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_subscription_waits_for_activation_and_acceptance(zuora: Any) -> None:
    made = z.account(zuora)
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan, 10, TriggerEvent="ServiceActivation")
    z.charge(zuora, plan, 5, Name="Care", TriggerEvent="CustomerAcceptance")
    act = z.create(plan, START)
    act["triggerDates"] = act["triggerDates"][:1]
    api = zuora.orders_api()
    placed = api.create_order(z.order(made.account_number, START, act))
    assert (placed.status, placed.subscriptions[0].status) == ("Pending", "Pending Activation")
    number = placed.subscriptions[0].subscription_number
    assert [o.order_number for o in api.get_pending_orders_by_subscription_number(number).orders] == [
        placed.order_number
    ]

    def trigger(name: str, day: str) -> Any:
        dates = {"sequence": 0, "triggerDates": [{"name": name, "triggerDate": day}]}
        body = {"subscriptions": [{"subscriptionNumber": number, "orderActions": [dates]}]}
        return api.update_order_trigger_dates(placed.order_number, body)

    done = trigger("ServiceActivation", "2026-01-15")
    assert (done.status, done.subscriptions[0].status) == ("Pending", "Pending Acceptance")
    done = trigger("CustomerAcceptance", "2026-02-01")
    assert (done.status, done.subscriptions[0].status) == ("Completed", "Active")
    found = zuora.subscriptions_api().get_subscription_by_key(number)
    assert (str(found.service_activation_date), str(found.customer_acceptance_date)) == (
        "2026-01-15",
        "2026-02-01",
    )
    charges = found.rate_plans[0].rate_plan_charges
    assert [str(c.effective_start_date) for c in charges] == ["2026-01-15", "2026-02-01"]
    body = {"subscriptions": [{"subscriptionNumber": number, "orderActions": []}]}
    assert z.category(z.raises(400, api.update_order_trigger_dates, placed.order_number, body)) == 30


def test_a_draft_order(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    body = sold.body(z.create(sold.plan, START), new=True, status="Draft")
    draft = api.create_order(body)
    assert draft.status == "Draft"
    found = api.get_order(draft.order_number).order
    assert (found.status, found.subscriptions[0].order_actions[0].type) == ("Draft", "CreateSubscription")
    assert len(zuora.subscriptions_api().get_subscriptions_by_account(sold.account).subscriptions) == 1
    changed = api.update_order(draft.order_number, {**body, "description": "now so"})
    assert changed.status == "Draft"
    done = api.activate_order(draft.order_number)
    assert (done.status, done.subscriptions[0].status) == ("Completed", "Active")
    assert api.get_order(draft.order_number).order.description == "now so"
    assert z.category(z.raises(400, api.activate_order, draft.order_number)) == 30
    assert z.category(z.raises(400, api.cancel_order, draft.order_number, body={})) == 30


def test_a_draft_order_is_cancelled_or_deleted(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    first = api.create_order(sold.body(z.create(sold.plan, START), new=True, status="Draft"))
    done = api.cancel_order(first.order_number, body={"cancelReason": "no"})
    assert (done.status, done.cancel_reason) == ("Cancelled", "no")
    second = api.create_order(sold.body(z.create(sold.plan, START), new=True, status="Draft"))
    assert api.delete_order(second.order_number).success
    z.raises(404, api.get_order, second.order_number)


def test_a_scheduled_order_is_carried_out_on_its_day(zuora: Any, zlab: Sandboxes) -> None:
    sold = Sold(zuora)
    zlab.control("zuora", "POST", "clock", {"set": "2026-12-01T00:00:00Z"})
    zuora.refresh_token()
    add = z.action("AddProduct", "2026-12-10", addProduct={"productRatePlanId": sold.plan})
    when = {"scheduledDate": "2026-12-10", "scheduledDatePolicy": "SpecificDate"}
    body = sold.body(add, on="2026-12-01", status="Scheduled", schedulingOptions=when)
    placed = zuora.orders_api().create_order(body)
    assert placed.status == "Scheduled"
    assert sold.now().version == 1
    zlab.control("zuora", "POST", "clock", {"advance": "10d"})
    zuora.refresh_token()
    assert zuora.orders_api().get_order(placed.order_number).order.status == "Completed"
    assert sold.now().version == 2


def test_deleting_an_order_takes_it_back(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    add = z.action("AddProduct", "2026-02-01", addProduct={"productRatePlanId": sold.plan})
    done = sold.order(add, on="2026-02-01")
    first = api.get_orders_by_subscription_number(sold.number).orders[-1].order_number
    assert z.category(z.raises(400, api.delete_order, first)) == 30
    assert api.delete_order(done.order_number).success
    found = sold.now()
    assert (found.version, len(found.rate_plans), found.is_latest_version) == (1, 1, True)
    assert api.delete_order(first).success
    z.raises(404, zuora.subscriptions_api().get_subscription_by_key, sold.number)


def test_what_was_billed_is_not_taken_back(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    body = sold.body(z.create(sold.plan, START), new=True, processingOptions={"runBilling": True})
    placed = api.create_order(body)
    assert len(placed.invoice_numbers) == 1
    assert z.category(z.raises(400, api.delete_order, placed.order_number)) == 30


def job_of(raw: z.Raw, key: str) -> Any:
    for _ in range(50):
        _, _, body = raw("GET", f"/v1/async-jobs/{key}")
        if body["status"] != "Processing":
            return body
        time.sleep(0.1)
    raise AssertionError(body)


def test_asynchronous_orders(zuora: Any, raw: z.Raw, zlab: Sandboxes) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    job = api.create_order_asynchronously(sold.body(z.create(sold.plan, START), new=True))
    assert (job.success, bool(job.job_id)) == (True, True)
    assert api.get_job_status_and_response(job.job_id).status == "Processing"
    zlab.control("zuora", "POST", "clock", {"advance": "5s"})
    done = job_of(raw, job.job_id)
    assert (done["status"], done["errors"], done["result"]["status"]) == ("Completed", None, "Completed")
    number = done["result"]["orderNumber"]
    assert api.get_order(number).order.status == "Completed"
    job = api.delete_order_asynchronously(number)
    zlab.control("zuora", "POST", "clock", {"advance": "5s"})
    assert job_of(raw, job.job_id)["status"] == "Completed"
    z.raises(404, api.get_order, number)
    z.raises(404, api.delete_order_asynchronously, number)
    z.raises(404, api.get_job_status_and_response, "0" * 32)


def test_an_asynchronous_order_may_fail(zuora: Any, raw: z.Raw, zlab: Sandboxes) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    job = api.create_order_asynchronously(
        sold.body(z.action("Resume", START, resume={"resumePolicy": "Today"}))
    )
    zlab.control("zuora", "POST", "clock", {"advance": "5s"})
    done = job_of(raw, job.job_id)
    assert (done["status"], done["result"]) == ("Failed", None)
    assert "Active" in done["errors"]


def preview(sold: Sold, *actions: Any, new: bool = False, **options: Any) -> dict[str, Any]:
    wish = {"previewTypes": ["BillingDocs", "ChargeMetrics", "OrderDeltaMetrics"], **options}
    return sold.body(*actions, new=new, previewOptions=wish)


def test_previews_bill_nothing(zuora: Any, raw: z.Raw, zlab: Sandboxes) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    wish = preview(sold, z.create(sold.plan, START), new=True, previewThruType="TermEnd")
    found = api.preview_order(wish).preview_result
    invoice = found.invoices[0]
    assert (invoice.amount, len(invoice.invoice_items)) == (2400, 12)
    item = invoice.invoice_items[0]
    assert (str(item.service_start_date), str(item.service_end_date)) == ("2026-01-01", "2026-01-31")
    assert (item.amount_without_tax, item.charge_name, item.processing_type) == (200, "Seats", "Charge")
    assert found.charge_metrics[0].charges[0].cmrr.regular == 200
    assert found.order_delta_metrics.order_delta_mrr[0].gross_amount == 200
    wish = preview(
        sold,
        z.create(sold.plan, START),
        new=True,
        previewThruType="NumberOfPeriods",
        previewNumberOfPeriods=3,
    )
    assert api.preview_order(wish).preview_result.invoices[0].amount == 600
    wish = preview(
        sold,
        z.create(sold.plan, START),
        new=True,
        previewThruType="SpecificDate",
        specificPreviewThruDate="2026-02-10",
    )
    assert api.preview_order(wish).preview_result.invoices[0].amount == 400
    assert len(zuora.subscriptions_api().get_subscriptions_by_account(sold.account).subscriptions) == 1
    job = api.preview_order_asynchronously(wish)
    zlab.control("zuora", "POST", "clock", {"advance": "5s"})
    assert job_of(raw, job.job_id)["result"]["invoices"][0]["amount"] == 400


def test_a_preview_of_a_cancellation_is_a_credit_memo(zuora: Any) -> None:
    sold = Sold(zuora)
    sold.order(
        z.action("TermsAndConditions", START, termsAndConditions={"autoRenew": False}),
        processingOptions={"runBilling": True, "billingOptions": {"targetDate": "2026-02-01"}},
    )
    cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-02-15"}
    act = z.action("CancelSubscription", "2026-02-15", cancelSubscription=cancel)
    wish = preview(sold, act, previewThruType="SpecificDate", specificPreviewThruDate="2026-03-01")
    found = zuora.orders_api().preview_order(wish).preview_result
    assert found.invoices == []
    memo = found.credit_memos[0]
    assert (memo.amount, str(memo.credit_memo_items[0].service_start_date)) == (100, "2026-02-15")


def test_a_preview_for_nobody_yet(zuora: Any) -> None:
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan, 50)
    body = {
        "orderDate": START,
        "previewAccountInfo": {"currency": "USD", "billCycleDay": 1},
        "previewOptions": {
            "previewThruType": "SpecificDate",
            "specificPreviewThruDate": START,
            "previewTypes": ["BillingDocs"],
        },
        "subscriptions": [{"orderActions": [z.create(plan, START)]}],
    }
    assert zuora.orders_api().preview_order(body).preview_result.invoices[0].amount == 50
    del body["previewAccountInfo"]
    assert z.category(z.raises(400, zuora.orders_api().preview_order, body)) == 22


def test_refused_previews(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    create = z.create(sold.plan, START)
    assert z.category(z.raises(400, api.preview_order, sold.body(create, new=True))) == 22
    wish = preview(sold, create, new=True, previewThruType="Sometime")
    assert z.category(z.raises(400, api.preview_order, wish)) == 20
    wish = preview(sold, create, new=True, previewThruType="SpecificDate")
    assert z.category(z.raises(400, api.preview_order, wish)) == 22
    wish = preview(sold, create, new=True, previewThroughType="x")
    body = z.raises(400, api.preview_order, wish)
    assert body["reasons"][0]["code"] == 58740021


def test_lists_of_orders(zuora: Any) -> None:
    sold = Sold(zuora)
    add = z.action("AddProduct", "2026-02-01", addProduct={"productRatePlanId": sold.plan})
    sold.order(add, on="2026-02-01", description="second", customFields={"Deal__c": "7"})
    api = zuora.orders_api()
    every = api.get_orders().orders
    assert [str(o.order_date) for o in every] == ["2026-02-01", "2026-01-01"]
    assert every[0].custom_fields == {"Deal__c": "7"}
    assert len(api.get_orders(page_size=1).orders) == 1
    assert api.get_orders(page_size=1).next_page
    from datetime import date

    late = api.get_orders(start_date=date(2026, 1, 15), end_date=date(2026, 3, 1)).orders
    assert [o.description for o in late] == ["second"]
    assert len(api.get_orders_by_subscription_number(sold.number).orders) == 2
    assert len(api.get_orders_by_subscription_owner(sold.account).orders) == 2
    assert len(api.get_orders_by_invoice_owner(sold.account).orders) == 2
    z.raises(404, api.get_orders_by_subscription_owner, "A-none")
    one = api.get_order(every[0].order_number).order
    action = one.subscriptions[0].order_actions[0]
    assert (action.type, action.add_product.product_rate_plan_id) == ("AddProduct", sold.plan)
    assert (one.subscriptions[0].base_version, one.subscriptions[0].new_version) == (1, 2)


def test_custom_fields_are_updated(zuora: Any) -> None:
    sold = Sold(zuora)
    api = zuora.orders_api()
    number = api.get_orders().orders[0].order_number
    assert api.update_order_custom_fields(number, {"customFields": {"Deal__c": "9"}}).success
    assert api.get_order(number).order.custom_fields == {"Deal__c": "9"}
    api.update_subscription_custom_fields(
        sold.number, {"customFields": {"Colour__c": "red", "QuoteNumber__QT": "Q-1"}}
    )
    found = sold.now()
    assert (found.to_dict()["Colour__c"], found.quote_number__qt) == ("red", "Q-1")
    body = z.raises(400, api.update_order_custom_fields, number, {"customFields": {"deal": "9"}})
    assert z.category(body) == 21
