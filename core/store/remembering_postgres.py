"""What the store on PostgreSQL remembers for the API: answers under idempotency keys, and jobs by name."""

from __future__ import annotations

from typing import Any

from core.ports.memory import Answered, Job, Said

_JOB = "id, name, asked_by, state, begun_at, ended_at, result"

_TAKE = """
INSERT INTO answer AS had (key, fingerprint, at, until) VALUES ($1, $2, $3, $4)
ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, until = excluded.until,
    at = excluded.at, status = 0, body = '', location = ''
WHERE had.at < $5 OR (had.status = 0 AND had.until <= $3 AND had.fingerprint = excluded.fingerprint)
RETURNING 1"""

_BEGIN = f"""
INSERT INTO job AS had ({_JOB}) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, asked_by = excluded.asked_by, state = excluded.state,
    begun_at = excluded.begun_at, ended_at = excluded.ended_at, result = excluded.result
WHERE had.state <> 'running' AND had.ended_at < $8
RETURNING 1"""


class RememberingPostgres:
    """The part of core.ports.durable.Store that the API needs; how a statement is sent is the store's."""

    async def begin_answer(
        self, key: str, fingerprint: str, now: int, until: int, forget: int
    ) -> Answered | None:
        while True:
            if await self._value(_TAKE, key, fingerprint, now, until, forget):
                return None
            rows = await self._rows(
                "SELECT fingerprint, status, body, location FROM answer WHERE key = $1", key
            )
            if rows:
                return Answered(*rows[0])
            # Given back between the two statements: it is free now.

    async def answer(self, key: str, given: Answered) -> None:
        await self._run(
            "UPDATE answer SET status = $3, body = $4, location = $5 WHERE key = $1 AND fingerprint = $2",
            key,
            given.fingerprint,
            given.status,
            given.body,
            given.location,
        )

    async def drop_answer(self, key: str, fingerprint: str) -> None:
        await self._run(
            "DELETE FROM answer WHERE key = $1 AND fingerprint = $2 AND status = 0", key, fingerprint
        )

    async def forget_answers(self, before: int) -> int:
        status = await self._run("DELETE FROM answer WHERE at < $1", before)
        return int(status.rpartition(" ")[2])

    async def begin_job(self, job: Job, forget: int) -> bool:
        values = (job.id, job.name, job.by, job.state, job.begun_at, job.ended_at, job.result, forget)
        return bool(await self._value(_BEGIN, *values))

    async def end_job(self, job_id: str, state: str, result: str, now: int) -> None:
        await self._run(
            "UPDATE job SET state = $2, result = $3, ended_at = $4 WHERE id = $1 AND state = 'running'",
            job_id,
            state,
            result.replace("\x00", "�"),
            now,
        )

    async def job(self, job_id: str) -> Job | None:
        rows = await self._rows(f"SELECT {_JOB} FROM job WHERE id = $1", job_id)
        return Job(*rows[0]) if rows else None

    async def running_jobs(self) -> list[Job]:
        rows = await self._rows(f"SELECT {_JOB} FROM job WHERE state = 'running' ORDER BY begun_at, id")
        return [Job(*row) for row in rows]

    async def say(self, said: Said) -> None:
        await self._run(
            "INSERT INTO said (name, at, body) VALUES ($1, $2, $3)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at, body = excluded.body",
            said.name,
            said.at,
            said.body,
        )

    async def said(self, since: int) -> list[Said]:
        rows = await self._rows("SELECT name, at, body FROM said WHERE at >= $1 ORDER BY name", since)
        return [Said(*row) for row in rows]

    async def day_spent(self, day: int) -> dict[str, int]:
        end = f"/day/{day}"
        rows = await self._rows("SELECT span, spent FROM budget WHERE span LIKE $1", f"%{end}")
        return {span.removesuffix(end): spent for span, spent in rows}

    # --- the store's own way to its server ---

    async def _value(self, statement: str, *values: object) -> Any:
        raise NotImplementedError

    async def _rows(self, statement: str, *values: object) -> list[Any]:
        raise NotImplementedError

    async def _run(self, statement: str, *values: object) -> str:
        raise NotImplementedError
