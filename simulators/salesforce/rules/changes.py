"""Change data capture: what is told of every unit of work, kept for 72 hours to be replayed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simulators.kit.clock import DAY, Clock
from simulators.kit.ids import Ids
from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.records import Committed
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record

EVERY = "/data/ChangeEvents"
KEPT = 3 * DAY  # how long the bus keeps an event (72 hours)
# The org's own columns; of these an event tells only when and by whom.
_SILENT = frozenset({"Id", "IsDeleted", "SystemModstamp", "LastModifiedDate"})
# What an undeleted record tells: all of it, as when it was created.
_WHOLE = ("CREATE", "UNDELETE")


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One change event. kind: CREATE, UPDATE, DELETE, UNDELETE; at: microseconds; values: what it
    carries."""

    channel: str
    entity: str
    record_id: str
    kind: str
    transaction: str
    sequence: int
    number: int
    at: int
    user: str
    origin: str
    changed: tuple[str, ...]
    nulled: tuple[str, ...]
    values: Mapping[str, Any]
    replay_id: int


class Bus:
    """One an org. Replay ids are consecutive, so that an event is found without a search."""

    def __init__(self, clock: Clock, ids: Ids, catalogue: Catalogue) -> None:
        self._clock, self._ids, self._catalogue = clock, ids, catalogue
        self._kept: deque[ChangeEvent] = deque()
        self.origin = ""
        self.latest = self._commits = 0

    def publish(self, changes: list[Committed], user: str) -> list[tuple[Entity, ChangeEvent]]:
        """Make events of a unit of work and keep them."""
        transaction, sequence = "", 0
        events = []
        for line in changes:
            entity = line.record.entity
            changed = _changed(line, entity)
            if line.kind == "UPDATE" and not changed:
                continue
            if not transaction:
                transaction = self._ids.hex("transaction", 32)
                self._commits += 1
            sequence += 1
            self.latest += 1
            event = self._event(line, changed, transaction, sequence, user)
            self._kept.append(event)
            events.append((entity, event))
        self._forget()
        return events

    def begin(self) -> None:
        """What a fresh org holds is no news."""
        self._kept.clear()
        self.latest = self._commits = 0

    def gap(self, found: list[Record], kind: str, user: str) -> list[tuple[Entity, ChangeEvent]]:
        """Events that tell only that something was changed (GAP_UPDATE, …): the fields are to be read."""
        transaction = self._ids.hex("transaction", 32)
        self._commits += 1
        events = []
        for sequence, record in enumerate(found, start=1):
            self.latest += 1
            event = ChangeEvent(
                f"/data/{record.entity.event}", record.entity.name, record.id, kind, transaction, sequence,
                self._commits, self._clock.now(), user, "", (), (),
                {"LastModifiedDate": record.values["LastModifiedDate"]}, self.latest,
            )  # fmt: skip
            self._kept.append(event)
            events.append((record.entity, event))
        return events

    def _forget(self) -> None:
        oldest = self._clock.now() - KEPT
        while self._kept and self._kept[0].at <= oldest:
            self._kept.popleft()

    def after(self, replay_id: int, channel: str, most: int) -> tuple[list[ChangeEvent], int]:
        """(kept events of a channel after that id, the id up to which the bus has been read)."""
        self._forget()
        if not self._kept:
            return [], max(replay_id, self.latest)
        start = max(0, replay_id + 1 - self._kept[0].replay_id)
        found: list[ChangeEvent] = []
        read = max(replay_id, self._kept[0].replay_id - 1)
        for event in islice(self._kept, start, None):
            if channel == event.channel or (channel == EVERY and self._catalogue.entities[event.entity].feed):
                if len(found) == most:
                    return found, read
                found.append(event)
            read = event.replay_id
        return found, read

    def position(self, replay: int) -> int:
        """The id after which a subscriber wants to be told: -1 new ones only, -2 all, else its own."""
        self._forget()
        first = self._kept[0].replay_id if self._kept else self.latest + 1
        if replay == -1:
            return self.latest
        if replay == -2:
            return first - 1
        if not first - 1 <= replay <= self.latest:
            raise Refused(
                "400",
                f"The replayId {{{replay}}} you provided was invalid.  Please provide a valid ID, -2 to "
                "replay all events, or -1 to replay only new events.",
            )
        return replay

    def has(self, channel: str) -> bool:
        """Whether there is such a channel."""
        names = (entity.event for entity in self._catalogue.entities.values())
        return channel == EVERY or channel.removeprefix("/data/") in names

    def _event(
        self, line: Committed, changed: tuple[str, ...], transaction: str, sequence: int, user: str
    ) -> ChangeEvent:
        values, entity = line.record.values, line.record.entity
        carried: dict[str, Any] = {}
        if line.kind in _WHOLE:
            carried = {f: v for f, v in values.items() if v is not None and f not in _SILENT}
        if line.kind == "UPDATE":
            carried = {f: values[f] for f in changed}
            changed = (*changed, "LastModifiedDate")
        if line.kind != "DELETE":
            carried["LastModifiedDate"] = values["LastModifiedDate"]
        nulled = tuple(f for f in changed if values[f] is None) if line.kind == "UPDATE" else ()
        return ChangeEvent(
            f"/data/{entity.event}", entity.name, line.record.id, line.kind, transaction, sequence,
            self._commits, self._clock.now(), user, self.origin,
            changed if line.kind == "UPDATE" else (), nulled, carried, self.latest,
        )  # fmt: skip


def _changed(line: Committed, entity: Entity) -> tuple[str, ...]:
    values, old = line.record.values, line.old
    return tuple(f for f in entity.fields if f in old and f not in _SILENT and old[f] != values[f])
