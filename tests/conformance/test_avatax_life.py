"""AvaTax's own SDK: the life of a document, its code, its revisions, its refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import requests

from scenarios.sandboxes import Sandboxes, sandboxes
from tests.conformance.avatax_sdk import COMPANY, ON, SEATTLE, client, made, refused, sale

SINCE = {"$filter": f"date ge '{ON}'"}


def test_orders_leave_no_record(lab: Sandboxes) -> None:
    sdk = client(lab)
    for kind in (..., "SalesOrder", "PurchaseOrder", "ReturnOrder", "InventoryTransferOrder"):
        answer = made(sdk.create_transaction(sale(type=kind, commit=True)))
        assert (answer["status"], answer["id"]) == ("Temporary", 0)
        refused(sdk.get_transaction_by_code(COMPANY, "INV-1"), "EntityNotFoundError", 4, 404)
    assert made(sdk.list_transactions_by_company(COMPANY, SINCE), 200)["@recordsetCount"] == 0


@pytest.mark.parametrize(
    "kind", ["SalesInvoice", "PurchaseInvoice", "ReturnInvoice", "InventoryTransferInvoice", "CustomsInvoice"]
)
def test_invoices_are_recorded(lab: Sandboxes, kind: str) -> None:
    sdk = client(lab)
    first = made(sdk.create_transaction(sale(type=kind)))
    assert (first["status"], first["type"], first["version"]) == ("Saved", kind, 1)
    found = made(sdk.get_transaction_by_code_and_type(COMPANY, "INV-1", kind), 200)
    assert found["id"] == first["id"]
    assert made(sdk.get_transaction_by_id(first["id"]), 200)["code"] == "INV-1"
    assert made(sdk.get_transaction_by_code(COMPANY, "INV-1", {"documentType": kind}), 200) == found


def test_one_code_serves_one_document_a_type(lab: Sandboxes) -> None:
    sdk = client(lab)
    saved = made(sdk.create_transaction(sale()))
    replaced = made(sdk.create_transaction(sale(amount=50, commit=True)))
    assert (replaced["id"], replaced["status"], replaced["totalAmount"]) == (saved["id"], "Committed", 50)
    detail = refused(sdk.create_transaction(sale()), "GetTaxError", 300)
    assert detail["message"] == "DocStatus is invalid for this operation."
    assert (detail["description"], detail["refersTo"]) == ("Expected Saved|Posted", "DocStatus")
    assert made(sdk.create_transaction(sale(type="ReturnInvoice", amount=-50)))["status"] == "Saved"
    made(sdk.void_transaction(COMPANY, "INV-1", {"code": "DocVoided"}), 200)
    refused(sdk.create_transaction(sale()), "GetTaxError", 300)
    assert made(sdk.list_transactions_by_company(COMPANY, SINCE), 200)["@recordsetCount"] == 2


def test_a_code_alone_finds_the_sale_or_the_only_one(lab: Sandboxes) -> None:
    sdk = client(lab)
    made(sdk.create_transaction(sale(type="ReturnInvoice", amount=-1)))
    assert made(sdk.get_transaction_by_code(COMPANY, "INV-1"), 200)["type"] == "ReturnInvoice"
    refused(sdk.commit_transaction(COMPANY, "INV-1", {"commit": True}), "EntityNotFoundError", 4, 404)
    by_type = {"documentType": "ReturnInvoice"}
    made(sdk.commit_transaction(COMPANY, "INV-1", {"commit": True}, by_type), 200)
    made(sdk.create_transaction(sale(type="PurchaseInvoice")))
    refused(sdk.get_transaction_by_code(COMPANY, "INV-1"), "DocumentCodeConflict", 303)
    made(sdk.create_transaction(sale()))
    assert made(sdk.get_transaction_by_code(COMPANY, "INV-1"), 200)["type"] == "SalesInvoice"


def test_create_or_adjust_is_safe_to_repeat(lab: Sandboxes) -> None:
    sdk = client(lab)
    body = {"createTransactionModel": sale(commit=True)}
    first = made(sdk.create_or_adjust_transaction(body), 200)
    second = made(sdk.create_or_adjust_transaction({**body, "adjustmentReason": "PriceAdjusted"}), 200)
    assert (first["version"], second["version"]) == (1, 2)
    assert second["adjustmentReason"] == "PriceAdjusted"
    assert made(sdk.get_transaction_by_id(first["id"]), 200)["status"] == "Adjusted"
    made(sdk.lock_transaction(COMPANY, "INV-1", {"isLocked": True}), 200)
    refused(sdk.create_or_adjust_transaction(body), "CannotModifyLockedTransaction", 1100)


def test_commit_uncommit_void_unvoid(lab: Sandboxes) -> None:
    sdk = client(lab)
    made(sdk.create_transaction(sale()))
    refused(sdk.uncommit_transaction(COMPANY, "INV-1"), "InvalidDocumentStatus", 1314)
    refused(sdk.unvoid_transaction(COMPANY, "INV-1"), "TransactionNotCancelled", 1300)
    assert made(sdk.commit_transaction(COMPANY, "INV-1", {"commit": True}), 200)["status"] == "Committed"
    assert sdk.commit_transaction(COMPANY, "INV-1", {"commit": True}).status_code == 400
    assert made(sdk.uncommit_transaction(COMPANY, "INV-1"), 200)["status"] == "Saved"
    made(sdk.commit_transaction(COMPANY, "INV-1", {"commit": True}), 200)
    assert made(sdk.void_transaction(COMPANY, "INV-1", {"code": "DocVoided"}), 200)["status"] == "Cancelled"
    refused(sdk.void_transaction(COMPANY, "INV-1", {"code": "DocVoided"}), "TransactionAlreadyCancelled", 198)
    assert made(sdk.unvoid_transaction(COMPANY, "INV-1"), 200)["status"] == "Committed"
    refused(sdk.commit_transaction(COMPANY, "NOPE", {"commit": True}), "EntityNotFoundError", 4, 404)


def test_verify_and_settle(lab: Sandboxes) -> None:
    sdk = client(lab)
    tax = made(sdk.create_transaction(sale()))["totalTax"]
    right = {"verifyTransactionDate": ON, "verifyTotalAmount": 100, "verifyTotalTax": float(tax)}
    wrong = sdk.verify_transaction(COMPANY, "INV-1", {**right, "verifyTotalAmount": 90})
    assert "[90.00]" in refused(wrong, "TotalAmountMismatch", 1307)["description"]
    refused(
        sdk.verify_transaction(COMPANY, "INV-1", {**right, "verifyTotalTax": 1}), "TotalTaxMismatch", 1308
    )
    late = {**right, "verifyTransactionDate": "2026-01-11"}
    refused(sdk.verify_transaction(COMPANY, "INV-1", late), "DateMismatch", 1305)
    assert made(sdk.verify_transaction(COMPANY, "INV-1", right), 200)["status"] == "Posted"
    body = {"verify": right, "changeCode": {"newCode": "INV-2"}, "commit": {"commit": True}}
    settled = made(sdk.settle_transaction(COMPANY, "INV-1", body), 200)
    assert (settled["code"], settled["status"]) == ("INV-2", "Committed")
    refused(sdk.get_transaction_by_code(COMPANY, "INV-1"), "EntityNotFoundError", 4, 404)
    refused(sdk.change_transaction_code(COMPANY, "INV-2", {"newCode": "X"}), "TransactionIsCommitted", 1313)
    refused(sdk.verify_transaction(COMPANY, "INV-2", right), "InvalidDocumentStatusForVerify", 1306)


def test_locking(lab: Sandboxes) -> None:
    sdk = client(lab)
    ids = [made(sdk.create_transaction(sale(f"L{n}", commit=n < 2)))["id"] for n in range(3)]
    refused(sdk.lock_transaction(COMPANY, "L2", {"isLocked": True}), "DocumentNotCommitted", 313)
    answer = sdk.bulk_lock_transaction({"documentIds": [*ids, 1], "isLocked": True})
    assert made(answer, 200) == {"numberOfRecords": 2}
    assert made(sdk.get_transaction_by_code(COMPANY, "L0"), 200)["locked"] is True
    for attempt in (
        sdk.void_transaction(COMPANY, "L0", {"code": "DocVoided"}),
        sdk.uncommit_transaction(COMPANY, "L0"),
        sdk.change_transaction_code(COMPANY, "L0", {"newCode": "M"}),
        sdk.adjust_transaction(COMPANY, "L0", {"adjustmentReason": "Other", "newTransaction": sale("L0")}),
    ):
        detail = refused(attempt, "CannotModifyLockedTransaction", 1100)
        assert "L0" in detail["description"]


def test_adjusting(lab: Sandboxes) -> None:
    sdk = client(lab)
    old = made(sdk.create_transaction(sale(commit=True)))
    body = {
        "adjustmentReason": "PriceAdjusted", "adjustmentDescription": "Less",
        "newTransaction": sale("ANOTHER", 80, commit=True),
    }  # fmt: skip
    new = made(sdk.adjust_transaction(COMPANY, "INV-1", body), 200)
    assert (new["code"], new["version"], new["totalAmount"]) == ("INV-1", old["version"] + 1, 80)
    assert (new["adjustmentReason"], new["adjustmentDescription"]) == ("PriceAdjusted", "Less")
    again = made(sdk.adjust_transaction(COMPANY, "INV-1", body), 200)
    assert again["version"] == 3
    query = {"$filter": f"code eq 'INV-1' and {SINCE['$filter']}"}
    rows = made(sdk.list_transactions_by_company(COMPANY, query), 200)["value"]
    assert sorted((row["version"], row["status"]) for row in rows) == [
        (1, "Adjusted"), (2, "Adjusted"), (3, "Committed"),
    ]  # fmt: skip
    refused(sdk.adjust_transaction(COMPANY, "NOPE", body), "EntityNotFoundError", 4, 404)


def two_lines(sdk: Any) -> Any:
    lines = [
        {"number": "1", "amount": 33.33, "quantity": 1}, {"number": "2", "amount": 66.67, "quantity": 1},
    ]  # fmt: skip
    return made(sdk.create_transaction(sale(commit=True, lines=lines)))


def test_refunds_mirror(lab: Sandboxes) -> None:
    sdk = client(lab)
    sold = two_lines(sdk)
    full = made(
        sdk.refund_transaction(COMPANY, "INV-1", {"refundTransactionCode": "R1", "refundDate": "2026-01-12"})
    )
    assert (full["type"], full["code"], full["date"]) == ("ReturnInvoice", "R1", "2026-01-12")
    assert (full["totalAmount"], full["totalTax"]) == (-sold["totalAmount"], -sold["totalTax"])
    part = {"refundDate": "2026-01-12", "refundType": "Partial", "refundLines": ["2"]}
    partial = made(sdk.refund_transaction(COMPANY, "INV-1", part))
    assert (partial["totalAmount"], partial["totalTax"]) == (Decimal("-66.67"), -sold["lines"][1]["tax"])
    only = made(sdk.refund_transaction(COMPANY, "INV-1", {"refundDate": ON, "refundType": "TaxOnly"}))
    assert (only["totalAmount"], only["totalTax"]) == (0, -sold["totalTax"])
    half = {"refundDate": ON, "refundType": "Percentage", "refundPercentage": 50}
    assert made(sdk.refund_transaction(COMPANY, "INV-1", half))["totalAmount"] == Decimal("-50.01")


@pytest.mark.parametrize(
    ("body", "code", "number"),
    [
        ({"refundType": "Percentage"}, "RefundPercentageMissing", 709),
        ({"refundType": "Percentage", "refundPercentage": 101}, "RefundPercentageOutOfRange", 708),
        ({"refundType": "Partial"}, "RefundLinesRequired", 704),
        ({"refundType": "Partial", "refundLines": ["7"]}, "LineNoOutOfRange", 707),
        ({"refundType": "TaxOnly", "refundPercentage": 5}, "RefundPercentageForTaxOnly", 706),
        ({"refundType": "Full", "refundPercentage": 5}, "RefundTypeAndPercentageMismatch", 701),
        ({"refundType": "Full", "refundLines": ["1"]}, "RefundTypeAndLineMismatch", 703),
        ({"refundType": "Most"}, "InvalidRefundType", 705),
        ({"refundDate": None}, "ValueRequiredError", 5),
    ],
)
def test_refunds_that_make_no_sense(lab: Sandboxes, body: dict[str, Any], code: str, number: int) -> None:
    sdk = client(lab)
    two_lines(sdk)
    refused(sdk.refund_transaction(COMPANY, "INV-1", {"refundDate": ON, **body}), code, number)


def test_only_what_is_committed_is_refunded(lab: Sandboxes) -> None:
    sdk = client(lab)
    made(sdk.create_transaction(sale()))
    answer = sdk.refund_transaction(COMPANY, "INV-1", {"refundDate": ON})
    refused(answer, "InvalidDocumentStatusForRefund", 700)


def test_lines_come_and_go(lab: Sandboxes) -> None:
    sdk = client(lab)
    made(sdk.create_transaction(sale()))
    more = {
        "companyCode": COMPANY, "transactionCode": "INV-1", "documentType": "SalesInvoice",
        "lines": [{"number": "2", "amount": 50, "quantity": 1}],
    }  # fmt: skip
    grown = made(sdk.add_lines(more))
    assert [line["lineNumber"] for line in grown["lines"]] == ["1", "2"]
    assert grown["totalAmount"] == 150
    refused(sdk.add_lines(more), "LineAlreadyExists", 1101)
    fewer = {**more, "lines": ["1"]}
    shrunk = made(sdk.delete_lines({**fewer, "renumber": True}), 200)
    assert [(line["lineNumber"], line["lineAmount"]) for line in shrunk["lines"]] == [("1", 50)]
    refused(sdk.delete_lines({**more, "lines": ["9"]}), "LineDoesNotExist", 1102)
    refused(sdk.delete_lines({**more, "lines": []}), "LinesNotSpecified", 1103)
    made(sdk.commit_transaction(COMPANY, "INV-1", {"commit": True}), 200)
    revised = made(sdk.add_lines(more))
    assert (revised["version"], revised["status"]) == (2, "Committed")


def test_audit(lab: Sandboxes) -> None:
    sdk = client(lab)
    first = made(sdk.create_transaction(sale()))
    for answer in (
        sdk.audit_transaction(COMPANY, "INV-1"),
        sdk.audit_transaction_with_type(COMPANY, "INV-1", "SalesInvoice"),
    ):
        row = made(answer, 200)
        assert row["companyId"] == first["companyId"]
        assert row["reconstructed"]["request"]["lines"][0]["amount"] == 100


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("A/1", "A_-ava2f-_1"),
        ("A+1", "A_-ava2b-_1"),
        ("A?1", "A_-ava3f-_1"),
        ("A%1", "A_-ava25-_1"),
        ("A#1", "A_-ava23-_1"),
        ("A 1", "A%201"),
    ],
)
def test_codes_that_do_not_fit_a_path_are_escaped(lab: Sandboxes, code: str, path: str) -> None:
    sdk = client(lab)
    made(sdk.create_transaction(sale(code)))
    assert made(sdk.get_transaction_by_code(COMPANY, path), 200)["code"] == code
    assert made(sdk.commit_transaction(COMPANY, path, {"commit": True}), 200)["code"] == code


def test_lists_have_pages_and_a_horizon(lab: Sandboxes) -> None:
    sdk = client(lab)
    now = lab.control("avatax", "GET", "clock")["utc"][:10]
    for n in range(5):
        made(sdk.create_transaction(sale(f"P{n}", 10 + n, date=now)))
    made(sdk.create_transaction(sale("OLD", date="2020-05-05")))
    page = made(sdk.list_transactions_by_company(COMPANY, {"$top": 2, "$orderby": "code DESC"}), 200)
    assert (page["@recordsetCount"], [row["code"] for row in page["value"]]) == (5, ["P4", "P3"])
    seen = [row["code"] for row in page["value"]]
    while "@nextLink" in page:
        answer = requests.get(page["@nextLink"], auth=sdk.auth, timeout=10)
        page = made(answer, 200)
        seen += [row["code"] for row in page["value"]]
    assert seen == ["P4", "P3", "P2", "P1", "P0"]

    def codes(text: str) -> list[str]:
        rows = made(sdk.list_transactions_by_company(COMPANY, {"$filter": text}), 200)["value"]
        return [row["code"] for row in rows]

    assert codes("date ge '2020-01-01' and totalAmount gt 13") == ["OLD", "P4"]
    assert codes("code eq 'P1' or (code eq 'P2' and status eq 'Saved')") == ["P1", "P2"]
    assert codes("not (code in ('P1','P2'))") == ["P0", "P3", "P4"]
    assert codes("code contains '3'") == ["P3"]
    assert codes("date between '2020-05-01' and '2020-05-31'") == ["OLD"]
    assert codes("code eq 'OLD'") == []
    bad = sdk.list_transactions_by_company(COMPANY, {"$filter": "colour eq 'red'"})
    refused(bad, "InvalidQueryField", 17)


@pytest.mark.parametrize(
    ("include", "parts", "with_details"),
    [
        (None, {"lines", "summary", "addresses"}, True),
        ("Lines", {"lines"}, False),
        ("Details", {"lines"}, True),
        ("Summary", {"lines", "summary"}, True),
        ("SummaryOnly", {"summary"}, False),
        ("LinesOnly", {"lines"}, False),
        ("Addresses,Lines", {"lines", "addresses"}, False),
        ("TaxDetailsByTaxType", {"lines", "summary", "addresses", "taxDetailsByTaxType"}, True),
    ],
)
def test_include(lab: Sandboxes, include: str | None, parts: set[str], with_details: bool) -> None:
    sdk = client(lab)
    query = {"$include": include} if include else None
    answers = [made(sdk.create_transaction(sale(), query))]
    answers.append(made(sdk.get_transaction_by_code(COMPANY, "INV-1", query), 200))
    for answer in answers:
        assert parts == {"lines", "summary", "addresses", "taxDetailsByTaxType"} & set(answer)
        assert ("details" in answer.get("lines", [{}])[0]) is with_details


def test_a_rehearsed_timeout(lab: Sandboxes) -> None:
    sdk = client(lab)
    sdk.timeout_limit = 1
    with pytest.raises(requests.Timeout):
        sdk.create_transaction(sale(), {"$include": "ForceTimeout"})
    refused(sdk.get_transaction_by_code(COMPANY, "INV-1"), "EntityNotFoundError", 4, 404)


def test_a_snapshot_brings_documents_back() -> None:
    with sandboxes("avatax") as lab:
        sdk = client(lab)
        made(sdk.create_transaction(sale(commit=True, addresses={"shipTo": SEATTLE})))
        lab.control("avatax", "POST", "snapshots", {"name": "before"})
        made(sdk.void_transaction(COMPANY, "INV-1", {"code": "DocVoided"}), 200)
        lab.control("avatax", "POST", "restore", {"name": "before"})
        assert made(sdk.get_transaction_by_code(COMPANY, "INV-1"), 200)["status"] == "Committed"
        assert made(sdk.refund_transaction(COMPANY, "INV-1", {"refundDate": ON}))["totalAmount"] == -100


def test_a_sale_of_two_companies(lab: Sandboxes) -> None:
    sdk = client(lab)
    number = made(sdk.create_companies([{"companyCode": "OTHER", "name": "Other"}]))[0]["id"]
    made(sdk.create_nexus(number, [{"country": "US"}, {"country": "US", "region": "WA"}]))
    lines = [
        {"companyCode": COMPANY, "number": "1", "amount": 100},
        {"companyCode": "OTHER", "number": "2", "amount": 50},
    ]
    body = sale("M-1", lines=lines)
    multi = made(sdk.create_multi_document_transaction(body))
    assert [(d["companyId"], d["totalAmount"]) for d in multi["documents"]] == [(1, 100), (number, 50)]
    refused(sdk.create_multi_document_transaction(body), "MultiDocumentTransactionAlreadyExists", 1304)
    total = sum(d["totalTax"] for d in multi["documents"])
    wish = {"code": "M-1", "type": "SalesInvoice", "verifyTotalAmount": 150, "verifyTotalTax": float(total)}
    wrong = {**wish, "verifyTotalAmount": 151}
    refused(sdk.verify_multi_document_transaction(wrong), "TotalAmountMismatch", 1307)
    made(sdk.verify_multi_document_transaction(wish), 200)
    done = made(sdk.commit_multi_document_transaction({"code": "M-1", "type": 1, "commit": True}), 200)
    assert {d["status"] for d in done["documents"]} == {"Committed"}
    wish = {"refundTransactionCode": "M-R", "refundDate": ON}
    back = made(sdk.refund_multi_document_transaction("M-1", "SalesInvoice", wish))
    assert sum(d["totalTax"] for d in back["documents"]) == -total
    wish = {"adjustmentReason": "PriceAdjusted", "newTransaction": {**body, "commit": True}}
    revised = made(sdk.adjust_multi_document_transaction("M-1", "SalesInvoice", wish), 200)
    assert {d["version"] for d in revised["documents"]} == {2}
    gone = made(sdk.void_multi_document_transaction("M-1", "SalesInvoice", {"code": "DocVoided"}), 200)
    assert {d["status"] for d in gone["documents"]} == {"Cancelled"}
    assert made(sdk.get_multi_document_transaction_by_id(multi["id"]), 200)["documents"] == gone["documents"]
    assert made(sdk.list_multi_document_transactions(), 200)["@recordsetCount"] == 2
    missing = sdk.get_multi_document_transaction_by_code_and_type("NOPE", "SalesInvoice")
    refused(missing, "EntityNotFoundError", 4, 404)
    lines[1]["companyCode"] = "NOBODY"
    refused(sdk.create_multi_document_transaction(sale("M-2", lines=lines)), "EntityNotFoundError", 4, 404)
    refused(sdk.get_transaction_by_code(COMPANY, "M-2"), "EntityNotFoundError", 4, 404)
