"""Reads price models of usage out of a case's inputs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.finance.exact import exactly
from core.finance.usage.prices import (
    Block,
    Blocks,
    FlatFee,
    Graduated,
    Overage,
    Package,
    PerUnit,
    Price,
    Tier,
    TierPolicy,
    Volume,
)
from scenarios.oracle.case import NotOffered
from scenarios.oracle.fitting import first_key, needed, number

PCT = ("rate", "rate_pct", "pct", "percentage", "percent")
_PRICE = ("unit_price", "price", "per_unit", "per_unit_amount", "price_per_unit", "unit_amount")
_FLAT = ("flat_fee", "flat_amount", "flat", "flat_price")
_BLOCK = ("block", "block_size", "size")
_PACKAGE = ("package_size", "quantity_per_package", "package_units")
_FREE = ("free_units", "free_quantity", "usage_discount", "usage_discount_quantity", "discount_quantity")
_FACTOR = ("factor", "conversion_factor", "divide_by", "multiply_by", "divisor")
INCLUDED = ("included", "included_units", "included_quantity", "allowance")


def price_of(inputs: Mapping[str, Any], text: str) -> Price | None:
    """None where the inputs name no price model; text: what the case says of its convention."""
    tiers = inputs.get("tiers") or inputs.get("ranges")
    if tiers:
        if any(number(tier, *_BLOCK) is not None for tier in tiers):
            said = (
                str(inputs.get(key, "")) for key in ("policy", "tier_policy", "tier_block_policy", "mode")
            )
            return _blocks(tiers, f"{' '.join(said)} {text}")
        return _tiered(tiers, f"{inputs.get('mode', '')} {text}")
    if (size := number(inputs, *_PACKAGE)) is not None:
        free = number(inputs, "free_units", "included", default=Fraction(0))
        return Package(size, needed(inputs, "package_price", "price", "amount"), free)
    if (block := number(inputs, "block", "block_size")) is not None:
        return Package(block, needed(inputs, "block_price", *_PRICE))
    if (multiplier := number(inputs, "multiplier", "markup", "markup_rate")) is not None:
        return PerUnit(multiplier)
    if isinstance(inputs.get("multipliers"), list):
        return PerUnit(Fraction(1))  # of a list of them each is a price of its own
    if (included := number(inputs, *INCLUDED)) is not None:
        base = number(inputs, "base_fee", "fee", "plan_price", default=Fraction(0))
        return Overage(included, needed(inputs, "overage_price", "overage_rate", *_PRICE), base)
    if (price := number(inputs, *_PRICE)) is not None:
        free = number(inputs, *_FREE)
        return PerUnit(price) if free is None else Overage(free, price, Fraction(0))
    return None


def converted(inputs: Mapping[str, Any], quantity: Fraction) -> Fraction:
    """A metered quantity in billed units: multiplied or divided, then rounded up, down or not."""
    rule = inputs.get("unit_config") or inputs.get("conversion") or inputs
    if not isinstance(rule, Mapping) or not first_key(rule, *_FACTOR):
        return quantity
    factor = needed(rule, *_FACTOR)
    divides = "divid" in str(rule.get("operation", "")) or "divide_by" in rule or "divisor" in rule
    units = quantity / factor if divides else quantity * factor
    scale = Fraction(10) ** int(rule.get("precision", 0))
    how = next((str(rule[key]) for key in ("rounding", "rounding_mode", "round") if key in rule), "none")
    if how.startswith(("ceil", "up")):
        return -((-units * scale) // 1) / scale
    return Fraction(units * scale // 1) / scale if how.startswith(("floor", "down")) else units


def _tiered(tiers: Any, text: str) -> Price:
    by_pct = any(number(tier, *PCT) is not None for tier in tiers)
    read = tuple(
        Tier(
            _end(tier),
            (number(tier, *PCT, default=Fraction(0)) * Fraction(1, 100))
            if by_pct
            else number(tier, *_PRICE, default=Fraction(0)),
            number(tier, *_FLAT, default=Fraction(0)),
        )
        for tier in tiers
    )
    # Lago owes no flat fee of a percentage tier without use; of a unit tier the first is owed always.
    flat = FlatFee.WHEN_USED if by_pct else FlatFee.ON_ENTRY
    words = text.lower()
    if any(word in words for word in ("volume", "cliff", "whole quantity", "tier reached")):
        return Volume(read, flat)
    if by_pct or any(word in words for word in ("graduated", "own tier", "each tier", "progressive")):
        return Graduated(read, flat)
    raise NotOffered("tiers: neither graduated nor volume is said, and the two give other figures")


def _end(tier: Mapping[str, Any]) -> Any:
    """The last unit of a tier; None of the one without end, which Stripe writes as "inf"."""
    key = first_key(tier, "up_to", "to", "to_value", "last", "max")
    return None if str(tier.get(key)).lower() in ("inf", "infinity", "unlimited") else number(tier, key)


def _blocks(tiers: Any, text: str) -> Price:
    words = text.lower().replace("_", " ")
    if "top tier" not in words and "all tier" not in words:
        raise NotOffered("tiers: of blocks, neither all tiers nor top tier is said")
    # The nearest word decides: the key of the part stands before the text of the case.
    top, every = words.find("top tier"), words.find("all tier")
    policy = TierPolicy.TOP_TIER if every < 0 or 0 <= top < every else TierPolicy.ALL_TIERS
    read = []
    for tier in tiers:
        most = number(tier, "max_blocks", "max", "most")
        price = needed(tier, "block_price", *_PRICE)
        read.append(Block(needed(tier, *_BLOCK), None if most is None else int(most), price))
    return Blocks(tuple(read), policy)


def unit_tiers(unit: Mapping[str, Any]) -> list[tuple[Fraction, Fraction]]:
    """(quantity, price) a tier, where a case names the tiers of a unit one by one; else empty."""
    if "first" in unit and "rest" in unit:
        rows = [(unit["first"], unit.get("first_price")), (unit["rest"], unit.get("rest_price"))]
    elif nested := [unit[key] for key in unit if key.startswith("tier") and isinstance(unit[key], Mapping)]:
        rows = [(each.get("qty", each.get("quantity")), each.get("price")) for each in nested]
    elif number(unit, "qty", "quantity") is not None and number(unit, "price") is not None:
        rows = [(needed(unit, "qty", "quantity"), unit["price"])]
    else:
        return []
    return [(exactly(quantity, "qty"), exactly(price, "price")) for quantity, price in rows]
