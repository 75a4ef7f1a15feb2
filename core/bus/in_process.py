"""The broker of a deployment that has none: it lives in the process that relays, and dies with it."""

from __future__ import annotations

from collections.abc import Sequence

from core.bus.memory import MemoryBus
from core.ports.durable import Message


class InProcessBus(MemoryBus):
    """Implements core.ports.durable.Bus. What it holds is in the outbox too, and is not noted there as gone
    out before its consumers have it: whoever relays next, here or in another process, publishes it again."""

    outlives = False

    async def publish(self, messages: Sequence[Message]) -> None:
        """To every consumer of their topics; what waits here already waits once."""
        here = {message.sequence for message, _ in self._waiting}
        await super().publish([message for message in messages if message.sequence not in here])
