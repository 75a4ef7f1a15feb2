"""SOQL and SOSL through simple-salesforce."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from scenarios.sandboxes import Sandboxes
from tests.conformance.salesforce_client import advance, connect


@pytest.fixture
def sf(lab: Sandboxes) -> Salesforce:
    """Three accounts; four opportunities of two of them; a contact."""
    sf = connect(lab)
    keys = [
        sf.Account.create({"Name": name, "Industry": industry, "NumberOfEmployees": size})["id"]
        for name, industry, size in (("Ann", "Banking", 5), ("Bob", "Energy", None), ("Cy", "Banking", 7))
    ]
    for account, stage, amount, day in (
        (0, "Prospecting", 10, "2026-01-10"), (0, "Closed Won", 20.5, "2026-03-01"),
        (2, "Closed Won", 30, "2026-02-01"), (2, "Prospecting", None, "2027-02-01"),
    ):  # fmt: skip
        sf.Opportunity.create({
            "Name": f"O{account}{stage[0]}", "StageName": stage, "Amount": amount, "CloseDate": day,
            "AccountId": keys[account],
        })  # fmt: skip
    sf.Contact.create({"LastName": "Doe", "FirstName": "Jane", "Email": "jane@x.test", "AccountId": keys[0]})
    return sf


def _rows(sf: Salesforce, query: str) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if name != "attributes"}
        for row in sf.query(query)["records"]
    ]


def test_relationships_both_ways(sf: Salesforce) -> None:
    (row,) = sf.query(
        "SELECT Name, (SELECT Name, Account.Name FROM Opportunities "
        "WHERE IsWon = true ORDER BY Amount DESC LIMIT 1), "
        "(SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Ann'"
    )["records"]
    assert row["Opportunities"]["records"][0]["Account"]["Name"] == "Ann"
    assert row["Contacts"]["totalSize"] == 1
    assert _rows(sf, "SELECT c.LastName FROM Contact c WHERE c.Account.Owner.IsActive = true") == [
        {"LastName": "Doe"}
    ]


# ruff: noqa: ISC004
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT COUNT(Id) n, SUM(Amount), AVG(Amount) m, MIN(Amount), MAX(CloseDate) last FROM Opportunity",
         [{"n": 4, "expr0": 60.5, "m": 20.166666667, "expr1": 10, "last": "2027-02-01"}]),
        ("SELECT Account.Name, COUNT(Id) n FROM Opportunity GROUP BY Account.Name ORDER BY Account.Name",
         [{"Name": "Ann", "n": 2}, {"Name": "Cy", "n": 2}]),
        ("SELECT StageName, SUM(Amount) total FROM Opportunity GROUP BY StageName HAVING SUM(Amount) > 20 ",
         [{"StageName": "Closed Won", "total": 50.5}]),
        ("SELECT CALENDAR_YEAR(CloseDate) y, COUNT(Id) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate) "
         "ORDER BY COUNT(Id) DESC", [{"y": 2026, "expr0": 3}, {"y": 2027, "expr0": 1}]),
        ("SELECT COUNT_DISTINCT(Industry) kinds, COUNT(NumberOfEmployees) sized FROM Account",
         [{"kinds": 2, "sized": 2}]),
        ("SELECT Industry, COUNT(Id) n FROM Account GROUP BY ROLLUP(Industry) ORDER BY Industry NULLS LAST",
         [{"Industry": "Banking", "n": 2}, {"Industry": "Energy", "n": 1}, {"Industry": None, "n": 3}]),
        ("SELECT SUM(Amount) FROM Opportunity WHERE Name = 'none'", [{"expr0": None}]),
        ("SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE Amount > 25)",
         [{"Name": "Cy"}]),
        ("SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Opportunity)", [{"Name": "Bob"}]),
        ("SELECT Name FROM Opportunity WHERE AccountId IN (SELECT Id FROM Account "
         "WHERE Industry = 'Banking') AND Amount = null", [{"Name": "O2P"}]),
        ("SELECT Name FROM Account WHERE CreatedDate = TODAY AND LastModifiedDate >= LAST_N_DAYS:7 "
         "AND CreatedDate < NEXT_MONTH AND Industry != 'Energy' ORDER BY Name DESC",
         [{"Name": "Cy"}, {"Name": "Ann"}]),
        ("SELECT Name FROM Account WHERE CreatedDate = YESTERDAY", []),
        ("SELECT Name FROM Account ORDER BY NumberOfEmployees DESC NULLS LAST LIMIT 2 OFFSET 1",
         [{"Name": "Ann"}, {"Name": "Bob"}]),
        ("SELECT Name FROM Account WHERE (NOT Name LIKE 'A%') AND (Name = 'Bob' OR Name LIKE '_y') "
         "ORDER BY Name FOR UPDATE", [{"Name": "Bob"}, {"Name": "Cy"}]),
        ("SELECT toLabel(Industry), FORMAT(NumberOfEmployees) size FROM Account WHERE Name = 'Ann'",
         [{"Industry": "Banking", "size": "5"}]),
        ("SELECT Industry, NumberOfEmployees n, GROUPING(Industry) i, GROUPING(NumberOfEmployees) e, "
         "COUNT(Id) c FROM Account WHERE Industry = 'Banking' GROUP BY CUBE(Industry, NumberOfEmployees) "
         "ORDER BY GROUPING(Industry), GROUPING(NumberOfEmployees), NumberOfEmployees",
         [{"Industry": "Banking", "n": 5, "i": 0, "e": 0, "c": 1},
          {"Industry": "Banking", "n": 7, "i": 0, "e": 0, "c": 1},
          {"Industry": "Banking", "n": None, "i": 0, "e": 1, "c": 2},
          {"Industry": None, "n": 5, "i": 1, "e": 0, "c": 1},
          {"Industry": None, "n": 7, "i": 1, "e": 0, "c": 1},
          {"Industry": None, "n": None, "i": 1, "e": 1, "c": 2}]),
        ("SELECT NumberOfEmployees, GROUPING(NumberOfEmployees) total, COUNT(Id) c FROM Account "
         "GROUP BY ROLLUP(NumberOfEmployees) HAVING GROUPING(NumberOfEmployees) = 1 "
         "OR NumberOfEmployees = null ORDER BY GROUPING(NumberOfEmployees)",
         [{"NumberOfEmployees": None, "total": 0, "c": 1}, {"NumberOfEmployees": None, "total": 1, "c": 3}]),
        ("SELECT FORMAT(Amount) shown, FORMAT(convertCurrency(Amount)) own, FORMAT(CloseDate), Amount "
         "FROM Opportunity WHERE Amount = 20.5",
         [{"shown": "USD 20.50", "own": "USD 20.50", "CloseDate": "3/1/2026", "Amount": 20.5}]),
        ("SELECT FORMAT(SUM(Amount)) total, FORMAT(MIN(CloseDate)) first FROM Opportunity",
         [{"total": "USD 60.50", "first": "1/10/2026"}]),
    ],
)  # fmt: skip
def test_queries(sf: Salesforce, query: str, rows: list[dict[str, Any]]) -> None:
    assert _rows(sf, query) == rows


def test_aggregates_have_a_type_of_their_own(sf: Salesforce) -> None:
    (row,) = sf.query("SELECT COUNT(Id) FROM Account")["records"]
    assert row["attributes"] == {"type": "AggregateResult"}
    assert sf.query("SELECT COUNT() FROM Account")["records"] == []


def test_all_fields(sf: Salesforce) -> None:
    (row,) = _rows(sf, "SELECT FIELDS(ALL) FROM Account WHERE Name = 'Ann' LIMIT 200")
    assert {"Id", "Industry", "External_Id__c"} <= set(row)
    (row,) = _rows(sf, "SELECT FIELDS(CUSTOM) FROM Account WHERE Name = 'Ann' LIMIT 1")
    assert "Industry" not in row
    assert "Name" in _rows(sf, "SELECT FIELDS(STANDARD) FROM Account")[0]


def test_types_of_what_a_task_is_about(sf: Salesforce) -> None:
    account = _rows(sf, "SELECT Id FROM Account WHERE Name = 'Ann'")[0]["Id"]
    sf.Task.create({"Subject": "Call", "WhatId": account})
    (row,) = sf.query("SELECT What.Name, What.Type FROM Task WHERE What.Type = 'Account'")["records"]
    assert (row["What"]["Name"], row["What"]["Type"]) == ("Ann", "Account")
    (row,) = sf.query("SELECT TYPEOF What WHEN Account THEN Industry ELSE Name END FROM Task")["records"]
    assert row["What"]["Industry"] == "Banking"


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("SELECT Colour FROM Account", "INVALID_FIELD",
         "\nSELECT Colour FROM Account\n       ^\n"
         "ERROR at Row:1:Column:8\nNo such column 'Colour' on entity 'Account'"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE", "sObject type 'Nothing' is not supported."),
        ("SELECT Id FORM Account", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Account WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY",
         "Field must be grouped or aggregated: Name"),
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY", "LIMIT of at most 200"),
        ("SELECT FIELDS(ALL) FROM Account LIMIT 201", "MALFORMED_QUERY", "LIMIT of at most 200"),
        ("SELECT SUM(Name) FROM Account", "MALFORMED_QUERY", "does not support aggregate operator SUM"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
        ("SELECT Name n FROM Account", "MALFORMED_QUERY", "only aggregate expressions use field aliasing"),
        ("SELECT Id FROM Account WHERE CreatedDate = 'x'", "INVALID_FIELD", "must be of type datetime"),
        ("SELECT Id, (SELECT Id FROM Nothings) FROM Account", "INVALID_TYPE",
         "Didn't understand relationship"),
        ("SELECT Nobody.Name FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Nobody'"),
        ("SELECT Id FROM Account WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: x"),
    ],
)  # fmt: skip
def test_refused_queries(sf: Salesforce, query: str, code: str, said: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.query(query)
    assert refused.value.content[0]["errorCode"] == code
    assert said in refused.value.content[0]["message"]


def test_pages(lab: Sandboxes) -> None:
    sf = connect(lab)
    sf.bulk2.Account.insert(records=[{"Name": f"{i:05d}"} for i in range(2500)], wait=0.05)
    first = sf.query("SELECT Name FROM Account ORDER BY Name")
    assert (first["totalSize"], first["done"], len(first["records"])) == (2500, False, 2000)
    assert first["nextRecordsUrl"].startswith("/services/data/v59.0/query/01g")
    names = [row["Name"] for row in sf.query_all_iter("SELECT Name FROM Account ORDER BY Name")]
    assert names == [f"{i:05d}" for i in range(2500)]
    small = sf.query("SELECT Id FROM Account", headers={"Sforce-Query-Options": "batchSize=200"})
    assert len(small["records"]) == 200
    more = sf.query_more(small["nextRecordsUrl"], identifier_is_url=True)
    assert len(more["records"]) == 200
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.query("SELECT Name, COUNT(Id) FROM Account GROUP BY Name")
    assert refused.value.content[0]["errorCode"] == "EXCEEDED_ID_LIMIT"
    advance(lab, 49 * 3600)
    with pytest.raises(SalesforceMalformedRequest) as late:
        sf.query_more(small["nextRecordsUrl"], identifier_is_url=True)
    assert late.value.content[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_search(sf: Salesforce) -> None:
    assert [row["attributes"]["type"] for row in sf.quick_search("Jane")["searchRecords"]] == ["Contact"]
    found = sf.search(
        "FIND {ann OR jan*} IN ALL FIELDS RETURNING Account(Id), Contact(LastName, Email LIMIT 5)"
    )
    assert [row["attributes"]["type"] for row in found["searchRecords"]] == ["Account", "Contact"]
    found = sf.search(
        "FIND {jan*} IN ALL FIELDS RETURNING Account(Id), Contact(LastName, Email WHERE Email != null)"
    )
    assert found["searchRecords"][0]["Email"] == "jane@x.test"
    found = sf.restful(
        "parameterizedSearch", params={"q": "Ann", "sobject": "Account", "Account.fields": "Name"}
    )
    assert found["searchRecords"][0]["Name"] == "Ann"
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.search("no braces")
    assert refused.value.content[0]["errorCode"] == "MALFORMED_SEARCH"
