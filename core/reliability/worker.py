"""Works off durable tasks: retries what may pass, parks what may not, survives its own end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from core.canonical.errors import CoreError, Fenced, NewerVersion, Unavailable, owner_of
from core.ports.announcing import Announcement
from core.ports.durable import Store, Task
from core.ports.world import Clock, Draws, Watch
from core.reliability.retry import PASSING, Policy, tell

Emits = Sequence[tuple[str, str]]


class Job:
    """A task in hand. `label` becomes the business key as soon as the handler knows it; `told`: what its end
    tells those outside."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.label = task.label
        self.told: Sequence[Announcement] = ()


Handler = Callable[[Job], Awaitable[Emits]]
# A task that was claimed so often without a sign of life kills its workers, or is too slow for its lease.
_POISON = 6
# Of so many tasks one is taken because it is longest due, whatever its rank: what is only shown waits, but
# not for ever, also where money comes in faster than it can be worked off.
_AGED_OF = 8


@dataclass(frozen=True, slots=True)
class Claims:
    """How a worker claims. name: unique among those alive, and the same after a restart; lease_seconds:
    how long it may be silent before others take over; poll_seconds: how often it looks for work that other
    processes made, None where there are none."""

    name: str = "core"
    lease_seconds: float = 300.0
    poll_seconds: float | None = None


DEFAULT = Claims()


class Worker:
    """`handlers` and `owners` by queue; `concurrency` tasks at once; `emitted`: the outbox has grown;
    `told`: there is something to be told outside.

    Where others share the store (`claims.poll_seconds`), only tasks of queues that it has handlers for are
    claimed, since a newer version may know more; where it is alone, a queue that nobody handles is held.
    ranks: by queue, what goes first where not all can (core.ports.durable.Rank).
    """

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
        claims: Claims = DEFAULT,
        told: Callable[[], None] = lambda: None,
        ranks: Mapping[str, int] | None = None,
    ) -> None:
        self._store, self._clock, self._draws, self._watch = store, clock, draws, watch
        self._policy, self._handlers, self._owners = policy, handlers, owners
        self._concurrency, self._emitted = concurrency, emitted
        self._claims, self._told, self._ranks = claims, told, ranks or {}
        self._taken = 0
        self._queues = tuple(handlers) if claims.poll_seconds is not None else ()
        self._busy: dict[tuple[int, int], tuple[Job, asyncio.Task[None]]] = {}
        self._ahead: deque[Task] = deque()
        self._renew_at = 0
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be new work."""
        self._wake.set()

    async def run(self) -> None:
        """Endless: take what is due, wait for what will be."""
        fresh, failures = True, 0
        while True:
            self._wake.clear()
            try:
                if fresh:
                    await self._store.take_back(self._claims.name, self._clock.now())
                    if self._ranks:
                        await self._store.rank(self._ranks)
                fresh = False
                await self._renew()
                due = await self._take()
                failures = 0
            except Exception as error:  # noqa: BLE001 - a process that lives and does nothing is told by nobody
                failures += 1
                tell(self._watch, self._claims.name, "the store does not answer", error)
                await asyncio.sleep(min(2.0**failures, 30.0))
                continue
            await self._rest(due)

    async def _take(self) -> int | None:
        """Claims what is due, up to what it can do at once and a little ahead; returns when to look again."""
        self._begin()
        free = self._concurrency - len(self._busy)
        if free <= 0 or self._ahead:
            return None
        now = self._clock.now()
        if self._claims.poll_seconds is None:
            # Alone a look is cheaper than a transaction that finds nothing.
            due = await self._store.next_due(self._queues)
            if due is None or due > now:
                return due
        else:
            free += self._concurrency // 2
        until = now + int(self._claims.lease_seconds * 1_000_000)
        aged = (self._taken + free) // _AGED_OF - self._taken // _AGED_OF
        claimed = await self._store.claim(self._claims.name, now, until, free, self._queues, aged=aged)
        self._taken += len(claimed)
        if claimed and not self._busy:
            self._renew_at = now + (until - now) // 3
        self._ahead.extend(claimed)
        self._begin()
        return None if self._ahead else await self._store.next_due(self._queues)

    def _begin(self) -> None:
        """What was claimed and there is room for."""
        while self._ahead and len(self._busy) < self._concurrency:
            # A job that slept through its lease and comes back to the same worker: the old one is fenced.
            job = Job(self._ahead.popleft())
            key = job.task.fence, job.task.id
            self._busy[key] = job, asyncio.create_task(self._work(job))

    async def _renew(self) -> None:
        """The leases of what is in hand, in good time."""
        now = self._clock.now()
        if self._busy and now >= self._renew_at:
            until = now + int(self._claims.lease_seconds * 1_000_000)
            in_hand = [*(job.task for job, _ in self._busy.values()), *self._ahead]
            await self._store.extend(in_hand, until)
            self._renew_at = now + (until - now) // 3

    async def _rest(self, due: int | None) -> None:
        now = self._clock.now()
        moments = [due] if due is not None else []
        if self._busy:
            moments.append(self._renew_at)
        if self._claims.poll_seconds is not None:
            moments.append(now + int(self._claims.poll_seconds * 1_000_000))
        seconds = max(0.0, (min(moments) - now) / 1_000_000) if moments else None
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _work(self, job: Job) -> None:
        task = job.task
        try:
            await self._watch.tracer.relate(task.key)
            with self._watch.tracer.transaction(
                task.key, task.queue, claim=task.fence, attempts=task.attempts, mode=task.mode
            ):
                await self._outcome(job)
        except Fenced:
            # Another has it: whatever was done here was done under the business key, and once.
            self._watch.count("fenced")
        except CoreError as error:
            # The store is away: the lease runs out, and whoever comes next goes on from the journal.
            self._watch.alert(
                "high", job.label or task.key, f"its outcome could not be noted: {error.detail}"
            )
        finally:
            self._busy.pop((task.fence, task.id), None)
            self._wake.set()

    async def _outcome(self, job: Job) -> None:
        task = job.task
        if task.losses > _POISON:
            await self._park(
                job, f"poison: its worker fell silent {task.losses - 1} times without a step done"
            )
            return
        try:
            emits = await self._handlers[task.queue](job)
            await self._store.finish(job.task, emits, self._clock.now(), job.told)
            if emits:
                self._emitted()
            if job.told:
                self._told()
        except Fenced:
            raise
        except PASSING as error:
            await self._put_off(job, error)
        except CoreError as error:
            await self._park(job, f"refused: {error.detail}", owner_of(error))
        except Exception as error:  # noqa: BLE001 - the runner writes the failure down
            await self._park(job, f"unexpected {type(error).__name__}: {error}")

    async def _put_off(self, job: Job, error: CoreError) -> None:
        attempts = job.task.attempts + 1
        counted = not isinstance(error, NewerVersion)
        if counted and attempts >= self._policy.attempts:
            await self._park(job, f"after {attempts} attempts: {error.detail}")
            return
        pause = self._policy.pause(attempts, self._draws, job.task.queue, job.label or job.task.key)
        told = error.retry_after if isinstance(error, Unavailable) else None
        self._watch.tracer.failed(error.detail)
        due_at = self._clock.now() + int(max(pause, told or 0.0) * 1_000_000)
        if told is not None and told > pause:
            # Whole seconds: who is told to wait for the same moment comes back in the order of arrival.
            due_at = -(-due_at // 1_000_000) * 1_000_000
        await self._store.put_off(job.task, due_at, error.detail, job.label, counted=counted)
        self._watch.count("retried")

    async def _park(self, job: Job, why: str, asked: str = "") -> None:
        self._watch.tracer.failed(why)
        owner = asked or self._owners.get(job.task.queue, "integration")
        await self._store.park(job.task, why, owner, job.label or job.task.key, self._clock.now())
        self._watch.alert("high", job.label or job.task.key, f"{job.task.queue} held for {owner}: {why}")
