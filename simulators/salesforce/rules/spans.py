"""SOQL's words for spans of time: TODAY, LAST_N_DAYS:30, THIS_FISCAL_QUARTER; weeks begin on Sunday."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

_DAYS = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
_NAMED = re.compile(r"(LAST|THIS|NEXT)_(?:FISCAL_)?(WEEK|MONTH|QUARTER|YEAR)")
_COUNTED = re.compile(r"(LAST|NEXT)_N_(?:FISCAL_)?(DAY|WEEK|MONTH|QUARTER|YEAR)S")
_AGO = re.compile(r"N_(?:FISCAL_)?(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO")
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def is_span(name: str, counted: bool) -> bool:
    """Whether it is one of the words; `counted`: with a number behind it."""
    if counted:
        return bool(_COUNTED.fullmatch(name) or _AGO.fullmatch(name))
    return name in _DAYS or name in ("LAST_90_DAYS", "NEXT_90_DAYS") or bool(_NAMED.fullmatch(name))


def span(name: str, count: int, today: date) -> tuple[date, date]:
    """First day, and the day after the last one. The fiscal year is the calendar's."""
    if name in _DAYS:
        first = today + timedelta(days=_DAYS[name])
        return first, first + timedelta(days=1)
    if name in ("LAST_90_DAYS", "NEXT_90_DAYS"):
        name, count = f"{name[:4]}_N_DAYS", 90
    found = _NAMED.fullmatch(name)
    if found:
        offset = {"LAST": -1, "THIS": 0, "NEXT": 1}[found[1]]
        begin = _begin(found[2])
        return begin(today, offset), begin(today, offset + 1)
    found = _AGO.fullmatch(name)
    if found:
        begin = _begin(found[1])
        return begin(today, -count), begin(today, -count + 1)
    found = _COUNTED.fullmatch(name)
    assert found
    begin = _begin(found[2])
    if found[1] == "NEXT":
        return begin(today, 1), begin(today, count + 1)
    # The last n days reach up to now; the last n weeks, months, … end before the present one.
    return begin(today, -count), begin(today, 1 if found[2] == "DAY" else 0)


def _begin(unit: str) -> Callable[[date, int], date]:
    """The first day of the unit that lies `offset` units from today's."""
    if unit == "DAY":
        return lambda today, offset: today + timedelta(days=offset)
    if unit == "WEEK":
        return lambda today, offset: today - timedelta(days=(today.weekday() + 1) % 7 - 7 * offset)
    size = _MONTHS[unit]

    def begin(today: date, offset: int) -> date:
        index = (today.year * 12 + today.month - 1) // size * size + offset * size
        return date(index // 12, index % 12 + 1, 1)

    return begin
