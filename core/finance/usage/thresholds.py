"""Thresholds of use or spend: each fires once a period; a recurring one fires at every multiple."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from core.canonical.errors import Held


def crossed(
    thresholds: Sequence[Fraction],
    reached: Fraction,
    fired: Iterable[Fraction] = (),
    recurring: Fraction | None = None,
) -> tuple[Fraction, ...]:
    """What is to fire now, lowest first. reached: of the period so far; fired: what has fired in it.

    recurring: above the highest threshold, every so much more is a threshold of its own.
    """
    if recurring is not None and recurring <= 0:
        raise Held(f"recurring: {recurring} must be more than nothing", owner="billing operations")
    due = {each for each in thresholds if each <= reached}
    highest = max(thresholds, default=Fraction(0))
    if recurring is not None and reached >= highest + recurring:
        steps = (reached - highest) // recurring
        due |= {highest + recurring * step for step in range(1, steps + 1)}
    return tuple(sorted(due - set(fired)))
