"""A power cut: nothing of the host runs on, not even a `finally`; everybody else goes on."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

import pytest

from scenarios.world.hosts import HOST, Host
from scenarios.world.loop import Fenced, SimLoop, run


def on(host: Host, loop: SimLoop, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Start a task on a host."""
    context = Context()
    context.run(HOST.set, host)
    return loop.create_task(coro, context=context)


def test_no_finally_runs_at_a_crash():
    log: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(1)
            log.append("first")
            await asyncio.sleep(10)
            log.append("second")
        except BaseException:
            log.append("except")
            raise
        finally:
            log.append("finally")

    async def main(loop: SimLoop) -> list[str]:
        host = Host("core")
        on(host, loop, work())
        await asyncio.sleep(2)
        loop.crash(host)
        await asyncio.sleep(100)
        return list(log)

    assert run(main) == ["first"]


def test_a_cancel_would_have_run_it():
    log: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            log.append("finally")

    async def main(loop: SimLoop) -> None:
        task = loop.create_task(work())
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.sleep(1)

    run(main)
    assert log == ["finally"]


def test_tasks_that_were_ready_or_cancelled_never_run_again():
    async def main(loop: SimLoop) -> list[str]:
        log: list[str] = []
        host = Host("core")
        future = loop.create_future()

        async def waits() -> None:
            await future
            log.append("woken")

        async def begins() -> None:
            log.append("begun")

        waiting = on(host, loop, waits())
        await asyncio.sleep(1)
        future.set_result(None)  # now it is in the ready queue
        on(host, loop, begins())
        loop.crash(host)
        waiting.cancel()
        await asyncio.sleep(1)
        return log

    assert run(main) == []


def test_timeouts_of_the_dead_go_off_unheard():
    async def main(loop: SimLoop) -> list[str]:
        log: list[str] = []
        host = Host("core")

        async def work() -> None:
            try:
                async with asyncio.timeout(5):
                    await asyncio.sleep(50)
            except TimeoutError:
                log.append("timed out")

        on(host, loop, work())
        await asyncio.sleep(1)
        loop.crash(host)
        await asyncio.sleep(100)
        return log

    assert run(main) == []


def test_children_belong_to_the_host_of_their_parent():
    async def main(loop: SimLoop) -> tuple[int, list[str]]:
        log: list[str] = []
        host = Host("core")

        async def child(name: str) -> None:
            await asyncio.sleep(10)
            log.append(name)

        async def parent() -> None:
            loop.create_task(child("spawned"))
            async with asyncio.TaskGroup() as group:
                group.create_task(child("grouped"))
                await asyncio.gather(child("gathered"), asyncio.wait_for(child("waited for"), 60))

        on(host, loop, parent())
        await asyncio.sleep(1)
        count = len(host.tasks)
        loop.crash(host)
        await asyncio.sleep(100)
        return count, log

    assert run(main) == (6, [])


def test_ended_tasks_are_forgotten():
    async def main(loop: SimLoop) -> int:
        host = Host("core")
        for _ in range(100):
            on(host, loop, asyncio.sleep(1))
        await asyncio.sleep(2)
        return len(host.tasks)

    assert run(main) == 0


def test_other_hosts_and_the_world_go_on():
    async def main(loop: SimLoop) -> list[str]:
        log: list[str] = []
        core, vendor = Host("core"), Host("vendor")

        async def serve(name: str) -> None:
            for _ in range(3):
                await asyncio.sleep(10)
                log.append(name)

        on(core, loop, serve("core"))
        on(vendor, loop, serve("vendor"))
        loop.create_task(serve("world"), context=Context())
        await asyncio.sleep(15)
        loop.crash(core)
        await asyncio.sleep(100)
        return log

    assert run(main) == ["core", "vendor", "world", "vendor", "world", "vendor", "world"]


def test_a_callback_that_cannot_be_hashed_still_runs_after_a_crash():
    async def main(loop: SimLoop) -> list[int]:
        heard: list[int] = []
        host = Host("core")
        on(host, loop, asyncio.sleep(100))
        await asyncio.sleep(1)
        loop.crash(host)
        loop.call_later(1, heard.append, 1)
        await asyncio.sleep(2)
        return heard

    assert run(main) == [1]


def test_a_dead_host_starts_nothing_until_it_is_up_again():
    async def main(loop: SimLoop) -> tuple[int, list[int]]:
        host = Host("core")
        log: list[int] = []

        async def boot() -> None:
            log.append(host.epoch)

        on(host, loop, boot())
        await asyncio.sleep(1)
        loop.crash(host)
        with pytest.raises(Fenced, match="host core is down"):
            on(host, loop, boot())
        host.power_on()
        on(host, loop, boot())
        await asyncio.sleep(1)
        return host.epoch, log

    assert run(main) == (1, [0, 1])


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_the_dead_are_buried_quietly():
    """Locks and generators held at the power cut make no noise when the run is over."""

    async def numbers():
        try:
            while True:
                yield 1
        finally:
            await asyncio.sleep(1)

    async def main(loop: SimLoop) -> None:
        host = Host("core")
        lock = asyncio.Lock()

        async def work() -> None:
            async with lock, asyncio.timeout(1000):
                async for _ in numbers():
                    await asyncio.sleep(10)

        on(host, loop, work())
        on(host, loop, work())
        await asyncio.sleep(25)
        loop.crash(host)
        await asyncio.sleep(100)

    run(main)
    gc.collect()


# --- a sweep over every point at which a small flow may lose power ---


@dataclass
class Shop:
    """A processor that outlives the crash, and a flow that charges through it exactly once, or not."""

    crash_at: int
    stable_key: bool
    idempotent: bool = True
    points: int = 0
    charged: list[str] = field(default_factory=list)
    disk: dict[str, str] = field(default_factory=dict)
    ended: int = 0

    async def main(self, loop: SimLoop) -> int:
        """How many of the flows came to their `finally`."""
        self.loop, self.host = loop, Host("worker")
        on(self.host, loop, self.flow("inv1"))
        await asyncio.sleep(3600)
        return self.ended

    async def point(self) -> None:
        self.points += 1
        if self.points == self.crash_at:
            self.loop.crash(self.host)
            self.loop.call_later(30, self.restart, context=Context())
            await self.loop.create_future()

    def restart(self) -> None:
        self.host.power_on()
        on(self.host, self.loop, self.flow("inv1"))

    async def charge(self, key: str) -> None:
        await asyncio.sleep(0.05)
        if not (self.idempotent and key in self.charged):
            self.charged.append(key)
        await asyncio.sleep(0.05)

    async def flow(self, invoice: str) -> None:
        try:
            await self.point()
            if self.disk.get(invoice) == "paid":
                return
            fresh = f"{invoice}-{self.host.epoch}"
            key = self.disk.setdefault(f"key {invoice}", fresh) if self.stable_key else fresh
            await self.point()
            await self.charge(key)
            await self.point()
            self.disk[invoice] = "paid"
            await self.point()
        finally:
            self.ended += 1


def sweep(*, stable_key: bool, idempotent: bool) -> tuple[int, list[int]]:
    """(crash points, those after which the customer was not charged exactly once)."""

    def play(crash_at: int) -> Shop:
        shop = Shop(crash_at, stable_key, idempotent)
        assert run(shop.main) == 1, "the flow that died must not have run its finally"
        return shop

    points = play(0).points
    bad = []
    for crash_at in range(1, points + 1):
        shop = play(crash_at)
        assert shop.host.epoch == 1
        assert shop.disk["inv1"] == "paid"
        if len(shop.charged) != 1:
            bad.append(crash_at)
    return points, bad


def test_a_sweep_finds_the_crash_that_charges_twice():
    assert sweep(stable_key=False, idempotent=True) == (4, [3])
    assert sweep(stable_key=True, idempotent=False) == (4, [3])


def test_a_sweep_finds_nothing_where_keys_are_stable():
    assert sweep(stable_key=True, idempotent=True) == (4, [])
