"""SimPy processes and asyncio tasks share one clock, and hand values and failures to each other."""

from __future__ import annotations

import asyncio

import pytest
import simpy

from scenarios.world.loop import SimLoop, run


def test_a_process_and_a_task_share_the_timeline():
    async def main(loop: SimLoop) -> list[tuple[str, int]]:
        log: list[tuple[str, int]] = []

        def customer():
            for _ in range(3):
                yield loop.env.timeout(2_000_000)
                log.append(("simpy", loop.now_us))

        async def server() -> None:
            for _ in range(3):
                await asyncio.sleep(1.5)
                log.append(("asyncio", loop.now_us))

        loop.process(customer())
        await server()
        await asyncio.sleep(10)
        return log

    assert run(main) == [
        ("asyncio", 1_500_000),
        ("simpy", 2_000_000),
        ("asyncio", 3_000_000),
        ("simpy", 4_000_000),
        ("asyncio", 4_500_000),
        ("simpy", 6_000_000),
    ]


def test_a_process_yields_a_coroutine_and_gets_its_result():
    async def main(loop: SimLoop) -> tuple[str, int]:
        async def call() -> str:
            await asyncio.sleep(3)
            return "answer"

        def customer():
            answer = yield loop.act(call())
            return answer, loop.now_us

        return await loop.wait(loop.process(customer()))

    assert run(main) == ("answer", 3_000_000)


def test_a_coroutine_awaits_any_event_of_simpy():
    async def main(loop: SimLoop) -> tuple[object, int]:
        await loop.wait(loop.env.timeout(5_000_000, "due"))
        event = loop.env.event()
        loop.call_later(1, event.succeed, 42)
        return await loop.wait(event), loop.now_us

    assert run(main) == (42, 6_000_000)


def test_an_event_that_has_happened_is_there_at_once():
    async def main(loop: SimLoop) -> tuple[object, int]:
        event = loop.env.timeout(1_000_000, "past")
        await asyncio.sleep(2)
        return await loop.wait(event), loop.now_us

    assert run(main) == ("past", 2_000_000)


def test_a_failure_of_the_coroutine_reaches_the_process():
    async def main(loop: SimLoop) -> str:
        async def call() -> None:
            await asyncio.sleep(1)
            raise LookupError("no such customer")

        def customer():
            try:
                yield loop.act(call())
            except LookupError as error:
                return f"caught {error}"

        return await loop.wait(loop.process(customer()))

    assert run(main) == "caught no such customer"


def test_a_failure_of_the_process_reaches_the_coroutine():
    async def main(loop: SimLoop) -> None:
        def customer():
            yield loop.env.timeout(1)
            raise LookupError("gone")

        await loop.wait(loop.process(customer()))

    with pytest.raises(LookupError, match="gone"):
        run(main)


def test_a_failure_that_nobody_awaits_ends_the_run():
    async def main(loop: SimLoop) -> None:
        def customer():
            yield loop.env.timeout(1)
            raise LookupError("nobody looks")

        loop.process(customer())
        await asyncio.sleep(10)

    with pytest.raises(LookupError, match="nobody looks"):
        run(main)


def test_a_failed_coroutine_that_no_process_looks_at_ends_the_run():
    async def main(loop: SimLoop) -> None:
        async def call() -> None:
            raise LookupError("lost")

        loop.act(call())
        await asyncio.sleep(10)

    with pytest.raises(LookupError, match="lost"):
        run(main)


def test_a_cancelled_coroutine_tells_the_process():
    async def main(loop: SimLoop) -> str:
        async def call() -> None:
            asyncio.current_task().cancel()
            await asyncio.sleep(1)

        def customer():
            try:
                yield loop.act(call())
            except asyncio.CancelledError:
                return "cancelled"

        return await loop.wait(loop.process(customer()))

    assert run(main) == "cancelled"


def test_resources_of_simpy_and_interrupts():
    async def main(loop: SimLoop) -> list[tuple[str, int]]:
        desk = simpy.Resource(loop.env, capacity=1)
        log: list[tuple[str, int]] = []

        def visitor(name: str):
            with desk.request() as turn:
                yield turn
                yield loop.env.timeout(1_000_000)
                log.append((name, loop.now_us))

        def sleeper():
            try:
                yield loop.env.timeout(10**12)
            except simpy.Interrupt as interrupt:
                log.append((interrupt.cause, loop.now_us))

        asleep = loop.process(sleeper())
        loop.call_later(5, asleep.interrupt, "woken")
        await asyncio.gather(*(loop.wait(loop.process(visitor(n))) for n in "abc"), loop.wait(asleep))
        return log

    assert run(main) == [("a", 1_000_000), ("b", 2_000_000), ("c", 3_000_000), ("woken", 5_000_000)]


def test_a_waiter_that_was_cancelled_is_left_alone():
    async def main(loop: SimLoop) -> int:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await loop.wait(loop.env.timeout(2_000_000))
        await asyncio.sleep(5)
        return loop.now_us

    assert run(main) == 6_000_000


def test_everything_of_one_instant_happens_before_anyone_wakes():
    async def main(loop: SimLoop) -> list[str]:
        log: list[str] = []

        def process():
            yield loop.env.timeout(1_000_000)
            log.append("process")

        async def task() -> None:
            await asyncio.sleep(1)
            log.append("task")

        sleeping = loop.create_task(task())
        await asyncio.sleep(0)
        loop.process(process())
        await sleeping
        return log

    assert run(main) == ["process", "task"]
