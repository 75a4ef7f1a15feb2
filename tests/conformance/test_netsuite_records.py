"""The record service: shapes, addressing, sublists, filters, refusals, batches, metadata."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance.netsuite_lab import TODAY, Raw, refused

SINGULAR = "application/vnd.oracle.resource+json; type=singular"


@pytest.fixture
def raw(lab: Sandboxes) -> Raw:
    return Raw(lab)


def test_create_has_no_body_and_a_location(raw: Raw) -> None:
    answer = raw.call("POST", "customer", json={"companyName": "Acme", "subsidiary": {"id": "1"}})
    assert (answer.status_code, answer.content) == (204, b"")
    shown = raw.http.get(answer.headers["location"])
    assert shown.headers["content-type"] == SINGULAR
    value = shown.json()
    assert value["links"] == [{"rel": "self", "href": answer.headers["location"]}]
    assert value["subsidiary"]["links"][0]["href"].endswith("/subsidiary/1")
    assert value["currency"]["refName"] == "USD"
    assert value["balance"] == 0


def test_fields_that_no_rule_knows_are_kept_and_shown(raw: Raw) -> None:
    body = {
        "companyName": "Acme", "subsidiary": {"id": "1"}, "fax": "1", "creditLimit": 5000.5, "taxable": True,
        "salesRep": None, "startDate": "2026-01-01", "emailPreference": {"id": "PDF"},
        "custentity_crm": "001x", "reminderDays": 7, "parent": {"id": raw.customer()},
        "addressBook": {
            "items": [{"defaultBilling": True, "addressBookAddress": {"addr1": "1 Road", "city": "Troy"}}]
        },
    }  # fmt: skip
    key = raw.make("customer", body)
    shown = raw.get(f"customer/{key}", expandSubResources="true")
    for name in ("fax", "creditLimit", "taxable", "startDate", "custentity_crm", "reminderDays"):
        assert shown[name] == body[name], name
    assert shown["emailPreference"] == {"id": "PDF", "refName": "PDF"}
    assert shown["parent"]["links"][0]["href"].endswith(f"/customer/{body['parent']['id']}")
    assert shown["addressBook"]["items"][0]["addressBookAddress"]["city"] == "Troy"
    assert raw.get(f"customer/{key}")["addressBook"]["links"][0]["href"].endswith(f"{key}/addressBook")
    assert raw.get(f"customer/{key}", simpleEnumFormat="true")["emailPreference"] == "PDF"
    assert raw.call("PATCH", f"customer/{key}", json={"fax": None}).status_code == 204
    assert "fax" not in raw.get(f"customer/{key}")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"creditLimit": "much"}, "creditLimit"),
        ({"taxable": "perhaps"}, "taxable"),
        ({"startDate": "1/1/2026"}, "startDate"),
        ({"parent": {"id": "99999"}}, "parent"),
        ({"subsidiary": {"id": "77"}}, "subsidiary"),
        ({"currency": {"id": "77"}}, "currency"),
        ({"terms": {"id": "77"}}, "terms"),
    ],
)
def test_wrong_values_carry_their_path(raw: Raw, value: dict[str, Any], path: str) -> None:
    body = {"companyName": "Acme", "subsidiary": {"id": "1"}, **value}
    answer = raw.call("POST", "customer", json=body)
    assert refused(answer)[:2] == (400, "INVALID_CONTENT")
    assert answer.json()["o:errorDetails"][0]["o:errorPath"] == path


def test_an_unknown_item_of_a_line_is_named_as_the_help_shows_it(raw: Raw) -> None:
    body = {"entity": {"id": raw.customer()}, "item": {"items": [{"item": {"id": 9999}, "amount": 1}]}}
    answer = raw.call("POST", "salesOrder", json=body)
    status, code, detail = refused(answer)
    assert (status, code) == (400, "INVALID_CONTENT")
    assert "You have entered an Invalid Field Value 9999 for the following field: item" in detail
    assert answer.json()["o:errorDetails"][0]["o:errorPath"] == "item.items[0].item"


@pytest.mark.parametrize(
    ("kind", "body", "label"),
    [
        ("customer", {"subsidiary": {"id": "1"}}, "Company Name"),
        ("customer", {"companyName": "X"}, "Subsidiary"),
        ("invoice", {}, "Customer"),
        ("customerPayment", {}, "Customer"),
        ("journalEntry", {}, "Subsidiary"),
        ("serviceSaleItem", {}, "Item Name/Number"),
        ("currencyRate", {}, "Exchange Rate"),
        ("deposit", {}, "Account"),
        ("department", {}, "Name"),
    ],
)
def test_mandatory_fields(raw: Raw, kind: str, body: dict[str, Any], label: str) -> None:
    status, code, detail = refused(raw.call("POST", kind, json=body))
    assert (status, code) == (400, "USER_ERROR")
    assert "Please enter value(s) for:" in detail
    assert label in detail


def test_names_and_external_ids_do_not_repeat(raw: Raw) -> None:
    body = {"companyName": "Acme", "subsidiary": {"id": "1"}, "externalId": "X", "entityId": "ACME"}
    raw.make("customer", body)
    for other in ({**body, "entityId": "OTHER"}, {**body, "externalId": "Y"}):
        assert refused(raw.call("POST", "customer", json=other))[1:] == (
            "USER_ERROR", "Error while accessing a resource. This entity already exists.",
        )  # fmt: skip
    customer = raw.customer()
    raw.invoice(customer, 1, tranId="INV-7", externalId="E")
    for name, value in (("tranId", "INV-7"), ("externalId", "E")):
        with pytest.raises(AssertionError, match="already exists"):
            raw.invoice(customer, 1, **{name: value})


def test_validation_headers(raw: Raw) -> None:
    body = {"companyName": "Acme", "subsidiary": {"id": "1"}, "colour": "red"}
    name = "X-NetSuite-PropertyNameValidation"
    assert raw.call("POST", "customer", json=body).status_code == 204
    assert raw.call("POST", "customer", json=body, headers={name: "Ignore"}).status_code == 204
    answer = raw.call("POST", "customer", json=body, headers={name: "Error"})
    assert answer.json()["o:errorDetails"][0]["o:errorPath"] == "colour"
    bad = raw.call("POST", "customer", json=body, headers={name: "Perhaps"})
    assert bad.json()["o:errorDetails"][0]["o:errorHeader"] == name
    wrong = {**body, "creditLimit": "much"}
    values = "X-NetSuite-PropertyValueValidation"
    assert raw.call("POST", "customer", json=wrong).status_code == 400
    assert raw.call("POST", "customer", json=wrong, headers={values: "Warning"}).status_code == 204


def test_addresses_that_are_not_there(raw: Raw) -> None:
    assert refused(raw.call("GET", "customer/99999"))[:2] == (404, "NONEXISTENT_ID")
    assert refused(raw.call("PATCH", "invoice/eid:none", json={}))[:2] == (404, "NONEXISTENT_ID")
    assert refused(raw.call("DELETE", "invoice/12"))[:2] == (404, "NONEXISTENT_ID")
    invoice = raw.invoice(raw.customer(), 1)
    assert refused(raw.call("GET", f"salesOrder/{invoice}")) == (
        400, "USER_ERROR", "Error while accessing a resource. Transaction type specified is incorrect.",
    )  # fmt: skip
    assert refused(raw.call("GET", "unicorn"))[0] == 404
    assert refused(raw.call("GET", "/services/rest/nowhere"))[0] == 404
    assert refused(raw.call("POST", "customer/1", json={}))[:2] == (405, "METHOD_NOT_ALLOWED")
    assert refused(raw.call("GET", "/services/rest/query/v1/suiteql"))[0] == 405


def test_types_are_named_in_any_case(raw: Raw) -> None:
    key = raw.customer()
    assert raw.get(f"Customer/{key}")["links"][0]["href"].endswith(f"/customer/{key}")
    assert raw.get("accountingperiod", limit=1)["count"] == 1


def test_bodies_that_are_none(raw: Raw) -> None:
    plain = raw.call("POST", "customer", content="a=b", headers={"content-type": "text/plain"})
    assert refused(plain)[0] == 415
    for content in ("{", "[1]", "7", ""):
        answer = raw.call("POST", "customer", content=content, headers={"content-type": "application/json"})
        assert refused(answer)[:2] == (400, "INVALID_CONTENT")


def test_chosen_fields_and_expanded_sublists(raw: Raw) -> None:
    key = raw.invoice(raw.customer(), 10, 20)
    assert set(raw.get(f"invoice/{key}", fields="tranId,total")) == {"links", "id", "tranId", "total"}
    assert refused(raw.call("GET", f"invoice/{key}", params={"fields": "colour"}))[1] == "INVALID_PARAMETER"
    assert set(raw.get(f"invoice/{key}")["item"]) == {"links"}
    page = raw.get(f"invoice/{key}/item", limit=1, offset=1)
    assert (page["count"], page["totalResults"], page["items"][0]["amount"]) == (1, 2, 20.0)
    full = raw.get(f"invoice/{key}", expandSubResources="true")["item"]
    assert (full["totalResults"], full["items"][1]["amount"], full["items"][1]["line"]) == (2, 20.0, 2)


def test_sublists_have_addresses_of_their_own(raw: Raw) -> None:
    key = raw.invoice(raw.customer(), 10)
    assert raw.get(f"invoice/{key}/item")["totalResults"] == 1
    assert raw.get(f"invoice/{key}/item/1")["amount"] == 10.0
    assert raw.call("PATCH", f"invoice/{key}/item/1", json={"quantity": 3}).status_code == 204
    added = raw.call("POST", f"invoice/{key}/item", json={"item": raw.item(), "amount": 5})
    assert (added.status_code, added.headers["location"].endswith("/item/2")) == (204, True)
    assert raw.get(f"invoice/{key}")["total"] == 35.0
    assert refused(raw.call("GET", f"invoice/{key}/item/9"))[:2] == (404, "NONEXISTENT_ID")
    assert refused(raw.call("DELETE", f"invoice/{key}/item/1"))[0] == 405
    assert raw.get(f"invoice/{key}/entity")["id"] == raw.get(f"invoice/{key}")["entity"]["id"]
    replaced = raw.call(
        "PATCH",
        f"invoice/{key}",
        params={"replace": "item"},
        json={"item": {"items": [{"line": 2, "amount": 7}]}},
    )
    assert replaced.status_code == 204
    assert raw.get(f"invoice/{key}")["total"] == 7.0
    emptied = raw.call("PATCH", f"invoice/{key}", params={"replace": "item"}, json={"item": {"items": []}})
    assert refused(emptied)[0] == 400


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ('externalId IS "C-1"', [1]),
        ("externalId IS 'c-1'", [1]),
        ('externalId IS_NOT "C-1"', [2, 3]),
        ('companyName CONTAIN "o"', [2]),
        ('companyName CONTAIN_NOT "o"', [1, 3]),
        ('companyName START_WITH "tw" OR companyName START_WITH "three"', [2, 3]),
        ('companyName ENDWITH "ee"', [3]),
        ('companyName END_WITH_NOT "ee"', [1, 2]),
        ("email EMPTY", [2, 3]),
        ("email EMPTY_NOT", [1]),
        ("isInactive IS true", [3]),
        ("isInactive IS_NOT true", [1, 2]),
        ("creditLimit GREATER 10", [2]),
        ("creditLimit LESS_OR_EQUAL 10", [1]),
        ("creditLimit GREATER_NOT 10", [1]),
        ("creditLimit BETWEEN [1, 15]", [1]),
        ("creditLimit EQUAL 20 AND (email EMPTY OR email EMPTY_NOT)", [2]),
        ('dateCreated ON_OR_AFTER "1/1/2020"', [1, 2, 3]),
        ('dateCreated BEFORE "2020-01-01"', []),
        ("subsidiary ANY_OF [1]", [1, 2, 3]),
        ("currency ANY_OF [4, 5]", [2]),
        ("custentity_x IS 5", [2]),
        ("NOT_A_FIELD IS 1", None),
        ("companyName GREATER 1", None),
        ("creditLimit CONTAIN 1", None),
        ("isInactive CONTAIN t", None),
        ("dateCreated IS today", None),
        ("creditLimit GREATER many", None),
        ("companyName", None),
    ],
)
def test_filters(raw: Raw, q: str, found: list[int] | None) -> None:
    common = {"subsidiary": {"id": "1"}}
    bodies: list[dict[str, Any]] = [
        {"companyName": "One (Ltd)", "email": "a@b.c", "creditLimit": 10, "externalId": "C-1"},
        {
            "companyName": "Two",
            "creditLimit": 20,
            "currency": {"id": "4"},
            "custentity_x": "5",
            "externalId": "C-2",
        },
        {"companyName": "Three", "isInactive": True, "externalId": "C-3"},
    ]
    bodies[0]["companyName"] = "Unit"
    keys = [raw.make("customer", {**common, **body}) for body in bodies]
    answer = raw.call("GET", "customer", params={"q": q})
    if found is None:
        assert refused(answer)[:2] == (400, "INVALID_PARAMETER")
        assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == "q"
    else:
        assert answer.status_code == 200, answer.text
        assert [each["id"] for each in answer.json()["items"]] == [keys[i - 1] for i in found]


def test_collections_page(raw: Raw) -> None:
    keys = [raw.customer() for _ in range(5)]
    page = raw.call("GET", "customer", params={"limit": 2, "offset": 2})
    assert page.headers["content-type"] == "application/vnd.oracle.resource+json; type=collection"
    value = page.json()
    assert [each["id"] for each in value["items"]] == keys[2:4]
    assert set(value["items"][0]) == {"links", "id"}
    assert (value["count"], value["hasMore"], value["offset"], value["totalResults"]) == (2, True, 2, 5)
    following = next(each["href"] for each in value["links"] if each["rel"] == "next")
    assert [each["id"] for each in raw.http.get(following).json()["items"]] == keys[4:]
    for wrong, name in (
        ({"limit": 3, "offset": 1}, "offset"),
        ({"limit": 1001}, "limit"),
        ({"limit": "x"}, "limit"),
    ):
        answer = raw.call("GET", "customer", params=wrong)
        assert refused(answer)[1] == "INVALID_PARAMETER"
        assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == name
    some = raw.get("customer", ids=f"{keys[0]},{keys[3]}", expandRecords="true")
    assert [each["companyName"] for each in some["items"]] == ["Customer 0", "Customer 3"]


def finished(lab: Sandboxes, raw: Raw, taken: Any) -> list[Any]:
    assert taken.status_code == 202, taken.text
    place = taken.headers["location"]
    lab.control("netsuite", "POST", "clock", {"advance": 1_000_000})
    assert raw.call("GET", place).json()["completed"] is True
    tasks = raw.call("GET", f"{place}/task").json()["items"]
    return [raw.call("GET", f"{place}/task/{each['id']}/result") for each in tasks]


def test_batches(lab: Sandboxes, raw: Raw) -> None:
    headers = {
        "Prefer": "respond-async",
        "Content-Type": "application/vnd.oracle.resource+json; type=collection",
    }
    bodies = [{"companyName": f"B{i}", "subsidiary": {"id": "1"}, "externalId": f"B-{i}"} for i in range(3)]
    bodies.append({"companyName": "B4"})
    made = finished(lab, raw, raw.call("POST", "customer", json={"items": bodies}, headers=headers))
    assert [each.status_code for each in made] == [204, 204, 204, 400]
    keys = [each.headers["location"].rsplit("/", 1)[1] for each in made[:3]]
    changes = {"items": [{"id": key, "phone": "1"} for key in keys]}
    changed = finished(lab, raw, raw.call("PATCH", "customer", json=changes, headers=headers))
    assert [each.status_code for each in changed] == [204] * 3
    upserts = {
        "items": [
            {"externalId": "B-0", "phone": "2"},
            {**bodies[0], "externalId": "B-9", "companyName": "New"},
        ]
    }
    assert len(finished(lab, raw, raw.call("PUT", "customer", json=upserts, headers=headers))) == 2
    assert raw.get("customer/eid:B-0")["phone"] == "2"
    gone = raw.call(
        "DELETE", "customer", params={"ids": f"{keys[1]},eid:B-9"}, headers={"Prefer": "respond-async"}
    )
    assert [each.status_code for each in finished(lab, raw, gone)] == [204, 204]
    assert raw.get("customer")["totalResults"] == 2
    many = {"items": [{"companyName": str(i)} for i in range(101)]}
    assert refused(raw.call("POST", "customer", json=many, headers=headers))[0] == 400
    sync = {"Content-Type": headers["Content-Type"]}
    assert refused(raw.call("POST", "customer", json={"items": bodies}, headers=sync))[0] == 400
    assert refused(raw.call("PATCH", "customer", json={"items": bodies}))[0] == 400


def test_idempotency_keys(lab: Sandboxes, raw: Raw) -> None:
    body = {"companyName": "Once", "subsidiary": {"id": "1"}}
    headers = {"Prefer": "respond-async", "X-NetSuite-Idempotency-Key": str(uuid.UUID(int=7))}
    first = raw.call("POST", "customer", json=body, headers=headers)
    again = raw.call("POST", "customer", json=body, headers=headers)
    assert refused(again)[:2] == (400, "IDEMPOTENCY_ERROR")
    assert (again.json()["title"], again.headers["location"]) == ("Conflict", first.headers["location"])
    finished(lab, raw, first)
    assert raw.get("customer")["totalResults"] == 1
    odd = raw.call("POST", "customer", json=body, headers={**headers, "X-NetSuite-Idempotency-Key": "seven"})
    assert refused(odd)[1] == "INVALID_HEADER"
    sync = {"X-NetSuite-Idempotency-Key": headers["X-NetSuite-Idempotency-Key"]}
    for name in ("A", "B"):
        assert (
            raw.call("POST", "customer", json={**body, "companyName": name}, headers=sync).status_code == 204
        )
    assert refused(raw.call("GET", "/services/rest/async/v1/job/999"))[0] == 404


def test_a_failing_job_tells_its_refusal(lab: Sandboxes, raw: Raw) -> None:
    taken = raw.call("POST", "invoice", json={}, headers={"Prefer": "respond-async"})
    (result,) = finished(lab, raw, taken)
    assert refused(result)[:2] == (400, "USER_ERROR")
    assert raw.call("GET", taken.headers["location"]).json()["progress"] == "failed"


def test_the_metadata_catalogue(raw: Raw) -> None:
    listed = raw.get("metadata-catalog")
    names = {each["name"] for each in listed["items"]}
    assert {
        "customer", "salesOrder", "invoice", "customerPayment", "creditMemo", "customerRefund",
        "customerDeposit", "depositApplication", "deposit", "journalEntry", "cashSale", "currencyRate",
        "billingRevenueEvent", "revRecSchedule", "revRecTemplate", "accountingPeriod",
    } <= names  # fmt: skip
    assert not names & {"revenueArrangement", "revenueElement", "revenuePlan"}
    types = {each.get("mediaType") for each in listed["items"][0]["links"]}
    assert {"application/swagger+json", "application/schema+json"} <= types
    schema = raw.call("GET", "metadata-catalog/invoice", headers={"Accept": "application/schema+json"})
    assert schema.headers["content-type"].startswith("application/schema+json")
    lines = schema.json()["properties"]["item"]["properties"]["items"]["items"]["properties"]
    assert lines["quantity"]["type"] == "number"
    chosen = raw.call(
        "GET", "metadata-catalog?select=invoice", headers={"Accept": "application/swagger+json"}
    )
    assert list(chosen.json()["components"]["schemas"]) == ["invoice"]
    assert "/invoice/{id}/item" in chosen.json()["paths"]
    assert refused(raw.call("GET", "metadata-catalog/unicorn"))[0] == 404
    assert refused(raw.call("GET", "metadata-catalog?select=unicorn"))[0] == 400


def test_what_the_schema_calls_filterable_can_be_filtered_by_and_nothing_else(raw: Raw) -> None:
    for kind in ("invoice", "customer", "journalEntry"):
        schema = raw.call("GET", f"metadata-catalog/{kind}", headers={"Accept": "application/schema+json"})
        for name, told in schema.json()["properties"].items():
            if name in ("id", "links"):
                continue
            answer = raw.call("GET", kind, params={"q": f"{name} EMPTY"})
            assert (answer.status_code == 200) == told.get("x-ns-filterable", False), (kind, name)


def test_a_status_is_known_by_its_letter_its_type_and_its_name(raw: Raw) -> None:
    customer = raw.customer()
    paid, left = raw.invoice(customer, 5), raw.invoice(customer, 7)
    line = {"doc": {"id": paid}, "apply": True, "amount": 5}
    raw.make("customerPayment", {"customer": {"id": customer}, "payment": 5, "apply": {"items": [line]}})

    def ids(q: str) -> list[str]:
        return [each["id"] for each in raw.get("invoice", q=q)["items"]]

    for q in (
        'status IS "A"',
        'status IS "open"',
        'status ANY_OF ["CustInvc:A"]',
        'status IS_NOT "Paid In Full"',
    ):
        assert ids(q) == [left], q
    assert ids("status EMPTY_NOT") == [paid, left]


def test_lists_are_kept(raw: Raw) -> None:
    for kind, body, changed in (
        ("department", {"name": "Ops"}, {"name": "Operations"}),
        ("classification", {"name": "Usage", "parent": {"id": "1"}}, {"isInactive": True}),
        ("location", {"name": "Berlin"}, {"tranPrefix": "B"}),
        ("term", {"name": "Net 90", "daysUntilNetDue": 90}, {"daysUntilNetDue": 91}),
        ("paymentMethod", {"name": "SEPA"}, {"name": "SEPA Direct Debit"}),
        ("employee", {"firstName": "A", "lastName": "B", "subsidiary": {"id": "1"}}, {"email": "a@b.c"}),
        ("vendor", {"companyName": "V", "subsidiary": {"id": "1"}}, {"phone": "1"}),
        ("contact", {"firstName": "C", "lastName": "D", "subsidiary": {"id": "1"}}, {"email": "c@d.e"}),
        (
            "subsidiary",
            {"name": "Tieout GmbH", "currency": {"id": "4"}, "parent": {"id": "1"}},
            {"legalName": "T"},
        ),
        ("currency", {"name": "Thai Baht", "symbol": "THB", "exchangeRate": 0.03}, {"exchangeRate": 0.028}),
        (
            "account",
            {"acctName": "Petty Cash", "acctNumber": "1090", "acctType": {"id": "Bank"}},
            {"acctName": "Cash"},
        ),
        ("revRecTemplate", {"name": "Straight line", "amortizationPeriod": 12}, {"amortizationPeriod": 24}),
        (
            "billingRevenueEvent",
            {"eventType": {"id": "1"}, "eventDate": TODAY, "quantity": 1},
            {"quantity": 2},
        ),
    ):
        key = raw.make(kind, {**body, "externalId": f"X-{kind}"})
        assert raw.get(f"{kind}/eid:X-{kind}")["id"] == key
        assert raw.call("PATCH", f"{kind}/{key}", json=changed).status_code == 204
        shown = raw.get(f"{kind}/{key}")
        for name, value in changed.items():
            assert shown[name] == value, (kind, name)
        assert key in [each["id"] for each in raw.get(kind)["items"]]
        assert raw.call("DELETE", f"{kind}/{key}").status_code == 204, kind
        assert raw.call("GET", f"{kind}/{key}").status_code == 404


def test_contacts_are_attached(raw: Raw) -> None:
    customer = raw.customer()
    contact = raw.make("contact", {"firstName": "C", "lastName": "D", "subsidiary": {"id": "1"}})
    assert raw.call("POST", f"customer/{customer}/!attach/contact/{contact}").status_code == 204
    assert raw.get(f"contact/{contact}")["company"]["id"] == customer
    assert raw.call("POST", f"customer/{customer}/!detach/contact/{contact}").status_code == 204
    assert "company" not in raw.get(f"contact/{contact}")


def test_governance(raw: Raw) -> None:
    assert raw.call("GET", "/services/rest/system/v1/serverTime").json()["serverTime"].startswith(TODAY[:8])
    limits = raw.call("GET", "/services/rest/system/v1/governanceLimits").json()
    assert limits["accountConcurrencyLimit"] == 15


def test_concurrency_is_told_as_a_bad_request(lab: Sandboxes, raw: Raw) -> None:
    lab.control("netsuite", "POST", "faults", {"kind": "throttled", "operation": "list", "count": 1})
    answer = raw.call("GET", "customer")
    assert refused(answer) == (
        429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked.",
    )  # fmt: skip
    assert answer.json()["title"] == "Bad Request"
    assert raw.call("GET", "customer").status_code == 200
