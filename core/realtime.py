"""Real time: the wall clock, keyed chance, sockets, and a watch that writes log lines."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context
from dataclasses import dataclass
from hashlib import blake2b
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from core.canonical.errors import Unavailable, Unclear
from core.governance.audit import Entry
from core.governance.masking import SHAPES_ONLY
from core.observing.logs import Said
from core.ports.meter import Meter, Unmetered
from core.ports.tracing import UNTRACED, Tracer
from core.ports.world import Clock, Request, Response

# How long a connection may take to be made, at most; a share of the request's own time-out.
_CONNECT_SECONDS = 10.0
_CONNECT_SHARE = 0.5
# Idle connections are dropped after so many seconds; many servers close theirs after five, and a
# request written into a connection that is being closed ends as unclear.
_IDLE_SECONDS = 4.0


class WallClock:
    """The machine's clock, which never runs backwards here: an effect must not predate its cause."""

    def __init__(self) -> None:
        self._latest = 0

    def now(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        self._latest = max(self._latest, time.time_ns() // 1000)
        return self._latest


class SeededDraws:
    """Implements core.ports.world.Draws; a deployment has its seed from entropy, a test has not."""

    def __init__(self, seed: str) -> None:
        self._keyed = blake2b(seed.encode(), digest_size=8)

    def uniform(self, *key: object) -> float:
        """In [0, 1); the same for the same key and seed."""
        mixed = self._keyed.copy()
        mixed.update(repr(key).encode())
        return int.from_bytes(mixed.digest(), "little") / 2**64


class AioHttpTransport:
    """Implements core.ports.world.Transport over sockets; an async context manager that owns its session.

    No redirects and no cookies: neither belongs to an API call. The URL is sent as it was given. resolver:
    of names, aiohttp's own if None; most_bytes: of an answer are read, None for all.
    """

    def __init__(
        self,
        connections: int = 200,
        resolver: AbstractResolver | None = None,
        most_bytes: int | None = None,
    ) -> None:
        self._connections, self._resolver, self._most_bytes = connections, resolver, most_bytes
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=_IDLE_SECONDS, resolver=self._resolver
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"user-agent": "tieout"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def send(self, request: Request) -> Response:
        """Unavailable if nothing was sent, Unclear if no whole answer came back in time."""
        if self._session is None:
            raise RuntimeError("the transport is used outside of `async with`")
        try:
            return await self._exchange(self._session, request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unavailable(f"no connection: {error}", system=request.system) from error
        except TimeoutError as error:
            detail = f"no answer in {request.timeout_seconds:g} s"
            raise Unclear(detail, system=request.system) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            detail = f"the answer broke off: {type(error).__name__} {error}"
            raise Unclear(detail, system=request.system) from error

    async def _exchange(self, session: aiohttp.ClientSession, request: Request) -> Response:
        seconds = request.timeout_seconds
        connecting = min(seconds * _CONNECT_SHARE, _CONNECT_SECONDS)
        async with session.request(
            request.method,
            URL(request.url, encoded=True),
            headers=request.headers,
            data=request.body or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=seconds, connect=connecting),
        ) as answer:
            most = self._most_bytes
            body = await (answer.read() if most is None else answer.content.read(most))
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(answer.status, headers, body)


@dataclass(slots=True)
class Attempted:
    """One attempt of the core at a vendor. claim: ok, fail or info; ended_at 0 while under way."""

    id: str
    at: int
    ended_at: int
    system: str
    name: str
    key: str
    number: int
    write: bool
    claim: str


class LogWatch:
    """Implements core.ports.world.Watch: counters, the last troubles, and JSON lines on the `tieout` logger.

    keep: how many ended attempts, alerts and receipts are remembered; memory stays bounded.
    """

    def __init__(
        self,
        clock: Clock,
        keep: int = 1000,
        meter: Meter | None = None,
        tracer: Tracer = UNTRACED,
        mask: Callable[[str], str] = SHAPES_ONLY,
    ) -> None:
        self._mask = mask
        self._clock, self._meter, self.tracer = clock, meter or Unmetered(), tracer
        self._log = logging.getLogger("tieout")
        self._begun = 0
        self._open: dict[str, Attempted] = {}
        self._tries: OrderedDict[tuple[str, str, str], int] = OrderedDict()
        self._most_tries = max(keep, 1) * 10
        self.counts: Counter[str] = Counter()
        self.attempts: deque[Attempted] = deque(maxlen=keep)
        self.alerts: deque[tuple[int, str, str, str]] = deque(maxlen=keep)
        self.receipts: deque[tuple[int, str, str, str, str]] = deque(maxlen=keep)

    def begin(self, system: str, operation: str, key: str, *, write: bool) -> str:
        """An attempt starts; returns its id."""
        self._begun += 1
        number = self._tries.pop((system, operation, key), 0) + 1
        self._tries[system, operation, key] = number
        if len(self._tries) > self._most_tries:
            self._tries.popitem(last=False)
        attempt = Attempted(
            f"a{self._begun}", self._clock.now(), 0, system, operation, key, number, write, "info"
        )
        self._open[attempt.id] = attempt
        return attempt.id

    def end(self, attempt: str, claim: str) -> None:
        """claim: ok, fail or info; an id that is not under way is an error of the caller (KeyError)."""
        ended = self._open.pop(attempt)
        ended.ended_at, ended.claim = self._clock.now(), claim
        self.counts[f"calls.{ended.system}.{claim}"] += 1
        took_us = ended.ended_at - ended.at
        self._meter.called(ended.system, ended.name, claim, again=ended.number > 1, took_us=took_us)
        self.attempts.append(ended)
        if claim != "ok" or self._log.isEnabledFor(logging.DEBUG):
            self._line(
                logging.DEBUG if claim == "ok" else logging.INFO,
                "attempt",
                system=ended.system,
                operation=ended.name,
                key=ended.key,
                number=ended.number,
                claim=claim,
                took_ms=took_us // 1000,
            )

    def receipt(self, channel: str, event: str, outcome: str, reason: str = "") -> None:
        """What became of an event."""
        self.counts[f"events.{channel}.{outcome}"] += 1
        self._meter.received(channel, outcome)
        event, reason = self._mask(event), self._mask(reason)
        self.receipts.append((self._clock.now(), channel, event, outcome, reason))
        level = logging.WARNING if outcome == "rejected" else logging.DEBUG
        self._line(level, "receipt", channel=channel, event=event, outcome=outcome, reason=reason)

    def alert(self, severity: str, subject: str, text: str) -> None:
        """Something a person should see."""
        self.counts[f"alerts.{severity}"] += 1
        self._meter.alerted(severity)
        subject, text = self._mask(subject), self._mask(text)
        self.alerts.append((self._clock.now(), severity, subject, text))
        self._line(logging.WARNING, "alert", severity=severity, subject=subject, text=text)

    def kept(self, entry: Entry) -> None:
        """A line of the audit log: its head is kept here too, where who changes the store does not reach."""
        self.counts[f"audit.{entry.outcome}"] += 1
        self._line(logging.WARNING, "audit", sequence=entry.sequence, hash=entry.hash)

    def runs_on(self, mappings: Sequence[tuple[str, int, str]]) -> None:
        """Name, version and digest of each mapping that this process has read."""
        versions = {name: f"{version}#{digest[:12]}" for name, version, digest in mappings}
        self._line(logging.INFO, "mappings", versions=versions)

    def count(self, name: str, by: int = 1) -> None:
        """A counter of the dashboard."""
        self.counts[name] += by
        self._meter.counted(name, by)

    @property
    def under_way(self) -> int:
        """Attempts that have not ended."""
        return len(self._open)

    def _line(self, level: int, what: str, **fields: object) -> None:
        if self._log.isEnabledFor(level):
            fields = {k: self._mask(v) if isinstance(v, str) else v for k, v in fields.items()}
            self._log.log(level, Said(what, {"at": self._clock.now(), **self.tracer.about(), **fields}))


class Crew:
    """The background work of this process: kept alive, its failures written down, ended together."""

    def __init__(self, name: str) -> None:
        self._log = logging.getLogger(name)
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Start it; nobody waits for its end. In a context of its own, as on another machine."""
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def dismiss(self) -> None:
        """End everything and wait until it has ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._log.error("background work failed", exc_info=error)
