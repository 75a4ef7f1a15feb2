"""What a product is sold by in the billing system's catalogue: the charge of its one rate plan."""

from __future__ import annotations

from typing import Any

from scenarios.profiles.profile import Product

# Under which of the tax engine's codes it is sold; SW052000 is software as a service, business use.
TAX_CODE = "SW052000"
_PRICE_BOOK = {"USD": 1, "EUR": 1, "GBP": 1, "JPY": 150}


def plan_name(product: Product) -> str:
    """Of the rate plan."""
    return product.name + _SOLD.get(product.kind, " per seat")


def charge_of(product: Product, currencies: tuple[str, ...]) -> dict[str, Any]:
    """By kind of product, with its price in each currency."""
    return _CHARGES.get(product.kind, _seats)(product, currencies)


def _seats(product: Product, currencies: tuple[str, ...]) -> dict[str, Any]:
    tiers = [{"Currency": c, "Price": product.price * _PRICE_BOOK.get(c, 1)} for c in currencies]
    return {
        "Name": "Seats",
        "ChargeModel": "Per Unit Pricing",
        "ChargeType": "Recurring",
        "BillingPeriod": "Month",
        "UOM": "Seats",
        "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": tiers},
    }


def _metered(product: Product, currencies: tuple[str, ...]) -> dict[str, Any]:
    tiers: list[dict[str, Any]] = []
    for currency in currencies:
        begin = 0
        for up_to, price in product.tiers:
            tier = {
                "Currency": currency,
                "StartingUnit": begin,
                "Price": price * _PRICE_BOOK.get(currency, 1),
            }
            tiers.append({**tier, "PriceFormat": "Per Unit", **({"EndingUnit": up_to} if up_to else {})})
            begin = up_to or begin
    return {
        "Name": product.name,
        "ChargeModel": "Tiered Pricing",
        "ChargeType": "Usage",
        "BillingPeriod": "Month",
        "UOM": product.unit,
        "ProductRatePlanChargeTierData": {"ProductRatePlanChargeTier": tiers},
    }


def _once(product: Product, currencies: tuple[str, ...]) -> dict[str, Any]:
    """Delivered at a point in time, billed when the contract begins."""
    same = {name: value for name, value in _seats(product, currencies).items() if name != "BillingPeriod"}
    return {**same, "Name": product.name, "ChargeType": "OneTime", "UOM": "Each"}


# By kind of product: what the plan is called after, and its charge.
_SOLD = {"usage": " by use", "service": ""}
_CHARGES = {"usage": _metered, "service": _once}
