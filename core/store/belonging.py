"""Whose transaction a document belongs to, in the embedded store."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence


class Belongs:
    """Implements core.ports.belonging.Belonging over one connection."""

    _db: sqlite3.Connection

    async def roots(self, names: Sequence[str]) -> dict[str, str]:
        marks = ", ".join("?" * len(names))
        return dict(self._db.execute(f"SELECT name, root FROM belongs WHERE name IN ({marks})", tuple(names)))

    async def keep_roots(self, roots: Mapping[str, str], now: int) -> None:
        self._db.executemany(
            "INSERT INTO belongs (name, root, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(name, root, now) for name, root in roots.items()],
        )
