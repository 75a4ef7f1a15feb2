"""Zuora's shapes and our values, both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from core.canonical.errors import Missing, Refused
from core.canonical.invoices import Invoice, Line, TaxAnswer, TaxLine
from core.canonical.money import Money
from core.canonical.orders import Order, OrderKind, OrderLine
from core.canonical.parties import Account, Address
from core.canonical.payments import Refund
from core.canonical.versions import FINAL, OPEN, Version
from core.connectors.zuora import mapping, wire
from core.connectors.zuora.ordering import Plan, Standing, Subscribed, change_order, new_order, standing, term
from core.connectors.zuora.taxing import refund_memo, tax_items

START, END = date(2026, 1, 10), date(2027, 1, 10)
PLANS = {"SEAT": Plan("rp1", "ch1"), "ADDON": Plan("rp2", "ch2")}


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def order(kind: OrderKind, *lines: OrderLine, start: date = START, end: date | None = END) -> Order:
    return Order("O2" if kind is not OrderKind.NEW else "O1", kind, "ACC-1", "O1", "USD", start, end, lines)


def sold(product: str, quantity: int, prior: int, minor: int = 1999) -> OrderLine:
    return OrderLine(product, quantity, prior, usd(minor), 3)


def actions(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body["subscriptions"][0]["orderActions"]
    return found


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        (START, END, (12, "Month")),
        (date(2026, 1, 31), date(2026, 2, 28), (28, "Day")),
        (date(2026, 1, 28), date(2026, 2, 28), (1, "Month")),
        (date(2026, 1, 29), date(2027, 1, 29), (365, "Day")),
        (START, date(2026, 1, 25), (15, "Day")),
    ],
)
def test_a_term_ends_on_the_very_day(start: date, end: date, wanted: tuple[int, str]) -> None:
    assert term(start, end) == wanted


def test_a_term_without_time_is_refused() -> None:
    with pytest.raises(Refused):
        term(START, START)


def test_a_new_order() -> None:
    body = new_order(order(OrderKind.NEW, sold("SEAT", 5, 0)), PLANS)
    assert (body["orderNumber"], body["existingAccountNumber"]) == ("O-O1", "A-ACC-1")
    (action,) = actions(body)
    create = action["createSubscription"]
    assert create["subscriptionNumber"] == "S-O1"
    assert create["terms"]["initialTerm"]["period"] == 12
    charge = create["subscribeToRatePlans"][0]["chargeOverrides"][0]
    assert charge["billing"] == {"billingPeriod": "Quarter"}
    assert charge["pricing"]["recurringPerUnit"] == {"listPrice": Decimal("19.99"), "quantity": 5}
    assert {each["triggerDate"] for each in action["triggerDates"]} == {"2026-01-10"}


def test_what_is_billed_once_has_no_billing_period() -> None:
    once = OrderLine("SETUP", 1, 0, usd(150_000), 0, usd(300_000))
    body = new_order(order(OrderKind.NEW, once), {"SETUP": Plan("rp3", "ch3", once=True)})
    override = actions(body)[0]["createSubscription"]["subscribeToRatePlans"][0]["chargeOverrides"][0]
    assert override == {
        "productRatePlanChargeId": "ch3",
        "pricing": {"oneTimePerUnit": {"listPrice": Decimal("1500.00"), "quantity": 1}},
    }


def test_an_evergreen_order() -> None:
    body = new_order(order(OrderKind.NEW, sold("SEAT", 5, 0), end=None), PLANS)
    assert actions(body)[0]["createSubscription"]["terms"]["initialTerm"]["termType"] == "EVERGREEN"


HELD = Standing({"SEAT": Subscribed("rp-9", "C-9", Decimal(5), Decimal("19.99"))}, END, (12, "Month"))


def test_an_amendment_by_line() -> None:
    now = Standing(
        {**HELD.products, "OLD": Subscribed("rp-8", "C-8", Decimal(1), Decimal(5))}, END, (12, "Month")
    )
    lines = (sold("SEAT", 8, 5), sold("ADDON", 1, 0), sold("OLD", 0, 1))
    body = change_order(order(OrderKind.AMENDMENT, *lines), PLANS, now)
    assert [action["type"] for action in actions(body)] == ["UpdateProduct", "AddProduct", "RemoveProduct"]
    update = actions(body)[0]["updateProduct"]
    assert update["ratePlanId"] == "rp-9"
    assert update["chargeUpdates"][0]["pricing"]["recurringPerUnit"]["quantity"] == 8
    assert body["subscriptions"][0]["subscriptionNumber"] == "S-O1"


def test_lines_that_change_nothing_are_left_out_unless_nothing_would_be_left() -> None:
    same, more = sold("SEAT", 5, 5), sold("ADDON", 1, 0)
    assert len(actions(change_order(order(OrderKind.AMENDMENT, same, more), PLANS, HELD))) == 1
    assert len(actions(change_order(order(OrderKind.AMENDMENT, same), PLANS, HELD))) == 1


def test_a_product_that_is_not_held_cannot_be_changed() -> None:
    with pytest.raises(Missing):
        change_order(order(OrderKind.AMENDMENT, sold("ADDON", 0, 1)), PLANS, HELD)


def test_a_renewal_of_the_same_length_and_of_another() -> None:
    lines = (sold("SEAT", 5, 5, 2099),)
    same = order(OrderKind.RENEWAL, *lines, start=END, end=date(2028, 1, 10))
    found = actions(change_order(same, PLANS, HELD))
    assert [action["type"] for action in found] == ["RenewSubscription", "UpdateProduct"]
    longer = order(OrderKind.RENEWAL, *lines, start=END, end=date(2029, 1, 10))
    found = actions(change_order(longer, PLANS, HELD))
    assert found[0]["termsAndConditions"]["renewalTerms"] == [{"period": 24, "periodType": "Month"}]


def test_a_cancellation() -> None:
    (action,) = actions(change_order(order(OrderKind.CANCELLATION), PLANS, HELD))
    assert action["cancelSubscription"] == {
        "cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-01-10",
    }  # fmt: skip


def test_a_suspension_and_two_resumptions() -> None:
    (action,) = actions(change_order(order(OrderKind.SUSPENSION), PLANS, HELD))
    assert (action["type"], action["suspend"]) == (
        "Suspend", {"suspendPolicy": "SpecificDate", "suspendSpecificDate": "2026-01-10"},
    )  # fmt: skip
    (kept,) = actions(change_order(replace(order(OrderKind.RESUMPTION), end=None), PLANS, HELD))
    (longer,) = actions(change_order(order(OrderKind.RESUMPTION), PLANS, HELD))
    assert (kept["resume"]["extendsTerm"], longer["resume"]["extendsTerm"]) == (False, True)
    assert kept["resume"]["resumeSpecificDate"] == "2026-01-10"


def test_a_subscription_as_it_stands() -> None:
    charges = [{"number": "C-1", "type": "Recurring", "quantity": 5, "price": Decimal("19.99")}]
    found = standing(
        {
            "termEndDate": "2027-01-10", "renewalTerm": 12, "renewalTermPeriodType": "Month",
            "ratePlans": [
                {"id": "a", "productSku": "SEAT", "lastChangeType": "Update", "ratePlanCharges": charges},
                {"id": "b", "productSku": "OLD", "lastChangeType": "Remove", "ratePlanCharges": charges},
            ],
        }
    )  # fmt: skip
    assert found == Standing(
        {"SEAT": Subscribed("a", "C-1", Decimal(5), Decimal("19.99"))}, END, (12, "Month")
    )


def test_an_account_goes_and_comes_back() -> None:
    account = Account(
        "ACC-1", "001", "Acme", "ap@acme.test", "JPY", Address("1 Road", "Troy", "NY", "12180", "US"), "card",
        "cus_1", "DE123456789",
    )  # fmt: skip
    sent = mapping.new_account(account, "cus_1")
    assert sent["accountNumber"] == "A-ACC-1"
    basic = {
        name: sent[name] for name in ("accountNumber", "name", "crmId", "CrmAccount__c", "PaymentCustomer__c")
    }
    body = {
        "basicInfo": basic,
        "billingAndPayment": {"currency": sent["currency"], "paymentTerm": sent["paymentTerm"]},
        "billToContact": sent["billToContact"],
        "taxInfo": sent["taxInfo"],
    }
    assert mapping.account(body) == account
    assert "taxInfo" not in mapping.new_account(replace(account, vat_number=""), "cus_1")


def test_an_invoice_as_read() -> None:
    row = {
        "id": "i1", "invoiceNumber": "INV1", "status": "Posted", "currency": "USD",
        "invoiceDate": "2026-01-10", "dueDate": "2026-02-09", "amount": Decimal("9.90"),
        "amountWithoutTax": 9, "taxAmount": Decimal("0.9"), "balance": Decimal("9.90"),
        "account": {"accountNumber": "A-ACC-1"}, "updatedDate": "2026-01-10 00:00:01",
    }  # fmt: skip
    item = {
        "id": "l1", "sku": "SEAT", "uOM": "Seats", "subscriptionName": "S-O1", "chargeName": "Seats",
        "chargeAmount": "9.00", "taxAmount": "0.90", "serviceStartDate": "2026-01-10",
        "serviceEndDate": "2026-02-09",
    }  # fmt: skip
    second = 1_768_003_201_000_000
    found = mapping.invoice(row, [item], second + 1_000_000)
    assert found.version == Version(1_768_003_201, FINAL)
    assert mapping.invoice(row, [item], second + 999_999).version == Version(1_768_003_201, OPEN)
    assert (found.account, found.status, found.net, found.tax, found.total) == (
        "ACC-1", "posted", usd(900), usd(90), usd(990),
    )  # fmt: skip
    assert found.lines[0].end == date(2026, 2, 10)
    assert mapping.invoice({**row, "reversed": True}, [], second).status == "reversed"


def test_a_credit_note_knows_its_source() -> None:
    row = {
        "id": "c1", "memoNumber": "CM1", "status": "Draft", "currency": "USD", "memoDate": "2026-01-10",
        "totalAmount": 11, "taxAmount": 1, "totalAmountWithoutTax": 10, "balance": 0,
        "comments": "REFUND re_1", "account": {"accountNumber": "A-ACC-1"},
    }  # fmt: skip
    assert mapping.credit_note(row, [], "INV1").source == "refund"
    by_hand = {**row, "comments": "sorry", "sourceType": "Invoice"}
    assert mapping.credit_note(by_hand, [], "INV1").source == "adjustment"
    found = mapping.credit_note({**row, "comments": None, "sourceType": "Subscription"}, [], "")
    assert (found.source, found.status, found.net, found.account) == (
        "bill_run", "draft", usd(1000), "ACC-1",
    )  # fmt: skip


def test_a_memo_item_of_either_interface() -> None:
    item = {
        "id": "m1", "sku": "SEAT", "uOM": "Seats", "subscriptionNumber": "S-O1", "amount": 11,
        "amountWithoutTax": 10, "serviceStartDate": "2026-01-10",        "serviceEndDate": "2026-01-10",
    }  # fmt: skip
    of_query = mapping.note_line({**item, "taxAmount": 1}, "USD")
    of_v1 = mapping.note_line({**item, "taxationItems": {"data": [{"taxAmount": 1}]}}, "USD")
    assert of_query == of_v1
    assert (of_v1.net, of_v1.tax, of_v1.end) == (usd(1000), usd(100), date(2026, 1, 11))


def test_taxation_items_leave_nothing_out_but_nothing() -> None:
    answer = TaxAnswer(
        "INV1", usd(90),
        (TaxLine("l1", "NY STATE TAX", "NY", "0.04", usd(90)), TaxLine("l2", "NY", "NY", "0", usd(0))),
    )  # fmt: skip
    (item,) = tax_items("invoiceItemId", answer, START)
    assert (item["invoiceItemId"], item["taxAmount"], item["taxRate"]) == (
        "l1",
        Decimal("0.90"),
        Decimal("0.04"),
    )


def invoice_of(*amounts: tuple[int, int]) -> Invoice:
    lines = tuple(
        Line(f"l{n}", "S-O1", "SEAT", "Seats", usd(net), usd(tax), START, END)
        for n, (net, tax) in enumerate(amounts)
    )
    net, tax = sum(each[0] for each in amounts), sum(each[1] for each in amounts)
    return Invoice(
        "i1", "INV1", "ACC-1", "posted", START, END, usd(net), usd(tax), usd(net + tax), usd(0), lines
    )


@pytest.mark.parametrize("refunded", [1, 333, 7777, 10799])
@pytest.mark.parametrize("amounts", [((10000, 799),), ((7000, 500), (3000, 299)), ((12000, 799), (-2000, 0))])
def test_a_refund_is_split_without_loss(refunded: int, amounts: tuple[tuple[int, int], ...]) -> None:
    document = invoice_of(*amounts)
    items = items_of(document)
    body = refund_memo(document, refund_of(refunded), items, START)
    assert body["comment"] == "REFUND re_1"
    net = sum(row["amount"] for row in body["items"])
    tax = sum(each["amount"] for row in body["items"] for each in row.get("taxItems", ()))
    assert net + tax == usd(refunded).major
    by_id = {line.id: line for line in document.lines}
    assert all(0 <= row["amount"] <= by_id[row["invoiceItemId"]].net.major for row in body["items"])


def items_of(document: Invoice, left: list[tuple[int, int]] | None = None) -> list[dict[str, Any]]:
    return [
        {
            "id": line.id,
            "chargeAmount": line.net.major,
            "availableToCreditAmount": usd(net).major,
            "taxationItems": {
                "data": [
                    {
                        "id": f"t{line.id}",
                        "taxAmount": line.tax.major,
                        "availableToCreditAmount": usd(tax).major,
                    }
                ]
            },
        }
        for line, (net, tax) in zip(
            document.lines, left or [(each.net.minor, each.tax.minor) for each in document.lines], strict=True
        )
    ]


def refund_of(minor: int) -> Refund:
    return Refund("re_1", "pi_1", "INV1", usd(minor), "succeeded", START)


def test_more_than_is_left_cannot_be_refunded() -> None:
    document = invoice_of((100, 0))
    with pytest.raises(Refused):
        refund_memo(document, refund_of(101), items_of(document), START)


def test_the_last_of_several_refunds_takes_what_is_left() -> None:
    document = invoice_of((5, 5))
    first = refund_memo(document, refund_of(5), items_of(document), START)
    assert first["items"][0]["amount"] == Decimal("0.03")
    last = refund_memo(document, refund_of(5), items_of(document, [(2, 3)]), START)
    assert last["items"][0]["amount"] == Decimal("0.02")
    assert last["items"][0]["taxItems"][0]["amount"] == Decimal("0.03")


def test_a_register_row_and_its_moment() -> None:
    row = {
        "id": "i1", "invoiceNumber": "INV1", "status": "Posted", "currency": "JPY", "amount": 100,
        "balance": 0, "updatedDate": "2026-01-10 12:00:00", "account": {"accountNumber": "A-ACC-1"},
    }  # fmt: skip
    found = mapping.register_row(row, "invoiceNumber", "amount", "balance")
    assert (found.account, found.total, found.changed_at) == (
        "ACC-1", Money(100, "JPY"), datetime(2026, 1, 10, 12, tzinfo=UTC),
    )  # fmt: skip
    east = datetime(2026, 1, 10, 14, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert mapping.stamp(east) == "2026-01-10T12:00:00Z"


def test_paths() -> None:
    path = wire.object_query("invoices", filters=["status.EQ:Posted"], expand=["account"], page_size=50)
    assert (
        path
        == "/object-query/invoices?filter%5B%5D=status.EQ:Posted&expand%5B%5D=account&pageSize=50".replace(
            "%5B%5D", "[]"
        )
    )
    assert wire.path_of("https://rest.zuora.com/v1/x?page=2") == "/v1/x?page=2"
