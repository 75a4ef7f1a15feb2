"""What a processor keeps of a payment: a percentage and a fixed part, more for foreign cards, capped."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import Rounding, whole


@dataclass(frozen=True, slots=True)
class FeePlan:
    """percent: 2.9 % is Fraction(29, 1000); minor units: fixed, cap (None: no cap), at_least."""

    percent: Fraction
    fixed: int = 0
    foreign: Fraction = Fraction(0)
    conversion: Fraction = Fraction(0)
    cap: int | None = None
    at_least: int = 0
    rounding: Rounding = Rounding.HALF_UP


def fee_of(amount: Money, plan: FeePlan, *, foreign: bool = False, converted: bool = False) -> Money:
    """Rounded once, fixed part included; of nothing there is no fee."""
    if amount.minor < 0:
        raise Held(f"fee: {amount} is given back; what the processor keeps of it is its own statement")
    if not amount.minor:
        return amount
    share = plan.percent + (plan.foreign if foreign else 0) + (plan.conversion if converted else 0)
    fee = max(whole(amount.minor * share + plan.fixed, plan.rounding), plan.at_least)
    return Money(fee if plan.cap is None else min(fee, plan.cap), amount.currency)


def net_of(amount: Money, plan: FeePlan, *, foreign: bool = False, converted: bool = False) -> Money:
    """What reaches the balance."""
    return amount - fee_of(amount, plan, foreign=foreign, converted=converted)
