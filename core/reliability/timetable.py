"""Runs jobs at their hour of the UTC day. Periodic: an idle timetable is no unfinished work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from core.ports.world import Clock, Watch

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """hour: 0 to 24, of every UTC day; run: says whether it was done here, and not left to another worker."""

    name: str
    hour: float
    run: Callable[[], Awaitable[bool]]


class Marks(Protocol):
    """Where it is kept how far a job has come (`core.ports.durable.Store`)."""

    async def watermark(self, job: str) -> int:
        """Microseconds; 0 at first."""
        ...

    async def move_watermark(self, job: str, to: int) -> None:
        """Only ever forward."""
        ...


async def keep(entry: Entry, clock: Clock, watch: Watch, marks: Marks | None = None) -> None:
    """Endless: wait for the hour, run the job to its end, wait for the next. A job that fails in a way
    nobody thought of is told, and tried again at its next hour.

    marks: remember which day's run came to its end. A run that a power cut broke off, or that nobody was
    there for, is then made good as soon as the process is back, once however many were missed; without
    marks it is left to the next day. A timetable that never ran has missed nothing.
    """
    offset = int(entry.hour * 3600 * 1_000_000)
    due = (clock.now() - offset) // _DAY * _DAY + offset
    if marks is not None:
        await _run(entry, due, watch, marks, first=True)
    while True:
        now = clock.now()
        due = ((now - offset) // _DAY + 1) * _DAY + offset
        await asyncio.sleep((due - now) / 1_000_000)
        await _run(entry, due, watch, marks)


async def _run(entry: Entry, due: int, watch: Watch, marks: Marks | None, *, first: bool = False) -> None:
    name = f"timetable/{entry.name}"
    try:
        ended = 0 if marks is None else await marks.watermark(name)
        nothing_missed = first and not ended
        if ended < due and (nothing_missed or await entry.run()) and marks is not None:
            await marks.move_watermark(name, due)
    except Exception as error:  # noqa: BLE001 - the runner writes the failure down
        watch.alert("high", entry.name, f"ended by {type(error).__name__}: {error}")
