"""Several workers over one store, one of which stands still past its leases and comes back: it is refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from core.canonical.errors import Fenced
from core.ports.durable import Store, Task
from core.reliability.retry import Policy
from core.reliability.worker import Claims, Emits, Job, Worker
from core.store.postgres import PostgresStore
from core.store.sqlite import SqliteStore
from scenarios.checkers.i43_one_writer import check
from scenarios.evidence.durable import Claim, Effect, Epochs, Refusal, Sending
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import BROKEN, HOLDS
from scenarios.mutants.fencing import Unfenced
from scenarios.mutants.wraps import Around
from scenarios.world.draws import KeyedDraws
from scenarios.world.recorder import Recorder
from tests.servers import fresh_database, postgres_server  # noqa: F401 - a fixture

POLICY = Policy(attempts=4, first_seconds=0.02, longest_seconds=0.06)
STEPS, KEYS = ("reserve", "bill", "ship"), ("a", "b", "c")
LEASE_SECONDS = 0.5
NAMES = ("one", "two", "three")

# Who wrote is what the database knows of the connection, not what the row says.
_COLUMNS = "writer, task, former, epoch, in_hand_of, until_before, holder, until, wrote"
_SQLITE = (
    f"CREATE TABLE looked_at (place INTEGER PRIMARY KEY, {_COLUMNS})",
    f"""CREATE TRIGGER look AFTER UPDATE ON task BEGIN
    INSERT INTO looked_at ({_COLUMNS})
    VALUES (who(), NEW.id, OLD.fence, NEW.fence, OLD.worker, OLD.due_at, NEW.worker, NEW.due_at,
    NEW.done <> OLD.done OR NEW.state <> OLD.state); END""",
)
_POSTGRES = """
CREATE TABLE looked_at (place BIGSERIAL PRIMARY KEY, writer INT, task BIGINT, former INT, epoch INT,
    in_hand_of TEXT, until_before BIGINT, holder TEXT, until BIGINT, wrote BOOL);
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO looked_at (writer, task, former, epoch, in_hand_of, until_before, holder, until, wrote)
    VALUES (pg_backend_pid(), NEW.id, OLD.fence, NEW.fence, OLD.worker, OLD.due_at, NEW.worker, NEW.due_at,
        NEW.done <> OLD.done OR NEW.state <> OLD.state);
    RETURN NEW; END $$;
CREATE TRIGGER look AFTER UPDATE ON task FOR EACH ROW EXECUTE FUNCTION look();"""


def now() -> int:
    return int(time.monotonic() * 1_000_000)


@dataclass(frozen=True)
class Heard(Around):
    """Of Store. Hears what is refused."""

    refusals: list[Refusal] = field(default_factory=list)

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        try:
            done: Task = await self.real.step_done(task, step, version)
        except Fenced:
            self.refusals.append(Refusal(now(), (task.queue, task.key), task.fence))
            raise
        return done


@dataclass
class Database:
    """One database, a store of his own for each worker, and somebody who looks on."""

    stores: dict[str, Any]
    rows: Callable[[], Any]
    writers: dict[Any, str]


@asynccontextmanager
async def embedded(path: str) -> AsyncIterator[Database]:
    stores = {name: SqliteStore(path) for name in NAMES}
    for name, store in stores.items():
        store.database.create_function("who", 0, lambda name=name: name)
    for statement in _SQLITE:
        stores["one"].database.execute(statement)

    async def rows() -> list[Any]:
        return stores["one"].database.execute(f"SELECT {_COLUMNS} FROM looked_at ORDER BY place").fetchall()

    yield Database(stores, rows, {name: name for name in NAMES})
    for store in stores.values():
        store.close()


@asynccontextmanager
async def on_server(url: str) -> AsyncIterator[Database]:
    stores = {name: await PostgresStore.open(url, connections=1) for name in NAMES}
    await stores["one"]._run(_POSTGRES)
    writers = {await store._value("SELECT pg_backend_pid()"): name for name, store in stores.items()}

    async def rows() -> list[Any]:
        found = await stores["one"]._rows(f"SELECT {_COLUMNS} FROM looked_at ORDER BY place")
        return [tuple(row) for row in found]

    yield Database(stores, rows, writers)
    for store in stores.values():
        await store.close()


class Office:
    """Three workers; whatever the first one sends for its second step is under way until it is let go."""

    def __init__(self, database: Database, wrap: Callable[[Any], Any]) -> None:
        self.database = database
        self.stores = {name: Heard(wrap(store)) for name, store in database.stores.items()}
        self.late, self.slow = asyncio.Event(), asyncio.Event()
        self.sent: list[tuple[str, str, str]] = []
        self.sendings: list[Sending] = []
        self.running: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str) -> None:
        claims, clock = Claims(name, LEASE_SECONDS, poll_seconds=0.02), SimpleNamespace(now=now)
        store: Any = self.stores[name]
        worker = Worker(
            store, clock, KeyedDraws(1), Recorder(now), POLICY, {"flow": self.handler(name, store)}, {}, 3,
            claims=claims,
        )  # fmt: skip
        self.running[name] = asyncio.create_task(worker.run())

    def handler(self, name: str, store: Store) -> Callable[[Job], Any]:
        async def work(job: Job) -> Emits:
            for step in STEPS:
                if step not in job.task.done:
                    await self.send(name, step, job.task)
                    job.task = await store.step_done(job.task, step)
            return ()

        return work

    async def send(self, name: str, step: str, task: Task) -> None:
        """To the vendor, who takes what comes under one key once."""
        self.sendings.append(Sending(now(), (task.queue, task.key), task.fence, f"{task.key}/{step}"))
        self.sent.append((task.key, step, name))
        if step == "bill":
            await (self.late if name == "one" else self.slow).wait()

    def billed_by(self, *names: str) -> set[str]:
        return {key for key, step, name in self.sent if step == "bill" and name in names}

    async def until(self, come: Callable[[], Any]) -> None:
        async with asyncio.timeout(20):
            while not come():
                await asyncio.sleep(0.01)

    async def play(self) -> None:
        for key in KEYS:
            await self.stores["one"].enqueue("flow", key, now())
        self.start("one")
        await self.until(lambda: self.billed_by("one") == set(KEYS))
        # Its machine stands still: nobody renews its leases.
        self.running["one"].cancel()
        self.start("two")
        self.start("three")
        await self.until(lambda: self.billed_by("two", "three") == set(KEYS))
        # It comes back while the others are at the same step.
        self.late.set()
        await asyncio.sleep(0.1)
        self.slow.set()
        async with asyncio.timeout(20):
            while await self.stores["two"].ready():
                await asyncio.sleep(0.02)
        for task in self.running.values():
            task.cancel()
        await asyncio.gather(*self.running.values(), return_exceptions=True)

    async def evidence(self) -> Evidence:
        keys = {
            task.id: (task.queue, task.key) for task in [await self.stores["two"].task(n) for n in (1, 2, 3)]
        }
        claims, effects, mine = [], [], {}
        for writer, task, former, epoch, of, before, holder, until, wrote in await self.database.rows():
            name, what = self.database.writers[writer], keys[task]
            if epoch != former:
                mine[name, task] = epoch
                at = until - int(LEASE_SECONDS * 1_000_000)
                claims.append(Claim(at, what, epoch, former, holder, of, before))
            elif wrote:
                effects.append(Effect(what, mine.get((name, task), 0), former, 0))
        refusals = tuple(r for store in self.stores.values() for r in store.refusals)
        epochs = Epochs(tuple(claims), tuple(effects), refusals, tuple(self.sendings))
        return Evidence("t", "orchestrated", 1, 0, "", epochs=epochs)


async def played(kind: str, where: Any, wrap: Callable[[Any], Any]) -> tuple[Office, Evidence]:
    opened = embedded(f"{where}/core.db") if kind == "sqlite" else on_server(await fresh_database(where))
    async with opened as database:
        office = Office(database, wrap)
        await office.play()
        return office, await office.evidence()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path) -> tuple[str, Any]:
    where = tmp_path if request.param == "sqlite" else request.getfixturevalue("postgres_server")
    return request.param, where


def test_whoever_comes_back_too_late_is_refused(place):
    office, evidence = asyncio.run(played(*place, lambda store: store))
    assert check(evidence).witnesses == ()
    assert check(evidence).state == HOLDS
    assert {(r.task[1], r.epoch) for r in evidence.epochs.refusals} == {(key, 1) for key in KEYS}
    # What it had under way went out; nothing after that did.
    assert {(key, step) for key, step, name in office.sent if name == "one"} == {
        (key, step) for key in KEYS for step in ("reserve", "bill")
    }
    assert {key for key, step, _ in office.sent if step == "ship"} == set(KEYS)


def test_a_store_that_does_not_ask_for_the_claim_is_found_out(place):
    _, evidence = asyncio.run(played(*place, Unfenced))
    verdict = check(evidence)
    assert verdict.state == BROKEN
    assert {witness.subjects[0] for witness in verdict.witnesses} == set(KEYS)
    assert any("was written under epoch 1" in witness.says for witness in verdict.witnesses)
