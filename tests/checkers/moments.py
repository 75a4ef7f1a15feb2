"""Moments of the small world."""

from datetime import datetime


def at(text):
    """Microseconds of "2026-01-01" (midnight, UTC)."""
    return int(datetime.fromisoformat(text + "T00:00:00+00:00").timestamp()) * 1_000_000
