"""Several calls in one: references, all or none, collections, batch."""

from __future__ import annotations

from typing import Any

from simulators.salesforce.rules.keys import record_id

from .salesforce_client import ROOT, Answer, Crm


def part(name: str, method: str, url: str, body: Any = None) -> dict[str, Any]:
    return {"referenceId": name, "method": method, "url": ROOT + url, "body": body}


def composite(crm: Crm, *parts: dict[str, Any], all_or_none: bool = False) -> list[Any]:
    answer = crm.call("POST", "/composite", {"allOrNone": all_or_none, "compositeRequest": list(parts)})
    assert answer.status == 200, answer.body
    found = answer.json["compositeResponse"]
    assert [each["referenceId"] for each in found] == [each["referenceId"] for each in parts]
    return list(found)


def statuses(found: list[Any]) -> list[int]:
    return [each["httpStatusCode"] for each in found]


def row(kind: str, **values: Any) -> dict[str, Any]:
    return {"attributes": {"type": kind}, **values}


def codes(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [each["errors"][0]["statusCode"] if each["errors"] else "" for each in answer.json]


def test_parts_refer_to_earlier_ones_and_count_as_one_call() -> None:
    crm = Crm()
    found = composite(
        crm,
        part("acc", "POST", "/sobjects/Account", {"Name": "Acme"}),
        part("con", "POST", "/sobjects/Contact", {"LastName": "Ray", "AccountId": "@{acc.id}"}),
        part("all", "GET", "/query/?q=SELECT+Id,Name+FROM+Contact+WHERE+AccountId='@{acc.id}'"),
        part(
            "chg", "PATCH", "/sobjects/Contact/@{all.records[0].Id}", {"Title": "of @{all.records[0].Name}"}
        ),
        part("col", "POST", "/composite/sobjects", {"records": [row("Account", Name="@{acc.id}")]}),
        part("get", "GET", "/sobjects/Account/@{col[0].id}"),
    )
    assert statuses(found) == [201, 201, 200, 204, 200, 200]
    assert found[0]["httpHeaders"]["Location"].endswith(found[0]["body"]["id"])
    assert found[3]["body"] is None
    assert crm.get("Contact", found[1]["body"]["id"])["Title"] == "of Ray"
    assert found[5]["body"]["Name"] == found[0]["body"]["id"]
    assert crm.call("GET", "/limits").headers["sforce-limit-info"] == "api-usage=3/101000"


def test_without_all_or_none_the_rest_stands_and_dependents_are_halted() -> None:
    crm = Crm()
    found = composite(
        crm,
        part("bad", "POST", "/sobjects/Account", {}),
        part("dep", "POST", "/sobjects/Contact", {"LastName": "Ray", "AccountId": "@{bad.id}"}),
        part("good", "POST", "/sobjects/Account", {"Name": "Good"}),
        part("typo", "POST", "/sobjects/Account", {"Name": "@{good.nothing}"}),
        part("path", "GET", "/nowhere/at/all"),
        part("verb", "PUT", "/limits"),
    )
    assert statuses(found) == [400, 400, 201, 400, 404, 405]
    assert found[0]["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert found[1]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert found[3]["body"][0]["message"].startswith("Invalid reference specified.")
    assert crm.ids("SELECT Name FROM Account") == ["Good"]


def test_all_or_none_takes_everything_back() -> None:
    crm = Crm()
    kept = crm.make("Account", Name="Kept", External_Id__c="K")
    before = len(crm.org.history.changes)
    found = composite(
        crm,
        part("new", "POST", "/sobjects/Account", {"Name": "New", "External_Id__c": "N"}),
        part("chg", "PATCH", f"/sobjects/Account/{kept}", {"External_Id__c": "K2", "Name": "Changed"}),
        part("del", "DELETE", "/sobjects/Account/@{new.id}"),
        part("bad", "POST", "/sobjects/Account", {"Name": "B", "External_Id__c": "k2"}),
        part("nxt", "POST", "/sobjects/Account", {"Name": "Next"}),
        all_or_none=True,
    )
    assert statuses(found) == [400] * 5
    errors = [each["body"][0]["errorCode"] for each in found]
    assert errors == ["PROCESSING_HALTED"] * 3 + ["DUPLICATE_VALUE", "PROCESSING_HALTED"]
    assert len(crm.org.history.changes) == before
    assert crm.ids("SELECT Name FROM Account") == ["Kept"]
    assert crm.ids("SELECT Name FROM Account WHERE External_Id__c = 'K'") == ["Kept"]
    assert crm.ids("SELECT Name FROM Account WHERE External_Id__c IN ('K2', 'N')") == []
    assert crm.query("SELECT COUNT() FROM Account", "/queryAll").json["totalSize"] == 1
    assert crm.make("Account", Name="N", External_Id__c="N")


def test_all_or_none_that_succeeds() -> None:
    crm = Crm()
    found = composite(
        crm,
        part("a", "PATCH", "/sobjects/Account/External_Id__c/A-1", {"Name": "Acme"}),
        part("b", "PATCH", "/sobjects/Invoice__c/Invoice_Number__c/INV-1", {"Account__c": "@{a.id}"}),
        all_or_none=True,
    )
    assert statuses(found) == [201, 201]
    assert len(crm.ids("SELECT Id FROM Invoice__c WHERE Account__r.External_Id__c = 'A-1'")) == 1


def test_refused_envelopes() -> None:
    crm = Crm()
    one = part("a", "GET", "/limits")
    for body, code in (
        ({"compositeRequest": [one, one]}, "INVALID_INPUT"),
        ({"compositeRequest": []}, "LIMIT_EXCEEDED"),
        ({"compositeRequest": [{**one, "referenceId": f"r{i}"} for i in range(26)]}, "LIMIT_EXCEEDED"),
        ({}, "JSON_PARSER_ERROR"),
        ({"compositeRequest": [one], "extra": 1}, "JSON_PARSER_ERROR"),
    ):
        answer = crm.call("POST", "/composite", body)
        assert (answer.status, answer.code) == (400, code)
    assert crm.call("POST", "/composite/batch", {"batchRequests": []}).code == "LIMIT_EXCEEDED"


def test_collections_answer_row_by_row() -> None:
    crm = Crm()
    answer = crm.call(
        "POST",
        "/composite/sobjects",
        {
            "records": [
                row("Account", Name="A"),
                row("Account"),
                row("Nothing"),
                {"Name": "x"},
                row("Contact", LastName="C"),
            ]
        },
    )
    assert codes(answer) == ["", "REQUIRED_FIELD_MISSING", "INVALID_TYPE", "INVALID_TYPE", ""]
    assert answer.json[1] == {
        "success": False,
        "errors": [
            {
                "statusCode": "REQUIRED_FIELD_MISSING",
                "message": "Required fields are missing: [Name]",
                "fields": ["Name"],
            }
        ],
    }
    account, contact = answer.json[0]["id"], answer.json[4]["id"]
    answer = crm.call(
        "PATCH",
        "/composite/sobjects",
        {
            "records": [
                row("Account", id=account, Name="A2"),
                row("Account", Id="bad", Name="A3"),
                row("Account", Name="A4"),
                row("Contact", id=record_id("003", 99), LastName="C2"),
                row("Contact", id=contact, AccountId=account),
            ]
        },
    )
    assert codes(answer) == ["", "MALFORMED_ID", "MISSING_ARGUMENT", "INVALID_CROSS_REFERENCE_KEY", ""]
    answer = crm.call("DELETE", f"/composite/sobjects?ids={account},{contact},zzz&allOrNone=false")
    # The contact went with its account.
    assert codes(answer) == ["", "ENTITY_IS_DELETED", "MALFORMED_ID"]
    assert crm.call("DELETE", "/composite/sobjects").code == "MISSING_ARGUMENT"


def test_collections_all_or_none() -> None:
    crm = Crm()
    before = len(crm.org.history.changes)
    rows = [row("Account", Name="A", External_Id__c="A"), row("Account"), row("Account", Name="C")]
    answer = crm.call("POST", "/composite/sobjects", {"allOrNone": True, "records": rows})
    rolled = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert codes(answer) == [rolled, "REQUIRED_FIELD_MISSING", rolled]
    assert len(crm.org.history.changes) == before
    assert crm.ids("SELECT Id FROM Account") == []
    rows[1] = row("Account", Name="B")
    assert codes(crm.call("POST", "/composite/sobjects", {"allOrNone": True, "records": rows})) == [""] * 3


def test_collection_upsert() -> None:
    crm = Crm()
    crm.make("Account", Name="A", External_Id__c="A-1")
    records = [
        row("Account", External_Id__c="A-1", Name="A2"),
        row("Account", External_Id__c="A-2", Name="B"),
        row("Account", External_Id__c="A-3"),
        row("Account", Name="no key"),
        row("Contact", External_Id__c="A-4", LastName="C"),
    ]
    answer = crm.call("PATCH", "/composite/sobjects/Account/External_Id__c", {"records": records})
    assert codes(answer) == ["", "", "REQUIRED_FIELD_MISSING", "MISSING_ARGUMENT", "INVALID_TYPE"]
    assert [each.get("created") for each in answer.json[:2]] == [False, True]
    assert crm.call("PATCH", "/composite/sobjects/Account/Name", {"records": records}).status == 404


def test_two_hundred_records_at_most() -> None:
    crm = Crm()
    rows = [row("Account", Name="A")] * 201
    for method, path, body in (
        ("POST", "/composite/sobjects", {"records": rows}),
        ("PATCH", "/composite/sobjects", {"records": rows}),
        ("DELETE", "/composite/sobjects?ids=" + ",".join(["001"] * 201), None),
    ):
        answer = crm.call(method, path, body)
        assert (answer.status, answer.code) == (400, "EXCEEDED_ID_LIMIT")


def test_batch() -> None:
    crm = Crm()
    parts = [
        {"method": "POST", "url": "v62.0/sobjects/Account", "richInput": {"Name": "A"}},
        {"method": "GET", "url": "v62.0/sobjects/Nothing"},
        {"method": "GET", "url": f"{ROOT}/limits"},
    ]
    answer = crm.call("POST", "/composite/batch", {"batchRequests": parts}).json
    assert answer["hasErrors"] is True
    assert [each["statusCode"] for each in answer["results"]] == [201, 404, 200]
    answer = crm.call("POST", "/composite/batch", {"haltOnError": True, "batchRequests": parts}).json
    assert [each["statusCode"] for each in answer["results"]] == [201, 404, 412]
    assert answer["results"][2]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"
