"""What stands in a sender's notice, taken only as what the core can keep: ids, kinds and moments."""

from __future__ import annotations

from core.connectors.webhook_errors import Malformed

# A name is a key in stores and logs; a moment is 63 bits of microseconds there. The year 2100 is far enough.
_NAME_MOST, _SECONDS_MOST = 255, 4_102_444_800


def named(value: object, what: str) -> str:
    """A name of 1 to 255 printable characters; Malformed for anything else, also for a number."""
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value.strip()) <= _NAME_MOST:
        raise Malformed(f"{what}: {str(value)[:60]!r} is no name of 1 to {_NAME_MOST} printable characters")
    return value


def moment_us(value: object, what: str, units: int = 1) -> int:
    """Microseconds of a whole number of seconds since 1970 (units a second); Malformed for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _SECONDS_MOST * units:
        raise Malformed(f"{what}: {str(value)[:60]!r} is no moment in seconds since 1970")
    return value * (1_000_000 // units)
