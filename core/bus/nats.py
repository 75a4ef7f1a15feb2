"""The bus on NATS JetStream: one stream of a deployment, one durable consumer that keeps its order.

Features of server 2.9. The stream keeps messages in files; how soon these are synced is the server's setting
(`sync_interval`), so a power cut of the broker's machine may cost what the outbox believes to be out: run it
replicated, or synced always.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import nats
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from core.canonical.errors import Unavailable
from core.ports.durable import Consume, Message

_FETCH = 200
# How long a message that was handed over may stay unacknowledged before it comes again.
_ACK_WAIT_SECONDS = 30.0
_TIMEOUT_SECONDS = 5.0
# Within so many seconds the server drops a message that is published again (its number is its id).
_DUPLICATES_SECONDS = 120.0
_LOOK_SECONDS = 1.0
TRACEPARENT, STORE = "traceparent", "tieout-store"

_log = logging.getLogger("tieout.bus")


class NatsBus:
    """Implements core.ports.durable.Bus. Every call raises Unavailable while the server is away.

    Whoever relays (one process at a time, by lease) also takes in, so that the order of publication holds.
    store: the identity of the store whose outbox goes out; what another had published under the same name is
    no news here, and its numbers are not ours.
    """

    outlives = True

    def __init__(self, connection: Any, name: str, store: str) -> None:
        self._connection, self._name, self._store = connection, name, store
        self._stream = connection.jetstream(timeout=_TIMEOUT_SECONDS)
        self._topics: dict[str, frozenset[str]] = {}
        self._pull: Any = None

    @classmethod
    async def open(cls, url: str, name: str = "tieout", store: str = "") -> Self:
        """Connect, and make the stream if it is not there. name: of the deployment; no dots or blanks."""
        try:
            # Once connected the client comes back for ever; the first time it does not wait for ever.
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                connection = await nats.connect(
                    url,
                    name="tieout",
                    connect_timeout=_TIMEOUT_SECONDS,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=0.25,
                    error_cb=_quietly,
                )
        except (OSError, NatsError, TimeoutError) as error:
            raise Unavailable(f"bus: no answer at {_safe(url)}: {error}", system="bus") from error
        bus = cls(connection, name, store)
        try:
            await bus._make()
        except BaseException:
            await connection.close()
            raise
        return bus

    async def close(self) -> None:
        """Leave; what was not acknowledged comes again to whoever follows."""
        with suppress(NatsError, OSError, TimeoutError):
            await self._connection.close()

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        """Who gets what; the durable consumer behind it holds everything of the stream."""
        self._topics[consumer] = topics

    async def publish(self, messages: Sequence[Message]) -> None:
        """In order, all under way at once; returns when the server has them all."""
        sends = [
            self._stream.publish(
                f"{self._name}.{message.topic}",
                json.dumps([message.sequence, message.topic, message.subject]).encode(),
                headers={**self._signed(message.sequence), **carried(message.traceparent)},
            )
            for message in messages
        ]
        try:
            # Tasks begin in the order in which they were made: so the messages go out.
            await asyncio.gather(*sends)
        except (NatsError, OSError, TimeoutError) as error:
            raise Unavailable(f"bus: not published: {error or type(error).__name__}", system="bus") from error

    async def deliver(self, consume: Consume) -> int:
        """Hand over what waits, oldest first; a message is acknowledged after all its consumers took it."""
        count = 0
        while True:
            fetched = await self._fetch() if await self.backlog() else []
            for raw in fetched:
                sequence, topic, subject = json.loads(raw.data)
                headers = raw.headers or {}
                message = Message(sequence, topic, subject, headers.get(TRACEPARENT, ""))
                if self._is_anothers(headers):
                    _log.warning("%s %s of another store is left aside on the bus", topic, subject)
                    consumers = []
                else:
                    consumers = [name for name, topics in self._topics.items() if topic in topics]
                for consumer in consumers:
                    await consume(consumer, message)
                    count += 1
                # Lost acknowledgements only bring a message again; the last one is waited for, as the
                # server takes them in order.
                with suppress(NatsError, OSError, TimeoutError):
                    await (raw.ack_sync(_TIMEOUT_SECONDS) if raw is fetched[-1] else raw.ack())
            if not fetched:
                return count

    def _signed(self, sequence: int) -> dict[str, str]:
        if not self._store:
            return {"Nats-Msg-Id": str(sequence)}
        return {"Nats-Msg-Id": f"{self._store}/{sequence}", STORE: self._store}

    def _is_anothers(self, headers: Mapping[str, str]) -> bool:
        # What has no name was published before stores had one.
        return bool(self._store) and headers.get(STORE, self._store) != self._store

    async def backlog(self) -> int:
        """Messages of the stream that were not yet acknowledged."""
        try:
            info = await self._stream.consumer_info(self._name, "core")
        except (NatsError, OSError, TimeoutError) as error:
            raise Unavailable(f"bus: {error or type(error).__name__}", system="bus") from error
        return int(info.num_pending or 0) + int(info.num_ack_pending or 0)

    async def _fetch(self) -> list[Any]:
        """Nothing, if all that waits was handed to somebody and may still be acknowledged."""
        try:
            if self._pull is None:
                self._pull = await self._stream.pull_subscribe_bind("core", self._name)
            found: list[Any] = await self._pull.fetch(_FETCH, timeout=_LOOK_SECONDS)
        except TimeoutError:
            return []
        except (NatsError, OSError) as error:
            raise Unavailable(f"bus: {error or type(error).__name__}", system="bus") from error
        return found

    async def _make(self) -> None:
        stream = StreamConfig(
            name=self._name,
            subjects=[f"{self._name}.>"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            duplicate_window=_DUPLICATES_SECONDS,
            max_age=30 * 86_400.0,
        )
        consumer = ConsumerConfig(
            durable_name="core",
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=_ACK_WAIT_SECONDS,
            max_ack_pending=_FETCH,
        )
        try:
            try:
                await self._stream.stream_info(self._name)
            except NotFoundError:
                await self._stream.add_stream(stream)
            await self._stream.add_consumer(self._name, consumer)
        except (NatsError, OSError, TimeoutError) as error:
            raise Unavailable(f"bus: {error or type(error).__name__}", system="bus") from error


def carried(traceparent: str) -> dict[str, str]:
    """The header of W3C Trace Context, where there is one: other readers of the stream may go on with it."""
    return {TRACEPARENT: traceparent} if traceparent else {}


async def _quietly(_: Exception) -> None:
    """The client tells of every reconnection; whoever calls the bus hears of it by its answer."""


def _safe(url: str) -> str:
    """Without the password."""
    head, at, tail = url.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}" if at else url
