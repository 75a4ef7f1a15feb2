"""Sessions of people and their failed attempts, in the embedded store."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple

from core.governance.signed_in import Session
from core.store.embedded import transaction

DAY_US = 86_400_000_000
COLUMNS = (
    "id, person, client, scope, redirect, challenge, begun_at, until, generation, turned_at, ended_at, why"
)


class Signing:
    """Implements core.governance.signed_in.Sessions over one connection."""

    _db: sqlite3.Connection

    async def begin_session(self, session: Session) -> None:
        with transaction(self._db):
            self._db.execute("DELETE FROM session WHERE until < ?", (session.begun_at - DAY_US,))
            self._db.execute(
                f"INSERT INTO session ({COLUMNS}) VALUES ({','.join('?' * 12)})", astuple(session)
            )

    async def session(self, session_id: str) -> Session | None:
        row = self._db.execute(f"SELECT {COLUMNS} FROM session WHERE id = ?", (session_id,)).fetchone()
        return None if row is None else Session(*row)

    async def turn_session(self, session_id: str, generation: int, now: int) -> bool:
        return bool(
            self._db.execute(
                "UPDATE session SET generation = generation + 1, turned_at = ?"
                " WHERE id = ? AND generation = ? AND ended_at = 0 AND until > ?",
                (now, session_id, generation, now),
            ).rowcount
        )

    async def end_session(self, session_id: str, why: str, now: int) -> bool:
        return bool(
            self._db.execute(
                "UPDATE session SET ended_at = ?, why = ? WHERE id = ? AND ended_at = 0",
                (now, why, session_id),
            ).rowcount
        )

    async def revoke_token(self, token_id: str, until: int, now: int) -> None:
        with transaction(self._db):
            self._db.execute("DELETE FROM revoked WHERE until <= ?", (now,))
            self._db.execute("INSERT INTO revoked VALUES (?, ?) ON CONFLICT DO NOTHING", (token_id, until))

    async def token_revoked(self, token_id: str) -> bool:
        return self._db.execute("SELECT 1 FROM revoked WHERE id = ?", (token_id,)).fetchone() is not None

    async def strike(self, bucket: str, now: int, most: int, locked_until: int, forget: int) -> bool:
        with transaction(self._db):
            self._db.execute("DELETE FROM strike WHERE at < ?", (forget,))
            return bool(
                self._db.execute(
                    "INSERT INTO strike (bucket, count, at, locked_until) VALUES (?1, 1, ?2, 0)"
                    " ON CONFLICT (bucket) DO UPDATE SET count = count + 1, at = ?2,"
                    " locked_until = CASE WHEN count + 1 >= ?3 THEN ?4 ELSE 0 END WHERE locked_until <= ?2",
                    (bucket, now, most, locked_until),
                ).rowcount
            )

    async def clear_strikes(self, bucket: str) -> None:
        self._db.execute("DELETE FROM strike WHERE bucket = ?", (bucket,))
