"""HTTP with one vendor: signs in, keeps to the limits, turns what comes back into our errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import orjson

from core.canonical.errors import CoreError, Refused, Unavailable, Unclear
from core.connectors.shapes import drifted
from core.ports.world import Clock, Request, Response, Transport, Watch
from core.reliability.ratelimit import BACKGROUND, UNHURRIED, Limiter, Pace, Priority
from core.reliability.sharing import Shared

# The claim of an attempt that ended in an error of this kind; anything else is "info".
_FAIL = (Refused, Unavailable)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait for an answer, and how fast to ask; shared: where all workers keep to one pace; heard:
    is given the limiter, to look at; permit: raises Held for a write that the core may not make."""

    pace: Pace = UNHURRIED
    timeout_seconds: float = 30.0
    shared: Shared | None = None
    heard: Callable[[Limiter], None] = lambda _: None
    permit: Callable[[Exchange], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request before it is signed. form and json exclude each other."""

    operation: str
    key: str
    method: str
    path: str
    write: bool
    json: object = None
    form: bytes | None = None
    headers: Mapping[str, str] | None = None


# (exchange, response) -> None if it is a success, else the error to raise.
Judge = Callable[[Exchange, Response], CoreError | None]


class SignedOut(Unavailable):
    """The vendor did not accept our token; sign in anew and repeat once."""


class Session:
    """One a vendor. `sign_in` returns the headers that carry the credentials."""

    def __init__(
        self,
        system: str,
        base_url: str,
        transport: Transport,
        watch: Watch,
        judge: Judge,
        sign_in: Callable[[], Awaitable[tuple[Mapping[str, str], int]]] | None,
        clock: Clock,
        limits: Limits,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.system, self.base_url = system, base_url.rstrip("/")
        self._transport, self._watch, self._judge, self._sign_in = transport, watch, judge, sign_in
        self._clock, self._limits = clock, limits
        self._headers = dict(headers or {})
        self._signed: Mapping[str, str] = {}
        self._signed_until = 0
        self._signing = asyncio.Lock()
        self._kept_out: tuple[int, CoreError | None] = (0, None)
        self._limiter = Limiter(system, limits.pace, clock, limits.shared)
        limits.heard(self._limiter)

    async def send(self, exchange: Exchange) -> Response:
        """A successful response, or the error that says whether the act happened; Held, before an attempt is
        made, for what the core may not write."""
        if exchange.write and self._limits.permit is not None:
            await self._limits.permit(exchange)
        for last in (False, True):
            signed = await self._signature()
            try:
                async with self._limiter.admitted(_priority(exchange)):
                    return await self._attempt(exchange, signed)
            except SignedOut:
                if signed is self._signed:
                    self._signed_until = 0
                if last:
                    raise
        raise AssertionError("unreachable")

    async def bare(self, exchange: Exchange) -> Response:
        """The same without signing in: for token requests, which keep to the limits like all others."""
        async with self._limiter.admitted(_priority(exchange)):
            return await self._attempt(exchange, {})

    async def _signature(self) -> Mapping[str, str]:
        if self._sign_in is None:
            return self._signed
        came = self._clock.now()
        if came >= self._signed_until:
            # One refresh for all who wait (I-35): whoever comes second finds it done, or tried in vain. If
            # each tried for himself, an outage would bring as many sign-ins as there is work that waits.
            async with self._signing:
                if self._clock.now() >= self._signed_until:
                    failed_at, error = self._kept_out
                    if error is not None and failed_at > came:
                        raise error
                    await self._sign_in_anew(self._sign_in)
        return self._signed

    async def _sign_in_anew(self, sign_in: Callable[[], Awaitable[tuple[Mapping[str, str], int]]]) -> None:
        try:
            self._signed, self._signed_until = await sign_in()
        except CoreError as error:
            self._kept_out = self._clock.now(), error
            raise

    async def _attempt(self, exchange: Exchange, signed: Mapping[str, str]) -> Response:
        attempt = self._watch.begin(self.system, exchange.operation, exchange.key, write=exchange.write)
        claim, tracer = "info", self._watch.tracer
        try:
            with tracer.call(self.system, exchange.operation, key=exchange.key, attempt=attempt):
                response = await self._transport.send(self._request(exchange, signed, attempt))
                error = self._judge(exchange, response)
                if error is not None:
                    if isinstance(error, Unavailable) and _too_much(response, error):
                        await self._limiter.throttled(error.retry_after)
                    raise error
            claim = "ok"
            self._limiter.answered()
            return response
        except _FAIL:
            claim = "fail"
            raise
        finally:
            self._watch.end(attempt, claim)

    def _request(self, exchange: Exchange, signed: Mapping[str, str], attempt: str) -> Request:
        headers = {**self._headers, **signed, **(exchange.headers or {})}
        if parent := self._watch.tracer.traceparent():
            headers["traceparent"] = parent
        body = b""
        if exchange.json is not None:
            body = dumps(exchange.json)
            headers.setdefault("content-type", "application/json")
        elif exchange.form is not None:
            body = exchange.form
            headers.setdefault("content-type", "application/x-www-form-urlencoded")
        return Request(
            exchange.method,
            self.base_url + exchange.path,
            headers,
            body,
            self.system,
            exchange.operation,
            attempt,
            exchange.write,
            self._limits.timeout_seconds,
        )


def _too_much(response: Response, error: Unavailable) -> bool:
    """Whether the vendor wants to be left alone: it says so by status, or by how long, as a 503 may."""
    return response.status == 429 or error.retry_after is not None


def _priority(exchange: Exchange) -> Priority:
    """Acts before questions, and what is only shown to people or looked through by night last."""
    if BACKGROUND.get():
        return Priority.BACKGROUND
    if exchange.operation.startswith("mirror"):
        return Priority.SHOW
    return Priority.ACT if exchange.write else Priority.READ


class _Members(dict[str, Any]):
    """An object of an answer: asked for a member that it lacks, it says that the schema has changed."""

    system = ""

    def __missing__(self, name: str) -> Any:
        there = ", ".join(sorted(self)[:12])
        raise drifted(self.system, f"{name}: is not in {self.system}'s answer, which has {there}")


@cache
def _decoder(system: str) -> json.JSONDecoder:
    members = type(f"Members of {system}", (_Members,), {"system": system})
    return json.JSONDecoder(parse_float=Decimal, object_pairs_hook=members)


def dumps(value: object) -> bytes:
    """Compact JSON; a Decimal becomes a number with exactly its digits."""
    return orjson.dumps(value, default=_decimal)


def _decimal(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f").encode())
    raise TypeError(f"{type(value).__name__} cannot be sent")


def parse(response: Response, system: str) -> Any:
    """The JSON body, numbers with a point as Decimal; Unclear if it is not JSON. `row["amount"]` of it is
    what every such answer has, Held where one lacks it; `row.get("memo")` is what it may have."""
    try:
        return _decoder(system).decode(response.body.decode())
    except ValueError:
        raise Unclear(
            f"{system} answered {response.status} with a body that is no JSON", system=system
        ) from None


def common_error(system: str, response: Response, detail: str, code: str = "") -> CoreError:
    """The reading of a status that all vendors share; dialects decide the finer ones before."""
    status = response.status
    if status == 401:
        return SignedOut(detail, system=system, code=code)
    if status == 429 or (status == 503 and "retry-after" in response.headers):
        return Unavailable(detail, system=system, code=code, retry_after=response.retry_after)
    if status >= 500 or status == 409:
        return Unclear(f"{status}: {detail}", system=system, code=code)
    return Refused(f"{status}: {detail}", system=system, code=code)
