"""Spans on their way to a collector: whole and once where it answers, never in the way where it does not."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
from aiohttp import web

from core.canonical.errors import Unavailable
from core.observing.shipping import BATCH, KEPT, Shipper
from core.observing.tracing import Span
from core.ports.world import Request, Response
from core.realtime import AioHttpTransport
from scenarios.world.loop import SimLoop, run


def a_span(n: int, **more: Any) -> Span:
    return Span(f"{7:032x}", f"{n + 1:016x}", f"{9:016x}", "place_order", "internal", 5, "order:1", 8, **more)


class Collector:
    """Implements Transport: answers in turn as it is told, then 200."""

    def __init__(self, *answers: int | Response | Exception) -> None:
        self.answers, self.requests = list(answers), list[Request]()

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Response) else Response(answer)


def ids(request: Request) -> list[str]:
    (resource,) = json.loads(request.body)["resourceSpans"]
    return [span["spanId"] for span in resource["scopeSpans"][0]["spans"]]


def a_shipper(collector: Collector) -> tuple[Shipper, Counter[str]]:
    counts: Counter[str] = Counter()

    def count(name: str, by: int) -> None:
        counts[name] += by

    return Shipper("http://otel:4318/", "tieout", "w-1", collector, count), counts


@pytest.mark.parametrize("trouble", [429, 502, 503, 504, Unavailable("refused")])
def test_what_the_collector_cannot_take_now_is_sent_again_in_its_order(trouble):
    collector = Collector(trouble, 200)
    shipper, counts = a_shipper(collector)

    async def main() -> list[bool]:
        for n in range(3):
            shipper.keep(a_span(n))
        return [await shipper.ship() for _ in range(3)]

    assert asyncio.run(main()) == [False, True, True]
    first, second = collector.requests
    assert (first.url, first.headers) == ("http://otel:4318/v1/traces", {"content-type": "application/json"})
    assert ids(first) == ids(second) == [f"{n:016x}" for n in (1, 2, 3)]
    assert counts == {"spans.sent": 3}


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_what_it_will_never_take_is_counted_and_does_not_stop_the_rest(status):
    collector = Collector(status)
    shipper, counts = a_shipper(collector)

    async def main() -> None:
        for n in range(BATCH + 1):
            shipper.keep(a_span(n))
        await shipper.end()

    asyncio.run(main())
    assert [len(ids(request)) for request in collector.requests] == [BATCH, 1]
    assert counts == {"spans.refused": BATCH, "spans.sent": 1}


_DATE = {"date": "Sat, 01 Mar 2025 10:00:00 GMT", "retry-after": "Sat, 01 Mar 2025 10:02:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 1), ({"retry-after": "90"}, 90), (_DATE, 120), ({"retry-after": "999999999"}, 900),
     ({"retry-after": "soon"}, 1), ({"retry-after": _DATE["retry-after"]}, 1)],
)  # fmt: skip
def test_it_is_left_alone_for_as_long_as_it_asks_and_not_for_ever(headers, seconds):
    collector = Collector(Response(503, headers), 503)
    shipper, _ = a_shipper(collector)
    moments: list[float] = []
    send = collector.send

    async def main(loop: SimLoop) -> None:
        async def noted(request: Request) -> Response:
            moments.append(loop.time())
            return await send(request)

        collector.send = noted  # type: ignore[method-assign]
        shipper.keep(a_span(1))
        running = asyncio.create_task(shipper.run())
        await asyncio.sleep(2000)
        running.cancel()

    run(main)
    first, second, third = moments
    # What it asked for holds once; the pause between two tries grows as ever.
    assert (second - first, third - second) == (pytest.approx(seconds), pytest.approx(2))


def test_memory_is_bounded_while_it_is_away():
    shipper, counts = a_shipper(Collector(*[503] * 9))
    for n in range(KEPT + 7):
        shipper.keep(a_span(n))
    assert counts == {"spans.dropped": 7}
    assert not asyncio.run(shipper.ship())


def test_a_collector_gets_them_over_http_as_the_format_has_it():
    got: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.path, request.content_type, await request.json()))
        return web.json_response({})

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/v1/traces", take)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        async with AioHttpTransport() as transport:
            shipper = Shipper(f"http://127.0.0.1:{port}", "zuora", "zuora", transport)
            shipper.keep(a_span(1, error="no", links=((f"{1:032x}", f"{2:016x}"),), attributes={"n": 3}))
            running = asyncio.ensure_future(shipper.run())
            for _ in range(100):
                if got:
                    break
                await asyncio.sleep(0.01)
            running.cancel()
        await runner.cleanup()

    asyncio.run(main())
    ((path, kind, body),) = got
    assert (path, kind) == ("/v1/traces", "application/json")
    (resource,) = body["resourceSpans"]
    assert {"key": "service.name", "value": {"stringValue": "zuora"}} in resource["resource"]["attributes"]
    (span,) = resource["scopeSpans"][0]["spans"]
    # OTLP JSON: ids in hex, 64-bit numbers as strings, kinds and codes as numbers.
    assert (span["traceId"], span["spanId"], span["kind"]) == (f"{7:032x}", f"{2:016x}", 1)
    assert (span["startTimeUnixNano"], span["endTimeUnixNano"]) == ("5000", "8000")
    assert span["links"] == [{"traceId": f"{1:032x}", "spanId": f"{2:016x}"}]
    assert span["status"] == {"code": 2, "message": "no"}
    assert {"key": "n", "value": {"intValue": "3"}} in span["attributes"]
