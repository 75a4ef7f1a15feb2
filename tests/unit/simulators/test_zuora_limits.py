"""Limits of the billing mock as its vendor documents them: windows, kinds of operation, headers, keys."""

from __future__ import annotations

import asyncio

from simulators.kit.clock import SECOND
from tests.unit.simulators.zuora_client import Zuora, account, run

RATE = "ratelimit-"
CONCURRENT = "concurrency-limit-"


def test_every_answer_behind_the_sign_in_says_what_is_left() -> None:
    async def story() -> None:
        zuora = Zuora(rate_per_minute=4)
        kept = await zuora.call("POST", "/v1/accounts", account(), idempotency_key="k")
        answers = [
            kept,
            await zuora.call("POST", "/v1/orders", {}, idempotency_key="k"),
            await zuora.call("POST", "/v1/orders", {}, idempotency_key="k" * 256),
            await zuora.call("GET", "/v1/accounts/A-1"),
            await zuora.call("GET", "/v1/accounts/A-1"),
        ]
        assert [answer.status for answer in answers] == [200, 422, 400, 200, 429]
        assert [answer.headers[f"{RATE}remaining"] for answer in answers] == ["3", "2", "1", "0", "0"]
        for answer in answers:
            assert answer.headers[f"{RATE}limit"] == "4, 4;w=60, 2250000;w=3600, 27000000;w=86400"
            assert answer.headers[f"{RATE}reset"] == "60"
            assert answer.headers["zuora-request-id"]
            assert answer.headers[f"{CONCURRENT}type"]

    run(story)


def test_the_window_opens_with_its_first_request_and_ends_as_a_whole() -> None:
    async def story() -> None:
        zuora = Zuora(rate_per_minute=2)
        await zuora.call("GET", "/v1/accounts/A-1")
        zuora.clock.moment += 20 * SECOND
        second = await zuora.call("GET", "/v1/accounts/A-1")
        assert second.headers[f"{RATE}reset"] == "40"
        zuora.clock.moment += 39 * SECOND
        refused = await zuora.call("GET", "/v1/accounts/A-1")
        assert (refused.status, refused.headers[f"{RATE}reset"]) == (429, "1")
        zuora.clock.moment += SECOND
        again = await zuora.call("GET", "/v1/accounts/A-1")
        assert (again.status, again.headers[f"{RATE}remaining"]) == (404, "1")

    run(story)


def test_the_window_closest_to_exhaustion_comes_first() -> None:
    async def story() -> None:
        zuora = Zuora(rate_per_minute=10, rate_per_hour=3, rate_per_day=0)
        for _ in range(3):
            answer = await zuora.call("GET", "/v1/accounts/A-1")
        assert answer.headers[f"{RATE}limit"] == "3, 10;w=60, 3;w=3600"
        assert (answer.headers[f"{RATE}remaining"], answer.headers[f"{RATE}reset"]) == ("0", "3600")
        zuora.clock.moment += 60 * SECOND
        assert (await zuora.call("GET", "/v1/accounts/A-1")).status == 429
        free = Zuora(rate_per_minute=0, rate_per_hour=0, rate_per_day=0, concurrency=0)
        answer = await free.call("GET", "/v1/accounts/A-1")
        assert not [name for name in answer.headers if name.startswith((RATE, CONCURRENT))]
        first = await free.call("POST", "/v1/accounts", account(), idempotency_key="k")
        again = await free.call("POST", "/v1/accounts", account(), idempotency_key="k")
        assert first.headers == again.headers

    run(story)


def test_kinds_of_operation_have_limits_of_their_own() -> None:
    async def story() -> None:
        zuora = Zuora()
        for method, path, kind, limit in (
            ("GET", "/v1/accounts/A-1", "Default", "40"),
            ("POST", "/v1/accounts", "High-volume transactions", "200"),
            ("POST", "/v1/orders", "High-volume transactions", "200"),
            ("POST", "/v1/orders/preview", "High-volume transactions", "200"),
            ("PUT", "/v1/subscriptions/A-S1/cancel", "High-volume transactions", "200"),
            ("PUT", "/v1/subscriptions/A-S1/suspend", "Default", "40"),
            ("GET", "/object-query/accounts", "Object Query", "80"),
        ):
            answer = await zuora.call(method, path, None if method == "GET" else {})
            shown = [answer.headers[f"{CONCURRENT}{name}"] for name in ("type", "limit", "remaining")]
            assert shown == [kind, limit, str(int(limit) - 1)]
        busy = Zuora(service_us=1, concurrency=1, concurrency_object_query=2)
        await busy.sign_in()
        paths = ("/v1/accounts/A-1", "/v1/accounts/A-1", *3 * ("/object-query/accounts",))
        answers = await asyncio.gather(*(busy.call("GET", path) for path in paths))
        assert [answer.status for answer in answers] == [404, 429, 200, 200, 429]
        assert answers[1].headers[f"{CONCURRENT}remaining"] == "0"
        assert answers[1].headers["retry-after"] == "1"

    run(story)


def test_refusals_of_the_key_itself_have_a_real_status_in_old_versions() -> None:
    async def story() -> None:
        zuora = Zuora(service_us=1)
        await zuora.sign_in()
        old = {"zuora_version": "315.0", "idempotency_key": "k"}
        both = await asyncio.gather(
            zuora.call("POST", "/v1/accounts", account(), **old),
            zuora.call("POST", "/v1/accounts", account(), **old),
        )
        assert [answer.status for answer in both] == [200, 409]
        assert (await zuora.call("POST", "/v1/orders", {}, **old)).status == 422
        # What the key keeps has the status that the version asks for.
        no = await zuora.call("POST", "/v1/accounts", {}, zuora_version="315.0", idempotency_key="n")
        assert (no.status, no.json["success"]) == (200, False)

    run(story)


def test_the_token_endpoint_counts_and_says_so() -> None:
    async def story() -> None:
        zuora = Zuora(token_rate_per_minute=2)
        seen = []
        for _ in range(3):
            answer = await zuora.call("POST", "/oauth/token", {})
            seen.append((answer.status, answer.headers.get("x-ratelimit-remaining-minute")))
        assert seen[-1] == (429, "0")
        zuora.clock.moment += 60 * SECOND
        assert (await zuora.call("POST", "/oauth/token", {})).status != 429

    run(story)
