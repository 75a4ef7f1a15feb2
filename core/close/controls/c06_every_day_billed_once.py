"""C06: every day of service is billed once, and no other day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract

# Per item: day -> how much the number of contracts, and of bills, changes on it.
_Steps = defaultdict[str, defaultdict[date, list[int]]]


def _sides(extract: Extract) -> Sides:
    lefts, rights = [], []
    for item, steps in _steps(extract).items():
        due = billed = 0
        days = sorted(day for day, (one, other) in steps.items() if one or other)
        for day, after in pairwise(days):
            due += steps[day][0]
            billed += steps[day][1]
            length = (after - day).days
            key = (item, day.isoformat(), after.isoformat())
            # What is suspended twice over is still only not due.
            expected = min(max(due, 0), 1)
            if expected:
                lefts.append(Entry(key, length * expected, "days", (), (day, after)))
            if billed:
                rights.append(Entry(key, length * billed, "days", (), (day, after)))
    return lefts, rights


def _steps(extract: Extract) -> _Steps:
    steps: _Steps = defaultdict(lambda: defaultdict(lambda: [0, 0]))

    def add(item: str, start: date, end: date, which: int, sign: int) -> None:
        if start < end:
            steps[item][start][which] += sign
            steps[item][end][which] -= sign

    through = extract.billed_through or extract.end
    for period in extract.service_periods:
        add(period.item, period.start, min(period.end or through, through), 0, 1)
    for pause in extract.suspensions:
        add(pause.item, pause.start, min(pause.end, through), 0, -1)
    for document in extract.documents:
        if document.status == "posted" and document.kind in ("invoice", "credit"):
            for line in document.lines:
                if line.item and line.start and line.end and line.kind in ("recurring", "credit"):
                    back = line.reversing is not (document.kind == "credit")
                    add(line.item, line.start, line.end, 1, -1 if back else 1)
    return steps


def _cause(extract: Extract, pair: Pair) -> str:
    item = pair.key[0]
    start, end = date.fromisoformat(pair.key[1]), date.fromisoformat(pair.key[2])
    if any(p.item == item and p.start <= start and end <= p.end for p in extract.suspensions):
        return "suspension billed"
    periods = [p for p in extract.service_periods if p.item == item]
    if (end - start).days == 1 and _at_an_edge(extract, item, start):
        return "proration day off by one"
    if pair.amount > 0:
        return "gap"
    if pair.left:
        return "overlap/double bill"
    last = max((p.end or date.max for p in periods), default=date.min)
    return "billed after end" if start >= last else ""


def _at_an_edge(extract: Extract, item: str, day: date) -> bool:
    """Whether a period or a billed line of the item begins or ends on this day or the next."""
    edges = {edge for p in extract.service_periods if p.item == item for edge in (p.start, p.end)}
    return day in edges or day + timedelta(days=1) in edges or day in _line_edges(extract).get(item, ())


def _line_edges(extract: Extract) -> dict[str, set[date]]:
    found: dict[str, set[date]] = {}
    for document in extract.documents:
        for line in document.lines:
            if line.start and line.end:
                found.setdefault(line.item, set()).update((line.start, line.end - timedelta(days=1)))
    return found


CONTROL = Control("C06", terms("C06"), ("service_periods", "documents"), _sides, _cause)
