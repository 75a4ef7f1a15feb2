"""Amounts as callers give them, made whole minor units or refused."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from simulators.kit.money import exponent, minor
from simulators.netsuite.rules.refusal import invalid_content


def whole(amount: Decimal, currency: str, field: str) -> int:
    """Minor units; an amount finer than its currency is refused (unconfirmed: it may be rounded)."""
    try:
        # Binary fractions of callers (0.1 + 0.2) are noise, a tenth of a cent is not.
        return minor(round(amount, exponent(currency) + 6), currency)
    except ValueError as error:
        raise invalid_content(f"Invalid amount for the following field: {field}. {error}.", field) from error


def product(quantity: Decimal, rate: Decimal, currency: str) -> int:
    """quantity × rate in minor units, half up, as the vendor computes a line's amount."""
    exact = (quantity * rate).scaleb(exponent(currency))
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
