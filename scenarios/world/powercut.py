"""Cuts the power of the core's machine at the n-th durable write, send or receive of a run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from core.assemble import Surroundings
from core.ports.durable import Bus, Consume, Message, Store
from core.ports.world import Request, Response, Transport

# What only looks into the store; every other call of it is a durable write.
READS = frozenset({"audited", "next_due", "parked", "ready", "unpublished", "watermark", "census", "tally"})
DOWN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place where the machine may die. kind: "before write", "after write", "before send" (nothing has
    left yet) or "before receive" (it was done, and nobody here has heard of it); what: the call."""

    kind: str
    what: str


class PowerCut:
    """Counts the points of a run, and cuts at number `at` (from 1; 0: nowhere)."""

    def __init__(self, at: int, crash: Callable[[float], None]) -> None:
        self._at, self._crash = at, crash
        self.points: list[Point] = []

    async def pass_by(self, kind: str, what: str) -> None:
        """Returns, or never does."""
        self.points.append(Point(kind, what))
        if len(self.points) == self._at:
            self._crash(DOWN_SECONDS)
            # The machine is off; what stands behind this line never runs.
            await asyncio.get_running_loop().create_future()

    def wire(self, around: Surroundings) -> Surroundings:
        """The same surroundings, with a point at every boundary."""
        return replace(
            around,
            transport=_Transport(around.transport, self),
            store=cast("Store", _Store(around.store, self)),
            bus=_Bus(around.bus, self),
        )


class _Transport:
    """Implements core.ports.world.Transport."""

    def __init__(self, inner: Transport, cut: PowerCut) -> None:
        self._inner, self._cut = inner, cut

    async def send(self, request: Request) -> Response:
        what = f"{request.system} {request.operation}"
        await self._cut.pass_by("before send", what)
        response = await self._inner.send(request)
        await self._cut.pass_by("before receive", what)
        return response


class _Store:
    """Stands for core.ports.durable.Store: whatever call it has, now and later."""

    def __init__(self, inner: Store, cut: PowerCut) -> None:
        self._inner, self._cut = inner, cut

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._inner, name)
        return call if name in READS else self._around(name, call)

    def _around(self, name: str, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def write(*args: Any, **named: Any) -> Any:
            await self._cut.pass_by("before write", f"store {name}")
            found = await call(*args, **named)
            await self._cut.pass_by("after write", f"store {name}")
            return found

        return write


class _Bus:
    """Implements core.ports.durable.Bus."""

    def __init__(self, inner: Bus, cut: PowerCut) -> None:
        self._inner, self._cut = inner, cut

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        self._inner.subscribe(consumer, topics)

    async def publish(self, messages: Sequence[Message]) -> None:
        what = f"bus {', '.join(dict.fromkeys(message.topic for message in messages))}"
        await self._cut.pass_by("before send", what)
        await self._inner.publish(messages)
        await self._cut.pass_by("after send", what)

    async def deliver(self, consume: Consume) -> int:
        async def received(consumer: str, message: Message) -> None:
            await self._cut.pass_by("before receive", f"bus {message.topic} for {consumer}")
            await consume(consumer, message)
            await self._cut.pass_by("before acknowledging", f"bus {message.topic} for {consumer}")

        return await self._inner.deliver(received)

    async def backlog(self) -> int:
        return await self._inner.backlog()
