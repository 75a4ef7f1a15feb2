"""SuiteQL over the books: joins, aggregates, functions, paging, refusals."""
# ruff: noqa: E501 - a query is read on one line

from __future__ import annotations

from typing import Any

import pytest

from scenarios.sandboxes import Sandboxes
from tests.conformance.netsuite_lab import TODAY, Raw, refused

SHORT = f"{int(TODAY[5:7])}/{int(TODAY[8:])}/{TODAY[:4]}"


@pytest.fixture
def raw(lab: Sandboxes) -> Raw:
    return Raw(lab)


def ask(raw: Raw, q: str, **params: Any) -> Any:
    return raw.call(
        "POST",
        "/services/rest/query/v1/suiteql",
        json={"q": q},
        params=params,
        headers={"Prefer": "transient"},
    )


@pytest.fixture
def books(raw: Raw) -> Raw:
    one, two = raw.customer(externalId="C-1"), raw.customer("4", externalId="C-2")
    first = raw.invoice(one, 100, 50, tranId="INV-1", tranDate=TODAY, memo="it's", custbody_deal="D-1")
    raw.invoice(two, 10, tranId="INV-2", tranDate=TODAY)
    raw.make(
        "customerPayment",
        {
            "customer": {"id": one},
            "payment": 60,
            "apply": {"items": [{"doc": {"id": first}, "apply": True, "amount": 60}]},
        },
    )
    return raw


@pytest.mark.parametrize(
    ("q", "rows"),
    [
        ("SELECT tranid FROM transaction WHERE type = 'CustInvc' ORDER BY tranid", [{"tranid": "INV-1"}, {"tranid": "INV-2"}]),
        ("SELECT COUNT(*) AS n FROM transaction t INNER JOIN customer c ON c.id = t.entity WHERE c.externalid = 'C-1'", [{"n": "2"}]),
        ("SELECT t.tranid, t.foreignamountunpaid FROM transaction t WHERE t.tranid = 'INV-1'", [{"tranid": "INV-1", "foreignamountunpaid": "90"}]),
        ("SELECT trandate FROM transaction WHERE tranid = 'INV-1'", [{"trandate": SHORT}]),
        ("SELECT TO_CHAR(trandate, 'YYYY-MM-DD') AS d FROM transaction WHERE tranid = 'INV-1'", [{"d": TODAY}]),
        (f"SELECT tranid FROM transaction WHERE trandate >= TO_DATE('{TODAY}', 'YYYY-MM-DD') AND type = 'CustInvc' AND ROWNUM <= 1", [{"tranid": "INV-1"}]),
        ("SELECT TOP 1 tranid FROM transaction WHERE type = 'CustInvc' ORDER BY tranid DESC", [{"tranid": "INV-2"}]),
        ("SELECT tranid FROM transaction WHERE type = 'CustInvc' ORDER BY tranid DESC FETCH FIRST 1 ROWS ONLY", [{"tranid": "INV-2"}]),
        ("SELECT tranid FROM transaction WHERE type = 'CustInvc' ORDER BY tranid OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY", [{"tranid": "INV-2"}]),
        ("SELECT BUILTIN.DF(t.currency) AS c, BUILTIN.DF(t.postingperiod) IS NOT NULL AS p FROM transaction t WHERE t.tranid = 'INV-2'", [{"c": "EUR", "p": "1"}]),
        ("SELECT TRUNC(trandate, 'MM') m, trandate - TRUNC(trandate, 'DD') d, trandate + 0 s FROM transaction WHERE tranid = 'INV-1'", [{"m": f"{int(TODAY[5:7])}/1/{TODAY[:4]}", "d": "0", "s": SHORT}]),
        ("SELECT tranid FROM transaction WHERE type = 'CustInvc' AND trandate BETWEEN BUILTIN.RELATIVE_RANGES('TM', 'START') AND BUILTIN.RELATIVE_RANGES('TODAY', 'END', 'DATETIME_AS_DATE') AND foreigntotal > 100", [{"tranid": "INV-1"}]),
        ("SELECT COUNT(*) n FROM transaction WHERE trandate < BUILTIN.RELATIVE_RANGES('LFY', 'START')", [{"n": "0"}]),
        ("SELECT TO_CHAR(foreigntotal, 'FM9,990.00') f, TO_CHAR(foreigntotal, '999.9') g, TO_CHAR(-5, '99') h FROM transaction WHERE tranid = 'INV-1'", [{"f": "150.00", "g": " 150.0", "h": " -5"}]),
        ("SELECT REGEXP_SUBSTR(tranid, '[0-9]+') n, REGEXP_REPLACE(tranid, '([A-Z]+)-([0-9])', '\\2/\\1') r, REGEXP_INSTR(tranid, '-') i FROM transaction WHERE REGEXP_LIKE(tranid, '^inv-1$', 'i')", [{"n": "1", "r": "1/INV", "i": "4"}]),
        ("SELECT LPAD('5', 3, '0') a, RPAD('abc', 2) b, INITCAP('o''neil SMITH') c, INSTR('banana', 'a', -1, 2) d, TRANSLATE('a-b', '-', '_') e, CAST(5 AS VARCHAR2(3)) f FROM dual", [{"a": "005", "b": "ab", "c": "O'Neil Smith", "d": "4", "e": "a_b", "f": "5"}]),
        ("SELECT BUILTIN.DF(type) AS t, type FROM transaction WHERE tranid = 'INV-1'", [{"t": "Invoice", "type": "CustInvc"}]),
        ("SELECT BUILTIN.CF(status) AS s FROM transaction WHERE tranid = 'INV-1'", [{"s": "A"}]),
        ("SELECT tranid FROM transaction WHERE status = 'CustInvc:A' ORDER BY tranid", [{"tranid": "INV-1"}, {"tranid": "INV-2"}]),
        ("SELECT COUNT(*) AS n FROM transaction t WHERE t.status IN ('CustPymt:B', 'SalesOrd:B')", [{"n": "1"}]),
        (f"SELECT tranid FROM transaction WHERE trandate = '{SHORT}' AND type = 'CustInvc' AND trandate BETWEEN '1/1/2020' AND '12/31/2099' ORDER BY tranid", [{"tranid": "INV-1"}, {"tranid": "INV-2"}]),
        ("SELECT c.externalid, COUNT(t.id) AS n FROM customer c, transaction t WHERE t.entity(+) = c.id AND t.type(+) = 'CustPymt' GROUP BY c.externalid ORDER BY c.externalid", [{"externalid": "C-1", "n": "1"}, {"externalid": "C-2", "n": "0"}]),
        ("SELECT custbody_deal FROM transaction WHERE tranid = 'INV-1'", [{"custbody_deal": "D-1"}]),
        ("SELECT tranid FROM transaction WHERE custbody_deal = 'D-1'", [{"tranid": "INV-1"}]),
        ("SELECT memo FROM transaction WHERE memo = 'it''s'", [{"memo": "it's"}]),
        ("SELECT currency, SUM(foreigntotal) AS total FROM transaction WHERE type = 'CustInvc' GROUP BY currency HAVING SUM(foreigntotal) > 100", [{"currency": "1", "total": "150"}]),
        ("SELECT AVG(foreigntotal) AS a, MIN(tranid) AS m FROM transaction WHERE type = 'CustInvc'", [{"a": "80", "m": "INV-1"}]),
        ("SELECT NVL(memo, 'none') AS m FROM transaction WHERE tranid = 'INV-2'", [{"m": "none"}]),
        ("SELECT NVL2(memo, 'some', 'none') AS m, DECODE(status, 'A', 'open', 'done') AS s FROM transaction WHERE tranid = 'INV-2'", [{"m": "none", "s": "open"}]),
        ("SELECT CASE WHEN foreigntotal > 100 THEN 'big' ELSE 'small' END AS size FROM transaction WHERE type = 'CustInvc' ORDER BY tranid", [{"size": "big"}, {"size": "small"}]),
        ("SELECT UPPER(SUBSTR(tranid, 1, 3)) || '-' || LENGTH(tranid) AS x FROM transaction WHERE tranid = 'INV-1'", [{"x": "INV-5"}]),
        # Also where midnight has passed since TODAY was read.
        (f"SELECT (TRUNC(SYSDATE) - trandate) - (TRUNC(SYSDATE) - TO_DATE('{TODAY}', 'YYYY-MM-DD')) AS age FROM transaction WHERE tranid = 'INV-1'", [{"age": "0"}]),
        ("SELECT TO_CHAR(ADD_MONTHS(TO_DATE('2026-01-31', 'YYYY-MM-DD'), 1), 'YYYY-MM-DD') AS d FROM dual", [{"d": "2026-02-28"}]),
        ("SELECT EXTRACT(YEAR FROM trandate) AS y FROM transaction WHERE tranid = 'INV-1'", [{"y": TODAY[:4]}]),
        ("SELECT ROUND(2.345, 2) AS r, MOD(7, 3) AS m, FLOOR(2.7) AS f, TO_NUMBER('5.50') AS n FROM dual", [{"r": "2.35", "m": "1", "f": "2", "n": "5.5"}]),
        ("SELECT COUNT(DISTINCT entity) AS n FROM transaction", [{"n": "2"}]),
        ("SELECT x.total FROM (SELECT SUM(foreigntotal) AS total FROM transaction WHERE type = 'CustInvc') x", [{"total": "160"}]),
        ("WITH inv AS (SELECT tranid FROM transaction WHERE type = 'CustInvc') SELECT COUNT(*) AS n FROM inv", [{"n": "2"}]),
        ("SELECT 'a' AS k FROM dual UNION ALL SELECT 'b' AS k FROM dual", [{"k": "a"}, {"k": "b"}]),
        ("SELECT tranid, ROW_NUMBER() OVER (ORDER BY tranid DESC) AS n FROM transaction WHERE type = 'CustInvc' ORDER BY tranid", [{"tranid": "INV-1", "n": "2"}, {"tranid": "INV-2", "n": "1"}]),
        ("SELECT * FROM (SELECT a.*, ROWNUM AS rn FROM (SELECT tranid FROM transaction WHERE type = 'CustInvc' ORDER BY tranid) a) WHERE rn > 1", [{"tranid": "INV-2", "rn": "2"}]),
        ("SELECT LISTAGG(tranid, ';') WITHIN GROUP (ORDER BY tranid) AS l FROM transaction WHERE type = 'CustInvc'", [{"l": "INV-1;INV-2"}]),
        ("SELECT c.externalid, t.tranid FROM customer c, transaction t WHERE t.entity = c.id AND t.tranid = 'INV-2'", [{"externalid": "C-2", "tranid": "INV-2"}]),
        ("SELECT e.type, e.entityid FROM entity e JOIN customer c ON c.id = e.id WHERE c.externalid = 'C-1'", None),
        ("SELECT id /* the id */ FROM currency -- of the euro\nWHERE symbol = 'EUR'", [{"id": "4"}]),
        ("SELECT i.itemid, SUM(l.netamount) * -1 AS sold FROM transactionline l JOIN item i ON i.id = l.item GROUP BY i.itemid", [{"itemid": "Subscription", "sold": "160.8"}]),
        ("SELECT l.mainline, l.taxline, l.foreignamount FROM transactionline l JOIN transaction t ON t.id = l.transaction WHERE t.tranid = 'INV-2' ORDER BY l.id", [{"mainline": "T", "taxline": "F", "foreignamount": "10"}, {"mainline": "F", "taxline": "F", "foreignamount": "-10"}]),
        ("SELECT l.debit FROM transactionaccountingline l JOIN transaction t ON t.id = l.transaction WHERE t.tranid = 'INV-2' AND l.debit > 0", [{"debit": "10.8"}]),
        ("SELECT balancesearch FROM customer WHERE externalid = 'C-1'", [{"balancesearch": "90"}]),
        ("SELECT name FROM subsidiary WHERE id = 1", [{"name": "Parent Company"}]),
        ("SELECT name FROM department WHERE name LIKE 'S%' ORDER BY name", [{"name": "Sales"}, {"name": "Services"}]),
        ("SELECT accttype FROM account WHERE acctnumber = '1100'", [{"accttype": "AcctRec"}]),
        ("SELECT l.foreignamount FROM nexttransactionlinelink l WHERE l.nexttype = 'CustPymt'", [{"foreignamount": "60"}]),
        ("SELECT tranid FROM transaction WHERE entity IN (SELECT id FROM customer WHERE externalid = 'C-2')", [{"tranid": "INV-2"}]),
        ("SELECT tranid FROM transaction WHERE trandate = DATE '1999-01-01'", []),
    ],
)  # fmt: skip
def test_queries(books: Raw, q: str, rows: list[dict[str, str]] | None) -> None:
    found = books.rows(q)
    if rows is not None:
        assert found == rows
    else:
        assert len(found) == 1


def test_pages_and_links(raw: Raw) -> None:
    first = ask(raw, "SELECT id FROM account ORDER BY id", limit=15)
    assert first.headers["content-type"] == "application/vnd.oracle.resource+json; type=collection"
    page = first.json()
    assert (page["count"], page["hasMore"], page["totalResults"], page["offset"]) == (15, True, 41, 0)
    assert page["items"][0]["links"] == []
    seen = len(page["items"])
    while page["hasMore"]:
        following = next(each["href"] for each in page["links"] if each["rel"] == "next")
        page = raw.http.post(
            following, json={"q": "SELECT id FROM account ORDER BY id"}, headers={"Prefer": "transient"}
        ).json()
        seen += len(page["items"])
    assert seen == 41
    assert {each["rel"] for each in page["links"]} == {"self", "first", "previous"}
    assert ask(raw, "SELECT id FROM account").json()["count"] == 41
    empty = ask(raw, "SELECT id FROM customer").json()
    assert (empty["items"], empty["totalResults"], empty["hasMore"]) == ([], 0, False)


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"limit": 1001}, "limit"),
        ({"limit": 0}, "limit"),
        ({"limit": 10, "offset": 7}, "offset"),
        ({"offset": -1}, "offset"),
    ],
)
def test_wrong_pages(raw: Raw, params: dict[str, int], name: str) -> None:
    answer = ask(raw, "SELECT id FROM account", **params)
    assert refused(answer)[:2] == (400, "INVALID_PARAMETER")
    assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == name


@pytest.mark.parametrize(
    "q",
    [
        "", "SELEC id FROM account", "DELETE FROM account", "UPDATE account SET id = 1", "SELECT id FROM unicorn",
        "SELECT colour FROM account", "SELECT a.id FROM account b", "SELECT NO_SUCH(id) FROM account",
        "SELECT id FROM account WHERE", "SELECT id FROM account; SELECT id FROM item", "DROP TABLE account",
        "SELECT BUILTIN.SECRET(id) FROM account", "SELECT load_extension('x') FROM dual", "PRAGMA table_info(x)",
        "SELECT TO_DATE('x', 'YYYY') AS d FROM dual", "SELECT ns_sum(id) FROM account",
    ],
)  # fmt: skip
def test_what_is_no_query(raw: Raw, q: str) -> None:
    answer = ask(raw, q)
    assert refused(answer)[:2] == (400, "INVALID_PARAMETER")
    assert answer.json()["o:errorDetails"][0]["o:errorQueryParam"] == "q"
    assert refused(answer)[2].startswith("Invalid search query")


def test_headers_and_bodies(raw: Raw) -> None:
    path = "/services/rest/query/v1/suiteql"
    answer = raw.call("POST", path, json={"q": "SELECT id FROM account"})
    assert answer.json()["o:errorDetails"][0]["o:errorHeader"] == "Prefer"
    assert refused(answer)[:2] == (400, "INVALID_HEADER")
    for body in ({}, {"q": 1}, []):
        assert refused(raw.call("POST", path, json=body, headers={"Prefer": "transient"}))[0] == 400


def test_every_table_can_be_selected(books: Raw) -> None:
    for table in (
        "transaction", "transactionline", "transactionaccountingline", "nexttransactionlinelink", "customer", "entity",
        "item", "account", "accountingperiod", "subsidiary", "currency", "currencyrate", "term", "department",
        "classification", "location", "employee", "vendor", "contact", "paymentmethod", "revrecschedule",
        "revrectemplate", "billingrevenueevent", "customersubsidiaryrelationship", "previoustransactionlinelink",
    ):  # fmt: skip
        answer = ask(books, f"SELECT * FROM {table}")
        assert answer.status_code == 200, (table, answer.text)
        for row in answer.json()["items"]:
            assert all(isinstance(value, str) for name, value in row.items() if name != "links")
            assert not any(name.endswith("__df") for name in row)


def test_every_record_can_be_read(raw: Raw) -> None:
    for listed in raw.get("metadata-catalog")["items"]:
        kind = listed["name"]
        for each in raw.get(kind, limit=3)["items"]:
            shown = raw.get(f"{kind}/{each['id']}", expandSubResources="true", simpleEnumFormat="true")
            assert shown["id"] == each["id"]


def test_the_clock_of_the_mock_is_that_of_sysdate(lab: Sandboxes, raw: Raw) -> None:
    q = {"q": "SELECT TO_CHAR(SYSDATE, 'YYYY') AS y FROM dual"}
    lab.control("netsuite", "POST", "clock", {"advance": 366 * 86_400 * 1_000_000})
    other = Raw(lab)
    answer = other.call("POST", "/services/rest/query/v1/suiteql", json=q, headers={"Prefer": "transient"})
    assert answer.json()["items"][0]["y"] == str(int(TODAY[:4]) + 1)


def test_addresses_and_their_book(raw: Raw) -> None:
    line = {
        "label": "HQ", "defaultBilling": True,
        "addressBookAddress": {"addressee": "Acme", "addr1": "1 Main St", "city": "Reno", "state": "NV", "zip": "89501", "country": {"id": "US"}},
    }  # fmt: skip
    customer = raw.customer(addressBook={"items": [line]})
    q = (
        "SELECT b.label, b.defaultbilling, a.addr1, a.city, a.country, a.addrtext FROM customer c "
        "JOIN customeraddressbook b ON b.entity = c.id "
        "JOIN customeraddressbookentityaddress a ON a.nkey = b.addressbookaddress "
    )
    (row,) = raw.rows(f"{q} WHERE c.id = {customer}")
    assert row == {
        "label": "HQ", "defaultbilling": "T", "addr1": "1 Main St", "city": "Reno", "country": "US",
        "addrtext": "Acme\n1 Main St\nReno NV 89501\nUS",
    }  # fmt: skip
    path = f"customer/{customer}/addressBook/1/addressBookAddress"
    assert raw.get(path)["city"] == "Reno"
    answer = raw.call("PATCH", path, json={"city": "Elko"})
    assert (answer.status_code, answer.headers["location"].rsplit("/", 1)[1]) == (204, "addressBookAddress")
    (row,) = raw.rows(f"{q} WHERE c.id = {customer}")
    assert (row["city"], row["addr1"]) == ("Elko", "1 Main St")
    assert raw.call("GET", f"customer/{customer}/addressBook/1/label").status_code == 404
    assert raw.call("GET", f"customer/{customer}/addressBook/2/addressBookAddress").status_code == 404
    assert raw.call("DELETE", f"customer/{customer}").status_code == 204
    assert raw.rows("SELECT nkey FROM entityaddress") == []


def test_what_was_deleted_can_be_asked_for(lab: Sandboxes, raw: Raw) -> None:
    kept, gone = raw.customer(), raw.customer()
    invoice = raw.invoice(kept, 5)
    assert raw.rows("SELECT recordid FROM deletedrecord") == []
    for path in (f"customer/{gone}", f"invoice/{invoice}"):
        assert raw.call("DELETE", path).status_code == 204
    q = "SELECT recordid, recordtypeid, deleteddate, BUILTIN.DF(deletedby) who FROM deletedrecord ORDER BY recordtypeid"
    rows = raw.rows(q)
    assert [(row["recordid"], row["recordtypeid"]) for row in rows] == [
        (gone, "customer"),
        (invoice, "invoice"),
    ]
    assert rows[0]["who"] == "Integration User"
    since = "deleteddate >= BUILTIN.RELATIVE_RANGES('TODAY', 'START')"
    assert len(raw.rows(f"SELECT recordid FROM deletedrecord WHERE {since}")) == 2
    lab.snapshot("deleted")
    lab.restore("deleted")
    assert len(Raw(lab).rows(q)) == 2


def test_lists_that_always_stand(raw: Raw) -> None:
    q = "SELECT a.name FROM transaction t JOIN approvalstatus a ON a.id = t.approvalstatus WHERE t.type = 'CustInvc'"
    raw.invoice(raw.customer(), 5)
    assert raw.rows(q) == [{"name": "Approved"}]
    assert raw.rows("SELECT name FROM accountingbook WHERE isprimary = 'T'") == [
        {"name": "Primary Accounting Book"}
    ]
    (line,) = raw.rows(
        "SELECT iscogs, cleared, documentnumber, rateamount FROM transactionline WHERE mainline = 'F'"
    )
    assert (line["iscogs"], line["cleared"], line["rateamount"]) == ("F", "F", "5")


def test_what_is_open_grows_old_by_itself(lab: Sandboxes, raw: Raw) -> None:
    raw.invoice(raw.customer(terms={"id": "1"}), 50)  # Net 15
    of_invoice, of_customer = (
        "SELECT daysopen FROM transaction",
        "SELECT overduebalancesearch o FROM customer",
    )
    assert (raw.rows(of_invoice), raw.rows(of_customer)) == ([{"daysopen": "0"}], [{"o": "0"}])
    lab.advance("20d")
    raw = Raw(lab)
    assert (raw.rows(of_invoice), raw.rows(of_customer)) == ([{"daysopen": "20"}], [{"o": "50"}])
    assert raw.get("customer", q="overdueBalance GREATER 0")["totalResults"] == 1
