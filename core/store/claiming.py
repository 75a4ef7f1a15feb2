"""How the embedded store gives tasks into somebody's hand: by rank, some by age, for the time of a lease."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.ports.durable import Rank, Task
from core.store.embedded import transaction

COLUMNS = (
    "id, queue, key, done, attempts, due_at, first_at, state, error, owner, label,"
    " worker, fence, version, losses, mode, held_by, rank"
)


class Claiming:
    """The part of core.ports.durable.Store that claims, over one connection."""

    _db: sqlite3.Connection

    async def rank(self, queues: Mapping[str, int]) -> None:
        with transaction(self._db):
            known = dict(self._db.execute("SELECT name, rank FROM queue"))
            for name, rank in queues.items():
                if known.get(name) != rank:
                    self._db.execute(
                        "INSERT INTO queue VALUES (?, ?)"
                        " ON CONFLICT (name) DO UPDATE SET rank = excluded.rank",
                        (name, int(rank)),
                    )
                    self._db.execute(
                        "UPDATE task SET rank = ? WHERE queue = ? AND rank <> ?", (int(rank), name, int(rank))
                    )

    async def claim(
        self, worker: str, now: int, until: int, limit: int, queues: Collection[str] = (), *, aged: int = 0
    ) -> list[Task]:
        with transaction(self._db):
            tasks = [_claimed(task, worker, until) for task in self._next(now, limit, queues, aged)]
            self._db.executemany(
                "UPDATE task SET worker = ?, fence = ?, losses = ?, due_at = ? WHERE id = ?",
                [(worker, task.fence, task.losses, until, task.id) for task in tasks],
            )
        return tasks

    async def next_due(self, queues: Collection[str] = ()) -> int | None:
        # One look into the index a rank: a minimum over all of them would read every row.
        looks = " UNION ALL ".join(
            "SELECT * FROM (SELECT due_at FROM task WHERE state = 'ready'"
            f" AND rank = {int(rank)}{_among(queues)} ORDER BY due_at LIMIT 1)"
            for rank in Rank
        )
        row = self._db.execute(f"SELECT min(due_at) FROM ({looks})", tuple(queues) * len(Rank)).fetchone()
        return None if row[0] is None else int(row[0])

    async def extend(self, tasks: Sequence[Task], until: int) -> None:
        with transaction(self._db):
            self._db.executemany(
                "UPDATE task SET due_at = ? WHERE id = ? AND fence = ? AND state = 'ready' AND worker = ?",
                [(until, task.id, task.fence, task.worker) for task in tasks],
            )

    async def take_back(self, worker: str, now: int) -> int:
        return self._db.execute(
            "UPDATE task SET worker = '', due_at = ? WHERE worker = ? AND state = 'ready'", (now, worker)
        ).rowcount

    # --- inside a transaction ---

    def _next(self, now: int, limit: int, queues: Collection[str], aged: int) -> list[Task]:
        """By rank; but first `aged` of those that are longest due, which are the first of their ranks."""
        aged = min(aged, limit)
        heads = [task for rank in Rank for task in self._due(rank, now, aged, queues)] if aged else []
        found = sorted(heads, key=_age)[:aged]
        for rank in Rank:
            had = sum(task.rank == rank for task in found)
            if len(found) < limit:
                found += self._due(rank, now, limit - len(found) + had, queues)[had:]
        return sorted(found, key=lambda task: (task.rank, *_age(task)))

    def _due(self, rank: Rank, now: int, limit: int, queues: Collection[str]) -> list[Task]:
        rows = self._db.execute(
            f"SELECT {COLUMNS} FROM task WHERE state = 'ready' AND rank = ? AND due_at <= ?{_among(queues)}"
            " ORDER BY due_at, id LIMIT ?",
            (int(rank), now, *queues, limit),
        )
        return [as_task(row) for row in rows]


def as_task(row: tuple[Any, ...]) -> Task:
    """A row of COLUMNS."""
    id_, queue, key, done, *rest = row
    return Task(id_, queue, key, tuple(done.split(",")) if done else (), *rest)


def _age(task: Task) -> tuple[int, int]:
    return task.due_at, task.id


def _among(queues: Collection[str]) -> str:
    return f" AND queue IN ({','.join('?' * len(queues))})" if queues else ""


def _claimed(task: Task, worker: str, until: int) -> Task:
    return replace(task, worker=worker, fence=task.fence + 1, losses=task.losses + 1, due_at=until)
