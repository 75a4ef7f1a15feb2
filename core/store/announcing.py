"""What the embedded store keeps of those who are told: endpoints and their deliveries."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.ports.announcing import Announcement, ContentMode, Delivery, Endpoint
from core.store.embedded import transaction

ENDPOINT = "id, url, topics, version, former_until, enabled, why, made_by, made_at, failing_since, mode"
DELIVERY = (
    "number, endpoint, event, topic, aggregate, body, at, due_at, state, attempts, fence, status, error,"
    " ended_at"
)
# Of enabled endpoints, and of an endpoint and aggregate only the first that waits: in the order of the facts.
FIRST = (
    "state = 'waiting' AND EXISTS (SELECT 1 FROM endpoint WHERE endpoint.id = delivery.endpoint AND enabled)"
    " AND NOT EXISTS (SELECT 1 FROM delivery AS before WHERE before.endpoint = delivery.endpoint"
    " AND before.aggregate = delivery.aggregate AND before.state = 'waiting'"
    " AND before.number < delivery.number)"
)


class Telling:
    """Implements core.ports.announcing.Announcing over one connection."""

    _db: sqlite3.Connection

    async def announce(self, told: Sequence[Announcement], now: int) -> None:
        with transaction(self._db):
            self._announce(told, now)

    async def add_endpoint(self, endpoint: Endpoint) -> bool:
        values = (*row_of(endpoint)[:5], int(endpoint.enabled), *row_of(endpoint)[6:])
        statement = f"INSERT OR IGNORE INTO endpoint ({ENDPOINT}) VALUES ({', '.join('?' * len(values))})"
        return bool(self._db.execute(statement, values).rowcount)

    async def change_endpoint(self, endpoint: Endpoint) -> bool:
        return bool(
            self._db.execute(
                "UPDATE endpoint SET url = ?, topics = ?, version = ?, former_until = ?, enabled = ?,"
                " why = ?, mode = ?, failing_since = 0 WHERE id = ?",
                (*row_of(endpoint)[1:5], int(endpoint.enabled), endpoint.why, endpoint.mode, endpoint.id),
            ).rowcount
        )

    async def drop_endpoint(self, endpoint: str) -> bool:
        with transaction(self._db):
            self._db.execute("DELETE FROM delivery WHERE endpoint = ?", (endpoint,))
            return bool(self._db.execute("DELETE FROM endpoint WHERE id = ?", (endpoint,)).rowcount)

    async def endpoints(self) -> list[Endpoint]:
        rows = self._db.execute(f"SELECT {ENDPOINT} FROM endpoint ORDER BY made_at, id")
        return [endpoint_of(row) for row in rows]

    async def claim_deliveries(self, now: int, until: int, limit: int) -> list[Delivery]:
        with transaction(self._db):
            rows = self._db.execute(
                f"SELECT {DELIVERY} FROM delivery WHERE {FIRST} AND due_at <= ?"
                " ORDER BY due_at, number LIMIT ?",
                (now, limit),
            ).fetchall()
            self._db.executemany(
                "UPDATE delivery SET fence = fence + 1, due_at = ? WHERE number = ?",
                [(until, row[0]) for row in rows],
            )
        return [replace(d, fence=d.fence + 1, due_at=until) for d in map(delivery_of, rows)]

    async def next_delivery(self) -> int | None:
        (found,) = self._db.execute(f"SELECT min(due_at) FROM delivery WHERE {FIRST}").fetchone()
        return None if found is None else int(found)

    async def delivered(self, delivery: Delivery, status: int, now: int) -> bool:
        with transaction(self._db):
            changed = "state = 'sent', attempts = attempts + 1, status = ?, error = '', ended_at = ?"
            if not self._settle(delivery, changed, status, now):
                return False
            self._db.execute(
                "UPDATE endpoint SET failing_since = 0 WHERE id = ? AND failing_since > 0",
                (delivery.endpoint,),
            )
        return True

    async def not_delivered(
        self, delivery: Delivery, status: int, error: str, due_at: int | None, now: int
    ) -> bool:
        with transaction(self._db):
            changed = "attempts = attempts + 1, status = ?, error = ?, state = ?, due_at = ?, ended_at = ?"
            ends = ("failed", now, now) if due_at is None else ("waiting", due_at, 0)
            if not self._settle(delivery, changed, status, error, *ends):
                return False
            self._db.execute(
                "UPDATE endpoint SET failing_since = ? WHERE id = ? AND failing_since = 0",
                (now, delivery.endpoint),
            )
        return True

    async def disable_endpoint(self, endpoint: str, why: str) -> bool:
        changed = "UPDATE endpoint SET enabled = 0, why = ? WHERE id = ? AND enabled = 1"
        return bool(self._db.execute(changed, (why, endpoint)).rowcount)

    async def deliveries(self, endpoint: str, state: str | None, after: int, limit: int) -> list[Delivery]:
        rows = self._db.execute(
            f"SELECT {DELIVERY} FROM delivery WHERE endpoint = ? AND number > ?"
            " AND coalesce(?, state) = state ORDER BY number LIMIT ?",
            (endpoint, after, state, limit),
        )
        return [delivery_of(row) for row in rows]

    async def deliver_again(self, endpoint: str, number: int, now: int) -> bool:
        return bool(
            self._db.execute(
                "UPDATE delivery SET state = 'waiting', attempts = 0, due_at = ?, ended_at = 0"
                " WHERE endpoint = ? AND number = ? AND state <> 'waiting'",
                (now, endpoint, number),
            ).rowcount
        )

    async def forget_deliveries(self, before: int) -> int:
        statement = "DELETE FROM delivery WHERE state <> 'waiting' AND ended_at < ?"
        return self._db.execute(statement, (before,)).rowcount

    # --- inside a transaction ---

    def _announce(self, told: Sequence[Announcement], now: int) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO delivery (endpoint, event, topic, aggregate, body, at, due_at)"
            " SELECT id, ?, ?, ?, ?, ?, ? FROM endpoint WHERE enabled AND instr(topics, ?)"
            " ORDER BY made_at, id",
            [(t.event, t.topic, t.aggregate, t.body, now, now, f",{t.topic},") for t in told],
        )

    def _settle(self, delivery: Delivery, changed: str, *values: object) -> bool:
        statement = f"UPDATE delivery SET {changed} WHERE number = ? AND fence = ? AND state = 'waiting'"
        return bool(self._db.execute(statement, (*values, delivery.number, delivery.fence)).rowcount)


def row_of(endpoint: Endpoint) -> tuple[Any, ...]:
    """The columns of an endpoint; each topic between commas, so that one is found by its name."""
    e, topics = endpoint, f",{','.join(endpoint.topics)},"
    what, history = (e.version, e.former_until, e.enabled, e.why), (e.made_by, e.made_at, e.failing_since)
    return e.id, e.url, topics, *what, *history, str(e.mode)


def endpoint_of(row: Any) -> Endpoint:
    """From its columns."""
    id_, url, topics, version, former_until, enabled, why, made_by, made_at, failing_since, mode = row
    named, how = tuple(topics.strip(",").split(",")), ContentMode(mode)
    return Endpoint(
        id_, url, named, version, former_until, bool(enabled), why, made_by, made_at, failing_since, how
    )


def delivery_of(row: Any) -> Delivery:
    """From its columns."""
    return Delivery(*row)
