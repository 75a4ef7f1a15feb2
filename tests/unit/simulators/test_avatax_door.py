"""The door: sign-in, limits, troubles, and the header that every answer carries."""

from __future__ import annotations

import asyncio
from base64 import b64encode

import pytest

from simulators.avatax.routes.table import VENDOR
from simulators.kit.chaos import TROUBLES, Arm
from simulators.kit.clock import MINUTE
from simulators.kit.table import Call

from .avatax_client import BASIC, Client

CREATE = "/api/v2/transactions/create"


def basic(pair: str) -> str:
    return "Basic " + b64encode(pair.encode()).decode()


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        ("", "AuthenticationException"),
        ("Digest x", "AuthenticationIncomplete"),
        ("Bearer x", "BearerTokenInvalid"),
        ("Basic ***", "BasicAuthIncorrect"),
        ("Basic /w==", "BasicAuthIncorrect"),
        (basic("2000000001:wrong"), "AuthenticationException"),
        (basic("someone"), "AuthenticationException"),
    ],
)
def test_strangers_stay_outside(auth, code):
    client = Client()
    answer = client.call("GET", "/api/v2/companies", auth=auth)
    assert (answer.status, answer.error) == (401, code)
    assert answer.headers["x-correlation-id"]
    ping = client.call("GET", "/api/v2/utilities/ping", auth=auth)
    assert (ping.status, ping.json["authenticated"]) == (200, False)


def test_the_account_is_let_in():
    client = Client()
    assert client.get("/api/v2/utilities/ping").json["authenticatedAccountId"] == 2000000001
    assert client.call("GET", "/api/v2/companies", auth=BASIC.replace("Basic ", "basic  ")).status == 200
    held = VENDOR.credentials(client.rules)
    assert basic(f"{held['account']}:{held['license_key']}") == BASIC


def test_companies():
    client = Client()
    answer = client.get("/api/v2/companies", "$filter=companyCode eq 'default'").json
    assert [(row["id"], row["companyCode"], row["isDefault"]) for row in answer["value"]] == [
        (1, "DEFAULT", True)
    ]
    assert client.get("/api/v2/companies/1").json["name"] == "Default Company"
    assert client.get("/api/v2/companies/2").status == 404
    assert client.get("/api/v2/companies/x").error == "ModelStateInvalid"


def test_rate_limit():
    client = Client(rate_per_minute=2)
    path = "/api/v2/companies"
    assert [client.get(path).status for _ in range(3)] == [200, 200, 429]
    limited = client.get(path)
    assert (limited.error, limited.detail["number"]) == ("RequestLimitExceeded", 1715)
    assert client.get("/api/v2/utilities/ping").status == 200
    client.clock.pass_by(MINUTE)
    assert client.get(path).status == 200


def test_too_many_at_once(monkeypatch):
    client = Client(concurrent_max=1)
    go_on = asyncio.Event()

    async def sleep(_):
        await go_on.wait()

    async def story():
        monkeypatch.setattr("simulators.avatax.routes.transactions.asyncio.sleep", sleep)
        slow = asyncio.create_task(client._call("POST", CREATE, b"{}", "$include=ForceTimeout", BASIC))
        while not client.rules.under_way:
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        refused = await client._call("GET", "/api/v2/companies", b"", "", BASIC)
        ping = await client._call("GET", "/api/v2/utilities/ping", b"", "", BASIC)
        go_on.set()
        late = await slow
        after = await client._call("GET", "/api/v2/companies", b"", "", BASIC)
        return refused, ping, late, after

    refused, ping, late, after = asyncio.run(story())
    assert (refused.status, refused.error) == (429, "ConcurrentRequestLimitExceeded")
    assert refused.detail["number"] == 1716
    assert (ping.status, late.status, after.status) == (200, 504, 200)
    assert client.rules.under_way == 0


@pytest.mark.parametrize(
    ("kind", "status", "number"),
    [
        ("throttled", 429, 1715),
        ("token_expired", 401, 30),
        ("unavailable", 503, 500),
        ("server_error", 500, 50),
    ],
)
def test_armed_troubles_execute_nothing(kind, status, number):
    client = Client()
    client.mock.armed.waiting.append(Arm(kind, "create_transaction"))
    answer = client.create()
    assert (answer.status, answer.detail["number"]) == (status, number)
    assert answer.headers["x-correlation-id"]
    assert client.rules.books() == {"documents": []}
    assert client.create().status == 201


def test_every_trouble_is_answered_or_none():
    rules = Client().rules
    silent = {kind for kind in TROUBLES if VENDOR.trouble(rules, kind, Call("GET", "/")) is None}
    assert silent == {"error_in_ok"}


def test_paths_and_methods():
    client = Client()
    assert client.get("/api/v2/nothing").status == 404
    assert client.get("/api/v2/transactions/create/x").status == 404
    wrong = client.call("PATCH", "/api/v2/transactions/create")
    assert (wrong.status, wrong.error) == (405, "IncorrectPathError")
    assert wrong.headers["x-correlation-id"]


def test_nothing_to_disturb():
    client = Client()
    with pytest.raises(ValueError, match="expire_tokens"):
        VENDOR.disturb(client.rules, "expire_tokens", {})


def test_same_seed_same_bytes():
    def story(seed: str) -> list[object]:
        client = Client(seed)
        client.create(code=...)
        client.create("A", commit=True)
        answers = [client.act("refund", {"refundDate": "2026-01-12"}, "A"), client.get("/api/v2/nothing")]
        return [*((a.json, a.headers) for a in answers), client.rules.books(), client.rules.history.changes]

    assert story("one") == story("one")
    assert story("one") != story("two")


def test_reset_is_a_fresh_sandbox():
    client = Client()
    client.create()
    client.mock.reset()
    assert client.rules.books() == {"documents": []}
    assert client.create().status == 201
