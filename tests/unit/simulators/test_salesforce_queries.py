"""SOQL: conditions, order, parents, children, paging, refusals, and that indexes change nothing."""

from __future__ import annotations

import pytest

from simulators.kit.clock import DAY, SECOND
from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.plans import compiled
from simulators.salesforce.rules.soql import parsed, shaped

from .salesforce_client import ROOT, Crm


@pytest.fixture(scope="module")
def crm() -> Crm:
    """Five accounts a second apart, three with opportunities."""
    crm = Crm()
    people = [
        ("Ann", 5, "Toys"),
        ("bob", None, "Steel"),
        ("Cy", 7, "Toys"),
        ("D'or", 5, None),
        ("100%", 1, ""),
    ]
    for i, (name, size, industry) in enumerate(people):
        crm.make("Account", Name=name, NumberOfEmployees=size, Industry=industry, External_Id__c=f"X-{i}")
        crm.clock.time += SECOND
    for i, day in ((0, "2026-01-10"), (0, "2026-03-01"), (2, "2026-02-01")):
        crm.make(
            "Opportunity", Name=f"o{i}{day}", StageName="Prospecting", CloseDate=day, Amount="10.50",
            Account={"External_Id__c": f"x-{i}"},
        )  # fmt: skip
    return crm


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("", "Ann,bob,Cy,D'or,100%"),
        ("WHERE Name = 'BOB'", "bob"),
        ("where name != 'bob'", "Ann,Cy,D'or,100%"),
        ("WHERE Name <> 'bob' AND Industry = null", "D'or,100%"),
        (r"WHERE Name = 'D\'or'", "D'or"),
        ("WHERE NumberOfEmployees >= 5", "Ann,Cy,D'or"),
        ("WHERE NumberOfEmployees > 5", "Cy"),
        ("WHERE NumberOfEmployees < 5.5", "Ann,D'or,100%"),
        ("WHERE NumberOfEmployees <= 1", "100%"),
        ("WHERE NumberOfEmployees != null AND NumberOfEmployees != 5", "Cy,100%"),
        ("WHERE Name LIKE '%o%'", "bob,D'or"),
        ("WHERE Name LIKE 'c_'", "Cy"),
        (r"WHERE Name LIKE '%\%'", "100%"),
        ("WHERE Name IN ('ann', 'Cy', 'ann')", "Ann,Cy"),
        ("WHERE Name NOT IN ('ann', 'Cy')", "bob,D'or,100%"),
        ("WHERE Industry IN (null, 'Steel')", "bob,D'or,100%"),
        ("WHERE (Industry = 'Toys' OR Industry = 'Steel') AND NOT Name = 'Cy'", "Ann,bob"),
        ("WHERE NOT (Industry = 'Toys' OR NumberOfEmployees = 5)", "bob,100%"),
        ("WHERE IsDeleted = false AND External_Id__c = 'x-3'", "D'or"),
        ("WHERE External_Id__c IN ('x-3', 'X-0')", "Ann,D'or"),
        ("WHERE SystemModstamp > 2026-01-01T09:00:02Z", "D'or,100%"),
        ("WHERE SystemModstamp >= 2026-01-01T10:00:02+01:00 AND LastModifiedDate < 2026-01-01T09:00:04.000Z",
         "Cy,D'or"),
        ("WHERE CreatedDate = 2026-01-01T09:00:01Z", "bob"),
        ("WHERE SystemModstamp != null AND Account.Name = 'bob'", "bob"),
        ("ORDER BY Name", "100%,Ann,bob,Cy,D'or"),
        ("ORDER BY Name DESC LIMIT 2", "D'or,Cy"),
        ("ORDER BY NumberOfEmployees, Name DESC", "bob,100%,D'or,Ann,Cy"),
        ("ORDER BY NumberOfEmployees DESC NULLS LAST, Name ASC LIMIT 3 OFFSET 1", "Ann,D'or,100%"),
        ("ORDER BY SystemModstamp DESC OFFSET 3", "bob,Ann"),
        ("LIMIT 0", ""),
    ],
)  # fmt: skip
def test_conditions_and_order(crm: Crm, where: str, names: str) -> None:
    assert ",".join(crm.ids(f"SELECT Id, Name FROM Account {where}")) == names


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Account.External_Id__c = 'x-0'", "o02026-01-10,o02026-03-01"),
        ("Account.External_Id__c IN ('x-0', 'x-2') AND CloseDate > 2026-01-31", "o02026-03-01,o22026-02-01"),
        ("Account.Owner.Username = 'admin@tieout.test' AND CloseDate = 2026-02-01", "o22026-02-01"),
        ("StageName = 'Prospecting' AND Account.Name = 'Cy'", "o22026-02-01"),
        ("AccountId = null", ""),
        ("IsWon = true", ""),
        ("Amount = 10.5 AND IsClosed != true AND Account.Industry = 'toys' AND Opportunity.Name LIKE 'o2%'",
         "o22026-02-01"),
    ],
)  # fmt: skip
def test_parents_in_conditions(crm: Crm, where: str, names: str) -> None:
    assert ",".join(crm.ids(f"SELECT Name FROM Opportunity WHERE {where}")) == names


def test_parents_and_children_are_nested(crm: Crm) -> None:
    fields = "name, Account.Name, Account.Owner.Email, Pricebook2.Name"
    text = f"SELECT {fields} FROM Opportunity ORDER BY CloseDate LIMIT 1"
    (row,) = crm.query(text).json["records"]
    assert list(row) == ["attributes", "Name", "Account", "Pricebook2"]
    assert row["Pricebook2"] is None
    assert row["Account"]["Name"] == "Ann"
    assert row["Account"]["attributes"]["type"] == "Account"
    assert row["Account"]["Owner"]["Email"] == "admin@tieout.test"
    text = (
        "SELECT Id, (SELECT Id, CloseDate FROM Opportunities "
        "WHERE CloseDate < 2026-03-01 ORDER BY CloseDate DESC) "
        "FROM Account WHERE External_Id__c IN ('X-0', 'X-1') ORDER BY External_Id__c"
    )
    ann, bob = crm.query(text).json["records"]
    assert (ann["Opportunities"]["totalSize"], ann["Opportunities"]["done"]) == (1, True)
    assert ann["Opportunities"]["records"][0]["CloseDate"] == "2026-01-10"
    assert bob["Opportunities"] is None


def test_count(crm: Crm) -> None:
    answer = crm.query("SELECT COUNT() FROM Account WHERE Industry = 'Toys'")
    assert answer.json == {"totalSize": 2, "done": True, "records": []}


def test_ids_of_either_length_find(crm: Crm) -> None:
    key = crm.query("SELECT Id FROM Account WHERE Name = 'Cy'").json["records"][0]["Id"]
    assert crm.ids(f"SELECT Name FROM Account WHERE Id = '{key[:15]}'") == ["Cy"]
    assert crm.ids(f"SELECT Name FROM Account WHERE Id IN ('{key}', '{key[:15]}')") == ["Cy"]
    assert crm.ids(f"SELECT Name FROM Opportunity WHERE AccountId = '{key}'") == ["o22026-02-01"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT FROM Account", "MALFORMED_QUERY"),
        ("SELECT Id Account", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = ?s", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'x", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account LIMIT 'x'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account LIMIT 1.5", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-13-01T00:00:00Z", "MALFORMED_QUERY"),
        ("", "MALFORMED_QUERY"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE"),
        ("SELECT Id, (SELECT Id FROM Nothings) FROM Account", "INVALID_TYPE"),
        ("SELECT Nothing FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Nothing = 1", "INVALID_FIELD"),
        ("SELECT Id FROM Account ORDER BY Nothing", "INVALID_FIELD"),
        ("SELECT Nothing.Name FROM Account", "INVALID_FIELD"),
        ("SELECT Id, id FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE NumberOfEmployees = '5'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Name = true", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE IsDeleted = 'true'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-01-01", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Account WHERE NumberOfEmployees LIKE 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE OwnerId > '005'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Account WHERE Name > null", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("SELECT Id FROM Account WHERE Name = '" + "x" * 100_000 + "'", "QUERY_TOO_COMPLICATED"),
    ],
)
def test_refused_queries(crm: Crm, text: str, code: str) -> None:
    answer = crm.query(text)
    assert (answer.status, answer.code) == (400, code)


def test_a_shape_is_parsed_once() -> None:
    texts = [
        f"SELECT Id FROM Account WHERE Name = 'n{i}' AND NumberOfEmployees = {i} LIMIT {i}" for i in range(9)
    ]
    assert len({shaped(text)[0] for text in texts}) == 1
    catalogue = Catalogue()
    assert len({id(compiled(catalogue, shaped(text)[0])) for text in texts}) == 1
    assert parsed("SELECT Id FROM Order ORDER BY Name").source == "Order"


def test_paging() -> None:
    crm = Crm()
    records = [{"attributes": {"type": "Account"}, "Name": f"{i:03d}"} for i in range(200)]
    for _ in range(3):
        assert crm.call("POST", "/composite/sobjects", {"records": records}).status == 200
    assert len(crm.query("SELECT Id FROM Account").json["records"]) == 600
    answer = crm.query("SELECT Name FROM Account", Sforce_Query_Options="batchSize=250").json
    seen = list(answer["records"])
    assert (answer["totalSize"], answer["done"], len(seen)) == (600, False, 250)
    assert answer["nextRecordsUrl"].startswith(f"{ROOT}/query/01g")
    while not answer["done"]:
        answer = crm.call("GET", answer["nextRecordsUrl"]).json
        seen += answer["records"]
    assert len(seen) == len({row["attributes"]["url"] for row in seen}) == 600
    assert "nextRecordsUrl" not in answer
    small = crm.query("SELECT Id FROM Account", Sforce_Query_Options="batchSize=1").json
    assert len(small["records"]) == 200
    late = small["nextRecordsUrl"]
    assert crm.call("GET", "/query/01gnone-200").code == "INVALID_QUERY_LOCATOR"
    crm.clock.time += 2 * DAY
    crm.sign_in()
    assert crm.call("GET", late).code == "INVALID_QUERY_LOCATOR"


def test_the_oldest_cursor_is_given_up_for_an_eleventh() -> None:
    crm = Crm()
    records = [{"attributes": {"type": "Account"}, "Name": "x"}] * 200
    for _ in range(2):
        crm.call("POST", "/composite/sobjects", {"records": records})
    text = "SELECT Id FROM Account"
    pages = [crm.query(text, Sforce_Query_Options="batchSize=200").json["nextRecordsUrl"] for _ in range(11)]
    assert crm.call("GET", pages[0]).code == "INVALID_QUERY_LOCATOR"
    assert crm.call("GET", pages[1]).status == 200


def test_deleted_rows_are_found_by_query_all_alone() -> None:
    crm = Crm()
    gone, kept = (crm.make("Account", Name=n, External_Id__c=n, Industry="Toys") for n in "AB")
    crm.call("DELETE", f"/sobjects/Account/{gone}")
    for where in (
        "", "WHERE Industry = 'Toys'", "WHERE External_Id__c IN ('A', 'B')",
        f"WHERE Id IN ('{gone}', '{kept}')",
        "WHERE SystemModstamp > 2025-01-01T00:00:00Z", "WHERE Name LIKE '_'",
    ):  # fmt: skip
        text = f"SELECT Name, IsDeleted FROM Account {where} ORDER BY Name"
        assert crm.ids(text) == ["B"]
        rows = crm.query(text, "/queryAll").json["records"]
        assert [(row["Name"], row["IsDeleted"]) for row in rows] == [("A", True), ("B", False)]


def test_the_stamp_index_follows_changes_and_a_clock_set_back() -> None:
    crm = Crm()
    keys = []
    for i in range(60):
        keys.append(crm.make("Account", Name=f"{i:02d}"))
        crm.clock.time += SECOND
    for key in keys[:50] * 8:  # enough changes for the index to be swept
        crm.change("Account", key, Phone="1")
    found = crm.ids("SELECT Name FROM Account WHERE SystemModstamp >= 2026-01-01T09:01:00Z ORDER BY Name")
    assert found == [f"{i:02d}" for i in range(50)]
    crm.clock.time -= 30 * SECOND
    crm.change("Account", keys[0], Phone="2")
    late = "SELECT COUNT() FROM Account WHERE SystemModstamp >= 2026-01-01T09:01:00Z"
    assert crm.query(late).json["totalSize"] == 49
    early = "SELECT COUNT() FROM Account WHERE SystemModstamp < 2026-01-01T09:01:00Z"
    assert crm.query(early).json["totalSize"] == 11
