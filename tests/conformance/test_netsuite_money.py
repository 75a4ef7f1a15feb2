"""Orders, invoices, payments, credits, refunds, deposits, journals, exchange differences, periods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes, sandboxes
from tests.conformance.netsuite_lab import TODAY, Raw, refused

EUR = "4"
FIRST = f"{TODAY[:7]}-01"


@pytest.fixture
def raw(lab: Sandboxes) -> Raw:
    return Raw(lab)


def ledger(raw: Raw, key: str) -> dict[str, tuple[float, float]]:
    """By account number: (transaction currency, base currency), debits positive."""
    rows = raw.rows(
        "SELECT a.acctnumber, SUM(l.foreignamount) AS fx, SUM(t.amount) AS base "
        "FROM transactionaccountingline t "
        "JOIN transactionline l ON l.transaction = t.transaction AND l.id = t.transactionline "
        f"JOIN account a ON a.id = t.account WHERE t.transaction = {key} GROUP BY a.acctnumber"
    )
    assert round(sum(float(row["base"]) for row in rows), 2) == 0
    return {row["acctnumber"]: (float(row["fx"]), float(row["base"])) for row in rows}


def transform(raw: Raw, path: str, target: str, body: Any = None) -> str:
    answer = raw.call("POST", f"{path}/!transform/{target}", json=body if body is not None else {})
    assert answer.status_code == 204, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


def order(raw: Raw, customer: str, *lines: tuple[float, float], **more: Any) -> str:
    items = [{"item": raw.item(), "quantity": many, "rate": each} for many, each in lines]
    return raw.make("salesOrder", {"entity": {"id": customer}, "item": {"items": items}, **more})


def test_an_order_is_billed_in_parts(raw: Raw) -> None:
    customer = raw.customer()
    key = order(raw, customer, (10, 5), (1, 100), otherRefNum="PO-1", memo="m")
    shown = raw.get(f"salesOrder/{key}")
    assert (shown["total"], shown["status"]["refName"]) == (150.0, "Pending Billing")
    assert "postingPeriod" not in shown
    assert raw.get(f"customer/{customer}")["unbilledOrders"] == 150.0
    part = {"item": {"items": [{"orderLine": 1, "quantity": 4}]}, "memo": "first"}
    first = transform(raw, f"salesOrder/{key}", "invoice", part)
    invoice = raw.get(f"invoice/{first}", expandSubResources="true")
    assert [(each["quantity"], each["amount"]) for each in invoice["item"]["items"]] == [
        (4, 20.0),
        (1, 100.0),
    ]
    assert (invoice["memo"], invoice["otherRefNum"], invoice["createdFrom"]["id"]) == ("first", "PO-1", key)
    assert raw.get(f"salesOrder/{key}")["status"]["id"] == "E"
    second = transform(raw, f"salesOrder/{key}", "invoice")
    assert raw.get(f"invoice/{second}")["total"] == 30.0
    assert raw.get(f"salesOrder/{key}")["status"]["refName"] == "Billed"
    again = raw.call("POST", f"salesOrder/{key}/!transform/invoice", json={})
    assert refused(again)[:2] == (400, "USER_ERROR")
    assert refused(raw.call("DELETE", f"salesOrder/{key}"))[1] == "USER_ERROR"
    assert raw.call("DELETE", f"invoice/{second}").status_code == 204
    assert raw.get(f"salesOrder/{key}")["status"]["id"] == "E"
    links = raw.rows(
        f"SELECT nextdoc FROM previoustransactionlinelink WHERE previousdoc = {key} AND linktype = 'OrdBill'"
    )
    assert {row["nextdoc"] for row in links} == {first}


def test_orders_wait_for_approval_and_are_closed(raw: Raw) -> None:
    key = order(raw, raw.customer(), (1, 5), orderStatus={"id": "A"})
    assert raw.get(f"salesOrder/{key}")["status"]["refName"] == "Pending Approval"
    assert refused(raw.call("POST", f"salesOrder/{key}/!transform/invoice", json={}))[1] == "USER_ERROR"
    assert raw.call("PATCH", f"salesOrder/{key}", json={"orderStatus": {"id": "B"}}).status_code == 204
    transform(raw, f"salesOrder/{key}", "invoice")
    assert raw.call("POST", f"salesOrder/{key}/!transform/opportunity", json={}).status_code == 404
    assert refused(raw.call("POST", "invoice/1/!transform/invoice", json={}))[0] == 404


def test_invoice_payment_and_balances(raw: Raw) -> None:
    customer = raw.customer(terms={"id": "2"})
    key = raw.invoice(customer, 100, 50, tranDate=TODAY, taxTotal=15)
    shown = raw.get(f"invoice/{key}")
    assert (shown["subtotal"], shown["taxTotal"], shown["total"], shown["amountRemaining"]) == (
        150.0,
        15.0,
        165.0,
        165.0,
    )
    assert (shown["terms"]["refName"], shown["approvalStatus"]["refName"]) == ("Net 30", "Approved")
    assert shown["deferredRevenue"] == 150.0
    assert raw.get(f"customer/{customer}")["balance"] == 165.0
    body = {
        "customer": {"id": customer},
        "payment": 65,
        "apply": {"items": [{"doc": {"id": key}, "apply": True, "amount": 65}]},
    }
    payment = raw.make("customerPayment", body)
    assert raw.get(f"invoice/{key}")["amountRemaining"] == 100.0
    lines = raw.get(f"customerPayment/{payment}/apply")["items"]
    assert (lines[0]["doc"]["id"], lines[0]["amount"], lines[0]["due"], lines[0]["apply"]) == (
        key,
        65.0,
        165.0,
        True,
    )
    rest = transform(raw, f"invoice/{key}", "customerPayment", {"account": raw.account("1000")})
    assert raw.get(f"customerPayment/{rest}")["payment"] == 100.0
    assert raw.get(f"invoice/{key}")["status"] == {"id": "B", "refName": "Paid In Full"}
    assert raw.get(f"customer/{customer}")["balance"] == 0.0
    assert refused(raw.call("DELETE", f"invoice/{key}"))[1] == "USER_ERROR"
    over = {**body, "payment": 5, "apply": {"items": [{"doc": {"id": key}, "apply": True, "amount": 5}]}}
    assert "more than the remaining" in refused(raw.call("POST", "customerPayment", json=over))[2]
    unticked = {"apply": {"items": [{"doc": {"id": key}, "apply": False}]}}
    assert raw.call("PATCH", f"customerPayment/{rest}", json=unticked).status_code == 204
    assert raw.get(f"customerPayment/{rest}")["unapplied"] == 100.0
    assert raw.get(f"invoice/{key}")["status"]["refName"] == "Open"


def test_auto_apply_pays_the_oldest_first(raw: Raw) -> None:
    customer = raw.customer()
    keys = [raw.invoice(customer, 10, dueDate=due) for due in ("2030-02-01", "2030-01-01")]
    raw.make("customerPayment", {"customer": {"id": customer}, "payment": 12, "autoApply": True})
    assert [raw.get(f"invoice/{key}")["amountRemaining"] for key in keys] == [8.0, 0.0]


def test_a_realised_gain_is_posted_in_the_base_currency(raw: Raw) -> None:
    customer = raw.customer(EUR)
    key = raw.invoice(customer, 100, exchangeRate=1.10)
    assert ledger(raw, key) == {"1100": (100, 110), "2100": (-100, -110)}
    assert raw.get(f"account/{raw.account('2100')['id']}")["balance"] == 110.0
    parts = []
    for amount, rate in ((40, 1.2), (60, 1.05)):
        apply = {"items": [{"doc": {"id": key}, "apply": True, "amount": amount}]}
        body = {"customer": {"id": customer}, "payment": amount, "exchangeRate": rate, "apply": apply}
        parts.append(raw.make("customerPayment", body))
    assert ledger(raw, parts[0]) == {"1050": (40, 48), "1100": (-40, -44), "7000": (0, -4)}
    assert ledger(raw, parts[1]) == {"1050": (60, 63), "1100": (-60, -66), "7000": (0, 3)}
    left = raw.rows(
        "SELECT SUM(t.amount) AS left FROM transactionaccountingline t JOIN account a ON a.id = t.account "
        "WHERE a.acctnumber = '1100'"
    )
    assert float(left[0]["left"]) == 0
    assert raw.get(f"account/{raw.account('1100')['id']}")["balance"] == 0
    assert raw.get(f"account/{raw.account('7000')['id']}")["balance"] == -1.0
    shown = raw.get(f"customerPayment/{parts[0]}")
    assert (shown["exchangeRate"], shown["currency"]["refName"]) == (1.2, "EUR")


def test_a_corrected_rate_is_followed_by_what_was_paid(raw: Raw) -> None:
    customer = raw.customer(EUR)
    key = raw.invoice(customer, 100, exchangeRate=1.10)
    apply = {"items": [{"doc": {"id": key}, "apply": True, "amount": 100}]}
    payment = raw.make(
        "customerPayment", {"customer": {"id": customer}, "payment": 100, "exchangeRate": 1.2, "apply": apply}
    )
    assert raw.call("PATCH", f"invoice/{key}", json={"exchangeRate": 1.25}).status_code == 204
    assert ledger(raw, payment) == {"1050": (100, 120), "1100": (-100, -125), "7000": (0, 5)}


def test_thirds_leave_nothing_over_in_base(raw: Raw) -> None:
    customer = raw.customer(EUR)
    key = raw.invoice(customer, 33.33, 33.33, 33.34, exchangeRate=1.2345)
    for amount in (33.33, 33.33, 33.34):
        apply = {"items": [{"doc": {"id": key}, "apply": True, "amount": amount}]}
        raw.make(
            "customerPayment",
            {"customer": {"id": customer}, "payment": amount, "exchangeRate": 1.3, "apply": apply},
        )
    q = (
        "SELECT SUM(t.amount) AS s FROM transactionaccountingline t JOIN account a ON a.id = t.account "
        "WHERE a.acctnumber = '1100'"
    )
    assert float(raw.rows(q)[0]["s"]) == 0


def test_rates_by_day(raw: Raw) -> None:
    customer = raw.customer(EUR)
    assert raw.get(f"invoice/{raw.invoice(customer, 1)}")["exchangeRate"] == 1.08
    rate = {
        "baseCurrency": {"id": "1"},
        "transactionCurrency": {"id": EUR},
        "exchangeRate": 1.5,
        "effectiveDate": TODAY,
    }
    key = raw.make("currencyRate", rate)
    assert raw.get(f"currencyRate/{key}")["transactionCurrency"]["refName"] == "EUR"
    assert raw.get(f"invoice/{raw.invoice(customer, 1)}")["exchangeRate"] == 1.5
    assert raw.call("DELETE", f"currencyRate/{key}").status_code == 204
    assert raw.get(f"invoice/{raw.invoice(customer, 1)}")["exchangeRate"] == 1.08
    rows = raw.rows(
        f"SELECT exchangerate FROM currencyrate WHERE transactioncurrency = {EUR} AND basecurrency = 1"
    )
    assert [row["exchangerate"] for row in rows] == ["1.08"]


def test_a_subsidiary_with_another_base_currency(raw: Raw) -> None:
    subsidiary = raw.make("subsidiary", {"name": "GmbH", "currency": {"id": EUR}, "parent": {"id": "1"}})
    customer = raw.make("customer", {"companyName": "K", "subsidiary": {"id": subsidiary}})
    assert raw.get(f"customer/{customer}")["currency"]["refName"] == "EUR"
    key = raw.invoice(customer, 100)
    assert raw.get(f"invoice/{key}")["exchangeRate"] == 1
    assert ledger(raw, key)["1100"] == (100, 100)


def test_further_currencies_of_a_customer(raw: Raw) -> None:
    customer = raw.customer()
    with pytest.raises(AssertionError, match=f"Invalid currency reference key {EUR} for entity {customer}"):
        raw.invoice(customer, 5, currency={"id": EUR})
    listed = {"currencyList": {"items": [{"currency": {"id": EUR}}]}}
    assert raw.call("PATCH", f"customer/{customer}", json=listed).status_code == 204
    raw.invoice(customer, 5, currency={"id": EUR})
    lines = raw.get(f"customer/{customer}/currencyList")["items"]
    assert {each["currency"]["refName"]: each["balance"] for each in lines} == {"USD": 0.0, "EUR": 5.0}


def test_credit_memos_are_applied_and_refunded(raw: Raw) -> None:
    customer = raw.customer()
    key = raw.invoice(customer, 100)
    memo = transform(
        raw, f"invoice/{key}", "creditMemo", {"item": {"items": [{"line": 1, "quantity": 1, "rate": 30}]}}
    )
    shown = raw.get(f"creditMemo/{memo}")
    assert (shown["total"], shown["applied"], shown["unapplied"], shown["status"]["id"]) == (
        30.0,
        30.0,
        0.0,
        "B",
    )
    assert raw.get(f"invoice/{key}")["amountRemaining"] == 70.0
    free = raw.make(
        "creditMemo", {"entity": {"id": customer}, "item": {"items": [{"item": raw.item(), "amount": 20}]}}
    )
    assert raw.get(f"creditMemo/{free}")["status"]["refName"] == "Open"
    assert raw.get(f"customer/{customer}")["balance"] == 50.0
    refund = transform(raw, f"creditMemo/{free}", "customerRefund", {"account": raw.account("1000")})
    assert raw.get(f"customerRefund/{refund}")["total"] == 20.0
    assert raw.get(f"creditMemo/{free}")["status"]["refName"] == "Fully Applied"
    assert ledger(raw, refund) == {"1000": (-20, -20), "1100": (20, 20)}
    assert raw.call("DELETE", f"customerRefund/{refund}").status_code == 204
    assert raw.get(f"creditMemo/{free}")["unapplied"] == 20.0


def test_credits_and_deposits_are_put_to_use_within_a_payment(raw: Raw) -> None:
    customer = raw.customer()
    keys = [raw.invoice(customer, 100), raw.invoice(customer, 50)]
    memo = raw.make(
        "creditMemo", {"entity": {"id": customer}, "item": {"items": [{"item": raw.item(), "amount": 30}]}}
    )
    deposit = raw.make("customerDeposit", {"customer": {"id": customer}, "payment": 80})
    body: dict[str, Any] = {
        "customer": {"id": customer},
        "payment": 40,
        "apply": {"items": [{"doc": {"id": key}, "apply": True} for key in keys]},
        "credit": {"items": [{"doc": {"id": memo}, "apply": True, "amount": 30}]},
        "deposit": {"items": [{"doc": {"id": deposit}, "apply": True}]},
    }
    over = {**body, "credit": {"items": [{"doc": {"id": memo}, "apply": True, "amount": 31}]}}
    assert refused(raw.call("POST", "customerPayment", json=over))[0] == 400
    payment = raw.make("customerPayment", body)
    assert [raw.get(f"invoice/{key}")["amountRemaining"] for key in keys] == [0.0, 0.0]
    assert raw.get(f"creditMemo/{memo}")["unapplied"] == 0.0
    assert raw.get(f"customerDeposit/{deposit}")["status"]["refName"] == "Fully Applied"
    assert raw.get(f"customerPayment/{payment}")["applied"] == 40.0
    assert raw.get(f"customer/{customer}")["balance"] == 0.0
    assert raw.call("DELETE", f"customerPayment/{payment}").status_code == 204
    assert raw.get(f"invoice/{keys[1]}")["amountRemaining"] == 40.0


def test_what_a_payment_left_over_is_refunded(raw: Raw) -> None:
    customer = raw.customer(EUR)
    payment = raw.make("customerPayment", {"customer": {"id": customer}, "payment": 50, "exchangeRate": 1.1})
    line = {"doc": {"id": payment}, "apply": True, "amount": 20}
    body = {"customer": {"id": customer}, "exchangeRate": 1.2, "apply": {"items": [line]}}
    refund = raw.make("customerRefund", body)
    assert ledger(raw, refund) == {"1010": (-20, -24), "2500": (20, 22), "7000": (0, 2)}
    assert raw.get(f"customerPayment/{payment}")["unapplied"] == 30.0
    none = raw.call("POST", "customerRefund", json={"customer": {"id": customer}})
    assert refused(none)[:2] == (400, "USER_ERROR")


def test_customer_deposits_and_their_application(raw: Raw) -> None:
    customer = raw.customer()
    deposit = raw.make(
        "customerDeposit", {"customer": {"id": customer}, "payment": 80, "account": raw.account("1010")}
    )
    assert ledger(raw, deposit) == {"1010": (80, 80), "2520": (-80, -80)}
    assert raw.get(f"customer/{customer}")["depositBalance"] == 80.0
    key = raw.invoice(customer, 100)
    apply = {"apply": {"items": [{"doc": {"id": key}, "apply": True, "amount": 60}]}}
    application = transform(raw, f"customerDeposit/{deposit}", "depositApplication", apply)
    assert ledger(raw, application) == {"1100": (-60, -60), "2520": (60, 60)}
    shown = raw.get(f"depositApplication/{application}")
    assert (shown["deposit"]["id"], shown["applied"], shown["unapplied"]) == (deposit, 60.0, 20.0)
    assert raw.get(f"invoice/{key}")["amountRemaining"] == 40.0
    assert raw.get(f"customerDeposit/{deposit}")["status"]["refName"] == "Deposited"
    transform(
        raw,
        f"customerDeposit/{deposit}",
        "depositApplication",
        {"apply": {"items": [{"doc": {"id": key}, "apply": True}]}},
    )
    assert raw.get(f"customerDeposit/{deposit}")["status"]["refName"] == "Fully Applied"
    assert raw.get(f"invoice/{key}")["amountRemaining"] == 20.0
    assert refused(raw.call("POST", "depositApplication", json=apply))[1] == "USER_ERROR"
    assert refused(raw.call("DELETE", f"customerDeposit/{deposit}"))[1] == "USER_ERROR"


def test_undeposited_funds_go_to_the_bank(raw: Raw) -> None:
    customer = raw.customer()
    payments = [
        raw.make("customerPayment", {"customer": {"id": customer}, "payment": each}) for each in (30, 70)
    ]
    assert raw.get(f"customerPayment/{payments[0]}")["status"]["refName"] == "Not Deposited"
    body = {
        "account": raw.account("1000"),
        "payment": {"items": [{"id": int(key), "deposit": True} for key in payments]},
        "other": {"items": [{"account": raw.account("4900"), "amount": 5, "memo": "interest"}]},
        "cashback": {"items": [{"account": raw.account("6000"), "amount": 3, "memo": "fees"}]},
    }
    deposit = raw.make("deposit", body)
    assert raw.get(f"deposit/{deposit}")["total"] == 102.0
    assert ledger(raw, deposit) == {
        "1000": (102, 102),
        "1050": (-100, -100),
        "4900": (-5, -5),
        "6000": (3, 3),
    }
    assert raw.get(f"customerPayment/{payments[0]}")["status"]["refName"] == "Deposited"
    full = raw.get(f"deposit/{deposit}", expandSubResources="true")
    assert [each["id"] for each in full["payment"]["items"]] == [int(key) for key in payments]
    assert "undeposited" in refused(raw.call("POST", "deposit", json=body))[2]
    assert refused(raw.call("DELETE", f"customerPayment/{payments[0]}"))[1] == "USER_ERROR"
    assert raw.call("DELETE", f"deposit/{deposit}").status_code == 204
    assert raw.get(f"customerPayment/{payments[0]}")["status"]["id"] == "B"


def test_cash_sales(raw: Raw) -> None:
    customer = raw.customer()
    lines = {"items": [{"item": raw.item(), "quantity": 2, "rate": 10}]}
    key = raw.make(
        "cashSale", {"entity": {"id": customer}, "item": lines, "taxTotal": 2, "account": raw.account("1000")}
    )
    assert ledger(raw, key) == {"1000": (22, 22), "2100": (-20, -20), "2000": (-2, -2)}
    billed = transform(raw, f"salesOrder/{order(raw, customer, (1, 9))}", "cashSale")
    assert raw.get(f"cashSale/{billed}")["total"] == 9.0


def test_journals(raw: Raw) -> None:
    lines = [
        {"account": raw.account("6000"), "debit": 10.1, "memo": "a", "department": {"id": "1"}},
        {"account": raw.account("6100"), "debit": 5.05, "entity": {"id": raw.customer()}},
        {"account": raw.account("1010"), "credit": 15.15},
    ]
    body = {
        "subsidiary": {"id": "1"},
        "currency": {"id": EUR},
        "exchangeRate": 1.111,
        "line": {"items": lines},
    }
    key = raw.make("journalEntry", body)
    shown = raw.get(f"journalEntry/{key}", expandSubResources="true")
    assert (shown["approved"], shown["approvalStatus"]["id"], len(shown["line"]["items"])) == (True, "2", 3)
    assert shown["line"]["items"][0]["department"]["refName"] == "Sales"
    assert ledger(raw, key)["1010"] == (-15.15, -16.83)
    for bad in (
        [*lines[:2], {**lines[2], "credit": 15.14}],
        [{**lines[0], "debit": -1}, {**lines[2], "credit": -1}],
        [{**lines[0], "credit": 1}],
        [],
    ):
        answer = raw.call("POST", "journalEntry", json={**body, "line": {"items": bad}})
        assert refused(answer)[:2] == (400, "USER_ERROR"), answer.text
    lost = raw.call("POST", "journalEntry", json={**body, "line": {"items": [{"debit": 1}]}})
    assert lost.json()["o:errorDetails"][0]["o:errorPath"] == "line.items[0].account"


def test_a_journal_reverses_itself_on_a_day(raw: Raw) -> None:
    def lines(amount: float) -> Any:
        return {
            "items": [
                {"account": raw.account("6000"), "debit": amount},
                {"account": raw.account("1010"), "credit": amount},
            ]
        }

    body = {"subsidiary": {"id": "1"}, "tranDate": TODAY, "reversalDate": "2027-01-01", "line": lines(10)}
    key = raw.make("journalEntry", body)
    number = raw.get(f"journalEntry/{key}")["reversalEntry"]
    (twin,) = raw.rows(f"SELECT id, isreversal FROM transaction WHERE tranid = '{number}'")
    assert twin["isreversal"] == "T"
    assert ledger(raw, twin["id"]) == {"6000": (-10, -10), "1010": (10, 10)}
    assert raw.get(f"journalEntry/{twin['id']}")["tranDate"] == "2027-01-01"
    assert raw.call("PATCH", f"journalEntry/{key}?replace=line", json={"line": lines(12)}).status_code == 204
    assert ledger(raw, twin["id"])["1010"] == (12, 12)
    assert raw.call("PATCH", f"journalEntry/{key}", json={"reversalDate": None}).status_code == 204
    assert raw.call("GET", f"journalEntry/{twin['id']}").status_code == 404


def periods(raw: Raw) -> tuple[str, str]:
    """(id of the present month, id of a closed one)."""
    base = "SELECT id FROM accountingperiod WHERE isquarter = 'F' AND isyear = 'F'"
    now = raw.rows(f"{base} AND closed = 'F' ORDER BY startdate")[0]["id"]
    return now, raw.rows(f"{base} AND closed = 'T' ORDER BY startdate DESC")[0]["id"]


def test_closed_and_locked_periods(raw: Raw) -> None:
    customer = raw.customer()
    now, closed = periods(raw)
    start = raw.get(f"accountingPeriod/{closed}")["startDate"]
    body = {
        "entity": {"id": customer},
        "item": {"items": [{"item": raw.item(), "amount": 5}]},
        "tranDate": start,
    }
    status, code, detail = refused(raw.call("POST", "invoice", json=body))
    assert (status, code) == (400, "USER_ERROR")
    assert "period" in detail
    assert "closed" in detail
    named = {**body, "tranDate": TODAY, "postingPeriod": {"id": closed}}
    assert refused(raw.call("POST", "invoice", json=named))[1] == "USER_ERROR"
    assert raw.call("PATCH", f"accountingPeriod/{closed}", json={"closed": False}).status_code == 204
    key = raw.make("invoice", body)
    assert raw.get(f"invoice/{key}")["postingPeriod"]["id"] == closed
    assert raw.call("PATCH", f"accountingPeriod/{closed}", json={"closed": True}).status_code == 204
    for answer in (
        raw.call("PATCH", f"invoice/{key}", json={"memo": "late"}),
        raw.call("DELETE", f"invoice/{key}"),
        raw.call("PATCH", f"invoice/{key}", json={"tranDate": TODAY}),
    ):
        assert "closed" in refused(answer)[2]
    lenient = {"allowNonGLChanges": True}
    assert raw.call("PATCH", f"accountingPeriod/{closed}", json=lenient).status_code == 204
    assert raw.call("PATCH", f"invoice/{key}", json={"memo": "late"}).status_code == 204
    amount = {"item": {"items": [{"line": 1, "amount": 6}]}}
    assert "closed" in refused(raw.call("PATCH", f"invoice/{key}", json=amount))[2]
    assert raw.call("PATCH", f"accountingPeriod/{now}", json={"arLocked": True}).status_code == 204
    assert "locked" in refused(raw.call("POST", "invoice", json={**body, "tranDate": FIRST}))[2]
    entries = [{"account": raw.account("6000"), "debit": 1}, {"account": raw.account("1010"), "credit": 1}]
    journal = {"subsidiary": {"id": "1"}, "tranDate": TODAY, "line": {"items": entries}}
    raw.make("journalEntry", journal)
    assert raw.call("PATCH", f"accountingPeriod/{now}", json={"allLocked": True}).status_code == 204
    assert "locked" in refused(raw.call("POST", "journalEntry", json=journal))[2]
    year = raw.rows("SELECT id FROM accountingperiod WHERE isyear = 'T' ORDER BY startdate DESC")[0]["id"]
    assert (
        "base period"
        in refused(raw.call("POST", "invoice", json={**named, "postingPeriod": {"id": year}}))[2]
    )
    assert refused(raw.call("POST", "accountingPeriod", json={}))[0] == 403


def test_tax_from_outside(raw: Raw) -> None:
    customer = raw.customer()
    details = {
        "items": [
            {"taxDetailsReference": "1", "taxAmount": 1.5},
            {"taxDetailsReference": "1", "taxAmount": 0.25},
        ]
    }
    key = raw.invoice(customer, 10, taxDetailsOverride=True, taxDetails=details)
    assert (raw.get(f"invoice/{key}")["taxTotal"], raw.get(f"invoice/{key}")["total"]) == (1.75, 11.75)
    assert raw.get(f"invoice/{key}/taxDetails")["totalResults"] == 2


def test_amounts(raw: Raw) -> None:
    customer = raw.customer()
    lines = [{"item": raw.item(), "quantity": 3, "rate": 0.335}, {"item": raw.item(), "amount": 0.1 + 0.2}]
    key = raw.make("invoice", {"entity": {"id": customer}, "item": {"items": lines}})
    assert raw.get(f"invoice/{key}")["total"] == 1.31
    priceless = {"entity": {"id": customer}, "item": {"items": [{"item": raw.item()}]}}
    assert "Amount" in refused(raw.call("POST", "invoice", json=priceless))[2]
    priced = raw.make("serviceSaleItem", {"itemId": "P", "incomeAccount": raw.account("4000"), "rate": 12.5})
    lines = [{"item": {"id": priced}, "quantity": 2}]
    assert (
        raw.get(f"invoice/{raw.make('invoice', {'entity': {'id': customer}, 'item': {'items': lines}})}")[
            "total"
        ]
        == 25.0
    )


@pytest.fixture(scope="module")
def cautious() -> Iterator[Sandboxes]:
    with sandboxes("netsuite", options={"netsuite": {"approvals": 1}}) as running:
        yield running


def test_invoices_wait_for_approval_where_the_company_wants_it(cautious: Sandboxes) -> None:
    raw = Raw(cautious)
    customer = raw.customer()
    key = raw.invoice(customer, 10)
    shown = raw.get(f"invoice/{key}")
    assert (shown["status"], shown["approvalStatus"]["refName"]) == (
        {"id": "D", "refName": "Pending Approval"}, "Pending Approval",
    )  # fmt: skip
    assert ledger(raw, key) == {}
    assert raw.get(f"customer/{customer}")["balance"] == 0
    paid = {
        "customer": {"id": customer},
        "payment": 10,
        "apply": {"items": [{"doc": {"id": key}, "apply": True}]},
    }
    assert "not approved" in refused(raw.call("POST", "customerPayment", json=paid))[2]
    assert raw.call("PATCH", f"invoice/{key}", json={"approvalStatus": {"id": "2"}}).status_code == 204
    assert raw.get(f"invoice/{key}")["status"]["refName"] == "Open"
    assert ledger(raw, key)["1100"] == (10, 10)
    raw.make("customerPayment", paid)
    lines = {
        "items": [{"account": raw.account("6000"), "debit": 1}, {"account": raw.account("1010"), "credit": 1}]
    }
    entry = raw.make("journalEntry", {"subsidiary": {"id": "1"}, "line": lines})
    assert raw.get(f"journalEntry/{entry}")["status"]["refName"] == "Pending Approval"
    assert raw.call("PATCH", f"journalEntry/{entry}", json={"approved": True}).status_code == 204
    assert ledger(raw, entry) == {"6000": (1, 1), "1010": (-1, -1)}
    other = raw.invoice(customer, 10)
    rejected = {"approvalStatus": {"refName": "Rejected"}}
    assert raw.call("PATCH", f"invoice/{other}", json=rejected).status_code == 204
    assert raw.get(f"invoice/{other}")["status"]["refName"] == "Rejected"
    assert (
        refused(raw.call("PATCH", f"invoice/{other}", json={"approvalStatus": {"id": "9"}}))[1]
        == "INVALID_CONTENT"
    )
