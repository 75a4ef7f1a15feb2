"""What waits after an outage, drained past a vendor that meters; in virtual time, and on both stores.

python -m scenarios.bench_backlog [EVENTS]: on a SQLite file and on a PostgreSQL server of its own, each in a
process of its own, and beside it a tenth of the events with claims that know no ranks, as a control.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from core.canonical.errors import Unavailable
from core.canonical.events import Event, Topic
from core.opening import opened_store
from core.ports.durable import Rank, Store
from core.ports.world import Clock
from core.realtime import LogWatch, SeededDraws, WallClock
from core.reliability.locks import KeyedLocks
from core.reliability.ratelimit import Limiter, Pace, Priority
from core.reliability.retry import Policy
from core.reliability.sharing import Shared
from core.reliability.worker import DEFAULT, Claims, Emits, Job, Worker
from core.store.sqlite import SqliteStore
from scenarios.servers import fresh_database, postgres
from scenarios.world.build import START_US
from scenarios.world.clock import WorldClock
from scenarios.world.loop import SimLoop, run
from simulators.kit.ratelimit import Window

_SECOND, _DAY = 1_000_000, 86_400_000_000
# What the vendor bears, and the pace that keeps below it: as towards the processor (core/connectors/stripe).
METERED_A_SECOND, METERED_AT_ONCE = 100, 15
PACE = Pace(10, per_second=80)
# In real time ten times as fast, so that it ends.
_FASTER = 10
# Seconds that the vendor takes for an answer; tasks in hand at once.
_ANSWER_SECONDS, _IN_HAND = 0.05, 64
# Of five events one is a payment, the others are statuses that people look at; a customer has a hundred.
_STATUSES, _OF_A_CUSTOMER = 4, 100
RANKS = {"payment": Rank.MONEY, "status": Rank.SHOWN}
# Of a vendor's day there is room for so many of a hundred events: the rest waits for midnight.
_OF_A_DAY = 80


@dataclass
class Metering:
    """A vendor with a mock's own meter, which refuses what is too much. done: seconds on `watch`, by kind;
    days: requests of each; disordered: of a customer and kind, after a later one; overlapped: of a customer
    at once with another."""

    window: Window
    clock: Clock
    watch: Callable[[], float]
    at_once: int = METERED_AT_ONCE
    answer_seconds: float = _ANSWER_SECONDS
    busy: int = 0
    most: int = 0
    refused: int = 0
    disordered: int = 0
    overlapped: int = 0
    days: Counter[int] = field(default_factory=Counter)
    done: dict[str, list[float]] = field(default_factory=lambda: {"payment": [], "status": []})
    latest: dict[tuple[str, str], int] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, kind: str, customer: str, number: int) -> None:
        """One request; Unavailable if it is too much."""
        if self.busy >= self.at_once or not self.window.admit():
            self.refused += 1
            raise Unavailable("too many", system="vendor")
        self.days[self.clock.now() // _DAY] += 1
        self.overlapped += customer in self.under_way
        self.under_way.add(customer)
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(self.answer_seconds)
        self.busy -= 1
        self.under_way.discard(customer)
        self.disordered += number < self.latest.get((customer, kind), -1)
        self.latest[customer, kind] = number
        self.done[kind].append(self.watch())
        self.changed.set()


@dataclass(frozen=True, slots=True)
class Drained:
    """events: all of them done; seconds: from the end of the outage, on the vendor's clock in virtual time;
    refused: answers "too many"; most: requests under way at once, a_day: on one day; medians: seconds by
    kind; peak_mib: of this process so far."""

    events: int
    seconds: float
    refused: int
    most: int
    a_day: int
    disordered: int
    overlapped: int
    medians: dict[str, float]
    peak_mib: int = 0


def drain(events: int, pace: Pace = PACE, ranks: Mapping[str, int] = RANKS) -> Drained:
    """Take so many events in during an outage, then work them off, in virtual time."""

    async def main(loop: SimLoop) -> Drained:
        clock, store = WorldClock(loop, START_US), SqliteStore()
        await _accept(store, events, clock.now())
        vendor = Metering(Window(clock, METERED_A_SECOND, _SECOND), clock, loop.time)
        began = loop.time()
        limiter = Limiter("vendor", pace, clock)
        await _work(_worker(store, clock, vendor, limiter, ranks, DEFAULT), vendor, events)
        return _found(vendor, began)

    found: Drained = run(main)
    return found


def drain_for_real(url: str, events: int, ranks: Mapping[str, int]) -> Drained:
    """The same in real time, as a worker of a deployment does it; nights with nothing to do are skipped."""

    async def main() -> Drained:
        clock = _Days()
        async with opened_store(url) as store:
            await _accept(store, events, clock.now())
            bears = METERED_A_SECOND * _FASTER
            vendor = Metering(Window(clock, bears, _SECOND), clock, time.perf_counter, answer_seconds=0.005)
            began = time.perf_counter()
            assert PACE.per_second is not None
            a_day = max(100, events * _OF_A_DAY // 100)
            pace = Pace(PACE.concurrency, PACE.per_second * _FASTER, a_day)
            limiter = Limiter("vendor", pace, clock, Shared(store, "bench"))
            claims = Claims("bench", poll_seconds=0.05)
            skipping = asyncio.create_task(_skip_nights(store, clock, vendor))
            await _work(_worker(store, clock, vendor, limiter, ranks, claims), vendor, events)
            skipping.cancel()
            return _found(vendor, began)

    return asyncio.run(main())


class _Days(WallClock):
    """The machine's seconds, but for nights that are skipped."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = START_US - super().now()

    def now(self) -> int:
        """Microseconds since 1970 of this world."""
        return super().now() + self._ahead

    def skip_to(self, moment: int) -> None:
        """Never backwards."""
        self._ahead += max(0, moment - self.now())


async def _skip_nights(store: Store, clock: _Days, vendor: Metering) -> None:
    """When all that is left waits for midnight. What is in hand is due within minutes, and holds it up."""
    while True:
        await asyncio.sleep(0.1)
        due = await store.next_due()
        if not vendor.busy and due is not None and due > clock.now() + _DAY // 24:
            clock.skip_to(due)


async def _accept(store: Store, events: int, now: int) -> None:
    customers = max(20, events // _OF_A_CUSTOMER)

    def event(n: int) -> tuple[Event, list[str]]:
        kind = "status" if n % (_STATUSES + 1) else "payment"
        subject = f"{kind}/c{n * 7 // (_STATUSES + 1) % customers}/{n}"
        return Event(f"e{n}", "bench", Topic.PAYMENT_SETTLED, subject, now - events + n), [kind]

    for first in range(0, events, 500):
        batch = [event(n) for n in range(first, min(first + 500, events))]
        await asyncio.gather(*(store.accept(each, queues, []) for each, queues in batch))


def _worker(
    store: Store, clock: Clock, vendor: Metering, limiter: Limiter, ranks: Mapping[str, int], claims: Claims
) -> Worker:
    locks = KeyedLocks()

    async def handle(job: Job) -> Emits:
        kind, customer, number = job.task.key.split("/")
        async with (
            locks.hold(customer),
            limiter.admitted(Priority.ACT if kind == "payment" else Priority.SHOW),
        ):
            try:
                await vendor.ask(kind, customer, int(number))
            except Unavailable:
                await limiter.throttled(None)
                raise
            limiter.answered()
        job.task = await store.step_done(job.task, "told", 1)
        return ()

    queues: dict[str, Any] = {"payment": handle, "status": handle}
    return Worker(
        store, clock, SeededDraws("backlog"), LogWatch(clock), Policy(50, 1.0), queues, {}, _IN_HAND,
        claims=claims, ranks=ranks,
    )  # fmt: skip


async def _work(worker: Worker, vendor: Metering, events: int) -> None:
    running = asyncio.create_task(worker.run())
    while sum(len(took) for took in vendor.done.values()) < events:
        vendor.changed.clear()
        await vendor.changed.wait()
    # The last of them is written down.
    await asyncio.sleep(1)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def _found(vendor: Metering, began: float) -> Drained:
    ended = max(took[-1] for took in vendor.done.values() if took)
    medians = {kind: sorted(took)[len(took) // 2] - began for kind, took in vendor.done.items() if took}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Drained(
        sum(len(took) for took in vendor.done.values()), ended - began, vendor.refused, vendor.most,
        max(vendor.days.values()), vendor.disordered, vendor.overlapped, medians, peak,
    )  # fmt: skip


def bench(events: int = 100_000) -> None:
    """Both stores, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        _compare("SQLite (file, WAL)", lambda name: f"sqlite:{folder}/{name}.db", events)
    with postgres() as server:
        _compare("PostgreSQL", lambda name: asyncio.run(fresh_database(server, name)), events)


def _compare(what: str, fresh: Callable[[str], str], events: int) -> None:
    found = _apart(fresh("ranked"), events, "ranked")
    control = _apart(fresh("plain"), events // 10, "plain")
    least = events / ((PACE.per_second or 1) * _FASTER)
    halves = {kind: 100 * at / found.seconds for kind, at in found.medians.items()}
    by_age = {kind: 100 * at / control.seconds for kind, at in control.medians.items()}
    payments, statuses = found.medians["payment"], found.medians["status"]
    _say(
        f"backlog of {found.events:,} events on {what}: {found.seconds:.0f} s"
        f" ({found.seconds / least:.2f} times what the pace of {events / least:.0f} a second takes),"
        f" peak memory {found.peak_mib} MiB; refused {found.refused}, at once {found.most} of"
        f" {PACE.concurrency}, on one day {found.a_day:,} of {events * _OF_A_DAY // 100:,}; per customer"
        f" out of order {found.disordered}, at once {found.overlapped}; half of the payments after"
        f" {payments:.0f} s ({halves['payment']:.0f} % of the time), of the statuses after {statuses:.0f} s"
        f" ({halves['status']:.0f} %); control without ranks, {control.events:,} events:"
        f" {by_age['payment']:.0f} % and {by_age['status']:.0f} %"
    )


def _apart(url: str, events: int, how: str) -> Drained:
    """In a process of its own, whose memory is then its own, too."""
    command = [sys.executable, "-m", "scenarios.bench_backlog", url, str(events), how]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=3600)
    return Drained(**json.loads(found.stdout.splitlines()[-1]))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    if len(sys.argv) == 4:
        ranked = RANKS if sys.argv[3] == "ranked" else {}
        _say(json.dumps(asdict(drain_for_real(sys.argv[1], int(sys.argv[2]), ranked))))
    else:
        bench(*(int(count) for count in sys.argv[1:]))
