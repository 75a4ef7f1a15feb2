"""What the stores may forget: what nobody can repeat any more, so that they do not grow for ever."""

from __future__ import annotations

import sqlite3

from core.store.embedded import transaction

# The newest row stays: the embedded store counts from it, and a number that was used before would be taken
# for a message that its consumers have seen.
OUTBOX = "DELETE FROM outbox WHERE published AND at < {0} AND sequence < (SELECT max(sequence) FROM outbox)"
SEEN = "DELETE FROM seen WHERE at < {0}"
# What is older than the columns: its age counts from the first look.
OF_UNKNOWN_AGE = ("UPDATE outbox SET at = {0} WHERE at = 0", "UPDATE seen SET at = {0} WHERE at = 0")


class Forgetting:
    """The part of core.ports.durable.Store that forgets, over one connection."""

    _db: sqlite3.Connection

    async def forget(self, before: int) -> int:
        self._db.execute("DELETE FROM budget WHERE span NOT LIKE '%/day/%'")
        return self._db.execute("DELETE FROM inbox WHERE at < ?", (before,)).rowcount

    async def forget_passed_on(self, before: int, now: int) -> int:
        with transaction(self._db):
            for statement in OF_UNKNOWN_AGE:
                self._db.execute(statement.format("?"), (now,))
            return sum(
                self._db.execute(statement.format("?"), (before,)).rowcount for statement in (OUTBOX, SEEN)
            )
