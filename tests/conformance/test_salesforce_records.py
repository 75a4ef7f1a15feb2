"""Records through simple-salesforce: life, upserts, refusals, descriptions, composite calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simple_salesforce import Salesforce, format_soql
from simple_salesforce.exceptions import (
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)
from simple_salesforce.format import format_external_id

from scenarios.sandboxes import Sandboxes
from tests.conformance.salesforce_client import connect


def _code(error: Any) -> str:
    return str(error.value.content[0]["errorCode"])


def test_a_record_lives(lab: Sandboxes) -> None:
    sf = connect(lab)
    made = sf.Account.create({"Name": "Acme", "NumberOfEmployees": 12, "AnnualRevenue": 1234.56})
    assert made["success"] is True
    key = made["id"]
    got = sf.Account.get(key)
    assert (got["Name"], got["NumberOfEmployees"], got["AnnualRevenue"]) == ("Acme", 12, 1234.56)
    assert got["attributes"]["url"].endswith(f"/sobjects/Account/{key}")
    assert sf.Account.update(key, {"Name": "Acme Ltd"}) == 204
    assert sf.Account.get(key[:15], params={"fields": "Name"})["Name"] == "Acme Ltd"
    assert sf.Account.delete(key) == 204
    with pytest.raises(SalesforceResourceNotFound) as missing:
        sf.Account.get(key)
    assert _code(missing) == "NOT_FOUND"
    with pytest.raises(SalesforceResourceNotFound) as gone:
        sf.Account.delete(key)
    assert _code(gone) == "ENTITY_IS_DELETED"
    assert sf.query("SELECT Id FROM Account")["totalSize"] == 0
    assert (
        sf.query("SELECT Id, IsDeleted FROM Account", include_deleted=True)["records"][0]["IsDeleted"] is True
    )
    assert sf.api_usage["api-usage"].used > 5


def test_upserts(lab: Sandboxes) -> None:
    sf = connect(lab)
    path = format_external_id("External_Id__c", "A/1 x")
    assert sf.Account.upsert(path, {"Name": "Acme"}) == 201
    assert sf.Account.upsert(path, {"Name": "Acme Ltd"}) == 200
    assert sf.query("SELECT Name FROM Account")["records"][0]["Name"] == "Acme Ltd"
    with pytest.raises(SalesforceMalformedRequest) as own_key:
        sf.Account.upsert(path, {"Name": "x", "External_Id__c": "A/1 x"})
    assert _code(own_key) == "INVALID_FIELD"
    for _ in range(2):
        sf.Account.create({"Name": "Twin", "Stripe_Customer__c": "cus_1"})
    with pytest.raises(SalesforceMoreThanOneRecord) as several:
        sf.Account.upsert("Stripe_Customer__c/cus_1", {"Name": "x"})
    assert len(several.value.content) == 2


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("Account", {}, "REQUIRED_FIELD_MISSING"),
        ("Account", {"Name": "x", "Colour": "red"}, "INVALID_FIELD"),
        ("Account", {"Name": "x" * 256}, "STRING_TOO_LONG"),
        ("Contact", {"LastName": "x", "Email": "nobody"}, "INVALID_EMAIL_ADDRESS"),
        ("Contact", {"LastName": "x", "AccountId": "zzz"}, "MALFORMED_ID"),
        ("Opportunity", {"Name": "x", "CloseDate": "2026-01-01", "StageName": "Dreaming"},
         "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Opportunity", {"Name": "x", "CloseDate": "soon", "StageName": "Prospecting"}, "JSON_PARSER_ERROR"),
        ("Order", {"EffectiveDate": "2026-01-01", "Status": "Draft"}, "REQUIRED_FIELD_MISSING"),
    ],
)  # fmt: skip
def test_refusals(lab: Sandboxes, kind: str, body: dict[str, Any], code: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        getattr(connect(lab), kind).create(body)
    assert _code(refused) == code


def test_duplicates_name_the_other(lab: Sandboxes) -> None:
    sf = connect(lab)
    first = sf.Account.create({"Name": "A", "External_Id__c": "E-1"})["id"]
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Account.create({"Name": "B", "External_Id__c": "E-1"})
    assert _code(refused) == "DUPLICATE_VALUE"
    assert refused.value.content[0]["message"].endswith(f"record with id: {first[:15]}")


def test_descriptions(lab: Sandboxes) -> None:
    sf = connect(lab)
    names = {each["name"] for each in sf.describe()["sobjects"]}
    assert {"Account", "Contact", "Lead", "Quote", "QuoteLineItem", "SBQQ__Subscription__c", "Case"} <= names
    shown = sf.Opportunity.describe()
    fields = {field["name"]: field for field in shown["fields"]}
    assert fields["StageName"]["type"] == "picklist"
    assert "Closed Won" in [each["value"] for each in fields["StageName"]["picklistValues"]]
    assert fields["AccountId"]["referenceTo"] == ["Account"]
    assert fields["AccountId"]["relationshipName"] == "Account"
    assert fields["Id"]["createable"] is False
    assert fields["Name"]["nillable"] is False
    ways = {each["relationshipName"] for each in shown["childRelationships"]}
    assert {"OpportunityLineItems", "Quotes", "OpportunityContactRoles"} <= ways
    assert shown["recordTypeInfos"][-1]["master"] is True
    assert sf.Account.metadata()["objectDescribe"]["keyPrefix"] == "001"
    assert sf.Account.describe_layout("012000000000000AAA")["detailLayoutSections"]


def test_what_was_changed_and_deleted(lab: Sandboxes) -> None:
    sf = connect(lab)
    kept = sf.Account.create({"Name": "Kept"})["id"]
    gone = sf.Account.create({"Name": "Gone"})["id"]
    sf.Account.delete(gone)
    now = datetime.now(UTC)
    start, end = now - timedelta(hours=1), now + timedelta(hours=1)
    deleted = sf.Account.deleted(start, end)
    assert [each["id"] for each in deleted["deletedRecords"]] == [gone]
    assert sf.Account.updated(start, end)["ids"] == [kept]
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.Account.updated(end, start)
    assert _code(refused) == "INVALID_REPLICATION_DATE"


def test_relationships_are_walked(lab: Sandboxes) -> None:
    sf = connect(lab)
    account = sf.Account.create({"Name": "Acme"})["id"]
    contact = sf.Contact.create({"LastName": "Doe", "AccountId": account})["id"]
    below = sf.restful(f"sobjects/Account/{account}/Contacts", params={"fields": "LastName"})
    assert [row["LastName"] for row in below["records"]] == ["Doe"]
    assert sf.restful(f"sobjects/Contact/{contact}/Account")["Name"] == "Acme"
    sf.restful(f"sobjects/Contact/{contact}/Account", method="PATCH", data=json.dumps({"Name": "New"}))
    assert sf.Account.get(account)["Name"] == "New"


def test_conditional_requests(lab: Sandboxes) -> None:
    sf = connect(lab)
    key = sf.Account.create({"Name": "Acme"})["id"]
    with pytest.raises(SalesforceGeneralError) as unchanged:
        sf.Account.get(key, headers={"If-Modified-Since": "Tue, 01 Jan 2999 00:00:00 GMT"})
    assert unchanged.value.status == 304
    with pytest.raises(SalesforceGeneralError) as changed:
        sf.Account.update(
            key, {"Name": "x"}, headers={"If-Unmodified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"}
        )
    assert changed.value.status == 412


def _composite(sf: Salesforce, *parts: dict[str, Any], whole: bool = True) -> list[Any]:
    body = {"allOrNone": whole, "compositeRequest": list(parts)}
    answer = sf.restful("composite", method="POST", data=json.dumps(body))
    return list(answer["compositeResponse"])


def test_composite_references_and_rollback(lab: Sandboxes) -> None:
    sf = connect(lab)
    root = "/services/data/v59.0"
    account = {
        "method": "POST",
        "url": f"{root}/sobjects/Account",
        "referenceId": "acc",
        "body": {"Name": "A"},
    }
    contact = {"method": "POST", "url": f"{root}/sobjects/Contact", "referenceId": "con",
               "body": {"LastName": "D", "AccountId": "@{acc.id}"}}  # fmt: skip
    read = {"method": "GET", "url": f"{root}/sobjects/Contact/@{{con.id}}", "referenceId": "got"}
    done = _composite(sf, account, contact, read)
    assert [each["httpStatusCode"] for each in done] == [201, 201, 200]
    assert done[2]["body"]["AccountId"] == done[0]["body"]["id"]
    bad = {**contact, "body": {"AccountId": "@{acc.id}"}}
    done = _composite(sf, account, bad)
    assert done[0]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert done[1]["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert sf.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def test_collections_trees_graphs_and_batches(lab: Sandboxes) -> None:
    sf = connect(lab)
    rows = [{"attributes": {"type": "Account"}, "Name": f"A{i}"} for i in range(3)] + [
        {"attributes": {"type": "Account"}}
    ]
    post = {"method": "POST", "data": json.dumps({"allOrNone": False, "records": rows})}
    done = sf.restful("composite/sobjects", **post)
    assert [row["success"] for row in done] == [True, True, True, False]
    ids = [row["id"] for row in done[:3]]
    wish = {"ids": [*ids, "001000000000000AAA"], "fields": ["Name"]}
    got = sf.restful("composite/sobjects/Account", method="POST", data=json.dumps(wish))
    assert [row and row["Name"] for row in got] == ["A0", "A1", "A2", None]
    post = {"method": "POST", "data": json.dumps({"allOrNone": True, "records": rows})}
    done = sf.restful("composite/sobjects", **post)
    assert done[0]["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    tree = {"records": [{
        "attributes": {"type": "Account", "referenceId": "a"}, "Name": "Tree",
        "Contacts": {"records": [
            {"attributes": {"type": "Contact", "referenceId": "c"}, "LastName": "Leaf"},
        ]},
    }]}  # fmt: skip
    planted = sf.restful("composite/tree/Account/", method="POST", data=json.dumps(tree))
    assert planted["hasErrors"] is False
    assert [each["referenceId"] for each in planted["results"]] == ["a", "c"]
    tree["records"][0]["Contacts"]["records"][0].pop("LastName")  # type: ignore[index]
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.restful("composite/tree/Account/", method="POST", data=json.dumps(tree))
    assert refused.value.content["results"][0]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert sf.query("SELECT COUNT() FROM Account WHERE Name = 'Tree'")["totalSize"] == 1
    part = {"method": "POST", "url": "/services/data/v59.0/sobjects/Account", "referenceId": "x",
            "body": {"Name": "Graph"}}  # fmt: skip
    graphs = {"graphs": [{"graphId": "1", "compositeRequest": [part]},
                         {"graphId": "2", "compositeRequest": [{**part, "body": {}}]}]}  # fmt: skip
    done = sf.restful("composite/graph", method="POST", data=json.dumps(graphs))
    assert [each["isSuccessful"] for each in done["graphs"]] == [True, False]
    batch = {"haltOnError": True, "batchRequests": [
        {"method": "GET", "url": "v59.0/sobjects/Account/001000000000000AAA"},
        {"method": "GET", "url": "v59.0/limits"},
    ]}  # fmt: skip
    done = sf.restful("composite/batch", method="POST", data=json.dumps(batch))
    assert [each["statusCode"] for each in done["results"]] == [404, 412]


def test_the_daily_quota(lab: Sandboxes) -> None:
    sf = connect(lab)
    lab.control("salesforce", "POST", "faults", {"kind": "throttled", "operation": "query"})
    with pytest.raises(SalesforceRefusedRequest) as refused:
        sf.query("SELECT Id FROM User")
    assert _code(refused) == "REQUEST_LIMIT_EXCEEDED"
    used = sf.limits()["DailyApiRequests"]
    assert used["Max"] - used["Remaining"] == sf.api_usage["api-usage"].used


def test_values_are_quoted(lab: Sandboxes) -> None:
    sf = connect(lab)
    name = 'D\'or \\ "x" %_'
    sf.Account.create({"Name": name})
    found = sf.query(format_soql("SELECT Name FROM Account WHERE Name IN {names}", names=[name, "y"]))
    assert [row["Name"] for row in found["records"]] == [name]
    found = sf.query(format_soql("SELECT Name FROM Account WHERE Name LIKE '{:like}%'", name))
    assert found["totalSize"] == 1


def test_merge_undelete_and_passwords(lab: Sandboxes) -> None:
    sf = connect(lab)
    first, second = (sf.Account.create({"Name": name})["id"] for name in ("One", "Two"))
    contact = sf.Contact.create({"LastName": "Doe", "AccountId": second})["id"]
    lab.control(
        "salesforce", "POST", "disturb",
        {"kind": "merge", "object": "Account", "master": first, "others": [second]},
    )  # fmt: skip
    assert sf.Contact.get(contact)["AccountId"] == first
    gone = sf.query(f"SELECT MasterRecordId FROM Account WHERE Id = '{second}'", include_deleted=True)
    assert gone["records"][0]["MasterRecordId"] == first
    sf.Account.delete(first)
    lab.control("salesforce", "POST", "disturb", {"kind": "undelete", "ids": [first]})
    assert sf.Contact.get(contact)["AccountId"] == first
    sf.set_password(lab.credentials("salesforce")["user_id"], "another-password-2")
    assert connect(lab).limits()


def test_an_address_is_shown_as_a_whole_and_written_by_its_columns(lab: Sandboxes) -> None:
    sf = connect(lab)
    key = sf.Account.create({"Name": "Acme", "BillingCity": "Reno", "BillingStreet": "1 Main St"})["id"]
    got = sf.Account.get(key)
    whole = {
        "city": "Reno", "country": None, "geocodeAccuracy": None, "latitude": None, "longitude": None,
        "postalCode": None, "state": None, "street": "1 Main St",
    }  # fmt: skip
    assert (dict(got["BillingAddress"]), got["ShippingAddress"]) == (whole, None)
    found = sf.query(f"SELECT BillingAddress FROM Account WHERE Id = '{key}'")["records"][0]
    assert dict(found["BillingAddress"]) == whole
    fields = {field["name"]: field for field in sf.Account.describe()["fields"]}
    assert fields["BillingAddress"]["type"] == "address"
    assert fields["BillingCity"]["compoundFieldName"] == "BillingAddress"
    assert not fields["BillingAddress"]["filterable"]
    for query in (
        "SELECT Id FROM Account WHERE BillingAddress = 'x'",
        "SELECT Id FROM Account ORDER BY BillingAddress",
        "SELECT COUNT(Id) FROM Account GROUP BY BillingAddress",
    ):
        with pytest.raises(SalesforceMalformedRequest) as refused:
            sf.query(query)
        assert _code(refused) == "INVALID_FIELD"
    with pytest.raises(SalesforceMalformedRequest) as unwritten:
        sf.Account.update(key, {"BillingAddress": {"city": "Elko"}})
    assert _code(unwritten) == "INVALID_FIELD_FOR_INSERT_UPDATE"
    lead = sf.Lead.create({"LastName": "L", "Company": "C", "City": "Elko"})["id"]
    assert sf.Lead.get(lead)["Address"]["city"] == "Elko"
