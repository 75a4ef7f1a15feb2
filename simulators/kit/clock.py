"""Time comes in by the door: whole microseconds since 1970-01-01T00:00:00Z."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# A year in half a minute: above that, timers of the loop beneath are too coarse.
MOST_PACE = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What the mock takes for the present."""

    def now(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class ShiftedClock:
    """A clock that may be set, advanced, made to run at another pace, or pinned to one moment."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._origin = self._moment = base.now()
        self._pace_thousandths = 1000
        self._pinned: int | None = None

    @property
    def beneath(self) -> Clock:
        """The clock that it runs on: what those who share no time with the mock take for the present."""
        return self._base

    @property
    def pace(self) -> float:
        """How many of its seconds pass in one of the clock beneath; 0: it stands still."""
        return self._pace_thousandths / 1000

    def now(self) -> int:
        if self._pinned is not None:
            return self._pinned
        return self._moment + (self._base.now() - self._origin) * self._pace_thousandths // 1000

    def set(self, now: int) -> None:
        """It is `now`, and runs on from there at its pace."""
        self._origin, self._moment, self._pinned = self._base.now(), now, None

    def advance(self, by: int) -> None:
        self.set(self.now() + by)

    def run(self, pace: float) -> None:
        """Run at `pace` from now on, in steps of a thousandth; ValueError if it is negative."""
        if not 0 <= pace <= MOST_PACE:
            raise ValueError(f"pace: {pace} must be from 0 (stand still) to {MOST_PACE}")
        self.set(self.now())
        self._pace_thousandths = round(pace * 1000)

    def pin(self, now: int) -> None:
        """It is `now` until `set`: while time is moved by hand."""
        self._pinned = now


def presents(clock: Clock) -> tuple[int, ...]:
    """What callers may take for the present, in seconds: the mock's time, and that of the clock beneath,
    since whoever moves the mock's time by hand does not move that of the callers."""
    beneath = clock.beneath if isinstance(clock, ShiftedClock) else None
    return tuple(each.now() // SECOND for each in (clock, beneath) if each is not None)


def at(now: int) -> datetime:
    """The UTC moment of a microsecond count."""
    return _EPOCH + timedelta(microseconds=now)


def day(now: int) -> date:
    """The UTC calendar date of a microsecond count."""
    return at(now).date()


def midnight(of: date) -> int:
    """Microseconds at 00:00Z of a date."""
    return (of - _EPOCH.date()).days * DAY
