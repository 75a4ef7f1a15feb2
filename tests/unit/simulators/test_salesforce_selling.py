"""Quote to order: stages, lines, primary quotes, order generation, activation, contracts; the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scenarios.evidence.crm import CrmBooks
from scenarios.evidence.reading import from_json
from simulators.kit.clock import MINUTE

from .salesforce_client import Crm


def test_the_stage_decides_whether_it_is_won() -> None:
    crm = Crm()
    key = crm.make("Opportunity", Name="O", StageName="Prospecting", CloseDate="2026-01-31")
    for stage, probability, closed, won in (
        ("Negotiation/Review", 90, False, False),
        ("Closed Lost", 0, True, False),
        ("Closed Won", 100, True, True),
        ("Qualification", 10, False, False),
    ):
        crm.clock.time += MINUTE
        assert crm.change("Opportunity", key, StageName=stage).status == 204
        shown = crm.get("Opportunity", key)
        assert (shown["Probability"], shown["IsClosed"], shown["IsWon"]) == (probability, closed, won)
        (line,) = crm.org.books()["opportunities"]
        assert line["closed_at"] == (crm.clock.time if closed else 0)
    assert crm.change("Opportunity", key, IsWon=True).code == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert crm.change("Opportunity", key, StageName="Value Proposition", Probability=33).status == 204
    assert crm.get("Opportunity", key)["Probability"] == 33


def test_lines_make_the_amount() -> None:
    crm = Crm()
    own = crm.deal()
    one = crm.make(
        "OpportunityLineItem", OpportunityId=own["opportunity"], Product2Id=own["product"], Quantity=2
    )
    assert crm.get("OpportunityLineItem", one)["UnitPrice"] == 120
    two = crm.make(
        "OpportunityLineItem", OpportunityId=own["opportunity"], PricebookEntryId=own["entry"], Quantity=3,
        TotalPrice="100.00",
    )  # fmt: skip
    assert crm.get("OpportunityLineItem", two)["UnitPrice"] == Decimal("33.33")
    assert crm.get("Opportunity", own["opportunity"])["Amount"] == 340
    assert crm.change("Opportunity", own["opportunity"], Amount=5, NextStep="call").status == 204
    shown = crm.get("Opportunity", own["opportunity"])
    assert (shown["Amount"], shown["NextStep"], shown["HasOpportunityLineItem"]) == (340, "call", True)
    crm.change("OpportunityLineItem", one, Quantity=1)
    crm.call("DELETE", f"/sobjects/OpportunityLineItem/{two}")
    assert crm.get("Opportunity", own["opportunity"])["Amount"] == 120


def test_prices_and_lines_that_do_not_fit() -> None:
    crm = Crm()
    own = crm.deal()
    line = {"OpportunityId": own["opportunity"], "Quantity": 1}
    assert crm.call("POST", "/sobjects/OpportunityLineItem", line).code == "REQUIRED_FIELD_MISSING"
    both = {**line, "PricebookEntryId": own["entry"], "UnitPrice": 1, "TotalPrice": 1}
    assert crm.call("POST", "/sobjects/OpportunityLineItem", both).code == "FIELD_INTEGRITY_EXCEPTION"
    price: dict[str, Any] = {"Product2Id": own["product"], "Pricebook2Id": own["book"], "UnitPrice": 1}
    assert crm.call("POST", "/sobjects/PricebookEntry", price).code == "DUPLICATE_VALUE"
    book = crm.make("Pricebook2", Name="Partners", IsActive=True)
    wrong = {**price, "Pricebook2Id": book, "CurrencyIsoCode": "EUR"}
    assert crm.call("POST", "/sobjects/PricebookEntry", wrong).code == "STANDARD_PRICE_NOT_DEFINED"
    entry = crm.make("PricebookEntry", **{**price, "Pricebook2Id": book, "UseStandardPrice": True})
    assert crm.get("PricebookEntry", entry)["UnitPrice"] == 120
    other = {**line, "PricebookEntryId": entry}
    assert crm.call("POST", "/sobjects/OpportunityLineItem", other).code == "FIELD_INTEGRITY_EXCEPTION"
    euro = crm.make("PricebookEntry", **{**price, "CurrencyIsoCode": "EUR"}, IsActive=True)
    for wrong_entry in (euro, crm_inactive(crm, own)):
        body = {**line, "PricebookEntryId": wrong_entry}
        assert crm.call("POST", "/sobjects/OpportunityLineItem", body).code == "FIELD_INTEGRITY_EXCEPTION"


def crm_inactive(crm: Crm, own: dict[str, str]) -> str:
    assert crm.change("PricebookEntry", own["entry"], IsActive=False).status == 204
    return own["entry"]


def test_an_opportunity_has_one_primary_quote() -> None:
    crm = Crm()
    own = crm.deal()
    assert crm.get("Opportunity", own["opportunity"])["SBQQ__PrimaryQuote__c"] == own["quote"]
    second = crm.make("SBQQ__Quote__c", SBQQ__Opportunity2__c=own["opportunity"], SBQQ__Primary__c=True)
    assert crm.get("SBQQ__Quote__c", own["quote"])["SBQQ__Primary__c"] is False
    shown = crm.get("SBQQ__Quote__c", second)
    assert (shown["SBQQ__Account__c"], shown["Name"]) == (own["account"], "Q-00002")
    assert crm.get("Opportunity", own["opportunity"])["SBQQ__PrimaryQuote__c"] == second
    crm.change("SBQQ__Quote__c", second, SBQQ__Primary__c=False)
    assert crm.get("Opportunity", own["opportunity"])["SBQQ__PrimaryQuote__c"] is None


def test_quote_lines() -> None:
    crm = Crm()
    own = crm.deal()
    line = crm.get("SBQQ__QuoteLine__c", own["line"])
    assert (line["SBQQ__ProductCode__c"], line["SBQQ__NetTotal__c"]) == ("TEAM", 999)
    assert crm.get("SBQQ__Quote__c", own["quote"])["SBQQ__NetAmount__c"] == 999
    crm.change("SBQQ__QuoteLine__c", own["line"], SBQQ__Quantity__c=12, SBQQ__PriorQuantity__c=10)
    assert crm.get("SBQQ__Quote__c", own["quote"])["SBQQ__NetAmount__c"] == Decimal("199.80")
    crm.call("DELETE", f"/sobjects/SBQQ__QuoteLine__c/{own['line']}")
    assert crm.get("SBQQ__Quote__c", own["quote"])["SBQQ__NetAmount__c"] == 0
    code = crm.call(
        "PATCH", f"/sobjects/SBQQ__QuoteLine__c/{own['line']}", {"SBQQ__ProductCode__c": "X"}
    ).code
    assert code == "ENTITY_IS_DELETED"
    body = {"SBQQ__Quote__c": own["quote"], "SBQQ__ProductCode__c": "X"}
    answer = crm.call("POST", "/sobjects/SBQQ__QuoteLine__c", body)
    assert answer.code == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_an_ordered_opportunity_becomes_an_order() -> None:
    crm = Crm()
    own = crm.deal()
    crm.make("SBQQ__QuoteLine__c", SBQQ__Quote__c=own["quote"], SBQQ__Product__c=own["product"],
             SBQQ__Quantity__c=4, SBQQ__PriorQuantity__c=4, SBQQ__NetPrice__c=5)  # fmt: skip
    won = {"StageName": "Closed Won", "SBQQ__Ordered__c": True}
    assert crm.change("Opportunity", own["opportunity"], **won).status == 204
    (order,) = crm.query(
        "SELECT Id, Status, AccountId, OpportunityId, SBQQ__Quote__c, EffectiveDate, EndDate, TotalAmount, "
        "(SELECT Quantity, UnitPrice, TotalPrice, Product2.ProductCode, SBQQ__QuoteLine__c FROM OrderItems) "
        "FROM Order"
    ).json["records"]
    assert (order["Status"], order["AccountId"], order["SBQQ__Quote__c"]) == (
        "Draft",
        own["account"],
        own["quote"],
    )
    assert (order["EffectiveDate"], order["EndDate"]) == ("2026-02-01", "2027-01-31")
    (item,) = order["OrderItems"]["records"]
    assert (item["Quantity"], item["UnitPrice"], item["TotalPrice"]) == (10, Decimal("99.90"), 999)
    assert (item["SBQQ__QuoteLine__c"], order["TotalAmount"]) == (own["line"], 999)
    assert crm.get("SBQQ__Quote__c", own["quote"])["SBQQ__Ordered__c"] is True
    crm.change("Opportunity", own["opportunity"], SBQQ__Ordered__c=True)
    assert len(crm.ids("SELECT Id FROM Order")) == 1


def test_a_quote_may_be_ordered_itself() -> None:
    crm = Crm()
    own = crm.deal()
    crm.change("Opportunity", own["opportunity"], StageName="Closed Won")
    assert crm.change("SBQQ__Quote__c", own["quote"], SBQQ__Ordered__c=True).status == 204
    assert crm.get("Opportunity", own["opportunity"])["SBQQ__Ordered__c"] is True
    assert len(crm.ids("SELECT Id FROM Order")) == 1


@pytest.mark.parametrize("lacks", ["primary", "account", "price", "product", "book"])
def test_what_cannot_be_ordered(lacks: str) -> None:
    crm = Crm()
    own = crm.deal()
    if lacks == "primary":
        crm.change("SBQQ__Quote__c", own["quote"], SBQQ__Primary__c=False)
    elif lacks == "account":
        crm.change("SBQQ__Quote__c", own["quote"], SBQQ__Account__c=None)
        crm.change("Opportunity", own["opportunity"], AccountId=None)
    elif lacks == "price":
        crm.call("DELETE", f"/sobjects/PricebookEntry/{own['entry']}")
    elif lacks == "product":
        crm.change("SBQQ__QuoteLine__c", own["line"], SBQQ__Product__c=None)
    elif lacks == "book":
        crm.change("SBQQ__Quote__c", own["quote"], SBQQ__PriceBook__c=None)
        crm.change("Opportunity", own["opportunity"], Pricebook2Id=None)
    won = {"StageName": "Closed Won", "SBQQ__Ordered__c": True}
    answer = crm.change("Opportunity", own["opportunity"], **won)
    assert (answer.status, answer.code) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    shown = crm.get("Opportunity", own["opportunity"])
    assert (shown["StageName"], shown["SBQQ__Ordered__c"]) == ("Prospecting", False)
    assert crm.ids("SELECT Id FROM Order") == []


def test_an_order_is_activated_with_items_only_and_keeps_them() -> None:
    crm = Crm()
    own = crm.deal()
    body = {
        "AccountId": own["account"], "EffectiveDate": "2026-02-01", "Status": "Draft",
        "Pricebook2Id": own["book"],
    }  # fmt: skip
    born = crm.call("POST", "/sobjects/Order", {**body, "Status": "Activated"})
    assert (born.status, born.code) == (400, "FAILED_ACTIVATION")
    order = crm.make("Order", **body)
    answer = crm.change("Order", order, Status="Activated")
    assert (answer.status, answer.code) == (400, "FAILED_ACTIVATION")
    item = {"OrderId": order, "PricebookEntryId": own["entry"], "Quantity": 2, "UnitPrice": "50.00"}
    key = crm.make("OrderItem", **item)
    assert crm.change("Order", order, Status="Activated").status == 204
    shown = crm.get("Order", order)
    assert (shown["StatusCode"], shown["TotalAmount"]) == ("Activated", 100)
    assert shown["ActivatedDate"] == "2026-01-01T09:00:00.000+0000"
    assert crm.call("POST", "/sobjects/OrderItem", item).code == "FIELD_INTEGRITY_EXCEPTION"
    assert crm.change("OrderItem", key, Quantity=3).code == "FIELD_INTEGRITY_EXCEPTION"
    assert crm.call("DELETE", f"/sobjects/OrderItem/{key}").code == "FIELD_INTEGRITY_EXCEPTION"
    assert crm.call("DELETE", f"/sobjects/Order/{order}").code == "FIELD_INTEGRITY_EXCEPTION"
    assert crm.change("Order", order, Status="Draft").status == 204
    assert crm.get("Order", order)["ActivatedDate"] is None
    assert crm.change("OrderItem", key, Quantity=3).status == 204
    assert crm.get("Order", order)["TotalAmount"] == 150
    assert crm.call("DELETE", f"/sobjects/OrderItem/{key}").status == 204
    other = crm.make("Order", **{**body, "Pricebook2Id": None})
    wrong = crm.call("POST", "/sobjects/OrderItem", {**item, "OrderId": other})
    assert wrong.code == "FIELD_INTEGRITY_EXCEPTION"
    euro = crm.make("Order", **body, CurrencyIsoCode="EUR")
    wrong = crm.call("POST", "/sobjects/OrderItem", {**item, "OrderId": euro})
    assert wrong.code == "FIELD_INTEGRITY_EXCEPTION"


def test_a_contract_lives() -> None:
    crm = Crm()
    account = crm.make("Account", Name="Acme")
    body = {"AccountId": account, "StartDate": "2026-01-31", "ContractTerm": 13}
    assert crm.call("POST", "/sobjects/Contract", {**body, "Status": "Activated"}).code == "FAILED_ACTIVATION"
    key = crm.make("Contract", **body)
    shown = crm.get("Contract", key)
    assert (shown["Status"], shown["EndDate"], shown["ContractNumber"]) == ("Draft", "2027-02-27", "00000002")
    assert crm.change("Contract", key, Status="In Approval Process").status == 204
    assert crm.change("Contract", key, Status="Activated").status == 204
    assert crm.change("Contract", key, Status="Draft").code == "FAILED_ACTIVATION"


def test_the_books() -> None:
    crm = Crm()
    own = crm.deal(Service_Start__c="2026-02-01", Service_End__c="2027-02-01")
    crm.change("Opportunity", own["opportunity"], StageName="Closed Won")
    change = crm.make(
        "Opportunity", Name="More", StageName="Prospecting", CloseDate="2026-05-01", Type="Amendment",
        External_Id__c="O-2", Original_Opportunity__c="O-1", Account={"External_Id__c": "A-1"},
        Subscription_Number__c="S-1", Billing_Status__c="Activated", CurrencyIsoCode="JPY",
    )  # fmt: skip
    crm.make(
        "Invoice__c", Invoice_Number__c="INV-1", Account__c=own["account"], Status__c="Posted",
        Total__c="118.80", Balance__c="18.80", CurrencyIsoCode="EUR",
    )  # fmt: skip
    bare = crm.make("Account", Name="Gone")
    crm.call("DELETE", f"/sobjects/Account/{bare}")
    books = from_json(CrmBooks, crm.org.books())
    first, second = books.opportunities
    assert (first.key, first.account, first.kind, first.stage) == ("O-1", "A-1", "new", "Closed Won")
    assert (first.start, first.end, first.closed_at) == ("2026-02-01", "2027-02-01", crm.clock.time)
    assert (second.id, second.kind, second.original, second.subscription) == (
        change,
        "amendment",
        "O-1",
        "S-1",
    )
    assert (second.status, second.currency, second.closed_at, second.start) == ("Activated", "JPY", 0, "")
    (invoice,) = books.invoices
    assert (invoice.number, invoice.account, invoice.status) == ("INV-1", "A-1", "Posted")
    assert (invoice.currency, invoice.total, invoice.balance) == ("EUR", 11880, 1880)
    assert [(a.key, a.deleted) for a in books.accounts] == [("A-1", False), ("", True)]
    assert books.accounts[0].created_at == crm.clock.time


def test_the_history_tells_the_story_by_business_keys() -> None:
    crm = Crm()
    own = crm.deal()
    crm.change("Opportunity", own["opportunity"], StageName="Closed Won", Subscription_Number__c="S-1")
    crm.make("Invoice__c", Invoice_Number__c="INV-1", Account__c=own["account"], Total__c="9.99")
    told = crm.org.history.changes
    last = [line for line in told if line.kind == "opportunity"][-1]
    assert (last.id, last.event, last.state) == ("O-1", "closed_won", "Closed Won")
    assert last.refs == (own["opportunity"], "A-1", "S-1")
    invoice = told[-1]
    assert (invoice.kind, invoice.id, invoice.amount, invoice.currency) == (
        "crm_invoice",
        "INV-1",
        999,
        "USD",
    )
    assert "A-1" in invoice.refs
    quote = next(line for line in told if line.kind == "quote")
    assert {"Q-00001", "O-1", "A-1"} <= set(quote.refs)
    assert [line.version for line in told if line.id == "O-1"] == [1, 2, 3]


def test_a_reset_is_a_fresh_sandbox() -> None:
    crm = Crm()
    crm.deal()
    crm.mock.reset()
    crm.sign_in()
    empty: dict[str, list[Any]] = {
        name: [] for name in ("accounts", "opportunities", "invoices", "quote_lines")
    }
    assert crm.org.books() == empty
    assert crm.ids("SELECT Name FROM Pricebook2") == ["Standard Price Book"]
