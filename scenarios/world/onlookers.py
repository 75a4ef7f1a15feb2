"""Those who look on at the core's durable memory, and at nothing that it says of itself."""

from __future__ import annotations

from collections.abc import Callable

from core.ports.durable import Bus
from core.store.sqlite import SqliteStore
from scenarios.world.epochs import EpochLog
from scenarios.world.inbox import InboxLog
from scenarios.world.outbox import OutboxLog


class Onlookers:
    """Of a store that one process has open, and of the bus beside it. now: microseconds."""

    def __init__(self, store: SqliteStore, bus: Bus, now: Callable[[], int]) -> None:
        self.inbox, self.outbox = InboxLog(store, now), OutboxLog(store, bus)
        self.epochs = EpochLog(store, now)

    def memory(self) -> bytes:
        """All that the disk and the broker hold, and what was seen of them: of two runs that have come to the
        same, neither may hide what only the other did before. How many questions a request came after says
        nothing."""
        seen = self.epochs.evidence()
        sent = [(each.at, each.task, each.epoch) for each in seen.sendings]
        return self.outbox.memory() + repr((seen.claims, seen.effects, seen.refusals, sent)).encode()
