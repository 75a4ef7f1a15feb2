"""Reads months of sales, for counting back: their order, their days, their amounts."""

from __future__ import annotations

import itertools
import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.finance.exact import exactly
from core.finance.metrics.collection import Sales
from scenarios.oracle.fitting import needed, number

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATEST_FIRST = re.compile(r"(latest|newest|most[ _]recent)[ _a-z]*first|backwards")
# Where neither the case nor the name of the month says it.
_DAYS = 30


def latest_first(inputs: Mapping[str, Any], given: Any, sales: tuple[str, ...], text: str) -> list[Sales]:
    """Months from the latest back; they stand in the order of time unless their names or the case say not."""
    rows = list(given.items()) if isinstance(given, Mapping) else [(_name(row), row) for row in given]
    days = inputs.get("days_in_month", inputs.get("days"))
    found = []
    for at, (name, row) in enumerate(rows):
        said = days[at] if isinstance(days, list) else days
        if isinstance(row, Mapping):
            length = number(row, "days", "days_in_month")
            found.append(Sales(needed(row, *sales, "amount"), int(length or _days(name, said))))
        else:
            found.append(Sales(exactly(row, "sales"), _days(name, said)))
    order = _order([name for name, _ in rows])
    backwards = order < 0 if order else bool(_LATEST_FIRST.search(f"{text} {' '.join(inputs)}"))
    return found if backwards else found[::-1]


def _name(row: Any) -> str:
    return str(row.get("month", row.get("period", row.get("date", "")))) if isinstance(row, Mapping) else ""


def _days(name: str, said: Any) -> int:
    if said is not None:
        return int(exactly(said, "days"))
    if re.match(r"\d{4}-\d{2}", name):
        return monthrange(int(name[:4]), int(name[5:7]))[1]
    number_ = _month(name)
    return monthrange(2001, number_)[1] if number_ else _DAYS


def _month(name: str) -> int:
    if found := re.match(r"\d{4}-(\d{2})", name):
        return int(found.group(1))
    return next((at for at, known in enumerate(_NAMES, 1) if name.lower().startswith(known)), 0)


def _order(names: list[str]) -> int:
    """1 where the months follow each other, -1 where they go back, 0 where their names do not tell."""
    if all(re.match(r"\d{4}-\d{2}", name) for name in names) and len(names) > 1:
        moments = [date(int(name[:4]), int(name[5:7]), 1) for name in names]
        return 1 if moments == sorted(moments) else -1
    months = [_month(name) for name in names]
    if len(months) < 2 or not all(months):
        return 0
    steps = {(later - earlier) % 12 for earlier, later in itertools.pairwise(months)}
    return 1 if steps == {1} else -1 if steps == {11} else 0
