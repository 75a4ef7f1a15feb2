"""What an org refuses by rules of its own, and what CPQ works out: duplicates, prices of lines, groups."""

from __future__ import annotations

import json
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from scenarios.sandboxes import SandboxError, Sandboxes
from tests.conformance.salesforce_client import connect

INSIST = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}


def _alike(lab: Sandboxes, **more: Any) -> None:
    wish = {"object": "Contact", "name": "Contact_Duplicate_Rule", "fields": ["LastName", "Email"]}
    lab.disturb("salesforce", "duplicate_rule", **{**wish, **more})


def test_duplicates_are_told_with_those_that_they_are_like(lab: Sandboxes) -> None:
    sf = connect(lab)
    first = sf.Contact.create({"LastName": "Doe", "Email": "jane@x.test"})["id"]
    _alike(lab)
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Contact.create({"LastName": " DOE ", "Email": "jane@x.test", "FirstName": "Jane"})
    (error,) = refused.value.content
    assert (error["errorCode"], error["message"]) == ("DUPLICATES_DETECTED", "Use one of these records?")
    found = error["duplicateResult"]
    assert (found["allowSave"], found["duplicateRule"]) == (True, "Contact_Duplicate_Rule")
    assert [each["record"]["Id"] for each in found["matchResults"][0]["matchRecords"]] == [first]
    assert sf.Contact.create({"LastName": "Doe"})["success"] is True
    twin = sf.Contact.create({"LastName": "Doe", "Email": "jane@x.test"}, headers=INSIST)["id"]
    # A change of what the rule does not look at is nobody's duplicate; one of what it does is.
    assert sf.Contact.update(twin, {"Phone": "1"}) == 204
    with pytest.raises(SalesforceMalformedRequest):
        sf.Contact.update(twin, {"Email": "Jane@x.test", "Phone": "2"})
    rows = [{"attributes": {"type": "Contact"}, "LastName": "Doe", "Email": "jane@x.test"}]
    body = json.dumps({"records": rows, "allOrNone": False})
    (row,) = sf.restful("composite/sobjects", method="POST", data=body)
    assert row["errors"][0]["statusCode"] == "DUPLICATES_DETECTED"
    (done,) = sf.bulk2.Contact.insert(records=[{"LastName": "Doe", "Email": "jane@x.test"}], wait=0.05)
    assert done["numberRecordsFailed"] == 1
    sf.Contact.delete(first)
    sf.Contact.delete(twin)
    assert sf.Contact.create({"LastName": "Doe", "Email": "jane@x.test"})["success"] is True


def test_a_blocking_rule_takes_no_insistence(lab: Sandboxes) -> None:
    sf = connect(lab)
    sf.Contact.create({"LastName": "Doe", "Email": "jane@x.test"})
    _alike(lab, block=1, alert="We know this person")
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Contact.create({"LastName": "Doe", "Email": "jane@x.test"}, headers=INSIST)
    (error,) = refused.value.content
    assert (error["message"], error["duplicateResult"]["allowSave"]) == ("We know this person", False)
    with pytest.raises(SandboxError, match="DUPLICATE_DEVELOPER_NAME"):
        _alike(lab)
    with pytest.raises(SandboxError, match="Colour"):
        _alike(lab, name="Other", fields=["Colour"])


@pytest.fixture
def quoted(lab: Sandboxes) -> tuple[Salesforce, str, str]:
    """(client, quote, product of 100.00 in the quote's price book)."""
    sf = connect(lab)
    book = lab.credentials("salesforce")["standard_pricebook"]
    account = sf.Account.create({"Name": "Acme"})["id"]
    product = sf.Product2.create({"Name": "Plan", "ProductCode": "P", "IsActive": True})["id"]
    entry = {"Pricebook2Id": book, "Product2Id": product, "UnitPrice": 100, "IsActive": True}
    sf.PricebookEntry.create(entry)
    deal = {"Name": "D", "AccountId": account, "StageName": "Prospecting", "CloseDate": "2026-01-31"}
    opportunity = sf.Opportunity.create({**deal, "Pricebook2Id": book})["id"]
    quote = sf.SBQQ__Quote__c.create({"SBQQ__Opportunity2__c": opportunity, "SBQQ__Primary__c": True})["id"]
    return sf, quote, product


def _line(sf: Salesforce, key: str) -> tuple[Any, ...]:
    got = sf.SBQQ__QuoteLine__c.get(key)
    return tuple(got[f"SBQQ__{name}__c"] for name in ("ListPrice", "NetPrice", "NetTotal"))


def test_a_line_without_a_net_price_has_the_list_price_less_its_discount(
    quoted: tuple[Salesforce, str, str],
) -> None:
    sf, quote, product = quoted
    wish = {"SBQQ__Quote__c": quote, "SBQQ__Product__c": product, "SBQQ__Quantity__c": 3}
    line = sf.SBQQ__QuoteLine__c.create({**wish, "SBQQ__Discount__c": 33.33})["id"]
    assert _line(sf, line) == (100, 66.67, 200.01)
    sf.SBQQ__QuoteLine__c.update(line, {"SBQQ__Discount__c": 10})
    assert _line(sf, line) == (100, 90, 270)
    sf.SBQQ__QuoteLine__c.update(line, {"SBQQ__Quantity__c": 1})
    assert _line(sf, line) == (100, 90, 90)
    written = sf.SBQQ__QuoteLine__c.create({**wish, "SBQQ__NetPrice__c": 12.5})["id"]
    assert _line(sf, written) == (None, 12.5, 37.5)
    assert sf.SBQQ__Quote__c.get(quote)["SBQQ__NetAmount__c"] == 127.5


def test_lines_in_groups(quoted: tuple[Salesforce, str, str]) -> None:
    sf, quote, product = quoted
    group = sf.SBQQ__QuoteLineGroup__c.create({"Name": "Year 1", "SBQQ__Quote__c": quote})["id"]
    line = {"SBQQ__Quote__c": quote, "SBQQ__Product__c": product, "SBQQ__Quantity__c": 2}
    sf.SBQQ__QuoteLine__c.create({**line, "SBQQ__Group__c": group})
    sf.SBQQ__QuoteLine__c.create(line)
    assert sf.SBQQ__QuoteLineGroup__c.get(group)["SBQQ__NetTotal__c"] == 200
    (found,) = sf.query("SELECT (SELECT Id FROM SBQQ__LineItems__r) FROM SBQQ__QuoteLineGroup__c")["records"]
    assert found["SBQQ__LineItems__r"]["totalSize"] == 1
    reader = f"SBQQ/ServiceRouter?reader=SBQQ.QuoteAPI.QuoteReader&uid={quote}"
    model = json.loads(sf.apexecute(reader))
    (told,) = model["lineItemGroups"]
    assert [each["parentGroupKey"] for each in model["lineItems"]] == [told["key"], None]
    sf.SBQQ__Quote__c.delete(quote)
    assert sf.query("SELECT Id FROM SBQQ__QuoteLineGroup__c")["totalSize"] == 0


def test_a_synced_quote_and_its_opportunity_are_alike_until_the_sync_ends(lab: Sandboxes) -> None:
    sf = connect(lab)
    book = lab.credentials("salesforce")["standard_pricebook"]
    entries = []
    for name in ("Plan", "Setup"):
        product = sf.Product2.create({"Name": name, "IsActive": True})["id"]
        price = {"Pricebook2Id": book, "Product2Id": product, "UnitPrice": 100, "IsActive": True}
        entries.append(sf.PricebookEntry.create(price)["id"])
    wish = {"StageName": "Prospecting", "CloseDate": "2026-01-31", "Pricebook2Id": book}
    deal, other = (sf.Opportunity.create({"Name": name, **wish})["id"] for name in ("A", "B"))
    sf.OpportunityLineItem.create(
        {"OpportunityId": deal, "PricebookEntryId": entries[1], "Quantity": 9, "UnitPrice": 1}
    )
    quote = sf.Quote.create({"Name": "Q", "OpportunityId": deal, "Pricebook2Id": book})["id"]
    line = {"QuoteId": quote, "PricebookEntryId": entries[0], "Quantity": 2, "UnitPrice": 90, "Discount": 10}
    first = sf.QuoteLineItem.create(line)["id"]

    columns = ("Quantity", "UnitPrice", "Discount", "TotalPrice")

    def lines(kind: str, way: str, parent: str) -> list[tuple[Any, ...]]:
        query = f"SELECT {', '.join(columns)} FROM {kind} WHERE {way} = '{parent}' ORDER BY CreatedDate, Id"
        return [tuple(row[name] for name in columns) for row in sf.query(query)["records"]]

    def both() -> list[tuple[Any, ...]]:
        of_deal = lines("OpportunityLineItem", "OpportunityId", deal)
        assert lines("QuoteLineItem", "QuoteId", quote) == of_deal
        assert sf.Opportunity.get(deal)["Amount"] == sum(each[3] for each in of_deal)
        return of_deal

    with pytest.raises(SalesforceMalformedRequest):
        sf.Opportunity.update(other, {"SyncedQuoteId": quote})
    sf.Opportunity.update(deal, {"SyncedQuoteId": quote})
    assert both() == [(2, 90, 10, 162)]
    assert sf.Quote.get(quote)["IsSyncing"] is True
    sf.QuoteLineItem.update(first, {"Quantity": 3})
    assert both() == [(3, 90, 10, 243)]
    added = sf.OpportunityLineItem.create(
        {"OpportunityId": deal, "PricebookEntryId": entries[1], "Quantity": 1, "UnitPrice": 50}
    )["id"]
    assert both() == [(3, 90, 10, 243), (1, 50, None, 50)]
    sf.OpportunityLineItem.update(added, {"UnitPrice": 60})
    assert both()[1] == (1, 60, None, 60)
    sf.QuoteLineItem.delete(first)
    assert both() == [(1, 60, None, 60)]
    sf.OpportunityLineItem.delete(added)
    assert both() == []
    sf.Opportunity.update(deal, {"SyncedQuoteId": None})
    assert sf.Quote.get(quote)["IsSyncing"] is False
    sf.QuoteLineItem.create(line)
    assert lines("OpportunityLineItem", "OpportunityId", deal) == []


def test_how_the_org_is_set_up_can_be_asked(lab: Sandboxes) -> None:
    sf = connect(lab)
    stages = sf.query(
        "SELECT MasterLabel, IsWon, DefaultProbability FROM OpportunityStage ORDER BY SortOrder"
    )
    assert (stages["totalSize"], stages["records"][0]["MasterLabel"]) == (10, "Prospecting")
    deal = {"Name": "D", "CloseDate": "2026-01-31"}
    for stage in stages["records"]:
        key = sf.Opportunity.create({**deal, "StageName": stage["MasterLabel"]})["id"]
        got = sf.Opportunity.get(key)
        assert (got["IsWon"], got["Probability"]) == (stage["IsWon"], stage["DefaultProbability"])
    (own,) = sf.query("SELECT IsoCode, DecimalPlaces FROM CurrencyType WHERE IsCorporate = true")["records"]
    assert (own["IsoCode"], own["DecimalPlaces"]) == ("USD", 2)
    (user,) = sf.query("SELECT Profile.Name FROM User")["records"]
    assert user["Profile"]["Name"] == "System Administrator"
