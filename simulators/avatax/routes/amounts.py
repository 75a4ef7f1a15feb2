"""Numbers, moments and ids as they stand in the vendor's JSON."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import orjson

from simulators.kit.clock import at

# Every record says who touched it last.
USER_ID = 400_001


@lru_cache(maxsize=1 << 16)
def money(minor_units: int, digits: int) -> orjson.Fragment:
    """The number as it stands in the JSON: 1999, 2 -> 19.99. Most documents repeat their amounts."""
    return number(Decimal(minor_units).scaleb(-digits))


@lru_cache(maxsize=1 << 12)
def number(exact: Decimal) -> orjson.Fragment:
    """A number with exactly its digits."""
    return orjson.Fragment(format(exact, "f").encode())


def moment(at_us: int) -> str:
    """2026-01-31T09:30:00.123Z."""
    return at(at_us).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
