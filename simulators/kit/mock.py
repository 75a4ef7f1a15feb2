"""A vendor as a value, and a mock as that vendor with a memory and a place in the world."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.kit.chaos import Armed
from simulators.kit.clock import Clock
from simulators.kit.ids import Ids
from simulators.kit.table import Call, Matcher, Reply, Route
from simulators.kit.webhooks import Outbound


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a mock needs from outside: time, ids, a way to post, a way to work on its own.

    options: numbers a deployment may change, by name (see each vendor's rules).
    """

    clock: Clock
    ids: Ids
    outbound: Outbound
    spawn: Callable[[Coroutine[Any, Any, None]], object]
    options: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vendor:
    """What makes one vendor differ from the next.

    open: a fresh sandbox (the rules object; it has .history, .books(), .pending()).
    serve: the vendor's own door around a handler: authentication, limits, idempotency keys, errors.
    trouble: this dialect's answer to a trouble of `chaos.TROUBLES`, or None where it has none.
    disturb: makes something happen inside ("expire_tokens", "search_lag", …); ValueError if unknown.
    background: the vendor's own periodic doings (payouts), as one endless coroutine.
    """

    name: str
    title: str
    port: int
    table: tuple[Route, ...]
    open: Callable[[Surroundings], Any]
    serve: Callable[[Any, Route, Call], Awaitable[Reply]]
    trouble: Callable[[str, Call], Reply | None]
    disturb: Callable[[Any, str, Mapping[str, Any]], None]
    credentials: Callable[[Any], dict[str, str]]
    background: Callable[[Any], Coroutine[Any, Any, None]] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the journal of requests."""

    at: int
    method: str
    path: str
    operation: str
    status: int


class Mock:
    """One running mock: `answer` is what both faces call."""

    def __init__(self, vendor: Vendor, surroundings: Surroundings, *, journal: int = 0) -> None:
        self.vendor = vendor
        self.surroundings = surroundings
        self.matcher = Matcher(vendor.table)
        self.rules: Any = vendor.open(surroundings)
        self.armed = Armed()
        self.seen: deque[Seen] = deque(maxlen=journal)

    def reset(self) -> None:
        """Back to a fresh sandbox; armed faults and the journal are forgotten too."""
        self.rules = self.vendor.open(self.surroundings)
        self.armed = Armed()
        self.seen.clear()

    async def answer(self, route: Route | None, call: Call, *, known_path: bool = False) -> Reply:
        """Serve one call: an armed fault first, then the vendor's own door."""
        reply = await self._answer(route, call, known_path)
        if self.seen.maxlen:
            operation = route.operation if route else ""
            now = self.surroundings.clock.now()
            self.seen.append(Seen(now, call.method, call.path, operation, reply.status))
        return reply

    async def _answer(self, route: Route | None, call: Call, known_path: bool) -> Reply:
        if route is None:
            kind = "wrong_method" if known_path else "unknown_path"
            return self.vendor.trouble(kind, call) or Reply(404)
        if self.armed:
            kind = self.armed.take(route.operation, call)
            if kind:
                reply = self.vendor.trouble(kind, call)
                if reply is not None:
                    return reply
        return await self.vendor.serve(self.rules, route, call)
