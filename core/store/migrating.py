"""Numbered migrations, forward only: which are still to be applied, and a schema that is too new refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "migrations"
# Two processes that start together migrate one after the other. The number is arbitrary and ours.
_MIGRATION_LOCK = 7_843_201_955


class TooNew(RuntimeError):
    """The schema was made by a later version of the core; nothing was changed."""


def pending(dialect: str, version: int) -> list[tuple[int, str]]:
    """(number, script) after `version`, in order; TooNew if the schema is ahead of this code.

    dialect: "sqlite" or "postgres".
    """
    scripts = sorted((int(path.name[:4]), path) for path in (_FOLDER / dialect).glob("*.sql"))
    known = scripts[-1][0]
    if version > known:
        raise TooNew(f"store: its schema is version {version}, this code knows {known}; use a newer Tieout")
    # By the number in the name: what is added later must not move the others.
    return [(number, path.read_text()) for number, path in scripts if number > version]


async def migrate_on_server(connection: Any) -> None:
    """Of asyncpg: applies what is pending in one transaction; TooNew as above."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
        await connection.execute("CREATE TABLE IF NOT EXISTS tieout_schema (version integer NOT NULL)")
        version = await connection.fetchval("SELECT coalesce(max(version), 0) FROM tieout_schema")
        for number, script in pending("postgres", version):
            await connection.execute(script)
            await connection.execute("INSERT INTO tieout_schema VALUES ($1)", number)
