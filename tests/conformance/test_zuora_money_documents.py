"""Zuora's own SDK against the Zuora mock: accounts, bill runs, invoices, memos, payments by hand, queries."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.test_zuora_money_gateway import invoice
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

pytestmark = pytest.mark.filterwarnings("ignore")
MINUTE = 60_000_000


def sold(zuora: Any, price: float = 100) -> str:
    """An account with a monthly subscription since 2026-01-01; its number."""
    number = str(z.account(zuora).account_number)
    plan = z.plan(zuora, z.product(zuora))
    z.charge(zuora, plan, price)
    zuora.orders_api().create_order(z.order(number, "2026-01-01", z.create(plan, "2026-01-01")))
    return number


def ran(zlab: Sandboxes, zuora: Any, **more: Any) -> Any:
    """A bill run from its start to its completion."""
    wish = {"targetDate": "2026-01-15", "invoiceDate": "2026-01-15", **more}
    run = zuora.bill_run_api().create_bill_run(wish)
    assert run.status == "Pending"
    zlab.control("zuora", "POST", "clock", {"advance": MINUTE})
    return zuora.bill_run_api().get_bill_run(run.id)


def external(zuora: Any, number: str, amount: float, **more: Any) -> Any:
    wish = {
        "accountNumber": number,
        "amount": amount,
        "currency": "USD",
        "type": "External",
        "effectiveDate": "2026-01-20",
        **more,
    }
    return zuora.payments_api().create_payment(wish)


def test_an_account_is_kept_changed_and_closed(zuora: Any) -> None:
    api = zuora.accounts_api()
    made = z.account(zuora, notes="vip", batch="Batch2")
    shown = api.get_account(made.account_number)
    assert shown.basic_info.notes == "vip"
    assert shown.billing_and_payment.bill_cycle_day == 1
    assert shown.bill_to_contact.first_name == "Ada"
    api.update_account(made.account_id, {"notes": "gold", "billCycleDay": 5})
    assert api.get_account(made.account_id).billing_and_payment.bill_cycle_day == 5
    assert api.get_account_summary(made.account_id).basic_info.name == "Acme"
    assert z.category(z.raises(400, api.update_account, made.account_id, {"autoPay": True})) == 30
    assert z.category(z.raises(400, api.update_account, made.account_id, {"billCycleDay": 32})) == 20
    gone = api.delete_account(made.account_number)
    assert gone.job_id
    assert api.get_account(made.account_id).basic_info.status == "Canceled"
    assert z.category(z.raises(404, api.get_account, "A-nobody")) == 40


@pytest.mark.parametrize("currency", ["XXQ", "usd", "DOLLAR", ""])
def test_an_account_has_a_currency_of_iso_4217(zuora: Any, currency: str) -> None:
    z.raises(400, z.account, zuora, currency)


def test_contacts(zuora: Any) -> None:
    api = zuora.contacts_api()
    made = z.account(zuora)
    person = api.create_contact(
        {"accountId": made.account_id, "firstName": "Bo", "lastName": "Li", "workEmail": "bo@example.com"}
    )
    assert api.get_contact(person.id).work_email == "bo@example.com"
    assert api.update_contact(person.id, {"lastName": "Lu"}).last_name == "Lu"
    body = z.raises(400, api.delete_contact, made.bill_to_contact_id)
    assert z.category(body) == 30
    zuora.accounts_api().update_account(made.account_id, {"billToContactId": person.id})
    assert zuora.accounts_api().get_account(made.account_id).bill_to_contact.last_name == "Lu"
    assert api.delete_contact(stranger(zuora, made.account_id)).success
    body = z.raises(400, api.create_contact, {"firstName": "Bo", "lastName": "Li"})
    assert z.category(body) == 22


def stranger(zuora: Any, account: str) -> str:
    wish = {"accountId": account, "firstName": "Cy", "lastName": "Ng"}
    return str(zuora.contacts_api().create_contact(wish).id)


def test_the_card_of_everybodys_examples_is_taken(zuora: Any, raw: z.Raw) -> None:
    card = {"cardNumber": "4111111111111111", "expirationMonth": 10, "expirationYear": 2040}
    wish = {"type": "CreditCard", "accountKey": z.account(zuora).account_number, **card}
    status, _, made = raw("POST", "/v1/payment-methods", wish)
    assert status == 200
    assert zuora.payment_methods_api().get_payment_method(made["id"]).card_number.endswith("1111")


def test_payment_methods_by_the_life_of_one(zuora: Any) -> None:
    api, sdk = zuora.payment_methods_api(), z.module()
    number = z.account(zuora).account_number
    wish = sdk.CreatePaymentMethodRequest(
        sdk.CreateACHPaymentMethod(
            type="ACH",
            account_key=number,
            bank_aba_code="110000000",
            bank_account_name="Acme",
            bank_account_number="000123456789",
            bank_account_type="BusinessChecking",
            bank_name="First",
            make_default=True,
        )
    )
    made = api.create_payment_method(wish)
    shown = api.get_payment_method(made.id)
    assert shown.type == "ACH"
    assert shown.bank_account_number.endswith("6789")
    assert "0001" not in shown.bank_account_number
    assert z.category(z.raises(400, api.delete_payment_method, made.id)) == 30  # the default one
    api.scrub_payment_method(made.id)
    assert api.get_payment_method(made.id).status == "Scrubbed"
    assert api.delete_payment_method(made.id).success
    z.raises(404, api.get_payment_method, made.id)


def test_a_bill_run_is_posted_in_two_steps(zlab: Sandboxes, zuora: Any, raw: z.Raw) -> None:
    number = sold(zuora)
    api = zuora.bill_run_api()
    run = ran(zlab, zuora)
    assert run.status == "Completed"
    draft = raw("GET", "/v1/invoices?status=Draft")[2]["invoices"][0]
    assert (draft["balance"], draft["billRunId"]) == (0, run.id)
    assert z.category(z.raises(400, api.delete_bill_run, run.id)) == 30
    assert api.post_bill_run(run.id, {}).status == "PostInProgress"
    zlab.control("zuora", "POST", "clock", {"advance": MINUTE})
    assert api.get_bill_run(run.bill_run_number).status == "Posted"
    assert float(zuora.invoices_api().get_invoice(draft["id"]).balance) == 100
    assert z.category(z.raises(400, api.cancel_bill_run, run.id, {})) == 30
    metrics = zuora.accounts_api().get_account(number).metrics
    assert (metrics.total_invoice_balance, metrics.balance) == (100, 100)


def test_a_canceled_bill_run_bills_again(zlab: Sandboxes, zuora: Any, raw: z.Raw) -> None:
    sold(zuora)
    api = zuora.bill_run_api()
    first = ran(zlab, zuora)
    assert api.cancel_bill_run(first.id, {}).status == "Canceled"
    assert raw("GET", "/v1/invoices?status=Canceled")[2]["invoices"][0]["amount"] == 100
    assert api.delete_bill_run(first.id).success
    z.raises(404, api.get_bill_run, first.id)
    assert ran(zlab, zuora, autoPost=True).status == "Posted"
    assert len(raw("GET", "/v1/invoices?status=Posted")[2]["invoices"]) == 1


def test_an_invoice_forth_and_back(zlab: Sandboxes, zuora: Any, raw: z.Raw) -> None:
    number = sold(zuora)
    ran(zlab, zuora)
    api = zuora.invoices_api()
    key = raw("GET", "/v1/invoices")[2]["invoices"][0]["id"]
    assert api.post_invoice(key, {}).success
    assert z.category(z.raises(400, api.post_invoice, key, {})) == 30
    assert z.category(z.raises(400, api.delete_invoice, key)) == 30
    assert api.unpost_invoice(key).success
    assert api.get_invoice(key).status == "Draft"
    api.post_invoice(key, {})
    part = [{"invoiceId": key, "amount": 30}]
    paid = external(zuora, number, 30, invoices=part)
    assert z.category(z.raises(400, api.unpost_invoice, key)) == 30
    done = api.write_off_invoice(key, {"comment": "small"})
    memo = zuora.credit_memos_api().get_credit_memo(done.credit_memo.id)
    assert (memo.amount, memo.applied_amount, memo.unapplied_amount) == (70, 70, 0)
    assert api.get_invoice(key).balance == 0
    parts = raw("GET", f"/v1/invoices/{key}/application-parts")[2]["applicationParts"]
    assert sorted(p["appliedAmount"] for p in parts) == [30, 70]
    assert zuora.payments_api().get_payment_parts(paid.id).parts[0].amount == 30


def test_a_deleted_draft_leaves_a_job(zlab: Sandboxes, zuora: Any, raw: z.Raw) -> None:
    sold(zuora)
    ran(zlab, zuora)
    key = raw("GET", "/v1/invoices")[2]["invoices"][0]["id"]
    job = zuora.invoices_api().delete_invoice(key)
    assert (job.status, job.object_id, job.operation_type) == ("Completed", key, "Delete")
    assert zuora.operations_api().get_operation_job(job.id).status == "Completed"
    z.raises(404, zuora.invoices_api().get_invoice, key)


def test_standalone_invoices_check_what_they_are_given(zuora: Any) -> None:
    number = z.account(zuora).account_number
    made = invoice(zuora, number, 12.34)
    assert (float(made.amount), made.status, made.source_type) == (12.34, "Posted", "Standalone")
    items = zuora.invoices_api().get_invoice_items(made.id).invoice_items
    assert [(i.charge_name, float(i.charge_amount)) for i in items] == [("Setup", 12.34)]
    api = zuora.invoices_api()
    base = {"accountNumber": number, "invoiceDate": "2026-01-01"}
    item = {"amount": 1, "serviceStartDate": "2026-01-01"}
    assert z.category(z.raises(400, api.create_standalone_invoice, {**base, "invoiceItems": [item]})) == 22
    assert z.category(z.raises(400, api.create_standalone_invoice, {**base, "invoiceItems": []})) == 20
    fine = {**item, "amount": 1.005, "chargeName": "x"}
    assert z.category(z.raises(400, api.create_standalone_invoice, {**base, "invoiceItems": [fine]})) == 20


def test_a_memo_from_a_charge(zuora: Any) -> None:
    number = z.account(zuora).account_number
    charge = z.charge(zuora, z.plan(zuora, z.product(zuora)))
    api = zuora.credit_memos_api()
    wish = {
        "accountNumber": number,
        "charges": [{"chargeId": charge, "productRatePlanChargeId": charge, "amount": 25}],
        "effectiveDate": "2026-01-01",
    }
    made = api.create_credit_memo_from_charge(wish)
    assert (made.status, made.amount, made.unapplied_amount) == ("Draft", 25, 0)
    assert z.category(z.raises(400, api.delete_credit_memo, made.id)) == 30
    assert api.post_credit_memo(made.id).unapplied_amount == 25
    owed = invoice(zuora, number, 20)
    part = {"invoices": [{"invoiceId": owed.id, "amount": 20}]}
    assert api.apply_credit_memo(made.id, part).unapplied_amount == 5
    assert z.category(z.raises(400, api.unpost_credit_memo, made.id)) == 30
    assert api.unapply_credit_memo(made.id, part).unapplied_amount == 25
    assert float(zuora.invoices_api().get_invoice(owed.id).balance) == 20
    assert api.unpost_credit_memo(made.id).status == "Draft"
    assert api.cancel_credit_memo(made.id).status == "Canceled"
    assert api.delete_credit_memo(made.id).success
    z.raises(404, api.get_credit_memo, made.id)


def test_external_payments_by_their_whole_life(zuora: Any) -> None:
    api = zuora.payments_api()
    number, other = z.account(zuora).account_number, z.account(zuora)
    owed = invoice(zuora, number, 50)
    paid = external(zuora, number, 80, referenceId="wire-1")
    assert (paid.status, paid.type, paid.unapplied_amount) == ("Processed", "External", 80)
    part = {"invoices": [{"invoiceId": owed.id, "amount": 50}]}
    assert api.apply_payment(paid.id, part).unapplied_amount == 30
    assert z.category(z.raises(400, api.apply_payment, paid.id, part)) == 30
    assert z.category(z.raises(400, api.cancel_payment, paid.id)) == 30
    assert z.category(z.raises(400, api.transfer_payment, paid.id, {"accountId": other.account_id})) == 30
    assert api.unapply_payment(paid.id, part).unapplied_amount == 80
    assert api.transfer_payment(paid.id, {"accountId": other.account_id}).account_id == other.account_id
    back = api.create_refund_payment(paid.id, {"totalAmount": 10, "methodType": "Check"})
    assert (back.status, back.type, back.amount) == ("Processed", "External", 10)
    refunds = zuora.refunds_api()
    assert refunds.cancel_refund(back.id).status == "Canceled"
    assert refunds.delete_refund(back.id).success
    assert api.get_payment(paid.id).unapplied_amount == 80
    assert api.cancel_payment(paid.id).status == "Canceled"
    assert api.delete_payment(paid.id).success
    z.raises(404, api.get_payment, paid.id)
    metrics = zuora.accounts_api().get_account(other.account_id).metrics
    assert (metrics.unapplied_payment_amount, metrics.balance) == (0, 0)


def test_lists_page(zuora: Any, raw: z.Raw) -> None:
    number = z.account(zuora).account_number
    for _ in range(3):
        external(zuora, number, 1)
    status, _, body = raw("GET", "/v1/payments?pageSize=2")
    assert (status, len(body["payments"])) == (200, 2)
    _, _, rest = raw("GET", body["nextPage"])
    assert len(rest["payments"]) == 1
    assert "nextPage" not in rest


def test_object_queries_reach_every_object(zlab: Sandboxes, zuora: Any) -> None:
    sold(zuora)
    ran(zlab, zuora, autoPost=True)
    api = zuora.object_queries_api()
    assert api.query_contacts().data[0].first_name == "Ada"
    assert api.query_products().data[0].s_ku == "SEAT"
    assert api.query_invoice_items().data[0].charge_amount == 100
    assert api.query_rate_plan_charges().data[0].charge_type == "Recurring"
    assert len(api.query_rate_plans().data) == 1
    assert api.query_invoices(filter=["balance.GT:0"]).data[0].status == "Posted"
    assert api.query_invoices(filter=["balance.GT:1000"]).data == []
    assert api.query_billing_runs().data[0].status == "Posted"
    assert api.query_payment_methods().data == []


def test_object_queries_expand(zlab: Sandboxes, zuora: Any) -> None:
    sold(zuora)
    ran(zlab, zuora, autoPost=True)
    names = ["billto", "subscriptions", "invoices", "defaultpaymentmethod"]
    shown = zuora.object_queries_api().query_accounts(expand=names).data[0]
    assert shown.bill_to.last_name == "Lovelace"
    assert len(shown.subscriptions) == 1
    assert [i.amount for i in shown.invoices] == [100]


def test_a_billing_preview_keeps_nothing(zuora: Any) -> None:
    number = sold(zuora)
    for _ in range(2):
        wish = {"accountNumber": number, "targetDate": "2026-02-01"}
        found = zuora.operations_api().create_billing_preview(wish).invoice_items
        assert [(float(i.charge_amount), str(i.service_start_date)) for i in found] == [
            (100, "2026-01-01"),
            (100, "2026-02-01"),
        ]


def test_zoql(zuora: Any) -> None:
    z.account(zuora, name="One")
    z.account(zuora, name="Two")
    answer = zuora.actions_api().action_post_query(
        {"queryString": "select Id, FirstName from Contact where LastName = 'Lovelace'"}
    )
    assert (answer.size, answer.done) == (4, True)
    answer = zuora.actions_api().action_post_query({"queryString": "select Id from PaymentMethod"})
    assert answer.size == 0
