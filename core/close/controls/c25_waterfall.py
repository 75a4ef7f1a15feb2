"""C25: every plan is spread over its months as a second calculation spreads it."""

from __future__ import annotations

from datetime import date, timedelta

from core.canonical.money import Money
from core.close.control import Amount, Control, Entry, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.reperform import spread
from core.close.rows.revenue import RevenuePlan, Spread

_TOTAL = "total"


def _sides(extract: Extract) -> Sides:
    """Months up to the last that any plan has been released for; the total counts where all are in."""
    planned = [s for s in extract.schedule if s.source]
    periods = {s.period for s in planned}
    last = max(periods, default="")
    lefts: list[Entry] = []
    for plan in extract.plans:
        months = {m: part for m, part in _months(plan).items() if m <= last}
        lefts += [
            worth((plan.source, month), Money(part, plan.amount.currency), (), plan)
            for month, part in months.items()
            if part
        ]
        total = sum(months.values())
        lefts.append(worth((plan.source, _TOTAL), Money(total, plan.amount.currency), (), plan))
    rights = [worth((s.source, s.period), s.posted or s.amount, (), s) for s in planned]
    rights += [worth((s.source, _TOTAL), s.posted or s.amount, (), s) for s in planned]
    return lefts, rights


def _months(plan: RevenuePlan) -> dict[str, int]:
    return spread(plan.amount.minor, plan.start, plan.end, plan.spread)


def _cause(extract: Extract, pair: Pair) -> str:
    plan = next((p for p in extract.plans if p.source == pair.key[0]), None)
    if plan is None:
        return ""
    found: dict[str, int] = {}
    for line in extract.schedule:
        if line.source == plan.source:
            found[line.period] = found.get(line.period, 0) + (line.posted or line.amount).minor
    return _why(plan, {month: part for month, part in found.items() if part})


def _why(plan: RevenuePlan, found: dict[str, int]) -> str:
    """The first other way of spreading that gives exactly what is there; none where nothing is."""
    if not found:
        return ""
    day = timedelta(days=1)
    minor, start, end = plan.amount.minor, plan.start, plan.end
    if _same(spread(minor, start, end + day, plan.spread), found):
        return "end date inclusive error"
    if start <= end - 2 * day and _same(spread(minor, start, end - day, plan.spread), found):
        return "end date inclusive error"
    if _same(_without_leap_day(plan), found):
        return "leap day"
    others = [way for way in Spread if way is not plan.spread]
    if any(_same(spread(minor, start, end, way), found) for way in others):
        return "convention drift"
    ours = _months(plan)
    apart = {m: found.get(m, 0) - ours.get(m, 0) for m in {*found, *ours}}
    small = all(abs(off) <= len(ours) for off in apart.values())
    return "residual on wrong period" if small and not sum(apart.values()) else ""


def _same(made: dict[str, int], found: dict[str, int]) -> bool:
    return {month: part for month, part in made.items() if part} == found


def _without_leap_day(plan: RevenuePlan) -> dict[str, int]:
    """As if 29 February were no day of service."""
    names = {date(y, 2, 29).isoformat()[:7] for y in range(plan.start.year, plan.end.year + 1) if not y % 4}
    inside = [n for n in names if plan.start.isoformat() <= n + "-29" < plan.end.isoformat()]
    if not inside:
        return {}
    days = (plan.end - plan.start).days - len(inside)
    gone, count = 0, 0
    made: dict[str, int] = {}
    day = plan.start
    while day < plan.end:
        after = min((day.replace(day=1) + timedelta(days=32)).replace(day=1), plan.end)
        month = day.isoformat()[:7]
        count += (after - day).days - (month in inside)
        upto = plan.amount.minor * count // days
        made[month], gone = upto - gone, upto
        day = after
    return made


def _allowed(_extract: Extract, pair: Pair) -> Amount:
    return 0 if pair.key[1] == _TOTAL else 1


CONTROL = Control("C25", terms("C25"), ("plans", "schedule"), _sides, _cause, Matching.SUMS, _allowed)
