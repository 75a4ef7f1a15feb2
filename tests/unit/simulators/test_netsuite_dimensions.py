"""Departments, classes, locations, entities and custom segments on lines, and whether they are mandatory."""

import pytest

from .netsuite_client import Client, credit_memo, invoice

COLUMNS = "l.id, BUILTIN.DF(l.department) AS department, BUILTIN.DF(l.class) AS class, l.cseg_channel"


@pytest.fixture
def erp() -> Client:
    return Client().sign_in().stock()


def dims(erp, key):
    text = f"SELECT {COLUMNS} FROM transactionline l WHERE l.transaction = {key} ORDER BY l.id"
    return [
        (row["id"], row.get("department"), row.get("class"), row.get("cseg_channel"))
        for row in erp.rows(text)
    ]


def named(erp, table, name):
    return str(erp.rows(f"SELECT id FROM {table} WHERE name = '{name}'")[0]["id"])


def line(erp, **more):
    return {"item": {"externalId": "PLAN"}, "amount": 100, **more}


def test_a_line_has_its_own_classifications_and_the_main_line_those_of_the_heading(erp):
    sales, finance = named(erp, "department", "Sales"), named(erp, "department", "Finance")
    own = line(
        erp,
        department={"id": sales},
        **{"class": {"id": named(erp, "classification", "Subscriptions")}},
        cseg_channel={"refName": "Partner"},
    )
    body = invoice(item={"items": [own, line(erp)]}, department={"id": finance})
    key = erp.post("invoice", body).new_id
    found = dims(erp, key)
    assert found[0] == ("0", "Finance", None, None)
    assert found[1] == ("1", "Sales", "Subscriptions", "2")
    assert found[2] == ("2", "Finance", None, None), "a line without one of its own takes the heading's"
    shown = erp.get("invoice", key, "?expandSubResources=true")["item"]["items"][0]
    assert (shown["department"]["refName"], shown["cseg_channel"]["refName"]) == ("Sales", "Partner")


def test_credit_memos_and_journals_carry_them_into_the_books(erp):
    services = {"id": named(erp, "department", "Services")}
    body = credit_memo(item={"items": [line(erp, department=services, custcol_contract="S-7")]})
    erp.post("creditMemo", body)
    lines = [
        {"account": erp.account("6000"), "debit": 5, "department": services},
        {"account": erp.account("1010"), "credit": 5, "entity": {"externalId": "ACC-1"}},
    ]
    erp.post("journalEntry", {"subsidiary": {"id": "1"}, "line": {"items": lines}})
    ledger = erp.mock.rules.books()["ledger"]
    memo = next(row for row in ledger if row["kind"] == "creditMemo" and row["account"] == "2100")
    assert (memo["department"], memo["contract"]) == ("Services", "S-7")
    fee, cash = (row for row in ledger if row["kind"] == "journalEntry")
    assert (fee["department"], fee["customer"], cash["customer"]) == ("Services", "", "ACC-1")


def test_what_does_not_exist_or_is_no_longer_used_is_refused(erp):
    unknown = erp.post("invoice", invoice(item={"items": [line(erp, department={"id": "99"})]}))
    assert unknown.status == 400
    assert "Invalid Field Value 99" in unknown.error[1]
    segment = erp.post("invoice", invoice(item={"items": [line(erp, cseg_channel={"id": "77"})]}))
    assert segment.status == 400
    assert "cseg_channel" in segment.error[1]
    sales = named(erp, "department", "Sales")
    kept = erp.post("invoice", invoice(item={"items": [line(erp, department={"id": sales})]})).new_id
    assert erp.patch("department", sales, {"isInactive": True}).status == 204
    late = erp.post("invoice", invoice(item={"items": [line(erp, department={"id": sales})]}))
    assert late.status == 400
    assert f"Invalid Field Value {sales}" in late.error[1]
    again = {"item": {"items": [{"line": 1, "department": {"id": sales}}]}, "memo": "seen"}
    assert erp.patch("invoice", kept, again).status == 204, "what had it before keeps it"


def test_a_segment_that_the_account_does_not_have_is_no_property(erp):
    body = invoice(item={"items": [line(erp, cseg_planet={"id": "1"})]})
    path = "/services/rest/record/v1/invoice"
    refused = erp.call("POST", path, body, X_NetSuite_PropertyNameValidation="error")
    assert refused.status == 400
    assert "cseg_planet" in refused.error[1]


def test_values_of_a_segment_are_records_of_their_own(erp):
    key = erp.post("customrecord_cseg_channel", {"name": "Reseller", "externalId": "R"}).new_id
    assert erp.rows("SELECT id, name FROM customrecord_cseg_channel WHERE name = 'Reseller'") == [
        {"id": key, "name": "Reseller"}
    ]


@pytest.mark.parametrize("field", ["department", "class", "location"])
def test_a_mandatory_classification_is_asked_for(field):
    erp = Client(**{f"mandatory_{field}": 1}).sign_in().stock()
    refused = erp.post("invoice", invoice(item={"items": [line(erp)]}))
    assert refused.status == 400
    assert f"Please enter value(s) for: {field.capitalize()}" in refused.error[1]
    own = line(erp, **{field: {"id": "1"}})
    assert erp.post("invoice", invoice(item={"items": [own]})).status == 204
    assert erp.post("invoice", invoice(item={"items": [line(erp)]}, **{field: {"id": "1"}})).status == 204
    journal = {
        "subsidiary": {"id": "1"},
        "line": {
            "items": [
                {"account": erp.account("6000"), "debit": 5, field: {"id": "1"}},
                {"account": erp.account("1010"), "credit": 5},
            ]
        },
    }
    assert erp.post("journalEntry", journal).status == 400, "on every line of a journal"
