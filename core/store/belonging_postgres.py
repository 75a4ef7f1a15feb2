"""Whose transaction a document belongs to, in the store on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class BelongsPostgres:
    """Implements core.ports.belonging.Belonging; how a statement is sent is the store's."""

    async def roots(self, names: Sequence[str]) -> dict[str, tuple[str, int]]:
        rows = await self._rows("SELECT name, root, at FROM belongs WHERE name = ANY($1)", list(names))
        return {row[0]: (row[1], row[2]) for row in rows}

    async def keep_roots(self, roots: Mapping[str, str], now: int) -> None:
        await self._run(
            "INSERT INTO belongs (name, root, at) SELECT name, root, $3"
            " FROM unnest($1::text[], $2::text[]) AS kept (name, root) ORDER BY name"
            " ON CONFLICT (name) DO UPDATE SET at = greatest(belongs.at, excluded.at)",
            list(roots),
            list(roots.values()),
            now,
        )

    async def forget_roots(self, before: int) -> int:
        status = await self._run("DELETE FROM belongs WHERE at < $1", before)
        return int(status.rpartition(" ")[2])

    # --- the store's own way to its server ---

    async def _rows(self, statement: str, *values: object) -> list[Any]:
        raise NotImplementedError

    async def _run(self, statement: str, *values: object) -> str:
        raise NotImplementedError
