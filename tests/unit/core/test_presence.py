"""What processes say of themselves, and what is made of it: who is alive, what is well."""

from __future__ import annotations

import asyncio
import json
from fractions import Fraction
from typing import Any

import pytest

from core.canonical.errors import Unavailable
from core.connectivity.queues import flow_queues
from core.observing.health import Dependency, Process, State, together, vendor, workers
from core.observing.metrics import Metrics
from core.observing.overview import health, overview
from core.observing.presence import SILENT_US, Presence
from core.observing.recent import Recent
from core.observing.view import View
from core.observing.watching import objectives
from core.ports.memory import Said
from core.realtime import LogWatch
from core.reliability.ratelimit import Limiter, Pace, Priority
from core.settings import Settings
from core.store.sqlite import SqliteStore

SECOND = 1_000_000
START = 1_000 * SECOND


class Hand:
    """A clock that is moved by hand."""

    def __init__(self, at: int = START) -> None:
        self.at = at

    def now(self) -> int:
        return self.at


class Away(SqliteStore):
    """A store that is not there."""

    async def said(self, since: int) -> list[Said]:
        raise Unavailable("store: connection refused", system="store")


class Worker:
    """One process with one vendor."""

    def __init__(self, store: SqliteStore, clock: Hand, name: str) -> None:
        self.watch = LogWatch(clock)
        self.presence = Presence(name, "worker", store, clock, self.watch)
        self.limiter = Limiter("zuora", Pace(10, 5, 1000), clock)
        self.presence.limiter(self.limiter)

    def call(self, clock: Hand, claim: str, took: int) -> None:
        attempt = self.watch.begin("zuora", "post_order", "order:1", write=True)
        clock.at += took
        self.watch.end(attempt, claim)


def a_view(store: SqliteStore, clock: Hand) -> View:
    return View.of(Metrics("api"), store, clock, LogWatch(clock), Settings(), workers=True)


def test_calls_limits_and_alerts_of_all_processes_are_added_up():
    async def main() -> Any:
        store, clock = SqliteStore(), Hand()
        one, two = Worker(store, clock, "worker-1"), Worker(store, clock, "worker-2")
        one.call(clock, "ok", 3 * SECOND)
        one.call(clock, "info", SECOND)
        two.call(clock, "ok", 2 * SECOND)
        await two.limiter.throttled(7.0)
        one.watch.alert("high", "INV-1", "held")
        await store.spend(f"zuora/day/{clock.at // 86_400_000_000}", 50, 1000)
        async with one.limiter.admitted(Priority.ACT):
            await one.presence.say()
        await two.presence.say()
        return await overview(a_view(store, clock))

    seen = asyncio.run(main())
    (zuora,) = seen["vendors"]
    assert (zuora["ok"], zuora["info"]) == (2, 1)
    assert (zuora["running"], zuora["at_once"]) == (1, 20)
    assert (zuora["per_second"], zuora["per_mille"], zuora["paused_us"]) == (5, 500, 7 * SECOND)
    assert (zuora["today"], zuora["per_day"]) == (50, 1000)
    assert zuora["slow_us"] == 3 * SECOND
    assert (zuora["state"], zuora["why"]) == ("degraded", "asked to wait 7 s")
    assert seen["state"] == "degraded"
    assert [(a["subject"], a["process"]) for a in seen["alerts"]] == [("INV-1", "worker-1")]
    assert json.dumps(seen)


def test_calls_of_more_than_a_minute_ago_are_not_told():
    async def main() -> dict[str, Any]:
        store, clock = SqliteStore(), Hand()
        worker = Worker(store, clock, "worker-1")
        worker.call(clock, "fail", SECOND)
        clock.at += 61 * SECOND
        return worker.presence.body(clock.at)["vendors"]["zuora"]

    assert asyncio.run(main())["fail"] == 0


@pytest.mark.parametrize(
    ("silent", "state", "why"),
    [
        ((), State.UP, ""),
        (("worker-2",), State.DEGRADED, "silent: worker-2"),
        (("worker-1", "worker-2"), State.DEGRADED, "none is alive: work is taken in and waits"),
    ],
)
def test_a_worker_that_falls_silent_is_seen(silent, state, why):
    now = START + SILENT_US
    names = ("worker-1", "worker-2")
    processes = [Process(n, START if n in silent else START + 1, {"role": "worker"}) for n in names]
    assert workers(processes, now, wanted=True) == Dependency("workers", state, why)


def test_where_nobody_works_no_worker_is_missed():
    assert workers([], START, wanted=False).state is State.UP
    assert workers([], START, wanted=True).state is State.DEGRADED


@pytest.mark.parametrize(
    ("good", "bad", "state"), [(0, 2, State.UP), (0, 3, State.DOWN), (1, 9, State.UP), (0, 0, State.UP)]
)
def test_a_vendor_without_any_good_answer_is_away(good, bad, state):
    standing = {"paused_us": 0, "per_mille": 1000, "ok": good, "fail": bad, "info": 0}
    assert vendor("zuora", [standing]).state is state


def test_only_a_store_that_is_away_is_down():
    others = [Dependency("bus", State.DOWN), Dependency("zuora", State.DOWN)]
    assert together([Dependency("store", State.UP), *others]) is State.DEGRADED
    assert together([Dependency("store", State.DOWN), *others]) is State.DOWN
    assert together([Dependency("store", State.UP)]) is State.UP

    async def main() -> Any:
        return await health(a_view(Away(), Hand()))

    state, (store,) = asyncio.run(main())
    assert (state, store.name, store.why) == (State.DOWN, "store", "store: connection refused")


def test_samples_count_what_was_done_between_them_and_what_waits():
    async def main() -> Any:
        store, clock = SqliteStore(), Hand()
        recent = Recent(store, clock, objectives(Fraction(99, 100)))
        for key in ("a", "b", "c"):
            await store.enqueue("invoice_to_ledger", key, clock.at)
        clock.at += SECOND
        done, again, held = await store.claim("w", clock.at, clock.at + 60 * SECOND, 10)
        await store.finish(done, (), clock.at)
        await store.put_off(again, clock.at, "no answer", "INV-2")
        await store.park(held, "refused", "accounts receivable", "INV-3", clock.at)
        clock.at += 4 * SECOND
        first = await recent.look()
        clock.at += SECOND
        return first, await recent.look(), recent

    first, second, recent = asyncio.run(main())
    assert "invoice_to_ledger" in flow_queues()
    assert (first.done["invoice_to_ledger"], second.done["invoice_to_ledger"]) == (1, 0)
    assert (first.waiting, first.in_hand, first.again, first.held) == (1, 0, 1, 1)
    assert (first.overdue_us, second.overdue_us) == (4 * SECOND, 5 * SECOND)
    assert list(recent.samples) == [first, second]
