"""The store on PostgreSQL: each promise one statement, claims by SKIP LOCKED, the outbox in commit order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self, TypeVar

import asyncpg

from core.canonical.errors import Fenced, Unavailable
from core.canonical.events import Event
from core.governance.audit import Deed, Entry
from core.ports.announcing import Announcement
from core.ports.census import Census, Tally
from core.ports.durable import Message, Task
from core.store import counting, forgetting
from core.store import statements as say
from core.store.alone_postgres import AWAY, safe
from core.store.announcing_postgres import TellingPostgres
from core.store.announcing_postgres import columns as columns_of
from core.store.auditing import note_on_server, read_on_server
from core.store.batching import Batched
from core.store.belonging_postgres import BelongsPostgres
from core.store.migrating import migrate_on_server
from core.store.pacing_postgres import PacingPostgres
from core.store.remembering_postgres import RememberingPostgres
from core.store.signing_postgres import SigningPostgres

T = TypeVar("T")
# A step that is done: task, claim, journal, version. An end: task, claim, moment, (topic, subject)s, what is
# told outside.
_Step = tuple[int, int, str, int]
_End = tuple[int, int, int, tuple[tuple[str, str], ...], tuple[Announcement, ...]]


class PostgresStore(PacingPostgres, RememberingPostgres, SigningPostgres, TellingPostgres, BelongsPostgres):
    """Implements core.ports.durable.Store over a pool of connections.

    A statement whose connection broke is sent again, for `patience` seconds, and then Unavailable is raised.
    Each may be repeated: it sets what it says, or finds that it was done (a finished task is Fenced).
    """

    def __init__(self, pool: asyncpg.Pool, patience: float) -> None:
        self._pool, self._patience = pool, patience
        self._steps, self._ends = Batched(self._step_many), Batched(self._end_many)

    @classmethod
    async def open(cls, url: str, *, connections: int = 8, patience: float = 10.0) -> Self:
        """Connect and migrate. Unavailable if nobody answers; TooNew if the schema is ahead of this code."""
        try:
            pool = await asyncpg.create_pool(
                url, min_size=1, max_size=connections, server_settings={"application_name": "tieout"}
            )
        except (*AWAY, asyncpg.PostgresError, ValueError) as error:
            raise Unavailable(f"store: {safe(url)} cannot be opened: {error}", system="store") from error
        try:
            async with pool.acquire() as connection:
                await migrate_on_server(connection)
        except BaseException:
            await pool.close()
            raise
        return cls(pool, patience)

    async def close(self) -> None:
        """Give the connections back."""
        await self._pool.close()

    async def accept(self, event: Event, queues: Sequence[str], topics: Sequence[str]) -> bool:
        found = await self._value(
            say.ACCEPT, event.channel, event.id, event.at, event.subject, list(queues), list(topics)
        )
        return bool(found)

    async def forget(self, before: int) -> int:
        await self._run("DELETE FROM budget WHERE span NOT LIKE '%/day/%'")
        return _count(await self._run("DELETE FROM inbox WHERE at < $1", before))

    async def forget_passed_on(self, before: int, now: int) -> int:
        for statement in forgetting.OF_UNKNOWN_AGE:
            await self._run(statement.format("$1"), now)
        old = (forgetting.OUTBOX, forgetting.SEEN)
        return sum([_count(await self._run(statement.format("$1"), before)) for statement in old])

    async def enqueue(self, queue: str, key: str, now: int) -> bool:
        return bool(await self._value(say.ENQUEUE, queue, key, now))

    async def reopen(self, queue: str, key: str, now: int) -> bool:
        return bool(await self._value(say.OPEN, queue, key, now))

    async def take(self, consumer: str, message: Message, now: int) -> bool:
        seen = f"{consumer}/{message.sequence}"
        return bool(await self._value(say.TAKE, seen, consumer, message.subject, now))

    async def claim(
        self, worker: str, now: int, until: int, limit: int, queues: Collection[str] = (), *, aged: int = 0
    ) -> list[Task]:
        rows = await self._rows(say.CLAIM, worker, now, until, limit, list(queues), min(aged, limit))
        return [_task(row) for row in rows]

    async def rank(self, queues: Mapping[str, int]) -> None:
        await self._run(say.RANK, list(queues), [int(rank) for rank in queues.values()])

    async def next_due(self, queues: Collection[str] = ()) -> int | None:
        found = await self._value(say.NEXT_DUE, list(queues))
        return None if found is None else int(found)

    async def extend(self, tasks: Sequence[Task], until: int) -> None:
        await self._run(say.EXTEND, [t.id for t in tasks], [t.fence for t in tasks], until)

    async def take_back(self, worker: str, now: int) -> int:
        return _count(
            await self._run(
                "UPDATE task SET worker = '', due_at = $2 WHERE worker = $1 AND state = 'ready'", worker, now
            )
        )

    async def lease(self, name: str, holder: str, now: int, until: int) -> bool:
        return bool(await self._value(say.LEASE, name, holder, now, until))

    async def unlease(self, name: str, holder: str) -> None:
        await self._run("DELETE FROM lease WHERE name = $1 AND holder = $2", name, holder)

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        done = (*task.done, step)
        if not await self._steps.add((task.id, task.fence, ",".join(done), version)):
            raise _over(task)
        return replace(task, done=done, version=version, losses=0)

    async def finish(
        self, task: Task, emits: Sequence[tuple[str, str]], now: int, told: Sequence[Announcement] = ()
    ) -> None:
        if not await self._ends.add((task.id, task.fence, now, tuple(emits), tuple(told))):
            raise _over(task)

    async def put_off(self, task: Task, due_at: int, error: str, label: str, *, counted: bool = True) -> None:
        await self._change(task, say.PUT_OFF, due_at, _clean(error), label, int(counted))

    async def park(self, task: Task, error: str, owner: str, label: str, now: int) -> None:
        await self._change(task, say.PARK, _clean(error), owner, label, now)

    async def step_undone(self, task: Task, step: str) -> Task:
        done = (*task.done, f"~{step}")
        await self._change(task, say.STEP_UNDONE, ",".join(done))
        return replace(task, done=done, losses=0)

    async def turn_back(self, task: Task, done: Sequence[str], why: str) -> Task:
        await self._change(task, say.TURN_BACK, ",".join(done), _clean(why))
        return replace(task, mode="do", done=tuple(done), error=why, losses=0)

    async def task(self, task_id: int) -> Task | None:
        rows = await self._rows(say.TASK, task_id)
        return _task(rows[0]) if rows else None

    async def hold(self, task_id: int, why: str, owner: str, by: str, now: int) -> bool:
        return bool(await self._value(say.HOLD, task_id, _clean(why), owner, by, now))

    async def release(self, task_id: int, now: int) -> bool:
        return bool(await self._value(say.RELEASE, task_id, now))

    async def skip(self, task_id: int, step: str, now: int) -> bool:
        return bool(await self._value(say.SKIP, task_id, step, now))

    async def undo(self, task_id: int, now: int) -> bool:
        return bool(await self._value(say.UNDO, task_id, now))

    async def abandon(self, task_id: int, why: str, by: str, now: int) -> bool:
        return bool(await self._value(say.ABANDON, task_id, _clean(why), by, now))

    async def parked(self) -> list[Task]:
        return [_task(row) for row in await self._rows(say.TASKS, "parked")]

    async def redrive(self, now: int) -> int:
        return _count(await self._run(say.REDRIVE, now))

    async def ready(self) -> list[Task]:
        return [_task(row) for row in await self._rows(say.TASKS, "ready")]

    async def unpublished(self, limit: int) -> list[Message]:
        return [Message(*row) for row in await self._rows(say.UNPUBLISHED, limit)]

    async def identity(self) -> str:
        return str(await self._value("SELECT name FROM identity"))

    async def published(self, sequences: Sequence[int]) -> None:
        await self._run("UPDATE outbox SET published = true WHERE sequence = ANY($1)", list(sequences))

    async def watermark(self, job: str) -> int:
        return int(await self._value("SELECT moment FROM watermark WHERE job = $1", job) or 0)

    async def move_watermark(self, job: str, to: int) -> None:
        await self._run(
            "INSERT INTO watermark VALUES ($1, $2)"
            " ON CONFLICT (job) DO UPDATE SET moment = greatest(watermark.moment, excluded.moment)",
            job,
            to,
        )

    async def total(self, job: str, now: int, count: int, amounts: str) -> None:
        await self._run("INSERT INTO control_total VALUES ($1, $2, $3, $4)", job, now, count, amounts)

    async def once(self, key: str) -> bool:
        return _count(await self._run("INSERT INTO seen (key) VALUES ($1) ON CONFLICT DO NOTHING", key)) == 1

    async def note(self, deed: Deed, now: int) -> Entry:
        tried: list[Entry] = []
        return await self._insist(lambda: note_on_server(self._pool, deed, now, tried))

    async def audited(self, after: int, limit: int) -> list[Entry]:
        return await self._insist(lambda: read_on_server(self._pool, after, limit))

    async def census(self) -> Census:
        waiting = await self._value("SELECT count(*) FROM outbox WHERE NOT published")
        return Census(counting.standings(await self._rows(counting.STANDINGS)), int(waiting))

    async def tally(self, since: int, now: int, within: Mapping[str, int]) -> list[Tally]:
        objective = list(within), list(within.values())
        return counting.tallies(await self._rows(counting.POSTGRES_TALLY, *objective, since, now))

    # --- on the way ---

    async def _change(self, task: Task, statement: str, *values: object) -> None:
        if not await self._value(statement, task.id, task.fence, *values):
            raise _over(task)

    async def _step_many(self, steps: Sequence[_Step]) -> list[bool]:
        columns = [list(column) for column in zip(*steps, strict=True)]
        changed = {tuple(row) for row in await self._rows(say.STEP_DONE, *columns)}
        return [step[:2] in changed for step in steps]

    async def _end_many(self, ends: Sequence[_End]) -> list[bool]:
        columns = [list(column) for column in zip(*(end[:3] for end in ends), strict=True)]
        news = [(*end[:2], *fact) for end in ends for fact in end[3]]
        told = [list(column) for column in zip(*news, strict=True)] if news else [[], [], [], []]
        letters = [(*end[:2], each) for end in ends for each in end[4]]
        if not letters:
            rows = await self._rows(say.FINISH, *columns, *told)
        else:
            of = [list(column) for column in zip(*(letter[:2] for letter in letters), strict=True)]
            outside = columns_of([each for *_, each in letters])
            rows = await self._rows(say.FINISH_AND_TELL, *columns, *told, *of, *outside)
        changed = {tuple(row) for row in rows}
        return [end[:2] in changed for end in ends]

    async def _value(self, statement: str, *values: object) -> Any:
        return await self._insist(lambda: self._pool.fetchval(statement, *values))

    async def _rows(self, statement: str, *values: object) -> list[Any]:
        return await self._insist(lambda: self._pool.fetch(statement, *values))

    async def _run(self, statement: str, *values: object) -> str:
        return await self._insist(lambda: self._pool.execute(statement, *values))

    async def _insist(self, act: Callable[[], Awaitable[T]]) -> T:
        loop = asyncio.get_running_loop()
        give_up, pause = loop.time() + self._patience, 0.05
        while True:
            try:
                return await act()
            except AWAY as error:
                if loop.time() + pause > give_up:
                    raise Unavailable(f"store: no answer: {error}", system="store") from error
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)


def _over(task: Task) -> Fenced:
    return Fenced(f"{task.queue} {task.label or task.key}: claim {task.fence} of {task.worker} is over")


def _task(row: Any) -> Task:
    id_, queue, key, done, *rest = row
    return Task(id_, queue, key, tuple(done.split(",")) if done else (), *rest)


def _count(status: str) -> int:
    """The number of rows in "UPDATE 3" or "INSERT 0 1"."""
    return int(status.rpartition(" ")[2])


def _clean(text: str) -> str:
    """PostgreSQL's text holds no NUL; a vendor's error may."""
    return text.replace("\x00", "�")
