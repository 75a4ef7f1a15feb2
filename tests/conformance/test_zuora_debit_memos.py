"""Zuora's own SDK against the Zuora mock: debit memos, what settles them, and drafts whose items change."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance import zuora_client as z
from tests.conformance.test_zuora_money_documents import external
from tests.conformance.test_zuora_money_gateway import carded, invoice, token_method
from tests.conformance.zuora_client import lab_fixture, raw_fixture, sdk_fixture, up_fixture  # noqa: F401

_SKUS = count(1)
pytestmark = pytest.mark.filterwarnings("ignore")


def fee(zuora: Any) -> str:
    """The charge of a product of its own."""
    return z.charge(zuora, z.plan(zuora, z.product(zuora, f"FEE-{next(_SKUS)}")))


def no(category: int, act: Any, *args: Any) -> None:
    """The call must be refused in that category, with the status that goes with it."""
    assert z.category(z.raises(404 if category == 40 else 400, act, *args)) == category


def from_charge(zuora: Any, number: str, amount: float, *, post: bool = True, **more: Any) -> Any:
    """A debit memo from a charge of a product of its own."""
    wish = {
        "accountNumber": number,
        "charges": [{"productRatePlanChargeId": fee(zuora), "amount": amount, "comment": "fee"}],
        "effectiveDate": "2026-01-05",
        "autoPost": post,
        **more,
    }
    return zuora.debit_memos_api().create_debit_memo_from_charge(wish)


def credit(zuora: Any, number: str, amount: float) -> Any:
    """A posted credit memo from a charge."""
    wish = {
        "accountNumber": number,
        "charges": [{"productRatePlanChargeId": fee(zuora), "amount": amount}],
        "effectiveDate": "2026-01-05",
        "autoPost": True,
    }
    return zuora.credit_memos_api().create_credit_memo_from_charge(wish)


def balance(zuora: Any, key: str) -> Decimal:
    return Decimal(str(zuora.debit_memos_api().get_debit_memo(key).balance))


def test_the_life_of_a_debit_memo(zuora: Any) -> None:
    number, api = z.account(zuora, paymentTerm="Net 30").account_number, zuora.debit_memos_api()
    made = from_charge(zuora, number, 25.5, post=False, comment="late", reasonCode="Charge")
    assert (made.number, made.status, made.amount, made.balance) == ("DM00000001", "Draft", 25.5, 0)
    assert (str(made.debit_memo_date), str(made.due_date)) == ("2026-01-05", "2026-02-04")
    assert (made.source_type, made.account_number, made.currency) == ("Standalone", number, "USD")
    items = api.get_debit_memo_items(made.id).items
    assert [(i.amount, i.comment, i.balance) for i in items] == [(25.5, "fee", 0)]
    assert api.get_debit_memo_item(made.number, items[0].id).id == items[0].id
    no(30, api.unpost_debit_memo, made.id)
    no(30, api.delete_debit_memo, made.id)
    posted = api.post_debit_memo(made.number)
    assert (posted.status, posted.balance, posted.be_applied_amount) == ("Posted", 25.5, 0)
    assert posted.posted_on
    no(30, api.post_debit_memo, made.id)
    no(30, api.cancel_debit_memo, made.id)
    assert api.unpost_debit_memo(made.id).status == "Draft"
    gone = api.cancel_debit_memo(made.id)
    assert (gone.status, gone.balance) == ("Canceled", 0)
    assert gone.cancelled_on
    no(30, api.post_debit_memo, made.id)
    assert api.delete_debit_memo(made.id).success
    no(40, api.get_debit_memo, made.id)


def test_debit_memos_are_checked(zuora: Any) -> None:
    number, api = z.account(zuora).account_number, zuora.debit_memos_api()
    make = api.create_debit_memo_from_charge
    charge = fee(zuora)
    line = {"productRatePlanChargeId": charge, "amount": 5}
    fine = {"accountNumber": number, "effectiveDate": "2026-01-01", "charges": [line]}
    no(20, make, {**fine, "charges": [{**line, "amount": -5}]})
    no(20, make, {**fine, "charges": []})
    no(22, make, {"charges": [line]})
    no(40, make, {**fine, "accountNumber": "A-nobody"})
    nothing = {**line, "productRatePlanChargeId": "nothing"}
    no(40, make, {**fine, "charges": [nothing]})
    no(30, make, {**fine, "currency": "EUR"})
    assert make({**fine, "number": "DM-own"}).number == "DM-own"
    no(30, make, {**fine, "number": "DM-own"})


def test_a_debit_memo_from_an_invoice(zuora: Any, raw: z.Raw) -> None:
    number, api = z.account(zuora).account_number, zuora.debit_memos_api()
    owed = invoice(zuora, number, 20)
    line = raw("GET", f"/v1/invoices/{owed.id}/items")[2]["invoiceItems"][0]["id"]
    tax = {
        "amount": 1.25,
        "jurisdiction": "NY",
        "taxName": "STATE",
        "taxRate": 0.05,
        "taxRateType": "Percentage",
    }
    item = {"invoiceItemId": line, "amount": 30, "comment": "more", "taxItems": [tax]}
    wish = {"effectiveDate": "2026-01-07", "items": [item], "autoPost": True}
    made = api.create_debit_memo_from_invoice(owed.invoice_number, wish)
    assert (made.status, made.amount, made.tax_amount, made.balance) == ("Posted", 31.25, 1.25, 31.25)
    assert (made.referred_invoice_id, made.source_type) == (owed.id, "Invoice")
    shown = api.get_debit_memo_items(made.id).items[0]
    assert (shown.source_item_id, shown.source_item_type) == (line, "InvoiceDetail")
    taxes = api.get_taxation_items_of_debit_memo_item(made.id, shown.id).data
    assert [(t.name, t.tax_amount) for t in taxes] == [("STATE", 1.25)]
    no(30, zuora.invoices_api().unpost_invoice, owed.id)
    bad = {**wish, "items": [{"invoiceItemId": made.id, "amount": 1}]}
    no(20, api.create_debit_memo_from_invoice, owed.id, bad)


def test_payments_are_put_against_debit_memos_and_taken_off(zuora: Any) -> None:
    number, api = z.account(zuora).account_number, zuora.payments_api()
    memo, owed = from_charge(zuora, number, 50), invoice(zuora, number, 10)
    paid = external(zuora, number, 70, debitMemos=[{"debitMemoId": memo.id, "amount": 20}])
    assert (paid.applied_amount, paid.unapplied_amount) == (20, 50)
    wish = {
        "invoices": [{"invoiceId": owed.id, "amount": 10}],
        "debitMemos": [{"debitMemoNumber": memo.number, "amount": 30}],
    }
    done = api.apply_payment(paid.id, wish)
    assert (done.applied_amount, done.unapplied_amount) == (60, 10)
    assert balance(zuora, memo.id) == 0
    more = {"debitMemos": [{"debitMemoId": memo.id, "amount": 0.01}]}
    no(30, api.apply_payment, paid.id, more)
    no(30, zuora.debit_memos_api().unpost_debit_memo, memo.id)
    parts = api.get_payment_parts(paid.id).parts
    assert [(p.amount, p.debit_memo_id, p.invoice_id) for p in parts] == [
        (50, memo.id, None),
        (10, None, owed.id),
    ]
    ways = zuora.debit_memos_api().get_debit_memo_application_parts(memo.id).application_parts
    assert [(p.applied_amount, p.payment_id) for p in ways] == [(50, paid.id)]
    off = api.unapply_payment(paid.id, {"debitMemos": [{"debitMemoId": memo.id, "amount": 12.34}]})
    assert off.unapplied_amount == 22.34
    assert balance(zuora, memo.id) == Decimal("12.34")
    assert (
        z.category(
            z.raises(
                400, api.unapply_payment, paid.id, {"debitMemos": [{"debitMemoId": memo.id, "amount": 37.67}]}
            )
        )
        == 30
    )
    assert api.unapply_payment(paid.id, {}).unapplied_amount == 70
    assert balance(zuora, memo.id) == 50
    no(22, api.apply_payment, paid.id, {})
    nobody = {"debitMemos": [{"debitMemoId": "nobody", "amount": 1}]}
    no(40, api.apply_payment, paid.id, nobody)


def test_a_refund_takes_off_debit_memos(zuora: Any) -> None:
    number = z.account(zuora).account_number
    memo = from_charge(zuora, number, 50)
    paid = external(zuora, number, 50, debitMemos=[{"debitMemoId": memo.id, "amount": 50}])
    wish = {
        "totalAmount": 20,
        "methodType": "Check",
        "type": "External",
        "debitMemos": [{"debitMemoId": memo.id, "amount": 20}],
    }
    made = zuora.payments_api().refund_paymentwith_auto_unapply(paid.id, wish)
    assert made.amount == 20
    assert balance(zuora, memo.id) == 20


def test_credit_memos_are_put_against_debit_memos(zuora: Any) -> None:
    number, api = z.account(zuora).account_number, zuora.credit_memos_api()
    memo, given = from_charge(zuora, number, 30), credit(zuora, number, 40)
    part = {"debitMemos": [{"debitMemoId": memo.id, "amount": 30}]}
    done = api.apply_credit_memo(given.id, part)
    assert (done.applied_amount, done.unapplied_amount) == (30, 10)
    assert balance(zuora, memo.id) == 0
    no(30, api.apply_credit_memo, given.id, part)
    parts = api.get_credit_memo_parts(given.id).parts
    assert [(p.amount, p.debit_memo_id) for p in parts] == [(30, memo.id)]
    ways = zuora.debit_memos_api().get_debit_memo_application_parts(memo.number).application_parts
    assert [(p.applied_amount, p.credit_memo_id) for p in ways] == [(30, given.id)]
    assert api.unapply_credit_memo(given.id, part).unapplied_amount == 40
    assert balance(zuora, memo.id) == 30
    draft = from_charge(zuora, number, 1, post=False)
    wish = {"debitMemos": [{"debitMemoId": draft.id, "amount": 1}]}
    no(30, api.apply_credit_memo, given.id, wish)
    other = from_charge(zuora, z.account(zuora).account_number, 1)
    wish = {"debitMemos": [{"debitMemoId": other.id, "amount": 1}]}
    no(30, api.apply_credit_memo, given.id, wish)


def test_a_credit_memo_is_reversed_and_another_written_off(zuora: Any) -> None:
    number, api = z.account(zuora).account_number, zuora.credit_memos_api()
    for act in (api.reverse_credit_memo, api.write_off_credit_memo):
        given = credit(zuora, number, 40.4)
        done = act(given.id, {"memoDate": "2026-01-09", "comment": "oops"})
        made = zuora.debit_memos_api().get_debit_memo(done.debit_memo.id)
        assert (made.status, made.amount, made.balance, made.be_applied_amount) == ("Posted", 40.4, 0, 40.4)
        assert (made.referred_credit_memo_id, made.comment) == (given.id, "oops")
        after = api.get_credit_memo(given.id)
        assert (after.unapplied_amount, after.applied_amount) == (0, 40.4)
        no(30, act, given.id, {})
    reversed_ = [m.reversed for m in api.get_credit_memos().creditmemos]
    assert reversed_ == [False, True]
    draft = zuora.debit_memos_api().get_debit_memos().debitmemos
    assert [m.reason_code for m in draft] == ["Write-off", None]


def test_a_reversed_memo_leaves_its_invoice_creditable(zuora: Any, raw: z.Raw) -> None:
    owed = invoice(zuora, z.account(zuora).account_number, 20)
    line = raw("GET", f"/v1/invoices/{owed.id}/items")[2]["invoiceItems"][0]["id"]
    wish = {"items": [{"invoiceItemId": line, "amount": 20}], "autoPost": True}
    make = zuora.credit_memos_api().create_credit_memo_from_invoice
    first = make(owed.id, wish)
    no(30, make, owed.id, wish)
    zuora.credit_memos_api().reverse_credit_memo(first.id, {})
    assert make(owed.id, wish).unapplied_amount == 20


def test_a_debit_memo_is_written_off(zuora: Any) -> None:
    number, api = z.account(zuora).account_number, zuora.debit_memos_api()
    memo = from_charge(zuora, number, 30)
    external(zuora, number, 10, debitMemos=[{"debitMemoId": memo.id, "amount": 10}])
    done = api.write_off_debit_memo(memo.id, {"comment": "lost"})
    made = zuora.credit_memos_api().get_credit_memo(done.credit_memo.id)
    assert (made.amount, made.unapplied_amount, made.status) == (20, 0, "Posted")
    assert balance(zuora, memo.id) == 0
    no(30, api.write_off_debit_memo, memo.id, {})
    item = zuora.credit_memos_api().get_credit_memo_items(made.id).items[0]
    assert item.credit_from_item_source == "DebitMemoItem"


def test_the_account_owes_its_debit_memos(zuora: Any) -> None:
    own = z.account(zuora)
    invoice(zuora, own.account_number, 10)
    from_charge(zuora, own.account_number, 32.1)
    from_charge(zuora, own.account_number, 7, post=False)
    credit(zuora, own.account_number, 2)
    metrics = zuora.accounts_api().get_account(own.account_id).metrics
    assert metrics.total_debit_memo_balance == 32.1
    assert metrics.total_invoice_balance == 10
    assert metrics.balance == 40.1


def test_lists_queries_and_due_dates(zuora: Any, raw: z.Raw) -> None:
    own, api = z.account(zuora), zuora.debit_memos_api()
    memos = [from_charge(zuora, own.account_number, n) for n in (5, 6, 7)]
    other = from_charge(zuora, z.account(zuora).account_number, 8)
    shown = api.get_debit_memos(account_id=own.account_id, page_size=2)
    assert [m.amount for m in shown.debitmemos] == [7, 6]
    assert "page=2" in shown.next_page
    assert [m.amount for m in api.get_debit_memos(number=other.number).debitmemos] == [8]
    assert [m.amount for m in api.get_debit_memos(amount=6).debitmemos] == [6]
    # The SDK's own `status` filter cannot be sent: it asks a string for its value.
    assert raw("GET", "/v1/debit-memos?status=Canceled")[2]["debitmemos"] == []
    assert len(raw("GET", "/v1/debit-memos?status=Posted")[2]["debitmemos"]) == 4
    dates = {
        "debitMemos": [
            {"id": memos[0].id, "dueDate": "2026-03-01"},
            {"id": memos[1].number, "dueDate": "2026-03-02"},
        ]
    }
    assert api.update_debit_memos_due_dates(dates).success
    found = api.get_debit_memos(due_date="2026-03-02").debitmemos
    assert [m.number for m in found] == [memos[1].number]
    query = zuora.object_queries_api()
    rows = query.query_debit_memos(filter=[f"accountId.EQ:{own.account_id}"], expand=["debitMemoItems"]).data
    assert [(r.memo_number, r.total_amount) for r in rows] == [(m.number, m.amount) for m in memos]
    assert [i.amount for i in rows[0].debit_memo_items] == [5]
    assert query.query_debit_memo_by_key(memos[2].number).balance == 7
    lines = query.query_debit_memo_items(filter=[f"debitMemoId.EQ:{memos[1].id}"]).data
    assert [r.amount for r in lines] == [6]
    said = "select Id, MemoNumber, Balance from DebitMemo where Status = 'Posted'"
    assert raw("POST", "/v1/action/query", {"queryString": said})[2]["size"] == 4


def test_a_debit_memo_is_collected(zlab: Sandboxes, zuora: Any) -> None:
    own, api = z.account(zuora), zuora.debit_memos_api()
    memo = from_charge(zuora, own.account_number, 100)
    no(22, api.collect_debit_memo, memo.id, {"collect": True})
    credit(zuora, own.account_number, 30)
    external(zuora, own.account_number, 20)
    done = api.collect_debit_memo(memo.id, {"applyCredit": True, "applicationOrder": ["CreditMemo"]})
    assert [m.applied_amount for m in done.applied_credit_memos] == [30]
    assert balance(zuora, memo.id) == 70
    token_method(zuora, own.account_number, *carded(zlab))
    done = api.collect_debit_memo(memo.id, {"applyCredit": True, "collect": True})
    assert [p.applied_amount for p in done.applied_payments] == [20]
    assert (done.processed_payment.amount, done.processed_payment.status) == (50, "Processed")
    assert balance(zuora, memo.id) == 0


def test_items_of_a_draft_debit_memo_change(zuora: Any) -> None:
    number, api = z.account(zuora).account_number, zuora.debit_memos_api()
    memo = from_charge(zuora, number, 10, post=False)
    item = api.get_debit_memo_items(memo.id).items[0]
    wish = {
        "comment": "new",
        "effectiveDate": "2026-02-01",
        "items": [{"id": item.id, "amount": 12.5, "comment": "up"}],
    }
    done = api.update_debit_memo(memo.id, wish)
    assert (done.amount, done.comment, str(done.debit_memo_date)) == (12.5, "new", "2026-02-01")
    charge = fee(zuora)
    done = api.update_debit_memo(memo.id, {"items": [{"productRatePlanChargeId": charge, "amount": 4}]})
    assert done.amount == 16.5
    assert [i.comment for i in api.get_debit_memo_items(memo.id).items] == ["up", None]
    done = api.update_debit_memo(memo.id, {"items": [{"id": item.id, "delete": True}]})
    assert done.amount == 4
    last = api.get_debit_memo_items(memo.id).items[0].id
    assert (
        z.category(z.raises(400, api.update_debit_memo, memo.id, {"items": [{"id": last, "delete": True}]}))
        == 30
    )
    assert (
        z.category(z.raises(400, api.update_debit_memo, memo.id, {"items": [{"id": item.id, "amount": 1}]}))
        == 20
    )
    assert (
        z.category(z.raises(400, api.update_debit_memo, memo.id, {"items": [{"id": last, "amount": -1}]}))
        == 20
    )
    assert api.post_debit_memo(memo.id).balance == 4
    assert (
        z.category(z.raises(400, api.update_debit_memo, memo.id, {"items": [{"id": last, "amount": 1}]}))
        == 30
    )
    assert api.update_debit_memo(memo.id, {"dueDate": "2026-05-05"}).success


def test_items_of_draft_invoices_and_credit_memos_change(zuora: Any, raw: z.Raw) -> None:
    number = z.account(zuora).account_number
    item = {"amount": 10, "chargeName": "Setup", "serviceStartDate": "2026-01-01"}
    api = zuora.invoices_api()
    draft = api.create_standalone_invoice(
        {"accountNumber": number, "invoiceDate": "2026-01-01", "invoiceItems": [item]}
    )
    line = raw("GET", f"/v1/invoices/{draft.id}/items")[2]["invoiceItems"][0]["id"]
    done = api.update_invoice(draft.id, {"invoiceItems": [{"id": line, "amount": 11}, {**item, "amount": 2}]})
    assert float(done.amount) == 13
    assert (
        z.category(
            z.raises(400, api.update_invoice, draft.id, {"invoiceItems": [{"id": line, "amount": -5}]})
        )
        == 30
    )
    api.post_invoice(draft.id, {})
    assert (
        z.category(z.raises(400, api.update_invoice, draft.id, {"invoiceItems": [{"id": line, "amount": 1}]}))
        == 30
    )
    given = zuora.credit_memos_api()
    wish = {"items": [{"invoiceItemId": line, "amount": 3}]}
    memo = given.create_credit_memo_from_invoice(draft.id, wish)
    own = given.get_credit_memo_items(memo.id).items[0].id
    assert (
        z.category(
            z.raises(400, given.update_credit_memo, memo.id, {"items": [{"id": own, "amount": 11.01}]})
        )
        == 30
    )
    assert given.update_credit_memo(memo.id, {"items": [{"id": own, "amount": 11}]}).amount == 11
    no(30, given.create_credit_memo_from_invoice, draft.id, wish)
    assert given.update_credit_memo(memo.id, {"items": [{"id": own, "amount": 8}]}).amount == 8
    assert given.create_credit_memo_from_invoice(draft.id, wish).amount == 3
