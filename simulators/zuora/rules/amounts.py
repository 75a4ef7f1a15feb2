"""Amounts in whole minor units: price times quantity, and shares of a period by days, half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from simulators.kit.money import exponent, minor
from simulators.zuora.rules.refusal import INVALID, Refused


def priced(price: Decimal, quantity: Decimal, currency: str) -> int:
    """price x quantity in minor units, half up; a unit price may be finer than the currency."""
    exact = (price * quantity).scaleb(exponent(currency))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def share(amount: int, days: int, of: int) -> int:
    """amount x days / of, half up; all three are not negative."""
    return (2 * amount * days + of) // (2 * of)


def whole(amount: Decimal, currency: str, field: str) -> int:
    """An amount of the wire in minor units; Refused when it is finer than the currency."""
    try:
        return minor(amount, currency)
    except ValueError as error:
        raise Refused(INVALID, f"{field}: {error}.", field) from None
