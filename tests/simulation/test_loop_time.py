"""Virtual time: asyncio's own tools at whole microseconds, and a clock that only work moves."""

from __future__ import annotations

import asyncio

import pytest

from scenarios.world.loop import Deadlock, SimLoop, StepBudget, run

YEAR_US = 365 * 86_400 * 1_000_000


def test_a_sleep_takes_its_time_and_not_ours():
    async def main(loop: SimLoop) -> int:
        await asyncio.sleep(30 * 86_400)
        return loop.now_us

    assert run(main) == 30 * 86_400 * 1_000_000


def test_sleeps_in_a_row_and_side_by_side():
    async def main(loop: SimLoop) -> tuple[list[int], int]:
        moments = []
        for _ in range(3):
            await asyncio.sleep(0.25)
            moments.append(loop.now_us)
        await asyncio.gather(*(asyncio.sleep(n) for n in (5, 1, 3)))
        return moments, loop.now_us

    assert run(main) == ([250_000, 500_000, 750_000], 5_750_000)


def test_a_sleep_of_nothing_moves_no_clock():
    async def main(loop: SimLoop) -> int:
        for _ in range(100):
            await asyncio.sleep(0)
        return loop.now_us

    assert run(main) == 0


@pytest.mark.parametrize(("pause", "count"), [(0.1, 20_000), (1 / 3, 5_000), (21_600.123457, 1_460)])
def test_many_sleeps_add_up_exactly(pause, count):
    async def main(loop: SimLoop) -> int:
        for _ in range(count):
            await asyncio.sleep(pause)
        return loop.now_us

    assert run(main) == round(pause * 1_000_000) * count


def test_no_drift_late_in_a_year():
    async def main(loop: SimLoop) -> list[int]:
        await asyncio.sleep(365 * 86_400)
        moments = []
        for _ in range(2_000):
            await asyncio.sleep(0.000_001)
            moments.append(loop.now_us - YEAR_US)
        return moments

    assert run(main) == list(range(1, 2_001))


def test_a_year_of_hours_ends_on_the_hour():
    async def main(loop: SimLoop) -> tuple[int, float]:
        for _ in range(365 * 24):
            await asyncio.sleep(3600)
        return loop.now_us, loop.time()

    assert run(main) == (YEAR_US, 365 * 86_400.0)


def test_call_at_keeps_the_absolute_moment_and_the_past_is_now():
    async def main(loop: SimLoop) -> list[tuple[str, int]]:
        seen: list[tuple[str, int]] = []
        await asyncio.sleep(0.7)
        loop.call_at(12.345678, lambda: seen.append(("later", loop.now_us)))
        loop.call_at(0.1, lambda: seen.append(("past", loop.now_us)))
        await asyncio.sleep(20)
        return seen

    assert run(main) == [("past", 700_000), ("later", 12_345_678)]


def test_timers_of_one_instant_fire_in_the_order_they_were_set():
    async def main(loop: SimLoop) -> list[int]:
        seen: list[int] = []
        for n in range(50):
            loop.call_later(1, seen.append, n)
        await asyncio.sleep(2)
        return seen

    assert run(main) == list(range(50))


def test_timeout_strikes_at_its_moment():
    async def main(loop: SimLoop) -> tuple[int, int]:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.sleep(31)
        first = loop.now_us
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(100), 0.5)
        return first, loop.now_us

    assert run(main) == (30_000_000, 30_500_000)


def test_cancelled_timers_do_not_move_the_clock():
    async def main(loop: SimLoop) -> int:
        for _ in range(1_000):
            async with asyncio.timeout(3600):
                await asyncio.sleep(0.001)
        timer = loop.call_later(10**6, print)
        timer.cancel()
        await asyncio.sleep(0)
        return loop.now_us

    assert run(main) == 1_000_000


def test_only_cancelled_timers_left_is_a_deadlock_now_and_not_at_their_time():
    loop = SimLoop()

    async def main() -> None:
        loop.call_later(3600, print).cancel()
        await loop.create_future()

    with pytest.raises(Deadlock, match=r"at 0\.000000 s"):
        loop.run_until_complete(main())
    assert loop.now_us == 0
    loop.close()


def test_queue_between_producer_and_consumer():
    async def main(loop: SimLoop) -> list[tuple[int, int]]:
        queue: asyncio.Queue[int] = asyncio.Queue(maxsize=2)
        seen = []

        async def produce() -> None:
            for n in range(5):
                await queue.put(n)

        async def consume() -> None:
            for _ in range(5):
                await asyncio.sleep(1)
                seen.append((await queue.get(), loop.now_us // 1_000_000))

        async with asyncio.TaskGroup() as group:
            group.create_task(produce())
            group.create_task(consume())
        return seen

    assert run(main) == [(n, n + 1) for n in range(5)]


def test_lock_and_semaphore_serve_in_order_of_asking():
    async def main(loop: SimLoop) -> tuple[list[int], list[tuple[int, int]]]:
        lock, slots = asyncio.Lock(), asyncio.Semaphore(2)
        alone: list[int] = []
        pairs: list[tuple[int, int]] = []

        async def one(n: int) -> None:
            async with lock:
                await asyncio.sleep(1)
                alone.append(n)
            async with slots:
                await asyncio.sleep(10)
                pairs.append((n, loop.now_us // 1_000_000))

        await asyncio.gather(*(one(n) for n in range(4)))
        return alone, pairs

    assert run(main) == ([0, 1, 2, 3], [(0, 11), (1, 12), (2, 21), (3, 22)])


def test_event_wakes_all_who_wait():
    async def main(loop: SimLoop) -> list[int]:
        event = asyncio.Event()
        woken = []

        async def wait(n: int) -> None:
            await event.wait()
            woken.append(n)

        async with asyncio.TaskGroup() as group:
            for n in range(5):
                group.create_task(wait(n))
            loop.call_later(7, event.set)
        assert loop.now_us == 7_000_000
        return woken

    assert run(main) == [0, 1, 2, 3, 4]


def test_task_group_cancels_siblings_at_the_moment_of_failure():
    async def main(loop: SimLoop) -> tuple[list[int], int]:
        ended = []

        async def sibling(n: int) -> None:
            try:
                await asyncio.sleep(1000)
            finally:
                ended.append(n)

        async def fail() -> None:
            await asyncio.sleep(2)
            raise KeyError("x")

        with pytest.raises(ExceptionGroup) as caught:  # noqa: PT012
            async with asyncio.TaskGroup() as group:
                for n in range(3):
                    group.create_task(sibling(n))
                group.create_task(fail())
        assert isinstance(caught.value.exceptions[0], KeyError)
        return ended, loop.now_us

    assert run(main) == ([0, 1, 2], 2_000_000)


def test_async_generators_are_closed_at_the_end():
    closed = []

    async def endless():
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    kept = endless()

    async def main(loop: SimLoop) -> int:
        return await anext(kept)

    assert run(main) == 1
    assert closed == [True]


def test_deadlock_is_detected_and_dated():
    async def main(loop: SimLoop) -> None:
        a, b = asyncio.Event(), asyncio.Event()

        async def cross(mine: asyncio.Event, yours: asyncio.Event) -> None:
            await asyncio.sleep(1)
            await yours.wait()
            mine.set()

        await asyncio.gather(cross(a, b), cross(b, a))

    with pytest.raises(Deadlock, match=r"nothing scheduled at 1\.000000 s"):
        run(main)


def test_step_budget_ends_a_livelock():
    async def main(loop: SimLoop) -> None:
        while True:
            await asyncio.sleep(0)

    with pytest.raises(StepBudget, match=r"steps by 0\.000 s"):
        run(main, step_budget=10_000)


def test_step_budget_lets_honest_work_pass():
    async def main(loop: SimLoop) -> int:
        for _ in range(100):
            await asyncio.sleep(1)
        return loop.steps

    assert run(main, step_budget=1_000) < 1_000


def test_leftover_tasks_are_cancelled_in_order_of_creation():
    ended = []

    async def left(n: int) -> None:
        try:
            await asyncio.sleep(10**9)
        finally:
            ended.append(n)

    async def main(loop: SimLoop) -> None:
        for n in range(40):
            loop.create_task(left(n))
        await asyncio.sleep(1)

    run(main)
    assert ended == list(range(40))


def test_an_error_of_main_comes_out():
    async def main(loop: SimLoop) -> None:
        await asyncio.sleep(1)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        run(main)
