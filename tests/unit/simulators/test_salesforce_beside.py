"""Beside the records: refresh tokens that rotate, SOAP, formulas, spans of time, definitions, trees."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulators.kit.clock import DAY, SECOND
from simulators.salesforce.routes.table import VENDOR
from simulators.salesforce.rules.formulas import View, holds
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.spans import span

from .salesforce_client import Crm


def refresh(crm: Crm, token: str) -> Any:
    app = {name: crm.secrets[name] for name in ("client_id", "client_secret")}
    return crm.sign_in(grant_type="refresh_token", refresh_token=token, **app)


def test_a_refresh_token_may_be_used_again_unless_they_rotate() -> None:
    crm = Crm(rotate_refresh=0)
    for _ in range(2):
        answer = refresh(crm, crm.secrets["refresh_token"])
        assert answer.status == 200
        assert "refresh_token" not in answer.json


def test_the_reuse_of_a_rotated_token_ends_the_family() -> None:
    crm = Crm()
    first = crm.secrets["refresh_token"]
    second = refresh(crm, first).json["refresh_token"]
    assert second != first
    third = refresh(crm, second).json
    assert crm.call("GET", "/limits").status == 200
    assert refresh(crm, first).json["error"] == "invalid_grant"
    assert crm.call("GET", "/limits").code == "INVALID_SESSION_ID"
    assert refresh(crm, third["refresh_token"]).json["error"] == "invalid_grant"


def test_an_approval_is_good_once_for_a_quarter_of_an_hour_at_its_own_address() -> None:
    crm = Crm()
    app = {name: crm.secrets[name] for name in ("client_id", "client_secret")}

    def code() -> str:
        query = f"response_type=code&client_id={app['client_id']}&redirect_uri=https://a.test/cb"
        answer = crm.send("GET", f"/services/oauth2/authorize?{query}")
        assert answer.status == 302
        return answer.headers["location"].partition("code=")[2]

    def ask(code: str, redirect: str = "https://a.test/cb") -> str:
        wish = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, **app}
        answer = crm.sign_in(**wish)
        return "granted" if answer.status == 200 else str(answer.json["error"])

    once = code()
    assert [ask(once), ask(once)] == ["granted", "invalid_grant"]
    assert ask(code(), "https://b.test/cb") == "redirect_uri_mismatch"
    late = code()
    crm.clock.time += 15 * 60 * SECOND
    assert ask(late) == "invalid_grant"
    assert crm.send("GET", "/services/oauth2/authorize?client_id=x").status == 400


def soap(crm: Crm, body: str) -> tuple[int, str]:
    if not crm.token:
        crm.sign_in()
    text = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com">'
        f"<e:Header><SessionHeader><sessionId>{crm.token}</sessionId></SessionHeader></e:Header>"
        f"<e:Body>{body}</e:Body></e:Envelope>"
    )
    answer = crm.send("POST", "/services/Soap/u/59.0/00Dx", text.encode(), {"content-type": "text/xml"})
    return answer.status, answer.body.decode()


def test_soap_merges_undeletes_and_empties_the_bin() -> None:
    crm = Crm()
    one, two, three = (crm.make("Account", Name=name) for name in "ABC")
    contact = crm.make("Contact", LastName="D", AccountId=two)
    status, said = soap(
        crm,
        f"<merge><request><masterRecord><type>Account</type><Id>{one}</Id><Phone>5</Phone></masterRecord>"
        f"<recordToMergeIds>{two}</recordToMergeIds></request></merge>",
    )
    assert (status, "<success>true</success>" in said) == (200, True)
    assert f"<updatedRelatedIds>{contact}</updatedRelatedIds>" in said
    assert (crm.get("Contact", contact)["AccountId"], crm.get("Account", one)["Phone"]) == (one, "5")
    assert "UNDELETE_FAILED" in soap(crm, f"<undelete><ids>{two}</ids></undelete>")[1]
    crm.call("DELETE", f"/sobjects/Account/{one}")
    assert "<success>true</success>" in soap(crm, f"<undelete><ids>{one}</ids></undelete>")[1]
    assert crm.get("Contact", contact)["AccountId"] == one
    assert (
        "<success>false</success>" in soap(crm, f"<emptyRecycleBin><ids>{three}</ids></emptyRecycleBin>")[1]
    )
    crm.call("DELETE", f"/sobjects/Account/{three}")
    assert "<success>true</success>" in soap(crm, f"<emptyRecycleBin><ids>{three}</ids></emptyRecycleBin>")[1]
    assert crm.org.store.find(three) is None
    assert soap(crm, "<nonsense/>")[0] == 500
    assert "userName" in soap(crm, "<getUserInfo/>")[1]
    soap(crm, "<logout/>")
    assert "INVALID_SESSION_ID" in soap(crm, "<getUserInfo/>")[1]


@pytest.mark.parametrize(
    ("formula", "true"),
    [
        ("Amount > 5", True),
        ("Amount > 5 && Name = 'x'", False),
        ("Amount * 2 - 1 >= 19 || FALSE", True),
        ('OR(ISBLANK(Type), CONTAINS(Name, "cm"))', True),
        ("NOT(ISNEW())", True),
        ("ISCHANGED(Amount)", True),
        ("PRIORVALUE(Amount) = 3", True),
        ("CloseDate < TODAY() + 1", True),
        ("CloseDate - TODAY() = -5", True),
        ("LEN(Name) <> 4", False),
        ('REGEX(Name, "[A-Z][a-z]+")', True),
        ('IF(Amount > 100, TRUE, BEGINS(Name, "A"))', True),
        ('CASE(Name, "x", 1, "Acme", 2, 3) = 2', True),
        ("YEAR(CloseDate) = 2026", True),
        ('"a" & Name = "aAcme"', True),
        ("Amount / 0 = 1", False),
        ("!(Amount = 10)", False),
        ("Missing > 5", False),
        ("-Amount < 0", True),
        ("MAX(Amount, 3, 11) = 11", True),
    ],
)
def test_formulas(formula: str, true: bool) -> None:
    from decimal import Decimal

    now = {"Amount": Decimal(10), "Name": "Acme", "CloseDate": "2026-01-10", "Type": None}
    before = {**now, "Amount": Decimal(3)}
    view = View(now.get, before.get, date(2026, 1, 15), "2026-01-15T00:00:00.000+0000", False)
    assert holds(formula, view) is true


@pytest.mark.parametrize("formula", ["Amount >", "NOSUCH(Amount)", "(", '"open'])
def test_formulas_that_are_none(formula: str) -> None:
    with pytest.raises(Refused):
        holds(formula, View(lambda _: None, lambda _: None, date(2026, 1, 1), "", False))


@pytest.mark.parametrize(
    ("name", "count", "first", "after"),
    [
        ("TODAY", 0, "2026-03-18", "2026-03-19"),
        ("LAST_WEEK", 0, "2026-03-08", "2026-03-15"),
        ("THIS_MONTH", 0, "2026-03-01", "2026-04-01"),
        ("NEXT_QUARTER", 0, "2026-04-01", "2026-07-01"),
        ("LAST_FISCAL_YEAR", 0, "2025-01-01", "2026-01-01"),
        ("LAST_N_DAYS", 3, "2026-03-15", "2026-03-19"),
        ("NEXT_N_DAYS", 3, "2026-03-19", "2026-03-22"),
        ("LAST_90_DAYS", 0, "2025-12-18", "2026-03-19"),
        ("LAST_N_MONTHS", 3, "2025-12-01", "2026-03-01"),
        ("NEXT_N_YEARS", 2, "2027-01-01", "2029-01-01"),
        ("N_MONTHS_AGO", 3, "2025-12-01", "2026-01-01"),
    ],
)
def test_spans_of_time(name: str, count: int, first: str, after: str) -> None:
    assert span(name, count, date(2026, 3, 18)) == (date.fromisoformat(first), date.fromisoformat(after))


@pytest.mark.parametrize(
    "wish",
    [
        {"full_name": "Account.Name__d", "metadata": {"type": "Text"}},
        {"full_name": "Nothing.X__c", "metadata": {"type": "Text"}},
        {"full_name": "Account.External_Id__c", "metadata": {"type": "Text"}},
        {"full_name": "Account.X__c", "metadata": {"type": "Magic"}},
        {"full_name": "Account.X__c", "metadata": {"type": "Lookup", "referenceTo": "Nothing"}},
        {"full_name": "Account.X__c", "metadata": {"type": "Date", "unique": True}},
    ],
)
def test_definitions_that_make_no_sense(wish: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="_"):
        VENDOR.disturb(Crm().org, "define_field", wish)


def test_a_number_as_external_id_and_several_values_picked() -> None:
    crm = Crm()
    number = {"type": "Number", "scale": 0, "externalId": True, "unique": True}
    VENDOR.disturb(crm.org, "define_field", {"full_name": "Account.No__c", "metadata": number})
    several = {"type": "MultiselectPicklist", "valueSet": {"restricted": True, "valueSetDefinition": {
        "value": [{"fullName": "a"}, {"fullName": "b"}, {"fullName": "c"}]}}}  # fmt: skip
    VENDOR.disturb(crm.org, "define_field", {"full_name": "Account.Tags__c", "metadata": several})
    path = "/sobjects/Account/No__c/7"
    assert crm.call("PATCH", path, {"Name": "A", "Tags__c": "a;b"}).status == 201
    assert crm.call("PATCH", path, {"Name": "A"}).status == 200
    assert crm.call("PATCH", path, {"Tags__c": "a;x"}).code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert crm.ids("SELECT Name FROM Account WHERE Tags__c INCLUDES ('a;b', 'c')") == ["A"]
    assert crm.ids("SELECT Name FROM Account WHERE Tags__c EXCLUDES ('c')") == ["A"]
    assert crm.ids("SELECT Name FROM Account WHERE Tags__c INCLUDES ('a;c')") == []


def test_a_tree_is_planted_whole_or_not_at_all() -> None:
    crm = Crm()

    def plant(*records: Any) -> Any:
        return crm.call("POST", "/composite/tree/Account", {"records": list(records)})

    def account(reference: str, **more: Any) -> dict[str, Any]:
        return {"attributes": {"type": "Account", "referenceId": reference}, **more}

    bad = plant(account("a", Name="A"), account("b"))
    assert (bad.status, bad.json["hasErrors"]) == (400, True)
    assert bad.json["results"][0]["referenceId"] == "b"
    assert crm.ids("SELECT Name FROM Account") == []
    assert plant(account("a", Name="A"), account("a", Name="B")).code == "INVALID_INPUT"
    assert plant(*(account(str(i), Name="x") for i in range(201))).code == "INVALID_INPUT"
    assert plant({"Name": "A"}).code == "INVALID_INPUT"
    assert crm.ids("SELECT Name FROM Account") == []


def test_deleted_records_are_told_for_thirty_days() -> None:
    crm = Crm()
    key = crm.make("Account", Name="A")
    crm.call("DELETE", f"/sobjects/Account/{key}")
    window = "start=2026-01-01T00:00:00%2B00:00&end=2026-01-02T00:00:00%2B00:00"
    found = crm.call("GET", f"/sobjects/Account/deleted/?{window}").json
    assert [each["id"] for each in found["deletedRecords"]] == [key]
    assert found["latestDateCovered"] == "2026-01-01T09:00:00.000+0000"
    assert crm.call("GET", f"/sobjects/Account/updated?{window}").json["ids"] == []
    crm.clock.time += 31 * DAY
    crm.sign_in()
    assert crm.call("GET", f"/sobjects/Account/deleted/?{window}").code == "INVALID_REPLICATION_DATE"
    assert crm.call("GET", "/sobjects/Account/deleted?start=x").code == "INVALID_REPLICATION_DATE"


def test_an_order_keeps_its_price_book_and_when_activated_its_account() -> None:
    crm = Crm()
    own = crm.deal()
    other = crm.make("Pricebook2", Name="Other", IsActive=True)
    order = crm.make(
        "Order",
        AccountId=own["account"],
        EffectiveDate="2026-01-01",
        Status="Draft",
        Pricebook2Id=own["book"],
    )
    crm.make("OrderItem", OrderId=order, PricebookEntryId=own["entry"], Quantity=1, UnitPrice=1)
    assert crm.change("Order", order, Pricebook2Id=other).code == "FIELD_INTEGRITY_EXCEPTION"
    moved = crm.make("Account", Name="B")
    assert crm.change("Order", order, AccountId=moved, Pricebook2Id=own["book"]).status == 204
    assert crm.change("Order", order, Status="Activated").status == 204
    assert crm.change("Order", order, AccountId=own["account"]).code == "FIELD_INTEGRITY_EXCEPTION"


def test_clients_that_can_only_post() -> None:
    crm = Crm()
    key = crm.make("Account", Name="A")
    assert crm.call("POST", f"/sobjects/Account/{key}?_HttpMethod=PATCH", {"Name": "B"}).status == 204
    assert crm.get("Account", key)["Name"] == "B"
    path = "/sobjects/Account/External_Id__c/x"
    assert crm.call("POST", f"{path}?_HttpMethod=PATCH", {"Name": "C"}).status == 201
    assert crm.call("POST", path, {"Name": "C"}).code == "METHOD_NOT_ALLOWED"
