"""Teaches a database the laboratory's time, for the triggers of those who look on at it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from weakref import WeakMethod


class TellsTime:
    """Base of those who look on. now: microseconds, `lab_now()` for their triggers, while they live."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], int]) -> None:
        self._db, self._now = db, now
        # SQLite keeps its functions where the collector does not look: a strong one would hold the clock, and
        # with it the whole world that has the database, for ever.
        kept = WeakMethod(self.now)

        def lab_now() -> int:
            found = kept()
            assert found is not None, "the database outlives nobody who looks on"
            return found()

        db.create_function("lab_now", 0, lab_now)

    def now(self) -> int:
        """The time of the run."""
        return self._now()
