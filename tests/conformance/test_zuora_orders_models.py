"""The SDK's own models as requests: the defaults that they add are taken as the vendor takes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")
START = date(2026, 1, 1)


def catalogue(zuora: Any, m: Any, **charge: Any) -> tuple[str, str]:
    """A plan and its charge, made of models."""
    product = zuora.products_api().create_product(
        m.CreateProductRequest(
            name="Seats",
            sku="SEAT",
            effective_start_date=date(2020, 1, 1),
            effective_end_date=date(2090, 1, 1),
        )
    )
    plan = zuora.product_rate_plans_api().create_product_rate_plan(
        m.CreateProductRatePlanRequest(name="Basic", product_id=product.id)
    )
    wish = {
        "product_rate_plan_id": plan.id,
        "name": "Seats",
        "charge_model": "Per Unit Pricing",
        "charge_type": "Recurring",
        "bill_cycle_type": "DefaultFromCustomer",
        "billing_period": "Month",
        "billing_timing": "In Advance",
        "trigger_event": "ContractEffective",
        "uom": "Each",
        "default_quantity": 2,
        "use_discount_specific_accounting_code": False,
        "product_rate_plan_charge_tier_data": m.ProductRatePlanChargeTierData(
            product_rate_plan_charge_tier=[m.ProductRatePlanChargeTier(currency="USD", price=100)]
        ),
        **charge,
    }
    made = zuora.product_rate_plan_charges_api().create_product_rate_plan_charge(
        m.CreateProductRatePlanChargeRequest(**wish)
    )
    return plan.id, made.id


def dates(m: Any, on: date) -> list[Any]:
    return [m.TriggerDate(name=name, trigger_date=on) for name in z.TRIGGERS]


def created(m: Any, plan: str, charge: str) -> Any:
    """A CreateSubscription action of models."""
    override = m.ChargeOverride(
        product_rate_plan_charge_id=charge,
        pricing=m.ChargeOverridePricing(
            recurring_per_unit=m.RecurringPerUnitPricingOverride(list_price=90, quantity=3)
        ),
    )
    return m.CreateOrderAction(
        type="CreateSubscription",
        trigger_dates=dates(m, START),
        create_subscription=m.CreateOrderCreateSubscription(
            terms=m.OrderActionCreateSubscriptionTerms(
                auto_renew=False,
                initial_term=m.InitialTerm(
                    period=12, period_type="Month", start_date=START, term_type="TERMED"
                ),
                renewal_setting="RENEW_WITH_SPECIFIC_TERM",
                renewal_terms=[m.RenewalTerm(period=12, period_type="Month")],
            ),
            subscribe_to_rate_plans=[
                m.CreateOrderRatePlanOverride(product_rate_plan_id=plan, charge_overrides=[override])
            ],
        ),
    )


def test_an_order_of_models(zuora: Any) -> None:
    m = z.module()
    account = z.account(zuora)
    plan, charge = catalogue(zuora, m)
    placed = zuora.orders_api().create_order(
        m.CreateOrderRequest(
            order_date=START,
            existing_account_number=account.account_number,
            subscriptions=[m.CreateOrderSubscription(order_actions=[created(m, plan, charge)])],
            processing_options=m.ProcessingOptionsWithDelayedCapturePayment(
                run_billing=True, billing_options=m.BillingOptions(target_date=START)
            ),
        )
    )
    assert (placed.success, placed.status, len(placed.invoice_numbers)) == (True, "Completed", 1)
    number = placed.subscriptions[0].subscription_number
    found = zuora.subscriptions_api().get_subscription_by_key(number)
    shown = found.rate_plans[0].rate_plan_charges[0]
    assert (shown.price, shown.quantity, shown.billing_period, shown.type) == (90, 3, "Month", "Recurring")
    suspend = m.CreateOrderAction(
        type="Suspend",
        trigger_dates=dates(m, date(2026, 2, 1)),
        suspend=m.CreateOrderSuspend(suspend_policy="SpecificDate", suspend_specific_date=date(2026, 2, 1)),
    )
    entry = m.CreateOrderSubscription(subscription_number=number, order_actions=[suspend])
    placed = zuora.orders_api().create_order(
        m.CreateOrderRequest(
            order_date=START, existing_account_number=account.account_number, subscriptions=[entry]
        )
    )
    assert placed.subscriptions[0].status == "Suspended"
    done = zuora.subscriptions_api().resume_subscription(
        number, m.ResumeSubscriptionRequest(resume_policy="SuspendDate", extends_term=False)
    )
    assert done.success
    done = zuora.subscriptions_api().cancel_subscription(
        number, m.CancelSubscriptionRequest(cancellation_policy="EndOfCurrentTerm")
    )
    assert str(done.cancelled_date) == "2027-01-01"


def test_a_preview_of_models(zuora: Any) -> None:
    m = z.module()
    account = z.account(zuora)
    plan, _ = catalogue(zuora, m)
    action = m.PreviewOrderOrderAction(
        type="CreateSubscription",
        trigger_dates=dates(m, START),
        create_subscription=m.PreviewOrderCreateSubscription(
            terms=m.PreviewOrderCreateSubscriptionTerms(
                initial_term=m.InitialTerm(
                    period=12, period_type="Month", start_date=START, term_type="TERMED"
                )
            ),
            subscribe_to_rate_plans=[m.PreviewOrderRatePlanOverride(product_rate_plan_id=plan)],
        ),
    )
    found = zuora.orders_api().preview_order(
        m.PreviewOrderRequest(
            order_date=START,
            existing_account_number=account.account_number,
            subscriptions=[m.PreviewOrderSubscriptions(order_actions=[action])],
            preview_options=m.PreviewOptions(
                preview_thru_type="SpecificDate",
                specific_preview_thru_date=date(2026, 2, 1),
                preview_types=["BillingDocs"],
            ),
        )
    )
    assert found.preview_result.invoices[0].amount == 400


@pytest.mark.parametrize("kind", ["OneTime", "Usage"])
def test_charges_of_models(zuora: Any, kind: str) -> None:
    m = z.module()
    catalogue(zuora, m, charge_type=kind)


def test_usage_of_models(zuora: Any) -> None:
    m = z.module()
    account = z.account(zuora)
    catalogue(zuora, m, charge_type="Usage", uom="GB")
    made = zuora.usage_api().create_usage(
        m.CreateUsageRequest(
            account_id=account.account_id,
            uom="GB",
            quantity=2.5,
            start_date_time=datetime(2026, 1, 5, 8, tzinfo=UTC),
        )
    )
    assert zuora.usage_api().get_usage(made.id).quantity == 2.5
    assert zuora.usage_api().update_usage(made.id, m.UpdateUsageRequest(quantity=3)).success


def test_a_product_is_changed_by_models(zuora: Any) -> None:
    m = z.module()
    key = z.product(zuora)
    assert zuora.products_api().update_product(key, m.UpdateProductRequest(name="New")).id == key
    plan = z.plan(zuora, key)
    assert (
        zuora.product_rate_plans_api()
        .update_product_rate_plan(plan, m.UpdateProductRatePlanRequest(name="N"))
        .id
        == plan
    )
