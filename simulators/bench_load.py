"""The client of the benchmark, a process of its own: orders in as lines of JSON, figures out."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

import uvloop

_FORM = "content-type: application/x-www-form-urlencoded\r\n"
_SERIAL = count()


@dataclass(slots=True)
class Tally:
    """What became of the requests of one order. latencies in seconds."""

    left: int
    latencies: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


class Client(asyncio.Protocol):
    """One keep-alive connection: the next request goes out when the answer to the last has come in."""

    def __init__(self, requests: Iterator[bytes], tally: Tally, keep: bool) -> None:
        self._requests, self._tally, self._keep = requests, tally, keep
        self._transport = cast("asyncio.Transport", None)
        self._buffer, self._began = b"", 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head[head.index(b"content-length: ") + 16 :].partition(b"\r")[0])
        if len(body) < length:
            return
        self._tally.latencies.append(time.perf_counter() - self._began)
        if head[9:12] != b"200":
            self._tally.wrong.append(self._buffer[:500].decode("latin-1"))
        if self._keep:
            self._tally.bodies.append(body)
        self._buffer = b""
        self._next()

    def _next(self) -> None:
        if self._tally.left <= 0:
            self._transport.close()
            self.done.set_result(None)
            return
        self._tally.left -= 1
        request = next(self._requests)
        self._began = time.perf_counter()
        self._transport.write(request)


async def press(order: dict[str, Any]) -> dict[str, Any]:
    """Carry one order out: "kind" and "calls" of it over "connections" to "port"."""
    tally = Tally(order["calls"])
    requests = _KINDS[order["kind"]](order)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    clients = []
    for _ in range(order["connections"]):
        _transport, client = await loop.create_connection(
            lambda: Client(requests, tally, order.get("keep_ids", False)), "127.0.0.1", order["port"]
        )
        clients.append(client)
    await asyncio.gather(*(client.done for client in clients))
    ordered = sorted(tally.latencies)
    return {
        "seconds": time.perf_counter() - began,
        "p50_ms": ordered[len(ordered) // 2] * 1000,
        "p99_ms": ordered[len(ordered) * 99 // 100] * 1000,
        "wrong": tally.wrong[:1],
        "ids": [json.loads(body)["id"] for body in tally.bodies],
    }


def _head(order: dict[str, Any], method: str, target: str) -> str:
    return (
        f"{method} {target} HTTP/1.1\r\nhost: 127.0.0.1:{order['port']}\r\nuser-agent: bench\r\n"
        f"accept: */*\r\nauthorization: Bearer {order['key']}\r\n"
    )


def _create(order: dict[str, Any], *, keyed: bool = True) -> Iterator[bytes]:
    head = _head(order, "POST", "/v1/customers") + _FORM
    for n in _SERIAL:
        body = f"name=Customer+{n}&email=c{n}%40example.com&metadata%5Bcrm_account%5D=001{n}"
        key = f"idempotency-key: bench-{n}\r\n" if keyed else ""
        yield f"{head}{key}content-length: {len(body)}\r\n\r\n{body}".encode()


def _fill(order: dict[str, Any]) -> Iterator[bytes]:
    return _create(order, keyed=False)


def _get(order: dict[str, Any]) -> Iterator[bytes]:
    asked = [f"{_head(order, 'GET', f'/v1/customers/{each}')}\r\n".encode() for each in order["ids"]]
    while True:
        yield from asked


def _list(order: dict[str, Any]) -> Iterator[bytes]:
    asked = f"{_head(order, 'GET', '/v1/customers?limit=10')}\r\n".encode()
    while True:
        yield asked


def _search(order: dict[str, Any]) -> Iterator[bytes]:
    query = "/v1/customers/search?query=metadata%5B%27crm_account%27%5D%3A%27001{}%27"
    asked = [f"{_head(order, 'GET', query.format(n))}\r\n".encode() for n in range(90)]
    while True:
        yield from asked


_KINDS: dict[str, Callable[[dict[str, Any]], Iterator[bytes]]] = {
    "create": _create,
    "fill": _fill,
    "get": _get,
    "list": _list,
    "search": _search,
}


def main() -> None:
    """One order a line, until the input ends."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for line in sys.stdin:
            print(json.dumps(runner.run(press(json.loads(line)))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
