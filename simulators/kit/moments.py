"""Moments and spans as a person writes them: microseconds, ISO 8601, or 36h."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from simulators.kit.clock import DAY, HOUR, MINUTE, SECOND, midnight

_UNITS = {"us": 1, "ms": 1000, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_END = midnight(date(9999, 1, 1))
_SPAN = re.compile(r"(\d+)(us|ms|s|m|h|d|w)")


def moment(value: object, name: str) -> int:
    """Microseconds since 1970 of an integer or an ISO 8601 text, up to the year 9998; ValueError names the
    field."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _END:
        return value
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None:
            aware = found if found.tzinfo else found.replace(tzinfo=UTC)
            utc = aware.astimezone(UTC)
            of_day = ((utc.hour * 60 + utc.minute) * 60 + utc.second) * SECOND + utc.microsecond
            since = midnight(utc.date()) + of_day
            if 0 <= since < _END:
                return since
    raise ValueError(
        f"{name}: {value!r} must be microseconds since 1970, or text such as 2026-03-31T12:00:00Z"
    )


def span(value: object, name: str) -> int:
    """Microseconds of an integer or a text such as 90s, 36h, 1d12h; ValueError names the field."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        parts = _SPAN.findall(value)
        if parts and "".join(n + u for n, u in parts) == value:
            return sum(int(n) * _UNITS[u] for n, u in parts)
    raise ValueError(f"{name}: {value!r} must be microseconds, or text such as 90s, 36h, 30d or 1d12h")
