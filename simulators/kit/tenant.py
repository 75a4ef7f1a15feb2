"""One tenant: a sandbox of every vendor, one clock for all of them, and what was kept of earlier states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulators.kit.agenda import Spawn
from simulators.kit.clock import Clock, ShiftedClock
from simulators.kit.ids import Ids
from simulators.kit.mock import Mock, Surroundings, Vendor
from simulators.kit.peer import Neighbours
from simulators.kit.timeline import Timeline
from simulators.kit.webhooks import Outbound

# Requests that each journal remembers, and snapshots that a tenant keeps.
_JOURNAL, _MOST_SNAPSHOTS = 1000, 100


@dataclass(frozen=True, slots=True)
class Ground:
    """What all tenants of a process stand on. seed: of ids and secrets; options: by vendor."""

    vendors: Mapping[str, Vendor]
    clock: Clock
    seed: str
    outbound: Outbound
    spawn: Spawn
    options: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All systems of a tenant at one moment: `at` in microseconds, memory by vendor."""

    at: int
    memory: Mapping[str, bytes]

    @property
    def size(self) -> int:
        """Bytes of all systems together."""
        return sum(len(part) for part in self.memory.values())


class Tenant:
    """Nothing that happens here is seen by another tenant. Every tenant of a seed begins with the same
    ids and credentials."""

    def __init__(self, name: str, ground: Ground) -> None:
        self.name = name
        self.clock = ShiftedClock(ground.clock)
        self.mocks: dict[str, Mock] = {}
        neighbours = Neighbours(self.mocks)
        for vendor in ground.vendors.values():
            around = Surroundings(
                self.clock, Ids(f"{ground.seed}/{vendor.name}"), ground.outbound, ground.spawn,
                ground.options.get(vendor.name, {}), neighbours,
            )  # fmt: skip
            self.mocks[vendor.name] = Mock(vendor, around, journal=_JOURNAL)
        self.timeline = Timeline(self.clock, lambda: [mock.agenda for mock in self.mocks.values()])
        self.snapshots: dict[str, Snapshot] = {}
        for mock in self.mocks.values():
            mock.wake()

    def reset(self, at: int | None = None) -> None:
        """Every system back to its first day, which is now, or `at`. Snapshots are kept."""
        self.clock.set(self.clock.beneath.now() if at is None else at)
        for mock in self.mocks.values():
            mock.reset()

    def snapshot(self) -> Snapshot:
        """All systems as they are now; TypeError names what cannot be kept."""
        return Snapshot(self.clock.now(), {name: mock.snapshot() for name, mock in self.mocks.items()})

    def keep(self, name: str) -> Snapshot:
        """Take a snapshot and keep it under a name; an older one of that name is replaced."""
        if name not in self.snapshots and len(self.snapshots) >= _MOST_SNAPSHOTS:
            raise ValueError(f"snapshots: {_MOST_SNAPSHOTS} are kept already; delete one first")
        self.snapshots[name] = self.snapshot()
        return self.snapshots[name]

    def become(self, snapshot: Snapshot) -> None:
        """Every system and the clock as they were; journals and armed faults are forgotten."""
        self.clock.set(snapshot.at)
        for name, memory in snapshot.memory.items():
            self.mocks[name].restore(memory)

    def restore(self, name: str) -> Snapshot:
        """Become the snapshot of that name; ValueError if there is none."""
        found = self.snapshots.get(name)
        if found is None:
            known = ", ".join(self.snapshots) or "none"
            raise ValueError(f"name: there is no snapshot {name!r}; kept are: {known}")
        self.become(found)
        return found

    def close(self) -> None:
        """Nothing is done any more by itself."""
        for mock in self.mocks.values():
            mock.agenda.close()
