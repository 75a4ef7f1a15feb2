"""Vouchers, renewal options and points: what a material right is worth and what it takes of the price."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.exact import Residual, to_major, to_money
from core.finance.revenue.allocation import Sharing, relative
from core.finance.revenue.material_right import Renewal, breakage, look_through, points_value, voucher_value
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import amount, currency_of, money, percent


def _first(inputs: Mapping[str, Any], *keys: str) -> Any:
    for key in keys:
        if inputs.get(key) is not None:
            return inputs[key]
    raise NotOffered(f"{keys[0]}: it is not given")


def _unit(currency: str) -> int:
    return int(Fraction(1) / to_major(Money(1, currency)))


def _both(price: Money, weights: dict[str, Fraction], unit: int) -> dict[str, Any]:
    """Allocation in cents and in whole units."""
    cents = relative(price, list(weights.values()), Sharing())
    units = relative(price, list(weights.values()), Sharing(Residual.LARGEST_REMAINDER, unit))
    return {"allocation": dict(zip(weights, cents, strict=True)), "allocation_whole_units": list(units)}


def voucher(case: Case) -> dict[str, Any]:
    """A discount on the next purchase beyond what everybody gets."""
    inputs, currency = case.inputs, currency_of(case)
    worth = voucher_value(
        amount(_first(inputs, "average_next_purchase", "next_purchase"), "average_next_purchase"),
        percent(_first(inputs, "voucher_discount_pct"), "voucher_discount_pct"),
        percent(inputs.get("normal_discount_pct", 0), "normal_discount_pct"),
        percent(inputs.get("exercise_probability_pct", 100), "exercise_probability_pct"),
    )
    product = money(_first(inputs, "product_price", "price"), "product_price", currency)
    alone = amount(inputs.get("product_ssp", _first(inputs, "product_price", "price")), "product_ssp")
    figures = _both(product, {"product": alone, "voucher": worth}, _unit(currency))
    taken = figures["allocation"]
    return figures | {
        "voucher_ssp": to_money(worth, currency),
        "incremental_discount_pct": (
            percent(inputs["voucher_discount_pct"], "pct")
            - percent(inputs.get("normal_discount_pct", 0), "pct")
        )
        * 100,
        "contract_liability": taken["voucher"],
        "revenue_at_sale": taken["product"],
    }


def points(case: Case) -> dict[str, Any]:
    """Loyalty points and their breakage."""
    inputs, currency = case.inputs, currency_of(case)
    product = amount(
        _first(inputs, "product_ssp", "purchases", "sales", "product_price", "price"), "purchases"
    )
    price = money(
        _first(inputs, "price", "purchases", "sales", "product_price", "product_ssp"), "price", currency
    )
    earned = amount(_first(inputs, "points", "points_earned", "points_awarded", "points_granted"), "points")
    worth = points_value(
        earned,
        amount(inputs.get("point_value", inputs.get("value_per_point", 1)), "point_value"),
        _likely(inputs, earned),
    )
    figures = _both(price, {"product": product, "points": worth}, _unit(currency))
    whole = _is_whole(case)
    taken = figures["allocation"]
    if whole:
        taken = dict(zip(taken, figures["allocation_whole_units"], strict=True))
        figures["allocation"] = taken
    if isinstance(case.wanted.get("allocation"), Mapping) and "products" in case.wanted["allocation"]:
        figures["allocation"] = {"products": taken["product"], "points": taken["points"]}
    figures |= {"points_ssp": to_money(worth, currency), "contract_liability": taken["points"]}
    return figures | _redeemed(inputs, taken["points"], _unit(currency) if whole else 1)


def _likely(inputs: Mapping[str, Any], earned: Fraction) -> Fraction:
    """The share of the points that will be used, told as a percentage or as their number."""
    for key, value in inputs.items():
        if (
            isinstance(value, Mapping | list)
            or "revised" in key
            or ("redem" not in key and "redeem" not in key)
        ):
            continue
        if any(word in key for word in ("pct", "percent", "probability", "rate")):
            return percent(value, key)
        if "expected" in key:
            return amount(value, key) / earned
    if any("breakage" in key for key in inputs):
        raise NotOffered("breakage: what share of the points is used is read from redemption_pct")
    return Fraction(1)


def _redeemed(inputs: Mapping[str, Any], liability: Money, step: int) -> dict[str, Any]:
    years = inputs.get("periods", inputs.get("years", inputs.get("redemptions", [])))
    so_far = Money(0, liability.currency)
    revenue: list[Money] = []
    for year in years:
        used = amount(_first(year, "redeemed_to_date", "redeemed", "used_to_date", "used"), "redeemed")
        expected = amount(_first(year, "expected", "expected_total", "expected_redemptions"), "expected")
        steps = Money(liability.minor // step, liability.currency)
        now = breakage(steps, used, expected, Money(0, liability.currency))
        revenue.append(Money(now.minor * step, liability.currency) - so_far)
        so_far = Money(now.minor * step, liability.currency)
    return {
        "revenue": revenue,
        "points_revenue": revenue,
        "liability_end": [
            liability - sum(revenue[: i + 1], Money(0, liability.currency)) for i in range(len(revenue))
        ],
    }


def renewals(case: Case) -> dict[str, Any]:
    """Renewals counted as part of the contract, by expected cost or price."""
    inputs, currency = case.inputs, currency_of(case)
    likely = [percent(each, "renewal") for each in _listed(inputs, "renewal")]
    costs = [amount(each, "cost") for each in _listed(inputs, "cost")]
    prices = [amount(each, "price") for each in _listed(inputs, "price") or _listed(inputs, "fee")]
    years = max(len(likely) + 1, len(costs), len(prices), int(amount(inputs.get("years", 0), "years")))
    chances = [Fraction(1), *(likely or [Fraction(1)])]
    offers = [
        Renewal(_at(prices, i), _at(chances, i) if i else Fraction(1), _at(costs, i) if costs else None)
        for i in range(years)
    ]
    expected = look_through(offers)
    total = to_money(expected.total, currency)
    units = _is_whole(case)
    step = Sharing(Residual.LARGEST_REMAINDER, _unit(currency) if units else 1)
    parts = relative(total, list(expected.weights), step)
    whole = relative(total, list(expected.weights), Sharing(Residual.LARGEST_REMAINDER, _unit(currency)))
    count = amount(inputs.get("contracts", inputs.get("customers", 1)), "contracts")
    figures: dict[str, Any] = dict.fromkeys(("expected_consideration", "transaction_price"), total)
    figures["expected_prices"] = figures["expected_revenue"] = list(expected.prices)
    figures["expected_consideration_total"] = total
    if isinstance(case.wanted.get("expected_consideration"), list):
        figures["expected_consideration"] = list(expected.prices)
    figures["expected_costs"] = figures["weights"] = list(expected.weights)
    figures |= {"allocation": list(parts), "allocation_whole_units": list(whole)}
    figures["expected_cost_total"] = sum(expected.weights, Fraction(0))
    figures["revenue_all_contracts"] = [to_major(part) * count for part in parts]
    figures["contract_liability"] = (_at(prices, 0) - to_major(parts[0])) * count
    return figures


def _listed(inputs: Mapping[str, Any], word: str) -> list[Any]:
    for key, value in inputs.items():
        if word in key and key not in ("years",):
            return (
                list(value)
                if isinstance(value, list)
                else list(value.values())
                if isinstance(value, dict)
                else [value]
            )
    return []


def _at(values: list[Fraction], index: int) -> Fraction:
    if not values:
        raise NotOffered("renewal: neither prices nor probabilities are given")
    return values[min(index, len(values) - 1)]


def _is_whole(case: Case) -> bool:
    return case.rounding.lower().strip().startswith(("whole", "integer"))
