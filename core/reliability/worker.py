"""Works off durable tasks: retries what may pass, parks what may not, survives its own end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from core.canonical.errors import CoreError, Unavailable, owner_of
from core.ports.durable import Store, Task
from core.ports.world import Clock, Draws, Watch
from core.reliability.retry import PASSING, Policy

Emits = Sequence[tuple[str, str]]


class Job:
    """A task in hand. `label` becomes the business key as soon as the handler knows it."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.label = task.label


Handler = Callable[[Job], Awaitable[Emits]]


class Worker:
    """`handlers` and `owners` by queue; `concurrency` tasks at once; `emitted`: the outbox has grown."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        draws: Draws,
        watch: Watch,
        policy: Policy,
        handlers: Mapping[str, Handler],
        owners: Mapping[str, str],
        concurrency: int,
        emitted: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._clock, self._draws, self._watch = store, clock, draws, watch
        self._policy, self._handlers, self._owners = policy, handlers, owners
        self._concurrency, self._emitted = concurrency, emitted
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be new work."""
        self._wake.set()

    async def run(self) -> None:
        """Endless: take what is due, wait for what will be."""
        while True:
            self._wake.clear()
            await self._take()
            await self._rest()

    async def _take(self) -> None:
        free = self._concurrency - len(self._busy)
        if free > 0:
            for task in await self._store.due(self._clock.now(), free, self._busy):
                self._busy[task.id] = asyncio.create_task(self._work(task))

    async def _rest(self) -> None:
        full = len(self._busy) >= self._concurrency
        due = None if full else await self._store.next_due(self._busy)
        seconds = None if due is None else max(0.0, (due - self._clock.now()) / 1_000_000)
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _work(self, task: Task) -> None:
        job = Job(task)
        try:
            emits = await self._handlers[task.queue](job)
            await self._store.finish(job.task, emits, self._clock.now())
            if emits:
                self._emitted()
        except PASSING as error:
            await self._put_off(job, error)
        except CoreError as error:
            await self._park(job, f"refused: {error.detail}", owner_of(error))
        except Exception as error:  # noqa: BLE001 - the runner writes the failure down
            await self._park(job, f"unexpected {type(error).__name__}: {error}")
        finally:
            self._busy.pop(task.id, None)
            self._wake.set()

    async def _put_off(self, job: Job, error: CoreError) -> None:
        attempts = job.task.attempts + 1
        if attempts >= self._policy.attempts:
            await self._park(job, f"after {attempts} attempts: {error.detail}")
            return
        pause = self._policy.pause(attempts, self._draws, job.task.queue, job.label or job.task.key)
        told = error.retry_after if isinstance(error, Unavailable) else None
        due_at = self._clock.now() + int(max(pause, told or 0.0) * 1_000_000)
        await self._store.put_off(job.task, due_at, error.detail, job.label)
        self._watch.count("retried")

    async def _park(self, job: Job, why: str, asked: str = "") -> None:
        owner = asked or self._owners.get(job.task.queue, "integration")
        await self._store.park(job.task, why, owner, job.label or job.task.key, self._clock.now())
        self._watch.alert("high", job.label or job.task.key, f"{job.task.queue} held for {owner}: {why}")
