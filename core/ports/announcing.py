"""What the store keeps of those who are told: endpoints, and what each is still to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Announcement:
    """A fact as it goes out. event: its id, the same however often it is worked out; aggregate: in whose
    order it is told; body: all of it, as structured JSON."""

    event: str
    topic: str
    aggregate: str
    body: str


class ContentMode(StrEnum):
    """How an event goes out over HTTP: whole in the body, or its data in the body and the rest in headers."""

    STRUCTURED = "structured"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Who is told, of what, and in which content mode. version: of its secret; former_until: so long the one
    before signs, too; why: it was disabled, "" if it is enabled or a person did; failing_since: the first of
    the failures in a row, 0 for none. Moments in microseconds."""

    id: str
    url: str
    topics: tuple[str, ...]
    version: int
    former_until: int
    enabled: bool
    why: str
    made_by: str
    made_at: int
    failing_since: int = 0
    mode: ContentMode = ContentMode.STRUCTURED


@dataclass(frozen=True, slots=True)
class Delivery:
    """One announcement for one endpoint. state: waiting, sent or failed; due_at: when it is tried next;
    fence: grows with each claim; status: of the last answer, 0 for none; error: why it was not taken."""

    number: int
    endpoint: str
    event: str
    topic: str
    aggregate: str
    body: str
    at: int
    due_at: int
    state: str
    attempts: int
    fence: int
    status: int
    error: str
    ended_at: int


class Announcing(Protocol):
    """Each call is one transaction. Moments are microseconds."""

    async def announce(self, told: Sequence[Announcement], now: int) -> None:
        """One delivery for each endpoint that is enabled and wants the topic, unless it has the event."""
        ...

    async def add_endpoint(self, endpoint: Endpoint) -> bool:
        """False if the id is known."""
        ...

    async def change_endpoint(self, endpoint: Endpoint) -> bool:
        """Its url, topics, mode, secret and whether it is enabled; failures so far are forgotten. False if
        there is none."""
        ...

    async def drop_endpoint(self, endpoint: str) -> bool:
        """With all that it was to be told; False if there is none."""
        ...

    async def endpoints(self) -> list[Endpoint]:
        """All, oldest first."""
        ...

    async def claim_deliveries(self, now: int, until: int, limit: int) -> list[Delivery]:
        """What is due of enabled endpoints; nobody else gets it before `until`. Of one endpoint and aggregate
        only the first that waits."""
        ...

    async def next_delivery(self) -> int | None:
        """When the next can be claimed."""
        ...

    async def delivered(self, delivery: Delivery, status: int, now: int) -> bool:
        """It was taken; its endpoint does not fail any more. False if another has claimed it since."""
        ...

    async def not_delivered(
        self, delivery: Delivery, status: int, error: str, due_at: int | None, now: int
    ) -> bool:
        """It is tried again at a moment, None for no more. False if another has claimed it since."""
        ...

    async def disable_endpoint(self, endpoint: str, why: str) -> bool:
        """By the core; False if it is disabled already. What waits goes on waiting."""
        ...

    async def deliveries(self, endpoint: str, state: str | None, after: int, limit: int) -> list[Delivery]:
        """By number, of one state or all."""
        ...

    async def deliver_again(self, endpoint: str, number: int, now: int) -> bool:
        """What has ended waits anew, with the same id; False if there is none such."""
        ...

    async def forget_deliveries(self, before: int) -> int:
        """Those that ended before; returns how many."""
        ...
