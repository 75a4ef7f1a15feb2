"""The audit log in both stores: the next line is sealed and added in one transaction."""

from __future__ import annotations

import sqlite3
from typing import Any

from core.governance.audit import Deed, Entry, seal
from core.store.embedded import transaction

_COLUMNS = "sequence, moment, who, scope, act, subject, outcome, reason, before, hash"
_LAST = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1"
# One writer at a time in the whole database. The number is arbitrary and ours.
_AUDIT_LOCK = 7_843_201_956


class EmbeddedAudit:
    """Implements core.governance.audit.AuditBook on SQLite."""

    _db: sqlite3.Connection

    async def note(self, deed: Deed, now: int) -> Entry:
        with transaction(self._db):
            entry = seal(deed, now, self._db.execute(_LAST).fetchone())
            self._db.execute(f"INSERT INTO audit ({_COLUMNS}) VALUES ({','.join('?' * 10)})", _row(entry))
        return entry

    async def audited(self, after: int, limit: int) -> list[Entry]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?", (after, limit)
        )
        return [Entry(*row) for row in rows]


async def note_on_server(pool: Any, deed: Deed, now: int, tried: list[Entry]) -> Entry:
    """tried: what an earlier call sealed without hearing how it ended; it is not written twice."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _AUDIT_LOCK)
        for entry in tried:
            written = await connection.fetchval("SELECT hash FROM audit WHERE sequence = $1", entry.sequence)
            if written == entry.hash:
                return entry
        last = await connection.fetchrow(_LAST)
        entry = seal(deed, now, None if last is None else (last[0], last[1]))
        tried.append(entry)
        marks = ",".join(f"${n}" for n in range(1, 11))
        await connection.execute(f"INSERT INTO audit ({_COLUMNS}) VALUES ({marks})", *_row(entry))
    return entry


async def read_on_server(pool: Any, after: int, limit: int) -> list[Entry]:
    """In order of sequence."""
    rows = await pool.fetch(
        f"SELECT {_COLUMNS} FROM audit WHERE sequence > $1 ORDER BY sequence LIMIT $2", after, limit
    )
    return [Entry(*row) for row in rows]


def _row(entry: Entry) -> tuple[Any, ...]:
    return tuple(getattr(entry, name) for name in _COLUMNS.split(", "))
