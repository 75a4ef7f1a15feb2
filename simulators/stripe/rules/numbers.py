"""Ids in Stripe's shapes."""

from __future__ import annotations

from simulators.kit.ids import Ids


class Numbers:
    """Issues ids in Stripe's shapes (stripe/openapi fixtures3.json)."""

    def __init__(self, ids: Ids, tail: str) -> None:
        self._ids, self._tail = ids, tail

    def new(self, prefix: str) -> str:
        """A prefix, "1", five letters, the account's own ten, eight letters: 24 after the prefix."""
        text = self._ids.base62(prefix, 13)
        return f"{prefix}_1{text[:5]}{self._tail}{text[5:]}"

    def short(self, prefix: str) -> str:
        """Customers and requests: 14 letters."""
        return f"{prefix}_{self._ids.base62(prefix, 14)}"

    def secret(self, prefix: str, length: int) -> str:
        """Something to be kept from others."""
        return prefix + self._ids.base62(prefix, length)
