"""Rate, concurrency, quota and pauses towards a vendor; money first; one budget for all workers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Unavailable
from core.ports.pacing import Pacing
from core.reliability.ratelimit import Limiter, Pace, Priority
from core.reliability.sharing import Part, Shared
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
    # Whole microseconds, as the clock counts: 1.292969 + 1.0 is a little more than 2.292969.
    at_us = [round(moment * 1_000_000) for moment in moments]
    return max(sum(1 for other in at_us if at <= other < at + 1_000_000) for at in at_us)


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
            await limiter.throttled(30.0)
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
                    await limiter.throttled(None)

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

        limiters = [
            Limiter("vendor", Pace(100, 20), clock, Shared(cast("Pacing", store), f"w{n}")) for n in range(3)
        ]
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


@dataclass
class Together:
    """Several workers' limiters over one store, and a vendor that counts. answer_seconds: it takes."""

    loop: SimLoop
    pace: Pace
    answer_seconds: float = 1.0
    busy: int = 0
    most: int = 0
    asked: list[tuple[float, str]] = field(default_factory=list)
    store: SqliteStore = field(default_factory=SqliteStore)

    def limiter(self, name: str) -> Limiter:
        return Limiter("vendor", self.pace, LoopClock(self.loop), Shared(cast("Pacing", self.store), name))

    async def ask(self, name: str, limiter: Limiter, priority: Priority = Priority.ACT) -> None:
        async with limiter.admitted(priority):
            self.asked.append((self.loop.time(), name))
            self.busy += 1
            self.most = max(self.most, self.busy)
            await asyncio.sleep(self.answer_seconds)
            self.busy -= 1


def together(pace: Pace, story: Callable[[Together], Awaitable[Any]], **named: Any) -> Any:
    async def main(loop: SimLoop) -> Any:
        return await story(Together(loop, pace, **named))

    return run(main, step_budget=200_000)


def test_requests_at_once_are_of_all_workers_and_shared_out_to_who_comes_later():
    async def story(all_: Together) -> Together:
        one, two = all_.limiter("one"), all_.limiter("two")
        early = [asyncio.create_task(all_.ask("one", one)) for _ in range(100)]
        await asyncio.sleep(2.5)
        await asyncio.gather(*early, *(all_.ask("two", two) for _ in range(30)))
        return all_

    found = together(Pace(10), story)
    assert found.most <= 10
    assert len(found.asked) == 130
    # The second has its half some seconds after it came, though the first has work for all ten slots.
    both = Counter(name for at, name in found.asked if 6 <= at < 8)
    assert both["two"] >= 8
    # Nobody waits longer than such a vendor takes, and a little for the sharing out.
    assert max(at for at, _ in found.asked) <= 18


def test_a_worker_that_is_gone_leaves_its_part_to_the_others():
    async def story(all_: Together) -> float:
        part = Part("vendor", 10, None, LoopClock(all_.loop), Shared(cast("Pacing", all_.store), "dead"))
        await part.allot(10)
        assert part.slots == 10
        two = all_.limiter("two")
        began = all_.loop.time()
        await asyncio.gather(*(all_.ask("two", two) for _ in range(40)))
        # Should it have slept only, it has to ask before it goes on.
        assert part.slots == 0
        return all_.loop.time() - began

    # Nothing for the five seconds that its slots last, then ten at once.
    assert together(Pace(10), story) == pytest.approx(9, abs=1)


def test_a_worker_with_nothing_to_do_leaves_its_part_at_once():
    async def story(all_: Together) -> float:
        one, two = all_.limiter("one"), all_.limiter("two")
        await all_.ask("one", one)
        await asyncio.sleep(1)
        began = all_.loop.time()
        await asyncio.gather(*(all_.ask("two", two) for _ in range(40)))
        return all_.loop.time() - began

    assert together(Pace(10), story) == 4


def test_a_burst_takes_no_more_of_the_day_than_it_needs():
    """Of many that find nothing left at once one asks for more: otherwise each took a slab for itself."""

    async def story(all_: Together) -> int:
        one, two = all_.limiter("one"), all_.limiter("two")
        done = await asyncio.gather(
            *(all_.ask(name, by) for _ in range(150) for name, by in (("one", one), ("two", two))),
            return_exceptions=True,
        )
        assert all(error is None or isinstance(error, Unavailable) for error in done)
        return len(all_.asked)

    assert together(Pace(10, per_day=250), story) == 250


def test_what_one_worker_is_told_all_keep_to_and_go_slower_afterwards():
    async def story(all_: Together) -> list[tuple[float, str]]:
        one, two = all_.limiter("one"), all_.limiter("two")
        await all_.ask("two", two)
        async with one.admitted(Priority.ACT):
            await one.throttled(30.0)
        told = all_.loop.time()
        await asyncio.gather(
            *(all_.ask(name, by) for name, by in (("one", one), ("two", two)) for _ in "123")
        )
        assert two.standing().per_mille == one.standing().per_mille == 500
        return [(at - told, name) for at, name in all_.asked[1:]]

    moments = together(Pace(10, 50), story)
    assert min(at for at, _ in moments) >= 30
    assert max(at for at, _ in moments) < 33
    assert Counter(name for _, name in moments) == {"one": 3, "two": 3}


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 2), st.floats(0, 3)), min_size=1, max_size=80))
def test_a_sliding_meter_sees_of_all_workers_little_more_than_one_rate(rate, wishes):
    async def story(all_: Together) -> list[float]:
        limiters = [all_.limiter(f"w{n}") for n in range(3)]

        async def later(n: int, start: float) -> None:
            await asyncio.sleep(start)
            await all_.ask(f"w{n}", limiters[n])

        await asyncio.gather(*(later(n, start) for n, start in wishes))
        return [at for at, _ in all_.asked]

    log = together(Pace(1000, rate), story, answer_seconds=0.01)
    # A tenth of a second's budget more at the most, or one.
    assert most_in_a_second(log) <= rate + max(1, -(-rate // 10))


def test_a_store_that_is_away_stops_nobody_for_ever():
    async def story(all_: Together) -> int:
        limiter = all_.limiter("one")
        sound, all_.store.allot = all_.store.allot, _away  # type: ignore[method-assign]
        waiting = asyncio.create_task(all_.ask("one", limiter))
        await asyncio.sleep(5)
        assert not all_.asked
        all_.store.allot = sound  # type: ignore[method-assign]
        await waiting
        return len(all_.asked)

    assert together(Pace(10), story) == 1


@pytest.mark.parametrize("tenths", range(0, 30, 1))
def test_who_comes_while_slots_are_given_back_waits_no_longer_than_others(tenths: int) -> None:
    """Nobody else may come to that vendor for hours: whoever was overlooked would wait as long."""

    async def story(all_: Together) -> float:
        sound = all_.store.allot

        async def slow(*given: Any) -> int:
            await asyncio.sleep(0.2)
            return await sound(*given)

        all_.store.allot = slow  # type: ignore[method-assign]
        limiter = all_.limiter("one")
        await all_.ask("one", limiter)
        await asyncio.sleep(tenths / 10)
        came = all_.loop.time()
        async with asyncio.timeout(60):
            await all_.ask("one", limiter)
        return all_.asked[1][0] - came

    assert together(Pace(10), story, answer_seconds=0.01) < 1


async def _away(*_: object) -> int:
    raise Unavailable("no answer", system="store")
