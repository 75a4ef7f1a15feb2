"""The worker: retries what may pass, parks what may not, goes on where it was."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from core.canonical.errors import CoreError, Held, Missing, Refused, Unavailable, Unclear
from core.ports.durable import Rank
from core.reliability.retry import Policy
from core.reliability.worker import DEFAULT, Claims, Emits, Job, Worker
from core.store.sqlite import SqliteStore
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop, run
from scenarios.world.recorder import Recorder
from tests.unit.core.fakes import START_US, LoopClock

POLICY = Policy(attempts=4, first_seconds=10.0, factor=2.0, longest_seconds=3600.0)


class Shop:
    """A store, a worker over one queue, and a handler that fails as told."""

    def __init__(
        self,
        loop: SimLoop,
        *errors: BaseException,
        concurrency: int = 4,
        work_seconds: float = 1.0,
        claims: Claims = DEFAULT,
    ):
        self.loop, self.errors, self.work_seconds = loop, list(errors), work_seconds
        self.clock, self.store = LoopClock(loop), SqliteStore()
        self.watch = Recorder(self.clock.now)
        self.concurrency = concurrency
        self.tried: list[tuple[str, float]] = []
        self.at_once = self.most_at_once = self.emitted = 0
        self.emits: Emits = ()
        self.claims = claims
        self.worker = self.start()

    def start(self) -> Worker:
        worker = Worker(
            self.store, self.clock, KeyedDraws(1), self.watch, POLICY, {"flow": self.handle},
            {"flow": "sales operations"}, self.concurrency, self.tell, self.claims,
        )  # fmt: skip
        self.running = self.loop.create_task(worker.run())
        return worker

    def tell(self) -> None:
        self.emitted += 1

    async def handle(self, job: Job) -> Emits:
        job.label = f"order:{job.task.key}"
        self.tried.append((job.task.key, self.loop.time()))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.work_seconds)
        finally:
            self.at_once -= 1
        if self.errors:
            raise self.errors.pop(0)
        return self.emits

    async def give(self, *keys: str, wait: float = 86_400) -> None:
        for key in keys:
            await self.store.enqueue("flow", key, self.clock.now())
        self.worker.wake()
        await asyncio.sleep(wait)


def play(story: Callable[[Shop], Any], *errors: BaseException, **named: Any) -> Any:
    async def main(loop: SimLoop) -> Any:
        return await story(Shop(loop, *errors, **named))

    return run(main, step_budget=50_000)


async def one(shop: Shop) -> tuple[list[float], list[str], list[str]]:
    """(moments of the attempts, errors of what is parked, alerts)."""
    await shop.give("a")
    parked = await shop.store.parked()
    return (
        [at for _, at in shop.tried],
        [task.error for task in parked],
        [text for _, _, _, text in shop.watch.alerts],
    )


def test_what_works_is_done_once():
    async def story(shop: Shop):
        return await one(shop), await shop.store.ready()

    assert play(story) == (([0.0], [], []), [])


@pytest.mark.parametrize("error", [Unavailable("down"), Unclear("who knows"), Missing("not yet")])
def test_what_may_pass_is_put_off_with_growing_pauses(error):
    moments, parked, alerts = play(one, error, error, error)
    gaps = [b - a - 1.0 for a, b in itertools.pairwise(moments)]
    for gap, full in zip(gaps, (10.0, 20.0, 40.0), strict=True):
        assert 0.75 * full <= gap <= full
    assert (parked, alerts) == ([], [])


def test_what_keeps_failing_is_parked_after_the_last_attempt():
    async def story(shop: Shop):
        found = await one(shop)
        (task,) = await shop.store.parked()
        return found, task, shop.watch.counts["retried"]

    (moments, parked, alerts), task, retried = play(story, *[Unclear("no answer")] * 9)
    assert len(moments) == 4
    assert parked == ["after 4 attempts: no answer"]
    assert alerts == ["flow held for sales operations: after 4 attempts: no answer"]
    assert (task.label, task.owner, task.attempts, retried) == ("order:a", "sales operations", 4, 3)


def test_what_is_refused_is_parked_at_once():
    moments, parked, alerts = play(one, Refused("no such product"))
    assert moments == [0.0]
    assert parked == ["refused: no such product"]
    assert alerts == ["flow held for sales operations: refused: no such product"]


def test_what_is_held_waits_for_whom_it_names():
    async def story(shop: Shop):
        await shop.give("a")
        return [(task.owner, task.error) for task in await shop.store.parked()]

    error = Held("rate: none for KWD on 2026-01-31; enter one in the rates table", owner="treasury")
    assert play(story, error) == [("treasury", f"refused: {error.detail}")]


def test_an_unexpected_exception_parks_and_the_worker_lives():
    async def story(shop: Shop):
        found = await one(shop)
        await shop.give("b")
        return found, [key for key, _ in shop.tried], shop.running.done()

    (moments, parked, _), tried, ended = play(story, ZeroDivisionError("ouch"))
    assert (moments, parked) == ([0.0], ["unexpected ZeroDivisionError: ouch"])
    assert tried == ["a", "b"]
    assert not ended


def test_a_queue_that_nobody_handles_is_parked():
    async def story(shop: Shop):
        await shop.store.enqueue("strange", "a", shop.clock.now())
        await shop.give("b")
        return [(task.queue, task.owner, task.error) for task in await shop.store.parked()]

    assert play(story) == [("strange", "integration", "unexpected KeyError: 'strange'")]


def test_what_the_vendor_says_of_the_wait_is_honoured():
    moments, _, _ = play(one, Unavailable("slow", retry_after=500.0), Unavailable("slow", retry_after=0.5))
    assert moments[1] == 501.0
    assert moments[2] - moments[1] - 1.0 >= 15.0


def test_redrive_begins_anew():
    async def story(shop: Shop):
        await shop.give("a")
        await shop.store.redrive(shop.clock.now())
        shop.worker.wake()
        await asyncio.sleep(10)
        return len(shop.tried), await shop.store.parked(), await shop.store.ready()

    assert play(story, Refused("no")) == (2, [], [])


def test_no_more_at_once_than_allowed():
    async def story(shop: Shop):
        await shop.give(*"abcdefghij")
        return shop.most_at_once, sorted({at for _, at in shop.tried})

    assert play(story, concurrency=4, work_seconds=10.0) == (4, [0.0, 10.0, 20.0])


def test_one_that_waits_does_not_hold_up_the_others():
    async def story(shop: Shop):
        await shop.give("a", "b", "c")
        return [key for key, _ in shop.tried]

    assert play(story, Unavailable("down", retry_after=3600), concurrency=1) == ["a", "b", "c", "a"]


def test_an_idle_worker_sleeps_until_it_is_woken():
    async def story(shop: Shop):
        await asyncio.sleep(30 * 86_400)
        steps = shop.loop.steps
        await shop.give("a", wait=5)
        return steps < 20, shop.tried

    assert play(story) == (True, [("a", 30 * 86_400.0)])


def test_what_is_emitted_goes_out_and_is_told():
    async def story(shop: Shop):
        shop.emits = (("paid", "a"),)
        await shop.give("a")
        return [(m.topic, m.subject) for m in await shop.store.unpublished(9)], shop.emitted

    assert play(story) == ([("paid", "a")], 1)


def test_a_new_worker_takes_up_what_the_old_one_left():
    """The first process dies in mid-step; the steps it journalled are not done again."""
    acted: list[str] = []

    class Journalled(Shop):
        async def handle(self, job: Job) -> Emits:
            for step in ("first", "second", "third"):
                if step in job.task.done:
                    continue
                await asyncio.sleep(10)
                acted.append(step)
                job.task = await self.store.step_done(job.task, step)
            return ()

    async def main(loop: SimLoop):
        shop = Journalled(loop)
        await shop.give("a", wait=25)
        shop.running.cancel()
        for _, task in list(shop.worker._busy.values()):
            task.cancel()
        await asyncio.sleep(3600)
        left = [(t.done, t.state) for t in await shop.store.ready()]
        shop.start()
        await asyncio.sleep(60)
        return left, await shop.store.ready()

    assert run(main, step_budget=5_000) == ([(("first", "second"), "ready")], [])
    assert acted == ["first", "second", "third"]


def test_the_clock_of_the_store_is_the_worlds():
    async def story(shop: Shop):
        await shop.give("a", wait=5)
        (task,) = await shop.store.parked()
        return task.first_at - START_US, task.due_at - START_US

    assert play(story, CoreError("?")) == (0, 1_000_000)


# --- several workers ---


def test_a_long_job_keeps_its_lease():
    """It works for ten leases; another worker, awake all the time, never gets it."""

    async def story(shop: Shop):
        shop.claims = Claims("two", lease_seconds=10.0, poll_seconds=1.0)
        shop.start()
        await shop.give("a", wait=200)
        return shop.tried, await shop.store.ready(), shop.watch.counts

    claims = Claims("one", lease_seconds=10.0, poll_seconds=1.0)
    tried, left, counts = play(story, work_seconds=100.0, claims=claims)
    assert [key for key, _ in tried] == ["a"]
    assert left == []
    assert "fenced" not in counts


def test_whoever_sleeps_through_its_lease_is_followed_and_says_nothing_more():
    """The first worker's machine stands still; when it comes back its task is another's."""

    async def story(shop: Shop):
        first = shop.worker
        await shop.give("a", wait=5)
        shop.running.cancel()  # nobody renews; the job itself sleeps on
        shop.claims = Claims("two", lease_seconds=10.0, poll_seconds=1.0)
        shop.work_seconds = 1.0
        shop.start()
        await asyncio.sleep(100)
        return first is not shop.worker, shop.tried, await shop.store.ready(), shop.watch.counts

    claims = Claims("one", lease_seconds=10.0, poll_seconds=1.0)
    _, tried, left, counts = play(story, work_seconds=50.0, claims=claims)
    assert [key for key, _ in tried] == ["a", "a"]
    assert 10.0 <= tried[1][1] <= 15.0
    assert left == []
    assert counts["fenced"] == 1


def test_what_kills_its_worker_each_time_is_isolated():
    """The handler never comes back: the process died in it. After six silent claims it is held."""

    async def story(shop: Shop):
        await shop.give("poison", wait=1)
        for n in range(8):
            shop.running.cancel()
            for _, task in list(shop.worker._busy.values()):
                task.cancel()
            shop.worker = shop.start()
            await shop.give(f"good{n}", wait=1)
        return len([key for key, _ in shop.tried if key == "poison"]), await shop.store.parked()

    attempts, parked = play(story, work_seconds=5_000.0)
    assert attempts == 6
    assert ("poison", "poison: its worker fell silent 6 times without a step done") in [
        (task.key, task.error) for task in parked
    ]


def test_a_worker_leaves_alone_what_a_newer_version_may_know():
    async def story(shop: Shop):
        await shop.store.enqueue("strange", "a", shop.clock.now())
        await shop.give("b", wait=10)
        return [task.queue for task in await shop.store.ready()], await shop.store.parked()

    assert play(story, claims=Claims("one", poll_seconds=1.0)) == (["strange"], [])


@pytest.mark.parametrize("error", [Unavailable("store: no answer", system="store"), LookupError("odd")])
def test_a_worker_outlives_an_absence_of_the_store_and_what_nobody_foresaw(error):
    class Moody(SqliteStore):
        away = False

        async def next_due(self, queues=()):
            if self.away:
                raise error
            return await super().next_due(queues)

    async def main(loop: SimLoop):
        shop = Shop(loop)
        shop.running.cancel()
        shop.store = Moody()
        shop.start()
        shop.store.away = True
        await shop.give("a", wait=100)
        before = list(shop.tried)
        shop.store.away = False
        await asyncio.sleep(60)
        return before, [key for key, _ in shop.tried], await shop.store.ready()

    assert run(main, step_budget=5_000) == ([], ["a"], [])


@pytest.mark.parametrize("concurrency", [1, 3, 8])
def test_what_is_shown_has_its_share_though_more_money_comes_in_than_can_be_worked_off(concurrency):
    """Every eighth is taken by age, one by one too."""
    done: list[str] = []

    async def main(loop: SimLoop) -> None:
        store, clock = SqliteStore(), LoopClock(loop)
        for n in range(400):
            await store.enqueue("status", f"s{n}", clock.now())
        for n in range(400):
            await store.enqueue("payment", f"p{n}", clock.now())

        async def handle(job: Job) -> Emits:
            done.append(job.task.queue)
            await asyncio.sleep(1)
            return ()

        worker = Worker(
            store, clock, KeyedDraws(1), Recorder(clock.now), POLICY, {"status": handle, "payment": handle},
            {}, concurrency, ranks={"payment": Rank.MONEY, "status": Rank.SHOWN},
        )  # fmt: skip
        running = loop.create_task(worker.run())
        await asyncio.sleep(160 / concurrency)
        running.cancel()

    run(main, step_budget=50_000)
    first = done[:160]
    assert first.count("status") in (19, 20)
    # Never long without one.
    assert all("status" in first[n : n + 16] for n in range(len(first) - 16))
