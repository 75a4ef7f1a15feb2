"""Change data capture, and the relay that hands its events to a subscriber.

The vendor delivers these events over Pub/Sub or CometD, or relays them to a partner bus; none of
these is a signed HTTP post. Ours is: a stand-in for the partner bus, with a signature so that a
receiver can be judged. So are the `secret`, the `EventTypes` filter and a plain URL as destination.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.kit.clock import DAY, SECOND, Clock
from simulators.kit.ids import Ids
from simulators.kit.webhooks import Sender
from simulators.salesforce.rules.catalogue import ENTITIES
from simulators.salesforce.rules.keys import full_id, record_id
from simulators.salesforce.rules.records import Committed
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity

# Seconds between attempts: not quite the 72 hours for which the bus keeps an event to be replayed.
PAUSES = (60, 300, 1800, 3600, 7200, 14400, 28800, 43200, 43200, 43200, 43200)
EVERY = "/data/ChangeEvents"
_CHANNELS = {e.name: f"/data/{e.event}" for e in ENTITIES.values() if e.feed}
_TYPES = tuple(e.event for e in ENTITIES.values() if e.feed)
_STATES = ("RUN", "PAUSE", "STOP")
_KEPT = 3 * DAY  # how long the bus keeps an event (72 hours)
_PREFIX = "7k2"
# The org's own columns; of these an event tells only when and by whom.
_SILENT = frozenset({"Id", "IsDeleted", "SystemModstamp", "LastModifiedDate"})


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One change event. kind: CREATE, UPDATE, DELETE; at: microseconds; values: what it carries."""

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


@dataclass(slots=True)
class Config:
    """An EventRelayConfig. held: what a paused relay has still to send."""

    id: str
    name: str
    label: str
    channel: str
    url: str
    state: str
    secret: str
    types: tuple[str, ...]
    held: deque[tuple[ChangeEvent, bytes]] = field(default_factory=deque)


class Relay:
    """One an org. `render` makes the bytes of an event."""

    def __init__(
        self, clock: Clock, ids: Ids, sender: Sender, render: Callable[[ChangeEvent], bytes]
    ) -> None:
        self._clock, self._ids, self.sender, self._render = clock, ids, sender, render
        self.configs: dict[str, Config] = {}
        self.origin = ""
        self._replay = self._commits = 0

    # --- configuration

    def open(self, name: str, label: str, channel: str, url: str, state: str, types: list[str]) -> Config:
        """A new relay. The vendor starts it in STOP; that it may start in RUN is our addition."""
        if any(config.name == name for config in self.configs.values()):
            said = f"The developer name {name} is already in use"
            raise Refused("DUPLICATE_DEVELOPER_NAME", said, ("DeveloperName",))
        if channel != EVERY and channel not in _CHANNELS.values():
            raise _picklist("EventChannel", channel)
        for each in types:
            if each not in _TYPES:
                raise _picklist("EventTypes", each)
        _check_state(state)
        key = record_id(_PREFIX, self._ids.count("record/EventRelayConfig"))
        secret = self._ids.hex("relay-secret", 64)
        config = Config(key, name, label or name, channel, url, state, secret, tuple(types))
        self.configs[key] = config
        return config

    def find(self, text: str) -> Config:
        """The relay of that id; NOT_FOUND if there is none."""
        config = self.configs.get(full_id(text) or "")
        if config is None:
            raise Refused("NOT_FOUND", "The requested resource does not exist")
        return config

    def switch(self, config: Config, state: str) -> None:
        """RUN, PAUSE or STOP. A resumed relay goes on where it paused; a stopped one forgets."""
        _check_state(state)
        config.state = state
        while config.held:
            event, body = config.held.popleft()
            if state == "RUN" and self._clock.now() - event.at < _KEPT:
                self._send(config, event, body)

    def close(self, config: Config) -> None:
        """Delete a relay."""
        del self.configs[config.id]

    # --- events

    def publish(self, changes: list[Committed], user: str) -> None:
        """Make events of a unit of work, and hand each to the relays that carry it."""
        transaction, sequence = "", 0
        for line in changes:
            entity = line.record.entity
            if not entity.feed:
                continue
            changed = _changed(line, entity)
            if line.kind == "UPDATE" and not changed:
                continue
            if not transaction:
                transaction = self._ids.hex("transaction", 32)
                self._commits += 1
            sequence += 1
            self._replay += 1
            takers = [c for c in self.configs.values() if _carries(c, entity)]
            if takers:
                event = self._event(line, changed, transaction, sequence, user)
                body = self._render(event)
                for config in takers:
                    self._hand(config, event, body)

    def _event(
        self, line: Committed, changed: tuple[str, ...], transaction: str, sequence: int, user: str
    ) -> ChangeEvent:
        values, entity = line.record.values, line.record.entity
        carried: dict[str, Any] = {}
        if line.kind == "CREATE":
            carried = {f: v for f, v in values.items() if v is not None and f not in _SILENT}
        if line.kind == "UPDATE":
            carried = {f: values[f] for f in changed}
            changed = (*changed, "LastModifiedDate")
        if line.kind != "DELETE":
            carried["LastModifiedDate"] = values["LastModifiedDate"]
        nulled = tuple(f for f in changed if values[f] is None) if line.kind == "UPDATE" else ()
        return ChangeEvent(
            _CHANNELS[entity.name], entity.name, line.record.id, line.kind, transaction, sequence,
            self._commits, self._clock.now(), user, self.origin,
            changed if line.kind == "UPDATE" else (), nulled, carried, self._replay,
        )  # fmt: skip

    def _hand(self, config: Config, event: ChangeEvent, body: bytes) -> None:
        if config.state == "PAUSE":
            config.held.append((event, body))
            while config.held and self._clock.now() - config.held[0][0].at >= _KEPT:
                config.held.popleft()
        else:
            self._send(config, event, body)

    def _send(self, config: Config, event: ChangeEvent, body: bytes) -> None:
        name = f"{event.channel}:{event.replay_id}"
        self.sender.send(config.url, name, body, _Signed(config.secret.encode(), body))


@dataclass(frozen=True, slots=True)
class _Signed:
    """The headers of each attempt."""

    secret: bytes
    body: bytes

    def __call__(self, now: int) -> Mapping[str, str]:
        signature = sign(self.secret, now, self.body)
        return {"Content-Type": "application/json", "X-Event-Relay-Signature": signature}


def sign(secret: bytes, now: int, body: bytes) -> str:
    """`t=<unix seconds>,v1=<hex hmac-sha256 of "t.body">`."""
    moment = str(now // SECOND)
    mac = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256)
    return f"t={moment},v1={mac.hexdigest()}"


def _changed(line: Committed, entity: Entity) -> tuple[str, ...]:
    values, old = line.record.values, line.old
    return tuple(f for f in entity.fields if f in old and f not in _SILENT and old[f] != values[f])


def _carries(config: Config, entity: Entity) -> bool:
    if config.state == "STOP" or (config.types and entity.event not in config.types):
        return False
    return config.channel in (EVERY, _CHANNELS[entity.name])


def _check_state(state: str) -> None:
    if state not in _STATES:
        raise _picklist("State", state)


def _picklist(name: str, value: str) -> Refused:
    said = f"{name}: bad value for restricted picklist field: {value}"
    return Refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", said, (name,))
