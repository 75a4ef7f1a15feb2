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
