"""A SQLite file as a store needs it: connected, migrated, one transaction at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from core.store.migrating import pending

_BUSY_MS = 20_000
_WHOLE = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_PART = ("SAVEPOINT part", "RELEASE part", ("ROLLBACK TO part", "RELEASE part"))


def connect(path: str, *, durable: bool) -> sqlite3.Connection:
    """Open and migrate. durable: what is committed also survives a power cut."""
    db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    # Other processes may be in the middle of a transaction of theirs.
    db.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    _migrate(db)
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, also as a part of a larger one; never awaited inside."""
    begin, end, back = _PART if db.in_transaction else _WHOLE
    db.execute(begin)
    try:
        yield
    except BaseException:
        for statement in back:
            db.execute(statement)
        raise
    db.execute(end)


def _migrate(db: sqlite3.Connection) -> None:
    """Of two processes that start together the second finds it done."""
    with transaction(db):
        (version,) = db.execute("PRAGMA user_version").fetchone()
        for number, script in pending("sqlite", version):
            for statement in _statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """One after the other: `executescript` would commit before it begins."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
