"""The life of a tax document: recorded, replaced, committed, adjusted, locked, voided, refunded, listed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from scenarios.evidence.reading import from_json
from scenarios.evidence.tax import TaxBooks
from simulators.avatax.rules.documents import ADJUSTED, MAY

from .avatax_client import AUSTIN, SAAS, Client, sale

CREATE = "/api/v2/transactions/create"
CREATE_OR_ADJUST = "/api/v2/transactions/createoradjust"


def committed(client: Client, code: str = "INV-1", **changes) -> dict:
    return client.create(code, commit=True, **changes).json


def nested(code: str = "INV-1", **changes) -> dict:
    return {"createTransactionModel": sale(code, **changes)}


def test_an_estimate_leaves_no_record():
    client = Client()
    answer = client.create(type=...)
    assert (answer.status, answer.json["type"], answer.json["status"]) == (201, "SalesOrder", "Temporary")
    assert answer.json["id"] == answer.json["lines"][0]["id"] == 0
    assert client.create(type="ReturnOrder", amount=-5).json["status"] == "Temporary"
    assert client.document().status == 404
    assert client.rules.books() == {"documents": []}


def test_saved_is_replaced_and_committed_is_not():
    client = Client()
    first = client.create().json
    assert (first["status"], first["version"]) == ("Saved", 1)
    second = client.create(amount=50, commit=True).json
    assert (second["status"], second["id"], second["totalTax"]) == ("Committed", first["id"], Decimal("5.18"))
    refused = client.create()
    assert (refused.status, refused.error) == (400, "GetTaxError")
    detail = refused.detail
    assert detail["number"] == 300
    assert detail["message"] == "DocStatus is invalid for this operation."
    assert (detail["description"], detail["refersTo"]) == ("Expected Saved|Posted", "DocStatus")
    assert detail["faultSubCode"] == "DocStatusError"
    assert len(client.rules.books()["documents"]) == 1


def test_code_is_unique_per_type():
    client = Client()
    committed(client)
    committed(client, type="ReturnInvoice", amount=-100)
    assert client.document().json["type"] == "SalesInvoice"
    assert client.document(query="documentType=ReturnInvoice").json["totalAmount"] == -100
    assert client.get("/api/v2/companies/default/transactions/INV-1/types/5").json["totalAmount"] == -100
    assert client.document(query="documentType=Nonsense").error == "ModelStateInvalid"


def test_commit_and_uncommit():
    client = Client()
    client.create()
    assert client.act("commit", {"commit": False}).json["status"] == "Saved"
    assert client.act("uncommit").error == "InvalidDocumentStatus"
    assert client.commit().json["status"] == "Committed"
    assert client.commit().detail["faultSubCode"] == "DocStatusError"
    assert client.act("uncommit").json["status"] == "Saved"
    assert client.create(amount=1).status == 201


def test_void_and_unvoid():
    client = Client()
    committed(client)
    assert client.act("unvoid").error == "TransactionNotCancelled"
    assert client.act("void", {"code": "Nonsense"}).error == "ModelStateInvalid"
    assert client.act("void", {"code": "DocDeleted"}).error == "ValidationException"
    assert client.act("void", {}).error == "ValueRequiredError"
    assert client.act("void", {"code": "DocVoided"}).json["status"] == "Cancelled"
    again = client.act("void", {"CODE": 3})
    assert (again.status, again.error, again.detail["number"]) == (400, "TransactionAlreadyCancelled", 198)
    assert client.create().detail["faultSubCode"] == "DocStatusError"
    assert client.post(CREATE_OR_ADJUST, nested()).detail["faultSubCode"] == "DocStatusError"
    assert client.act("adjust", {"adjustmentReason": "Other", "newTransaction": sale()}).error == (
        "TransactionAlreadyCancelled"
    )
    assert client.act("unvoid").json["status"] == "Committed"


def test_create_or_adjust_is_safe_to_repeat():
    client = Client()
    first = client.post(CREATE_OR_ADJUST, nested())
    assert (first.status, first.json["status"], first.json["version"]) == (200, "Saved", 1)
    second = client.post(CREATE_OR_ADJUST, nested(commit=True)).json
    assert (second["version"], second["id"]) == (1, first.json["id"])
    third = client.post(CREATE_OR_ADJUST, nested(commit=True, amount=90)).json
    assert (third["version"], third["adjustmentReason"], third["status"]) == (2, "Other", "Committed")
    assert client.post(CREATE_OR_ADJUST, sale()).error == "ValueRequiredError"
    assert (
        client.post(CREATE_OR_ADJUST, {**nested(), "adjustmentReason": "Mood"}).error == "ModelStateInvalid"
    )
    estimate = client.post(CREATE_OR_ADJUST, nested(type="SalesOrder")).json
    assert estimate["status"] == "Temporary"
    assert len(client.rules.books()["documents"]) == 1


def test_adjust_keeps_both_revisions():
    client = Client()
    old = committed(client)
    client.clock.pass_by(1_000_000)
    body = {
        "adjustmentReason": "PriceAdjusted", "adjustmentDescription": "less",
        "newTransaction": sale("ignored", amount=90, commit=True),
    }  # fmt: skip
    new = client.act("adjust", body).json
    assert (new["code"], new["version"], new["totalTax"]) == ("INV-1", 2, Decimal("9.32"))
    assert (new["adjustmentReason"], new["adjustmentDescription"]) == ("PriceAdjusted", "less")
    assert client.get(f"/api/v2/transactions/{old['id']}").json["status"] == "Adjusted"
    assert client.document().json["id"] == new["id"] != old["id"]
    books = from_json(TaxBooks, client.rules.books())
    assert [(d.net, d.tax, d.status) for d in books.documents] == [(9000, 932, "Committed")]
    assert books.documents[0].created_at < client.clock.now()
    wrong = {"adjustmentReason": "Other", "newTransaction": sale(type="ReturnInvoice")}
    assert client.act("adjust", wrong).error == "CannotAdjustDocumentType"
    assert (
        client.act("adjust", {"adjustmentReason": 4, "newTransaction": sale(type=...)}).json["version"] == 3
    )
    assert client.act("adjust", {"newTransaction": sale()}).error == "ValueRequiredError"
    assert client.act("adjust", wrong, "INV-9").status == 404


def test_a_locked_document_stays_as_it_is():
    client = Client()
    client.create()
    assert client.act("lock", {"isLocked": True}).error == "DocumentNotCommitted"
    client.commit()
    assert client.act("lock", {"isLocked": True}).json["locked"] is True
    for verb, body in (
        ("void", {"code": "DocVoided"}),
        ("uncommit", None),
        ("changecode", {"newCode": "X"}),
        ("adjust", {"adjustmentReason": "Other", "newTransaction": sale()}),
    ):
        assert client.act(verb, body).error == "CannotModifyLockedTransaction", verb
    assert client.post(CREATE_OR_ADJUST, nested()).detail["number"] == 1100
    refund = {"refundTransactionCode": "R-1", "refundDate": "2026-01-12", "refundType": "Full"}
    assert client.act("refund", refund).status == 201
    assert client.act("lock", {"isLocked": False}).json["locked"] is False
    assert client.act("void", {"code": "DocVoided"}).json["status"] == "Cancelled"


def test_verify_posts_what_agrees():
    client = Client()
    client.create()
    right = {"verifyTransactionDate": "2026-01-10", "verifyTotalAmount": 100, "verifyTotalTax": 10.35}
    assert client.act("verify", {**right, "verifyTotalAmount": 99}).error == "TotalAmountMismatch"
    assert client.act("verify", {**right, "verifyTotalTax": 10.34}).error == "TotalTaxMismatch"
    assert client.act("verify", {**right, "verifyTransactionDate": "2026-01-11"}).error == "DateMismatch"
    assert client.document().json["status"] == "Saved"
    assert client.act("verify", right).json["status"] == "Posted"
    assert client.act("verify", {}).json["status"] == "Posted"
    client.commit()
    assert client.act("verify", right).error == "InvalidDocumentStatusForVerify"


def test_settle_does_all_three():
    client = Client()
    client.create()
    body = {
        "verify": {"verifyTotalTax": "10.35"}, "changeCode": {"newCode": "INV-2"}, "commit": {"commit": True},
    }  # fmt: skip
    answer = client.act("settle", body).json
    assert (answer["code"], answer["status"]) == ("INV-2", "Committed")
    assert client.document("INV-1").status == 404


def test_change_code():
    client = Client()
    client.create("A")
    client.create("B")
    assert client.act("changecode", {"newCode": "B"}, "A").error == "TransactionAlreadyExists"
    assert client.act("changecode", {"newCode": ""}, "A").error == "ValueRequiredError"
    assert client.act("changecode", {"newCode": "C/1"}, "A").json["code"] == "C/1"
    assert client.document("C_-ava2f-_1").status == 200
    assert client.document("C%2F1").status == 200
    client.commit("B")
    assert client.act("changecode", {"newCode": "D"}, "B").error == "TransactionIsCommitted"
    client.act("void", {"code": "DocVoided"}, "B")
    assert client.act("changecode", {"newCode": "D"}, "B").error == "InvalidDocumentStatus"
    assert {d["code"] for d in client.rules.books()["documents"]} == {"B", "C/1"}


def refunded(client: Client, **body):
    return client.act("refund", {"refundDate": "2026-01-12", **body})


def two_lines(client: Client) -> dict:
    lines = [{"number": n, "amount": a, "taxCode": SAAS} for n, a in (("1", 33.33), ("2", 66.67))]
    return committed(client, lines=lines, addresses={"shipTo": AUSTIN}, purchaseOrderNo="PO-1")


def test_a_full_refund_mirrors_the_sale():
    client = Client()
    sold = two_lines(client)
    answer = refunded(client, refundTransactionCode="R-1")
    assert answer.status == 201
    mirror = answer.json
    assert (mirror["type"], mirror["status"], mirror["date"]) == ("ReturnInvoice", "Committed", "2026-01-12")
    for name in ("totalAmount", "totalTax", "totalTaxable", "totalExempt"):
        assert mirror[name] == -sold[name]
    for ours, theirs in zip(mirror["lines"], sold["lines"], strict=True):
        assert [d["tax"] for d in ours["details"]] == [-d["tax"] for d in theirs["details"]]
    books = from_json(TaxBooks, client.rules.books())
    assert [d.kind for d in books.documents] == ["SalesInvoice", "ReturnInvoice"]
    assert sum(d.net for d in books.documents) == sum(d.tax for d in books.documents) == 0
    assert client.rules.history.changes[-1].refs == ("R-1", "ACME", "PO-1", "INV-1")
    assert refunded(client, refundTransactionCode="R-1").detail["faultSubCode"] == "DocStatusError"
    assert len(refunded(client).json["code"]) == 36


def test_parts_of_a_refund_add_up():
    client = Client()
    sold = two_lines(client)
    first = refunded(client, refundTransactionCode="R-1", refundType="Partial", refundLines=["1"]).json
    second = refunded(client, refundTransactionCode="R-2", refundType=1, refundLines=[2]).json
    assert first["totalTax"] + second["totalTax"] == -sold["totalTax"]
    assert [line["lineNumber"] for line in second["lines"]] == ["2"]
    half = refunded(client, refundType="Percentage", refundPercentage=50).json
    assert half["totalAmount"] == Decimal("-50.01")  # 16.665 and 33.335, both half up
    assert half["totalTaxable"] + half["totalExempt"] == half["totalAmount"]
    tax_only = refunded(client, refundType="TaxOnly").json
    assert (tax_only["totalAmount"], tax_only["totalTax"]) == (0, -sold["totalTax"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"refundType": "Half"}, "InvalidRefundType"),
        ({"refundType": "Full", "refundPercentage": 10}, "RefundTypeAndPercentageMismatch"),
        ({"refundType": "Full", "refundLines": ["1"]}, "RefundTypeAndLineMismatch"),
        ({"refundType": "Partial"}, "RefundLinesRequired"),
        ({"refundType": "Partial", "refundLines": ["9"]}, "LineNoOutOfRange"),
        ({"refundType": "TaxOnly", "refundPercentage": 10}, "RefundPercentageForTaxOnly"),
        ({"refundType": "Percentage"}, "RefundPercentageMissing"),
        ({"refundType": "Percentage", "refundPercentage": 0}, "RefundPercentageOutOfRange"),
        ({"refundType": "Percentage", "refundPercentage": 100.01}, "RefundPercentageOutOfRange"),
        ({"refundDate": "later"}, "ModelStateInvalid"),
        ({"refundDate": None}, "ValueRequiredError"),
    ],
)
def test_refund_refusals(body, code):
    client = Client()
    two_lines(client)
    assert refunded(client, **body).error == code


def test_only_committed_sales_are_refunded():
    client = Client()
    client.create()
    assert refunded(client).detail["number"] == 700
    committed(client, "R-1", type="ReturnInvoice", amount=-1)
    path = "/api/v2/companies/DEFAULT/transactions/R-1/refund"
    answer = client.post(path, {"refundDate": "2026-01-12"}, "documentType=ReturnInvoice")
    assert answer.error == "InvalidDocumentTypeForRefund"


@pytest.mark.parametrize(
    ("include", "parts"),
    [
        ("", {"lines", "summary", "addresses"}),
        ("$include=Lines", {"lines"}),
        ("$include=SummaryOnly", {"summary"}),
        ("$Include=Summary,LinesOnly", {"lines", "summary"}),
        ("$include=Addresses", {"addresses"}),
    ],
)
def test_include(include, parts):
    client = Client()
    client.create()
    answer = client.document(query=include).json
    assert parts == {"lines", "summary", "addresses"} & set(answer)
    assert ("details" in answer.get("lines", [{}])[0]) is (include == "")


def test_a_rehearsed_timeout_records_nothing(monkeypatch):
    client = Client()
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    answer = client.post(CREATE, sale(), "$include=ForceTimeout")
    assert (answer.status, answer.error, slept) == (504, "TimeoutRequested", [30])
    assert client.document().status == 404


LIST = "/api/v2/companies/DEFAULT/transactions"


def codes(answer) -> list[str]:
    return [row["code"] for row in answer.json["value"]]


def test_lists():
    client = Client()
    client.create("OLD", date="2025-10-01")
    client.create("A", date="2026-01-02")
    committed(client, "B", date="2026-01-01", referenceCode="REF", amount=7)
    assert codes(client.get(LIST)) == ["B", "A"]
    assert codes(client.get(LIST, "$filter=date ge '2025-01-01'")) == ["OLD", "B", "A"]
    assert codes(client.get(LIST, "$filter=date eq 2026-01-02T00:00:00")) == ["A"]
    assert codes(
        client.get(LIST, "$filter=date between '2025-09-01' and '2026-01-01' and status eq 'saved'")
    ) == ["OLD"]
    assert codes(client.get(LIST, "$filter=status in ('Committed', 'Posted')")) == ["B"]
    assert codes(client.get(LIST, "$filter=totalAmount lt 10.5 and locked eq false")) == ["B"]
    assert codes(client.get(LIST, "$filter=date lt '2026-01-01' and date gt '2025-01-01'")) == ["OLD"]
    assert codes(client.get(LIST, "$orderby=code ASC")) == ["A", "B"]
    assert codes(client.get(LIST, "$orderby=status desc, code")) == ["A", "B"]
    client.clock.pass_by(timedelta(days=60) // timedelta(microseconds=1))
    assert client.get(LIST).json["@recordsetCount"] == 0


def test_pages_follow_one_another():
    client = Client()
    for n in range(5):
        client.create(f"P{n}")
    seen, query = [], "$top=2&$filter=type eq 'SalesInvoice'"
    while True:
        answer = client.get(LIST, query)
        assert answer.json["@recordsetCount"] == 5
        seen += codes(answer)
        link = answer.json.get("@nextLink")
        if link is None:
            break
        assert link.startswith(f"http://tax.test{LIST}?")
        query = link.partition("?")[2]
    assert seen == [f"P{n}" for n in range(5)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$filter=colour eq 'red'", "InvalidQueryField"),
        ("$filter=code resembles 'x'", "SyntaxError"),
        ("$filter=(code eq 'x'", "OpenClauseException"),
        ("$filter=code eq 'x')", "SyntaxError"),
        ("$filter=code eq", "SyntaxError"),
        ("$filter=date in ()", "SyntaxError"),
        ("$filter=code eq 'x", "UnterminatedValueError"),
        ("$filter=code eq 'x' code eq 'y'", "ExpectedConjunctionError"),
        ("$filter=id eq 'x'", "InvalidQueryValue"),
        ("$filter=id gt NaN", "InvalidQueryValue"),
        ("$filter=date ge 'tomorrow'", "ModelStateInvalid"),
        ("$orderby=colour", "FieldNotOrderableError"),
        ("$top=-1", "QueryParameterOutOfRange"),
        ("$skip=x", "QueryParameterOutOfRange"),
    ],
)
def test_bad_lists(query, code):
    client = Client()
    client.create()
    answer = client.get(LIST, query)
    assert (answer.status, answer.error) == (400, code)


def test_missing_objects():
    client = Client()
    missing = client.document("NOPE").detail
    assert missing["message"] == "Document not found."
    assert missing["description"] == "The Document with ID 'DEFAULT:NOPE' was not found."
    assert client.get("/api/v2/transactions/1").status == 404
    assert client.get("/api/v2/transactions/x").error == "ModelStateInvalid"
    assert client.get("/api/v2/companies/OTHER/transactions/NOPE").status == 404
    assert client.commit("NOPE").status == 404


def test_books_and_history():
    client = Client()
    client.create(purchaseOrderNo="PO-7", referenceCode="REF-9", currencyCode="usd")
    client.commit()
    client.act("void", {"code": "DocVoided"})
    row = from_json(TaxBooks, client.rules.books()).documents[0]
    assert (row.id, row.code, row.kind) == ("INV-1/SalesInvoice", "INV-1", "SalesInvoice")
    assert (row.status, row.currency, row.date) == ("Cancelled", "USD", "2026-01-10")
    assert (row.net, row.tax, row.created_at) == (10000, 1035, client.clock.now())
    changes = [c for c in client.rules.history.changes if c.kind == "tax_document"]
    assert [(c.event, c.state) for c in changes] == [
        ("created", "Saved"), ("committed", "Committed"), ("voided", "Cancelled"),
    ]  # fmt: skip
    assert {c.id for c in changes} == {"INV-1/SalesInvoice"}
    assert changes[0].refs == ("INV-1", "ACME", "PO-7", "REF-9")
    assert (changes[0].amount, changes[0].currency) == (11035, "USD")
    assert client.rules.pending() == 0


def test_the_table_of_lives_is_closed():
    for state, following in MAY.items():
        assert following <= set(MAY)
        assert state not in following
    assert MAY[ADJUSTED] == frozenset()
