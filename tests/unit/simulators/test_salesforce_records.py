"""Records one at a time: fields, refusals, external ids, deletion, descriptions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulators.kit.clock import SECOND
from simulators.salesforce.rules.keys import full_id, record_id

from .salesforce_client import ROOT, Crm


def test_a_record_lives() -> None:
    crm = Crm()
    answer = crm.call("POST", "/sobjects/Account/", {"Name": " Acme ", "NumberOfEmployees": 12, "Phone": ""})
    key = answer.json["id"]
    assert answer.json == {"id": key, "success": True, "errors": []}
    assert answer.headers["location"] == f"{ROOT}/sobjects/Account/{key}"
    assert len(key) == 18
    assert key.startswith("001")
    shown = crm.get("Account", key)
    assert shown["attributes"] == {"type": "Account", "url": f"{ROOT}/sobjects/Account/{key}"}
    assert (shown["Name"], shown["NumberOfEmployees"], shown["Phone"]) == ("Acme", 12, None)
    assert shown["CreatedDate"] == shown["SystemModstamp"] == "2026-01-01T09:00:00.000+0000"
    assert shown["IsDeleted"] is False
    crm.clock.time += 90 * SECOND + 5
    answer = crm.change("Account", key[:15], name="Acme Ltd")
    assert (answer.status, answer.body) == (204, b"")
    shown = crm.get("Account", key.lower())
    assert (shown["Name"], shown["LastModifiedDate"]) == ("Acme Ltd", "2026-01-01T09:01:30.000+0000")
    assert crm.call("DELETE", f"/sobjects/Account/{key}").status == 204
    answer = crm.call("GET", f"/sobjects/Account/{key}")
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    for answer in (
        crm.change("Account", key, Name="x"),
        crm.call("DELETE", f"/sobjects/Account/{key}"),
    ):
        assert (answer.status, answer.code) == (404, "ENTITY_IS_DELETED")


def test_fields_narrow_a_reading() -> None:
    crm = Crm()
    key = crm.make("Account", Name="Acme", Industry="Toys")
    answer = crm.call("GET", f"/sobjects/Account/{key}?fields=name,Industry")
    assert set(answer.json) == {"attributes", "Name", "Industry", "Id"}
    assert crm.call("GET", f"/sobjects/Account/{key}?fields=Nme").code == "INVALID_FIELD"


@pytest.mark.parametrize(
    ("kind", "body", "code", "fields"),
    [
        ("Account", {"Phone": "1"}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ("Account", {"Name": ""}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ("Account", {"Name": "A", "Colour": "red"}, "INVALID_FIELD", None),
        ("Account", {"Name": "A" * 256}, "STRING_TOO_LONG", ["Name"]),
        ("Account", {"Name": 5}, "JSON_PARSER_ERROR", None),
        ("Account", {"Name": "A", "NumberOfEmployees": "many"}, "JSON_PARSER_ERROR", None),
        ("Account", {"Name": "A", "NumberOfEmployees": 1.5}, "JSON_PARSER_ERROR", None),
        ("Account", {"Name": "A", "Email__c": "nobody"}, "INVALID_EMAIL_ADDRESS", ["Email__c"]),
        ("Account", {"Name": "A", "CreatedDate": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE",
         ["CreatedDate"]),
        ("Account", {"Name": "A", "CurrencyIsoCode": "XXX"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
         ["CurrencyIsoCode"]),
        ("Contact", {"LastName": "A", "AccountId": "xyz"}, "MALFORMED_ID", ["AccountId"]),
        ("Contact", {"LastName": "A", "AccountId": record_id("003", 1)}, "FIELD_INTEGRITY_EXCEPTION",
         ["AccountId"]),
        ("Contact", {"LastName": "A", "AccountId": record_id("001", 9)}, "INVALID_CROSS_REFERENCE_KEY",
         ["AccountId"]),
        ("Contact", {"LastName": "A", "Account": {"External_Id__c": "none"}}, "INVALID_FIELD", None),
        ("Contact", {"LastName": "A", "Account": {"Name": "none"}}, "INVALID_FIELD", None),
        ("Contact", {"LastName": "A", "Account": {}}, "INVALID_FIELD", ["AccountId"]),
        ("Opportunity", {"Name": "O"}, "REQUIRED_FIELD_MISSING", ["StageName", "CloseDate"]),
        ("Opportunity", {"Name": "O", "StageName": "Dreaming", "CloseDate": "2026-01-01"},
         "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["StageName"]),
        ("Opportunity", {"Name": "O", "StageName": "Prospecting", "CloseDate": "2026-02-30"},
         "JSON_PARSER_ERROR", None),
        ("Opportunity", {"Name": "O", "StageName": "Prospecting", "CloseDate": "2026-02-01",
                         "SBQQ__Ordered__c": "maybe"}, "JSON_PARSER_ERROR", None),
        ("Opportunity", {"Name": "O", "StageName": "Prospecting", "CloseDate": "2026-02-01", "Amount": 1e17},
         "NUMBER_OUTSIDE_VALID_RANGE", ["Amount"]),
        ("User", {"Name": "A"}, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", []),
    ],
)  # fmt: skip
def test_what_cannot_be_created(kind: str, body: dict[str, Any], code: str, fields: list[str] | None) -> None:
    crm = Crm()
    before = len(crm.org.history.changes)
    answer = crm.call("POST", f"/sobjects/{kind}", body)
    assert (answer.status, answer.code) == (400, code)
    assert answer.json[0].get("fields") == fields
    assert len(crm.org.history.changes) == before


def test_bad_bodies_and_bad_paths() -> None:
    crm = Crm()
    key = crm.make("Account", Name="Acme")
    own = {"authorization": f"Bearer {crm.token}"}
    path = f"{ROOT}/sobjects/Account"
    answer = crm.send("POST", path, b"{", own)
    assert (answer.status, answer.code) == (400, "JSON_PARSER_ERROR")
    assert crm.send("POST", path, b"[]", own).code == "JSON_PARSER_ERROR"
    answer = crm.send("POST", path, b"{}", {**own, "content-type": "text/csv"})
    assert (answer.status, answer.code) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert crm.call("POST", "/sobjects/Nothing", {}).code == "NOT_FOUND"
    assert crm.change("Account", key, Id=key).code == "INVALID_FIELD"
    assert crm.change("Account", key, Name=None).code == "REQUIRED_FIELD_MISSING"
    assert crm.change("Account", "short", Name="x").code == "NOT_FOUND"
    assert crm.call("GET", f"/sobjects/Contact/{key}").code == "MALFORMED_ID"
    assert crm.call("GET", f"/sobjects/Account/{record_id('001', 99)}").code == "NOT_FOUND"
    answer = crm.change("Account", record_id("001", 99), Name="x")
    assert (answer.status, answer.code) == (404, "INVALID_CROSS_REFERENCE_KEY")


def test_external_ids_are_unique_whatever_their_case() -> None:
    crm = Crm()
    key = crm.make("Account", Name="Acme", External_Id__c="A-1")
    answer = crm.call("POST", "/sobjects/Account", {"Name": "B", "External_Id__c": "a-1"})
    assert (answer.status, answer.code) == (400, "DUPLICATE_VALUE")
    assert answer.json[0]["message"].endswith(f"record with id: {key[:15]}")
    other = crm.make("Account", Name="B", External_Id__c="A-2")
    assert crm.change("Account", other, External_Id__c="A-1").code == "DUPLICATE_VALUE"
    assert crm.change("Account", key, External_Id__c="a-1").status == 204
    assert crm.call("GET", "/sobjects/Account/External_Id__c/A-1").json["Id"] == key
    assert crm.call("GET", "/sobjects/Account/External_Id__c/none").status == 404
    assert crm.call("GET", "/sobjects/Account/Name/Acme").code == "NOT_FOUND"
    assert crm.call("DELETE", "/sobjects/Account/External_Id__c/A-1").status == 204
    assert crm.change("Account", other, External_Id__c="A-1").status == 204


def test_upsert() -> None:
    crm = Crm()
    path = "/sobjects/Account/External_Id__c/A%201"
    answer = crm.call("PATCH", path, {"Name": "Acme"})
    key = answer.json["id"]
    assert (answer.status, answer.json) == (201, {"id": key, "success": True, "errors": [], "created": True})
    answer = crm.call("PATCH", path, {"Name": "Acme Ltd"})
    assert (answer.status, answer.json["created"], answer.json["id"]) == (200, False, key)
    assert crm.get("Account", key)["External_Id__c"] == "A 1"
    old = f"/services/data/v45.0{path}"
    assert crm.call("PATCH", old, {"Name": "Acme"}).status == 204
    assert crm.call("PATCH", path, {"Name": "x", "external_id__c": "A 1"}).code == "INVALID_FIELD"
    answer = crm.call("PATCH", "/sobjects/Account/External_Id__c/none?updateOnly=true", {"Name": "x"})
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert crm.call("PATCH", "/sobjects/Account/Industry/x", {}).code == "NOT_FOUND"
    assert crm.call("PATCH", f"/sobjects/Account/Id/{key}", {"Name": "by id"}).status == 200


def test_several_matches_are_300_with_their_paths() -> None:
    crm = Crm()
    keys = [crm.make("Account", Name="A", Stripe_Customer__c="cus_1") for _ in range(2)]
    paths = [f"{ROOT}/sobjects/Account/{key}" for key in keys]
    answer = crm.call("PATCH", "/sobjects/Account/Stripe_Customer__c/cus_1", {"Name": "x"})
    assert (answer.status, answer.json) == (300, paths)
    assert crm.call("GET", "/sobjects/Account/Stripe_Customer__c/cus_1").status == 300


def test_a_parent_may_be_named_by_its_external_id() -> None:
    crm = Crm()
    account = crm.make("Account", Name="Acme", External_Id__c="A-1")
    invoice = crm.make(
        "Invoice__c", Invoice_Number__c="INV-1", Account__r={"External_Id__c": "A-1"}, Total__c=1
    )
    assert crm.get("Invoice__c", invoice)["Account__c"] == account
    assert crm.change("Invoice__c", invoice, Account__r=None).status == 204
    assert crm.get("Invoice__c", invoice)["Account__c"] is None


def test_amounts_are_rounded_to_the_currency_of_the_record() -> None:
    crm = Crm()
    for currency, kept in (("EUR", "10.13"), ("JPY", "10"), ("KWD", "10.125")):
        key = crm.make("Invoice__c", Total__c=Decimal("10.125"), CurrencyIsoCode=currency)
        assert crm.get("Invoice__c", key)["Total__c"] == Decimal(kept)
    assert crm.change("Invoice__c", key, CurrencyIsoCode="USD").status == 204
    assert crm.get("Invoice__c", key)["Total__c"] == Decimal("10.13")


def test_a_deletion_takes_along_clears_or_is_forbidden() -> None:
    crm = Crm()
    own = crm.deal()
    assert crm.call("DELETE", f"/sobjects/Product2/{own['product']}").code == "DELETE_FAILED"
    assert crm.call("DELETE", f"/sobjects/SBQQ__Quote__c/{own['quote']}").status == 204
    assert crm.ids("SELECT Id FROM SBQQ__QuoteLine__c") == []
    assert crm.get("Opportunity", own["opportunity"])["SBQQ__PrimaryQuote__c"] is None
    assert crm.call("DELETE", f"/sobjects/Product2/{own['product']}").status == 204
    assert crm.ids("SELECT Id FROM PricebookEntry") == []
    crm.change("Opportunity", own["opportunity"], StageName="Closed Won")
    answer = crm.call("DELETE", f"/sobjects/Account/{own['account']}")
    assert (answer.status, answer.code) == (400, "DELETE_FAILED")
    crm.change("Opportunity", own["opportunity"], StageName="Closed Lost")
    assert crm.call("DELETE", f"/sobjects/Account/{own['account']}").status == 204
    assert crm.call("GET", f"/sobjects/Opportunity/{own['opportunity']}").code == "NOT_FOUND"
    contact = {"LastName": "A", "AccountId": own["account"]}
    answer = crm.call("POST", "/sobjects/Contact", contact)
    assert (answer.status, answer.code) == (400, "ENTITY_IS_DELETED")


def test_descriptions() -> None:
    crm = Crm()
    names = [each["name"] for each in crm.call("GET", "/sobjects").json["sobjects"]]
    assert {"Account", "SBQQ__QuoteLine__c", "Invoice__c"} <= set(names)
    account = crm.call("GET", "/sobjects/account/describe").json
    fields = {field["name"]: field for field in account["fields"]}
    assert fields["External_Id__c"]["externalId"] is fields["External_Id__c"]["unique"] is True
    assert fields["Name"]["nillable"] is False
    ways = {way["relationshipName"]: way["childSObject"] for way in account["childRelationships"]}
    assert ways["Opportunities"] == "Opportunity"
    assert crm.call("GET", "/sobjects/Account").json["objectDescribe"]["keyPrefix"] == "001"


def test_ids_carry_a_checksum() -> None:
    key = record_id("001", 123456789)
    assert full_id(key[:15]) == key
    assert full_id(key.upper()) == full_id(key.lower()) == key
    assert full_id(key[:17] + ("A" if key[17] != "A" else "B")) != key
    assert full_id("001") is None
    assert full_id("0015g00000-000A") is None
    assert full_id("0015g0000000001A!A") is None


def test_a_wrong_method_names_those_that_are_allowed() -> None:
    crm = Crm()
    answer = crm.call("PUT", "/sobjects/Account")
    said = "HTTP Method 'PUT' not allowed. Allowed are GET,HEAD,POST"
    assert (answer.status, answer.json[0]) == (405, {"message": said, "errorCode": "METHOD_NOT_ALLOWED"})
    assert dict(answer.headers)["allow"] == "GET,HEAD,POST"


def test_answers_tell_the_character_set_and_when_a_record_changed() -> None:
    crm = Crm()
    key = crm.make("Account", Name="Acme")
    answer = crm.call("GET", f"/sobjects/Account/{key}")
    headers = dict(answer.headers)
    assert headers["content-type"] == "application/json;charset=UTF-8"
    assert headers["last-modified"] == "Thu, 01 Jan 2026 09:00:00 GMT"
    refused = crm.call("GET", "/sobjects/Nothing__c")
    assert dict(refused.headers)["content-type"] == "application/json;charset=UTF-8"
