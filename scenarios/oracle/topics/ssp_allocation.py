"""Cases of the topic ssp_allocation: prices on obligations, portions, and options of the customer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import Residual, to_major, whole
from core.finance.revenue.allocation import (
    Bundle,
    Obligation,
    Sharing,
    allocate,
    cost_plus_margin,
    faithful,
    relative,
    residual_of,
)
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import amount, currency_of, money, only_wanted, percent
from scenarios.oracle.topics.ssp_lines import lines
from scenarios.oracle.topics.ssp_options import points, renewals, voucher
from scenarios.oracle.topics.ssp_variable import variable

_COSTS, _MARGINS = ("cost", "expected_cost"), ("margin_pct", "margin", "markup_pct", "margin_percent")
_RESIDUALS = {
    "largest": Residual.LARGEST_REMAINDER,
    "first": Residual.FIRST,
    "last": Residual.LAST,
}


def answer(case: Case) -> Any:
    """By the vocabulary of the inputs: portions, lines, an option, variable amounts, prices."""
    inputs = case.inputs
    if any(key.startswith("portions") for key in inputs):
        return _portions(case)
    if any("voucher" in key or "normal_discount" in key for key in inputs):
        return only_wanted(case, voucher(case))
    if any("points" in key for key in inputs):
        return only_wanted(case, points(case))
    if any("renewal" in key for key in inputs):
        return only_wanted(case, renewals(case))
    if isinstance(inputs.get("lines"), list):
        return only_wanted(case, lines(case, sharing(case)))
    if "variable" in inputs:
        return only_wanted(case, variable(case, sharing(case)))
    if "ssp" not in inputs and "products" in inputs and isinstance(inputs["products"], Mapping):
        products = {k: v if isinstance(v, Mapping) else {"ssp": v} for k, v in inputs["products"].items()}
        return only_wanted(case, _prices(replace(case, inputs={**inputs, "ssp": products})))
    if "ssp" in inputs:
        return only_wanted(case, _prices(case))
    raise NotOffered(f"{', '.join(sorted(inputs))}: no allocation is described by these")


def sharing(case: Case, *, units: bool = False) -> Sharing:
    """How the case places cents; units: in whole units of its currency."""
    text = f"{case.rounding} {case.convention}".lower().replace("_", " ")
    residual = next((rule for word, rule in _RESIDUALS.items() if f"{word} " in text), None)
    step = int(Fraction(1) / to_major(Money(1, currency_of(case))))
    whole_units = units or re.match(r"\s*(whole|integer)", text) is not None
    return Sharing(residual or Residual.LARGEST_REMAINDER, step if whole_units else 1)


def _prices(case: Case) -> dict[str, Any]:
    inputs = case.inputs
    given = inputs["ssp"]
    named = given if isinstance(given, Mapping) else {str(i): each for i, each in enumerate(given)}
    obligations = [_obligation(name, value) for name, value in named.items()]
    bundles = [_bundle(names, value) for names, value in _bundles(inputs).items()]
    alone = sum((o.ssp for o in obligations if o.ssp is not None), Fraction(0))
    price = _price(case, alone)
    figures: dict[str, Any] = {"discount": _text(alone - to_major(price)), "price": price}
    figures |= dict.fromkeys(("total_ssp", "sum_of_ssp", "ssp_total", "standalone_total"), _text(alone))
    figures["ssp"] = {o.name: _text(o.ssp) for o in obligations if o.ssp is not None}
    if alone:
        figures["discount_pct"] = (alone - to_major(price)) / alone * 100
    for bundle in bundles:
        apart = sum((o.ssp for o in obligations if o.name in bundle.names and o.ssp), Fraction(0))
        figures["bundle_discount"] = _text(apart - bundle.price)
    open_ = [o for o in obligations if o.ssp is None]
    if len(open_) == 1:
        left = residual_of(price, obligations, bundles)
        fits = faithful(left, open_[0])
        figures |= dict.fromkeys(
            ("residual", f"residual_{open_[0].name}", f"residual_for_{open_[0].name}"), _text(left)
        )
        names = (
            "residual_allowed",
            "residual_acceptable",
            "residual_approach_allowed",
            "residual_consistent",
            "residual_within_range",
            "within_range",
        )
        figures |= dict.fromkeys(names, fits)
    try:
        parts = allocate(price, obligations, bundles, sharing(case))
        units = allocate(price, obligations, bundles, sharing(case, units=True))
    except Held as held:
        if not set(case.wanted) <= set(figures):
            raise NotOffered(held.detail) from None
        return figures
    figures["allocation"] = parts if isinstance(given, Mapping) else list(parts.values())
    figures["allocation_whole_units"] = list(units.values())
    if isinstance(case.wanted.get("allocation_whole_units"), Mapping):
        figures["allocation_whole_units"] = units
    figures["carve"] = {
        o.name: to_major(parts[o.name]) - (o.ssp or Fraction(0)) for o in obligations if o.ssp is not None
    }
    figures["discount_allocation"] = {
        o.name: _text(o.ssp - to_major(parts[o.name])) for o in obligations if o.ssp is not None
    }
    return figures


def _price(case: Case, alone: Fraction) -> Money:
    currency = currency_of(case)
    for key in ("price", "transaction_price", "total", "contract_price"):
        if key in case.inputs:
            return money(case.inputs[key], key, currency)
    if "discount" in case.inputs:
        return money(str(_text(alone - amount(case.inputs["discount"], "discount"))), "price", currency)
    if "discount_pct" in case.inputs:
        left = alone * (1 - percent(case.inputs["discount_pct"], "discount_pct"))
        return money(left, "price", currency)
    raise NotOffered("price: neither a price nor a discount is given")


def _obligation(name: str, value: Any) -> Obligation:
    if isinstance(value, Mapping):
        low, high = value.get("low", value.get("min")), value.get("high", value.get("max"))
        alone = amount(value["ssp"], name) if value.get("ssp") is not None else None
        if alone is None and (cost := next((value[k] for k in _COSTS if k in value), None)) is not None:
            margin = next((value[k] for k in _MARGINS if k in value), None)
            if margin is None:
                raise NotOffered(f"{name}: a cost without the margin that is put on it")
            alone = cost_plus_margin(amount(cost, name), percent(margin, name))
        if alone is None and low == high and low is not None:
            alone = amount(low, name)
        return Obligation(name, alone, *(amount(each, name) if each else None for each in (low, high)))
    numbers = [Fraction(each) for each in re.findall(r"\d+(?:\.\d+)?", str(value))]
    if value is None or re.search(r"[a-z]", str(value).lower()) or len(numbers) == 2:
        low_high = numbers if len(numbers) == 2 else [None, None]
        return Obligation(name, None, *low_high)
    return Obligation(name, amount(value, name))


def _bundles(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    found = inputs.get("bundle", inputs.get("bundles", {}))
    return found if isinstance(found, Mapping) else {"+".join(each["of"]): each["price"] for each in found}


def _bundle(names: str, value: Any) -> Bundle:
    return Bundle(tuple(name.strip() for name in re.split(r"[+,&]", names)), amount(value, names))


def _portions(case: Case) -> dict[str, Any]:
    inputs = case.inputs
    given = inputs.get("amount", inputs.get("total"))
    minor = amount(given, "amount")
    figures: dict[str, Any] = {}
    for key in (key for key in inputs if key.startswith("portions")):
        weights = _shares(inputs[key])
        for wanted in case.wanted:
            if wanted.removesuffix(key.removeprefix("portions")) == wanted and key != "portions":
                continue
            rule = next((rule for word, rule in _RESIDUALS.items() if word in wanted), None)
            if rule is None or (key == "portions" and re.search(r"_\d+$", wanted)):
                continue
            # Programmes that split whole units give one to each part from the first on.
            rule = Residual.EARLIEST if rule is Residual.FIRST else rule
            total = Money(whole(minor), currency_of(case))
            figures[wanted] = [part.minor for part in relative(total, weights, Sharing(rule))]
    return only_wanted(case, figures)


def _shares(portions: Sequence[Any]) -> list[Fraction]:
    known = [None if "remain" in str(each) else _portion(each) for each in portions]
    left = 1 - sum((each for each in known if each is not None), Fraction(0))
    return [left if each is None else each for each in known]


def _portion(value: Any) -> Fraction:
    text = str(value)
    return percent(text, "portions") if "%" in text or "/" in text else amount(text, "portions")


def _text(value: Fraction) -> Any:
    return Decimal(value.numerator) / value.denominator
