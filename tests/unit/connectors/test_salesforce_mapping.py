"""Salesforce's records and our values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.canonical.errors import Held, Refused
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind
from core.connectors.salesforce import mapping, wire
from core.connectors.session import dumps

QUOTE = {"SBQQ__Status__c": "Accepted", "SBQQ__StartDate__c": "2026-02-01"}


def deal(**more: Any) -> dict[str, Any]:
    return {
        "Id": "006000000000001AAA", "External_Id__c": "OPP-1", "StageName": "Closed Won", "IsWon": True,
        "Type": "New Business", "CurrencyIsoCode": "USD", "CloseDate": "2026-01-31",
        "Account": {"External_Id__c": "ACC-1"}, **more,
    }  # fmt: skip


def line(**more: Any) -> dict[str, Any]:
    return {
        "SBQQ__ProductCode__c": "SEAT", "SBQQ__Quantity__c": Decimal("3.00"), "SBQQ__PriorQuantity__c": None,
        "SBQQ__NetPrice__c": Decimal("9.90"), "SBQQ__BillingFrequency__c": "Semiannual", **more,
    }  # fmt: skip


def test_text_cannot_break_out_of_a_query() -> None:
    assert wire.literal("a'b\\c") == "'a\\'b\\\\c'"
    assert "External_Id__c = 'OPP-1'" in wire.select_quote("OPP-1")
    assert "SBQQ__Opportunity2__c = '006000000000001AAA'" in wire.select_quote("006000000000001AAA")
    at = datetime(2026, 1, 1, 0, 0, 1, 900_000, UTC)
    assert "SystemModstamp >= 2026-01-01T00:00:01Z ORDER BY SystemModstamp, Id" in wire.select_won(at)


def test_dates_of_the_opportunity_come_before_those_of_the_quote() -> None:
    own = mapping.order(deal(Service_Start__c="2026-03-01", Service_End__c="2027-03-01"), QUOTE, [line()])
    assert (own.start, own.end) == (date(2026, 3, 1), date(2027, 3, 1))
    assert mapping.order(deal(), QUOTE, []).start == date(2026, 2, 1)
    assert mapping.order(deal(), None, []).start == date(2026, 1, 31)
    (only,) = own.lines
    assert (only.quantity, only.prior, only.price, only.months) == (3, 0, Money(990, "USD"), 6)
    assert own.kind is OrderKind.NEW


@pytest.mark.parametrize(
    ("opportunity", "quote", "lines"),
    [
        (deal(IsWon=False), QUOTE, []),
        (deal(), {"SBQQ__Status__c": "Draft"}, []),
        (deal(Type="Gift"), QUOTE, []),
        (deal(Account=None), QUOTE, []),
        (deal(External_Id__c=None), QUOTE, []),
        (deal(), QUOTE, [line(SBQQ__BillingFrequency__c="Weekly")]),
        (deal(), QUOTE, [line(SBQQ__Quantity__c=Decimal("1.5"))]),
        (deal(), QUOTE, [line(SBQQ__NetPrice__c=None)]),
        (deal(), QUOTE, [line(SBQQ__ChargeType__c="One-Time")]),
        (deal(), QUOTE, [line(SBQQ__NetPrice__c=Decimal("1.005"))]),
        (deal(), QUOTE, [line(SBQQ__ProductCode__c=None)]),
        (deal(CurrencyIsoCode="XXX"), QUOTE, [line()]),
    ],
)
def test_what_is_refused(opportunity: Any, quote: Any, lines: Any) -> None:
    with pytest.raises(Refused, match=r"OPP-1|006"):
        mapping.order(opportunity, quote, lines)


def test_a_line_of_a_bundle() -> None:
    once = line(
        SBQQ__ChargeType__c="One-Time", SBQQ__BillingFrequency__c=None, SBQQ__ListPrice__c=Decimal("12.50"),
        Delivered_On__c="2026-02-10",
    )  # fmt: skip
    (found,) = mapping.order(deal(), QUOTE, [once]).lines
    assert (found.months, found.alone, found.delivered) == (0, Money(1250, "USD"), date(2026, 2, 10))
    rows = [{**each, "SBQQ__Quote__r": {**QUOTE, "SBQQ__Opportunity2__r": deal()}} for each in (once, line())]
    order = mapping.bundle(rows)
    assert isinstance(order, Order)
    assert [each.months for each in order.lines] == [0, 6]
    rows[1]["SBQQ__NetPrice__c"] = None
    held = mapping.bundle(rows)
    assert isinstance(held, Held)
    assert held.owner == "sales operations"


def test_amounts_of_a_mirror_keep_their_digits() -> None:
    account = mapping.account({"External_Id__c": "ACC-1", "CurrencyIsoCode": "USD"})
    fields = mapping.mirror(account, "Paid", Money(1_990, "USD"), Money(0, "USD"))
    assert b'"Total__c":19.90,"Balance__c":0.00' in dumps(fields)
    row = {
        "Invoice_Number__c": "N",
        "Status__c": "Paid",
        "Balance__c": Decimal("1.5"),
        "CurrencyIsoCode": "USD",
        "SystemModstamp": "2026-02-01T09:00:00.000+0000",
    }
    assert mapping.mirrored(row).balance == Money(150, "USD")
    with pytest.raises(Held, match="SystemModstamp: 'soon'"):
        mapping.mirrored({**row, "SystemModstamp": "soon"})


def test_who_pays_by_card() -> None:
    assert mapping.account({"Payment_Terms__c": "Card"}).pays_by == "card"
    assert mapping.account({"Payment_Terms__c": "Net 30"}).pays_by == "invoice"
    assert mapping.account({}).pays_by == "invoice"


def test_a_won_quote() -> None:
    row = {**deal(), "Type": "Renewal", "SystemModstamp": "2026-01-01T00:00:01.000+0000"}
    quote = mapping.won_quote(row)
    assert (quote.kind, quote.account, quote.status, quote.subscription) == ("renewal", "ACC-1", "", "")
    assert quote.changed_at == datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
