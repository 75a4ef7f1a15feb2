"""Minor units inside, exact decimals on the wire; no float in between."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

# ISO 4217 currencies whose minor unit is not 1/100.
_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip


def exponent(currency: str) -> int:
    """Digits after the decimal point of `currency` (ISO 4217)."""
    return _EXPONENTS.get(currency.upper(), 2)


def major(minor_units: int, currency: str) -> Decimal:
    """1999, "EUR" -> Decimal("19.99")."""
    return Decimal(minor_units).scaleb(-exponent(currency))


def minor(amount: object, currency: str) -> int:
    """Decimal("19.99"), "EUR" -> 1999; ValueError when it is no number or finer than the currency."""
    try:
        scaled = Decimal(str(amount)).scaleb(exponent(currency))
        whole = int(scaled)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"{amount!r} is not an amount") from error
    if whole != scaled:
        raise ValueError(f"{amount} has more decimals than {currency} allows")
    return whole
