"""A mock as a part of its caller's trace: headers in, a span for each call, events that carry it on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from simulators.kit.ids import Ids
from simulators.kit.mock import Mock, Surroundings
from simulators.kit.peer import Neighbours
from simulators.kit.spans import ServerSpan, Serving, served
from simulators.kit.table import Call
from simulators.roster import VENDORS

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADER = f"00-{TRACE}-{PARENT}-01"


class Hand:
    def now(self) -> int:
        return 1_000_000


class Posted:
    """Implements Outbound: keeps the headers of what was sent."""

    def __init__(self) -> None:
        self.headers: list[Mapping[str, str]] = []

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        self.headers.append(headers)
        return 200


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (HEADER, True),
        (f"cc-{TRACE}-{PARENT}-01-what-a-later-version-adds", True),
        (f"ff-{TRACE}-{PARENT}-01", False),
        (f"00-{'0' * 32}-{PARENT}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE.upper()}-{PARENT}-01", False),
        (f"00-{TRACE}-{PARENT}", False),
        ("", False),
    ],
)
def test_a_malformed_header_is_ignored(header, taken):
    told: list[ServerSpan] = []
    serving = Serving("zuora", Hand().now, told.append)
    span = serving.begin({"traceparent": header})
    assert (span is not None) == taken
    if span is not None:
        assert served() == f"00-{TRACE}-{span.id}-01" != HEADER
        serving.end(span, "create_order", 200)
        assert served() == ""
        at = 1_000_000
        assert told == [ServerSpan(TRACE, span.id, PARENT, "zuora", "create_order", at, at, 200)]


def stripe(posted: Posted, told: list[ServerSpan]) -> Mock:
    tasks: list[asyncio.Task[None]] = []

    def spawn(work) -> None:
        tasks.append(asyncio.get_running_loop().create_task(work))

    mock = Mock(VENDORS["stripe"], Surroundings(Hand(), Ids("s"), posted, spawn, {}, Neighbours({})))
    mock.trace(told.append)
    return mock


def test_an_event_carries_the_call_that_it_comes_of_and_others_carry_nothing():
    async def main() -> tuple[Posted, list[ServerSpan]]:
        posted, told = Posted(), list[ServerSpan]()
        mock = stripe(posted, told)
        key = mock.vendor.credentials(mock.rules)["secret_key"]
        signed = {"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"}
        hook = b"url=http://core/hook&enabled_events[0]=customer.created"
        assert (await mock.call(Call("POST", "/v1/webhook_endpoints", "", dict(signed), hook))).status == 200
        for traced in ({"traceparent": HEADER}, {}):
            call = Call("POST", "/v1/customers", "", {**signed, **traced}, b"name=Acme")
            assert (await mock.call(call)).status == 200
        await asyncio.sleep(0.05)
        return posted, told

    posted, (span,) = asyncio.run(main())
    assert (span.trace, span.parent, span.operation, span.status) == (TRACE, PARENT, "create_customer", 200)
    carried = [headers.get("traceparent") for headers in posted.headers]
    assert carried == [f"00-{TRACE}-{span.id}-01", None]


def test_a_call_that_is_refused_or_unknown_has_a_span_too():
    async def main() -> list[ServerSpan]:
        told = list[ServerSpan]()
        mock = stripe(Posted(), told)
        for path in ("/v1/customers", "/v1/no/such/thing"):
            await mock.call(Call("GET", path, "", {"traceparent": HEADER}, b""))
        return told

    refused, unknown = asyncio.run(main())
    assert (refused.operation, refused.status) == ("list_customers", 401)
    assert (unknown.operation, unknown.status) == ("", 404)
    assert refused.id != unknown.id
