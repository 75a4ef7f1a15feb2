"""The audit log of a store that is only looked at: nothing is made, migrated or written there."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from core.canonical.errors import Unavailable
from core.governance.audit import AuditLines, Entry
from core.store.auditing import EmbeddedAudit, read_on_server

_BUSY_MS = 20_000
_SECONDS = 20


class _Embedded(EmbeddedAudit):
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db


class _OnServer:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def audited(self, after: int, limit: int) -> list[Entry]:
        return await read_on_server(self._connection, after, limit)


@asynccontextmanager
async def audit_in_file(path: str) -> AsyncIterator[AuditLines]:
    """sqlite3.Error if there is no such file, or no audit log in it. mode=ro: https://www.sqlite.org/uri.html"""
    db = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        db.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        db.execute("PRAGMA query_only=ON")
        yield _Embedded(db)
    finally:
        db.close()


@asynccontextmanager
async def audit_on_server(url: str) -> AsyncIterator[AuditLines]:
    """Unavailable if it does not answer, or has no audit log."""
    import asyncpg  # noqa: PLC0415 - only who uses the server loads its library

    try:
        connection = await asyncpg.connect(
            url, timeout=_SECONDS, server_settings={"default_transaction_read_only": "on"}
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise Unavailable(f"store: {error}", system="store") from error
    try:
        yield _OnServer(connection)
    except asyncpg.PostgresError as error:
        raise Unavailable(f"store: {error}", system="store") from error
    finally:
        await connection.close()
