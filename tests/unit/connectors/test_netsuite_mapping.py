"""NetSuite's records and our documents, both ways."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from core.canonical.erp import Journal, JournalLine, Posted, Schedule
from core.canonical.errors import Refused
from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.canonical.payments import PaymentRequest, Refund
from core.connectors.netsuite import cashing, mapping, rows, wire
from core.connectors.netsuite.signin import assertion

ON = date(2026, 1, 31)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def line(net: int, product: str = "SEAT") -> Line:
    return Line("l1", "S-O1", product, "Seats", eur(net), eur(0), ON, date(2026, 2, 28))


def test_an_invoice_keeps_a_line_per_billing_line_and_its_sign() -> None:
    document = Invoice(
        "i1", "INV1", "ACC-1", "posted", ON, date(2026, 3, 2), eur(900), eur(171), eur(1071), eur(1071),
        (line(1000), line(-100)),
    )  # fmt: skip
    body = mapping.invoice(document, date(2026, 2, 1), "4")
    assert body["tranDate"] == "2026-02-01"
    assert body["dueDate"] == "2026-03-02"
    assert body["entity"] == {"externalId": "ACC-1"}
    assert body["taxTotal"] == Decimal("1.71")
    assert [item["amount"] for item in body["item"]["items"]] == [Decimal("10.00"), Decimal("-1.00")]
    assert body["item"]["items"][0]["item"] == {"externalId": "SEAT"}


@pytest.mark.parametrize(
    ("source", "item"), [("refund", "GOODWILL"), ("adjustment", "GOODWILL"), ("bill_run", "SEAT")]
)
def test_a_credit_memo_knows_where_it_comes_from(source: str, item: str) -> None:
    note = CreditNote(
        "c", "CM1", "ACC-1", "", source, "posted", ON, eur(100), eur(19), eur(119), eur(119), (line(100),)
    )
    body = mapping.credit_memo(note, ON, "4")
    assert body["item"]["items"][0]["item"] == {"externalId": item}
    assert "apply" not in body


@pytest.mark.parametrize(
    ("remaining", "applied"), [(1000, [Decimal("8.00")]), (300, [Decimal("3.00")]), (0, [])]
)
def test_a_receipt_is_applied_up_to_what_is_open(remaining: int, applied: list[Decimal]) -> None:
    payment = PaymentRequest("pi", "cus", "INV1", eur(800), "paid", "", 1, ON)
    body = cashing.receipt(payment, Posted("9", "INV1", eur(remaining), eur(1000), ON), ON, "7", "1", "4")
    assert body["payment"] == Decimal("8.00")
    assert [row["amount"] for row in body["apply"]["items"]] == applied


def test_currencies_do_not_mix() -> None:
    given = Refund("re", "pi", "INV1", Money(5, "JPY"), "succeeded", ON)
    with pytest.raises(Refused):
        cashing.refund(given, Posted("9", "CM1", eur(10), eur(10), ON), ON, "7", "1", "4")


def test_a_journal_has_one_side_a_line() -> None:
    entry = Journal(
        "po_1", ON, "EUR", "po_1", (JournalLine("1000", eur(5), eur(0)), JournalLine("1010", eur(0), eur(5)))
    )
    lines = mapping.journal(entry, "4", "1", {"1000": "101", "1010": "102"})["line"]["items"]
    assert [(each["account"]["id"], each.get("debit"), each.get("credit")) for each in lines] == [
        ("101", Decimal("0.05"), None), ("102", None, Decimal("0.05")),
    ]  # fmt: skip


def test_a_journals_total_is_the_sum_of_its_debits() -> None:
    lines = [{"debit": Decimal("1.25")}, {"debit": 2}, {"credit": Decimal("3.25")}]
    record = {"id": "3", "externalId": "po_1", "tranDate": "2026-01-31", "line": {"items": lines}}
    assert mapping.posted("journalEntry", record, "EUR").total == eur(325)


def test_a_schedule_goes_and_comes_back() -> None:
    plan = Schedule("INV1-l1", "INV1", eur(-1000), ON, date(2026, 2, 28))
    body = mapping.schedule(plan, "4")
    assert body["endDate"] == "2026-02-27"
    row = {"externalid": "INV1-l1", "sourcedoc": "INV1", "first": body["startDate"], "last": body["endDate"],
           "amount": "-10", "currency": 4}  # fmt: skip
    assert rows.plan(row, {"4": "EUR"}) == plan


def test_a_register_row_counts_credits_as_positive() -> None:
    row = {"id": "5", "tranid": "CM1", "externalid": "CM1", "status": "A", "currency": "2", "total": "-1190",
           "remaining": "-190", "changed": "2026-01-31 10:00:00", "customer": "ACC-1"}  # fmt: skip
    found = rows.register_row(row, {"2": "JPY"})
    assert (found.total, found.open) == (Money(1190, "JPY"), Money(190, "JPY"))
    assert found.changed_at == datetime(2026, 1, 31, 10, tzinfo=UTC)


def test_paths_escape_external_ids() -> None:
    assert wire.record_path("invoice", "a/b:c", "replace=item").endswith(
        "/invoice/eid:a%2Fb%3Ac?replace=item"
    )


def test_the_assertion_is_a_valid_jwt_and_the_same_each_time() -> None:
    key = ECKey.generate_key("P-256")
    pem = key.as_pem(private=True).decode()
    claims = {"iss": "client", "aud": "http://x", "iat": 1, "exp": 2, "scope": ["rest_webservices"]}
    token = assertion(pem, "kid-1", claims)
    assert token == assertion(pem, "kid-1", claims)
    found = jwt.decode(token, key, algorithms=["ES256"])
    assert found.claims == claims
    assert found.header["kid"] == "kid-1"
