"""Zuora's own SDK against the Zuora mock: object queries over all objects, ZOQL, pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")
MINUTE = 60_000_000


def business(zuora: Any, zlab: Sandboxes) -> dict[str, str]:
    """An account with a subscription, an invoice of 100 paid with 60, a credit memo of 10; their keys."""
    product = z.product(zuora)
    plan = z.plan(zuora, product)
    charge = z.charge(zuora, plan)
    made = z.account(zuora, name="Globex", crmId="001A")
    order = zuora.orders_api().create_order(
        z.order(made.account_number, "2026-01-01", z.create(plan, "2026-01-01"))
    )
    run = {"targetDate": "2026-01-15", "invoiceDate": "2026-01-15", "autoPost": True}
    zuora.bill_run_api().create_bill_run(run)
    zlab.control("zuora", "POST", "clock", {"advance": MINUTE})
    (invoice,) = zuora.object_queries_api().query_invoices().data
    payment = zuora.payments_api().create_payment(
        {
            "accountId": made.account_id,
            "amount": 60,
            "currency": "USD",
            "type": "External",
            "effectiveDate": "2026-01-20",
            "referenceId": "pi_1",
            "invoices": [{"invoiceId": invoice.id, "amount": 60}],
        }
    )
    return {
        "account": made.account_id,
        "account_number": made.account_number,
        "subscription": order.subscriptions[0].subscription_number,
        "order": order.order_number,
        "invoice": invoice.id,
        "payment": payment.id,
        "product": product,
        "plan": plan,
        "charge": charge,
    }


def test_every_kind_of_object_is_listed_and_found_by_its_key(zuora: Any, zlab: Sandboxes) -> None:
    business(zuora, zlab)
    api = zuora.object_queries_api()
    counts = {
        "accounts": 1,
        "contacts": 2,
        "subscriptions": 1,
        "rate_plans": 1,
        "rate_plan_charges": 1,
        "rate_plan_charge_tiers": 1,
        "orderss": 1,
        "order_actions": 1,
        "invoices": 1,
        "invoice_items": 1,
        "taxation_items": 0,
        "credit_memos": 0,
        "credit_memo_items": 0,
        "debit_memos": 0,
        "payments": 1,
        "payment_parts": 1,
        "payment_applications": 1,
        "payment_methods": 0,
        "refunds": 0,
        "usages": 0,
        "products": 1,
        "product_rate_plans": 1,
        "product_rate_plan_charges": 1,
        "product_rate_plan_charge_tiers": 1,
        "billing_runs": 1,
        "payment_runs": 0,
        "amendments": 0,
    }
    for name, count in counts.items():
        found = getattr(api, f"query_{name}")()
        assert len(found.data) == count, name
        assert found.next_page is None
        for each in found.data:
            one = name.removesuffix("s") if name != "orderss" else "orders"
            assert getattr(api, f"query_{one}_by_key")(each.id).id == each.id, name


def test_fields_of_what_was_sold(zuora: Any, zlab: Sandboxes) -> None:
    keys = business(zuora, zlab)
    api = zuora.object_queries_api()
    sold = api.query_subscription_by_key(keys["subscription"])
    assert (sold.name, sold.status, sold.version) == (keys["subscription"], "Active", 1)
    assert (sold.is_latest_version, sold.term_type, float(sold.c_mrr)) == (True, "TERMED", 100)
    assert (sold.initial_term, sold.initial_term_period_type) == (12, "Month")
    (charge,) = api.query_rate_plan_charges(filter=[f"subscriptionId.EQ:{sold.id}"]).data
    assert float(charge.m_rr) == 100
    assert float(charge.t_cv) == 1200
    assert (str(charge.effective_start_date), str(charge.effective_end_date)) == ("2026-01-01", "2027-01-01")
    assert str(charge.charged_through_date) == "2026-02-01"
    (tier,) = api.query_rate_plan_charge_tiers(filter=[f"ratePlanChargeId.EQ:{charge.id}"]).data
    assert (float(tier.price), tier.currency, tier.tier) == (100, "USD", 1)
    (item,) = api.query_invoice_items(filter=[f"invoiceId.EQ:{keys['invoice']}"]).data
    assert (float(item.charge_amount), item.s_ku, item.subscription_number) == (100, "SEAT", sold.name)
    assert (str(item.service_start_date), str(item.service_end_date)) == ("2026-01-01", "2026-01-31")
    assert item.rate_plan_charge_id == charge.id
    (act,) = api.query_order_actions(filter=["type.EQ:CreateSubscription"]).data
    assert (act.sequence, str(act.contract_effective_date)) == (0, "2026-01-01")
    assert act.subscription_id == sold.id
    account = api.query_account_by_key(keys["account_number"])
    assert (float(account.balance), account.crm_id, account.bill_to_id) == (
        40,
        "001A",
        api.query_contacts(filter=["asBillTo.EQ:true"]).data[0].id,
    )
    (part,) = api.query_payment_parts(filter=[f"invoiceId.EQ:{keys['invoice']}"]).data
    assert (float(part.amount), part.payment_id) == (60, keys["payment"])


def test_expansion_up_to_three_levels(zuora: Any, zlab: Sandboxes, raw: z.Raw) -> None:
    keys = business(zuora, zlab)
    api = zuora.object_queries_api()
    invoice = api.query_invoice_by_key(
        keys["invoice"], expand=["account", "invoiceItems", "paymentApplications", "billToContact"]
    )
    assert invoice.account.name == "Globex"
    assert float(invoice.invoice_items[0].charge_amount) == 100
    assert float(invoice.payment_applications[0].apply_amount) == 60
    assert invoice.bill_to_contact.first_name == "Ada"
    sold = api.query_subscription_by_key(
        keys["subscription"], expand=["ratePlans.ratePlanCharges", "account"]
    )
    assert sold.rate_plans[0].rate_plan_charges[0].name == "Seats"
    product = api.query_product_by_key(
        keys["product"],
        expand=["productRatePlans.productRatePlanCharges.productRatePlanChargeTiers"],
    )
    (plan,) = product.product_rate_plans
    assert float(plan.product_rate_plan_charges[0].product_rate_plan_charge_tiers[0].price) == 100
    account = api.query_account_by_key(
        keys["account"], expand=["billTo", "soldTo", "subscriptions", "invoices", "payments"]
    )
    assert (account.bill_to.last_name, len(account.subscriptions), len(account.payments)) == (
        "Lovelace",
        1,
        1,
    )
    path = f"/object-query/invoices/{keys['invoice']}"
    for bad in ("universe", "account.subscriptions.ratePlans.ratePlanCharges"):
        status, _, body = raw("GET", f"{path}?expand[]={bad}")
        assert (status, z.category(body)) == (400, 20)


def test_chosen_fields(zuora: Any, zlab: Sandboxes, raw: z.Raw) -> None:
    keys = business(zuora, zlab)
    status, _, body = raw("GET", "/object-query/accounts?fields[]=accountnumber,balance&fields[]=crmId")
    assert status == 200
    assert body["data"] == [{"accountNumber": keys["account_number"], "balance": 40.0, "crmId": "001A"}]
    inside = "expand[]=invoiceItems&fields[]=invoiceNumber,invoiceItems.sKU"
    _, _, body = raw("GET", f"/object-query/invoices/{keys['invoice']}?{inside}")
    assert body == {"invoiceNumber": "INV00000001", "invoiceItems": [{"sKU": "SEAT"}]}
    assert raw("GET", "/object-query/accounts?fields[]=horn")[0] == 400


def test_filters_sorting_and_pages(zuora: Any, raw: z.Raw) -> None:
    for place in range(23):
        z.account(zuora, name=f"Customer {place:02d}", batch=f"Batch{place % 3 + 1}")
    api = zuora.object_queries_api()
    first = api.query_accounts(sort=["name.DESC"])
    assert [each.name for each in first.data][:2] == ["Customer 22", "Customer 21"]
    assert len(first.data) == 10
    names = [each.name for each in first.data]
    cursor = first.next_page
    while cursor:
        page = api.query_accounts(sort=["name.DESC"], cursor=cursor)
        names += [each.name for each in page.data]
        cursor = page.next_page
    assert names == [f"Customer {place:02d}" for place in reversed(range(23))]
    assert len(api.query_accounts(page_size=50).data) == 23
    for filters, count in (
        (["batch.EQ:Batch1"], 8),
        (["batch.NE:Batch1"], 15),
        (["batch.EQ:Batch1", "name.GE:Customer 12"], 4),
        (["name.SW:Customer 1"], 10),
        (["name.IN:[Customer 01,Customer 02,nobody]"], 2),
        (["accountNumber.EQ:A00000003"], 1),
        (["autoPay.EQ:false"], 23),
        (["crmId.EQ:null"], 23),
        (["crmId.NE:null"], 0),
        (["balance.GT:0"], 0),
        (["createdDate.GE:2020-01-01T00:00:00Z"], 23),
    ):
        assert len(api.query_accounts(filter=filters, page_size=50).data) == count, filters
    for bad in (
        "filter[]=horn.EQ:1",
        "filter[]=name.LIKE:x",
        "filter[]=name",
        "filter[]=balance.GT:much",
        "filter[]=balance.GT:NaN",
        "filter[]=name.IN:x",
        "sort[]=name",
        "sort[]=horn.ASC",
        "pageSize=0",
        "pageSize=100",
        "pageSize=many",
        "cursor=nothing",
        "unknown=1",
    ):
        status, _, body = raw("GET", f"/object-query/accounts?{bad}")
        assert (status, z.category(body), body["success"]) == (400, 20, False), bad
        assert set(body) >= {"reasons", "processId", "requestId"}
    assert z.category(z.raises(404, api.query_account_by_key, "A99999999")) == 40
    assert raw("GET", "/object-query/unicorns")[0] == 404


def ask(zuora: Any, text: str, **conf: Any) -> Any:
    body = {"queryString": text, **({"conf": conf} if conf else {})}
    return zuora.actions_api().action_post_query(body)


def test_zoql(zuora: Any, zlab: Sandboxes) -> None:
    keys = business(zuora, zlab)
    found = ask(
        zuora, f"select AccountNumber, BillCycleDay, Notes from Account where Id = '{keys['account']}'"
    )
    assert (found.size, found.done, found.query_locator) == (1, True, None)
    assert found.records == [{"Id": keys["account"], "AccountNumber": "A00000001", "BillCycleDay": 1}]
    (charge,) = ask(
        zuora,
        "select Id, ChargeNumber, MRR, ChargedThroughDate from RatePlanCharge where IsLastSegment = true",
    ).records
    assert (charge["MRR"], charge["ChargedThroughDate"]) == (100.0, "2026-02-01")
    for text, count in (
        ("select Id from InvoiceItem where ChargeAmount >= 100", 1),
        (f"select Id from Subscription where AccountId = '{keys['account']}' and Status = 'Active'", 1),
        ("select Id from Payment where ReferenceId = 'pi_1' or ReferenceId = 'pi_2'", 1),
        ("select Id, Name, SKU from Product where SKU != 'SEAT'", 0),
        ("select Id, Price, Currency from ProductRatePlanChargeTier where Price > 1", 1),
        ("select Id from Contact where LastName = 'Lovelace'", 2),
        ("select Id from Invoice where Balance = 40 and InvoiceDate > '2026-01-01'", 1),
        ("select Id from account", 1),
    ):
        assert ask(zuora, text).size == count, text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("select Horn from Account", "INVALID_FIELD"),
        ("select Id from Account where Horn = 1", "INVALID_FIELD"),
        ("select Id from Unicorn", "INVALID_TYPE"),
        ("select * from Account", "INVALID_FIELD"),
        ("select Id from Account order by Id", "MALFORMED_QUERY"),
        ("delete from Account", "MALFORMED_QUERY"),
        ("select Id from Account where Balance = 'much'", "INVALID_VALUE"),
    ],
)
def test_zoql_refuses(zuora: Any, text: str, code: str) -> None:
    body = z.raises(400, ask, zuora, text)
    assert body["FaultCode"] == code
    assert body["FaultMessage"]


def test_query_more(zuora: Any, raw: z.Raw) -> None:
    for _ in range(5):
        z.account(zuora)
    first = ask(zuora, "select AccountNumber from Account", batchSize=2)
    assert (first.size, first.done, len(first.records)) == (5, False, 2)
    api = zuora.actions_api()
    second = api.action_postquery_more({"queryLocator": first.query_locator, "conf": {"batchSize": 2}})
    third = api.action_postquery_more({"queryLocator": second.query_locator})
    assert (third.done, third.query_locator) == (True, None)
    numbers = [row["AccountNumber"] for page in (first, second, third) for row in page.records]
    assert numbers == [f"A0000000{place}" for place in range(1, 6)]
    assert z.raises(400, api.action_postquery_more, {"queryLocator": "x"})["FaultCode"]
    body = {"queryString": "select Id from Account", "colour": "red"}
    assert raw("POST", "/v1/action/query", body)[0] == 200
    status, _, body = raw("POST", "/v1/action/query?rejectUnknownFields=true", body)
    assert (status, body) == (400, {"message": "Error - unrecognised fields"})


def test_pages_of_the_v1_lists(zuora: Any, zlab: Sandboxes, raw: z.Raw) -> None:
    keys = business(zuora, zlab)
    for place in range(12):
        wish = {
            "accountId": keys["account"],
            "amount": place + 1,
            "currency": "USD",
            "type": "External",
            "effectiveDate": "2026-01-20",
        }
        zuora.payments_api().create_payment(wish)
    status, _, body = raw("GET", "/v1/payments")
    assert (status, body["success"], len(body["payments"])) == (200, True, 10)
    assert body["nextPage"].startswith(zlab.url("zuora"))
    status, _, body = raw("GET", body["nextPage"])
    assert (len(body["payments"]), "nextPage" in body) == (3, False)
    _, _, body = raw("GET", "/v1/payments?pageSize=100")
    assert len(body["payments"]) == 13
    _, _, body = raw("GET", f"/v1/payments?accountId={keys['account']}&amount=3")
    assert [each["amount"] for each in body["payments"]] == [3.0]
    for bad in ("page=0", "pageSize=x", "horn=1", f"amount={quote('much')}"):
        assert raw("GET", f"/v1/payments?{bad}")[0] == 400, bad


def test_v1_lists_are_sorted_and_filtered(zuora: Any, zlab: Sandboxes, raw: z.Raw) -> None:
    keys = business(zuora, zlab)
    other = z.account(zuora)
    for amount in (5, 7):
        wish = {
            "accountId": other.account_id,
            "amount": amount,
            "currency": "USD",
            "type": "External",
            "effectiveDate": "2026-01-20",
        }
        zuora.payments_api().create_payment(wish)
    api = zuora.payments_api()
    for sort, amounts in (
        ("+amount", [60, 7, 5]),
        ("-amount", [5, 7, 60]),
        ("amount", [60, 7, 5]),
        ("", [7, 5, 60]),
        ("+status,-number", [60, 5, 7]),
    ):
        found = api.get_retrieve_all_payments(sort=sort).payments
        assert [float(each.amount) for each in found] == amounts, sort
    assert len(api.get_retrieve_all_payments(account_id=keys["account"], status="Processed").payments) == 1
    assert len(api.get_retrieve_all_payments(number="P-00000002").payments) == 1
    for bad in ("sort=-horn", "sort=-", "sort=number,amount,status"):
        assert raw("GET", f"/v1/payments?{bad}")[0] == 400, bad
