"""Writes down what the core did and said; the lab's side of the core's Watch port."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import orjson

from core.ports.tracing import UNTRACED, Tracer
from core.ports.world import Request
from scenarios.evidence.run import Delivery, Operation, Receipt, Written

# A part of a path with a digit in it is an id, unless it is the version of an API.
_ID = re.compile(r"(?<=/)(?!v\d+(?:\.\d+)?(?:/|$))[^/]*\d[^/]*")


class Attempt:
    """An Operation while it is under way."""

    __slots__ = (
        "arrived_at",
        "at",
        "claim",
        "ended_at",
        "fault",
        "id",
        "key",
        "name",
        "number",
        "retry_after",
        "status",
        "system",
        "write",
    )

    def __init__(self, id: str, at: int, system: str, name: str, key: str, number: int, write: bool) -> None:  # noqa: A002
        self.id, self.at, self.system, self.name, self.key = id, at, system, name, key
        self.number, self.write = number, write
        self.ended_at, self.status, self.claim, self.fault = 0, 0, "info", ""
        self.arrived_at = self.retry_after = 0

    def operation(self) -> Operation:
        """The finished record."""
        return Operation(
            self.id,
            self.at,
            self.ended_at,
            self.system,
            self.name,
            self.key,
            self.number,
            self.write,
            self.status,
            self.claim,
            self.fault,
            self.arrived_at,
            self.retry_after,
        )


class Recorder:
    """Append-only. Implements core.ports.world.Watch; the network adds what the wire saw."""

    def __init__(self, now: Callable[[], int], tracer: Tracer = UNTRACED) -> None:
        self.now, self.tracer = now, tracer
        self.attempts: list[Attempt] = []
        self.ended = 0
        self._tries: dict[tuple[str, str, str], int] = {}
        self._before: dict[tuple[str, str, str], int] = {}
        self.deliveries: list[Delivery] = []
        self.receipts: list[Receipt] = []
        self.alerts: list[tuple[int, str, str, str]] = []
        self.counts: Counter[str] = Counter()
        self.fired: list[tuple[str, tuple[str, ...]]] = []
        self._written: dict[tuple[str, str, str, tuple[str, ...]], tuple[Attempt, int]] = {}

    # --- what the core says (Watch) ---

    def begin(self, system: str, operation: str, key: str, *, write: bool) -> str:
        site = (system, operation, key)
        number = self._tries.get(site, 0) + 1
        self._tries[site] = number
        # The index is the id: the network finds the attempt again in constant time.
        attempt = Attempt(str(len(self.attempts)), self.now(), system, operation, key, number, write)
        self.attempts.append(attempt)
        return attempt.id

    def end(self, attempt: str, claim: str) -> None:
        record = self.attempts[int(attempt)]
        record.ended_at, record.claim = self.now(), claim
        self.ended += 1

    def receipt(self, channel: str, event: str, outcome: str, reason: str = "") -> None:
        self.receipts.append(Receipt(self.now(), channel, event, outcome, reason))

    def alert(self, severity: str, subject: str, text: str) -> None:
        self.alerts.append((self.now(), severity, subject, text))

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] += by

    # --- what the wire saw ---

    def rebooted(self) -> None:
        """The core's machine came back: for chance, calls are counted anew from here."""
        self._before = dict(self._tries)

    def turn(self, attempt: Attempt) -> int:
        """Which attempt of its kind it is, from 1, since `rebooted`, if that was ever told."""
        return attempt.number - self._before.get((attempt.system, attempt.name, attempt.key), 0)

    def attempt(self, id: str) -> Attempt:  # noqa: A002
        """The attempt of an id that `begin` gave out."""
        return self.attempts[int(id)]

    def wrote(self, request: Request) -> None:
        """A request that may change something is on its way: which fields it sets of which record."""
        path = _ID.sub("{}", urlsplit(request.url).path)
        what = (request.system, request.method, path, _fields(request))
        first, times = self._written.get(what) or (self.attempt(request.attempt), 0)
        self._written[what] = (first, times + 1)

    def written(self) -> tuple[Written, ...]:
        """All of them, in the order in which each was first seen."""
        return tuple(
            Written(*what, first.name, first.key, first.id, times)
            for what, (first, times) in self._written.items()
        )

    def fire(self, fault: str, site: tuple[str, ...]) -> None:
        """A fault met its site."""
        self.fired.append((fault, site))

    def deliver(
        self,
        channel: str,
        event: str,
        status: int,
        *,
        signed: bool,
        fault: str,
        about: tuple[str, ...] = (),
    ) -> None:
        """An event was handed to the core, or should have been."""
        number = f"d{len(self.deliveries)}"
        self.deliveries.append(Delivery(number, self.now(), channel, event, status, signed, fault, about))


def _fields(request: Request) -> tuple[str, ...]:
    kind = request.headers.get("content-type", "")
    if "json" in kind and request.body:
        body = orjson.loads(request.body)
        return tuple(sorted(body)) if isinstance(body, dict) else ()
    pairs = parse_qsl(request.body.decode(), keep_blank_values=True)
    return tuple(sorted({name.partition("[")[0] for name, _ in pairs}))
