"""What all workers together may ask of a vendor, in the embedded store."""

from __future__ import annotations

import sqlite3

from core.store.embedded import transaction


class EmbeddedPacing:
    """Implements core.ports.pacing.Pacing over one connection."""

    _db: sqlite3.Connection

    async def spend(self, span: str, wanted: int, most: int) -> int:
        with transaction(self._db):
            row = self._db.execute("SELECT spent FROM budget WHERE span = ?", (span,)).fetchone()
            granted = max(0, min(wanted, most - (row[0] if row else 0)))
            self._db.execute(
                "INSERT INTO budget VALUES (?, ?) ON CONFLICT (span) DO UPDATE SET spent = spent + ?",
                (span, granted, granted),
            )
        return granted

    async def allot(self, system: str, holder: str, running: int, most: int, now: int, until: int) -> int:
        with transaction(self._db):
            others, taken = self._db.execute(
                "SELECT count(*), coalesce(sum(slots), 0) FROM pace"
                " WHERE system = ? AND holder NOT IN ('', ?) AND until > ?",
                (system, holder, now),
            ).fetchone()
            part, free = max(most // (others + 1), 1), most - taken
            self._db.execute(
                "INSERT INTO pace VALUES (?, ?, ?, ?)"
                " ON CONFLICT (system, holder) DO UPDATE SET slots = excluded.slots, until = excluded.until",
                (system, holder, max(0, min(free, max(part, running))), until),
            )
        return int(max(0, min(free, part)))

    async def pause(self, system: str, until: int) -> None:
        self._db.execute(
            "INSERT INTO pace VALUES (?, '', 0, ?)"
            " ON CONFLICT (system, holder) DO UPDATE SET until = max(until, excluded.until)",
            (system, until),
        )

    async def paused(self, system: str) -> int:
        row = self._db.execute(
            "SELECT until FROM pace WHERE system = ? AND holder = ''", (system,)
        ).fetchone()
        return 0 if row is None else int(row[0])
