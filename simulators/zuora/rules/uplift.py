"""Prices at renewal: unchanged, raised by a percentage, or taken anew from the catalogue."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from simulators.zuora.rules.catalogue import ONE_TIME
from simulators.zuora.rules.contracts import Charge, Segment
from simulators.zuora.rules.proration import CATALOGUE, NO_CHANGE, PERCENTAGE, PRICE_CHANGES, BillingRules
from simulators.zuora.rules.rating import DISCOUNTS, TIER_MODELS, Price


def renewal_price(charge: Charge, last: Segment, rules: BillingRules, currency: str) -> Price | None:
    """What the charge costs from the next term on; None: as before.

    The subscription's own option comes first, then the product charge's, then the tenant's. The
    catalogue's price is not taken where its tiers do not reach the quantity.
    """
    if charge.source.kind == ONE_TIME or charge.source.model in DISCOUNTS:
        return None
    option, percent = _option(charge, rules)
    if option == PERCENTAGE:
        return None if not percent else raised(last.pricing, percent)
    if option != CATALOGUE:
        return None
    fresh = charge.source.prices.get(currency)
    if fresh is None or fresh == last.pricing or not _reaches(charge, fresh, last.quantity):
        return None
    return fresh


def raised(price: Price, percent: Decimal) -> Price:
    """A price and its tiers so many per cent higher; prices are never rounded."""
    times = 1 + percent / 100
    tiers = tuple(replace(tier, price=tier.price * times) for tier in price.tiers)
    return replace(price, amount=price.amount * times, tiers=tiers)


def _option(charge: Charge, rules: BillingRules) -> tuple[str, Decimal]:
    tenant = (rules.price_change or NO_CHANGE, Decimal(rules.increase))
    extra = charge.source.extra
    option, percent = extra.get("PriceChangeOption"), extra.get("PriceIncreasePercentage")
    # A product charge that follows the tenant says so; one that says nothing at all does as well.
    if extra.get("UseTenantDefaultForPriceChange") or option not in PRICE_CHANGES:
        own = tenant
    else:
        own = (str(option), _number(percent, tenant[1]))
    if charge.price_change is None:
        return own[0], own[1] if charge.increase is None else charge.increase
    return charge.price_change, own[1] if charge.increase is None else charge.increase


def _number(value: object, otherwise: Decimal) -> Decimal:
    return Decimal(str(value)) if value is not None else otherwise


def _reaches(charge: Charge, price: Price, quantity: Decimal) -> bool:
    if charge.source.model not in TIER_MODELS or not price.tiers:
        return True
    end = price.tiers[-1].end
    return end is None or quantity <= end
