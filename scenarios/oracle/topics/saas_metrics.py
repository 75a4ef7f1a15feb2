"""Cases of the topic saas_metrics."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.canonical.errors import Held
from core.finance.calendar import Period
from core.finance.exact import exactly
from core.finance.metrics import retention
from core.finance.metrics.movements import Bridge, Segment, annual, between, bridge
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.fitting import Figures, first_key, fitted, number, rounded
from scenarios.oracle.topics.saas_worth import of_contracts, of_customers, of_worth

_OPENING = ("start", "opening", "beginning", "start_mrr", "starting_mrr", "opening_mrr", "beginning_mrr")
_OPENING_TOO = (
    "mrr_start",
    "start_arr",
    "starting_arr",
    "opening_arr",
    "beginning_arr",
    "bom_mrr",
    "arr_start",
)
_OPENING_ARR = ("arr_start", "start_arr", "starting_arr", "opening_arr", "beginning_arr")
_MOVES = {
    "new": ("new", "new_mrr", "new_arr", "new_business"),
    "expansion": ("expansion", "expansion_mrr", "upgrades", "upsell", "expansion_arr", "upgrade"),
    "reactivation": ("reactivation", "reactivation_mrr", "reactivated", "reactivations"),
    "contraction": ("contraction", "contraction_mrr", "downgrades", "downgrade", "contraction_arr"),
    "churn": ("churn", "churned", "churned_mrr", "churn_mrr", "cancelled", "churned_arr", "lost_mrr"),
}


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    figures = _solve(case.inputs)
    if not figures:
        raise NotOffered(f"inputs: {', '.join(case.inputs)} name no metric that the product has")
    return rounded(fitted(case.wanted, figures), case.rounding)


def _solve(inputs: Mapping[str, Any]) -> Figures:
    found: Figures = {}
    above = {key: value for key, value in inputs.items() if not isinstance(value, list | Mapping)}
    for key, value in inputs.items():
        if key in ("segments", "before", "after", "customers"):
            continue
        if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
            found |= _columns(key, _chained(above, value))
        elif isinstance(value, Mapping) and (inner := _solve({**above, **value})):
            found[key] = inner
            found |= {"|".join(f"{key}_{name}" for name in names.split("|")): v for names, v in inner.items()}
    moved = _bridge(inputs)
    if moved is not None:
        found |= _of_bridge(moved, of_a_year=bool(first_key(inputs, *_OPENING_ARR)))
    return found | of_customers(inputs) | of_worth(inputs) | of_contracts(inputs)


def _chained(above: Mapping[str, Any], rows: list[Any]) -> list[Figures]:
    """Periods one after the other: where one does not say its opening, it opens as the last closed."""
    solved, opening = [], None
    for row in rows:
        whole = {**above, **row}
        if opening is not None and not first_key(row, *_OPENING, *_OPENING_TOO) and first_key(row, *_names()):
            whole = {
                **{k: v for k, v in whole.items() if k not in (*_OPENING, *_OPENING_TOO)},
                "start": opening,
            }
        solved.append(_solve(whole))
        opening = next((v for names, v in solved[-1].items() if names.startswith("end|")), None)
    return solved


def _columns(key: str, solved: list[Figures]) -> Figures:
    """One metric over all cases as a list, and each by its number."""
    if not solved or not all(solved):
        return {}
    found: Figures = {}
    for names in solved[0]:
        if all(names in each for each in solved):
            found[names] = [each[names] for each in solved]
        one = key.rstrip("s")
        for at, each in enumerate(solved, 1):
            if names in each:
                found["|".join(f"{name}_{one}_{at}" for name in names.split("|"))] = each[names]
    return found


def _names() -> list[str]:
    return [name for names in _MOVES.values() for name in names]


def _bridge(inputs: Mapping[str, Any]) -> Bridge | None:
    if isinstance(inputs.get("segments"), list):
        return _of_segments(inputs)
    if isinstance(inputs.get("before"), Mapping) and isinstance(inputs.get("after"), Mapping):
        return _of_levels(inputs)
    customers = inputs.get("customers")
    if isinstance(customers, list) and customers and all(isinstance(each, Mapping) for each in customers):
        start, end = (
            [_level(each, "start") for each in customers],
            [_level(each, "end") for each in customers],
        )
        names = [str(each.get("id", each.get("customer", at))) for at, each in enumerate(customers)]
        both = [dict(zip(names, amounts, strict=True)) for amounts in (start, end)]
        return _of_levels({**inputs, "before": both[0], "after": both[1]})
    opening = number(inputs, *_OPENING, *_OPENING_TOO)
    said = [kind for kind, names in _MOVES.items() if number(inputs, *names) is not None]
    if not said or (opening is None and len(said) < 2):
        return None
    opening = Fraction(0) if opening is None else opening
    # Guides write losses with a minus or without; their size is meant.
    return Bridge(
        opening, **{kind: abs(number(inputs, *names, default=Fraction(0))) for kind, names in _MOVES.items()}
    )


def _level(row: Mapping[str, Any], side: str) -> Fraction:
    words = ("start", "before", "opening") if side == "start" else ("end", "after", "closing")
    keys = [name for word in words for name in (word, f"mrr_{word}", f"{word}_mrr")]
    found = number(row, *keys, default=Fraction(0))
    assert isinstance(found, Fraction)
    return found


def _of_segments(inputs: Mapping[str, Any]) -> Bridge:
    rows = [
        Segment(
            str(row.get("customer", row.get("id", ""))),
            date.fromisoformat(row["start"]),
            date.fromisoformat(row["end"]) if row.get("end") else None,
            exactly(row.get("mrr", row.get("amount")), "mrr"),
            str(row.get("currency", "")),
        )
        for row in inputs["segments"]
    ]
    rates = inputs.get("rates")
    period = inputs.get("period", inputs)
    start, end = period["start"], period["end"]
    exact = (
        {str(c): exactly(rate, "rate") for c, rate in rates.items()} if isinstance(rates, Mapping) else None
    )
    return bridge(rows, Period(date.fromisoformat(start), date.fromisoformat(end)), exact)


def _of_levels(inputs: Mapping[str, Any]) -> Bridge:
    """MRR a customer before and after; who came back is named, as levels alone cannot tell."""
    before, after = (
        {str(c): exactly(mrr, side) for c, mrr in inputs[side].items()} for side in ("before", "after")
    )
    return between(before, after, frozenset(map(str, inputs.get("returning", ()))))


def _of_bridge(moved: Bridge, *, of_a_year: bool) -> Figures:
    """of_a_year: the bridge is of ARR itself, and a month's figure is a twelfth of it."""
    month, year = (Fraction(1, 12), Fraction(1)) if of_a_year else (Fraction(1), annual(Fraction(1)))
    found: Figures = {
        "end|closing": moved.closing,
        "end_mrr|closing_mrr|ending_mrr|mrr_end": moved.closing * month,
        "arr_end|end_arr|closing_arr|arr|ending_arr": moved.closing * year,
        "arr_start|opening_arr": moved.opening * year,
        "net_new|net_movement": moved.net_new,
        "net_new_mrr": moved.net_new * month,
        "net_new_arr": moved.net_new * year,
    }
    found |= {f"{kind}|{kind}_mrr": getattr(moved, kind) for kind in _MOVES}
    for names, rule in _RULES.items():
        try:
            found[names] = rule(moved)
        except Held:  # a rate over nothing: this figure does not exist here
            continue
    return found


def _churned_pct(moved: Bridge) -> Fraction:
    return retention.percent(moved.churn, moved.opening, "opening MRR")


def _expanded_pct(moved: Bridge) -> Fraction:
    return retention.percent(moved.expansion, moved.opening, "opening MRR")


def _contracted_pct(moved: Bridge) -> Fraction:
    return retention.percent(moved.contraction, moved.opening, "opening MRR")


_RULES = {
    "nrr|nrr_pct|ndr|net_revenue_retention|net_dollar_retention": retention.net_retention,
    "grr|grr_pct|gdr|gross_revenue_retention|gross_dollar_retention": retention.gross_retention,
    "net_mrr_churn_pct|net_mrr_churn|net_churn_pct|net_revenue_churn": retention.net_churn,
    "gross_mrr_churn_pct|gross_churn_pct|gross_mrr_churn|gross_revenue_churn": retention.gross_churn,
    "growth_pct|mrr_growth_pct|growth_rate|mrr_growth": retention.growth,
    "quick_ratio|saas_quick_ratio": retention.quick_ratio,
    "churn_only_pct|mrr_churn_pct|mrr_churn_rate": _churned_pct,
    "expansion_pct|expansion_rate": _expanded_pct,
    "contraction_pct|contraction_rate": _contracted_pct,
}
