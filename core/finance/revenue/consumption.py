"""Revenue of usage: earned on the day it happens, unbilled until the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.canonical.money import Money
from core.finance.exact import Rounding, to_money


class Aggregate(StrEnum):
    """Which records of a period count."""

    SUM = "sum"
    MAX = "max"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Used:
    """Units on a day."""

    on: date
    units: Fraction


def earned(
    records: Sequence[Used],
    until: date,
    price: Fraction,
    aggregate: Aggregate,
    currency: str,
    rounding: Rounding = Rounding.HALF_UP,
) -> Money:
    """To date with the day `until`: units that count, times the price in major units, rounded once.

    Under LAST a later record replaces an earlier one, so what is earned may fall.
    """
    counted = sorted((r for r in records if r.on <= until), key=lambda r: r.on)
    if not counted:
        return Money(0, currency)
    if aggregate is Aggregate.SUM:
        units = sum((r.units for r in counted), Fraction(0))
    elif aggregate is Aggregate.MAX:
        units = max(r.units for r in counted)
    else:
        units = counted[-1].units
    return to_money(units * price, currency, rounding)


def true_up(committed: Money, used: Money) -> Money:
    """What is missing to a minimum commitment, never less than nothing; recognised when it is known."""
    return Money(max((committed - used).minor, 0), committed.currency)
