"""Event-driven: an outbox feeds a bus, consumers react each for itself; nobody conducts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from core.canonical.events import Event
from core.connectivity.choreography import Choreography
from core.connectivity.engine import in_words, make_worker
from core.connectivity.model import Answer, Parts
from core.connectivity.periodic import start_timetable
from core.connectivity.reactions import REACTIONS
from core.connectivity.timed import ownership_jobs, timed_jobs
from core.ports.durable import Task


class EventDriven:
    """Implements Model."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._consumers = Choreography(parts, REACTIONS, bill_runs=True)
        self._worker = make_worker(
            parts,
            self._consumers.handlers,
            self._consumers.owners,
            self._consumers.ranks,
            self._consumers.wake,
        )
        self.jobs: Mapping[str, Callable[[], Awaitable[None]]] = {
            **ownership_jobs(parts),
            **timed_jobs(parts, remember=True),
        }

    def start(self) -> None:
        parts = self._parts
        parts.spawn(self._worker.run())
        self._consumers.start(self._worker)
        start_timetable(parts, self.jobs, {"recognition": 4.0})

    async def accept(self, event: Event) -> Answer:
        return await self._consumers.accept(event)

    async def pending(self) -> list[str]:
        return await self._consumers.pending() + in_words(await self._parts.store.ready())

    async def parked(self) -> list[Task]:
        return await self._parts.store.parked()

    async def redrive(self) -> int:
        count = await self._parts.store.redrive(self._parts.desk.clock.now())
        self.wake()
        return count

    def wake(self) -> None:
        self._worker.wake()
