"""One at a time per aggregate."""

from __future__ import annotations

import asyncio

from core.reliability.locks import KeyedLocks
from scenarios.world.loop import SimLoop, run


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
