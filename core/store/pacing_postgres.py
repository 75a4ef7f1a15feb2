"""What all workers together may ask of a vendor, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")

# The row remembers what its last update granted, since nothing else can be returned of it.
_SPEND = """
INSERT INTO budget (span, spent, granted) VALUES ($1, least($2::integer, $3::integer), least($2, $3))
ON CONFLICT (span) DO UPDATE
SET granted = greatest(0, least($2, $3 - budget.spent)),
    spent = budget.spent + greatest(0, least($2, $3 - budget.spent))
RETURNING granted"""

# One after the other: whoever allots counts what the others have.
_BY_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('pace/' || $1, 0))"
_ALLOT = """
WITH others AS (
    SELECT greatest($4::integer / (count(*)::integer + 1), 1) AS part,
        $4 - coalesce(sum(slots), 0)::integer AS free
    FROM pace WHERE system = $1 AND holder NOT IN ('', $2) AND until > $5
), mine AS (
    INSERT INTO pace (system, holder, slots, until)
    SELECT $1, $2, greatest(0, least(free, greatest(part, $3::integer))), $6 FROM others
    ON CONFLICT (system, holder) DO UPDATE SET slots = excluded.slots, until = excluded.until
)
SELECT greatest(0, least(free, part)) FROM others"""

_PAUSE = """
INSERT INTO pace VALUES ($1, '', 0, $2)
ON CONFLICT (system, holder) DO UPDATE SET until = greatest(pace.until, excluded.until)"""


class PacingPostgres:
    """Implements core.ports.pacing.Pacing; how a statement is sent is the store's."""

    _pool: Any

    async def spend(self, span: str, wanted: int, most: int) -> int:
        return int(await self._value(_SPEND, span, wanted, most) or 0)

    async def allot(self, system: str, holder: str, running: int, most: int, now: int, until: int) -> int:
        async def by_turns() -> int:
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_BY_TURNS, system)
                return int(await connection.fetchval(_ALLOT, system, holder, running, most, now, until))

        return await self._insist(by_turns)

    async def pause(self, system: str, until: int) -> None:
        await self._run(_PAUSE, system, until)

    async def paused(self, system: str) -> int:
        found = await self._value("SELECT until FROM pace WHERE system = $1 AND holder = ''", system)
        return int(found or 0)

    async def _value(self, statement: str, *values: object) -> Any:
        raise NotImplementedError

    async def _run(self, statement: str, *values: object) -> str:
        raise NotImplementedError

    async def _insist(self, act: Callable[[], Awaitable[T]]) -> T:
        raise NotImplementedError
