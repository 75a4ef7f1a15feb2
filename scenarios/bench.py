"""The measures of the virtual world. Each figure is a ratio, or stands beside a control of the same run.

python -m scenarios.bench [call|year]: all of them where none is named.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import orjson

from core.ports.world import Request
from scenarios.faults import calm_plan
from scenarios.spec import Spec
from scenarios.world.chance import Chance
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop, run
from scenarios.world.network import Network, call_app
from scenarios.world.play import play
from scenarios.world.recorder import Recorder
from simulators.kit.history import History
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.kit.table import Call, Reply, Route, json_reply

# About the size of an invoice with a dozen lines, some 2 kB, as the vendors send them.
_LINE = {
    "id": "8ad097d19840e1020198589b67ee0fb9",
    "sku": "TEAM",
    "quantity": 3,
    "amount": "19.99",
    "tax": "1.77",
}
_BODY = {"id": "INV00000001", "status": "Posted", "currency": "USD", "total": "239.88", "lines": [_LINE] * 20}
_CALLS, _ROUNDS = 4000, 5


def main(names: list[str]) -> int:
    """Run the named benchmarks; 3 if there is none of that name."""
    known: dict[str, Callable[[], None]] = {"call": bench_call, "year": bench_year}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"bench: {unknown[0]!r} is unknown; one of {', '.join(known)}", file=sys.stderr)  # noqa: T201
        return 3
    for name in names or list(known):
        known[name]()
    return 0


def bench_call() -> None:
    """A mock call with everything around it, against a bare ASGI call with the same JSON."""
    bare, full = [], []
    for _ in range(_ROUNDS):
        bare.append(run(_bare))
        full.append(run(_full))
    ratios = [f / b for f, b in zip(full, bare, strict=True)]
    _say(
        f"mock call: bare ASGI {median(bare):.1f} µs, lean face + network + recorder + fault plan"
        f" {median(full):.1f} µs, ratio {median(ratios):.2f}"
        f" ({min(ratios):.2f} to {max(ratios):.2f}; wanted: at most 4)"
    )


async def _bare(_: SimLoop) -> float:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        value = orjson.loads((await receive())["body"])
        body = orjson.dumps(value)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    began = time.process_time()
    for _n in range(_CALLS):
        response = await call_app(app, _request("0"))
        orjson.loads(response.body)
    return (time.process_time() - began) / _CALLS * 1e6


async def _full(loop: SimLoop) -> float:
    draws = KeyedDraws(1)
    recorder = Recorder(lambda: loop.now_us)
    network = Network(loop, draws, Chance(calm_plan(365), draws), recorder)
    mock = Mock(_vendor(), Surroundings(_Now(loop), Ids("1"), _Nowhere(), lambda _: None))
    network.attach(mock, lean_app(mock))
    began = time.process_time()
    for n in range(_CALLS):
        attempt = recorder.begin("echo", "echo", f"key {n}", write=True)
        response = await network.send(_request(attempt))
        orjson.loads(response.body)
        recorder.end(attempt, "ok")
    return (time.process_time() - began) / _CALLS * 1e6


def bench_year() -> None:
    """1,000 customers, 12 months, hybrid: virtual seconds per CPU second, and the memory it takes."""
    played = play(Spec("year", "hybrid", "mid_market", 1000, 12, 1, "none"), repeat=False)
    speed = played.virtual_seconds / played.cpu_seconds
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    control = _control()
    _say(
        f"year: 1,000 customers x 12 months in hybrid, {len(played.evidence.operations):,} calls in"
        f" {played.cpu_seconds:.0f} CPU s: {speed:,.0f} times real time (wanted: 500,000);"
        f" peak memory {memory:,.0f} MiB (wanted: below 1,024);"
        f" one call costs {played.cpu_seconds / len(played.evidence.operations) / control:.1f} times"
        f" a bare ASGI call of {control * 1e6:.1f} µs"
    )


def _control() -> float:
    return float(run(_bare)) / 1e6


class _Now:
    def __init__(self, loop: SimLoop) -> None:
        self._loop = loop

    def now(self) -> int:
        return self._loop.now_us


class _Nowhere:
    async def post(self, *_: Any, **__: Any) -> int | None:
        return None


class _Rules:
    def __init__(self, around: Surroundings) -> None:
        self.history = History(around.clock)


def _vendor() -> Vendor:
    async def echo(_: Any, call: Call) -> Reply:
        return json_reply(200, orjson.loads(call.body))

    async def serve(rules: Any, route: Route, call: Call) -> Reply:
        return await route.handler(rules, call)

    table = (Route("POST", "/v1/things/{id}", "echo", echo, "Echo"),)
    return Vendor("echo", "Echo", 0, table, _Rules, serve, lambda *_: None, {}, lambda _: {})


def _request(attempt: str) -> Request:
    headers = {"content-type": "application/json", "authorization": "Bearer x"}
    return Request(
        "POST", "http://echo/v1/things/1", headers, orjson.dumps(_BODY), "echo", "echo", attempt, True, 30.0
    )


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
