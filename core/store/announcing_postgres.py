"""What the store on PostgreSQL keeps of those who are told: endpoints and their deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.ports.announcing import Announcement, Delivery, Endpoint
from core.store.announcing import DELIVERY, ENDPOINT, FIRST, delivery_of, endpoint_of, row_of

_ANNOUNCE = """
INSERT INTO delivery (endpoint, event, topic, aggregate, body, at, due_at)
SELECT id, event, topic, aggregate, body, $5, $5
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
    AS told (event, topic, aggregate, body, place)
JOIN endpoint ON enabled AND position(',' || topic || ',' IN topics) > 0
ORDER BY place, made_at, id
ON CONFLICT DO NOTHING"""

_CLAIM = f"""
WITH next AS MATERIALIZED (
    SELECT number AS chosen, due_at AS was_due FROM delivery WHERE {FIRST} AND due_at <= $1
    ORDER BY due_at, number LIMIT $3
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE delivery SET fence = fence + 1, due_at = $2 FROM next WHERE number = chosen
    RETURNING {DELIVERY}, was_due
)
SELECT {DELIVERY} FROM claimed ORDER BY was_due, number"""

_MINE = "WHERE number = $1 AND fence = $2 AND state = 'waiting' RETURNING endpoint"

_DELIVERED = f"""
WITH settled AS (
    UPDATE delivery SET state = 'sent', attempts = attempts + 1, status = $3, error = '', ended_at = $4
    {_MINE}
), well AS (
    UPDATE endpoint SET failing_since = 0 FROM settled WHERE id = endpoint AND failing_since > 0
)
SELECT count(*) FROM settled"""

_NOT_DELIVERED = f"""
WITH settled AS (
    UPDATE delivery SET attempts = attempts + 1, status = $3, error = $4, state = $5, due_at = $6,
        ended_at = $7
    {_MINE}
), ill AS (
    UPDATE endpoint SET failing_since = $8 FROM settled WHERE id = endpoint AND failing_since = 0
)
SELECT count(*) FROM settled"""


class TellingPostgres:
    """Implements core.ports.announcing.Announcing; how a statement is sent is the store's."""

    async def announce(self, told: Sequence[Announcement], now: int) -> None:
        await self._run(_ANNOUNCE, *columns(told), now)

    async def add_endpoint(self, endpoint: Endpoint) -> bool:
        marks = ", ".join(f"${n}" for n in range(1, 12))
        statement = f"INSERT INTO endpoint ({ENDPOINT}) VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING 1"
        return bool(await self._value(statement, *row_of(endpoint)))

    async def change_endpoint(self, endpoint: Endpoint) -> bool:
        statement = (
            "UPDATE endpoint SET url = $2, topics = $3, version = $4, former_until = $5, enabled = $6,"
            " why = $7, mode = $8, failing_since = 0 WHERE id = $1 RETURNING 1"
        )
        return bool(await self._value(statement, *row_of(endpoint)[:7], str(endpoint.mode)))

    async def drop_endpoint(self, endpoint: str) -> bool:
        statement = (
            "WITH told AS (DELETE FROM delivery WHERE endpoint = $1)"
            " DELETE FROM endpoint WHERE id = $1 RETURNING 1"
        )
        return bool(await self._value(statement, endpoint))

    async def endpoints(self) -> list[Endpoint]:
        rows = await self._rows(f"SELECT {ENDPOINT} FROM endpoint ORDER BY made_at, id")
        return [endpoint_of(row) for row in rows]

    async def claim_deliveries(self, now: int, until: int, limit: int) -> list[Delivery]:
        return [delivery_of(row) for row in await self._rows(_CLAIM, now, until, limit)]

    async def next_delivery(self) -> int | None:
        found = await self._value(f"SELECT min(due_at) FROM delivery WHERE {FIRST}")
        return None if found is None else int(found)

    async def delivered(self, delivery: Delivery, status: int, now: int) -> bool:
        return bool(await self._value(_DELIVERED, delivery.number, delivery.fence, status, now))

    async def not_delivered(
        self, delivery: Delivery, status: int, error: str, due_at: int | None, now: int
    ) -> bool:
        ends = ("failed", now, now) if due_at is None else ("waiting", due_at, 0)
        told = (status, error.replace("\x00", "�"), *ends, now)
        return bool(await self._value(_NOT_DELIVERED, delivery.number, delivery.fence, *told))

    async def disable_endpoint(self, endpoint: str, why: str) -> bool:
        statement = "UPDATE endpoint SET enabled = false, why = $2 WHERE id = $1 AND enabled RETURNING 1"
        return bool(await self._value(statement, endpoint, why.replace("\x00", "�")))

    async def deliveries(self, endpoint: str, state: str | None, after: int, limit: int) -> list[Delivery]:
        statement = (
            f"SELECT {DELIVERY} FROM delivery WHERE endpoint = $1 AND number > $2"
            " AND coalesce($3::text, state) = state ORDER BY number LIMIT $4"
        )
        return [delivery_of(row) for row in await self._rows(statement, endpoint, after, state, limit)]

    async def deliver_again(self, endpoint: str, number: int, now: int) -> bool:
        statement = (
            "UPDATE delivery SET state = 'waiting', attempts = 0, due_at = $3, ended_at = 0"
            " WHERE endpoint = $1 AND number = $2 AND state <> 'waiting' RETURNING 1"
        )
        return bool(await self._value(statement, endpoint, number, now))

    async def forget_deliveries(self, before: int) -> int:
        status = await self._run("DELETE FROM delivery WHERE state <> 'waiting' AND ended_at < $1", before)
        return int(status.rpartition(" ")[2])

    # --- the store's own way to its server ---

    async def _value(self, statement: str, *values: object) -> Any:
        raise NotImplementedError

    async def _rows(self, statement: str, *values: object) -> list[Any]:
        raise NotImplementedError

    async def _run(self, statement: str, *values: object) -> str:
        raise NotImplementedError


def columns(told: Sequence[Announcement]) -> list[list[str]]:
    """Of many, an array a column."""
    return [
        [each.event for each in told],
        [each.topic for each in told],
        [each.aggregate for each in told],
        [each.body for each in told],
    ]
