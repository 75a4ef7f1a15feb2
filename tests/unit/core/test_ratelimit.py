"""Rate, concurrency, quota and pauses towards a vendor; money first; one budget for all workers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Unavailable
from core.reliability.ratelimit import Limiter, Pace, Priority
from core.store.sqlite import SqliteStore
from scenarios.world.loop import SimLoop, run
from tests.unit.core.fakes import LoopClock


def play(pace: Pace, story: Callable[[SimLoop, Limiter], Awaitable[Any]]) -> Any:
    async def main(loop: SimLoop) -> Any:
        return await story(loop, Limiter("vendor", pace, LoopClock(loop)))

    return run(main, step_budget=200_000)


async def ask(loop: SimLoop, limiter: Limiter, log: list[float], seconds: float = 0.0) -> None:
    async with limiter.admitted(Priority.READ):
        log.append(loop.time())
        await asyncio.sleep(seconds)


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(1 for other in moments if at <= other < at + 1.0) for at in moments)


@settings(max_examples=25)
@given(st.integers(1, 30), st.lists(st.floats(0, 3), min_size=1, max_size=80))
def test_a_vendor_never_meters_more_than_its_rate_in_any_second(rate: int, starts: list[float]):
    log: list[float] = []

    async def story(loop: SimLoop, limiter: Limiter) -> None:
        async def later(start: float) -> None:
            await asyncio.sleep(start)
            await ask(loop, limiter, log)

        await asyncio.gather(*(later(start) for start in starts))

    play(Pace(100, rate), story)
    assert len(log) == len(starts)
    # In any second, also in the first: a vendor's meter may slide.
    assert most_in_a_second(log) <= rate
    span = max(log) - min(log)
    assert len(log) <= rate + span * rate + 1


def test_never_more_at_once_than_allowed():
    at_once = most = 0

    async def story(loop: SimLoop, limiter: Limiter) -> None:
        async def one() -> None:
            nonlocal at_once, most
            async with limiter.admitted(Priority.READ):
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(1)
                at_once -= 1

        await asyncio.gather(*(one() for _ in range(17)))

    play(Pace(5), story)
    assert (most, at_once) == (5, 0)


def test_money_goes_first():
    order: list[str] = []

    async def story(loop: SimLoop, limiter: Limiter) -> None:
        async def one(name: str, priority: Priority) -> None:
            async with limiter.admitted(priority):
                order.append(name)
                await asyncio.sleep(1)

        first = asyncio.create_task(one("under way", Priority.BACKGROUND))
        await asyncio.sleep(0.5)
        wishes = [
            ("nightly", Priority.BACKGROUND), ("crm status", Priority.SHOW), ("look", Priority.READ),
            ("payment", Priority.ACT), ("refund", Priority.ACT),
        ]  # fmt: skip
        await asyncio.gather(first, *(one(*wish) for wish in wishes))

    play(Pace(1), story)
    assert order == ["under way", "payment", "refund", "look", "crm status", "nightly"]


def test_nobody_asks_before_the_vendor_wants_it():
    log: list[float] = []

    async def story(loop: SimLoop, limiter: Limiter) -> None:
        async with limiter.admitted(Priority.READ):
            limiter.throttled(30.0)
        await asyncio.gather(*(ask(loop, limiter, log) for _ in range(3)))

    play(Pace(10, 50), story)
    assert min(log) >= 30.0


def test_too_many_makes_it_slower_and_good_answers_bring_the_full_rate_back():
    """A vendor that bears a tenth for a minute: no storm, and afterwards no lasting slowness."""
    served: list[float] = []
    refused: list[float] = []

    async def story(loop: SimLoop, limiter: Limiter) -> None:
        async def one() -> None:
            while True:
                async with limiter.admitted(Priority.READ):
                    bears = 4 if loop.time() < 60 else 40
                    recent = sum(1 for at in served[-50:] if at > loop.time() - 1)
                    if recent < bears:
                        served.append(loop.time())
                        limiter.answered()
                        return
                    refused.append(loop.time())
                    limiter.throttled(None)

        for _ in range(4000):
            task = asyncio.create_task(one())
            await asyncio.sleep(0.03)
            del task
        await asyncio.sleep(120)

    play(Pace(20, 35), story)
    assert len(served) == 4000
    # Every refusal halves and pauses: far fewer than the some 1,750 that would have been sent in that minute.
    assert len([at for at in refused if at < 60]) < 120
    in_second = Counter(int(at) for at in served)
    assert min(in_second[second] for second in range(75, 100)) >= 0.95 * 33


def test_workers_that_share_a_store_share_the_rate():
    store, log = SqliteStore(), []

    async def main(loop: SimLoop) -> None:
        clock = LoopClock(loop)

        async def spend(window: str, wanted: int, most: int) -> int:
            return await store.spend(window, wanted, most)

        limiters = [Limiter("vendor", Pace(100, 20), clock, spend) for _ in range(3)]
        await asyncio.gather(*(ask(loop, limiters[n % 3], log) for n in range(150)))

    run(main, step_budget=200_000)
    per_second = Counter(int(at + 0.000001) for at in log)
    assert len(log) == 150
    assert max(per_second.values()) <= 20
    assert max(log) < 9  # and no slower than they have to be


def test_what_is_left_of_the_day_is_kept_for_what_cannot_wait(monkeypatch):
    monkeypatch.setattr("core.reliability.ratelimit._SLAB", 1)

    async def story(loop: SimLoop, limiter: Limiter) -> list[str]:
        outcomes = []
        for n in range(12):
            priority = Priority.BACKGROUND if n % 2 else Priority.ACT
            try:
                async with limiter.admitted(priority):
                    outcomes.append(f"{priority.name} ok")
            except Unavailable as error:
                outcomes.append(f"{priority.name} no, {error.retry_after:g} s")
        await asyncio.sleep(86_400)
        async with limiter.admitted(Priority.BACKGROUND):
            outcomes.append("next day")
        return outcomes

    found = play(Pace(10, per_day=10), story)
    assert found.count("BACKGROUND ok") + found.count("ACT ok") == 10
    assert found[9:12] == ["BACKGROUND no, 86400 s", "ACT ok", "BACKGROUND no, 86400 s"]
    assert found[-1] == "next day"


def test_whoever_gives_up_waiting_takes_no_turn_with_it():
    async def story(loop: SimLoop, limiter: Limiter) -> float:
        log: list[float] = []
        first = asyncio.create_task(ask(loop, limiter, log, 10.0))
        await asyncio.sleep(1)
        waiting = [asyncio.create_task(ask(loop, limiter, log)) for _ in range(3)]
        await asyncio.sleep(1)
        for task in waiting:
            task.cancel()
        await first
        await ask(loop, limiter, log)
        return loop.time()

    assert play(Pace(1), story) == 10.0


def test_a_queue_has_an_end(monkeypatch):
    monkeypatch.setattr("core.reliability.ratelimit._WAITING_MAX", 3)

    async def story(loop: SimLoop, limiter: Limiter) -> None:
        log: list[float] = []
        tasks = [asyncio.create_task(ask(loop, limiter, log, 1.0)) for _ in range(4)]
        await asyncio.sleep(0.5)
        with pytest.raises(Unavailable, match="vendor: 3 requests wait already"):
            await ask(loop, limiter, log)
        await asyncio.gather(*tasks)

    play(Pace(1), story)
