"""What waits after an outage, drained in virtual time past a vendor that meters."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from core.canonical.errors import Unavailable
from core.canonical.events import Event, Topic
from core.ports.durable import Store
from core.realtime import LogWatch, SeededDraws
from core.reliability.ratelimit import Limiter, Pace, Priority
from core.reliability.retry import Policy
from core.reliability.worker import Emits, Job, Worker
from core.store.sqlite import SqliteStore
from scenarios.world.build import START_US
from scenarios.world.clock import WorldClock
from scenarios.world.loop import SimLoop, run
from simulators.kit.ratelimit import Window

_SECOND = 1_000_000
# What the vendor bears, and the pace that keeps below it: as towards the processor (core/connectors/stripe).
METERED_A_SECOND, METERED_AT_ONCE = 100, 15
_PACE = Pace(10, per_second=80)
# Seconds that the vendor takes for an answer; tasks in hand at once.
_ANSWER_SECONDS, _IN_HAND = 0.05, 64
# Of five events one is a payment, the others are statuses that people look at.
_STATUSES = 4


@dataclass
class Metering:
    """A vendor with a mock's own meter, which refuses what is too much. done: virtual seconds by kind."""

    window: Window
    busy: int = 0
    most: int = 0
    refused: int = 0
    done: dict[str, list[float]] = field(default_factory=lambda: {"payment": [], "status": []})

    async def ask(self) -> None:
        """One request; Unavailable if it is too much."""
        if self.busy >= METERED_AT_ONCE or not self.window.admit():
            self.refused += 1
            raise Unavailable("too many", system="vendor")
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(_ANSWER_SECONDS)
        self.busy -= 1


@dataclass(frozen=True, slots=True)
class Drained:
    """events: all of them done; virtual_seconds: as the vendor's clock has it; refused: answers "too many";
    most: requests under way at once; medians: virtual seconds from the end of the outage, by kind."""

    events: int
    virtual_seconds: float
    refused: int
    most: int
    medians: dict[str, float]


def drain(events: int, pace: Pace = _PACE) -> Drained:
    """Take so many events in during an outage, then work them off."""

    async def main(loop: SimLoop) -> Drained:
        clock = WorldClock(loop, START_US)
        store = SqliteStore()
        await _accept(store, events, clock.now())
        vendor = Metering(Window(clock, METERED_A_SECOND, _SECOND))
        began = loop.time()
        await _work(store, loop, clock, vendor, Limiter("vendor", pace, clock), events)
        medians = {kind: sorted(took)[len(took) // 2] - began for kind, took in vendor.done.items() if took}
        done = sum(len(took) for took in vendor.done.values())
        return Drained(done, loop.time() - began, vendor.refused, vendor.most, medians)

    found: Drained = run(main)
    return found


async def _accept(store: Store, events: int, now: int) -> None:
    for n in range(events):
        topic = Topic.PAYMENT_SETTLED
        kind = "status" if n % (_STATUSES + 1) else "payment"
        await store.accept(Event(f"e{n}", "bench", topic, f"{kind}{n}", now), [kind], [])


async def _work(
    store: Store, loop: SimLoop, clock: WorldClock, vendor: Metering, limiter: Limiter, events: int
) -> None:
    ended, left = asyncio.Event(), events

    async def handle(job: Job) -> Emits:
        nonlocal left
        kind = job.task.queue
        async with limiter.admitted(Priority.ACT if kind == "payment" else Priority.SHOW):
            try:
                await vendor.ask()
            except Unavailable:
                await limiter.throttled(None)
                raise
            limiter.answered()
        job.task = await store.step_done(job.task, "told", 1)
        vendor.done[kind].append(loop.time())
        left -= 1
        if not left:
            ended.set()
        return ()

    queues: dict[str, Any] = {"payment": handle, "status": handle}
    worker = Worker(
        store, clock, SeededDraws("backlog"), LogWatch(clock), Policy(50, 1.0), queues, {}, _IN_HAND
    )  # fmt: skip
    running = asyncio.create_task(worker.run())
    await ended.wait()
    running.cancel()
