"""Signing in, limits, SuiteQL, troubles, disturbances, both faces."""

import asyncio
from base64 import b64encode
from hashlib import sha1, sha256
from hmac import new
from urllib.parse import quote

import pytest

from simulators.kit.app import fastapi_app
from simulators.kit.chaos import Arm
from simulators.kit.clock import SECOND
from simulators.netsuite.routes.table import VENDOR

from .netsuite_client import QUERY, RECORD, Client, credit_memo, invoice, payment


@pytest.fixture
def erp() -> Client:
    return Client().sign_in().stock()


def test_a_token_is_given_for_an_assertion_and_runs_out():
    erp = Client(token_seconds=60)
    given = erp.token()
    assert (given.status, given.json["expires_in"], given.json["token_type"]) == (200, "60", "bearer")
    erp.bearer = given.json["access_token"]
    assert erp.call("GET", f"{RECORD}/account/101").status == 200
    erp.clock.present += 60 * SECOND
    gone = erp.call("GET", f"{RECORD}/account/101")
    assert (gone.status, gone.error[0], "www-authenticate" in gone.headers) == (401, "INVALID_LOGIN", True)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"grant_type": "password"}, "invalid_request"),
        ({"client_assertion_type": "x"}, "invalid_request"),
        ({"client_assertion": "no.jwt.here"}, "invalid_client"),
        ({"kid": "unknown"}, "invalid_client"),
        ({"iss": "someone"}, "invalid_client"),
        ({"aud": "http://elsewhere/token"}, "invalid_grant"),
        ({"exp": 0}, "invalid_grant"),
        ({"iat": 0}, "invalid_grant"),
        ({"iat": "soon"}, "invalid_grant"),
        ({"scope": ["everything"]}, "invalid_scope"),
    ],
)
def test_wrong_assertions(wrong, error):
    answer = Client().token(**wrong)
    assert answer.status in (400, 401)
    assert answer.json["error"] == error


def test_the_vendors_own_audience_is_taken_too():
    url = "https://tieout-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token"
    assert Client().token(aud=[url]).status == 200


def signed(erp, method, path, body=b"", nonce="n1", base="http://erp.test", **changed):
    c = erp.credentials
    where, _, query = path.partition("?")
    fields = {
        "oauth_consumer_key": c["consumer_key"],
        "oauth_token": c["token_id"],
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(erp.clock.now() // SECOND),
        "oauth_nonce": nonce,
        "oauth_version": "1.0",
    }
    if body:
        fields["oauth_body_hash"] = b64encode(sha1(body).digest()).decode()
    fields |= changed
    pairs = [*fields.items(), *(tuple(each.split("=")) for each in query.split("&") if each)]
    listed = "&".join(f"{k}={v}" for k, v in sorted((quote(k, safe=""), quote(v, safe="")) for k, v in pairs))
    text = "&".join((method, quote(f"{base}{where}", safe=""), quote(listed, safe="")))
    key = f"{c['consumer_secret']}&{c['token_secret']}"
    fields["oauth_signature"] = b64encode(new(key.encode(), text.encode(), sha256).digest()).decode()
    listed = ", ".join(f'{k}="{quote(v, safe="")}"' for k, v in fields.items())
    return f'OAuth realm="{c["account"]}", {listed}'


def test_token_based_authentication_with_body_hash():
    erp = Client()
    path = f"{QUERY}?limit=10&offset=0"
    body = b'{"q": "SELECT id FROM account"}'
    header = signed(erp, "POST", path, body)
    assert erp.call("POST", path, raw=body, authorization=header, prefer="transient").status == 200
    replayed = erp.call("POST", path, raw=body, authorization=header, prefer="transient")
    assert replayed.error[0] == "INVALID_LOGIN"
    header = signed(erp, "POST", path, body, nonce="n2")
    assert erp.call("POST", path, raw=body + b" ", authorization=header, prefer="transient").status == 401
    header = signed(erp, "GET", f"{RECORD}/account/101", nonce="n3")
    assert erp.call("GET", f"{RECORD}/account/102", authorization=header).status == 401
    for i, changed in enumerate(
        ({"oauth_timestamp": "1"}, {"oauth_token": "x"}, {"oauth_signature_method": "PLAINTEXT"})
    ):
        header = signed(erp, "GET", f"{RECORD}/account/101", nonce=f"m{i}", **changed)
        assert erp.call("GET", f"{RECORD}/account/101", authorization=header).status == 401


def test_a_signature_over_the_address_as_called_is_taken_behind_a_proxy():
    erp = Client()
    path = f"{RECORD}/account/101"
    for i, (base, headers) in enumerate(
        (
            ("https://erp.test", {}),
            ("https://erp.test", {"host": "erp.test:443"}),
            ("https://books.example", {"x_forwarded_proto": "https", "x_forwarded_host": "books.example"}),
            ("https://tieout-sb1.suitetalk.api.netsuite.com", {"host": "127.0.0.1:4245"}),
        )
    ):
        header = signed(erp, "GET", path, nonce=f"p{i}", base=base)
        assert erp.call("GET", path, authorization=header, **headers).status == 200, base
    header = signed(erp, "GET", path, nonce="x", base="https://elsewhere.example")
    assert erp.call("GET", path, authorization=header).status == 401


def test_nobody_comes_in_without_credentials():
    erp = Client()
    for header in ("", "Bearer x", "Basic eDp5"):
        assert erp.call("GET", f"{RECORD}/account/101", authorization=header).error[0] == "INVALID_LOGIN"


def test_more_calls_at_once_than_allowed_are_refused_and_not_executed():
    erp = Client(concurrency=2, service_us=1000).sign_in()

    async def rush():
        body = {"companyName": "X", "subsidiary": {"id": "1"}}
        return await asyncio.gather(*(erp.acall("POST", f"{RECORD}/customer", body) for _ in range(3)))

    answers = asyncio.run(rush())
    assert sorted(each.status for each in answers) == [204, 204, 429]
    refused = next(each for each in answers if each.status == 429)
    assert (refused.error[0], refused.json["title"]) == ("CONCURRENCY_LIMIT_EXCEEDED", "Bad Request")
    assert len(erp.mock.rules.books()["customers"]) == 2
    assert erp.call("GET", "/services/rest/system/v1/governanceLimits").json["accountConcurrencyLimit"] == 2


def test_suiteql_selects_sorts_groups_and_joins(erp):
    for i in range(3):
        erp.put("invoice", f"INV-{i}", invoice(tax=0.1, tranDate=f"2026-03-0{i + 1}"))
    erp.put("customerPayment", "P-1", payment(100.1, ("INV-1", 100.1)))
    assert erp.rows(
        "SELECT externalid, foreigntotal, foreignamountunpaid AS due, status FROM transaction "
        "WHERE type = 'CustInvc' AND trandate >= TO_DATE('2026-03-02', 'YYYY-MM-DD') ORDER BY id DESC"
    ) == [
        {"externalid": "INV-2", "foreigntotal": "100.1", "due": "100.1", "status": "A"},
        {"externalid": "INV-1", "foreigntotal": "100.1", "due": "0", "status": "B"},
    ]
    totals = "SELECT type, SUM(foreigntotal) total, COUNT(*) FROM transaction GROUP BY type ORDER BY type"
    assert erp.rows(totals) == [
        {"type": "CustInvc", "total": "300.3", "expr1": "3"},
        {"type": "CustPymt", "total": "100.1", "expr1": "1"},
    ]
    balances = (
        "SELECT a.acctnumber, SUM(NVL(t.foreignamount, 0)) AS balance "
        "FROM transactionAccountingLine l JOIN account a ON a.id = l.account "
        "JOIN transactionLine t ON t.transaction = l.transaction AND t.id = l.transactionline "
        "GROUP BY a.acctnumber ORDER BY a.acctnumber"
    )
    assert erp.rows(balances) == [
        {"acctnumber": "1010", "balance": "100.1"},
        {"acctnumber": "1100", "balance": "200.2"},
        {"acctnumber": "2000", "balance": "-0.3"},
        {"acctnumber": "2100", "balance": "-300"},
    ]
    links = "SELECT l.foreignamount FROM nextTransactionLineLink l WHERE l.linktype = 'Payment'"
    assert erp.rows(links) == [{"foreignamount": "100.1"}]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("externalid IN ('A', 'B')", 2),
        ("externalid = 'A' OR externalid = 'C'", 2),
        ("externalid LIKE 'a%'", 0),
        ("NOT externalid = 'A'", 2),
        ("externalid <> 'A' AND memo IS NULL", 2),
        ("memo IS NOT NULL", 0),
        ("foreigntotal > 118.5", 3),
        ("foreigntotal BETWEEN 1 AND 100", 0),
        ("id = '5001'", 1),
        ("lastmodifieddate > TO_TIMESTAMP('2026-03-14 23:59:59', 'YYYY-MM-DD HH24:MI:SS')", 3),
        ("lastmodifieddate >= '2026-03-16T00:00:00Z'", 0),
        ("TO_CHAR(trandate, 'YYYY-MM') = '2026-03'", 3),
        ("UPPER(externalid) = 'A'", 1),
        ("EXISTS (SELECT 1 FROM customer c WHERE c.id = transaction.entity AND c.externalid = 'ACC-1')", 3),
    ],
)
def test_suiteql_conditions(erp, where, count):
    for name in "ABC":
        erp.put("invoice", name, invoice())
    assert len(erp.rows(f"SELECT id FROM transaction WHERE {where}")) == count


def test_suiteql_sees_every_kind_and_every_change(erp):
    erp.put("invoice", "INV-1", invoice())
    assert erp.rows("SELECT COUNT(*) n FROM transaction") == [{"n": "1"}]
    erp.put("creditMemo", "CM-1", credit_memo())
    erp.delete("invoice", "eid:INV-1")
    assert erp.rows("SELECT type FROM transaction") == [{"type": "CustCred"}]
    for table in ("customer", "item", "accountingPeriod", "revRecSchedule", "currency", "subsidiary", "term"):
        assert erp.ask(f"SELECT * FROM {table}").status == 200
    open_ones = erp.rows(
        "SELECT periodname FROM accountingPeriod WHERE closed = 'F' AND isposting = 'T' ORDER BY startdate"
    )
    assert open_ones[0] == {"periodname": "Mar 2026"}


def test_suiteql_pages(erp):
    page = erp.ask("SELECT id FROM account ORDER BY id", "?limit=10&offset=30").json
    assert (page["count"], page["hasMore"], page["totalResults"]) == (10, True, 41)
    last = erp.ask("SELECT id FROM account ORDER BY id", "?limit=10&offset=40").json
    assert (last["count"], last["hasMore"], last["totalResults"]) == (1, False, 41)
    assert erp.ask("SELECT id FROM account", "?limit=10").json["hasMore"] is True
    assert erp.ask("SELECT id FROM account", "?limit=10&offset=50").json["totalResults"] == 41
    assert erp.ask("SELECT id FROM account ORDER BY id FETCH FIRST 2 ROWS ONLY").json["count"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM transaction", "SELECT 1; SELECT 2", "SELECT id FROM unicorn",
        "SELECT colour FROM customer",
        'SELECT id FROM customer WHERE "x" = \'x\'', "SELECT x.id FROM customer c", "SELEC id", "",
        "SELECT randomblob(9) FROM customer", "SELECT extra__df FROM customer",
        "SELECT id FROM sqlite_master", "SELECT id FROM customer WHERE id = 99999999999999999999",
        "SELECT id FROM customer WHERE datecreated > TO_DATE('x', 'YYYY')",
    ],
)  # fmt: skip
def test_suiteql_refusals(erp, query):
    answer = erp.ask(query)
    assert (answer.status, answer.error[0]) == (400, "INVALID_PARAMETER"), answer.body


def test_suiteql_needs_its_header_and_body(erp):
    assert erp.call("POST", QUERY, {"q": "SELECT id FROM account"}).error[0] == "INVALID_HEADER"
    assert erp.call("POST", QUERY, {"query": "x"}, prefer="transient").error[0] == "INVALID_CONTENT"
    assert erp.ask("SELECT id FROM account", "?limit=10&offset=5").error[0] == "INVALID_PARAMETER"
    assert erp.ask("SELECT id FROM account", "?limit=5000").error[0] == "INVALID_PARAMETER"


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("throttled", 429, "CONCURRENCY_LIMIT_EXCEEDED"),
        ("F40", 429, "CONCURRENCY_LIMIT_EXCEEDED"),
        ("F50", 400, "USER_ERROR"),
        ("F51", 400, "USER_ERROR"),
        ("token_expired", 401, "INVALID_LOGIN"),
        ("unavailable", 503, "SERVICE_UNAVAILABLE"),
        ("server_error", 500, "UNEXPECTED_ERROR"),
    ],
)
def test_troubles_are_not_executed(erp, kind, status, code):
    erp.mock.armed.waiting.append(Arm(kind, operation="upsert"))
    answer = erp.put("invoice", "INV-1", invoice())
    assert (answer.status, answer.error[0]) == (status, code)
    assert erp.mock.rules.books()["invoices"] == []
    assert erp.put("invoice", "INV-1", invoice()).status == 204


def test_an_error_never_hides_in_a_200(erp):
    erp.mock.armed.waiting.append(Arm("error_in_ok"))
    assert erp.put("invoice", "INV-1", invoice()).status == 204


def test_disturbances(erp):
    VENDOR.disturb(erp.mock.rules, "close_period", {"name": "2026-03"})
    assert "closed" in erp.post("invoice", invoice()).error[1]
    VENDOR.disturb(erp.mock.rules, "reopen_period", {"name": "2026-03"})
    assert erp.post("invoice", invoice()).status == 204
    told = [(c.event, c.state, c.refs[0]) for c in erp.mock.rules.history.changes if c.kind == "period"]
    assert told == [("closed", "closed", "2026-03"), ("reopened", "open", "2026-03")]
    VENDOR.disturb(erp.mock.rules, "expire_tokens", {})
    assert erp.call("GET", f"{RECORD}/account/101").status == 401
    with pytest.raises(ValueError, match="explode"):
        VENDOR.disturb(erp.mock.rules, "explode", {})
    with pytest.raises(ValueError, match="1999-01"):
        VENDOR.disturb(erp.mock.rules, "close_period", {"name": "1999-01"})


def test_reset_gives_a_fresh_sandbox(erp):
    erp.put("invoice", "INV-1", invoice())
    erp.mock.reset()
    erp.sign_in()
    assert erp.mock.rules.books()["invoices"] == []
    assert erp.rows("SELECT COUNT(*) n FROM transaction") == [{"n": "0"}]


def test_both_faces_answer_the_same_bytes(erp):
    erp.put("invoice", "INV-1", invoice())
    lean = [
        erp.call("GET", f"{RECORD}/invoice/eid:INV-1"),
        erp.call("GET", "/nowhere"),
        erp.ask("SELECT id FROM term"),
    ]
    erp.app = fastapi_app(erp.mock)
    full = [
        erp.call("GET", f"{RECORD}/invoice/eid:INV-1"),
        erp.call("GET", "/nowhere"),
        erp.ask("SELECT id FROM term"),
    ]
    assert lean == full
    assert "/services/rest/record/v1/{type}/{id}" in erp.app.openapi()["paths"]
