"""Bugs between a commit and the bus."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.assemble import Surroundings
from core.bus.in_process import InProcessBus
from core.canonical.errors import Unavailable
from core.ports.announcing import Announcement
from core.ports.durable import Bus, Consume, Message, Task
from core.store.embedded import transaction
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around
from scenarios.world.plant import Plant

# How long the broker takes to answer: long enough for the next facts, or for a power cut.
_SLOW_SECONDS = 30.0


class SlowBroker(Around):
    """Of Bus. No bug: some are slow."""

    async def publish(self, messages: Sequence[Message]) -> None:
        await asyncio.sleep(_SLOW_SECONDS)
        await self.real.publish(messages)


class NotedFirst(Around):
    """Of Store."""

    async def unpublished(self, limit: int) -> list[Message]:
        messages: list[Message] = await self.real.unpublished(limit)
        await self.real.published([message.sequence for message in messages])
        return messages


class NewestFirst(Around):
    """Of Store."""

    async def unpublished(self, limit: int) -> list[Message]:
        messages: list[Message] = await self.real.unpublished(limit)
        return messages[::-1]


@dataclass(frozen=True)
class ToldAtOnce(Around):
    """Of Store. The end of a task is told while it is written, and the first commit of each fails."""

    bus: Bus

    async def finish(
        self, task: Task, emits: Sequence[tuple[str, str]], now: int, told: Sequence[Announcement] = ()
    ) -> None:
        with transaction(self.real.database):
            await self.real.finish(task, emits, now, told)
            if emits:
                await self.bus.publish((await self.real.unpublished(200))[-len(emits) :])
            if emits and not task.attempts:
                raise Unavailable("store: the commit failed", system="store")


class SlowInProcess(InProcessBus):
    """No bug: the broker of a deployment that has none, where consumers take their time. watched: sees what
    is published, and has no consumers."""

    def __init__(self, watched: Bus) -> None:
        super().__init__()
        self._watched = watched

    async def publish(self, messages: Sequence[Message]) -> None:
        await self._watched.publish(messages)
        await super().publish(messages)

    async def deliver(self, consume: Consume) -> int:
        await asyncio.sleep(_SLOW_SECONDS)
        return await super().deliver(consume)


class TakenForABroker(SlowInProcess):
    """The bug."""

    outlives = True


def in_process(kind: Callable[[Bus], Bus] = SlowInProcess) -> Plant:
    """Each boot of the core's machine has a new one."""
    return Plant(around=lambda sound: replace(sound, bus=kind(sound.bus)))


def _around(store: Callable[[Surroundings], Any], *, slow: bool) -> Plant:
    def given(sound: Surroundings) -> Surroundings:
        bus: Any = SlowBroker(sound.bus) if slow else sound.bus
        return replace(sound, store=store(sound), bus=bus)

    return Plant(around=given)


OUTBOX = (
    Mutant(
        "noted_before_it_is_sent",
        "an entry of the outbox is marked as sent first: if the machine dies in between, nobody hears of it"
        " (F25)",
        ("I-42",),
        _around(lambda sound: NotedFirst(sound.store), slow=True),
        model="event_driven",
        faults=met_by(Fault("F23", rate=0.1)),
    ),
    Mutant(
        "noted_before_it_is_taken",
        "an entry of the outbox is marked as sent when it is in a queue in memory: if the process dies before"
        " the consumers have it, they never do (F25)",
        ("I-02", "I-18"),
        in_process(TakenForABroker),
        model="event_driven",
        faults=met_by(Fault("F23", rate=0.1)),
    ),
    Mutant(
        "newest_first",
        "the relay reads the outbox without an order: what waited together goes out backward (F15)",
        ("I-42",),
        _around(lambda sound: NewestFirst(sound.store), slow=True),
        model="event_driven",
    ),
    Mutant(
        "told_before_it_is_written",
        "a fact goes out while its transaction is open, and stays out when that is rolled back",
        ("I-42",),
        _around(lambda sound: ToldAtOnce(sound.store, sound.bus), slow=False),
        model="event_driven",
    ),
)
