"""Values as the virtual tables hold them."""

from __future__ import annotations

from functools import lru_cache

import orjson

from simulators.kit.clock import SECOND, at
from simulators.kit.money import major


def money(amount: int, currency: str) -> str:
    """Minor units as the decimal text that SQLite makes a number of."""
    return format(major(amount, currency), "f")


def number(text: str) -> int | None:
    """An internal id as a number."""
    return int(text) if text else None


def flag(value: bool) -> str:
    return "T" if value else "F"


@lru_cache(maxsize=1 << 15)
def moment(at_us: int) -> str:
    return at(at_us // SECOND * SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")


def pick(custom: dict[str, object], name: str) -> object:
    """A field as a column holds it: the id of a reference or a choice, T or F, a number as text."""
    value = custom.get(name)
    if isinstance(value, dict):
        identifier = value.get("id", value.get("refName"))
        return (
            int(identifier)
            if isinstance(identifier, str) and identifier.isdigit() and len(identifier) < 19
            else identifier
        )
    if isinstance(value, bool):
        return flag(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def extra(custom: dict[str, object]) -> str | None:
    """Fields without a column, as JSON by lower-case name."""
    if not custom:
        return None
    plain = {
        name.lower(): pick(custom, name)
        for name, value in custom.items()
        if not (isinstance(value, dict) and ("items" in value or not ({"id", "refName"} & set(value))))
    }
    return orjson.dumps(plain).decode()
