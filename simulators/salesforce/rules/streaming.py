"""Change events by long polling: who listens to what, how far each has read, who is waiting."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from simulators.kit.agenda import Agenda
from simulators.kit.clock import SECOND, Clock
from simulators.kit.ids import Ids
from simulators.salesforce.rules.changes import Bus, ChangeEvent
from simulators.salesforce.rules.refusal import Refused

# Seconds for which an answer is held back when there is nothing to tell, and a client may be silent.
HOLD, IDLE = 110, 40
_AT_ONCE = 200  # events in one answer


@dataclass(slots=True)
class Client:
    """One that shook hands. read: channel -> the replay id up to which it was told."""

    id: str
    seen: int
    read: dict[str, int] = field(default_factory=dict)


class Streaming:
    """One an org. Those who wait are no part of a snapshot: their connection ends with it."""

    def __init__(self, clock: Clock, ids: Ids, agenda: Agenda, bus: Bus, hold: int) -> None:
        self._clock, self._ids, self._agenda, self._bus, self.hold = clock, ids, agenda, bus, hold
        self._clients: dict[str, Client] = {}
        self._waiting: dict[str, asyncio.Future[None]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_waiting": {}}

    def shake_hands(self) -> Client:
        """A new client."""
        client = Client(self._ids.base62("cometd", 28).lower(), self._clock.now())
        self._clients[client.id] = client
        return client

    def client(self, key: str) -> Client:
        """The client of that id; "403" if there is none, or it was silent for too long."""
        found = self._clients.get(key)
        now = self._clock.now()
        if found is not None and now - found.seen > (self.hold + IDLE) * SECOND:
            del self._clients[key]
            found = None
        if found is None:
            raise Refused("403", "Unknown client")
        found.seen = now
        return found

    def subscribe(self, client: Client, channel: str, replay: int) -> None:
        """Listen to a channel from a place on; "404" if there is none of that name."""
        if not self._bus.has(channel):
            raise Refused("403", "denied_by_security_policy:create_denied")  # unconfirmed
        client.read[channel] = self._bus.position(replay)

    def unsubscribe(self, client: Client, channel: str) -> None:
        """Listen no longer."""
        client.read.pop(channel, None)

    def leave(self, client: Client) -> None:
        """Forget a client."""
        self._clients.pop(client.id, None)
        self._wake(client.id)

    async def poll(self, client: Client, *, wait: bool) -> list[ChangeEvent]:
        """What is new to a client, at once if there is anything; else when there is, or the time is up."""
        found = self._news(client)
        if found or not wait:
            return found
        self._wake(client.id)  # an older poll of the same client gives way
        waiting = self._waiting[client.id] = asyncio.get_running_loop().create_future()
        timer = self._agenda.after(self.hold, self._wake, client.id, periodic=True)
        try:
            await waiting
        finally:
            timer.cancel()
            if self._waiting.get(client.id) is waiting:
                del self._waiting[client.id]
        client.seen = self._clock.now()
        return self._news(client)

    def tell(self) -> None:
        """There are new events: whoever waits is answered."""
        for key in list(self._waiting):
            client = self._clients.get(key)
            if client is None or self._has_news(client):
                self._wake(key)

    def let_go(self) -> None:
        """Everybody who waits is answered with what there is."""
        for key in list(self._waiting):
            self._wake(key)

    def _wake(self, key: str) -> None:
        waiting = self._waiting.pop(key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _has_news(self, client: Client) -> bool:
        return any(self._bus.after(read, channel, 1)[0] for channel, read in client.read.items())

    def _news(self, client: Client) -> list[ChangeEvent]:
        found: list[ChangeEvent] = []
        for channel, read in client.read.items():
            events, client.read[channel] = self._bus.after(read, channel, _AT_ONCE)
            found += events
        return sorted(found, key=lambda event: event.replay_id)
