"""One worker's part of what all workers together may ask of a vendor."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from core.ports.pacing import Pacing
from core.ports.world import Clock

_SECOND_US = 1_000_000
# A second's budget is given out in so many parts: at the seam of two seconds no more than a part is on top.
_PARTS = 10
# Slots are asked for anew every second while there is work; whoever is silent for longer than they last has
# lost them to others.
ANEW_SECONDS = 1
_LASTS_US = 5 * _SECOND_US


@dataclass(frozen=True, slots=True)
class Shared:
    """Where limits are shared, and by what name this worker is known there."""

    pacing: Pacing
    holder: str


class Part:
    """Of one vendor. concurrency: of all workers together; per_second: likewise, None where nobody counts."""

    def __init__(
        self, system: str, concurrency: int, per_second: int | None, clock: Clock, shared: Shared
    ) -> None:
        self._system, self._concurrency, self._per_second = system, concurrency, per_second
        self._clock, self._shared = clock, shared
        self._slots, self._until = 0, 0

    @property
    def slots(self) -> int:
        """How many requests at once this worker may have now; 0 before it has asked, and after it has been
        silent for so long that others may have them."""
        return self._slots if self._clock.now() < self._until else 0

    async def allot(self, running: int) -> None:
        """Ask for slots, or keep them. Unavailable if the store is away."""
        now = self._clock.now()
        until = now + _LASTS_US
        pacing, holder = self._shared.pacing, self._shared.holder
        self._slots = await pacing.allot(self._system, holder, running, self._concurrency, now, until)
        self._until = until

    async def give_back(self) -> None:
        """Nothing is under way and nothing waits: others may have the slots."""
        now, pacing, holder = self._clock.now(), self._shared.pacing, self._shared.holder
        self._until = now
        await pacing.allot(self._system, holder, 0, self._concurrency, now, now)

    async def spend(self) -> None:
        """One of the requests that all workers together have in a second; where they are used up, wait."""
        if self._per_second is None:
            return
        parts = min(_PARTS, self._per_second)
        while True:
            now = self._clock.now()
            number = now * parts // _SECOND_US
            of_second = number % parts
            most = self._per_second * (of_second + 1) // parts - self._per_second * of_second // parts
            if await self._shared.pacing.spend(f"{self._system}/{number}", 1, most):
                return
            # Whole microseconds, and at least one: who comes back a moment too early asks without end.
            begins = -(-(number + 1) * _SECOND_US // parts)
            await asyncio.sleep((begins - now) / _SECOND_US)

    async def more_today(self, day: int, wanted: int, most: int) -> int:
        """Of the day's quota."""
        return await self._shared.pacing.spend(f"{self._system}/day/{day}", wanted, most)

    async def paused(self) -> int:
        """Until when the vendor is left alone, microseconds; whoever heard it."""
        return await self._shared.pacing.paused(self._system)

    async def pause(self, until: int) -> None:
        """All others hear of it with their next request."""
        await self._shared.pacing.pause(self._system, until)
