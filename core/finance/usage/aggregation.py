"""From events to a quantity: sum, count, most, distinct, latest, and a level held over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held


class Aggregation(StrEnum):
    """How the events of a period become a quantity."""

    SUM = "sum"
    COUNT = "count"
    MAX = "max"
    UNIQUE = "unique_count"  # how many keys are there at the end: added less removed
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Reading:
    """at: any order of time; value: of the event; key: what is counted once; adds: False takes it away."""

    at: int
    value: Fraction
    key: str = ""
    adds: bool = True


def aggregate(kind: Aggregation, readings: Sequence[Reading]) -> Fraction:
    """Nothing read is nothing used; of two readings of the same time the later given one is the latest."""
    rows = sorted(readings, key=lambda each: each.at)
    if kind is Aggregation.COUNT:
        return Fraction(len(rows))
    if kind is Aggregation.SUM:
        return sum((each.value for each in rows), Fraction(0))
    if kind is Aggregation.MAX:
        return max((each.value for each in rows), default=Fraction(0))
    if kind is Aggregation.LATEST:
        return rows[-1].value if rows else Fraction(0)
    there: set[str] = set()
    for each in rows:
        (there.add if each.adds else there.discard)(each.key)
    return Fraction(len(there))


@dataclass(frozen=True, slots=True)
class Move:
    """at: units of time since the period began, 0 is its first; delta: of the level."""

    at: Fraction
    delta: Fraction


def weighted_sum(start_level: Fraction, moves: Sequence[Move], length: Fraction) -> Fraction:
    """Level times time held over the length of the period: days if the moves are days, else seconds.

    A level counts from the start of the unit of time of its movement (Lago weighted sum).
    """
    if length <= 0:
        raise Held(f"length: {length} of the period must be more than nothing", owner="billing operations")
    total, level, since = Fraction(0), start_level, Fraction(0)
    for move in sorted(moves, key=lambda each: each.at):
        if not 0 <= move.at <= length:
            raise Held(f"move: {move.at} lies outside the period of {length}", owner="billing operations")
        total += level * (move.at - since)
        level, since = level + move.delta, move.at
    return (total + level * (length - since)) * Fraction(1) / length
