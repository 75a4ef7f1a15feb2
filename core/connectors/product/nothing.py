"""A product that meters nothing: seats only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from core.canonical.errors import Missing
from core.canonical.usage import UsageEvent


class NothingUsed:
    """Implements core.ports.product.Product."""

    async def usage(self, id: str) -> UsageEvent:  # noqa: A002
        raise Missing(f"usage {id}: this product meters nothing", system="product")

    async def usage_since(self, _moment: datetime) -> AsyncIterator[str]:
        nothing: tuple[str, ...] = ()
        for each in nothing:
            yield each
