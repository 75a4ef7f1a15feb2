"""Subsidiaries behind the keys of our legal entities, looked for by name and kept."""

from __future__ import annotations

from collections.abc import Mapping

from core.canonical.errors import Missing
from core.connectors.netsuite import wire
from core.connectors.netsuite.api import Api
from core.connectors.netsuite.judge import SYSTEM


class Entities:
    """only: internal id of the subsidiary for what has no entity; names: subsidiary names by key."""

    def __init__(self, api: Api, only: str, names: Mapping[str, str]) -> None:
        self._api, self._only, self._names = api, only, names
        self._ids: dict[str, str] = {}
        self._currencies: dict[str, str] = {}

    @property
    def several(self) -> bool:
        """Whether it matters whose a document is."""
        return bool(self._names)

    async def subsidiary(self, key: str) -> str:
        """Internal id; Missing where the ledger has no subsidiary of the entity's name."""
        if not key:
            return self._only
        if key not in self._ids:
            await self._read()
        if key not in self._ids:
            raise Missing(
                f"legal entity {key}: NetSuite has no subsidiary {self._names.get(key)!r}", system=SYSTEM
            )
        return self._ids[key]

    async def key(self, subsidiary: str) -> str:
        """The entity of an internal id; "" for one that is none of ours."""
        if not subsidiary or not self._names:
            return ""
        if subsidiary not in self._ids.values():
            await self._read()
        return next((key for key, id_ in self._ids.items() if id_ == subsidiary), "")

    async def currencies(self) -> dict[str, str]:
        """ISO codes of the books, by internal id."""
        if not self._currencies:
            await self._read()
        return self._currencies

    async def _read(self) -> None:
        rows = await self._api.query("list_subsidiaries", "all", wire.SUBSIDIARIES)
        by_name = {str(row["name"]): str(row["id"]) for row in rows}
        self._ids = {key: by_name[name] for key, name in self._names.items() if name in by_name}
        self._currencies = {str(row["id"]): str(row["currency"]) for row in rows}
