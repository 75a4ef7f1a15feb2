"""The store on SQLite, called inline: a transaction costs tens of microseconds and never awaits inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.canonical.events import Event
from core.ports.durable import Message, Task

_COLUMNS = "id, queue, key, done, attempts, due_at, first_at, state, error, owner, label"


class SqliteStore:
    """Implements core.ports.durable.Store. `path` ":memory:" lives as long as this object."""

    def __init__(self, path: str = ":memory:") -> None:
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        _migrate(self._db)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    async def accept(self, event: Event, queues: Sequence[str], topics: Sequence[str]) -> bool:
        with self._transaction():
            fresh = self._db.execute(
                "INSERT OR IGNORE INTO inbox VALUES (?, ?, ?)", (event.channel, event.id, event.at)
            ).rowcount
            if fresh:
                for queue in queues:
                    self._open(queue, event.subject, event.at)
                self._emit([(topic, event.subject) for topic in topics])
        return bool(fresh)

    async def enqueue(self, queue: str, key: str, now: int) -> bool:
        return self._insert(queue, key, now)

    async def reopen(self, queue: str, key: str, now: int) -> bool:
        with self._transaction():
            return self._open(queue, key, now)

    async def take(self, consumer: str, message: Message, now: int) -> bool:
        with self._transaction():
            return self._once(f"{consumer}/{message.sequence}") and self._open(consumer, message.subject, now)

    async def due(self, now: int, limit: int, busy: Collection[int]) -> list[Task]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM task WHERE state = 'ready' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
            (now, limit + len(busy)),
        )
        return [task for task in map(_task, rows) if task.id not in busy][:limit]

    async def next_due(self, busy: Collection[int]) -> int | None:
        rows = self._db.execute(
            "SELECT due_at, id FROM task WHERE state = 'ready' ORDER BY due_at, id LIMIT ?", (1 + len(busy),)
        )
        return next((due_at for due_at, id_ in rows if id_ not in busy), None)

    async def step_done(self, task: Task, step: str) -> Task:
        done = (*task.done, step)
        self._db.execute("UPDATE task SET done = ? WHERE id = ?", (",".join(done), task.id))
        return replace(task, done=done)

    async def finish(self, task: Task, emits: Sequence[tuple[str, str]], now: int) -> None:
        with self._transaction():
            self._db.execute("UPDATE task SET state = 'done', due_at = ? WHERE id = ?", (now, task.id))
            self._emit(emits)

    async def put_off(self, task: Task, due_at: int, error: str, label: str) -> None:
        self._db.execute(
            "UPDATE task SET attempts = attempts + 1, due_at = ?, error = ?, label = ? WHERE id = ?",
            (due_at, error, label, task.id),
        )

    async def park(self, task: Task, error: str, owner: str, label: str, now: int) -> None:
        self._db.execute(
            "UPDATE task SET state = 'parked', attempts = attempts + 1, error = ?, owner = ?, label = ?,"
            " due_at = ? WHERE id = ?",
            (error, owner, label, now, task.id),
        )

    async def parked(self) -> list[Task]:
        return self._tasks("parked")

    async def redrive(self, now: int) -> int:
        return self._db.execute(
            "UPDATE task SET state = 'ready', attempts = 0, due_at = ? WHERE state = 'parked'", (now,)
        ).rowcount

    async def ready(self) -> list[Task]:
        return self._tasks("ready")

    async def unpublished(self, limit: int) -> list[Message]:
        rows = self._db.execute(
            "SELECT sequence, topic, subject FROM outbox WHERE published = 0 ORDER BY sequence LIMIT ?",
            (limit,),
        )
        return [Message(*row) for row in rows]

    async def published(self, sequences: Sequence[int]) -> None:
        with self._transaction():
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
        return self._once(key)

    # --- inside a transaction ---

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _insert(self, queue: str, key: str, now: int) -> bool:
        return bool(
            self._db.execute(
                "INSERT OR IGNORE INTO task (queue, key, due_at, first_at) VALUES (?, ?, ?, ?)",
                (queue, key, now, now),
            ).rowcount
        )

    def _open(self, queue: str, key: str, now: int) -> bool:
        """New, or ready again from its first step; False if it is ready."""
        if self._insert(queue, key, now):
            return True
        return bool(
            self._db.execute(
                "UPDATE task SET state = 'ready', done = '', attempts = 0, due_at = ?"
                " WHERE queue = ? AND key = ? AND state <> 'ready'",
                (now, queue, key),
            ).rowcount
        )

    def _once(self, key: str) -> bool:
        return bool(self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount)

    def _emit(self, emits: Sequence[tuple[str, str]]) -> None:
        if emits:
            self._db.executemany("INSERT INTO outbox (topic, subject) VALUES (?, ?)", emits)

    def _tasks(self, state: str) -> list[Task]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM task WHERE state = '{state}' ORDER BY id")
        return [_task(row) for row in rows]


def _task(row: tuple[Any, ...]) -> Task:
    id_, queue, key, done, *rest = row
    return Task(id_, queue, key, tuple(done.split(",")) if done else (), *rest)


def _migrate(db: sqlite3.Connection) -> None:
    """Apply numbered migrations, forward only; refuse a file that is newer than this code."""
    scripts = sorted((Path(__file__).parent / "migrations").glob("*.sql"))
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(scripts):
        raise RuntimeError(
            f"store: its schema is version {version}, this code knows {len(scripts)}; use a newer Tieout"
        )
    for number, script in enumerate(scripts[version:], start=version + 1):
        db.executescript(f"BEGIN; {script.read_text()} PRAGMA user_version = {number}; COMMIT;")
