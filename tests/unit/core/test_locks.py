"""One at a time per aggregate."""

from __future__ import annotations

import asyncio

import pytest

from core.reliability.locks import KeyedLocks, SharedLocks
from core.store.sqlite import SqliteStore
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop, run
from tests.unit.core.fakes import LoopClock


def test_equal_keys_wait_in_order_and_others_do_not():
    async def main(loop: SimLoop) -> list[tuple[str, int, float]]:
        locks = KeyedLocks()
        log: list[tuple[str, int, float]] = []

        async def work(key: str, n: int) -> None:
            async with locks.hold(key):
                await asyncio.sleep(1)
                log.append((key, n, loop.time()))

        await asyncio.gather(*(work("acme", n) for n in range(3)), work("other", 0))
        return log

    assert run(main) == [("acme", 0, 1.0), ("other", 0, 1.0), ("acme", 1, 2.0), ("acme", 2, 3.0)]


def test_a_key_that_nobody_holds_costs_nothing():
    async def main(loop: SimLoop) -> tuple[int, int]:
        locks = KeyedLocks()

        async def work(n: int) -> None:
            async with locks.hold(f"key{n % 10}"):
                await asyncio.sleep(1)

        tasks = [loop.create_task(work(n)) for n in range(50)]
        await asyncio.sleep(0.5)
        held = len(locks._locks)
        await asyncio.gather(*tasks)
        return held, len(locks._locks)

    assert run(main) == (10, 0)


def test_failures_and_cancelled_waiters_let_go():
    async def main(loop: SimLoop) -> tuple[str, float, int]:
        locks = KeyedLocks()

        async def fail() -> None:
            async with locks.hold("acme"):
                await asyncio.sleep(5)
                raise LookupError

        async def wait(name: str) -> str:
            async with locks.hold("acme"):
                return name

        failing = loop.create_task(fail())
        await asyncio.sleep(0)
        impatient, patient = loop.create_task(wait("impatient")), loop.create_task(wait("patient"))
        await asyncio.sleep(1)
        impatient.cancel()
        name = await patient
        await asyncio.gather(failing, impatient, return_exceptions=True)
        return name, loop.time(), len(locks._locks)

    assert run(main) == ("patient", 5.0, 0)


# --- among processes ---


def two_processes(lease_seconds: float = 60.0):
    """Two holders on one store, in virtual time."""
    store = SqliteStore()

    def make(loop: SimLoop, name: str) -> SharedLocks:
        return SharedLocks(store, LoopClock(loop), KeyedDraws(1), name, lease_seconds)

    return store, make


def test_another_process_waits_for_the_same_key_and_not_for_another():
    _, make = two_processes()
    seen: list[tuple[str, str, float]] = []

    async def main(loop: SimLoop) -> None:
        async def act(locks: SharedLocks, name: str, key: str) -> None:
            async with locks.hold(key):
                seen.append((name, "in", loop.time()))
                await asyncio.sleep(5)
                seen.append((name, "out", loop.time()))

        one, two = make(loop, "one"), make(loop, "two")
        async with asyncio.TaskGroup() as group:
            group.create_task(act(one, "first", "customer"))
            group.create_task(act(two, "second", "customer"))
            group.create_task(act(two, "free", "other"))

    run(main, step_budget=5_000)
    at = {(name, what): moment for name, what, moment in seen}
    assert at["free", "in"] < 0.01
    assert at["first", "out"] <= at["second", "in"] <= at["first", "out"] + 0.25


def test_the_lock_of_a_dead_process_ends_with_its_lease():
    store, make = two_processes(lease_seconds=30.0)

    async def main(loop: SimLoop) -> float:
        clock = LoopClock(loop)
        assert await store.lease("lock/customer", "dead", clock.now(), clock.now() + 30_000_000)
        async with make(loop, "one").hold("customer"):
            return loop.time()

    assert 30.0 <= run(main, step_budget=5_000) <= 30.3


def test_a_failed_act_gives_the_key_back():
    _, make = two_processes()

    async def main(loop: SimLoop) -> float:
        with pytest.raises(LookupError):
            async with make(loop, "one").hold("customer"):
                raise LookupError
        async with make(loop, "two").hold("customer"):
            return loop.time()

    assert run(main, step_budget=100) == 0.0
