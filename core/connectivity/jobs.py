"""Jobs that somebody starts by name: written down before they run, and run again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from core.canonical.errors import CoreError, Missing, Refused
from core.connectivity.noting import say_run
from core.ports.durable import Store
from core.ports.memory import Job
from core.ports.world import Clock, Watch
from core.reliability.worker import DEFAULT, Claims

_DAY_US = 86_400_000_000


class Jobs:
    """One job of a name at a time among all that share a store, by a lease: whoever dies in the middle
    loses it. Every job of a model may be repeated; so one that was cut off is run again from its beginning,
    by whichever process first finds its lease free."""

    def __init__(
        self,
        known: Mapping[str, Callable[[], Awaitable[None]]],
        store: Store,
        clock: Clock,
        watch: Watch,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        claims: Claims = DEFAULT,
    ) -> None:
        self._known, self._store, self._clock, self._watch, self._spawn = known, store, clock, watch, spawn
        self._claims = claims
        self._busy: dict[str, str] = {}
        self._ends: dict[str, asyncio.Event] = {}

    @property
    def names(self) -> list[str]:
        """What can be started."""
        return sorted(self._known)

    async def begin(self, job_id: str, name: str, by: str) -> Job:
        """Written down and started; the same job where the id was used in the last day. Missing for a name
        that nobody has, Refused while one of the name runs, here or in another process."""
        if name not in self._known:
            raise Missing(f"name: {name!r} is no job; there are: {', '.join(self.names)}")
        now = self._clock.now()
        before = await self._store.job(job_id)
        if before is not None and (before.state == "running" or before.ended_at >= now - _DAY_US):
            return before
        if not await self._claim(name, job_id):
            running = next((job.id for job in await self._store.running_jobs() if job.name == name), "")
            other = self._busy.get(name) or running or "another process's"
            raise Refused(f"job {name!r} is running as {other}; wait for it")
        job = Job(job_id, name, by, "running", now)
        try:
            await self._store.begin_job(job, now - _DAY_US)
        except CoreError:
            await self._let_go(name)
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
        """What was cut off, here or in a process whose lease has run out, is run again; returns how many."""
        count = 0
        for job in await self._store.running_jobs():
            if job.name not in self._known:
                reason = f"{job.name!r} is no job of this core any more"
                await self._store.end_job(job.id, "failed", reason, self._clock.now())
            elif await self._claim(job.name, job.id):
                # It may have ended between the look and the claim.
                if (await self.look(job.id)).state != "running":
                    await self._let_go(job.name)
                    continue
                self._go(job)
                count += 1
        return count

    async def keep(self) -> None:
        """Endless, where several processes share a store: what another was cut off from is taken over."""
        while True:
            await asyncio.sleep(self._claims.lease_seconds)
            with suppress(CoreError):
                await self.resume()

    async def _claim(self, name: str, job_id: str) -> bool:
        if name in self._busy:
            return False
        self._busy[name] = job_id
        try:
            ours = await self._lease(name)
        except BaseException:
            del self._busy[name]
            raise
        if not ours:
            del self._busy[name]
        return ours

    async def _lease(self, name: str) -> bool:
        now = self._clock.now()
        until = now + int(self._claims.lease_seconds * 1_000_000)
        return await self._store.lease(_lease_of(name), self._claims.name, now, until)

    async def _let_go(self, name: str) -> None:
        self._busy.pop(name, None)
        # If the store is away the lease runs out.
        with suppress(CoreError):
            await self._store.unlease(_lease_of(name), self._claims.name)

    def _go(self, job: Job) -> None:
        self._ends[job.id] = asyncio.Event()
        self._spawn(self._run(job))

    async def _run(self, job: Job) -> None:
        try:
            state, result = "done", ""
            try:
                async with self._renewed(job.name):
                    await self._known[job.name]()
            except CoreError as error:
                state, result = "failed", error.detail
            except Exception as error:
                await self._end(job, "failed", f"{type(error).__name__}: a fault of the core")
                raise
            await self._end(job, state, result)
        finally:
            await self._let_go(job.name)
            self._ends.pop(job.id).set()

    @asynccontextmanager
    async def _renewed(self, name: str) -> AsyncIterator[None]:
        """The lease is made longer in good time for as long as the block runs."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(self._claims.lease_seconds / 3)
                with suppress(CoreError):
                    await self._lease(name)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()

    async def _end(self, job: Job, state: str, result: str) -> None:
        now = self._clock.now()
        await self._store.end_job(job.id, state, result, now)
        await say_run(self._store, job.name, job.begun_at, job.by, state, now, result)
        if state == "failed":
            self._watch.alert("high", f"job {job.name}", f"{result}; begun by {job.by}")


def _lease_of(name: str) -> str:
    return f"begun/{name}"
