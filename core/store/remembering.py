"""What the embedded store remembers for the API: answers under idempotency keys, and jobs by name."""

from __future__ import annotations

import sqlite3

from core.ports.memory import Answered, Job, Said
from core.store.embedded import transaction

_JOB = "id, name, asked_by, state, begun_at, ended_at, result"


class Remembering:
    """The part of core.ports.durable.Store that the API needs, over one connection."""

    _db: sqlite3.Connection

    async def begin_answer(
        self, key: str, fingerprint: str, now: int, until: int, forget: int
    ) -> Answered | None:
        with transaction(self._db):
            taken = self._db.execute(
                "INSERT INTO answer (key, fingerprint, at, until) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, until = excluded.until,"
                " at = excluded.at, status = 0, body = '', location = ''"
                " WHERE at < ? OR (status = 0 AND until <= ? AND fingerprint = excluded.fingerprint)",
                (key, fingerprint, now, until, forget, now),
            ).rowcount
            if taken:
                return None
            row = self._db.execute(
                "SELECT fingerprint, status, body, location FROM answer WHERE key = ?", (key,)
            ).fetchone()
        return Answered(*row)

    async def answer(self, key: str, given: Answered) -> None:
        self._db.execute(
            "UPDATE answer SET status = ?, body = ?, location = ? WHERE key = ? AND fingerprint = ?",
            (given.status, given.body, given.location, key, given.fingerprint),
        )

    async def drop_answer(self, key: str, fingerprint: str) -> None:
        self._db.execute(
            "DELETE FROM answer WHERE key = ? AND fingerprint = ? AND status = 0", (key, fingerprint)
        )

    async def forget_answers(self, before: int) -> int:
        return self._db.execute("DELETE FROM answer WHERE at < ?", (before,)).rowcount

    async def begin_job(self, job: Job, forget: int) -> bool:
        return bool(
            self._db.execute(
                f"INSERT INTO job ({_JOB}) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, asked_by = excluded.asked_by,"
                " state = excluded.state, begun_at = excluded.begun_at, ended_at = excluded.ended_at,"
                " result = excluded.result WHERE state <> 'running' AND ended_at < ?",
                (job.id, job.name, job.by, job.state, job.begun_at, job.ended_at, job.result, forget),
            ).rowcount
        )

    async def end_job(self, job_id: str, state: str, result: str, now: int) -> None:
        self._db.execute(
            "UPDATE job SET state = ?, result = ?, ended_at = ? WHERE id = ? AND state = 'running'",
            (state, result, now, job_id),
        )

    async def job(self, job_id: str) -> Job | None:
        row = self._db.execute(f"SELECT {_JOB} FROM job WHERE id = ?", (job_id,)).fetchone()
        return None if row is None else Job(*row)

    async def running_jobs(self) -> list[Job]:
        rows = self._db.execute(f"SELECT {_JOB} FROM job WHERE state = 'running' ORDER BY begun_at, id")
        return [Job(*row) for row in rows]

    async def say(self, said: Said) -> None:
        self._db.execute(
            "INSERT INTO said (name, at, body) VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at, body = excluded.body",
            (said.name, said.at, said.body),
        )

    async def said(self, since: int) -> list[Said]:
        rows = self._db.execute("SELECT name, at, body FROM said WHERE at >= ? ORDER BY name", (since,))
        return [Said(*row) for row in rows]

    async def day_spent(self, day: int) -> dict[str, int]:
        end = f"/day/{day}"
        rows = self._db.execute("SELECT span, spent FROM budget WHERE span LIKE ?", (f"%{end}",))
        return {span.removesuffix(end): spent for span, spent in rows}
