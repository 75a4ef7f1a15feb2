"""Runs jobs at their hour of the UTC day. Periodic: an idle timetable is no unfinished work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.ports import Clock

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """hour: 0 to 24, of every UTC day."""

    name: str
    hour: float
    run: Callable[[], Awaitable[None]]


async def keep(entry: Entry, clock: Clock) -> None:
    """Endless: wait for the hour, run the job to its end, wait for the next."""
    offset = int(entry.hour * 3600 * 1_000_000)
    while True:
        now = clock.now()
        next_run = ((now - offset) // _DAY + 1) * _DAY + offset
        await asyncio.sleep((next_run - now) / 1_000_000)
        await entry.run()
