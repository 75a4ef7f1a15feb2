"""What waits after an outage, drained in virtual time past a vendor that meters: breaches, time, memory.

python -m scenarios.bench_backlog [EVENTS]: 100,000 where no number is given.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
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
from scenarios.world.build import START_US, WorldClock
from scenarios.world.loop import SimLoop, run
from simulators.kit.ratelimit import Window

_SECOND = 1_000_000
# What the vendor bears, and the pace that keeps below it: as towards the processor (core/connectors/stripe).
_METERED_A_SECOND, _METERED_AT_ONCE = 100, 15
_PACE = Pace(10, per_second=80)
# Seconds that the vendor takes for an answer; tasks in hand at once.
_ANSWER_SECONDS, _IN_HAND = 0.05, 64
_STATUSES = 4  # of five events one is a payment, the others are statuses that people look at


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
        if self.busy >= _METERED_AT_ONCE or not self.window.admit():
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
        vendor = Metering(Window(clock, _METERED_A_SECOND, _SECOND))
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
                limiter.throttled(None)
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


def main(words: list[str]) -> int:
    """Drain so many and say what it took; 1 if the vendor had to refuse, 3 if the number is none."""
    if len(words) > 1 or not all(word.isdecimal() and int(word) for word in words):
        _say(f"bench: {' '.join(words)!r} is no number of events; give one, such as 100000")
        return 3
    events = int(words[0]) if words else 100_000
    began = time.perf_counter()
    found = drain(events)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    medians = ", ".join(f"{kind} {at:.0f} s" for kind, at in found.medians.items())
    _say(
        f"backlog of {found.events:,} events, vendor that bears {_METERED_A_SECOND} a second and"
        f" {_METERED_AT_ONCE} at once: drained in"
        f" {found.virtual_seconds:.0f} s of its time ({found.events / found.virtual_seconds:.0f} a second),"
        f" {took:.0f} s of ours, peak memory {peak} MiB;"
        f" refused {found.refused}, at once {found.most}; half were done by: {medians}"
    )
    return int(found.refused > 0)


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
