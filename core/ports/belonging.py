"""Whose transaction a document belongs to, as the store keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Belonging(Protocol):
    """Each call is one transaction. A name is a vendor's id or a document's number; a root the subject that
    the transaction began with."""

    async def roots(self, names: Sequence[str]) -> dict[str, tuple[str, int]]:
        """By name the root, and when it was kept last; those that are unknown are left out."""
        ...

    async def keep_roots(self, roots: Mapping[str, str], now: int) -> None:
        """By name; the root that was kept of a name before stays, and is kept from now on."""
        ...

    async def forget_roots(self, before: int) -> int:
        """Those that were kept last before this moment; returns how many."""
        ...
