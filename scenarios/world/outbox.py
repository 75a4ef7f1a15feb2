"""Looks on at the core's outbox and bus: what was committed, and what was taken, whatever the core notes."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Sequence

from core.ports.durable import Bus, Consume, Message
from core.store.sqlite import SqliteStore
from scenarios.evidence.durable import Entry, Outbox, Publication

# A trigger writes within the transaction that fires it: what is rolled back leaves nothing here either. In
# memory, for a crash sweep forks its process.
_SEEN = """CREATE TEMP TABLE committed
(place INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, topic TEXT NOT NULL, aggregate TEXT NOT NULL)"""
_SEE = """CREATE TEMP TRIGGER outbox_is_written AFTER INSERT ON main.outbox BEGIN
INSERT INTO committed (sequence, topic, aggregate) VALUES (NEW.sequence, NEW.topic, NEW.subject); END"""

# Batch notes there what each of its jobs has done, for people.
NEVER_READ = "control_total"


class OutboxLog:
    """Of a store that one process has open, and of the bus beside it. bus: in the place of that one."""

    def __init__(self, store: SqliteStore, bus: Bus) -> None:
        self._db = store.database
        for statement in ("PRAGMA temp_store = MEMORY", _SEEN, _SEE):
            self._db.execute(statement)
        self._broker, self._published = bus, list[Publication]()
        self.bus: Bus = _Watched(bus, self._db, self._published)

    def evidence(self) -> Outbox:
        """All so far."""
        rows = self._db.execute("SELECT sequence, topic, aggregate FROM committed ORDER BY place")
        return Outbox(tuple(Entry(*row) for row in rows), tuple(self._published))

    def memory(self) -> bytes:
        """All that the disk and the broker hold, but for what is only ever written."""
        left_out = f'INSERT INTO "{NEVER_READ}"'
        disk = [line for line in self._db.iterdump() if not line.startswith(left_out)]
        return pickle.dumps((disk, self._broker, self.evidence()))


class _Watched:
    """Implements core.ports.durable.Bus."""

    def __init__(self, inner: Bus, db: sqlite3.Connection, published: list[Publication]) -> None:
        self._inner, self._db, self._published = inner, db, published

    @property
    def outlives(self) -> bool:
        return self._inner.outlives

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        self._inner.subscribe(consumer, topics)

    async def publish(self, messages: Sequence[Message]) -> None:
        early = self._db.in_transaction
        await self._inner.publish(messages)
        self._published += (Publication(Entry(m.sequence, m.topic, m.subject), early) for m in messages)

    async def deliver(self, consume: Consume) -> int:
        return await self._inner.deliver(consume)

    async def backlog(self) -> int:
        return await self._inner.backlog()
