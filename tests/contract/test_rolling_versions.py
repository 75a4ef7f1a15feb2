"""Two versions of a core at once over one store: every saga ends under the steps that it was begun with."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from core.announcing.announcer import SILENT
from core.canonical.errors import Unavailable
from core.connectivity.flows import ORDER, Flow, Step
from core.connectivity.saga import Sagas
from core.ports.durable import Store, Task
from core.reliability.locks import SharedLocks
from core.reliability.retry import Policy
from core.reliability.worker import Claims, Worker
from core.store.postgres import PostgresStore
from core.store.sqlite import SqliteStore
from scenarios.world.draws import KeyedDraws
from scenarios.world.recorder import Recorder
from tests.servers import fresh_database, postgres_server  # noqa: F401 - a fixture

POLICY = Policy(attempts=4, first_seconds=0.02, longest_seconds=0.06)
STEPS = {2: ("reserve", "bill", "close"), 3: ("reserve", "check", "bill", "ship")}
TOO_NEW = "rolled: begun under version 3, this worker knows 2"


@dataclass(frozen=True, slots=True)
class Toy:
    """A transaction of one of four customers."""

    key: str
    aggregate: str


class Yard:
    """Two cores on stores of their own over one database; every act that was done: (key, step, core)."""

    def __init__(self, stores: dict[str, Store]) -> None:
        self.stores, self.acts, self.stumbled = stores, list[tuple[str, str, str]](), set[str]()
        self.store = stores["old"]
        self.ids: dict[str, int] = {}
        old = replace(
            ORDER, name="rolled", open=self.open, steps=self.steps(2), version=2, earlier={}, may_undo=None
        )
        self.flows = {
            "old": old,
            "new": replace(old, steps=self.steps(3), version=3, earlier={2: old.steps}),
        }
        self.running: list[asyncio.Task[None]] = []

    def now(self) -> int:
        return int(time.monotonic() * 1_000_000)

    async def open(self, _: Any, key: str) -> Toy:
        return Toy(key, f"customer-{int(key.rpartition('-')[2]) % 4}")

    def steps(self, version: int) -> tuple[Step, ...]:
        return tuple(Step(name, self.act(name), harmless=True) for name in STEPS[version])

    def act(self, name: str) -> Callable[[Any, Toy], Any]:
        async def done(desk: Any, case: Toy) -> None:
            await asyncio.sleep(0.002)
            if name == "bill" and case.key not in self.stumbled:
                # Once in the middle of each: whoever finds it next, this core or the other, goes on.
                self.stumbled.add(case.key)
                raise Unavailable("the vendor is away for a moment")
            self.acts.append((case.key, name, desk.name))

        return done

    async def begin(self, name: str, version: int, count: int) -> None:
        """Sagas whose first step was done under a version; under 0 none was."""
        for n in range(count):
            key = f"{name}-{n}"
            await self.store.enqueue("rolled", key, self.now())
            self.ids[key] = next(task.id for task in await self.store.ready() if task.key == key)
            if version:
                # With a lease that has run out at once: the core that began it is gone.
                claimed = await self.store.claim("gone", self.now(), self.now() + 60_000_000, 100)
                (task,) = [task for task in claimed if task.key == key]
                await self.store.step_done(task, "reserve", version)
        await self.store.take_back("gone", self.now())

    def start(self, name: str) -> None:
        store, watch, clock = self.stores[name], Recorder(self.now), SimpleNamespace(now=self.now)
        claims, draws = Claims(name, lease_seconds=10.0, poll_seconds=0.02), KeyedDraws(1)
        desk = SimpleNamespace(name=name, clock=clock, watch=watch)
        parts: Any = SimpleNamespace(desk=desk, store=store, announces=SILENT)
        locks = SharedLocks(store, clock, draws, name, 10.0)
        flow: Flow = self.flows[name]
        sagas = Sagas(parts, [flow], locks)
        worker = Worker(
            store, clock, draws, watch, POLICY, sagas.handlers, sagas.owners, concurrency=3, claims=claims
        )  # fmt: skip
        self.running.append(asyncio.create_task(worker.run()))

    async def stop(self) -> None:
        for task in self.running:
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.running.clear()

    async def until(self, come: Callable[[list[Task]], bool]) -> None:
        """That can be said of what is not ended."""
        async with asyncio.timeout(20):
            while not come(await self.store.ready()):
                await asyncio.sleep(0.01)

    async def found(self, key: str) -> Task:
        task = await self.store.task(self.ids[key])
        assert task is not None
        return task

    def done(self, key: str) -> tuple[str, ...]:
        return tuple(step for of, step, _ in self.acts if of == key)


@asynccontextmanager
async def yard(request: Any, tmp_path: Any) -> AsyncIterator[Yard]:
    stores: dict[str, Any] = {}
    if request.param == "postgres":
        url = await fresh_database(request.getfixturevalue("postgres_server"))
        for name in ("old", "new"):
            stores[name] = await PostgresStore.open(url, connections=3)
    else:
        stores = {name: SqliteStore(str(tmp_path / "core.db")) for name in ("old", "new")}
    made = Yard(stores)
    try:
        yield made
    finally:
        await made.stop()
        for store in stores.values():
            closed = store.close()
            if closed is not None:
                await closed


@pytest.fixture(params=["file", "postgres"])
def play(request, tmp_path):
    def played(story: Callable[[Yard], Any]) -> None:
        async def main() -> None:
            async with yard(request, tmp_path) as made:
                await story(made)

        asyncio.run(main())

    return played


def test_an_old_core_and_a_new_one_end_what_each_knows_once(play):
    async def story(yard: Yard) -> None:
        await yard.begin("ahead", 3, 4)
        await yard.begin("behind", 2, 8)
        yard.start("old")
        # Alone it ends what it knows, and leaves what it does not.
        await yard.until(lambda left: len(left) == 4 and all(task.error == TOO_NEW for task in left))
        assert await yard.store.parked() == []
        for n in range(4):
            task = await yard.found(f"ahead-{n}")
            assert (task.state, task.done, task.version) == ("ready", ("reserve",), 3)
        # Both, after a restart; the old one as soon as the new one has some of the old version in hand.
        await yard.stop()
        for name, version in (("later-behind", 2), ("later-ahead", 3), ("fresh", 0)):
            await yard.begin(name, version, 8)
        yard.start("new")
        await yard.until(lambda _: any("behind" in key and core == "new" for key, _, core in yard.acts))
        yard.start("old")
        await yard.until(lambda left: not left)

        assert await yard.store.parked() == []
        for key in yard.ids:
            task = await yard.found(key)
            # A fresh one is of the version of whoever did its first step.
            assert task.version == {"ahead": 3, "behind": 2}.get(key.split("-")[-2], task.version), key
            assert (task.state, task.done) == ("done", STEPS[task.version]), key
            acted = task.done if key.startswith("fresh") else task.done[1:]
            assert yard.done(key) == acted, key  # in order, nothing twice, nothing lost
            cores = {core for of, _, core in yard.acts if of == key}
            assert task.version == 2 or cores == {"new"}, key
        assert len(yard.ids) == 36
        assert {core for key, _, core in yard.acts if key.startswith(("later", "fresh"))} == {"old", "new"}

    play(story)


def test_a_version_that_neither_core_knows_is_held_with_its_remedy_and_stops_nobody(play):
    async def story(yard: Yard) -> None:
        await yard.begin("lost", 1, 3)
        await yard.begin("behind", 2, 3)
        await yard.begin("ahead", 3, 3)
        yard.start("old")
        yard.start("new")
        await yard.until(lambda left: not left)

        held = await yard.store.parked()
        assert sorted(task.key for task in held) == ["lost-0", "lost-1", "lost-2"]
        for task in held:
            assert (task.owner, task.done, task.version) == ("sales operations", ("reserve",), 1)
            assert "rolled: version 1 is no longer known, only " in task.error
            assert "deploy a core that knows it, or do by hand what is left and skip" in task.error
            assert yard.done(task.key) == ()
        for key in yard.ids:
            if not key.startswith("lost"):
                task = await yard.found(key)
                assert (task.state, yard.done(key)) == ("done", STEPS[task.version][1:])

    play(story)
