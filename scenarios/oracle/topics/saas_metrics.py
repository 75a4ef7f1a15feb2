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

_OPENING = ("start", "opening", "beginning", "start_mrr", "starting_mrr", "opening_mrr", "beginning_mrr")
_OPENING_TOO = ("mrr_start", "start_arr", "starting_arr", "opening_arr", "beginning_arr", "bom_mrr")
_MOVES = {
    "new": ("new", "new_mrr", "new_arr", "new_business"),
    "expansion": ("expansion", "expansion_mrr", "upgrades", "upsell", "expansion_arr", "upgrade"),
    "reactivation": ("reactivation", "reactivation_mrr", "reactivated", "reactivations"),
    "contraction": ("contraction", "contraction_mrr", "downgrades", "downgrade", "contraction_arr"),
    "churn": ("churn", "churned", "churned_mrr", "churn_mrr", "cancelled", "churned_arr", "lost_mrr"),
}
_BEFORE = (
    "customers_start",
    "start_customers",
    "customers_at_start",
    "opening_customers",
    "starting_customers",
)
_LOST = ("customers_lost", "lost_customers", "churned_customers", "customers_churned", "lost")
_GAINED = ("customers_new", "new_customers", "customers_won", "customers_acquired", "won")
_ARPA = ("arpa", "arpu", "average_revenue_per_account", "monthly_revenue_per_customer")
_CHURN = (
    "monthly_churn_pct",
    "churn_pct",
    "churn_rate_pct",
    "churn_rate",
    "customer_churn_pct",
    "logo_churn_pct",
)
_MARGIN = ("gross_margin_pct", "margin_pct", "gross_margin")
_SPEND = ("sales_and_marketing", "acquisition_cost", "sales_marketing_spend", "s_and_m", "spend")


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
        found |= _of_bridge(moved)
    return found | _of_customers(inputs) | _of_worth(inputs)


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
    if opening is None or not first_key(inputs, *_names()):
        return None
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


def _of_bridge(moved: Bridge) -> Figures:
    found: Figures = {
        "end|closing|end_mrr|closing_mrr|ending_mrr|mrr_end": moved.closing,
        "arr_end|end_arr|closing_arr|arr|ending_arr": annual(moved.closing),
        "arr_start|opening_arr": annual(moved.opening),
        "net_new|net_new_mrr|net_movement": moved.net_new,
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


def _of_customers(inputs: Mapping[str, Any]) -> Figures:
    before, lost = number(inputs, *_BEFORE), number(inputs, *_LOST)
    if isinstance(ids := inputs.get("customers_before"), list) and "customers_after" in inputs:
        return _logos(frozenset(map(str, ids)), frozenset(map(str, inputs["customers_after"])))
    if before is None or lost is None:
        return {}
    gained = number(inputs, *_GAINED, default=Fraction(0))
    churn = retention.percent(lost, before, "opening customers")
    return _logo_figures(churn) | {"customers_end|end_customers": before - lost + gained}


def _logos(before: frozenset[str], after: frozenset[str]) -> Figures:
    return _logo_figures(retention.logo_churn(before, after)) | {"customers_end|end_customers": len(after)}


def _logo_figures(churn: Fraction) -> Figures:
    return {
        "logo_churn_pct|logo_churn|customer_churn_pct|customer_churn_rate|customer_churn": churn,
        "logo_retention_pct|logo_retention|customer_retention_pct": 100 - churn,
        "lifetime|customer_lifetime|lifetime_months": retention.lifetime(churn) if churn else None,
    }


def _of_worth(inputs: Mapping[str, Any]) -> Figures:
    """What an account brings, what it costs to win, what its life is worth."""
    worth: Figures = {}
    mrr = number(inputs, "mrr", "total_mrr", "revenue", "monthly_revenue")
    count = number(inputs, "customers", "accounts", "customer_count", "paying_customers")
    arpa = number(inputs, *_ARPA)
    if arpa is None and mrr is not None and count:
        arpa = retention.ratio(mrr, count, "customers")
    if mrr is not None:
        worth["arr|annual_run_rate"] = annual(mrr)
    margin = number(inputs, *_MARGIN, default=Fraction(100))
    cac, spent = number(inputs, "cac", "customer_acquisition_cost"), number(inputs, *_SPEND)
    won = number(inputs, *_GAINED)
    if cac is None and spent is not None and won:
        cac = retention.ratio(spent, won, "customers won")
    churn = number(inputs, *_CHURN)
    if churn is None:
        churn = next(
            (v for names, v in _of_customers(inputs).items() if names.startswith("logo_churn")), None
        )
    if cac is not None:
        worth["cac|customer_acquisition_cost"] = cac
    if arpa is None:
        return worth
    worth["arpa|arpu|average_revenue_per_account"] = arpa
    if churn:
        worth["lifetime|lifetime_months|customer_lifetime"] = retention.lifetime(churn)
        worth["ltv|lifetime_value|clv|customer_lifetime_value"] = value = retention.lifetime_value(
            arpa, margin, churn
        )
        if cac:
            worth["ltv_to_cac|ltv_cac|ltv_cac_ratio"] = retention.ratio(value, cac, "cac")
    if cac is not None:
        worth["payback_months|cac_payback|payback|cac_payback_months"] = retention.payback(cac, arpa, margin)
    return worth
