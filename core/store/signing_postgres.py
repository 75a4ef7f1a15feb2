"""Sessions of people and their failed attempts, in the store on PostgreSQL."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from core.governance.signed_in import Session
from core.store.signing import COLUMNS, DAY_US

_STRIKE = """
INSERT INTO strike AS had (bucket, count, at, locked_until) VALUES ($1, 1, $2, 0)
ON CONFLICT (bucket) DO UPDATE SET at = $2,
    count = CASE WHEN had.at < $5 THEN 1 ELSE had.count + 1 END,
    locked_until = CASE WHEN had.at >= $5 AND had.count + 1 >= $3 THEN $4::bigint ELSE 0 END
WHERE had.locked_until <= $2
RETURNING 1"""


class SigningPostgres:
    """Implements core.governance.signed_in.Sessions; how a statement is sent is the store's."""

    async def begin_session(self, session: Session) -> None:
        await self._run("DELETE FROM session WHERE until < $1", session.begun_at - DAY_US)
        marks = ",".join(f"${n}" for n in range(1, 13))
        await self._run(
            f"INSERT INTO session ({COLUMNS}) VALUES ({marks}) ON CONFLICT DO NOTHING", *astuple(session)
        )

    async def session(self, session_id: str) -> Session | None:
        rows = await self._rows(f"SELECT {COLUMNS} FROM session WHERE id = $1", session_id)
        return Session(*rows[0]) if rows else None

    async def turn_session(self, session_id: str, generation: int, now: int) -> bool:
        return bool(
            await self._value(
                "UPDATE session SET generation = generation + 1, turned_at = $3"
                " WHERE id = $1 AND generation = $2 AND ended_at = 0 AND until > $3 RETURNING 1",
                session_id,
                generation,
                now,
            )
        )

    async def end_session(self, session_id: str, why: str, now: int) -> bool:
        return bool(
            await self._value(
                "UPDATE session SET ended_at = $3, why = $2 WHERE id = $1 AND ended_at = 0 RETURNING 1",
                session_id,
                why,
                now,
            )
        )

    async def revoke_token(self, token_id: str, until: int, now: int) -> None:
        await self._run("DELETE FROM revoked WHERE until <= $1", now)
        await self._run("INSERT INTO revoked VALUES ($1, $2) ON CONFLICT DO NOTHING", token_id, until)

    async def token_revoked(self, token_id: str) -> bool:
        return bool(await self._value("SELECT 1 FROM revoked WHERE id = $1", token_id))

    async def strike(self, bucket: str, now: int, most: int, locked_until: int, forget: int) -> bool:
        return bool(await self._value(_STRIKE, bucket, now, most, locked_until, forget))

    async def clear_strikes(self, bucket: str) -> None:
        await self._run("DELETE FROM strike WHERE bucket = $1", bucket)

    # --- the store's own way to its server ---

    async def _value(self, statement: str, *values: object) -> Any:
        raise NotImplementedError

    async def _rows(self, statement: str, *values: object) -> list[Any]:
        raise NotImplementedError

    async def _run(self, statement: str, *values: object) -> str:
        raise NotImplementedError
