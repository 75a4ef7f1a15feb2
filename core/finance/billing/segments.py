"""Charge segments: a term cut where price or quantity changes; contract value, ramps and uplift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from core.canonical.errors import Held
from core.finance.billing.coterm import Fragment, months_and_days
from core.finance.billing.prorating import Plan
from core.finance.calendar import Period


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a term under one plan."""

    days: Period
    plan: Plan

    @property
    def mrr(self) -> Fraction:
        """Major units a month."""
        return self.plan.amount / self.plan.months

    def value(self, fragment: Fragment = Fragment.START_MONTH) -> Fraction:
        """Contract value: months of the stretch times the monthly amount.

        Zuora prorates the months of contract value by actual days whatever billing does.
        """
        return self.mrr * months_and_days(self.days, fragment).total


@dataclass(frozen=True, slots=True)
class Delta:
    """One stretch in which the monthly amount differs between two versions."""

    days: Period
    mrr: Fraction
    value: Fraction


def tcv(segments: Iterable[Segment], fragment: Fragment = Fragment.START_MONTH) -> Fraction:
    """Total contract value in major units."""
    return sum((segment.value(fragment) for segment in segments), Fraction(0))


def ramp(term: Period, steps: Sequence[tuple[date, Plan]]) -> tuple[Segment, ...]:
    """Segments of a term from the days its plans begin; Held if days before the first have no plan."""
    ordered = sorted(steps, key=lambda step: step[0])
    if not ordered or ordered[0][0] > term.start:
        raise Held(f"ramp: no plan is in force on {term.start}; give one that begins by then")
    ends = [day for day, _ in ordered[1:]] + [term.end]
    cut = [
        Segment(both, plan)
        for (day, plan), end in zip(ordered, ends, strict=True)
        if day < end and (both := Period(day, end).overlap(term))
    ]
    return tuple(cut)


def changed(segments: Sequence[Segment], at: date, plan: Plan | None) -> tuple[Segment, ...]:
    """The segments with another plan from a day on; None ends them."""
    before = [
        replace(s, days=Period(s.days.start, min(s.days.end, at))) for s in segments if s.days.start < at
    ]
    end = max(s.days.end for s in segments)
    if plan is None or at >= end:
        return tuple(before)
    return (*before, Segment(Period(max(at, segments[0].days.start), end), plan))


def deltas(before: Sequence[Segment], after: Sequence[Segment]) -> tuple[Delta, ...]:
    """Where and by how much the monthly amount changed, with the contract value of each stretch."""
    days = sorted({d for s in (*before, *after) for d in (s.days.start, s.days.end)})
    found: list[Delta] = []
    for start, end in pairwise(days):
        part = Period(start, end)
        mrr = _mrr(after, start) - _mrr(before, start)
        if not mrr:
            continue
        if found and found[-1].days.end == start and found[-1].mrr == mrr:
            part = Period(found.pop().days.start, end)
        found.append(Delta(part, mrr, mrr * months_and_days(part, Fragment.START_MONTH).total))
    return tuple(found)


def uplifted(plan: Plan, percent: Fraction) -> Plan:
    """The plan at a price raised by so many percent (negative lowers), unrounded."""
    return replace(plan, price=plan.price * (100 + percent) / 100)


def _mrr(segments: Sequence[Segment], day: date) -> Fraction:
    return sum((s.mrr for s in segments if s.days.start <= day < s.days.end), Fraction(0))
