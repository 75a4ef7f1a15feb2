"""Sends events out, at least once, in no promised order, with retries that end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from simulators.kit.clock import Clock


class Outbound(Protocol):
    """How a mock reaches a subscriber."""

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        """Status of the receiver's answer; None when none came (refused, reset, timed out)."""
        ...


@dataclass(slots=True)
class Delivery:
    """One event on its way to one endpoint. outcome: pending, delivered or given_up."""

    event: str
    url: str
    attempts: int = 0
    last_status: int | None = None
    outcome: str = "pending"


# Builds the headers of one attempt; signatures carry the time of the attempt, not of the event.
HeadersAt = Callable[[int], Mapping[str, str]]


class Sender:
    """One a mock. `pauses`: seconds between attempts; when they are used up the event is given up."""

    def __init__(
        self,
        clock: Clock,
        outbound: Outbound,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        pauses: Sequence[float],
        *,
        succeeded: Callable[[int], bool] = lambda status: 200 <= status < 300,
    ) -> None:
        self._clock, self._outbound, self._spawn = clock, outbound, spawn
        self._pauses, self._succeeded = tuple(pauses), succeeded
        self.pending = 0
        self.given_up: list[Delivery] = []

    def send(self, url: str, event: str, body: bytes, headers: HeadersAt) -> Delivery:
        """Start delivering; returns at once."""
        delivery = Delivery(event, url)
        self.pending += 1
        self._spawn(self._deliver(delivery, body, headers))
        return delivery

    async def _deliver(self, delivery: Delivery, body: bytes, headers: HeadersAt) -> None:
        try:
            for pause in (*self._pauses, None):
                delivery.attempts += 1
                status = await self._outbound.post(
                    delivery.url,
                    headers(self._clock.now()),
                    body,
                    event=delivery.event,
                    attempt=delivery.attempts,
                )
                delivery.last_status = status
                if status is not None and self._succeeded(status):
                    delivery.outcome = "delivered"
                    return
                if pause is not None:
                    await asyncio.sleep(pause)
            delivery.outcome = "given_up"
            self.given_up.append(delivery)
        finally:
            self.pending -= 1
