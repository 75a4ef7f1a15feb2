"""Documents, applications, postings, periods, history, books."""

import pytest

from scenarios.evidence.erp import ErpBooks
from scenarios.evidence.reading import from_json

from .netsuite_client import Client, credit_memo, invoice, payment


@pytest.fixture
def erp() -> Client:
    return Client().sign_in().stock()


def period(erp, name):
    return erp.rows(f"SELECT id FROM accountingPeriod WHERE periodName = '{name}'")[0]["id"]


def test_invoice_posts_receivable_deferral_and_tax(erp):
    key = erp.put("invoice", "INV-1", invoice()).new_id
    assert erp.ledger(key) == [("1100", 11900, 0), ("2100", 0, 10000), ("2000", 0, 1900)]
    shown = erp.get("invoice", key)
    assert (shown["total"], shown["amountRemaining"], shown["amountPaid"]) == (119.0, 119.0, 0.0)
    assert (shown["status"]["refName"], shown["postingPeriod"]["refName"]) == ("Open", "Mar 2026")


def test_an_item_without_deferral_posts_to_income_and_negative_lines_turn_round(erp):
    lines = [
        {"item": {"externalId": "CREDIT"}, "amount": -20},
        {"item": {"externalId": "PLAN"}, "amount": 50},
    ]
    key = erp.post("invoice", invoice(item={"items": lines}, tax=0)).new_id
    assert erp.ledger(key) == [("1100", 3000, 0), ("4900", 2000, 0), ("2100", 0, 5000)]


def test_payment_pays_in_part_then_in_full(erp):
    key = erp.put("invoice", "INV-1", invoice()).new_id
    first = erp.post("customerPayment", payment(19, ("INV-1", 19))).new_id
    assert erp.ledger(first) == [("1010", 1900, 0), ("1100", 0, 1900)]
    assert erp.get("invoice", key)["amountRemaining"] == 100.0
    bank = payment(150, ("INV-1", 100), account=erp.account("1000"), memo="pi_77")
    second = erp.post("customerPayment", bank).new_id
    assert erp.ledger(second) == [("1000", 15000, 0), ("1100", 0, 10000), ("2500", 0, 5000)]
    assert erp.get("invoice", key)["status"]["refName"] == "Paid In Full"
    shown = erp.get("customerPayment", second)
    assert (shown["payment"], shown["applied"], shown["unapplied"]) == (150.0, 100.0, 50.0)


def test_a_later_application_moves_unapplied_cash(erp):
    pay = erp.put("customerPayment", "P-1", payment(119)).new_id
    assert erp.ledger(pay) == [("1010", 11900, 0), ("2500", 0, 11900)]
    erp.put("invoice", "INV-1", invoice())
    lines = {"apply": {"items": [{"doc": {"externalId": "INV-1"}, "apply": True}]}}
    assert erp.patch("customerPayment", pay, lines).status == 204
    assert erp.ledger(pay) == [("1010", 11900, 0), ("1100", 0, 11900)]
    lines["apply"]["items"][0]["apply"] = False
    assert erp.patch("customerPayment", pay, lines).status == 204
    assert erp.get("invoice", "eid:INV-1")["status"]["refName"] == "Open"


def test_a_payment_without_amount_takes_what_is_open(erp):
    erp.put("invoice", "INV-1", invoice())
    body = payment(1, ("INV-1", 1))
    del body["payment"], body["apply"]["items"][0]["amount"]
    assert erp.get("customerPayment", erp.post("customerPayment", body).new_id)["payment"] == 119.0


def test_repeating_a_payment_by_external_id_changes_nothing(erp):
    erp.put("invoice", "INV-1", invoice())
    erp.put("customerPayment", "P-1", payment(119, ("INV-1", 119)))
    count = len(erp.mock.rules.history.changes)
    assert erp.put("customerPayment", "P-1", payment(119, ("INV-1", 119))).status == 204
    assert len(erp.mock.rules.history.changes) == count


def test_credit_memo_applied_and_refunded(erp):
    erp.put("invoice", "INV-1", invoice())
    lines = {"items": [{"doc": {"externalId": "INV-1"}, "apply": True, "amount": 30}]}
    memo = erp.put("creditMemo", "CM-1", credit_memo(apply=lines)).new_id
    assert erp.ledger(memo) == [("1100", 0, 4760), ("4900", 4000, 0), ("2000", 760, 0)]
    assert erp.get("creditMemo", memo)["amountRemaining"] == 17.6
    assert erp.get("invoice", "eid:INV-1")["amountRemaining"] == 89.0
    body = {
        "customer": {"externalId": "ACC-1"},
        "externalId": "RF-1",
        "tranDate": "2026-03-13",
        "apply": {"items": [{"doc": {"id": memo}, "apply": True, "amount": 17.6}]},
    }
    refund = erp.post("customerRefund", body).new_id
    assert erp.ledger(refund) == [("1010", 0, 1760), ("1100", 1760, 0)]
    assert erp.get("creditMemo", memo)["status"]["refName"] == "Fully Applied"
    books = from_json(ErpBooks, erp.mock.rules.books())
    assert (books.refunds[0].amount, books.refunds[0].credit_memo) == (1760, memo)
    assert "applied" in erp.delete("creditMemo", memo).error[1]
    assert erp.delete("customerRefund", refund).status == 204
    assert erp.get("creditMemo", memo)["amountRemaining"] == 17.6
    assert erp.delete("creditMemo", memo).status == 204
    assert erp.get("invoice", "eid:INV-1")["amountRemaining"] == 119.0


def test_journals_balance_or_are_refused(erp):
    def lines(*parts):
        return [{"account": erp.account(number), side: amount} for number, side, amount in parts]

    body = {
        "subsidiary": {"id": "1"},
        "currency": {"refName": "EUR"},
        "tranDate": "2026-03-31",
        "memo": "po_1",
    }
    good = {"items": lines(("6000", "debit", 1.5), ("1010", "credit", 1.5))}
    key = erp.put("journalEntry", "J-1", {**body, "line": good}).new_id
    assert erp.ledger(key) == [("6000", 150, 0), ("1010", 0, 150)]
    bad = {"items": lines(("6000", "debit", 1.5), ("1010", "credit", 1.4))}
    code, detail = erp.post("journalEntry", {**body, "line": bad}).error
    assert (code, "balance" in detail) == ("USER_ERROR", True)
    both = {"items": [{"account": erp.account("6000"), "debit": 1, "credit": 1}]}
    assert erp.post("journalEntry", {**body, "line": both}).error[0] == "USER_ERROR"
    assert erp.post("journalEntry", {**body, "line": {"items": []}}).error[0] == "USER_ERROR"
    assert "Subsidiary" in erp.post("journalEntry", {"line": good}).error[1]
    assert erp.get("journalEntry", key, "?expandSubResources=true")["line"]["items"][1]["credit"] == 1.5
    assert erp.delete("journalEntry", key).status == 204
    assert erp.ledger(key) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"entity": {"id": "424242"}}, "Invalid Field Value 424242"),
        ({"entity": {"externalId": "nobody"}}, "Invalid Field Value nobody"),
        ({"currency": {"refName": "USD"}}, "Invalid currency reference key 1 for entity"),
        ({"currency": {"refName": "XXX"}}, "Invalid Field Value XXX"),
        ({"item": {"items": [{"item": {"id": "777"}, "amount": 1}]}}, "Invalid Field Value 777"),
        ({"taxTotal": -200}, "negative"),
        ({"item": {"items": []}}, "at least one line item"),
        ({"tranDate": "2026-02-28"}, "period Feb 2026 is closed"),
        ({"tranDate": "2035-01-01"}, "accounting period"),
        ({"exchangeRate": 0}, "exchangeRate"),
        ({"subsidiary": {"id": "2"}}, "subsidiary"),
        ({"postingPeriod": {"id": "1"}}, "postingPeriod"),
    ],
)
def test_refused_invoices(erp, change, word):
    answer = erp.post("invoice", {**invoice(), **change})
    assert (answer.status, answer.error[0] in ("USER_ERROR", "INVALID_CONTENT")) == (400, True)
    assert word in answer.error[1]
    assert erp.mock.rules.books()["invoices"] == []


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (payment(500, ("INV-1", 200)), "more than the remaining"),
        (payment(50, ("INV-1", 60)), "less than"),
        (payment(50, ("OTHER", 50)), "another customer"),
        (payment(50, ("NONE", 50)), "Invalid Field Value NONE"),
        (payment(0), "payment"),
        (payment(-5), "payment"),
        (payment(5, ("INV-1", 0)), "amount"),
        ({"customer": {"externalId": "ACC-1"}}, "Payment Amount"),
        ({"payment": 5}, "Customer"),
    ],
)
def test_refused_payments(erp, body, word):
    erp.put(
        "customer", "ACC-2", {"companyName": "B", "subsidiary": {"id": "1"}, "currency": {"refName": "EUR"}}
    )
    erp.put("invoice", "INV-1", invoice())
    erp.put("invoice", "OTHER", invoice(entity={"externalId": "ACC-2"}))
    answer = erp.post("customerPayment", body)
    assert (answer.status, answer.error[0] in ("USER_ERROR", "INVALID_CONTENT")) == (400, True)
    assert word in answer.error[1]
    assert erp.get("invoice", "eid:INV-1")["amountRemaining"] == 119.0


def test_a_refund_needs_a_credit_memo_with_enough_left(erp):
    memo = erp.put("creditMemo", "CM-1", credit_memo()).new_id
    none = {"customer": {"externalId": "ACC-1"}}
    assert "credit memo" in erp.post("customerRefund", none).error[1]
    much = {**none, "apply": {"items": [{"doc": {"id": memo}, "apply": True, "amount": 99}]}}
    assert "more than the remaining" in erp.post("customerRefund", much).error[1]


def test_paid_invoices_cannot_be_deleted_or_made_smaller(erp):
    key = erp.put("invoice", "INV-1", invoice()).new_id
    pay = erp.post("customerPayment", payment(119, ("INV-1", 119))).new_id
    assert "applied" in erp.delete("invoice", key).error[1]
    assert "applied" in erp.put("invoice", "INV-1", invoice(50, 0), "?replace=item").error[1]
    assert erp.delete("customerPayment", pay).status == 204
    assert erp.delete("invoice", key).status == 204
    assert erp.mock.rules.books()["ledger"] == []


def test_closed_periods_refuse_everything_but_no_change(erp):
    key = erp.put("invoice", "INV-1", invoice()).new_id
    march = period(erp, "Mar 2026")
    assert erp.patch("accountingPeriod", march, {"closed": True}).status == 204
    count = len(erp.mock.rules.history.changes)
    assert erp.put("invoice", "INV-1", invoice(), "?replace=item").status == 204
    assert len(erp.mock.rules.history.changes) == count
    for refused in (
        erp.put("invoice", "INV-1", invoice(memo="late"), "?replace=item"),
        erp.put("invoice", "INV-2", invoice()),
        erp.patch("invoice", key, {"tranDate": "2026-04-01"}),
        erp.delete("invoice", key),
    ):
        assert (refused.status, refused.error[0]) == (400, "USER_ERROR")
        assert "period Mar 2026 is closed" in refused.error[1]
    later = erp.post("customerPayment", payment(119, ("INV-1", 119), tranDate="2026-04-02"))
    assert later.status == 204
    assert erp.patch("accountingPeriod", march, {"closed": False}).status == 204
    assert erp.put("invoice", "INV-2", invoice()).status == 204


def test_an_ar_lock_stops_receivables_but_not_journals(erp):
    erp.patch("accountingPeriod", period(erp, "Mar 2026"), {"arLocked": True})
    assert "locked" in erp.post("invoice", invoice()).error[1]
    lines = [{"account": erp.account("6000"), "debit": 1}, {"account": erp.account("1010"), "credit": 1}]
    body = {"subsidiary": {"id": "1"}, "tranDate": "2026-03-31", "line": {"items": lines}}
    assert erp.post("journalEntry", body).status == 204
    erp.patch("accountingPeriod", period(erp, "Mar 2026"), {"allLocked": True})
    assert "locked" in erp.post("journalEntry", body).error[1]


def test_a_posting_period_may_be_named_apart_from_the_date(erp):
    april = {"id": period(erp, "Apr 2026")}
    key = erp.post("invoice", invoice(tranDate="2026-02-20", postingPeriod=april)).new_id
    row = erp.mock.rules.books()["invoices"][0]
    assert (row["id"], row["date"], row["period"]) == (key, "2026-02-20", "2026-04")


def test_schedules_are_kept_half_open_in_the_books(erp):
    body = {
        "name": "Acme 2026", "sourceDoc": "INV-1", "startDate": "2026-03-01", "endDate": "2027-02-28",
        "amount": 1200, "currency": {"refName": "EUR"}, "deferredRevenueAccount": erp.account("2100"),
        "recognitionAccount": erp.account("4000"),
    }  # fmt: skip
    key = erp.put("revRecSchedule", "S-1", body).new_id
    count = len(erp.mock.rules.history.changes)
    assert erp.put("revRecSchedule", "S-1", body).status == 204
    assert len(erp.mock.rules.history.changes) == count
    row = from_json(ErpBooks, erp.mock.rules.books()).schedules[0]
    assert (row.source, row.start, row.end, row.amount) == ("INV-1", "2026-03-01", "2027-03-01", 120000)
    assert "end date" in erp.patch("revRecSchedule", key, {"endDate": "2026-01-01"}).error[1]
    assert "Source Document" in erp.post("revRecSchedule", {"name": "x"}).error[1]
    assert erp.delete("revRecSchedule", key).status == 204


def test_history_tells_the_story_by_business_keys(erp):
    erp.put("invoice", "INV-1", invoice(tranId="INV00000001"))
    erp.put("customerPayment", "P-1", payment(119, ("INV-1", 119), memo="pi_77"))
    changes = erp.mock.rules.history.changes
    told = [(c.kind, c.event, c.state, c.amount) for c in changes if c.kind in ("invoice", "receipt")]
    assert told == [
        ("invoice", "created", "Open", 11900),
        ("receipt", "created", "Deposited", 11900),
        ("invoice", "applied", "Paid In Full", 11900),
    ]
    assert changes[-3].refs == ("INV-1", "INV00000001", "ACC-1")
    assert {"P-1", "ACC-1", "INV-1", "pi_77"} <= set(changes[-2].refs)
    assert changes[-1].version == 2


def test_books_are_evidence_and_balance(erp):
    erp.put("invoice", "INV-1", invoice())
    erp.put("customerPayment", "P-1", payment(119, ("INV-1", 119)))
    erp.put("creditMemo", "CM-1", credit_memo())
    books = from_json(ErpBooks, erp.mock.rules.books())
    assert books.customers[0].external == "ACC-1"
    assert (books.invoices[0].status, books.invoices[0].remaining, books.invoices[0].period) == (
        "Paid In Full",
        0,
        "2026-03",
    )
    assert books.receipts[0].applied[0].document == books.invoices[0].id
    assert sum(line.debit - line.credit for line in books.ledger) == 0
    assert len(books.periods) == 49
    assert next(p.name for p in books.periods if not p.closed) == "2026-03"
    assert erp.mock.rules.pending() == 0


def test_currencies_without_or_with_three_decimals(erp):
    for symbol, amount, units in (("JPY", 119, 119), ("KWD", 1.234, 1234)):
        erp.put(
            "customer",
            symbol,
            {"companyName": symbol, "subsidiary": {"id": "1"}, "currency": {"refName": symbol}},
        )
        body = invoice(amount, 0, entity={"externalId": symbol}, currency={"refName": symbol})
        assert erp.ledger(erp.post("invoice", body).new_id)[0] == ("1100", units, 0)
    assert erp.post("invoice", invoice(1.5, 0, entity={"externalId": "JPY"}, currency=None)).status == 400
