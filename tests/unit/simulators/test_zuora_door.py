"""The door: sign-in, API versions, limits, idempotency keys, unknown fields, troubles."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pytest

from simulators.kit.chaos import TROUBLES, Arm
from simulators.kit.table import Call
from simulators.zuora.routes.table import VENDOR

from .zuora_client import Zuora, account, order, run, subscribed

JSON = {"content-type": "application/json"}


def test_sign_in() -> None:
    async def story() -> None:
        zuora = Zuora()
        answer = await zuora.sign_in()
        assert answer.json["token_type"] == "bearer"
        assert answer.json["expires_in"] == 3600
        assert answer.headers["x-ratelimit-limit-minute"] == "2000"
        own = VENDOR.credentials(zuora.rules)
        assert len(own["client_id"]) == 36
        assert len(own["client_secret"]) <= 42
        wrong = {**own, "client_secret": "x", "grant_type": "client_credentials"}
        assert (await zuora.send("POST", "/oauth/token", urlencode(wrong).encode())).status == 401
        odd = urlencode({**own, "grant_type": "password"}).encode()
        assert (await zuora.send("POST", "/oauth/token", odd)).status == 400

    run(story)


def test_a_token_is_needed_and_dies() -> None:
    async def story() -> None:
        zuora = Zuora()
        answer = await zuora.send("GET", "/v1/accounts/A-1", b"", {"authorization": "Bearer nobody"})
        assert (answer.status, answer.category) == (401, 11)
        assert str(answer.json["reasons"][0]["code"]).startswith("9")
        await zuora.sign_in()
        await zuora.no(40, "GET", "/v1/accounts/A-1")
        VENDOR.disturb(zuora.rules, "expire_tokens", {})
        await zuora.no(11, "GET", "/v1/accounts/A-1")
        await zuora.sign_in()
        zuora.clock.moment += 3600 * 1_000_000
        await zuora.no(11, "GET", "/v1/accounts/A-1")
        with pytest.raises(ValueError, match="expire_tokens"):
            VENDOR.disturb(zuora.rules, "nonsense", {})

    run(story)


def test_the_status_of_an_error_depends_on_the_version() -> None:
    async def story() -> None:
        zuora = Zuora()
        for version, status in (
            ("2025-08-12", 404),
            ("2024-05-20", 404),
            ("2023-10-24", 200),
            ("211.0", 200),
        ):
            answer = await zuora.call("GET", "/v1/accounts/A-9", zuora_version=version)
            assert (answer.status, answer.category) == (status, 40)
            assert answer.json["success"] is False
            assert len(answer.json["processId"]) == 16
        assert (await zuora.call("GET", "/v1/accounts/A-9")).status == 404
        answer = await zuora.call("GET", "/object-query/accounts/A-9", zuora_version="211.0")
        assert answer.status == 404
        # CRUD refuses in its own words, with 400 (SDK: ProxyBadRequestResponse).
        answer = await zuora.call("POST", "/v1/object/product", {"Name": "x"})
        assert (answer.status, answer.json["Success"]) == (400, False)
        assert answer.json["Errors"][0]["Code"] == "MISSING_REQUIRED_VALUE"

    run(story)


def test_bodies_that_do_not_fit() -> None:
    async def story() -> None:
        zuora = Zuora()
        await zuora.sign_in()
        own = {"authorization": f"Bearer {zuora.token}"}
        for body in (b"{", b"[]", b"7"):
            answer = await zuora.send("POST", "/v1/accounts", body, {**own, **JSON})
            assert (answer.status, answer.category) == (400, 90)
        answer = await zuora.send("PUT", "/v1/invoices/x/post", b"", own)
        assert (answer.status, answer.category) == (415, 45)
        answer = await zuora.no(21, "POST", "/v1/accounts", account(shoeSize=9))
        assert "shoeSize" in answer.message
        wish = account()
        wish["billToContact"]["shoeSize"] = "9"
        assert "billToContact.shoeSize" in (await zuora.no(21, "POST", "/v1/accounts", wish)).message
        await zuora.no(20, "POST", "/v1/accounts", account(billCycleDay="first"))

    run(story)


def test_limits() -> None:
    async def story() -> None:
        zuora = Zuora(rate_per_minute=2, token_rate_per_minute=3)
        answer = await zuora.call("GET", "/v1/accounts/A-9")
        assert answer.headers["ratelimit-remaining"] == "1"
        assert answer.headers["ratelimit-limit"].startswith("2, 2;w=60, ")
        assert answer.headers["concurrency-limit-limit"] == "40"
        await zuora.call("GET", "/v1/accounts/A-9")
        answer = await zuora.no(70, "GET", "/v1/accounts/A-9")
        assert (answer.status, answer.headers["retry-after"]) == (429, "1")
        zuora.clock.moment += 60_000_000
        await zuora.no(40, "GET", "/v1/accounts/A-9")
        for _ in range(3):
            await zuora.sign_in()
        with pytest.raises(KeyError):
            await zuora.sign_in()
        busy = Zuora(service_us=1, concurrency=1)
        await busy.sign_in()
        first, second = await asyncio.gather(
            busy.call("GET", "/v1/accounts/A-9"), busy.call("GET", "/v1/accounts/A-9")
        )
        assert {first.status, second.status} == {404, 429}
        free = Zuora(rate_per_minute=0)
        await free.no(40, "GET", "/v1/accounts/A-9")

    run(story)


def test_idempotency_keys() -> None:
    async def story() -> None:
        zuora = Zuora()
        first = await zuora.call("POST", "/v1/accounts", account(), idempotency_key="k1")
        again = await zuora.call("POST", "/v1/accounts", account(), idempotency_key="k1")
        assert first.status == 200
        assert (again.status, again.body, again.headers) == (first.status, first.body, first.headers)
        # A failure is kept as well, and the body is not compared.
        no = await zuora.call("POST", "/v1/accounts", account(), idempotency_key="k2")
        assert no.status == 400
        same = await zuora.call("POST", "/v1/accounts", account("A-2"), idempotency_key="k2")
        assert same.body == no.body
        other = await zuora.call("POST", "/v1/orders", {}, idempotency_key="k1")
        assert other.status == 422
        long = await zuora.call("POST", "/v1/accounts", account("A-3"), idempotency_key="k" * 256)
        assert (long.status, long.category) == (400, 20)
        # Other methods ignore the key.
        await zuora.ok("PUT", "/v1/accounts/A-1", {"notes": "x"}, idempotency_key="k1")
        zuora.clock.moment += 24 * 3600 * 1_000_000
        zuora.token = ""
        late = await zuora.call("POST", "/v1/accounts", account(), idempotency_key="k1")
        assert late.status == 400
        slow = Zuora(service_us=1)
        await slow.sign_in()
        both = await asyncio.gather(
            slow.call("POST", "/v1/accounts", account(), idempotency_key="k"),
            slow.call("POST", "/v1/accounts", account(), idempotency_key="k"),
        )
        assert sorted(answer.status for answer in both) == [200, 409]
        assert both[1].category == 50

    run(story)


def test_an_armed_fault_answers_with_the_headers_of_every_answer() -> None:
    """The headers are what a client paces itself by, above all in a refusal for too many requests."""

    async def story() -> None:
        zuora = Zuora()
        await zuora.sign_in()
        ordinary = {name for name in (await zuora.call("GET", "/v1/accounts/A-1")).headers if "limit" in name}
        for kind, left in (("throttled", "0"), ("server_error", "49999"), ("error_in_ok", "49999")):
            zuora.mock.armed.waiting.append(Arm(kind))
            answer = await zuora.call("GET", "/v1/accounts/A-1")
            assert ordinary <= answer.headers.keys(), kind
            assert answer.headers["ratelimit-remaining"] == left
            assert answer.headers["zuora-request-id"]
        zuora.mock.armed.waiting.append(Arm("token_expired"))
        assert (await zuora.sign_in()).status == 200  # who signs in has no token yet
        assert (await zuora.call("GET", "/v1/accounts/A-1")).status == 401

    run(story)


def test_every_trouble_has_an_answer() -> None:
    rules = Zuora().rules
    call = Call("POST", "/v1/payments", headers=JSON, body=b"{}")
    statuses = {}
    for kind in TROUBLES:
        reply = VENDOR.trouble(rules, kind, call)
        assert reply is not None
        statuses[kind] = reply.status
    assert statuses == {
        "unknown_path": 404,
        "wrong_method": 405,
        "throttled": 429,
        "token_expired": 401,
        "error_in_ok": 200,
        "unavailable": 503,
        "server_error": 500,
    }
    assert VENDOR.trouble(rules, "nonsense", call) is None


def test_armed_troubles_do_nothing_but_answer() -> None:
    async def story() -> None:
        zuora = Zuora()
        zuora.mock.armed.waiting.append(Arm("error_in_ok", "create_account"))
        answer = await zuora.call("POST", "/v1/accounts", account())
        assert (answer.status, answer.json["success"], answer.category) == (200, False, 61)
        zuora.mock.armed.waiting.append(Arm("throttled"))
        answer = await zuora.no(70, "POST", "/v1/accounts", account())
        assert answer.headers["retry-after"] == "1"
        assert len(zuora.rules.state.accounts) == 0
        await zuora.ok("POST", "/v1/accounts", account())
        unknown = await zuora.send("GET", "/v2/nothing")
        assert (unknown.status, unknown.category) == (404, 40)
        wrong = await zuora.send("DELETE", "/v1/orders")
        assert (wrong.status, wrong.category) == (405, 45)

    run(story)


def test_two_sandboxes_of_one_seed_are_the_same() -> None:
    async def story() -> None:
        one, two = Zuora(), Zuora()
        for zuora in (one, two):
            await subscribed(zuora)
            await zuora.bill("2026-03-01")
        assert one.rules.books() == two.rules.books()
        assert one.rules.history.changes == two.rules.history.changes

    run(story)


def test_track_ids_come_back() -> None:
    async def story() -> None:
        zuora = Zuora()
        answer = await zuora.call("GET", "/v1/accounts/A-9", zuora_track_id="t-1")
        assert answer.headers["zuora-track-id"] == "t-1"
        assert len(answer.headers["zuora-request-id"]) == 32
        assert order("O", "2026-01-01")["orderNumber"] == "O"

    run(story)
