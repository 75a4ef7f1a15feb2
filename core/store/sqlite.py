"""The store on SQLite, called inline: a transaction costs tens of microseconds and never awaits inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.canonical.errors import Fenced
from core.canonical.events import Event
from core.ports.announcing import Announcement
from core.ports.census import Census, Tally
from core.ports.durable import Message, Task
from core.store import counting
from core.store.announcing import Telling
from core.store.auditing import EmbeddedAudit
from core.store.belonging import Belongs
from core.store.claiming import COLUMNS, Claiming, as_task
from core.store.embedded import connect, transaction
from core.store.forgetting import Forgetting
from core.store.pacing import EmbeddedPacing
from core.store.remembering import Remembering
from core.store.signing import Signing

# What an operator lets go on begins its attempts anew.
_READY = "state = 'ready', attempts = 0, losses = 0, held_by = '', due_at = ?"


class SqliteStore(
    Claiming, EmbeddedPacing, EmbeddedAudit, Remembering, Signing, Belongs, Forgetting, Telling
):
    """Implements core.ports.durable.Store. `path` ":memory:" lives as long as this object.

    durable: what is committed also survives a power cut; without, only the end of the process.
    """

    def __init__(self, path: str = ":memory:", *, durable: bool = False) -> None:
        self._db = connect(path, durable=durable)

    @property
    def database(self) -> sqlite3.Connection:
        """The connection, for whoever groups its commits."""
        return self._db

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    async def accept(self, event: Event, queues: Sequence[str], topics: Sequence[str]) -> bool:
        with transaction(self._db):
            fresh = self._db.execute(
                "INSERT OR IGNORE INTO inbox VALUES (?, ?, ?)", (event.channel, event.id, event.at)
            ).rowcount
            if fresh:
                for queue in queues:
                    self._open(queue, event.subject, event.at)
                self._emit([(topic, event.subject) for topic in topics], event.at)
        return bool(fresh)

    async def enqueue(self, queue: str, key: str, now: int) -> bool:
        return self._insert(queue, key, now)

    async def reopen(self, queue: str, key: str, now: int) -> bool:
        with transaction(self._db):
            return self._open(queue, key, now)

    async def take(self, consumer: str, message: Message, now: int) -> bool:
        with transaction(self._db):
            fresh = self._once(f"{consumer}/{message.sequence}", now)
            return fresh and self._open(consumer, message.subject, now)

    async def lease(self, name: str, holder: str, now: int, until: int) -> bool:
        return bool(
            self._db.execute(
                "INSERT INTO lease VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
                " SET holder = excluded.holder, until = excluded.until WHERE until <= ? OR holder = ?",
                (name, holder, until, now, holder),
            ).rowcount
        )

    async def unlease(self, name: str, holder: str) -> None:
        self._db.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (name, holder))

    async def step_done(self, task: Task, step: str, version: int = 0) -> Task:
        done = (*task.done, step)
        self._write(task, "done = ?, version = ?, losses = 0", ",".join(done), version)
        return replace(task, done=done, version=version, losses=0)

    async def finish(
        self, task: Task, emits: Sequence[tuple[str, str]], now: int, told: Sequence[Announcement] = ()
    ) -> None:
        with transaction(self._db):
            self._write(task, f"state = '{_ended(task)}', worker = '', due_at = ?", now)
            self._emit(emits, now)
            if told:
                self._announce(told, now)

    async def put_off(self, task: Task, due_at: int, error: str, label: str, *, counted: bool = True) -> None:
        changed = "attempts = attempts + ?, losses = 0, worker = '', due_at = ?, error = ?, label = ?"
        self._write(task, changed, int(counted), due_at, error, label)

    async def park(self, task: Task, error: str, owner: str, label: str, now: int) -> None:
        changed = "state = 'parked', attempts = attempts + 1, worker = '', error = ?, owner = ?, label = ?"
        self._write(task, changed + ", due_at = ?", error, owner, label, now)

    async def step_undone(self, task: Task, step: str) -> Task:
        done = (*task.done, f"~{step}")
        self._write(task, "done = ?, losses = 0", ",".join(done))
        return replace(task, done=done, losses=0)

    async def turn_back(self, task: Task, done: Sequence[str], why: str) -> Task:
        self._write(task, "mode = 'do', done = ?, error = ?, losses = 0", ",".join(done), why)
        return replace(task, mode="do", done=tuple(done), error=why, losses=0)

    async def task(self, task_id: int) -> Task | None:
        row = self._db.execute(f"SELECT {COLUMNS} FROM task WHERE id = ?", (task_id,)).fetchone()
        return None if row is None else as_task(row)

    async def hold(self, task_id: int, why: str, owner: str, by: str, now: int) -> bool:
        changed = (
            "state = 'parked', worker = '', fence = fence + 1, error = ?, owner = ?, held_by = ?, due_at = ?"
        )
        return self._decide(task_id, ("ready",), changed, why, owner, by, now)

    async def release(self, task_id: int, now: int) -> bool:
        return self._decide(task_id, ("parked",), _READY, now)

    async def skip(self, task_id: int, step: str, now: int) -> bool:
        with transaction(self._db):
            appended = "done = CASE done WHEN '' THEN ? ELSE done || ',' || ? END"
            return self._decide(task_id, ("parked",), f"{_READY}, {appended}", now, step, step)

    async def undo(self, task_id: int, now: int) -> bool:
        return self._decide(task_id, ("parked", "done"), f"{_READY}, mode = 'undo'", now)

    async def abandon(self, task_id: int, why: str, by: str, now: int) -> bool:
        return self._decide(
            task_id, ("parked",), "state = 'abandoned', error = ?, held_by = ?, due_at = ?", why, by, now
        )

    async def parked(self) -> list[Task]:
        return self._tasks("parked")

    async def redrive(self, now: int) -> int:
        return self._db.execute(
            f"UPDATE task SET {_READY} WHERE state = 'parked'",
            (now,),
        ).rowcount

    async def ready(self) -> list[Task]:
        return self._tasks("ready")

    async def unpublished(self, limit: int) -> list[Message]:
        rows = self._db.execute(
            "SELECT sequence, topic, subject FROM outbox WHERE published = 0 ORDER BY sequence LIMIT ?",
            (limit,),
        )
        return [Message(*row) for row in rows]

    async def identity(self) -> str:
        return ""

    async def published(self, sequences: Sequence[int]) -> None:
        with transaction(self._db):
            self._db.executemany(
                "UPDATE outbox SET published = 1 WHERE sequence = ?", [(s,) for s in sequences]
            )

    async def watermark(self, job: str) -> int:
        row = self._db.execute("SELECT moment FROM watermark WHERE job = ?", (job,)).fetchone()
        return int(row[0]) if row else 0

    async def move_watermark(self, job: str, to: int) -> None:
        self._db.execute(
            "INSERT INTO watermark VALUES (?, ?)"
            " ON CONFLICT (job) DO UPDATE SET moment = max(moment, excluded.moment)",
            (job, to),
        )

    async def total(self, job: str, now: int, count: int, amounts: str) -> None:
        self._db.execute("INSERT INTO control_total VALUES (?, ?, ?, ?)", (job, now, count, amounts))

    async def once(self, key: str) -> bool:
        return self._once(key, None)

    async def census(self) -> Census:
        (waiting,) = self._db.execute("SELECT count(*) FROM outbox WHERE published = 0").fetchone()
        return Census(counting.standings(self._db.execute(counting.STANDINGS)), waiting)

    async def tally(self, since: int, now: int, within: Mapping[str, int]) -> list[Tally]:
        values: dict[str, int | str] = {"since": since, "now": now}
        for n, (queue, microseconds) in enumerate(within.items()):
            values |= {f"name{n}": queue, f"within{n}": microseconds}
        return counting.tallies(self._db.execute(counting.sqlite_tally(len(within)), values))

    # --- inside a transaction ---

    def _write(self, task: Task, changed: str, *values: object) -> None:
        """Change a task in hand; Fenced if it is another's by now."""
        found = self._db.execute(
            f"UPDATE task SET {changed} WHERE id = ? AND fence = ? AND state = 'ready'",
            (*values, task.id, task.fence),
        ).rowcount
        if not found:
            raise Fenced(
                f"{task.queue} {task.label or task.key}: claim {task.fence} of {task.worker} is over"
            )

    def _decide(self, task_id: int, states: Sequence[str], changed: str, *values: object) -> bool:
        marks = ",".join("?" * len(states))
        statement = f"UPDATE task SET {changed} WHERE id = ? AND state IN ({marks})"
        return bool(self._db.execute(statement, (*values, task_id, *states)).rowcount)

    def _insert(self, queue: str, key: str, now: int) -> bool:
        return bool(
            self._db.execute(
                "INSERT OR IGNORE INTO task (queue, key, due_at, first_at, rank)"
                " VALUES (?, ?, ?, ?, coalesce((SELECT rank FROM queue WHERE name = ?), 1))",
                (queue, key, now, now, queue),
            ).rowcount
        )

    def _open(self, queue: str, key: str, now: int) -> bool:
        """New, or ready again from its first step; False if it is ready."""
        if self._insert(queue, key, now):
            return True
        return bool(
            self._db.execute(
                # News about what was done is a transaction of its own time; what is held has waited since.
                "UPDATE task SET state = 'ready', done = '', version = 0, attempts = 0, losses = 0,"
                " due_at = ?, first_at = CASE state WHEN 'done' THEN ? ELSE first_at END"
                " WHERE queue = ? AND key = ? AND state IN ('done', 'parked')",
                (now, now, queue, key),
            ).rowcount
        )

    def _once(self, key: str, at: int | None) -> bool:
        return bool(self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, at)).rowcount)

    def _emit(self, emits: Sequence[tuple[str, str]], at: int) -> None:
        if emits:
            rows = [(*each, at) for each in emits]
            self._db.executemany("INSERT INTO outbox (topic, subject, at) VALUES (?, ?, ?)", rows)

    def _tasks(self, state: str) -> list[Task]:
        rows = self._db.execute(f"SELECT {COLUMNS} FROM task WHERE state = '{state}' ORDER BY id")
        return [as_task(row) for row in rows]


def _ended(task: Task) -> str:
    return "undone" if task.mode == "undo" else "done"
