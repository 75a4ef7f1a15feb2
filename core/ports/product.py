"""The company's own product."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from core.canonical.usage import UsageEvent


class Product(Protocol):
    """The company's own product, where use happens. Tells of each event at least once."""

    async def usage(self, id: str) -> UsageEvent:  # noqa: A002
        """By id; Missing if there is none."""
        ...

    def usage_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of events recorded at or after, in that order; whenever the use itself was."""
        ...
