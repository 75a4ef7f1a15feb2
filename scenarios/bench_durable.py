"""The durable engine: five steps, vendors that answer at once, against dbos on the same store in one run.

python -m scenarios.bench_durable [sqlite|postgres|workers|backlog|metered]: all of them where none is named.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.canonical.events import Event, Topic
from core.opening import opened_store
from core.ports.durable import Store
from core.realtime import LogWatch, SeededDraws, WallClock
from core.reliability.retry import Policy
from core.reliability.worker import Claims, Emits, Job, Worker
from scenarios.bench_backlog import bench as bench_past_a_meter
from scenarios.bench_dbos import AT_ONCE, STEPS
from scenarios.servers import fresh_database, postgres

_POLICY = Policy(3, 1.0)
_ROUNDS = 3
# A vendor that answers in so long is the limit, not the processor of this machine.
_VENDOR_SECONDS = 0.05


def main(names: list[str]) -> int:
    """Run the named benchmarks; 3 if there is none of that name."""
    known: dict[str, Callable[[], None]] = {
        "sqlite": bench_sqlite,
        "postgres": bench_postgres,
        "workers": bench_workers,
        "backlog": bench_backlog,
        "metered": bench_metered,
    }
    unknown = [name for name in names if name not in known]
    if unknown:
        _say(f"bench: {unknown[0]!r} is unknown; one of {', '.join(known)}")
        return 3
    for name in names or list(known):
        known[name]()
    return 0


def bench_sqlite() -> None:
    """Both in a file, write-ahead log, synced at each commit."""
    with tempfile.TemporaryDirectory() as folder:
        pairs = [
            (
                asyncio.run(_flows(f"sqlite:{folder}/core{n}.db", 2000)),
                _dbos(f"sqlite:///{folder}/dbos{n}.db", 100),
            )
            for n in range(_ROUNDS)
        ]
    _ratio("SQLite", pairs, 10)


def bench_postgres() -> None:
    """Both on one server of our own, one process each."""
    with postgres() as server:
        pairs = []
        for n in range(_ROUNDS):
            ours = asyncio.run(_flows(asyncio.run(fresh_database(server, f"core{n}")), 2000))
            pairs.append((ours, _dbos(asyncio.run(fresh_database(server, f"dbos{n}")), 200)))
    _ratio("PostgreSQL", pairs, 3)


def bench_workers() -> None:
    """Two worker processes against one, where the vendors are the limit."""
    with postgres() as server:
        rates = {}
        for workers in (1, 2, 4):
            url = asyncio.run(fresh_database(server, f"workers{workers}"))
            rates[workers] = asyncio.run(_many_workers(url, 800, workers))
        _say("workers, vendors that take 50 ms a step and 16 flows at once a worker:")
        for workers, rate in rates.items():
            times = f"{rate / rates[1]:.2f} times one"
            _say(f"  {workers}: {rate:.0f} flows a second, {times} (for 2 wanted: 1.7)")


def bench_backlog(events: int = 100_000) -> None:
    """What waits after an outage is worked off in a bounded memory."""
    with tempfile.TemporaryDirectory() as folder:
        took = asyncio.run(_backlog(f"sqlite:{folder}/backlog.db", events))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = f"{events / took:.0f} a second"
    _say(f"backlog of {events:,} events: {took:.0f} s, {rate}, peak memory {peak:.0f} MiB")


def bench_metered() -> None:
    """The same past a vendor that meters: see scenarios.bench_backlog."""
    bench_past_a_meter()


async def _flows(url: str, count: int) -> float:
    """Flows a second, from the inbox to the last step."""
    async with opened_store(url) as store:
        await _accept(store, count)
        began = time.perf_counter()
        await _work(store, count, "bench", 0.0)
        return count / (time.perf_counter() - began)


async def _accept(store: Store, count: int) -> None:
    clock = WallClock()
    for first in range(0, count, 500):
        batch = range(first, min(first + 500, count))
        await asyncio.gather(
            *(
                store.accept(
                    Event(f"e{n}", "bench", Topic.PAYMENT_SETTLED, f"k{n}", clock.now()), ["flow"], []
                )
                for n in batch
            )
        )


async def _work(store: Store, count: int, name: str, vendor_seconds: float) -> int:
    """Until nothing is left; how many this worker did."""
    clock, done, ended = WallClock(), 0, asyncio.Event()

    async def handle(job: Job) -> Emits:
        nonlocal done
        for number in range(STEPS):
            await asyncio.sleep(vendor_seconds)
            job.task = await store.step_done(job.task, f"step{number}", 1)
        done += 1
        if done == count:
            ended.set()
        return ()

    claims = Claims(name, poll_seconds=0.05)
    worker = Worker(
        store,
        clock,
        SeededDraws(name),
        LogWatch(clock),
        _POLICY,
        {"flow": handle},
        {},
        AT_ONCE,
        claims=claims,
    )
    running = asyncio.create_task(worker.run())
    watching = asyncio.create_task(_nothing_left(store, ended))
    await ended.wait()
    running.cancel()
    watching.cancel()
    return done


async def _nothing_left(store: Store, ended: asyncio.Event) -> None:
    while await store.next_due() is not None:
        await asyncio.sleep(0.05)
    ended.set()


async def _backlog(url: str, events: int) -> float:
    async with opened_store(url) as store:
        await _accept(store, events)
        began = time.perf_counter()
        await _work(store, events, "bench", 0.0)
        return time.perf_counter() - began


async def _many_workers(url: str, count: int, workers: int) -> float:
    async with opened_store(url) as store:
        await _accept(store, count)
    commands = [
        [sys.executable, "-c", _WORKER, url, str(count), f"worker-{n}", str(_VENDOR_SECONDS)]
        for n in range(workers)
    ]
    processes = [
        await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE) for command in commands
    ]
    # From the first claim on: how long an interpreter takes to start is not what is measured.
    outputs = await asyncio.gather(*(process.communicate() for process in processes))
    spans = [tuple(map(float, out.decode().split())) for out, _ in outputs]
    return count / (max(end for _, end in spans) - min(start for start, _ in spans))


_WORKER = """
import asyncio, sys, time
from core.opening import opened_store
from scenarios.bench_durable import _work

async def main(url, count, name, seconds):
    async with opened_store(url) as store:
        began = time.time()
        await _work(store, count, name, seconds)
        print(began, time.time())

asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])))
"""


def _dbos(url: str, count: int) -> float:
    command = [sys.executable, "-m", "scenarios.bench_dbos", url, str(count)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return float(found.stdout.strip().splitlines()[-1])


def _ratio(what: str, pairs: list[tuple[float, float]], wanted: int) -> None:
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    ours, theirs = max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    _say(
        f"five durable steps on {what}: {ours:.0f} flows a second against {theirs:.0f} of dbos;"
        f" ratio {ratios[len(ratios) // 2]:.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f}; wanted {wanted})"
    )


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    sys.exit(main([Path(name).name for name in sys.argv[1:]]))
