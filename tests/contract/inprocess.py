"""A transport that calls a mock in the same process, and the small still world around the two."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from core.canonical.errors import Unclear
from core.connectors.session import Limits
from core.connectors.writes import guard
from core.governance.ownership import standard
from core.ports.tracing import UNTRACED
from core.ports.world import Request, Response
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock, Surroundings, Vendor

START_US = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z


@dataclass
class StillClock:
    """Stands still until it is moved."""

    at: int = START_US

    def now(self) -> int:
        return self.at

    def advance(self, *, seconds: int) -> None:
        self.at += seconds * 1_000_000


@dataclass
class Claims:
    """A Watch that remembers what was claimed: (operation, key, write, claim), in order of ending."""

    begun: list[tuple[str, str, bool]] = field(default_factory=list)
    ended: list[tuple[str, str, bool, str]] = field(default_factory=list)

    tracer = UNTRACED

    def begin(self, system: str, operation: str, key: str, *, write: bool) -> str:
        self.begun.append((operation, key, write))
        return str(len(self.begun) - 1)

    def end(self, attempt: str, claim: str) -> None:
        self.ended.append((*self.begun[int(attempt)], claim))

    def receipt(self, channel: str, event: str, outcome: str, reason: str = "") -> None: ...

    def alert(self, severity: str, subject: str, text: str) -> None: ...

    def count(self, name: str, by: int = 1) -> None: ...


class Nowhere:
    """An Outbound that reaches nobody."""

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        return None


class InProcess:
    """A Transport. `lose` makes the next answers of an operation get lost after the mock has acted."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self._app = lean_app(mock)
        self.requests: list[Request] = []
        self._losses: Counter[str] = Counter()

    def lose(self, operation: str, times: int = 1) -> None:
        self._losses[operation] += times

    def sent(self, operation: str) -> int:
        """How often an operation was sent."""
        return sum(request.operation == operation for request in self.requests)

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        response = await self._call(request)
        if self._losses[request.operation] > 0:
            self._losses[request.operation] -= 1
            raise Unclear(f"{request.operation}: the answer was lost")
        return response

    async def _call(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        headers = {"host": parts.netloc, **request.headers}
        scope = {
            "type": "http",
            "method": request.method,
            "scheme": parts.scheme,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
        }
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(dict(message))

        await self._app(scope, receive, send)
        head = {n.decode("latin-1"): v.decode("latin-1") for n, v in messages[0]["headers"]}
        return Response(messages[0]["status"], head, b"".join(m.get("body", b"") for m in messages[1:]))


def sandbox(vendor: Vendor, clock: StillClock, **options: int) -> Mock:
    """A fresh mock; what it does on its own runs as tasks of the present loop."""
    tasks: set[asyncio.Task[None]] = set()

    def spawn(work: Coroutine[Any, Any, None]) -> object:
        task = asyncio.get_running_loop().create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        return task

    return Mock(vendor, Surroundings(clock, Ids("contract"), Nowhere(), spawn, options))


def guarded(vendor: str, limits: Limits, claims: Claims) -> Limits:
    """The same limits behind the guard of ownership, as a core has them."""

    async def told(_vendor: str, act: str, _held: object) -> None:
        raise AssertionError(f"{act} is not declared in {vendor}/writes.toml")

    return replace(limits, permit=guard(vendor, standard(), claims, told))
