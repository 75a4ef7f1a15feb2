"""Cases of the topic aging_dso."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.canonical.errors import Held
from core.finance.exact import exactly
from core.finance.metrics import collection
from core.finance.metrics.aging import (
    STANDARD,
    AgeFrom,
    Bucket,
    OpenItem,
    aging,
    allowance,
    buckets_of,
    expense,
)
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.fitting import Figures, first_key, fitted, needed, number, numbers, rounded
from scenarios.oracle.topics.aging_months import latest_first

_RECEIVABLES = ("receivables", "ar", "closing_receivables", "ending_receivables", "ending_ar", "closing_ar")
_RECEIVABLES_TOO = (
    "accounts_receivable",
    "total_receivables",
    "ar_balance",
    "receivables_end",
    "ar_end",
    "closing",
)
_OPENING = (
    "opening_receivables",
    "receivables_start",
    "ar_start",
    "beginning_receivables",
    "beginning_ar",
    "opening_ar",
    "opening",
)
_SALES = (
    "sales",
    "credit_sales",
    "revenue",
    "net_credit_sales",
    "total_sales",
    "net_sales",
    "annual_sales",
    "billed",
)
_NOT_DUE = ("current_receivables", "not_due", "current_ar", "ending_current_receivables", "current")
_PCT = (
    "loss_pct",
    "loss_rates",
    "loss_rate_pct",
    "rates",
    "rates_pct",
    "pct",
    "bad_debt_pct",
    "uncollectible_pct",
)
_BALANCE = (
    "allowance_credit_balance",
    "credit_balance",
    "unadjusted_balance",
    "beginning_allowance",
    "allowance_balance",
    "existing_allowance",
    "existing_balance",
    "balance_before",
    "opening_allowance",
)
_ITEMS = ("invoices", "items", "open_items", "documents")
_MONTHS = ("monthly_sales", "sales_by_month", "months", "sales")


def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    asked = " ".join(key for key in case.wanted if key.startswith("average_receiv"))
    text = f"{case.subtopic} {case.convention} {asked}".lower()
    figures = _solve(case.inputs, text, case.wanted)
    if not figures:
        raise NotOffered(f"inputs: {', '.join(case.inputs)} name no figure of receivables the product has")
    return rounded(fitted(case.wanted, figures), case.rounding)


def _solve(inputs: Mapping[str, Any], text: str, wanted: Any = None) -> Figures:
    found: Figures = {}
    above = {key: value for key, value in inputs.items() if not isinstance(value, list | Mapping)}
    for key, value in inputs.items():
        if key in ("cases", "variants", "periods") and isinstance(value, list):
            solved = [_solve({**above, **row}, text) for row in value]
            shared = [n for n in solved[0] if all(n in each for each in solved)] if solved else []
            found |= {names: [each[names] for each in solved] for names in shared}
        elif isinstance(value, Mapping) and key not in (*_PCT, *_MONTHS, "buckets", "aging"):
            inner = _solve({**above, **value}, f"{key} {text}")
            found |= {"|".join(f"{key}_{name}" for name in names.split("|")): v for names, v in inner.items()}
            found |= {key: inner} if inner else {}
    found |= _buckets(inputs, text, wanted)
    return found | _days(inputs, text) | _percent_of_sales(inputs)


def _buckets(inputs: Mapping[str, Any], text: str, wanted: Any) -> Figures:
    if any("specific" in key for key in inputs):
        raise NotOffered("specific: reserves for single debtors beside the rates are not kept here")
    rows = inputs.get("buckets", inputs.get("aging"))
    key = first_key(inputs, *_ITEMS)
    found: Figures = {}
    if isinstance(inputs.get(key), list):
        amounts, found = _aged(inputs, inputs[key], text)
        found |= _in_order(amounts, wanted)
    elif isinstance(rows, Mapping):
        amounts = [_amount(each) for each in rows.values()]
    elif isinstance(rows, list) and rows:
        amounts = [_amount(each) for each in rows]
    else:
        return {}
    rates = _rates(inputs, rows)
    if not rates:
        return found | {"total|open": sum(amounts, Fraction(0))}
    losses = allowance(amounts, rates)
    required = sum(losses, Fraction(0))
    found |= {
        "by_bucket|allowance_by_bucket|losses": list(losses),
        "allowance|required|required_allowance|total_allowance": required,
        "total|open|total_receivables": sum(amounts, Fraction(0)),
        "net_realisable|net_realizable_value|net_receivables": sum(amounts, Fraction(0)) - required,
    }
    return found | _adjusted(inputs, required)


def _in_order(amounts: list[Fraction], wanted: Any) -> Figures:
    """Buckets that the answer names and the inputs do not: they stand in the same order."""
    known = ("total", "open", "allowance", "expense", "entry", "journal")
    keys = [key for key in wanted or () if wanted[key] is None and not any(word in key for word in known)]
    return dict(zip(keys, amounts, strict=True)) if len(keys) == len(amounts) else {}


def _adjusted(inputs: Mapping[str, Any], required: Fraction) -> Figures:
    balance = number(inputs, *_BALANCE)
    if balance is None:
        debit = number(inputs, "allowance_debit_balance", "debit_balance", "unadjusted_debit_balance")
        balance = None if debit is None else -debit
    if balance is None:
        return {}
    side = str(inputs.get("balance_side", inputs.get("allowance_side", "credit"))).lower()
    cost = expense(required, -balance if side.startswith("d") else balance)
    return {"expense|bad_debt_expense|adjustment|change": cost, **_entry(cost)}


def _entry(cost: Fraction) -> Figures:
    """The entry that books it; a release goes the other way round."""
    debit, credit = max(cost, Fraction(0)), max(-cost, Fraction(0))
    return {
        "entry|journal|adjusting_entry": [
            {"account": "bad_debt_expense", "debit": debit, "credit": credit},
            {"account": "allowance_for_doubtful_accounts", "debit": credit, "credit": debit},
        ]
    }


def _amount(row: Any) -> Fraction:
    if isinstance(row, Mapping):
        return needed(row, "amount", "open", "balance", "receivables")
    return exactly(row, "bucket")


def _rates(inputs: Mapping[str, Any], rows: Any) -> list[Fraction]:
    key = first_key(inputs, *_PCT)
    if isinstance(given := inputs.get(key), Mapping):
        return numbers(given.values(), key)
    if isinstance(given, list):
        return numbers(given, key)
    listed = list(rows.values()) if isinstance(rows, Mapping) else rows
    if isinstance(listed, list) and listed and all(isinstance(each, Mapping) for each in listed):
        return [needed(each, *_PCT) for each in listed] if first_key(listed[0], *_PCT) else []
    return []


def _aged(inputs: Mapping[str, Any], rows: list[Any], text: str) -> tuple[list[Fraction], Figures]:
    on = date.fromisoformat(str(inputs.get("as_of", inputs.get("date", inputs.get("on")))))
    items = []
    for row in rows:
        due = str(row.get("due", row.get("due_date", row.get("issued", row.get("date")))))
        issued = str(row.get("issued", row.get("date", row.get("invoice_date", due))))
        open_ = needed(row, "open", "amount", "balance") - number(row, "paid", default=Fraction(0))
        name = str(row.get("customer", ""))
        items.append(OpenItem(name, date.fromisoformat(issued), date.fromisoformat(due), open_))
    since = AgeFrom.ISSUE if "invoice date" in text or "issue" in text else AgeFrom.DUE
    ranges = _ranges(inputs)
    amounts = list(aging(items, on, ranges, since))
    return amounts, {"buckets|aging|amounts": amounts, "total|open": sum(amounts, Fraction(0))}


def _ranges(inputs: Mapping[str, Any]) -> tuple[Bucket, ...]:
    """Edges (0, 30, 60), or labels such as "current", "1-30", "91+"."""
    if isinstance(edges := inputs.get("edges", inputs.get("bucket_edges", inputs.get("bucket_days"))), list):
        return buckets_of([int(each) for each in edges])
    labels = inputs.get("buckets", inputs.get("bucket_labels"))
    if not isinstance(labels, list) or not all(isinstance(each, str) for each in labels):
        return STANDARD
    found = []
    for label in labels:
        days = [int(each) for each in re.findall(r"\d+", label)]
        if not days:
            found.append(Bucket(None, 0))
        elif len(days) == 1:
            found.append(Bucket(days[0] + (0 if "+" in label else 1), None))
        else:
            found.append(Bucket(None if days[0] == 0 else days[0], days[1]))
    return tuple(found)


def _days(inputs: Mapping[str, Any], text: str) -> Figures:
    open_ = number(inputs, *_RECEIVABLES, *_RECEIVABLES_TOO)
    opening = number(inputs, *_OPENING)
    if "average" in text and open_ is not None and opening is not None:
        open_ = (open_ + opening) * Fraction(1, 2)
    key = next((key for key in _MONTHS if isinstance(inputs.get(key), list | Mapping)), "")
    if key and open_ is not None:
        return _counted_back(inputs, inputs[key], open_, text)
    sales = number(inputs, *_SALES)
    if sales is None or open_ is None:
        return {}
    found: Figures = {}
    days = number(inputs, "days", "period_days", "days_in_period")
    not_due = number(inputs, *_NOT_DUE)
    if days is not None:
        found["dso|days_sales_outstanding"] = collection.days_outstanding(open_, sales, int(days))
    found |= _turnover(inputs, sales, open_, opening, days)
    if not_due is not None and days is not None:
        best = collection.days_outstanding(not_due, sales, int(days))
        found["best_possible_dso|bpdso|best_dso"] = best
        late = collection.delinquent_days(open_, not_due, sales, int(days))
        found["average_days_delinquent|add|delinquent_days"] = late
    if opening is not None:
        closing = needed(inputs, *_RECEIVABLES, *_RECEIVABLES_TOO)
        found["cei|collection_effectiveness_index|cei_pct"] = collection.effectiveness(
            opening, sales, closing, not_due or Fraction(0)
        )
    return found


def _turnover(
    inputs: Mapping[str, Any], sales: Fraction, open_: Fraction, opening: Fraction | None, days: Any
) -> Figures:
    """Over the average of opening and closing receivables where both are known."""
    closing = number(inputs, *_RECEIVABLES, *_RECEIVABLES_TOO, default=open_)
    average = closing if opening is None else (opening + closing) * Fraction(1, 2)
    if not average:
        return {}
    found: Figures = {
        "turnover|receivables_turnover|ar_turnover": collection.turnover(sales, average),
        "average_receivables|average_ar": average,
    }
    if days is not None:
        period = collection.days_outstanding(average, sales, int(days))
        found["average_collection_period|collection_period|collection_days"] = period
    return found


def _counted_back(inputs: Mapping[str, Any], rows: Any, open_: Fraction, text: str) -> Figures:
    back = latest_first(inputs, rows, _SALES, text)
    months = back[::-1]
    total = sum((month.amount for month in months), Fraction(0))
    days = sum(month.days for month in months)
    found: Figures = {"dso_count_back|countback_dso|count_back|dso": collection.count_back(open_, back)}
    try:
        found["dso_period_end|simple_dso|period_end"] = collection.days_outstanding(open_, total, days)
    except Held:  # no sales at all: there is no such figure
        return found
    return found


def _percent_of_sales(inputs: Mapping[str, Any]) -> Figures:
    """The income statement's way: a share of the credit sales is the expense."""
    sales = number(inputs, "credit_sales", "sales", "net_credit_sales")
    pct = number(inputs, "bad_debt_pct", "loss_pct", "uncollectible_pct", "pct_of_sales")
    if sales is None or pct is None:
        return {}
    cost = sum(allowance([sales], [pct]), Fraction(0))
    before = number(inputs, *_BALANCE, default=Fraction(0))
    return {
        "expense|bad_debt_expense": cost,
        **_entry(cost),
        "allowance|allowance_after|closing_allowance": before + cost,
    }
