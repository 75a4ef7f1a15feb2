"""Records, property names, references, sublists, collections."""

import pytest

from .netsuite_client import RECORD, Client, credit_memo, invoice, payment


@pytest.fixture
def erp() -> Client:
    return Client().sign_in().stock()


def test_create_gives_204_and_a_location_that_can_be_read(erp):
    made = erp.post("customer", {"companyName": "Beta", "subsidiary": {"id": "1"}, "custentity_tier": "gold"})
    assert made.status == 204
    assert made.body == b""
    shown = erp.get("customer", made.new_id)
    assert (shown["companyName"], shown["custentity_tier"]) == ("Beta", "gold")
    assert shown["currency"]["refName"] == "USD"
    assert shown["links"][0]["href"] == made.headers["location"]


def test_read_by_external_id_equals_read_by_internal_id(erp):
    by_external = erp.get("customer", "eid:ACC-1")
    assert by_external == erp.get("customer", by_external["id"])
    assert by_external["externalId"] == "ACC-1"


def test_mandatory_fields_are_named(erp):
    code, detail = erp.post("customer", {"email": "a@b.c"}).error
    assert (code, detail.endswith("Please enter value(s) for: Company Name, Primary Subsidiary")) == (
        "USER_ERROR",
        True,
    )


@pytest.mark.parametrize("kind", ["customer", "invoice", "creditMemo", "customerPayment", "revRecSchedule"])
def test_external_ids_are_unique_per_type(erp, kind):
    bodies = {
        "customer": {"companyName": "X", "subsidiary": {"id": "1"}},
        "invoice": invoice(),
        "creditMemo": credit_memo(),
        "customerPayment": payment(5),
        "revRecSchedule": {
            "sourceDoc": "INV-1", "startDate": "2026-01-01", "endDate": "2026-12-31", "amount": 12,
            "currency": {"refName": "EUR"},
        },
    }  # fmt: skip
    body = {**bodies[kind], "externalId": "SAME"}
    assert erp.post(kind, body).status == 204
    again = erp.post(kind, body)
    assert again.status == 400
    assert again.error[0] == "USER_ERROR"
    assert "already exists" in again.error[1]


def test_unknown_property_is_refused_warned_of_or_ignored(erp):
    body = {**invoice(), "item": {"items": [{"item": {"externalId": "PLAN"}, "amount": 1, "colour": "red"}]}}
    name = "X-NetSuite-PropertyNameValidation"
    refused = erp.call("POST", f"{RECORD}/invoice", body, **{name: "Error"})
    entry = refused.json["o:errorDetails"][0]
    assert (refused.status, entry["o:errorCode"], entry["o:errorPath"]) == (
        400,
        "INVALID_CONTENT",
        "item.items[0].colour",
    )
    warned = erp.post("invoice", body)
    assert warned.status == 204
    assert "colour" in warned.headers["warning"]
    ignored = erp.call("POST", f"{RECORD}/invoice", body, **{name: "ignore"})
    assert (ignored.status, "warning" in ignored.headers) == (204, False)
    odd = erp.call("POST", f"{RECORD}/invoice", body, **{name: "maybe"})
    assert odd.error[0] == "INVALID_HEADER"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"tranDate": "10.03.2026"}, "tranDate"),
        ({"item": {"items": [{"item": {"externalId": "PLAN"}, "amount": "many"}]}}, "item.items[0].amount"),
        ({"item": {"items": [{"amount": 5}]}}, "item.items[0].item"),
        ({"entity": {}}, "entity"),
    ],
)
def test_wrong_values_are_named_by_path(erp, change, path):
    refused = erp.post("invoice", {**invoice(), **change})
    entry = refused.json["o:errorDetails"][0]
    if path == "entity":
        assert entry["o:errorCode"] == "USER_ERROR"
        assert "Customer" in entry["detail"]
    else:
        assert (entry["o:errorCode"], entry["o:errorPath"]) == ("INVALID_CONTENT", path)


@pytest.mark.parametrize("body", [b"{", b"[]", b"7"])
def test_a_body_that_is_no_object_is_refused(erp, body):
    assert erp.call("POST", f"{RECORD}/customer", raw=body).error[0] == "INVALID_CONTENT"


def test_unknown_types_records_and_paths(erp):
    assert erp.call("GET", f"{RECORD}/unicorn/1").status == 404
    assert erp.call("GET", f"{RECORD}/customer/99999").error[0] == "NONEXISTENT_ID"
    assert erp.call("GET", f"{RECORD}/customer/eid:nobody").status == 404
    assert erp.call("GET", "/services/rest/elsewhere").status == 404
    assert erp.call("PUT", f"{RECORD}/customer/1/currency", {}).status == 405


def test_periods_are_not_made_and_masters_are_read(erp):
    assert erp.post("accountingPeriod", {"closed": True}).status == 403
    assert erp.delete("accountingPeriod", "201").status == 403
    assert erp.get("account", "104")["acctNumber"] == "1100"
    assert erp.get("term", "2")["daysUntilNetDue"] == 30
    assert erp.get("subsidiary", "1")["currency"]["refName"] == "USD"
    assert erp.get("currency", "4")["exchangeRate"] == 1.08


def test_upsert_creates_then_changes_then_does_nothing(erp):
    first = erp.put("customer", "ACC-2", {"companyName": "Two", "subsidiary": {"id": "1"}})
    second = erp.put("customer", "ACC-2", {"companyName": "Second"})
    count = len(erp.mock.rules.history.changes)
    third = erp.put("customer", "ACC-2", {"companyName": "Second", "externalId": "ACC-2"})
    assert first.new_id == second.new_id == third.new_id
    assert len(erp.mock.rules.history.changes) == count
    assert erp.get("customer", "eid:ACC-2")["companyName"] == "Second"
    assert erp.put("customer", "ACC-2", {"externalId": "OTHER"}).status == 400
    assert erp.call("PUT", f"{RECORD}/customer/{first.new_id}", {}).status == 400


def test_an_external_id_may_be_changed_and_is_free_again(erp):
    key = erp.get("customer", "eid:ACC-1")["id"]
    assert erp.patch("customer", key, {"externalId": "ACC-9"}).status == 204
    assert erp.get("customer", "eid:ACC-9")["id"] == key
    assert erp.call("GET", f"{RECORD}/customer/eid:ACC-1").status == 404


def test_customers_with_transactions_keep_currency_and_cannot_go(erp):
    assert erp.patch("customer", "eid:ACC-1", {"currency": {"refName": "USD"}}).status == 204
    assert erp.patch("customer", "eid:ACC-1", {"currency": {"refName": "EUR"}}).status == 204
    made = erp.post("invoice", invoice()).new_id
    assert erp.patch("customer", "eid:ACC-1", {"currency": {"refName": "USD"}}).error[0] == "USER_ERROR"
    assert "dependent" in erp.delete("customer", "eid:ACC-1").error[1]
    assert "dependent" in erp.delete("serviceSaleItem", "eid:PLAN").error[1]
    assert erp.delete("invoice", made).status == 204
    assert erp.delete("customer", "eid:ACC-1").status == 204
    assert erp.delete("serviceSaleItem", "eid:PLAN").status == 204


def test_sublists_are_links_unless_expanded_and_have_their_own_path(erp):
    key = erp.post("invoice", invoice()).new_id
    plain = erp.get("invoice", key)
    assert list(plain["item"]) == ["links"]
    full = erp.get("invoice", key, "?expandSubResources=true")
    assert full["item"] == erp.get("invoice", f"{key}/item")
    line = full["item"]["items"][0]
    assert (line["line"], line["item"]["refName"], line["amount"], line["quantity"]) == (1, "Plan", 100.0, 1)
    assert erp.call("GET", f"{RECORD}/invoice/{key}/line").status == 404
    assert set(erp.get("invoice", key, "?fields=tranId,total")) == {"links", "id", "tranId", "total"}


def test_lines_are_appended_unless_replaced_or_named_by_line(erp):
    key = erp.put("invoice", "INV-1", invoice()).new_id
    erp.put("invoice", "INV-1", invoice())
    assert [each["line"] for each in erp.get("invoice", f"{key}/item")["items"]] == [1, 2]
    erp.put("invoice", "INV-1", invoice(), "?replace=item")
    assert erp.get("invoice", key)["total"] == 119.0
    count = len(erp.mock.rules.history.changes)
    erp.put("invoice", "INV-1", invoice(), "?replace=item")
    assert len(erp.mock.rules.history.changes) == count
    erp.patch("invoice", key, {"item": {"items": [{"line": 1, "quantity": 2, "rate": 30}]}})
    assert erp.get("invoice", key)["subtotal"] == 60.0
    assert erp.patch("invoice", key, {}, "?replace=apply").error[0] == "INVALID_PARAMETER"


def test_amounts_round_half_up_from_rates_and_keep_their_decimals(erp):
    body = invoice(item={"items": [{"item": {"externalId": "PLAN"}, "quantity": 3, "rate": 0.335}]}, tax=0)
    key = erp.post("invoice", body).new_id
    assert erp.get("invoice", key)["total"] == 1.01
    fine = erp.post("invoice", invoice(amount=1.005))
    assert fine.error[0] == "INVALID_CONTENT"


def test_collections_filter_and_page(erp):
    for i in range(5):
        erp.post("invoice", invoice(externalId=f"I-{i}", tranDate=f"2026-03-0{i + 1}"))

    def ids(tail):
        answer = erp.call("GET", f"{RECORD}/invoice{tail}")
        assert answer.status == 200, answer.body
        return [each["id"] for each in answer.json["items"]]

    every = ids("")
    assert ids("?q=externalId%20IS%20%22I-3%22") == [every[3]]
    assert ids('?q=externalId IS "I-3" OR externalId IS "I-4"') == every[3:]
    assert ids('?q=(tranDate ON_OR_AFTER "2026-03-02" AND tranDate BEFORE "2026-03-04")') == every[1:3]
    assert ids('?q=tranDate ON "03/05/2026"') == every[4:]
    assert ids('?q=externalId START_WITH "I-" AND total GREATER 200') == []
    assert ids('?q=externalId IS_NOT "I-0" AND total BETWEEN [100, 120]') == every[1:]
    assert ids(f"?q=id ANY_OF [{every[0]}, {every[2]}]") == [every[0], every[2]]
    assert ids("?q=memo EMPTY") == every
    assert ids("?q=memo EMPTY_NOT") == []
    assert ids('?q=externalId END_WITH "-2"') == [every[2]]
    page = erp.call("GET", f"{RECORD}/invoice?limit=2&offset=2").json
    assert (page["count"], page["hasMore"], page["totalResults"]) == (2, True, 5)
    assert {each["rel"] for each in page["links"]} == {"self", "first", "previous", "next", "last"}


@pytest.mark.parametrize(
    "tail",
    ["limit=1001", "limit=0", "limit=x", "limit=10&offset=5", "offset=-10&limit=10", "q=colour IS 1",
     "q=memo LIKE x", "q=(memo EMPTY", "q=memo IS", "q=tranDate ON x", "q=id ANY_OF 3", "q=memo EMPTY extra"],
)  # fmt: skip
def test_wrong_parameters_of_collections(erp, tail):
    answer = erp.call("GET", f"{RECORD}/invoice?{tail}")
    assert (answer.status, answer.error[0]) == (400, "INVALID_PARAMETER")


def test_the_catalogue_lists_types_and_their_schemas(erp):
    names = [each["name"] for each in erp.get("metadata-catalog", "")["items"]]
    assert {"customer", "invoice", "revRecSchedule"} <= set(names)
    assert "tranDate" in erp.get("metadata-catalog", "invoice")["properties"]
