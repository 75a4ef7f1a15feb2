"""AvaTax's transactions and our documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.canonical.errors import Refused
from core.canonical.invoices import CreditNote, Invoice, Line, TaxLine
from core.canonical.money import Money
from core.canonical.parties import Account, Address
from core.connectors.avatax import mapping, wire
from core.mappings.shipped import SHIPPED

ON = date(2026, 1, 15)
CODES = SHIPPED["tax_codes"]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


ACCOUNT = Account("ACC-1", "", "Acme", "a@b.test", "USD", Address("", "", "WA", "98101", "US"), "card")
LINE = Line("l1", "S-1", "SEAT", "Seats", usd(4_000), usd(413), ON, date(2026, 2, 15))
NOTE = CreditNote(
    "c", "CM1", "ACC-1", "INV1", "refund", "posted", ON, usd(4_000), usd(413), usd(4_413), usd(0), (LINE,)
)


def test_codes_in_paths_are_escaped_as_the_vendor_wants() -> None:
    path = wire.document("DEFAULT", "INV/1 +", wire.SALES_INVOICE, "commit")
    assert path == (
        "/api/v2/companies/DEFAULT/transactions/INV_-ava2f-_1%20_-ava2b-_/commit?documentType=SalesInvoice"
    )


def test_an_invoice_is_saved_under_its_own_number() -> None:
    invoice = Invoice(
        "i", "INV1", "ACC-1", "draft", ON, ON, usd(4_000), usd(0), usd(4_000), usd(4_000), (LINE,)
    )
    sale = mapping.invoice(invoice, ACCOUNT, "DEFAULT", CODES)
    assert (sale["type"], sale["code"], sale["commit"]) == ("SalesInvoice", "INV1", False)
    assert (sale["date"], sale["customerCode"], sale["referenceCode"]) == ("2026-01-15", "ACC-1", "INV1")
    assert sale["addresses"] == {"shipTo": {"region": "WA", "postalCode": "98101", "country": "US"}}
    (line,) = sale["lines"]
    assert (line["number"], line["amount"], line["taxCode"], line["itemCode"]) == (
        "l1", Decimal("40.00"), "SW052000", "SEAT",
    )  # fmt: skip
    assert "taxOverride" not in line
    assert "businessIdentificationNo" not in sale


def test_a_vat_number_goes_along() -> None:
    business = replace(ACCOUNT, vat_number="DE123456789")
    invoice = Invoice("i", "INV1", "ACC-1", "draft", ON, ON, usd(1), usd(0), usd(1), usd(1), (LINE,))
    sale = mapping.invoice(invoice, business, "DEFAULT", CODES)
    assert sale["businessIdentificationNo"] == "DE123456789"


def test_returns_are_negative_and_those_of_refunds_carry_their_tax() -> None:
    plain = mapping.credit_note(NOTE, ACCOUNT, "DEFAULT", CODES)
    assert (plain["type"], plain["commit"], plain["lines"][0]["amount"]) == (
        "ReturnInvoice",
        False,
        Decimal(-40),
    )
    refund = mapping.refund_note(NOTE, ACCOUNT, "DEFAULT", CODES)
    assert refund["commit"] is True
    override = refund["lines"][0]["taxOverride"]
    assert (override["type"], override["taxAmount"]) == ("TaxAmount", Decimal("-4.13"))


def test_an_estimate_has_no_code() -> None:
    sale = mapping.estimate(ACCOUNT, {"SEAT": usd(100)}, "DEFAULT", CODES, ON)
    assert (sale["type"], "code" in sale) == ("SalesOrder", False)


def test_answers_name_our_lines() -> None:
    detail = {
        "taxName": "WA STATE TAX",
        "jurisName": "WASHINGTON",
        "rate": Decimal("0.065"),
        "tax": Decimal("-2.60"),
    }
    body = {
        "code": "CM1", "currencyCode": "USD", "totalTax": Decimal("-2.60"), "totalAmount": Decimal(-40),
        "lines": [{"lineNumber": "l1", "details": [detail]}, {"lineNumber": "l2", "details": None}],
    }  # fmt: skip
    answer = mapping.answer(body, -1)
    assert (answer.code, answer.tax) == ("CM1", usd(260))
    assert answer.lines == (TaxLine("l1", "WA STATE TAX", "WASHINGTON", "0.065", usd(260)),)
    assert mapping.total_net(body, -1) == usd(4_000)
    with pytest.raises(Refused):
        mapping.answer({**body, "totalTax": Decimal("0.001")}, 1)
