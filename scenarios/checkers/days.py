"""Calendar arithmetic on whole days, so that years of service cost a handful of integers."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date

FOREVER = date.max.toordinal()
Span = tuple[int, int, int]  # first day, day after the last, weight


def day(text: str) -> int:
    """Day number of "YYYY-MM-DD"; FOREVER for "" (no end agreed)."""
    return date.fromisoformat(text).toordinal() if text else FOREVER


def text_of(number: int) -> str:
    """The date of a day number, for sentences."""
    return "open end" if number >= FOREVER else date.fromordinal(number).isoformat()


def month_end(month: str) -> str:
    """The first day after a month: "2026-01" -> "2026-02-01"."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}-01"


def months_later(start: int, months: int) -> int:
    """The same day of the month later on, or that month's last day where it has no such day."""
    first = date.fromordinal(start)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, last)).toordinal()


def period_around(anchor: int, months: int, moment: int) -> tuple[int, int]:
    """The billing period, counted from `anchor` in steps of `months`, that contains day `moment`."""
    then, start = date.fromordinal(moment), date.fromordinal(anchor)
    steps = max(0, ((then.year - start.year) * 12 + then.month - start.month) // months)
    # The guess may be one period late, when the day of the month has not come yet.
    while steps > 0 and months_later(anchor, steps * months) > moment:
        steps -= 1
    while months_later(anchor, (steps + 1) * months) <= moment:
        steps += 1
    return months_later(anchor, steps * months), months_later(anchor, (steps + 1) * months)


def stretches(layers: Sequence[Sequence[Span]]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Runs of days on which every layer's summed weight stays the same: start, end, the sums.

    One sweep over all edges; days before the first and after the last edge are not reported.
    """
    edges: dict[int, list[int]] = {}
    for layer, spans in enumerate(layers):
        for start, end, weight in spans:
            if start >= end:
                continue
            edges.setdefault(start, [0] * len(layers))[layer] += weight
            edges.setdefault(end, [0] * len(layers))[layer] -= weight
    sums = [0] * len(layers)
    begun, last = 0, tuple(sums)
    for at in sorted(edges):
        sums = [old + step for old, step in zip(sums, edges[at], strict=True)]
        if tuple(sums) == last:
            continue
        if any(last):
            yield begun, at, last
        begun, last = at, tuple(sums)
