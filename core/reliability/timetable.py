"""Runs jobs at their hour of the UTC day. Periodic: an idle timetable is no unfinished work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.ports.world import Clock, Watch

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """hour: 0 to 24, of every UTC day."""

    name: str
    hour: float
    run: Callable[[], Awaitable[None]]


async def keep(entry: Entry, clock: Clock, watch: Watch) -> None:
    """Endless: wait for the hour, run the job to its end, wait for the next. A job that fails in a way
    nobody thought of is told, and tried again at its next hour."""
    offset = int(entry.hour * 3600 * 1_000_000)
    while True:
        now = clock.now()
        next_run = ((now - offset) // _DAY + 1) * _DAY + offset
        await asyncio.sleep((next_run - now) / 1_000_000)
        try:
            await entry.run()
        except Exception as error:  # noqa: BLE001 - the runner writes the failure down
            watch.alert("high", entry.name, f"ended by {type(error).__name__}: {error}")
