"""The amount of a line: quantity times price less a discount, rounded where the stored switch says."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from core.finance.exact import Rounding, whole


class Extension(StrEnum):
    """Where quantity times unit price is rounded to whole minor units."""

    LINE = "line"  # the product, once
    UNIT = "unit"  # the unit price (after its discount), then times the quantity
    NEVER = "never"  # the document rounds


def line_amount(
    unit: Fraction,
    quantity: Fraction,
    extension: Extension = Extension.LINE,
    discount: Fraction = Fraction(0),
    mode: Rounding = Rounding.HALF_UP,
) -> Fraction:
    """In minor units; unit: minor units, may be finer than one; discount: a share of the price."""
    price = unit * (1 - discount)
    if extension is Extension.UNIT:
        return Fraction(whole(price, mode)) * quantity
    if extension is Extension.LINE:
        return Fraction(whole(price * quantity, mode))
    return price * quantity
