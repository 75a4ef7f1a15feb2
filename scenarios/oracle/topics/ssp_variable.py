"""Fixed and variable amounts of one contract: to the obligation they depend on, or to all."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.revenue.allocation import Sharing, allocate_variable, relative
from scenarios.oracle.case import Case
from scenarios.oracle.topics.revenue_reading import amount, currency_of, money


def variable(case: Case, sharing: Sharing) -> dict[str, Any]:
    """Inputs: ssp by name, variable by name, fixed as a total or by name."""
    inputs, currency = case.inputs, currency_of(case)
    ssp = {name: amount(value, name) for name, value in inputs["ssp"].items()}
    given = inputs["variable"]
    own = {name: money(value, name, currency) for name, value in given.items()}
    fixed_by_name = inputs.get("fixed", inputs.get("price", "0"))
    fixed = (
        Money(sum(money(v, n, currency).minor for n, v in fixed_by_name.items()), currency)
        if isinstance(fixed_by_name, Mapping)
        else money(fixed_by_name, "fixed", currency)
    )
    parts, stays = allocate_variable(fixed, own, ssp, sharing)
    weights: list[Fraction] = list(ssp.values())
    shared = dict(zip(ssp, relative(fixed, weights, sharing), strict=True))
    figures: dict[str, Any] = {"allocation": parts, "variable_to_one_obligation": stays}
    figures["fixed_allocation"] = figures["allocation_fixed"] = shared
    for key, value in inputs.items():
        if key not in ("ssp", "variable", "fixed", "price") and not isinstance(value, Mapping | list):
            earned = money(value, key, currency)
            figures[f"{key}_allocation"] = dict(zip(ssp, relative(earned, weights, sharing), strict=True))
    return figures
