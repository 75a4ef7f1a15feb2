"""Amounts as callers give them, made whole minor units or refused."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from simulators.kit.money import exponent, minor
from simulators.netsuite.rules.refusal import user_error


def whole(amount: Decimal, currency: str, field: str) -> int:
    """Minor units; an amount finer than its currency is refused (unconfirmed: it may be rounded)."""
    try:
        return minor(amount, currency)
    except ValueError as error:
        raise user_error(f"Invalid amount for the following field: {field}. {error}.") from error


def product(quantity: Decimal, rate: Decimal, currency: str) -> int:
    """quantity × rate in minor units, half up, as the vendor computes a line's amount."""
    exact = (quantity * rate).scaleb(exponent(currency))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
