"""A broker in memory: at least once, per-consumer queues, redelivery of what is not acknowledged.

It stands for a machine of its own: a crash of the core does not empty it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from core.ports.durable import Message

# Takes a message; returning is the acknowledgement.
Consume = Callable[[Message], Awaitable[None]]


@dataclass(slots=True)
class Subscription:
    """What one consumer has still to get, oldest first."""

    topics: frozenset[str]
    waiting: deque[Message] = field(default_factory=deque)


class MemoryBus:
    """Implements core.ports.durable.Bus."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, Subscription] = {}

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        """Durable: what is published from now on waits for this consumer, also while it is away."""
        self._subscriptions.setdefault(consumer, Subscription(topics))

    async def publish(self, message: Message) -> None:
        """To every consumer of its topic."""
        for subscription in self._subscriptions.values():
            if message.topic in subscription.topics:
                subscription.waiting.append(message)

    async def deliver(self, consumer: str, consume: Consume) -> int:
        """Hand over what waits; a message leaves the queue only after it was consumed."""
        waiting = self._subscriptions[consumer].waiting
        count = 0
        while waiting:
            await consume(waiting[0])
            waiting.popleft()
            count += 1
        return count

    def backlog(self) -> int:
        """Messages not yet acknowledged."""
        return sum(len(s.waiting) for s in self._subscriptions.values())
