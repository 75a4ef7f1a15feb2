"""The virtual network: latency by draw, faults by plan, servers in tasks of their own.

A client's time-out never reaches the server: each request is served in its own task with a fresh
context, as on another machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

from core.canonical.errors import Unavailable, Unclear
from core.ports.world import Request, Response
from scenarios.faults import Fault
from scenarios.world.chance import Chance
from scenarios.world.draws import KeyedDraws, LogNormal
from scenarios.world.hosts import HOST, Host
from scenarios.world.loop import SimLoop
from scenarios.world.recorder import Attempt, Recorder
from simulators.kit.mock import Mock
from simulators.kit.table import Call

Asgi = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]

_SERVER = ("sim", 80)
_CLIENT = ("core", 0)
# Median and 95th percentile of an API call, seconds (generator parameters, "latency"); its longest.
_LATENCY = LogNormal(0.2, 0.8)
_LATENCY_MAX = 20.0


class Network:
    """Implements core.ports.world.Transport over the mocks' lean faces."""

    def __init__(self, loop: SimLoop, draws: KeyedDraws, chance: Chance, recorder: Recorder) -> None:
        self._loop, self._draws, self._chance, self._recorder = loop, draws, chance, recorder
        self._apps: dict[str, tuple[Asgi, Mock]] = {}
        self.in_flight = 0
        self.crash: Callable[[float], None] = lambda _: None
        # (system, operation) -> microseconds by which a replica that answers half of its calls is behind.
        self.lagging: dict[tuple[str, str], int] = {}
        self._answered: dict[str, list[tuple[int, Response]]] = {}
        # What mocks raised; a run with any of these is not judged.
        self.failures: list[BaseException] = []

    def attach(self, mock: Mock, app: Asgi) -> None:
        """Make a mock reachable as http://<name>."""
        self._apps[mock.vendor.name] = (app, mock)

    async def send(self, request: Request) -> Response:
        attempt = self._recorder.attempt(request.attempt)
        fault = self._chance.meet(
            "call", request.system, attempt.name, attempt.key, attempt.number, self._loop.now_us
        )
        if request.write:
            self._recorder.wrote(request)
        away = self._latency(attempt)
        future: asyncio.Future[Response] = self._loop.create_future()
        plan = _Passage(self, request, attempt, future, HOST.get())
        if fault is None:
            plan.travel(away * 0.4, away * 0.6)
        else:
            attempt.fault = fault.id
            self._recorder.fire(fault.id, (request.system, attempt.name, attempt.key, str(attempt.number)))
            self._disturb(plan, fault, away)
        return await future

    def replica(self, request: Request, attempt: Attempt) -> Response | None:
        """The oldest answer to the same question that is not older than the lag, on half of the calls; None
        for one that the vendor itself answers."""
        lag = self.lagging.get((request.system, attempt.name), 0)
        if not lag or self._chance.healed or self._draws.uniform("replica", *_site(attempt)) < 0.5:
            return None
        since = self._loop.now_us - lag
        return next((given for at, given in self._answered.get(request.url, ()) if at >= since), None)

    def answered(self, request: Request, attempt: Attempt, response: Response) -> None:
        """What a replica may say again for a while."""
        if (request.system, attempt.name) in self.lagging:
            self._answered.setdefault(request.url, []).append((self._loop.now_us, response))

    def _latency(self, attempt: Attempt) -> float:
        uniform = self._draws.uniform("latency", *_site(attempt)[:3], self._recorder.turn(attempt))
        return min(_LATENCY.value(uniform), _LATENCY_MAX)

    def _disturb(self, passage: _Passage, fault: Fault, away: float) -> None:
        timeout = passage.request.timeout_seconds
        there, back = away * 0.4, away * 0.6
        match fault.id:
            case "F01":
                passage.travel(there, None)
                passage.fail_after(timeout, Unclear("no answer in time", system=passage.request.system))
            case "F02":
                # Half of them are refused at once, half vanish on the way.
                refused = self._draws.uniform("F02 kind", *_site(passage.attempt)) < 0.5
                error = (
                    Unavailable("connection refused", system=passage.request.system)
                    if refused
                    else Unclear("no answer in time", system=passage.request.system)
                )
                passage.fail_after(there if refused else timeout, error)
            case "F03":
                passage.travel(timeout + fault.param("late_seconds"), None)
                passage.fail_after(timeout, Unclear("no answer in time", system=passage.request.system))
            case "F06":
                passage.travel(there, back, trouble="error_in_ok")
            case "F39":
                passage.travel(there, back, trouble="throttled")
            case "F42":
                _, mock = self._apps[passage.request.system]
                mock.vendor.disturb(mock.rules, "expire_tokens", {})
                passage.travel(there, back)
            case "F17":
                passage.travel(there, back + fault.param("late_seconds"))
            case "F23":
                passage.travel(there, back, crash_seconds=fault.param("down_seconds"))
            case _:
                raise AssertionError(f"{fault.id} is no fault of a call")


def _site(attempt: Attempt) -> tuple[str, str, str, int]:
    # Without what stands behind "#": a vendor's number, which differs from model to model.
    return attempt.system, attempt.name, attempt.key.partition("#")[0], attempt.number


class _Passage:
    """One request on its way there and back."""

    __slots__ = ("attempt", "future", "host", "network", "request")

    def __init__(
        self,
        network: Network,
        request: Request,
        attempt: Attempt,
        future: asyncio.Future[Response],
        host: Host | None,
    ) -> None:
        self.network, self.request, self.attempt = network, request, attempt
        self.future, self.host = future, host

    def travel(
        self, there: float, back: float | None, *, trouble: str = "", crash_seconds: float = 0.0
    ) -> None:
        """Arrive after `there` seconds, be served, answer after `back` (None: the answer is lost)."""
        self.network.in_flight += 1
        loop = self.network._loop
        loop.call_later(there, self._arrive, back, trouble, crash_seconds, context=Context())

    def fail_after(self, seconds: float, error: Exception) -> None:
        """The client gives up."""
        self.network._loop.call_later(seconds, self._fail, error, context=Context())

    def _fail(self, error: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(error)
            self.future.exception()  # whoever waited may be dead; then nobody looks, and that is right

    def _arrive(self, back: float | None, trouble: str, crash_seconds: float) -> None:
        self.network._loop.create_task(self._serve(back, trouble, crash_seconds))

    async def _serve(self, back: float | None, trouble: str, crash_seconds: float) -> None:
        app, mock = self.network._apps[self.request.system]
        self.attempt.arrived_at = self.network._recorder.now()
        response = self._trouble(mock, trouble) if trouble else None
        response = response or self.network.replica(self.request, self.attempt)
        try:
            if response is None:
                response = await call_app(app, self.request, self.attempt.id)
                self.network.answered(self.request, self.attempt, response)
        except Exception as error:  # noqa: BLE001 - a mock that fails is a failure of the harness
            self.network.failures.append(error)
            response = Response(500)
        self.attempt.status = response.status
        self.network.in_flight -= 1
        if crash_seconds and self.host is not None and self.host.up:
            self.network.crash(crash_seconds)
        elif back is not None:
            self.network._loop.call_later(back, self._deliver, response)

    def _trouble(self, mock: Mock, kind: str) -> Response | None:
        parts = urlsplit(self.request.url)
        call = Call(
            self.request.method, parts.path, parts.query, dict(self.request.headers), self.request.body
        )
        reply = mock.vendor.trouble(mock.rules, kind, call)
        return Response(reply.status, _lower(reply.headers), reply.body) if reply else None

    def _deliver(self, response: Response) -> None:
        if not self.future.done():
            wait = response.headers.get("retry-after", "")
            self.attempt.retry_after = int(wait) if wait.isdigit() else 0
            self.future.set_result(response)


async def call_app(app: Asgi, request: Request, cause: str = "") -> Response:
    """One in-process ASGI call."""
    path_and_query = request.url.partition("://")[2].partition("/")[2]
    path, _, query = path_and_query.partition("?")
    raw = b"/" + path.encode()
    body = request.body
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": raw.decode(),
        "raw_path": raw,
        "root_path": "",
        "query_string": query.encode(),
        "headers": _wire_headers(request.headers, len(body), request.system),
        "server": _SERVER,
        "client": _CLIENT,
        "state": {"cause": cause},
    }
    return await exchange(app, scope, body)


async def exchange(app: Asgi, scope: MutableMapping[str, Any], body: bytes) -> Response:
    """Run an ASGI app over one scope and one body."""
    status = 500
    headers: Any = ()
    chunks: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], message.get("headers", ())
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    decoded = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    return Response(status, decoded, b"".join(chunks))


def _wire_headers(headers: Mapping[str, str], length: int, host: str) -> list[tuple[bytes, bytes]]:
    wire = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    wire.append((b"host", host.encode()))
    wire.append((b"content-length", str(length).encode()))
    return wire


def _lower(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
