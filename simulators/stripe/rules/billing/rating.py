"""What a quantity costs at a price, exactly, and what the line that bills it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from simulators.kit.money import exponent
from simulators.stripe.rules.billing.catalog_records import Charged, Price

_SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "cad": "CA$", "aud": "A$"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what a quantity costs: a tier's units or its flat fee; amount: exact minor units."""

    quantity: int
    unit: Decimal | None
    amount: Fraction
    tier: int = 0


def rounded(amount: Fraction) -> int:
    """To a whole minor unit, half away from zero."""
    doubled = abs(amount) * 2 + 1
    whole = doubled.numerator // (doubled.denominator * 2)
    return -whole if amount < 0 else whole


def exact(amount: Fraction, places: int = 12) -> Decimal:
    """A fraction of a minor unit as the decimal that Stripe writes: at most twelve places."""
    scaled = rounded(amount * 10**places)
    return plain(Decimal(scaled).scaleb(-places))


def plain(number: Decimal) -> Decimal:
    """Without zeros at the end, and without an exponent."""
    stripped = number.normalize()
    return stripped.quantize(Decimal(1)) if stripped == stripped.to_integral_value() else stripped


def cost(price: Price, charged: Charged, quantity: int) -> Fraction:
    """All parts together."""
    return sum((part.amount for part in parts(price, charged, quantity)), Fraction(0))


def parts(price: Price, charged: Charged, quantity: int) -> list[Part]:
    """What the quantity costs, in the parts that become lines."""
    if price.billing_scheme != "tiered":
        unit = charged.unit or Decimal(0)
        times = quantity
        if price.divide_by:
            up = price.divide_by - 1 if price.round == "up" else 0
            times = (quantity + up) // price.divide_by
        return [Part(quantity, unit, Fraction(unit) * times)]
    found = _volume if price.tiers_mode == "volume" else _graduated
    return list(found(charged, quantity))


def _volume(charged: Charged, quantity: int) -> Iterator[Part]:
    """All units at the one tier that the quantity reaches."""
    for number, tier in enumerate(charged.tiers, 1):
        if tier.up_to is None or quantity <= tier.up_to:
            unit = tier.unit or Decimal(0)
            yield Part(quantity, unit, Fraction(unit) * quantity, number)
            if tier.flat:
                yield Part(0, None, Fraction(tier.flat), number)
            return


def _graduated(charged: Charged, quantity: int) -> Iterator[Part]:
    """Each tier's units at that tier; the first tier's flat fee is due even for nothing."""
    below = 0
    for number, tier in enumerate(charged.tiers, 1):
        if number > 1 and quantity <= below:
            return
        top = quantity if tier.up_to is None else min(quantity, tier.up_to)
        unit = tier.unit or Decimal(0)
        yield Part(top - below, unit, Fraction(unit) * (top - below), number)
        if tier.flat:
            yield Part(0, None, Fraction(tier.flat), number)
        below = top


def worded(part: Part, price: Price, currency: str) -> str:
    """The text of a line (wording of tiers unconfirmed)."""
    tier = f"Tier {part.tier} " if part.tier else ""
    many = f"{part.quantity} × " if part.unit is not None else ""
    each = exact(part.amount) if part.unit is None else part.unit
    return f"{many}{price.product.name} ({tier}at {money(each, currency)}{every(price)})"


def every(price: Price) -> str:
    """ " / month" or " every 3 months"."""
    if price.recurring is None:
        return ""
    interval, count = price.recurring.interval, price.recurring.interval_count
    return f" / {interval}" if count == 1 else f" every {count} {interval}s"


def money(amount: Decimal, currency: str) -> str:
    """1999, "usd" -> "$19.99"."""
    digits = exponent(currency)
    major = plain(amount.scaleb(-digits))
    cents = Decimal(1).scaleb(-digits)
    if major == major.quantize(cents):
        major = major.quantize(cents)
    sign = _SIGNS.get(currency)
    return f"{sign}{major:,f}" if sign else f"{major:,f} {currency.upper()}"
