"""Whose transaction a document belongs to, in the embedded store."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence


class Belongs:
    """Implements core.ports.belonging.Belonging over one connection."""

    _db: sqlite3.Connection

    async def roots(self, names: Sequence[str]) -> dict[str, tuple[str, int]]:
        marks = ", ".join("?" * len(names))
        rows = self._db.execute(f"SELECT name, root, at FROM belongs WHERE name IN ({marks})", tuple(names))
        return {name: (root, at) for name, root, at in rows}

    async def keep_roots(self, roots: Mapping[str, str], now: int) -> None:
        self._db.executemany(
            "INSERT INTO belongs (name, root, at) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
            [(name, root, now) for name, root in roots.items()],
        )

    async def forget_roots(self, before: int) -> int:
        return self._db.execute("DELETE FROM belongs WHERE at < ?", (before,)).rowcount
