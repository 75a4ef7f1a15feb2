"""Recurring metered units (seats): carried over, prorated from the day they came, placed in tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.usage.prices import FlatFee, Graduated, Tier


@dataclass(frozen=True, slots=True)
class UnitMove:
    """units that come (or go, negative); prorated: the same for the part of the period that is left."""

    units: Fraction
    prorated: Fraction


def move_on(units: Fraction, day: int, days: int) -> UnitMove:
    """A movement on a day of the period (1 is the first): the day itself counts."""
    if not 1 <= day <= days:
        raise Held(f"day: {day} is not in a period of {days} days", owner="billing operations")
    return UnitMove(units, units * Fraction(days - day + 1, days))


def graduated_prorated(price: Graduated, moves: Sequence[UnitMove]) -> Fraction:
    """Full units fill the tiers from below and leave from above; the prorated ones go with them.

    Each tier that was ever entered owes its flat fee, the first also without use; the total is never
    below nothing (Lago prorated graduated charges).
    """
    held, total = Fraction(0), Fraction(0)
    entered = {0} if price.flat_fee is FlatFee.ON_ENTRY else set[int]()
    for move in moves:
        if not move.units:
            continue
        low, high = sorted((held, held + move.units))
        for number, part, tier in _parts(price.tiers, low, high):
            if move.units > 0:
                entered.add(number)
            total += move.prorated * part * Fraction(1) / abs(move.units) * tier.unit_price
        held += move.units
    fees = sum((price.tiers[number].flat_fee for number in entered), Fraction(0))
    return max(total + fees, Fraction(0))


def _parts(tiers: Sequence[Tier], low: Fraction, high: Fraction) -> list[tuple[int, Fraction, Tier]]:
    found, floor = [], Fraction(0)
    for number, tier in enumerate(tiers):
        below = low if number == 0 else max(low, floor)
        top = high if tier.up_to is None else min(high, tier.up_to)
        if top > below:
            found.append((number, top - below, tier))
        floor = high if tier.up_to is None else tier.up_to
    return found
