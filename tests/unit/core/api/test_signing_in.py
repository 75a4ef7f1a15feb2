"""OAuth 2.0 client credentials at the core's own API: tokens, scopes, refusals, and their audit lines."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from core.governance.accounts import Account, Accounts, Secret
from core.governance.audit import Deed
from core.governance.scopes import scope_of
from tests.unit.core.api.client import TOKEN, Client, asked

SECRET = "a-secret-of-24-characters"
ACCOUNTS = Accounts(
    (
        Account("reader", frozenset({"exceptions:read", "customers:read"}), (Secret(SECRET),)),
        Account("decider", frozenset({"exceptions:decide"}), (Secret(SECRET),)),
    )
)
FORM = {"content_type": "application/x-www-form-urlencoded"}
GRANT = {"grant_type": "client_credentials"}
READER = {**GRANT, "client_id": "reader", "client_secret": SECRET}


async def sign_in(client: Client, name: str = "reader", secret: str = SECRET, **more: str):
    body = urlencode({**GRANT, "client_id": name, "client_secret": secret, **more}).encode()
    return await client("POST", "/oauth/token", raw=body, token=None, **FORM)


def play(story: Any) -> Any:
    return asked(story, accounts=ACCOUNTS)


def test_a_token_is_given_for_the_secret_and_lets_in_by_scope():
    async def story(client: Client):
        issued = await sign_in(client)
        token = issued.json["access_token"]
        assert (issued.status, issued.json["token_type"], issued.json["expires_in"]) == (200, "Bearer", 900)
        assert issued.headers["cache-control"] == "no-store"
        assert issued.json["scope"] == "customers:read exceptions:read"
        assert (await client("GET", "/v1/exceptions", token=token)).status == 200
        assert (await client("GET", "/v1/customers/acme", token=token)).status == 200
        refused = await client("GET", "/v1/invoices/INV1", token=token)
        released = await client("POST", "/v1/exceptions/1/release", {"reason": "because"}, token=token)
        lines = [(e.who, e.scope, e.outcome) for e in await client.office.store.audited(0, 99)]
        return refused, released.status, lines

    refused, released, lines = play(story)
    assert refused.status == released == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json["type"] == "urn:tieout:problem:forbidden"
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="invoices:read"'
    assert lines == [
        ("reader", "invoices:read", "refused"),
        ("reader", "exceptions:decide", "refused"),
    ]


def test_credentials_may_come_in_the_header_and_fewer_scopes_be_asked_for():
    async def story(client: Client):
        basic = base64.b64encode(f"reader:{SECRET}".encode()).decode()
        issued = await client(
            "POST", "/oauth/token", raw=urlencode({**GRANT, "scope": "customers:read"}).encode(), token=None,
            authorization=f"Basic {basic}", **FORM,
        )  # fmt: skip
        token = issued.json["access_token"]
        return issued.json["scope"], (await client("GET", "/v1/exceptions", token=token)).status

    assert play(story) == ("customers:read", 403)


def test_the_operators_token_may_do_everything_and_is_named_so():
    async def story(client: Client):
        assert (await client("POST", "/v1/operations/redrive", token=TOKEN)).status == 200
        return [(e.who, e.act, e.outcome) for e in await client.office.store.audited(0, 9)]

    assert play(story) == [("operator", "redrive", "asked"), ("operator", "redrive", "done")]


@pytest.mark.parametrize(
    ("body", "status", "error", "lines"),
    [
        ({**GRANT, "client_id": "reader", "client_secret": "wrong"}, 401, "invalid_client", 1),
        ({**GRANT, "client_id": "nobody", "client_secret": SECRET}, 401, "invalid_client", 1),
        (GRANT, 401, "invalid_client", 1),
        ({**READER, "grant_type": "password"}, 400, "unsupported_grant_type", 0),
        ({**READER, "scope": "jobs:run"}, 400, "invalid_scope", 1),
        ([("client_id", "a"), ("client_id", "b")], 400, "invalid_request", 0),
        (b"\xff\xfe", 400, "invalid_request", 0),
    ],
)  # fmt: skip
def test_who_has_no_right_gets_no_token(body, status, error, lines):
    async def story(client: Client):
        raw = body if isinstance(body, bytes) else urlencode(body).encode()
        answer = await client("POST", "/oauth/token", raw=raw, token=None, **FORM)
        return answer, await client.office.store.audited(0, 9)

    answer, written = play(story)
    assert (answer.status, answer.json["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert len(written) == lines
    assert SECRET not in json.dumps(answer.json) + repr(written)


def test_a_strangers_call_is_in_the_audit_log_and_its_token_is_not():
    async def story(client: Client):
        await client("GET", "/v1/exceptions", token="guessed-token-of-mine")
        await client("GET", "/v1/exceptions", token=None)
        return await client.office.store.audited(0, 9)

    written = play(story)
    assert [(e.who, e.act, e.subject, e.reason) for e in written] == [
        ("unknown", "GET", "/v1/exceptions", "wrong or expired token"),
        ("unknown", "GET", "/v1/exceptions", "no bearer token"),
    ]
    assert "guessed" not in repr(written)


def test_a_stranger_is_refused_also_when_nothing_can_be_written_down():
    async def story(client: Client):
        from core.canonical.errors import Unavailable

        async def away(deed: Deed, now: int) -> Any:
            raise Unavailable("store: no answer", system="store")

        client.office.store.note = away  # type: ignore[method-assign]
        return (await client("GET", "/v1/exceptions", token="wrong")).status

    assert play(story) == 401


def test_every_operation_that_asks_who_calls_asks_for_a_scope_that_somebody_can_hold():
    async def story(client: Client):
        return (await client("GET", "/openapi.json", token=None)).json["paths"]

    guarded = [
        (verb.upper(), path)
        for path, verbs in play(story).items()
        for verb, op in verbs.items()
        if "security" in op
    ]
    assert len(guarded) > 15
    assert [each for each in guarded if not scope_of(*each)] == []
