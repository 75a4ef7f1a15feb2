"""Jobs that somebody starts by name: written down before they run, and run again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from core.canonical.errors import CoreError, Missing, Refused
from core.connectivity.noting import say_run
from core.ports.durable import Store
from core.ports.memory import Job
from core.ports.world import Clock, Watch

_DAY_US = 86_400_000_000


class Jobs:
    """One job of a name at a time in this process. Every job of a model may be repeated; so one that was
    cut off is run again from its beginning."""

    def __init__(
        self,
        known: Mapping[str, Callable[[], Awaitable[None]]],
        store: Store,
        clock: Clock,
        watch: Watch,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._known, self._store, self._clock, self._watch, self._spawn = known, store, clock, watch, spawn
        self._busy: dict[str, str] = {}
        self._ends: dict[str, asyncio.Event] = {}

    @property
    def names(self) -> list[str]:
        """What can be started."""
        return sorted(self._known)

    async def begin(self, job_id: str, name: str, by: str) -> Job:
        """Written down and started; the same job where the id was used in the last day. Missing for a name
        that nobody has, Refused while one of the name runs."""
        if name not in self._known:
            raise Missing(f"name: {name!r} is no job; there are: {', '.join(self.names)}")
        now = self._clock.now()
        before = await self._store.job(job_id)
        if before is not None and (before.state == "running" or before.ended_at >= now - _DAY_US):
            return before
        if name in self._busy:
            raise Refused(f"job {name!r} is running as {self._busy[name]}; wait for it")
        self._busy[name] = job_id
        job = Job(job_id, name, by, "running", now)
        try:
            await self._store.begin_job(job, now - _DAY_US)
        except CoreError:
            del self._busy[name]
            raise
        self._watch.count("operators.job")
        self._go(job)
        return job

    async def look(self, job_id: str) -> Job:
        """As it stands; Missing if there is none."""
        found = await self._store.job(job_id)
        if found is None:
            raise Missing(f"job {job_id}: there is none")
        return found

    async def wait(self, job: Job, seconds: int) -> Job:
        """The job when it has ended, or as it is when so long has passed."""
        ended = self._ends.get(job.id)
        if ended is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), seconds)
        return await self.look(job.id)

    async def resume(self) -> int:
        """What an earlier life of this process was cut off from is run again; returns how many."""
        count = 0
        for job in await self._store.running_jobs():
            if job.name not in self._known:
                reason = f"{job.name!r} is no job of this core any more"
                await self._store.end_job(job.id, "failed", reason, self._clock.now())
            elif job.name not in self._busy:
                self._busy[job.name] = job.id
                self._go(job)
                count += 1
        return count

    def _go(self, job: Job) -> None:
        self._ends[job.id] = asyncio.Event()
        self._spawn(self._run(job))

    async def _run(self, job: Job) -> None:
        try:
            state, result = "done", ""
            try:
                await self._known[job.name]()
            except CoreError as error:
                state, result = "failed", error.detail
            except Exception as error:
                await self._end(job, "failed", f"{type(error).__name__}: a fault of the core")
                raise
            await self._end(job, state, result)
        finally:
            del self._busy[job.name]
            self._ends.pop(job.id).set()

    async def _end(self, job: Job, state: str, result: str) -> None:
        now = self._clock.now()
        await self._store.end_job(job.id, state, result, now)
        await say_run(self._store, job.name, job.begun_at, job.by, state, now, result)
        if state == "failed":
            self._watch.alert("high", f"job {job.name}", f"{result}; begun by {job.by}")
