"""Bank statement lines against what was expected: one to one, many to one, one to many, in a window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from core.canonical.money import Money

# Sums are looked for among so many candidates at most, so many at once.
_CANDIDATES, _TOGETHER = 16, 6


@dataclass(frozen=True, slots=True)
class Item:
    """An expected movement (a payout, an invoice) or a bank line. reference: what both may carry."""

    id: str
    on: date
    amount: Money
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """rule: reference, one to one, many to one (several expected in one line), one to many; gap: bank less
    expected, minor units (a short payment is negative)."""

    rule: str
    expected: tuple[str, ...]
    lines: tuple[str, ...]
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Business days that a line may be after (and before) what was expected; short_pay: minor units that a
    payment with a reference may fall short by and still settle."""

    after: int = 5
    before: int = 0
    short_pay: int = 0
    holidays: frozenset[date] = frozenset()


@dataclass(slots=True)
class Matched:
    """What was found, and what is left on both sides."""

    matches: list[Match] = field(default_factory=list)
    expected: list[Item] = field(default_factory=list)
    lines: list[Item] = field(default_factory=list)


def match(expected: Sequence[Item], lines: Sequence[Item], window: Window) -> Matched:
    """References first, then equal amounts by nearest day, then sums. Nothing is used twice."""
    found = Matched([], list(expected), list(lines))
    _by_reference(found, window)
    _one_to_one(found, window)
    _sums(found, window)
    return found


def business_days(start: date, end: date, holidays: Iterable[date] = ()) -> int:
    """Working days from `start` to `end`, Saturdays and Sundays and holidays left out; negative backwards."""
    if end < start:
        return -business_days(end, start, holidays)
    free = frozenset(holidays)
    days = (start + timedelta(days=n + 1) for n in range((end - start).days))
    return sum(day.weekday() < 5 and day not in free for day in days)


def _within(item: Item, line: Item, window: Window) -> bool:
    days = business_days(item.on, line.on, window.holidays)
    return item.amount.currency == line.amount.currency and -window.before <= days <= window.after


def _by_reference(found: Matched, window: Window) -> None:
    for line in list(found.lines):
        if not line.reference:
            continue
        named = [i for i in found.expected if i.reference and i.reference in line.reference]
        named = [i for i in named if i.amount.currency == line.amount.currency]
        gap = line.amount.minor - sum(item.amount.minor for item in named)
        if named and (gap == 0 or -window.short_pay <= gap < 0):
            rule = "reference" if len(named) == 1 else "many to one"
            _take(found, rule, named, [line], gap)


def _one_to_one(found: Matched, window: Window) -> None:
    for item in sorted(found.expected, key=lambda each: (each.on, each.id)):
        same = [x for x in found.lines if x.amount == item.amount and _within(item, x, window)]
        if same:
            nearest = min(same, key=lambda x: (abs((x.on - item.on).days), x.on, x.id))
            _take(found, "one to one", [item], [nearest])


def _sums(found: Matched, window: Window) -> None:
    for line in list(found.lines):
        near = [item for item in found.expected if _within(item, line, window)][:_CANDIDATES]
        together = _adding_up(near, line.amount.minor)
        if together:
            _take(found, "many to one", together, [line])
    for item in list(found.expected):
        near = [line for line in found.lines if _within(item, line, window)][:_CANDIDATES]
        together = _adding_up(near, item.amount.minor)
        if together:
            _take(found, "one to many", [item], together)


def _adding_up(items: list[Item], total: int) -> list[Item]:
    """The fewest that add up, earliest first; none if there is no such set."""
    for count in range(2, min(len(items), _TOGETHER) + 1):
        for some in combinations(items, count):
            if sum(each.amount.minor for each in some) == total:
                return list(some)
    return []


def _take(found: Matched, rule: str, expected: list[Item], lines: list[Item], gap: int = 0) -> None:
    ids = tuple(item.id for item in expected), tuple(line.id for line in lines)
    found.matches.append(Match(rule, *ids, gap))
    found.expected = [item for item in found.expected if item not in expected]
    found.lines = [line for line in found.lines if line not in lines]
