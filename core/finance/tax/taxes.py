"""Taxes on one amount, exactly: included or on top, additive or compound, by percent, division or unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held


class Kind(StrEnum):
    """What a tax is worked out from."""

    PERCENT = "percent"  # a share of the base
    DIVISION = "division"  # a share of the price with this tax in it
    FIXED = "fixed"  # so much a unit


@dataclass(frozen=True, slots=True)
class Tax:
    """One code of a stack, in the order of the stack.

    rate: a share (21 % is 21/100), or minor units a unit for FIXED. included: the price has it in.
    compound: its base is the net and the taxes before it in the stack. of: the code of an earlier tax that
    it is a share of (a surcharge). jurisdiction: who takes it.
    """

    code: str
    rate: Fraction
    kind: Kind = Kind.PERCENT
    included: bool = False
    compound: bool = False
    of: str = ""
    jurisdiction: str = ""

    def __post_init__(self) -> None:
        if self.kind is Kind.DIVISION and not 0 <= self.rate < 1:
            raise Held(f"rate: {self.code} takes {self.rate} of its own price; give less than 1", owner="tax")


@dataclass(frozen=True, slots=True)
class Worked:
    """net: without any tax; taxes: one a code, in the stack's order. All exact, in minor units."""

    net: Fraction
    taxes: tuple[Fraction, ...]

    @property
    def tax(self) -> Fraction:
        """All of it."""
        return sum(self.taxes, Fraction(0))

    @property
    def gross(self) -> Fraction:
        """With every tax."""
        return self.net + self.tax


def work_out(price: Fraction, stack: Sequence[Tax], quantity: Fraction = Fraction(1)) -> Worked:
    """Taxes on a price in minor units; what is included is taken out of it first.

    Every tax is a straight line over the net (a times net plus c), so that the net of a price with any
    mix of included and added taxes is found in one step, without rounding on the way.
    """
    lines = _lines(stack, quantity)
    inside = [line for line, tax in zip(lines, stack, strict=True) if tax.included]
    slope = 1 + sum((a for a, _ in inside), Fraction(0))
    net = (price - sum((c for _, c in inside), Fraction(0))) / slope
    return Worked(net, tuple(a * net + c for a, c in lines))


def _lines(stack: Sequence[Tax], quantity: Fraction) -> list[tuple[Fraction, Fraction]]:
    """For every tax (a, c): it takes a * net + c."""
    found: list[tuple[Fraction, Fraction]] = []
    for tax in stack:
        below = (Fraction(1), Fraction(0))
        if tax.of:
            below = _taken_by(tax, stack, found)
        elif tax.compound:
            below = (1 + sum((a for a, _ in found), Fraction(0)), sum((c for _, c in found), Fraction(0)))
        if tax.kind is Kind.FIXED:
            found.append((Fraction(0), tax.rate * quantity))
            continue
        rate = tax.rate
        if tax.kind is Kind.DIVISION:
            rate = rate / _rest_of_price(tax, stack)
        found.append((rate * below[0], rate * below[1]))
    return found


def _taken_by(
    tax: Tax, stack: Sequence[Tax], found: Sequence[tuple[Fraction, Fraction]]
) -> tuple[Fraction, Fraction]:
    codes = [each.code for each in stack[: len(found)]]
    if tax.of not in codes:
        raise Held(
            f"of: {tax.code} is a share of {tax.of!r}, which is not before it; put it first", owner="tax"
        )
    return found[codes.index(tax.of)]


def _rest_of_price(tax: Tax, stack: Sequence[Tax]) -> Fraction:
    """What divided taxes on the same base leave of the price they are all a share of."""
    alone = tax.compound or bool(tax.of)
    flat = [t for t in stack if t.kind is Kind.DIVISION and not t.compound and not t.of]
    beside = [tax] if alone else flat
    rest = 1 - sum((t.rate for t in beside), Fraction(0))
    if rest <= 0:
        raise Held(f"rate: {[t.code for t in beside]} take the whole price; lower one", owner="tax")
    return rest
