"""Usage that came or was corrected after its period was billed: a delta in the current period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.canonical.usage import UsageEvent
from core.finance.calendar import Period
from core.finance.usage.prices import Price, rate


@dataclass(frozen=True, slots=True)
class Delta:
    """service: the period of use, kept as a dimension; quantity and amount on top may be negative."""

    service: Period
    quantity: Fraction
    amount: Fraction


def quantities(events: Iterable[UsageEvent], periods: Iterable[Period]) -> dict[Period, Fraction]:
    """How much was used in each period; what lies in none of them is left out."""
    found = {period: Fraction(0) for period in periods}
    for event in events:
        for period in found:
            if period.start <= event.on < period.end:
                found[period] += Fraction(event.quantity)
    return found


def deltas(
    price: Price, billed: Mapping[Period, Fraction], used: Mapping[Period, Fraction]
) -> tuple[Delta, ...]:
    """billed, used: quantity a period; rate(used) - rate(billed) where they differ, by time.

    A period that was never billed is not late: its whole use is rated by its own run.
    """
    late = [period for period in billed if used.get(period, Fraction(0)) != billed[period]]
    return tuple(
        Delta(period, now - billed[period], rate(price, now) - rate(price, billed[period]))
        for period in sorted(late, key=lambda each: each.start)
        for now in (used.get(period, Fraction(0)),)
    )


def service_month(delta: Delta) -> date:
    """First day of the month the use belongs to."""
    return delta.service.start.replace(day=1)
