"""Virtual microseconds as dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

DAY_US = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Calendar:
    """`now`: microseconds since 1970-01-01T00:00:00Z."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now

    def today(self) -> date:
        """The UTC date."""
        return (_EPOCH + timedelta(microseconds=self.now())).date()

    def into_day(self) -> int:
        """Microseconds since midnight."""
        return self.now() % DAY_US

    def until_hour(self, hour: float) -> int:
        """Microseconds to the next time it is this hour."""
        offset = int(hour * DAY_US / 24)
        return (offset - self.into_day() - 1) % DAY_US + 1

    def until(self, day: date, hour: float) -> int:
        """Microseconds to an hour of a day; 0 if it is past."""
        moment = (day - _EPOCH.date()).days * DAY_US + int(hour * DAY_US / 24)
        return max(moment - self.now(), 0)


def moment(day: date) -> int:
    """Its midnight, UTC, as microseconds since 1970."""
    return (day - _EPOCH.date()).days * DAY_US


def month_after(day: date) -> date:
    """The first of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, (month_after(first) - timedelta(days=1)).day))
