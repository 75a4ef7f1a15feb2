"""Spans on their way to a collector by OTLP over HTTP: in batches, tried again, and never in the way of work.

Which answers are tried again (429, 502, 503, 504), that Retry-After is kept to, and where a request goes
(/v1/traces below the address) are those of the OTLP specification, "OTLP/HTTP".
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import NoReturn

from core.canonical.errors import CoreError
from core.observing.otlp import export
from core.observing.tracing import Span
from core.ports.world import Request, Transport

# What waits while a collector is away: a minute of a busy process. What is more is dropped, and counted.
KEPT = 20_000
BATCH = 512
_AGAIN = frozenset({429, 502, 503, 504})
_EVERY_SECONDS, _FIRST_SECONDS, _LONGEST_SECONDS = 1, 1, 30
_TIMEOUT_SECONDS = 10
# One that asks for more is asked again after so long: it may be an error, and what waits is lost.
_LEFT_ALONE_SECONDS = 900


class Shipper:
    """One a process. address: of the collector, such as http://localhost:4318; service, process: see
    `otlp.export`; count: is told by name how many were "spans.sent", "spans.dropped" (no room) and
    "spans.refused" (the collector will not have them)."""

    def __init__(
        self,
        address: str,
        service: str,
        process: str,
        transport: Transport,
        count: Callable[[str, int], None] = lambda _name, _by: None,
    ) -> None:
        self._url = f"{address.rstrip('/')}/v1/traces"
        self._service, self._process, self._transport = service, process, transport
        self._count = count
        self._waiting: deque[Span] = deque()
        # What it asked for with its last answer, in seconds.
        self._asked = 0

    def keep(self, span: Span) -> None:
        """Takes note, and returns at once; what finds no room is dropped."""
        if len(self._waiting) >= KEPT:
            self._count("spans.dropped", 1)
            return
        self._waiting.append(span)

    async def run(self) -> NoReturn:
        """Endless: ship what is there, wait; longer each time that the collector cannot take it, and at least
        as long as it asks for."""
        pause = _FIRST_SECONDS
        while True:
            if await self.ship():
                pause = _FIRST_SECONDS
                await asyncio.sleep(0 if len(self._waiting) >= BATCH else _EVERY_SECONDS)
            else:
                await asyncio.sleep(max(pause, self._asked))
                pause = min(_LONGEST_SECONDS, pause * 2)

    async def ship(self) -> bool:
        """One batch at most; False where the collector could not take it now: it stays in its place."""
        batch = [self._waiting[n] for n in range(min(BATCH, len(self._waiting)))]
        if not batch:
            return True
        self._asked = 0
        try:
            answer = await self._transport.send(self._request(batch))
        except CoreError:
            return False
        if answer.status in _AGAIN:
            self._asked = min(round(answer.retry_after or 0), _LEFT_ALONE_SECONDS)
            return False
        self._count("spans.sent" if answer.status < 300 else "spans.refused", len(batch))
        for _ in batch:
            self._waiting.popleft()
        return True

    async def end(self) -> None:
        """What is left, as far as the collector takes it without asking twice."""
        while self._waiting and await self.ship():
            pass

    def _request(self, batch: list[Span]) -> Request:
        body = json.dumps(export(batch, self._service, self._process)).encode()
        headers = {"content-type": "application/json"}
        return Request(
            "POST", self._url, headers, body, "collector", "export", "", write=True,
            timeout_seconds=_TIMEOUT_SECONDS,
        )  # fmt: skip
