"""Drives the real connector through a recorded call again, at the vendor as it was then, changed or not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from core.assemble import Surroundings, make_desk, memory_bus
from core.canonical.errors import CoreError, Missing, Refused, owner_of
from core.ports.world import Request, Response
from core.store.sqlite import SqliteStore
from scenarios.contracts.pact import Pact, Sample
from scenarios.endpoints import endpoints
from scenarios.world.build import OPTIONS
from scenarios.world.clock import WorldClock
from scenarios.world.draws import KeyedDraws
from scenarios.world.fences import fenced
from scenarios.world.loop import SimLoop, run
from scenarios.world.network import exchange
from scenarios.world.recorder import Recorder
from simulators.kit.ids import Ids
from simulators.kit.lean import lean_app
from simulators.kit.mock import Mock
from simulators.kit.mock import Surroundings as MockSurroundings
from simulators.kit.schema import Change
from simulators.roster import VENDORS

# Longer than any connector waits for a vendor's job.
_PATIENCE_SECONDS = 600.0


class Result(StrEnum):
    """What became of a call."""

    SAME = "as before"
    HELD = "held"
    PASSING = "put off, then held"
    ABSENT = "taken for absent"
    CRASHED = "crashed"
    WRONG = "passed silently, wrong"


@dataclass(frozen=True, slots=True)
class Heard:
    """One exchange on the wire, as the connector sent and heard it."""

    operation: str
    method: str
    path: str
    sent: bytes
    heard: bytes


@dataclass(frozen=True, slots=True)
class Driven:
    """told: what the port gave; error: what it raised instead; books: the vendor's afterwards; owner: who is
    asked, where the error knows; met: how many calls the change bit."""

    told: str
    books: str
    error: BaseException | None = None
    owner: str = ""
    met: int = 0
    wire: tuple[Heard, ...] = field(default=(), repr=False)

    @property
    def why(self) -> str:
        """The error in words."""
        if self.error is None:
            return ""
        said = self.error.detail if isinstance(self.error, CoreError) else str(self.error)
        return said if isinstance(self.error, CoreError) else f"{type(self.error).__name__}: {said}"


def judged(before: Driven, after: Driven) -> Result:
    """What a change has made of a call that went well before it."""
    error = after.error
    if error is None:
        same = (before.told, before.books) == (after.told, after.books)
        return Result.SAME if same else Result.WRONG
    if isinstance(error, Missing):
        return Result.ABSENT
    if isinstance(error, Refused):
        return Result.HELD
    return Result.PASSING if isinstance(error, CoreError) else Result.CRASHED


class Driver:
    """Drives the calls of one pact; each in a world of its own that begins as the vendor was."""

    def __init__(self, pact: Pact) -> None:
        self._pact = pact
        urls = {name: f"http://{name}" for name in VENDORS}
        self._endpoints = endpoints(urls, pact.credentials, {})
        self._store = SqliteStore()

    def drive(self, sample: Sample, changes: Sequence[Change] = ()) -> Driven:
        """The call under these changes of its vendor's schema."""

        async def main(loop: SimLoop) -> Driven:
            return await self._drive(loop, sample, changes)

        with fenced():
            driven: Driven = run(main)
        return driven

    async def _drive(self, loop: SimLoop, sample: Sample, changes: Sequence[Change]) -> Driven:
        clock = WorldClock(loop, sample.at)
        mock = _restored(loop, clock, sample)
        for change in changes:
            mock.schema.arm(change)
        wire: list[Heard] = []
        around = Surroundings(
            _Direct(mock, wire), Recorder(clock.now), clock, KeyedDraws(1), self._store, memory_bus(),
            loop.create_task,
        )  # fmt: skip
        port = getattr(make_desk(self._endpoints, around, self._pact.settings), sample.port)
        told, error = "", None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                made = getattr(port, sample.operation)(*sample.args, **sample.kwargs)
                told = repr(await made if isinstance(made, Awaitable) else [row async for row in made])
        except Exception as raised:  # noqa: BLE001 - whatever a connector raises is what is looked for
            error = raised
        owner = owner_of(error) if isinstance(error, CoreError) else ""
        met = mock.schema.met.total()
        return Driven(told, repr(mock.rules.books()), error, owner, met, tuple(wire))


def _restored(loop: SimLoop, clock: WorldClock, sample: Sample) -> Mock:
    def spawn(work: Coroutine[Any, Any, None]) -> object:
        return loop.create_task(work, context=Context())

    name = sample.system
    # The ids still to come are in the snapshot.
    around = MockSurroundings(clock, Ids("contract"), _Nobody(), spawn, OPTIONS.get(name, {}))
    mock = Mock(VENDORS[name], around)
    mock.restore(sample.memory)
    return mock


class _Nobody:
    """An Outbound that reaches nobody: a contract is about what is asked and answered."""

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        del url, headers, body, event, attempt
        return 200


class _Direct:
    """A Transport to one mock, at once, that remembers what was said."""

    def __init__(self, mock: Mock, wire: list[Heard]) -> None:
        self._mock, self._wire, self._app = mock, wire, lean_app(mock)

    async def send(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        headers = {"host": parts.netloc, **request.headers, "content-length": str(len(request.body))}
        scope: dict[str, Any] = {
            "type": "http",
            "method": request.method,
            "scheme": parts.scheme,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
        }
        response = await exchange(self._app, scope, request.body)
        where = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self._wire.append(Heard(request.operation, request.method, where, request.body, response.body))
        return response
