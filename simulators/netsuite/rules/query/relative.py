"""BUILTIN.RELATIVE_RANGES: the first or last day of a span that is told relative to today.

Names of spans: query.RelativeDateRange in the vendor's help; those of fiscal halves, of rolling and of
business spans are not here. The fiscal year is the calendar's, weeks begin on Sunday (unconfirmed).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_SPAN = re.compile(r"(T|L|N)(W|M|FQ|FY|Q|Y)(TD)?")
_BEFORE = re.compile(r"(W|M|FQ|FY|Y)BL(TD)?")
_DAYS = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}
_STEPS = {"T": 0, "L": -1, "N": 1}
_MONTHS = {"M": 1, "FQ": 3, "Q": 3, "FY": 12, "Y": 12}


def relative(today: date, span: str, which: str) -> date:
    """The START or END of a span; ValueError names a span or an end that there is not."""
    name, end = span.upper(), which.upper()
    if end not in ("START", "END"):
        raise ValueError(f"{which!r} is neither START nor END")
    if name in _DAYS:
        return today + timedelta(days=_DAYS[name])
    found, before = _SPAN.fullmatch(name), _BEFORE.fullmatch(name)
    if found is not None:
        step, unit, to_date = _STEPS[found[1]], found[2], bool(found[3])
    elif before is not None:
        step, unit, to_date = -2, before[1], bool(before[2])
    else:
        raise ValueError(f"the range {span!r} is unknown")
    start, after = _bounds(today, unit, step)
    if end == "START":
        return start
    last = after - timedelta(days=1)
    # To date: as far into that span as today is into the present one.
    return min(last, start + (today - _bounds(today, unit, 0)[0])) if to_date else last


def _bounds(today: date, unit: str, step: int) -> tuple[date, date]:
    """(first day, day after the last)."""
    if unit == "W":
        first = today - timedelta(days=today.isoweekday() % 7) + timedelta(weeks=step)
        return first, first + timedelta(weeks=1)
    months = _MONTHS[unit]
    index = ((today.year * 12 + today.month - 1) // months + step) * months
    return _month(index), _month(index + months)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
