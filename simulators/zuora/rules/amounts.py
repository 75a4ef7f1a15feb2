"""Amounts of the wire in whole minor units."""

from __future__ import annotations

from decimal import Decimal

from simulators.kit.money import minor
from simulators.zuora.rules.refusal import INVALID, Refused


def whole(amount: Decimal, currency: str, field: str) -> int:
    """An amount of the wire in minor units; Refused when it is finer than the currency."""
    try:
        return minor(amount, currency)
    except ValueError as error:
        raise Refused(INVALID, f"{field}: {error}.", field) from None
