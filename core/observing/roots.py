"""Whose transaction a subject or a document belongs to: in the store, and near at hand for those of late."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import suppress

from core.canonical.errors import CoreError
from core.ports.belonging import Belonging
from core.ports.world import Clock

_NEAR_MAX = 20_000
_ANEW_US = 30 * 86_400_000_000


class Roots:
    """kept: where all processes look, None for this one's memory only. What the store cannot say while it is
    away is unknown: no business waits for a trace."""

    def __init__(self, clock: Clock, kept: Belonging | None = None) -> None:
        self._clock, self._kept = clock, kept
        self._near: OrderedDict[str, str] = OrderedDict()

    def of(self, name: str) -> str:
        """The root it belongs to as far as is known here, or else itself."""
        return self._near.get(name, name)

    async def look(self, names: Iterable[str]) -> dict[str, str]:
        """By name; those that are unknown are left out."""
        asked = list(dict.fromkeys(names))
        found = {name: self._near[name] for name in asked if name in self._near}
        missing = [name for name in asked if name not in found]
        if missing and self._kept is not None:
            try:
                found |= await self._stored(self._kept, missing)
            except CoreError:
                return found
        for name, root in found.items():
            self._remember(name, root)
        return found

    async def keep(self, names: Sequence[str], root: str) -> None:
        """They belong to it, unless they are known to belong to another."""
        fresh = {name: root for name in names if name not in self._near}
        for name in fresh:
            self._remember(name, root)
        if fresh and self._kept is not None:
            try:
                await self._kept.keep_roots(fresh, self._clock.now())
            except CoreError:
                # Found again by whoever reads the documents next.
                for name in fresh:
                    self._near.pop(name, None)

    async def _stored(self, kept: Belonging, names: Sequence[str]) -> dict[str, str]:
        """Whoever is still named is not forgotten: kept anew, which once a month is often enough."""
        found, now = await kept.roots(names), self._clock.now()
        roots = {name: root for name, (root, _) in found.items()}
        stale = {name: roots[name] for name, (_, at) in found.items() if at < now - _ANEW_US}
        if stale:
            with suppress(CoreError):
                await kept.keep_roots(stale, now)
        return roots

    def _remember(self, name: str, root: str) -> None:
        self._near[name] = root
        self._near.move_to_end(name)
        if len(self._near) > _NEAR_MAX:
            self._near.popitem(last=False)
