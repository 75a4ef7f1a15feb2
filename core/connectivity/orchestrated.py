"""Orchestrated: a middleware takes every fact into a durable saga, holds what is refused, retries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from core.canonical.events import Event
from core.connectivity.engine import in_words, make_worker
from core.connectivity.flows import FLOWS
from core.connectivity.model import Answer, Parts
from core.connectivity.periodic import start_timetable
from core.connectivity.saga import Sagas
from core.connectivity.timed import ownership_jobs, timed_jobs
from core.ports.durable import Task


class Orchestrated:
    """Implements Model."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sagas = Sagas(parts, FLOWS.values())
        self._worker = make_worker(parts, self._sagas.handlers, self._sagas.owners, self._sagas.ranks)
        self.jobs: Mapping[str, Callable[[], Awaitable[None]]] = {
            **ownership_jobs(parts),
            **timed_jobs(parts, remember=True),
        }

    def start(self) -> None:
        parts = self._parts
        parts.spawn(self._worker.run())
        start_timetable(parts, self.jobs, {"recognition": 4.0})

    async def accept(self, event: Event) -> Answer:
        answer = await self._sagas.accept(event)
        self._worker.wake()
        return answer

    async def pending(self) -> list[str]:
        return in_words(await self._parts.store.ready())

    async def parked(self) -> list[Task]:
        return await self._parts.store.parked()

    async def redrive(self) -> int:
        count = await self._parts.store.redrive(self._parts.desk.clock.now())
        self.wake()
        return count

    def wake(self) -> None:
        self._worker.wake()
