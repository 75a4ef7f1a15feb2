"""Sends events out, at least once, in no promised order, with retries that end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from simulators.kit.agenda import Agenda
from simulators.kit.clock import Clock
from simulators.kit.spans import carried, served


class Outbound(Protocol):
    """How a mock reaches a subscriber."""

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        """Status of the receiver's answer; None when none came (refused, reset, timed out)."""
        ...


@runtime_checkable
class AnyMethod(Outbound, Protocol):
    """A way out that knows other methods than POST too."""

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, event: str, attempt: int
    ) -> int | None:
        """As post, by the method given."""
        ...


# Builds the headers of one attempt; signatures carry the time of the attempt, not of the event.
# A bound method or an object with __call__, not a closure: a snapshot carries it along.
HeadersAt = Callable[[int], Mapping[str, str]]


@dataclass(slots=True)
class Delivery:
    """One event on its way to one endpoint. outcome: pending, delivered or given_up; cause: the call that
    the event comes of, as a header says it, where that is part of a trace."""

    event: str
    url: str
    body: bytes = field(default=b"", repr=False)
    headers: HeadersAt | None = field(default=None, repr=False)
    attempts: int = 0
    last_status: int | None = None
    outcome: str = "pending"
    cause: str = field(default_factory=served)


def no_longer_than(most: int, pauses: Sequence[int]) -> tuple[int, ...]:
    """As many pauses, none over `most` seconds; 0: as they are."""
    return tuple(min(pause, most) if most else pause for pause in pauses)


def two_hundreds(status: int) -> bool:
    """What most senders take for success."""
    return 200 <= status < 300


class Sender:
    """One a mock. `pauses`: seconds between attempts; when they are used up the event is given up."""

    def __init__(
        self,
        clock: Clock,
        outbound: Outbound,
        agenda: Agenda,
        pauses: Sequence[float],
        *,
        succeeded: Callable[[int], bool] = two_hundreds,
    ) -> None:
        self._clock, self._outbound, self._agenda = clock, outbound, agenda
        self._pauses, self._succeeded = tuple(pauses), succeeded
        self.pending = 0
        self.given_up: list[Delivery] = []

    def send(self, url: str, event: str, body: bytes, headers: HeadersAt) -> Delivery:
        """Start delivering; returns at once."""
        delivery = Delivery(event, url, body, headers)
        self.pending += 1
        self._agenda.at(self._clock.now(), self._attempt, delivery)
        return delivery

    async def _attempt(self, delivery: Delivery) -> None:
        over = True
        try:
            delivery.attempts += 1
            headers = delivery.headers(self._clock.now()) if delivery.headers else {}
            status = await self._outbound.post(
                delivery.url,
                {**headers, **carried(delivery.cause)},
                delivery.body,
                event=delivery.event,
                attempt=delivery.attempts,
            )
            delivery.last_status = status
            if status is not None and self._succeeded(status):
                delivery.outcome = "delivered"
            elif delivery.attempts <= len(self._pauses):
                over = False
                self._agenda.after(self._pauses[delivery.attempts - 1], self._attempt, delivery)
            else:
                delivery.outcome = "given_up"
                self.given_up.append(delivery)
        finally:
            if over:
                self.pending -= 1
                delivery.body, delivery.headers = b"", None
