"""Zuora's own Python SDK against the Zuora mock: what orders and usage come to on invoices."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.test_zuora_orders_acts import START, Sold
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")


def billed(raw: z.Raw, sold: Sold, target: str, *actions: Any, new: bool = False) -> list[tuple[Any, ...]]:
    """Bill the subscription by an order: (charge, from, to, amount) of each line, credits negative."""
    options = {"runBilling": True, "billingOptions": {"targetDate": target}}
    if not actions:
        actions = (z.action("TermsAndConditions", START, termsAndConditions={"autoRenew": False}),)
    status, _, body = raw("POST", "/v1/orders", sold.body(*actions, new=new, processingOptions=options))
    assert status == 200, body
    lines = []
    for number in body.get("invoiceNumbers", ()):
        _, _, found = raw("GET", f"/v1/invoices/{number}/items?pageSize=40")
        lines += [
            (i["chargeName"], i["serviceStartDate"], i["serviceEndDate"], i["chargeAmount"])
            for i in found["invoiceItems"]
        ]
    for number in body.get("creditMemoNumbers", ()):
        _, _, found = raw("GET", f"/v1/credit-memos/{number}/items?pageSize=40")
        lines += [
            ("credit", i["serviceStartDate"], i["serviceEndDate"], -i["amount"]) for i in found["items"]
        ]
    return lines


def test_in_advance_by_period(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    assert billed(raw, sold, "2026-02-15") == [
        ("Seats", "2026-01-01", "2026-01-31", 200),
        ("Seats", "2026-02-01", "2026-02-28", 200),
    ]
    assert billed(raw, sold, "2026-02-15") == []
    charge = sold.now("last-segment").rate_plans[0].rate_plan_charges[0]
    assert (str(charge.charged_through_date), str(charge.processed_through_date)) == (
        "2026-03-01",
        "2026-03-01",
    )


def test_in_arrears_by_period(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora, BillingTiming="In Arrears")
    assert billed(raw, sold, "2026-01-31") == []
    assert billed(raw, sold, "2026-02-01") == [("Seats", "2026-01-01", "2026-01-31", 200)]


@pytest.mark.parametrize(
    ("period", "more", "end"),
    [
        ("Quarter", {}, "2026-03-31"),
        ("Semi-Annual", {}, "2026-06-30"),
        ("Annual", {}, "2026-12-31"),
        ("Specific Months", {"SpecificBillingPeriod": 5}, "2026-05-31"),
        ("Week", {}, "2026-01-07"),
        ("Subscription Term", {}, "2026-12-31"),
    ],
)
def test_billing_periods(zuora: Any, raw: z.Raw, period: str, more: dict[str, Any], end: str) -> None:
    sold = Sold(zuora, BillingPeriod=period, **more)
    assert billed(raw, sold, START) == [("Seats", START, end, 200)]
    shown = sold.now().rate_plans[0].rate_plan_charges[0]
    assert shown.billing_period.replace("_", " ").replace("-", " ") == period.replace("-", " ")


def test_bill_cycle_day_of_the_customer_makes_a_stub(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    plan = z.plan(zuora, sold.product, "Mid")
    z.charge(zuora, plan, 31, BillCycleType="DefaultFromCustomer")
    lines = billed(raw, sold, "2026-02-01", z.create(plan, "2026-01-11"), new=True)
    assert lines == [
        ("Seats -- Proration", "2026-01-11", "2026-01-31", 21),
        ("Seats", "2026-02-01", "2026-02-28", 31),
    ]


def test_a_bill_cycle_day_at_the_end_of_the_month(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    plan = z.plan(zuora, sold.product, "End")
    z.charge(zuora, plan, 10, BillCycleType="SpecificDayofMonth", BillCycleDay=31)
    lines = billed(raw, sold, "2026-04-30", z.create(plan, "2026-01-31"), new=True)
    assert [line[1] for line in lines] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert [line[3] for line in lines] == [10, 10, 10, 10]


def test_one_time_charges_are_billed_once(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora, ChargeType="OneTime")
    assert billed(raw, sold, "2026-06-01") == [("Seats", START, START, 200)]
    assert billed(raw, sold, "2026-12-01") == []
    assert sold.now().contracted_mrr == 0


def test_a_list_price_by_month_for_a_quarter(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora, BillingPeriod="Quarter", ListPriceBase="Per Month")
    assert billed(raw, sold, START)[0][3] == 600
    assert sold.now().contracted_mrr == 200


def test_a_charge_for_a_fixed_time(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora, EndDateCondition="FixedPeriod", UpToPeriods=2, UpToPeriodsType="Billing Periods")
    assert [line[1] for line in billed(raw, sold, "2026-12-01")] == ["2026-01-01", "2026-02-01"]
    assert sold.segments() == [("2026-01-01", "2026-03-01", 2)]


TIERS = [
    {"Currency": "USD", "StartingUnit": 0, "EndingUnit": 10, "Price": 5, "PriceFormat": "Per Unit"},
    {"Currency": "USD", "StartingUnit": 10, "EndingUnit": 20, "Price": 3, "PriceFormat": "Per Unit"},
    {"Currency": "USD", "StartingUnit": 20, "Price": 20, "PriceFormat": "Flat Fee"},
]


OVER = {"Currency": "USD", "IsOveragePrice": True, "Price": 2, "PriceFormat": "Per Unit"}


@pytest.mark.parametrize(
    ("model", "quantity", "amount"),
    [
        ("Tiered Pricing", 4, 20),
        ("Tiered Pricing", 10, 50),
        ("Tiered Pricing", 15, 65),
        ("Tiered Pricing", 25, 100),
        ("Volume Pricing", 10, 50),
        ("Volume Pricing", 15, 45),
        ("Volume Pricing", 25, 20),
    ],
)
def test_tiers(zuora: Any, raw: z.Raw, model: str, quantity: int, amount: int) -> None:
    sold = Sold(zuora)
    plan = z.plan(zuora, sold.product, "Tiers")
    rows = {"ProductRatePlanChargeTier": TIERS}
    charge = z.charge(zuora, plan, ChargeModel=model, ProductRatePlanChargeTierData=rows)
    member = "recurringTiered" if model.startswith("Tiered") else "recurringVolume"
    override = {"productRatePlanChargeId": charge, "pricing": {member: {"quantity": quantity}}}
    plans = [{"productRatePlanId": plan, "chargeOverrides": [override]}]
    lines = billed(raw, sold, START, z.create(plan, START, subscribeToRatePlans=plans), new=True)
    assert lines == [("Seats", START, "2026-01-31", amount)]


def test_pricing_of_another_model_is_refused(zuora: Any) -> None:
    sold = Sold(zuora)
    override = {"productRatePlanChargeId": sold.charge, "pricing": {"recurringFlatFee": {"listPrice": 1}}}
    plans = [{"productRatePlanId": sold.plan, "chargeOverrides": [override]}]
    body = sold.refused(400, z.create(sold.plan, START, subscribeToRatePlans=plans), new=True)
    assert z.category(body) == 20


@pytest.mark.parametrize(("model", "row", "off"), [
    ("Discount-Percentage", {"Currency": "USD", "DiscountPercentage": 25}, -50),
    ("Discount-Fixed Amount", {"Currency": "USD", "DiscountAmount": 30}, -30),
    ("Discount-Fixed Amount", {"Currency": "USD", "DiscountAmount": 500}, -200),
])  # fmt: skip
def test_discounts(zuora: Any, raw: z.Raw, model: str, row: dict[str, Any], off: int) -> None:
    sold = Sold(zuora)
    z.charge(
        zuora,
        sold.plan,
        Name="Rebate",
        ChargeModel=model,
        ApplyDiscountTo="RECURRING",
        DiscountLevel="rateplan",
        ProductRatePlanChargeTierData={"ProductRatePlanChargeTier": [row]},
    )
    lines = billed(raw, sold, START, z.create(sold.plan, START), new=True)
    assert lines == [("Seats", START, "2026-01-31", 200), ("Rebate", START, "2026-01-31", off)]


def test_a_discount_is_given_back_with_what_it_was_taken_off(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    row = {"Currency": "USD", "DiscountPercentage": 25}
    rows = {"ProductRatePlanChargeTier": [row]}
    z.charge(
        zuora, sold.plan, Name="Rebate", ChargeModel="Discount-Percentage", ProductRatePlanChargeTierData=rows
    )
    billed(raw, sold, "2026-04-01", z.create(sold.plan, "2026-04-01"), new=True)
    sold.number = zuora.orders_api().get_orders().orders[0].subscriptions[0].subscription_number
    cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-04-16"}
    act = z.action("CancelSubscription", "2026-04-16", cancelSubscription=cancel)
    lines = billed(raw, sold, "2026-05-01", act)
    assert sum(line[3] for line in lines) == -75


def test_a_change_in_the_middle_of_a_period_is_prorated(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    billed(raw, sold, "2026-04-01")
    update = {
        "productRatePlanId": sold.plan,
        "chargeUpdates": [
            {"productRatePlanChargeId": sold.charge, "pricing": {"recurringPerUnit": {"quantity": 3}}}
        ],
    }
    lines = billed(raw, sold, "2026-04-30", z.action("UpdateProduct", "2026-04-16", updateProduct=update))
    assert lines == [
        ("Seats -- Proration Credit", "2026-04-16", "2026-04-30", -100),
        ("Seats -- Proration", "2026-04-16", "2026-04-30", 150),
    ]


def test_lines_say_what_was_given_back(zuora: Any, raw: z.Raw) -> None:
    """Half of April and all of May: the names end as on the vendor's documents."""
    sold = Sold(zuora)
    billed(raw, sold, "2026-05-01")
    cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-04-16"}
    billed(raw, sold, "2026-05-31", z.action("CancelSubscription", "2026-04-16", cancelSubscription=cancel))
    (memo,) = zuora.credit_memos_api().get_credit_memos().creditmemos
    lines = raw("GET", f"/v1/credit-memos/{memo.id}/items")[2]["items"]
    assert [(line["chargeName"], line["amount"]) for line in lines] == [
        ("Seats -- Proration Credit", 100),
        ("Seats -- Credit", 200),
    ]
    found = raw("GET", "/object-query/credit-memo-items?sort[]=amount.ASC")[2]["data"]
    assert [item["chargeName"] for item in found] == [line["chargeName"] for line in lines]


def test_a_suspension_is_not_billed(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    billed(raw, sold, "2026-04-01")
    rest = {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-04-16"}
    lines = billed(raw, sold, "2026-06-01", z.action("Suspend", "2026-04-16", suspend=rest))
    assert lines == [("credit", "2026-04-16", "2026-04-30", -100)]
    go = {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-06-16"}
    lines = billed(raw, sold, "2026-07-01", z.action("Resume", "2026-06-16", resume=go))
    assert lines == [
        ("Seats -- Proration", "2026-06-16", "2026-06-30", 100),
        ("Seats", "2026-07-01", "2026-07-31", 200),
    ]


def test_draft_invoices_and_excluded_kinds(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    z.charge(
        zuora,
        sold.plan,
        70,
        Name="Setup",
        ChargeType="OneTime",
        ChargeModel="Flat Fee Pricing",
        DefaultQuantity=None,
    )
    options = {
        "runBilling": True,
        "billingOptions": {
            "targetDate": START,
            "generateDraftInvoice": True,
            "chargeTypeToExclude": ["OneTime"],
        },
    }
    placed = sold.order(z.create(sold.plan, START), new=True, processingOptions=options)
    _, _, invoice = raw("GET", f"/v1/invoices/{placed.invoice_numbers[0]}")
    assert (invoice["status"], invoice["amount"]) == ("Draft", 200)


def test_without_a_way_to_pay_nothing_is_kept(zuora: Any) -> None:
    sold = Sold(zuora)
    options = {"runBilling": True, "collectPayment": True}
    body = sold.refused(400, z.create(sold.plan, START), new=True, processingOptions=options)
    assert z.category(body) == 22
    assert len(zuora.subscriptions_api().get_subscriptions_by_account(sold.account).subscriptions) == 1


def test_credit_of_the_account_is_applied(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    billed(raw, sold, START)
    cancel = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": START}
    billed(raw, sold, START, z.action("CancelSubscription", START, cancelSubscription=cancel))
    options = {"runBilling": True, "applyCredit": True, "billingOptions": {"targetDate": START}}
    placed = sold.order(z.create(sold.plan, START), new=True, processingOptions=options)
    _, _, invoice = raw("GET", f"/v1/invoices/{placed.invoice_numbers[0]}")
    assert (invoice["amount"], invoice["balance"]) == (200, 0)


def test_a_subscription_may_be_invoiced_separately(zuora: Any, raw: z.Raw) -> None:
    sold = Sold(zuora)
    for own in (True, False, True):
        sold.order(z.create(sold.plan, START, invoiceSeparately=own), new=True)
    wish = {"targetDate": START, "invoiceDate": START}
    zuora.bill_run_api().create_bill_run(wish)
    raw.send("POST", "/_tieout/clock", b'{"advance": "60s"}', {"content-type": "application/json"})
    _, _, found = raw("GET", "/object-query/invoices")
    assert sorted(row["amount"] for row in found["data"]) == [200, 200, 400]


class Metered(Sold):
    """A subscription of a usage charge, by the gigabyte."""

    def __init__(self, zuora: Any, model: str = "Per Unit Pricing", **more: Any) -> None:
        super().__init__(zuora, price=2, ChargeType="Usage", ChargeModel=model, UOM="GB", **more)
        self.charge_number = self.now().rate_plans[0].rate_plan_charges[0].number

    def use(self, day: str, quantity: float, **more: Any) -> str:
        wish = {
            "AccountId": self.account_id,
            "SubscriptionNumber": self.number,
            "ChargeNumber": self.charge_number,
            "StartDateTime": f"{day}T08:00:00.000+00:00",
            "UOM": "GB",
            "Quantity": quantity,
            **more,
        }
        return str(self.sdk.usage_api().create_usage(wish).id)


def test_usage_is_billed_when_its_period_is_over(zuora: Any, raw: z.Raw) -> None:
    sold = Metered(zuora)
    keys = [sold.use("2026-01-05", 3), sold.use("2026-01-31", 4.5), sold.use("2026-02-01", 10)]
    api = zuora.usage_api()
    assert api.get_usage(keys[0]).rbe_status == "Pending"
    assert billed(raw, sold, "2026-01-31") == []
    assert billed(raw, sold, "2026-02-01") == [("Seats", "2026-01-01", "2026-01-31", 15)]
    assert [api.get_usage(key).rbe_status for key in keys] == ["Processed", "Processed", "Pending"]
    assert z.raises(400, api.update_usage, keys[0], {"Quantity": 1})["Success"] is False
    assert z.raises(400, api.delete_usage, keys[0])["Success"] is False
    assert billed(raw, sold, "2026-03-01") == [("Seats", "2026-02-01", "2026-02-28", 20)]


@pytest.mark.parametrize(
    ("model", "more", "amount"),
    [
        ("Tiered Pricing", {"rows": TIERS}, 100),
        ("Volume Pricing", {"rows": TIERS}, 20),
        ("Overage Pricing", {"IncludedUnits": 5}, 40),
        # Ten at 5, ten at 3, and what is above the last tier at 2, wherever its row stands.
        ("Tiered with Overage Pricing", {"rows": [*TIERS[:2], {**OVER, "StartingUnit": 20}]}, 90),
        ("Tiered with Overage Pricing", {"rows": [OVER, *TIERS[:2]]}, 90),
        ("Flat Fee Pricing", {}, 2),
    ],
)
def test_usage_by_model(zuora: Any, raw: z.Raw, model: str, more: dict[str, Any], amount: int) -> None:
    wish = dict(more)
    if rows := wish.pop("rows", None):
        wish["ProductRatePlanChargeTierData"] = {"ProductRatePlanChargeTier": rows}
    sold = Metered(zuora, model, **wish)
    sold.use("2026-01-02", 12)
    sold.use("2026-01-20", 13)
    assert billed(raw, sold, "2026-02-01")[0][3] == amount


def test_late_usage_is_billed_with_the_next_run(zuora: Any, raw: z.Raw) -> None:
    sold = Metered(
        zuora, "Tiered Pricing", ProductRatePlanChargeTierData={"ProductRatePlanChargeTier": TIERS}
    )
    sold.use("2026-01-05", 8)
    assert billed(raw, sold, "2026-02-01")[0][3] == 40
    sold.use("2026-01-06", 4)
    assert billed(raw, sold, "2026-02-01") == [("Seats", "2026-01-01", "2026-01-31", 16)]


def test_usage_records_live(zuora: Any) -> None:
    sold = Metered(zuora)
    api = zuora.usage_api()
    key = sold.use("2026-01-05", 3, Description="first", Site__c="north")
    found = api.get_usage(key)
    assert (found.quantity, found.uom, found.account_id) == (3, "GB", sold.account_id)
    assert (found.subscription_number, found.charge_number) == (sold.number, sold.charge_number)
    assert api.update_usage(key, {"Quantity": 9}).success
    assert api.get_usage(key).quantity == 9
    other = sold.use("2026-01-06", 1, ChargeNumber=None, SubscriptionNumber=None)
    listed = api.get_usages_by_account(sold.account).usage
    assert [(u.id, u.status, u.unit_of_measure) for u in listed] == [
        (other, "Pending", "GB"),
        (key, "Pending", "GB"),
    ]
    assert len(api.get_usages_by_account(sold.account, page_size=1).usage) == 1
    assert api.delete_usage(key).success
    assert z.raises(404, api.get_usage, key) == {"done": True, "records": [], "size": 0}


def test_refused_usage(zuora: Any) -> None:
    sold = Metered(zuora)
    api = zuora.usage_api()
    base = {"AccountId": sold.account_id, "StartDateTime": "2026-01-05T00:00:00", "UOM": "GB", "Quantity": 1}
    for change in (
        {"UOM": "Parsec"},
        {"AccountId": "0" * 32},
        {"ChargeNumber": "C-none"},
        {"SubscriptionNumber": "A-S-none"},
        {"Quantity": None},
        {"StartDateTime": "yesterday"},
        {"UOM": None},
    ):
        body = z.raises(400, api.create_usage, {**base, **change})
        assert body["Success"] is False, change


def test_a_usage_file(zuora: Any, raw: z.Raw) -> None:
    sold = Metered(zuora)
    csv = (
        "ACCOUNT_ID,UOM,QTY,STARTDATE,ENDDATE,SUBSCRIPTION_ID,CHARGE_ID,DESCRIPTION\n"
        f"{sold.account},GB,5,01/03/2026,,{sold.number},{sold.charge_number},a\n"
        f"{sold.account},GB,6,01/04/2026,,,,b\n"
    )
    done = zuora.usage_api().upload_usage_file(csv.encode())
    assert (done.success, done.size) == (True, len(csv))
    listed = zuora.usage_api().get_usages_by_account(sold.account).usage
    assert [(u.source_name, u.file_name) for u in listed] == [("Import", "file")] * 2
    assert billed(raw, sold, "2026-02-01")[0][3] == 22
    bad = "ACCOUNT_ID,UOM,QTY,STARTDATE\nA-none,GB,1,01/03/2026\n"
    sent = zuora.usage_api().upload_usage_file(bad.encode())
    status, _, told = raw("GET", sent.check_import_status)
    assert (status, told["success"], told["importStatus"]) == (200, True, "Failed")
    assert told["message"]
    _, _, told = raw("GET", done.check_import_status)
    assert (told["importStatus"], told["message"]) == ("Completed", None)
    kept = zuora.imports_api().object_get_import(done.check_import_status.split("/")[-2])
    assert (kept.status, kept.import_type, kept.imported_count) == ("Completed", "Usage", kept.total_count)
    assert raw("GET", "/v1/usage/none/status")[0] == 404


def test_a_bill_run_bills_usage_and_gives_it_back(zuora: Any, raw: z.Raw, zlab: Sandboxes) -> None:
    sold = Metered(zuora)
    key = sold.use("2026-01-05", 3)
    zuora.bill_run_api().create_bill_run(
        {"targetDate": "2026-02-01", "invoiceDate": "2026-02-01", "autoPost": True}
    )
    zlab.control("zuora", "POST", "clock", {"advance": "60s"})
    assert zuora.usage_api().get_usage(key).rbe_status == "Processed"
    _, _, found = raw("GET", "/object-query/invoices")
    assert found["data"][0]["amount"] == 6


def test_thirty_day_months_are_a_rule_of_the_tenant() -> None:
    from datetime import date

    from simulators.zuora.rules.calendar import ACTUAL, THIRTY, days_between

    span = date(2026, 1, 16), date(2026, 2, 1)
    assert (days_between(*span, ACTUAL), days_between(*span, THIRTY)) == (16, 15)
    assert days_between(date(2026, 1, 1), date(2026, 3, 1), THIRTY) == 60
