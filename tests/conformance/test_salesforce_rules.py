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
