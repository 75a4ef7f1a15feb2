"""Zuora's SDK against settlements as jobs, documents in bulk, and the parts of what was put against what."""

from __future__ import annotations

from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.test_zuora_money_gateway import invoice
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401


def credit(zuora: Any, account: str, amount: int, **more: Any) -> Any:
    """A posted credit memo."""
    plan = z.plan(zuora, z.product(zuora))
    charge = {"productRatePlanChargeId": z.charge(zuora, plan), "amount": amount}
    wish = {"accountNumber": account, "charges": [charge], **more}
    made = zuora.credit_memos_api().create_credit_memo_from_charge(wish)
    return zuora.credit_memos_api().post_credit_memo(made.id)


def external(zuora: Any, account: str, amount: int, **more: Any) -> Any:
    """An external payment."""
    wish = {"accountNumber": account, "amount": amount, "currency": "USD", "type": "External"}
    return zuora.payments_api().create_payment(
        {**wish, "effectiveDate": "2026-01-01", "paymentMethodType": "Check", **more}
    )


def done(zlab: Sandboxes, read: Any, key: str) -> Any:
    """The job as it is when its time has come."""
    assert read(key).status == "Pending"
    zlab.control("zuora", "POST", "clock", {"advance": "1m"})
    return read(key)


def test_a_memo_is_applied_and_taken_off_by_jobs(zuora: Any, zlab: Sandboxes) -> None:
    api, number = zuora.credit_memos_api(), z.account(zuora).account_number
    owed, memo = invoice(zuora, number, 100), credit(zuora, number, 40)
    wish = {"invoices": [{"invoiceId": owed.id, "amount": 25}]}
    begun = api.apply_credit_memo_async(memo.id, wish)
    assert (begun.success, begun.status, begun.operation_type) == (True, "Pending", "AsyncCreditMemoApply")
    assert zuora.invoices_api().get_invoice(owed.id).balance == 100
    job = done(zlab, api.get_apply_credit_memo_async_job, begun.id)
    assert (job.status, job.reference_type, job.reference_id) == ("Processed", "CreditMemo", memo.id)
    assert zuora.invoices_api().get_invoice(owed.id).balance == 75
    begun = api.unapply_credit_memo_async(memo.number, wish)
    assert done(zlab, api.get_unapply_credit_memo_async_job, begun.id).status == "Processed"
    assert api.get_credit_memo(memo.id).unapplied_amount == 40


def test_a_job_that_cannot_be_done_says_why(zuora: Any, zlab: Sandboxes) -> None:
    api, number = zuora.credit_memos_api(), z.account(zuora).account_number
    owed, memo = invoice(zuora, number, 100), credit(zuora, number, 40)
    begun = api.apply_credit_memo_async(memo.id, {"invoices": [{"invoiceId": owed.id, "amount": 41}]})
    job = done(zlab, api.get_apply_credit_memo_async_job, begun.id)
    assert (job.status, bool(job.error)) == ("Error", True)
    assert api.get_credit_memo(memo.id).unapplied_amount == 40
    z.raises(404, api.apply_credit_memo_async, "CM-none", {"invoices": []})
    z.raises(404, api.get_apply_credit_memo_async_job, "none")


def test_a_payment_is_made_and_applied_by_jobs(zuora: Any, zlab: Sandboxes) -> None:
    api, number = zuora.payments_api(), z.account(zuora).account_number
    owed = invoice(zuora, number, 100)
    wish = {"accountNumber": number, "amount": 60, "currency": "USD", "type": "External"}
    begun = api.create_payment_async({**wish, "effectiveDate": "2026-01-01", "paymentMethodType": "Check"})
    made = done(zlab, api.get_create_payment_async_job, begun.id)
    assert (made.status, api.get_payment(made.reference_id).unapplied_amount) == ("Processed", 60)
    begun = api.apply_payment_async(made.reference_id, {"invoices": [{"invoiceId": owed.id, "amount": 60}]})
    assert done(zlab, api.get_apply_payment_async_job, begun.id).status == "Processed"
    assert zuora.invoices_api().get_invoice(owed.id).balance == 40


def test_an_invoice_is_written_off_by_a_job(zuora: Any, zlab: Sandboxes) -> None:
    api, number = zuora.invoices_api(), z.account(zuora).account_number
    owed = invoice(zuora, number, 100)
    begun = api.create_invoice_write_off_async(owed.invoice_number, {})
    job = done(zlab, api.get_invoice_write_off_async_job, begun.id)
    assert (job.status, job.reference_id, api.get_invoice(owed.id).balance) == ("Processed", owed.id, 0)
    assert zuora.credit_memos_api().get_credit_memo(job.credit_memo.id).amount == 100


def test_memos_are_posted_and_canceled_by_jobs(zuora: Any) -> None:
    number = z.account(zuora).account_number
    plan = z.plan(zuora, z.product(zuora))
    wish = {
        "accountNumber": number,
        "charges": [{"productRatePlanChargeId": z.charge(zuora, plan), "amount": 5}],
    }
    memos, debits = zuora.credit_memos_api(), zuora.debit_memos_api()
    first, second = (memos.create_credit_memo_from_charge(wish).id for _ in "ab")
    job = memos.post_async_credit_memo(first, {})
    assert zuora.operations_api().get_operation_job(job.job_id).status == "Completed"
    assert memos.cancel_async_credit_memo(second).success
    assert [memos.get_credit_memo(key).status for key in (first, second)] == ["Posted", "Canceled"]
    third, fourth = (debits.create_debit_memo_from_charge(wish).id for _ in "ab")
    assert debits.post_async_debit_memo(third).job_status == "Completed"
    assert debits.cancel_async_debit_memo(fourth).success
    assert [debits.get_debit_memo(key).status for key in (third, fourth)] == ["Posted", "Canceled"]


@pytest.mark.parametrize("kind", ["credit", "debit"])
def test_memos_in_bulk(zuora: Any, raw: z.Raw, kind: str) -> None:
    number, path = z.account(zuora).account_number, f"/v1/{kind}-memos/bulk"
    charge = z.charge(zuora, z.plan(zuora, z.product(zuora)))
    wishes = [
        {"accountNumber": key, "charges": [{"productRatePlanChargeId": charge, "amount": 5}]}
        for key in (number, "A-none", number)
    ]
    status, _, answer = raw("POST", path, {"sourceType": "Standalone", "memos": wishes})
    assert (status, [memo["success"] for memo in answer["memos"]]) == (200, [True, False, True])
    assert answer["memos"][1]["reasons"][0]["code"] % 100 == 40
    owed = invoice(zuora, number, 100)
    item = zuora.invoices_api().get_invoice_items(owed.id).invoice_items[0]
    wish = {"invoiceId": owed.id, "items": [{"invoiceItemId": item.id, "amount": 7, "skuName": "X"}]}
    _, _, answer = raw("POST", path, {"sourceType": "Invoice", "memos": [wish]})
    (made,) = answer["memos"]
    assert (made["success"], made["amount"]) == (True, 7)
    _, _, answer = raw("PUT", path, {"memos": [{"id": made["id"], "comment": "Sorry"}, {"comment": "No"}]})
    assert [memo["success"] for memo in answer["memos"]] == [True, False]
    assert answer["memos"][0]["comment"] == "Sorry"
    assert raw("POST", path, {"sourceType": "Other", "memos": [wish]})[0] == 400
    assert raw("POST", path, {"sourceType": "Standalone", "memos": wishes * 17})[0] == 400


def test_memos_in_bulk_by_the_sdk(zuora: Any) -> None:
    sdk, number = z.module(), z.account(zuora).account_number
    charge = z.charge(zuora, z.plan(zuora, z.product(zuora)))
    one = sdk.CreateCreditMemoFromCharge.from_dict(
        {"accountNumber": number, "charges": [{"productRatePlanChargeId": charge, "amount": 5}]}
    )
    wish = sdk.BulkCreateCreditMemosFromChargeRequest(source_type="Standalone", memos=[one, one])
    made = zuora.credit_memos_api().bulk_create_credit_memos(sdk.BulkCreateCreditMemosRequest(wish))
    assert [memo.amount for memo in made.memos] == [5, 5]


def test_invoices_in_bulk(zuora: Any) -> None:
    api, number = zuora.invoices_api(), z.account(zuora).account_number
    line = {"amount": 9, "chargeDate": "2026-01-01 00:00:00", "chargeName": "X"}
    line["serviceStartDate"] = "2026-01-01"
    wish = {"accountNumber": number, "invoiceDate": "2026-01-01", "invoiceItems": [line]}
    made = api.bulk_create_standalone_invoices({"invoices": [wish, wish, {**wish, "accountNumber": "none"}]})
    assert [each.success for each in made.invoices] == [True, True, False]
    first, second = (each.id for each in made.invoices[:2])
    assert api.bulk_update_invoices({"invoices": [{"id": first, "comments": "Hello"}]}).success
    assert api.get_invoice(first).comments == "Hello"
    z.raises(404, api.bulk_update_invoices, {"invoices": [{"id": "none", "comments": "Hello"}]})
    posting = [{"id": first}, {"id": second, "invoiceDate": "2026-01-05"}, {"id": "none"}]
    posted = api.bulk_post_invoices({"invoices": posting})
    assert [(each.id, each.success) for each in posted.invoices] == [
        (first, True), (second, True), (None, False),
    ]  # fmt: skip
    assert [api.get_invoice(key).status for key in (first, second)] == ["Posted", "Posted"]
    assert str(api.get_invoice(second).invoice_date) == "2026-01-05"


def test_parts_of_memos_and_refunds(zuora: Any) -> None:
    api, number = zuora.credit_memos_api(), z.account(zuora).account_number
    owed, memo = invoice(zuora, number, 100), credit(zuora, number, 40)
    api.apply_credit_memo(memo.id, {"invoices": [{"invoiceId": owed.id, "amount": 25}]})
    (part,) = api.get_credit_memo_parts(memo.id).parts
    shown = api.get_credit_memo_part(part.id, memo.id)
    assert (shown.amount, shown.invoice_id) == (25, owed.id)
    z.raises(404, api.get_credit_memo_part, "none", memo.id)
    back = api.refund_credit_memo(memo.id, {"type": "External", "methodType": "Check", "totalAmount": 10})
    refunds = zuora.refunds_api()
    (part,) = refunds.get_refund_parts(back.number).parts
    assert (part.amount, part.credit_memo_id, part.payment_id) == (10, memo.id, None)
    assert refunds.get_refund_part(part.id, back.id).credit_memo_id == memo.id
    paid = external(zuora, number, 30)
    wish = {"totalAmount": 30, "type": "External", "methodType": "Check"}
    given = zuora.payments_api().create_refund_payment(paid.id, wish)
    (part,) = refunds.get_refund_parts(given.id).parts
    assert (part.amount, part.payment_id) == (30, paid.id)
    z.raises(404, refunds.get_refund_part, "none", back.id)


def test_taxes_of_a_memos_item(zuora: Any) -> None:
    api, number = zuora.credit_memos_api(), z.account(zuora).account_number
    memo = credit(zuora, number, 40)
    (item,) = api.get_credit_memo_items(memo.id).items
    assert api.get_taxation_items_of_credit_memo_item(memo.id, item.id).data == []
