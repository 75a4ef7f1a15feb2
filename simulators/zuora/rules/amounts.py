"""Amounts in whole minor units: shares of a period by days, half up."""

from __future__ import annotations

from decimal import Decimal

from simulators.kit.money import minor
from simulators.zuora.rules.refusal import INVALID, Refused


def share(amount: int, days: int, of: int) -> int:
    """amount x days / of, half up; all three are not negative."""
    return (2 * amount * days + of) // (2 * of) if of else amount


def whole(amount: Decimal, currency: str, field: str) -> int:
    """An amount of the wire in minor units; Refused when it is finer than the currency."""
    try:
        return minor(amount, currency)
    except ValueError as error:
        raise Refused(INVALID, f"{field}: {error}.", field) from None
