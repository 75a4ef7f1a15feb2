"""Cuts the power of the core's machine at the n-th durable write, send or receive of a run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from core.assemble import Surroundings
from core.ports.durable import Bus, Consume, Message, Store
from core.ports.world import Request, Response, Transport

# What only looks into the store; every other call of it is a durable write.
READS = frozenset(
    {"audited", "next_due", "parked", "ready", "unpublished", "watermark", "census", "tally", "task"}
)
# The power comes back with a full minute, at least so many seconds after the cut.
DOWN_SECONDS = 60
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Point:
    """A place where the machine may die. kind: "before write", "after write", "before send" (nothing has
    left yet) or "before receive" (it was done, and nobody here has heard of it); what: the call."""

    kind: str
    what: str


class Branch(Protocol):
    """Who follows a run from point to point, to go his own way from one of them."""

    def __call__(self, number: int, point: Point, state: Hashable) -> bool:
        """Whether the power is cut here after all. Points of one state are one moment of the run: nothing
        that outlives the core's machine has changed between them."""
        ...

    def has_come_to(self, state: bytes | None) -> None:
        """Of a run that was cut (`outlived.come_to`). It does not return where another came to the same."""
        ...


class PowerCut:
    """Counts the points of a run, and cuts at number `at` (from 1; 0: nowhere), or where `branch` says so.

    around: what else of the state of a run outlives the machine, besides what passes by here."""

    def __init__(
        self,
        at: int,
        crash: Callable[[float], None],
        branch: Callable[[int, Point, Hashable], bool] | None = None,
        around: Callable[[], Hashable] = tuple,
    ) -> None:
        self._at, self._crash, self._branch, self._around = at, crash, branch, around
        self.points: list[Point] = []
        self.done = 0

    async def pass_by(self, kind: str, what: str) -> None:
        """Returns, or never does."""
        point = Point(kind, what)
        self.points.append(point)
        number = len(self.points)
        if self._branch is not None and self._branch(number, point, (self.done, self._around())):
            self._at, self._branch = number, None
        if number == self._at:
            self._crash(_dark_for(asyncio.get_running_loop().time()))
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


def _dark_for(now: float) -> float:
    """Seconds. Cuts of one minute end at one moment."""
    at = round(now * 1_000_000)
    back = -(-(at + DOWN_SECONDS * 1_000_000) // _MINUTE) * _MINUTE
    return (back - at) / 1_000_000


class _Transport:
    """Implements core.ports.world.Transport."""

    def __init__(self, inner: Transport, cut: PowerCut) -> None:
        self._inner, self._cut = inner, cut

    async def send(self, request: Request) -> Response:
        what = f"{request.system} {request.operation}"
        await self._cut.pass_by("before send", what)
        self._cut.done += 1
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
            if name == "claim" and await self._nothing_to_claim(*args):
                return await call(*args, **named)
            await self._cut.pass_by("before write", f"store {name}")
            self._cut.done += 1
            found = await call(*args, **named)
            await self._cut.pass_by("after write", f"store {name}")
            return found

        return write

    async def _nothing_to_claim(
        self, _: str, now: int, __: int, ___: int, queues: Collection[str] = ()
    ) -> bool:
        """A claim that gets nothing writes nothing."""
        due = await self._inner.next_due(queues)
        return due is None or due > now


class _Bus:
    """Implements core.ports.durable.Bus."""

    def __init__(self, inner: Bus, cut: PowerCut) -> None:
        self._inner, self._cut = inner, cut

    @property
    def outlives(self) -> bool:
        return self._inner.outlives

    def subscribe(self, consumer: str, topics: frozenset[str]) -> None:
        self._inner.subscribe(consumer, topics)

    async def publish(self, messages: Sequence[Message]) -> None:
        what = f"bus {', '.join(dict.fromkeys(message.topic for message in messages))}"
        await self._cut.pass_by("before send", what)
        self._cut.done += 1
        await self._inner.publish(messages)
        await self._cut.pass_by("after send", what)

    async def deliver(self, consume: Consume) -> int:
        async def received(consumer: str, message: Message) -> None:
            await self._cut.pass_by("before receive", f"bus {message.topic} for {consumer}")
            await consume(consumer, message)
            self._cut.done += 1
            await self._cut.pass_by("before acknowledging", f"bus {message.topic} for {consumer}")

        return await self._inner.deliver(received)

    async def backlog(self) -> int:
        return await self._inner.backlog()
