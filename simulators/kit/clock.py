"""Time comes in by the door: whole microseconds since 1970-01-01T00:00:00Z."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What the mock takes for the present."""

    def now(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class ShiftedClock:
    """A clock that a test may set or advance; it runs on from there with the clock beneath."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._offset = 0

    def now(self) -> int:
        return self._base.now() + self._offset

    def set(self, now: int) -> None:
        self._offset = now - self._base.now()

    def advance(self, by: int) -> None:
        self._offset += by


def at(now: int) -> datetime:
    """The UTC moment of a microsecond count."""
    return _EPOCH + timedelta(microseconds=now)


def day(now: int) -> date:
    """The UTC calendar date of a microsecond count."""
    return at(now).date()


def midnight(of: date) -> int:
    """Microseconds at 00:00Z of a date."""
    return (of - _EPOCH.date()).days * DAY
