"""What every connectivity model promises to the world around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from core.announcing.announcer import SILENT, Announcer
from core.canonical.events import Event
from core.ports.desk import Desk
from core.ports.durable import Bus, Store, Task
from core.ports.world import Draws
from core.reliability.locks import KeyedLocks, Locks, SharedLocks
from core.reliability.worker import DEFAULT, Claims
from core.settings import Settings


class Answer(Enum):
    """What the sender of an event is told."""

    ACCEPTED = 200
    TRY_AGAIN = 503


@dataclass(frozen=True, slots=True)
class Parts:
    """What a model is built from. spawn: starts work that belongs to this process; claims: how its workers
    take what is in the store; announces: what those outside are told when work ends.
    """

    desk: Desk
    settings: Settings
    draws: Draws
    store: Store
    bus: Bus
    spawn: Callable[[Coroutine[Any, Any, None]], object]
    claims: Claims = DEFAULT
    announces: Announcer = SILENT

    def locks(self) -> Locks:
        """One act at a time per customer, among all workers of the deployment."""
        if self.claims.poll_seconds is None:
            return KeyedLocks()
        clock, claims = self.desk.clock, self.claims
        return SharedLocks(self.store, clock, self.draws, claims.name, claims.lease_seconds)


class Model(Protocol):
    """One way of linking. `jobs`: what can be run by name, by the timetable or by an operator."""

    jobs: Mapping[str, Callable[[], Awaitable[None]]]

    def start(self) -> None:
        """Begin working; also after a crash."""
        ...

    async def accept(self, event: Event) -> Answer:
        """An event has come in, signed and understood."""
        ...

    async def pending(self) -> list[str]:
        """What is not ended, in words; empty at rest."""
        ...

    async def parked(self) -> list[Task]:
        """The exception queue."""
        ...

    async def redrive(self) -> int:
        """An operator releases everything that is held."""
        ...

    def wake(self) -> None:
        """An operator has put work back: whoever works in this process and rests looks again."""
        ...
