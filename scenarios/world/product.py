"""The company's own product: keeps a log of use, tells the core of it, and tells again until it is heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from hmac import digest
from typing import Any

from core.canonical.errors import Missing
from core.canonical.usage import UsageEvent
from scenarios.evidence.product import ProductBooks, ReportedUsage
from simulators.kit.table import dumps
from simulators.kit.webhooks import Outbound

# The secret that the product signs with; a sandbox value like all others.
PRODUCT_SECRET = "tieout-product-secret"
# Seconds between attempts: over about five days, then a notice is given up.
_PAUSES = (60, 300, 1800, 7200, 18_000, 36_000, 86_400, 86_400, 86_400, 86_400)


class ProductLog:
    """Implements core.ports.product.Product; outside the core's machine, whose crash is none here.

    url: where notices go, "" for a core that reads and does not listen; now: microseconds.
    """

    def __init__(
        self, now: Callable[[], int], post: Outbound, spawn: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        self._now, self._post, self._spawn = now, post, spawn
        self._events: dict[str, UsageEvent] = {}
        self._log: list[tuple[int, UsageEvent]] = []
        self.url = ""
        self.pending = 0

    def record(self, event: UsageEvent) -> None:
        """Used. The same event again is written down and told again: at least once."""
        self._events.setdefault(event.id, event)
        self._log.append((self._now(), event))
        if self.url:
            self.pending += 1
            self._spawn(self._tell(f"N{len(self._log):06d}-{event.id}", event))

    async def usage(self, id: str) -> UsageEvent:  # noqa: A002
        if id not in self._events:
            raise Missing(f"usage: {id!r} is not in the product's log", system="product")
        return self._events[id]

    async def usage_since(self, moment: datetime) -> AsyncIterator[str]:
        since = int(moment.timestamp() * 1_000_000)
        for at, event in list(self._log):
            if at >= since:
                yield event.id

    def books(self) -> ProductBooks:
        """Everything that was recorded, as often as it was."""
        return ProductBooks(
            tuple(
                ReportedUsage(e.id, e.account, e.subscription, e.meter, str(e.quantity), e.on.isoformat(), at)
                for at, e in self._log
            )
        )

    async def _tell(self, notice: str, event: UsageEvent) -> None:
        said = {
            "id": notice,
            "type": "usage.recorded",
            "usage": event.id,
            "created": self._now() // 1_000_000,
            "version": 1,
        }
        body = dumps(said)
        try:
            for attempt, pause in enumerate((*_PAUSES, 0), start=1):
                headers = {"content-type": "application/json", **signed(body, self._now())}
                status = await self._post.post(self.url, headers, body, event=notice, attempt=attempt)
                if status is not None and 200 <= status < 300:
                    return
                await asyncio.sleep(pause)
        finally:
            self.pending -= 1


def signed(body: bytes, now: int, secret: str = PRODUCT_SECRET) -> dict[str, str]:
    """The header that the product signs a notice with. now: microseconds."""
    seconds = now // 1_000_000
    mac = digest(secret.encode(), f"{seconds}.".encode() + body, "sha256").hex()
    return {"X-Product-Signature": f"t={seconds},v1={mac}"}
