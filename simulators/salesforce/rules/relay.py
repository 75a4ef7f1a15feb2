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

from simulators.kit.clock import SECOND, Clock
from simulators.kit.ids import Ids
from simulators.kit.webhooks import Sender
from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.changes import EVERY, KEPT, ChangeEvent
from simulators.salesforce.rules.keys import full_id, record_id
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity

# Seconds between attempts: not quite the 72 hours for which the bus keeps an event to be replayed.
PAUSES = (60, 300, 1800, 3600, 7200, 14400, 28800, 43200, 43200, 43200, 43200)
_STATES = ("RUN", "PAUSE", "STOP")
_PREFIX = "7k2"
Render = Callable[[ChangeEvent], bytes]


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

    def __init__(self, clock: Clock, ids: Ids, catalogue: Catalogue, sender: Sender, render: Render) -> None:
        self._clock, self._ids, self._catalogue = clock, ids, catalogue
        self.sender, self._render = sender, render
        self.configs: dict[str, Config] = {}

    # --- configuration

    def open(self, name: str, label: str, channel: str, url: str, state: str, types: list[str]) -> Config:
        """A new relay. The vendor starts it in STOP; that it may start in RUN is our addition."""
        if any(config.name == name for config in self.configs.values()):
            said = f"The developer name {name} is already in use"
            raise Refused("DUPLICATE_DEVELOPER_NAME", said, ("DeveloperName",))
        known = [entity.event for entity in self._catalogue.entities.values() if entity.feed]
        name_of = channel.removeprefix("/data/")
        if f"/data/{name_of}" != EVERY and name_of not in known:
            raise _picklist("EventChannel", channel)
        channel = f"/data/{name_of}"
        for each in types:
            if each not in known:
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
            if state == "RUN" and self._clock.now() - event.at < KEPT:
                self._send(config, event, body)

    def close(self, config: Config) -> None:
        """Delete a relay."""
        del self.configs[config.id]

    # --- events

    def take(self, events: list[tuple[Entity, ChangeEvent]]) -> None:
        """Hand the events of a unit of work to the relays that carry them."""
        if not self.configs:
            return
        for entity, event in events:
            takers = [config for config in self.configs.values() if _carries(config, entity)]
            if takers:
                body = self._render(event)
                for config in takers:
                    self._hand(config, event, body)

    def _hand(self, config: Config, event: ChangeEvent, body: bytes) -> None:
        if config.state == "PAUSE":
            config.held.append((event, body))
            while config.held and self._clock.now() - config.held[0][0].at >= KEPT:
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


def _carries(config: Config, entity: Entity) -> bool:
    if not entity.feed or config.state == "STOP" or (config.types and entity.event not in config.types):
        return False
    return config.channel in (EVERY, f"/data/{entity.event}")


def _check_state(state: str) -> None:
    if state not in _STATES:
        raise _picklist("State", state)


def _picklist(name: str, value: str) -> Refused:
    said = f"{name}: bad value for restricted picklist field: {value}"
    return Refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", said, (name,))
