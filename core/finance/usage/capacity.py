"""Capacity: the price of the lowest tier that takes the highest use of every unit (Kill Bill)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.canonical.errors import Held


@dataclass(frozen=True, slots=True)
class Capacity:
    """limits: the most of each unit, included; a unit that is not named, or None, has no limit here."""

    limits: Mapping[str, Fraction | None]
    price: Fraction


def capacity(tiers: Sequence[Capacity], used: Mapping[str, Fraction]) -> Fraction:
    """The fixed price of the tier reached. What is above every tier is priced as the last one."""
    if not tiers:
        raise Held("tiers: none are given; a price of capacity needs one or more", owner="billing operations")
    for tier in tiers:
        if all(_fits(tier.limits.get(unit), quantity) for unit, quantity in used.items()):
            return tier.price
    return tiers[-1].price


def _fits(limit: Fraction | None, quantity: Fraction) -> bool:
    return limit is None or quantity <= limit
