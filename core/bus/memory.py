"""A broker in memory: at least once, redelivery of what is not acknowledged.

It stands for a machine of its own: a crash of the core does not empty it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from core.ports.durable import Consume, Message


class MemoryBus:
    """Implements core.ports.durable.Bus."""

    outlives = True

    def __init__(self) -> None:
        self._topics: dict[str, frozenset[str]] = {}
        # Each message with the consumers that have still to get it.
        self._waiting: deque[tuple[Message, list[str]]] = deque()

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        """Durable: what is published from now on waits for this consumer, also while it is away."""
        self._topics[consumer] = topics

    async def publish(self, messages: Sequence[Message]) -> None:
        """To every consumer of their topics."""
        for message in messages:
            consumers = [name for name, topics in self._topics.items() if message.topic in topics]
            if consumers:
                self._waiting.append((message, consumers))

    async def deliver(self, consume: Consume) -> int:
        """Hand over what waits; a message leaves the queue only after all its consumers took it."""
        count = 0
        while self._waiting:
            message, consumers = self._waiting[0]
            while consumers:
                await consume(consumers[0], message)
                consumers.pop(0)
                count += 1
            self._waiting.popleft()
        return count

    async def backlog(self) -> int:
        """Deliveries not yet acknowledged."""
        return sum(len(consumers) for _, consumers in self._waiting)
