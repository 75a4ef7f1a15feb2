"""Balances rolled forward: deferred revenue and remaining performance obligations, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.finance.calendar import Period


@dataclass(frozen=True, slots=True)
class Change:
    """kind: what changed the balance, in the roll's words; amount: signed as the balance goes."""

    on: date
    kind: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Roll:
    """changes: sum a kind, of the kinds that occurred, by name."""

    period: Period
    opening: Fraction
    changes: tuple[tuple[str, Fraction], ...]

    @property
    def closing(self) -> Fraction:
        """Opening and all changes."""
        return self.opening + sum((amount for _, amount in self.changes), Fraction(0))

    def of(self, kind: str) -> Fraction:
        """Sum of one kind, nothing where it did not occur."""
        return dict(self.changes).get(kind, Fraction(0))


def roll(
    changes: Sequence[Change], periods: Sequence[Period], opening: Fraction = Fraction(0)
) -> tuple[Roll, ...]:
    """One roll a period, each opening where the one before closed. periods: in order and without gap.

    Changes before the first period are part of its opening.
    """
    if periods:
        before = (each.amount for each in changes if each.on < periods[0].start)
        opening += sum(before, Fraction(0))
    rolls = []
    for period in periods:
        sums: dict[str, Fraction] = {}
        for each in changes:
            if period.start <= each.on < period.end:
                sums[each.kind] = sums.get(each.kind, Fraction(0)) + each.amount
        rolls.append(Roll(period, opening, tuple(sorted(sums.items()))))
        opening = rolls[-1].closing
    return tuple(rolls)
