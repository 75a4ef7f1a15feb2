"""Cases of saas_metrics about customers: how many stay, what one brings and costs, what contracts recur."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.finance.metrics import retention
from core.finance.metrics.movements import annual
from scenarios.oracle.case import NotOffered
from scenarios.oracle.fitting import Figures, first_key, needed, number

_BEFORE = ("customers_start", "start_customers", "customers_at_start", "opening_customers")
_BEFORE_TOO = ("starting_customers", "customers_before", "customers_beginning")
_LOST = ("customers_lost", "lost_customers", "churned_customers", "customers_churned", "lost")
_GAINED = ("customers_new", "new_customers", "customers_won", "customers_acquired", "won")
_ARPA = ("arpa", "arpu", "average_revenue_per_account", "monthly_revenue_per_customer")
_CHURN = ("monthly_churn_pct", "churn_pct", "churn_rate_pct", "customer_churn_pct", "logo_churn_pct")
_CHURN_TOO = ("churn_rate", "monthly_churn", "monthly_churn_rate", "customer_churn", "customer_churn_rate")
_MARGIN = ("gross_margin_pct", "margin_pct")
_SPEND = ("sales_and_marketing", "acquisition_cost", "sales_marketing_spend", "s_and_m", "sm_spend", "spend")
_NOT_RECURRING = ("one_time", "one-time", "usage", "setup", "services")


def of_customers(inputs: Mapping[str, Any]) -> Figures:
    """Logo churn, from numbers or from lists of customers."""
    ids, after = inputs.get("customers_before"), inputs.get("customers_after")
    if isinstance(ids, list) and isinstance(after, list):
        first, last = frozenset(map(str, ids)), frozenset(map(str, after))
        return _logos(retention.logo_churn(first, last)) | {"customers_end|end_customers": len(last)}
    before, lost = number(inputs, *_BEFORE, *_BEFORE_TOO), number(inputs, *_LOST)
    if before is None or lost is None:
        return {}
    gained = number(inputs, *_GAINED, default=Fraction(0))
    churn = retention.percent(lost, before, "opening customers")
    return _logos(churn) | {"customers_end|end_customers": before - lost + gained}


def _logos(churn: Fraction) -> Figures:
    figures: Figures = {
        "logo_churn_pct|logo_churn|customer_churn_pct|customer_churn_rate|customer_churn|churn_pct": churn,
        "logo_retention_pct|logo_retention|customer_retention_pct": 100 - churn,
    }
    if churn:
        figures["lifetime|customer_lifetime|lifetime_months"] = retention.lifetime(churn)
    return figures


def of_worth(inputs: Mapping[str, Any]) -> Figures:
    """What an account brings, what it costs to win, what its life is worth."""
    mrr = number(inputs, "mrr", "total_mrr", "monthly_revenue", "mrr_total")
    count = number(inputs, "customers", "accounts", "customer_count", "paying_customers", "active_customers")
    arpa, margin = number(inputs, *_ARPA), _share(inputs, _MARGIN, ("gross_margin", "margin"))
    if arpa is None and mrr is not None and count:
        arpa = retention.ratio(mrr, count, "customers")
    worth: Figures = {} if mrr is None else {"arr|annual_run_rate|arr_total": annual(mrr)}
    cac, spent = number(inputs, "cac", "customer_acquisition_cost"), number(inputs, *_SPEND)
    won = number(inputs, *_GAINED)
    if cac is None and spent is not None and won:
        cac = retention.ratio(spent, won, "customers won")
    if cac is not None:
        worth["cac|customer_acquisition_cost"] = cac
    if arpa is not None:
        worth |= _of_account(inputs, arpa, Fraction(100) if margin is None else margin, cac)
    return worth | _of_company(inputs, margin)


def _of_account(inputs: Mapping[str, Any], arpa: Fraction, margin: Fraction, cac: Fraction | None) -> Figures:
    worth: Figures = {"arpa|arpu|average_revenue_per_account": arpa}
    churn = _share(inputs, _CHURN, _CHURN_TOO)
    if churn is None:
        found = of_customers(inputs).items()
        churn = next((value for names, value in found if names.startswith("logo_churn")), None)
    if churn:
        worth["lifetime|lifetime_months|customer_lifetime"] = retention.lifetime(churn)
        value = retention.lifetime_value(arpa, margin, churn)
        worth["ltv|lifetime_value|clv|customer_lifetime_value"] = value
        if cac:
            worth["ltv_to_cac|ltv_cac|ltv_cac_ratio"] = retention.ratio(value, cac, "cac")
    if cac is not None:
        payback = retention.payback(cac, arpa, margin)
        worth["payback_months|cac_payback|payback|cac_payback_months"] = payback
    return worth


def _of_company(inputs: Mapping[str, Any], margin: Fraction | None) -> Figures:
    found: Figures = {}
    now, before = number(inputs, "revenue", "quarter_revenue"), number(inputs, "previous_revenue")
    spent = number(inputs, *_SPEND)
    if now is not None and before is not None and spent:
        found["magic_number"] = retention.magic_number(now, before, spent)
    burnt, won = number(inputs, "net_burn", "burn"), number(inputs, "net_new_arr")
    if burnt is not None and won:
        found["burn_multiple"] = retention.burn_multiple(burnt, won)
    growth = _share(inputs, ("growth_pct", "revenue_growth_pct"), ("growth", "growth_rate", "revenue_growth"))
    profit = _share(inputs, ("profit_margin_pct", "ebitda_margin_pct"), ("profit_margin", "ebitda_margin"))
    profit = margin if profit is None else profit
    if growth is not None and profit is not None:
        found["rule_of_40|rule_of_forty|score"] = retention.rule_of_forty(growth, profit)
    return found


def of_contracts(inputs: Mapping[str, Any]) -> Figures:
    """MRR and ARR of contracts by their price and length; what does not recur is none."""
    rows = inputs.get("contracts", inputs.get("subscriptions"))
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return {}
    each = []
    for row in rows:
        kind = str(row.get("kind", row.get("type", ""))).lower()
        recurs = not kind.startswith(_NOT_RECURRING)
        months = _months(row)
        amount = needed(row, "amount", "price", "value", "fee") * number(row, "quantity", "seats", default=1)
        each.append(retention.monthly(amount, int(months)) if recurs else Fraction(0))
    total = sum(each, Fraction(0))
    return {"mrr|total_mrr": total, "arr|total_arr": annual(total), "mrr_by_contract|each": each}


_MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "semi": 6, "year": 12, "annual": 12}


def _months(row: Mapping[str, Any]) -> Fraction:
    """How many months an amount is for, in months or by the name of its interval; one if nothing is said."""
    months = number(row, "months", "period_months", "term_months", "term")
    if months is not None:
        assert isinstance(months, Fraction)
        return months
    key = first_key(row, "interval", "billing", "billing_period", "period", "frequency", "every", "cycle")
    said = str(row.get(key, "month")).lower()
    length = next((months for name, months in _MONTHS_IN.items() if said.startswith(name)), 0)
    if not length:
        raise NotOffered(f"{key}: {said!r} is no interval known here")
    return length * Fraction(number(row, "interval_count", default=1))


def _share(inputs: Mapping[str, Any], percents: tuple[str, ...], either: tuple[str, ...]) -> Fraction | None:
    """In percent. A name without "pct" may hold a share of one, as in 0.05, or a percentage."""
    found: Fraction | None = number(inputs, *percents)
    if found is None:
        found = number(inputs, *either)
        if found is not None and abs(found) < 1:
            found *= 100
    return found
