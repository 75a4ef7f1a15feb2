"""Percentage charges on the value of single events: rate, fee per event, free events and free value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Percentage:
    """pct: of the value, 2.9 is 2.9 %; fee: per event that pays; least, most: per event that pays.

    free_events: the first so many events, free_value: the first so much value. Where both are given
    an event is free only as far as both say so (Lago percentage charges).
    """

    pct: Fraction
    fee: Fraction = Fraction(0)
    free_events: int | None = None
    free_value: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PercentageBill:
    """Exact figures in major units: of the value, what was free, and what each part comes to."""

    units: Fraction
    free_units: Fraction
    paid_events: int
    free_events: int
    by_rate: Fraction
    by_fee: Fraction
    adjustment: Fraction  # what least and most add or take away

    @property
    def amount(self) -> Fraction:
        """To pay."""
        return self.by_rate + self.by_fee + self.adjustment

    @property
    def paid_units(self) -> Fraction:
        """Value that pays."""
        return self.units - self.free_units


def charge(price: Percentage, values: Sequence[Fraction]) -> PercentageBill:
    """values: of the events, in order of time. An event that is wholly free pays neither fee nor least."""
    free, by_rate, by_fee, adjustment = Fraction(0), Fraction(0), Fraction(0), Fraction(0)
    paid = 0
    for number, value in enumerate(values):
        relief = _relief(price, number, value, free)
        free += relief
        # An event without value that no free allowance covers still pays its fee.
        if relief == value and _covered(price, number):
            continue
        paid += 1
        rated = (value - relief) * price.pct * Fraction(1, 100)
        by_rate, by_fee = by_rate + rated, by_fee + price.fee
        adjustment += _within(price, rated + price.fee) - rated - price.fee
    units = sum(values, Fraction(0))
    return PercentageBill(units, free, paid, len(values) - paid, by_rate, by_fee, adjustment)


def _covered(price: Percentage, number: int) -> bool:
    if price.free_events is None and not price.free_value:
        return False
    return price.free_events is None or number < price.free_events


def _relief(price: Percentage, number: int, value: Fraction, used: Fraction) -> Fraction:
    if not _covered(price, number):
        return Fraction(0)
    if not price.free_value:  # none, or nothing: then the number of events decides alone
        return value
    return max(min(value, price.free_value - used), Fraction(0))


def _within(price: Percentage, amount: Fraction) -> Fraction:
    if price.least is not None:
        amount = max(amount, price.least)
    return amount if price.most is None else min(amount, price.most)
