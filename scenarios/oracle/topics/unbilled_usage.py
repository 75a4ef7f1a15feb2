"""Usage at a unit price: earned on its day, unbilled until the invoice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.revenue.consumption import Aggregate, Used, earned, true_up
from core.finance.revenue.waterfall import months_between
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import (
    MONTHS,
    amount,
    currency_of,
    day,
    money,
    rounding_of,
)


def is_usage(inputs: Mapping[str, Any]) -> bool:
    """Whether there are units by day and a price."""
    return _records(inputs) is not None and _price_key(inputs) != ""


def usage(case: Case) -> dict[str, Any]:
    """To date and by day, by month, and what is unbilled or receivable around the invoice."""
    inputs, currency = case.inputs, currency_of(case)
    records = _records(inputs) or []
    price, how = amount(inputs[_price_key(inputs)], "price"), _aggregate(inputs)
    rounding = rounding_of(case.rounding)

    def to_date(on: date) -> Money:
        return earned(records, on, price, how, currency, rounding)

    at = [day(value) for key, value in inputs.items() if key.startswith(("invoice", "billed"))]
    first, last = min(r.on for r in records), max([r.on for r in records] + at)
    bill = to_date(at[0] - timedelta(days=1) if how is Aggregate.SUM else at[0]) if at else Money(0, currency)
    figures: dict[str, Any] = {}
    for key, shape in case.wanted.items():
        if isinstance(shape, Mapping) and all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", name) for name in shape):
            figures[key] = {name: _on(key, day(name), to_date, at, bill) for name in shape}
    months = months_between(first, last)
    ends = [last_day(month) for month in months]
    revenue = [
        to_date(end) - to_date(month - timedelta(days=1)) for month, end in zip(months, ends, strict=True)
    ]
    unbilled = [to_date(end) - (bill if at and at[0] <= end else Money(0, currency)) for end in ends]
    receivable = [bill if at and at[0] <= end else Money(0, currency) for end in ends]
    movements = {
        "revenue": revenue,
        "unbilled_receivable": _moves(unbilled),
        "accounts_receivable": _moves(receivable),
    }
    names = [f"{month:%Y-%m}" for month in months]
    figures["movements"] = {
        account: {name: each for name, each in zip(names, moved, strict=True) if each}
        for account, moved in movements.items()
    }
    for month, end_unbilled, earned_then in zip(months, unbilled, revenue, strict=True):
        word = MONTHS[month.month - 1]
        figures |= {f"unbilled_end_{word}": end_unbilled, f"revenue_{word}": earned_then}
        figures |= {f"recognised_{word}": earned_then, f"recognized_{word}": earned_then}
    figures |= {"receivable_after_invoice": bill, "invoice": bill, "invoice_total": bill}
    figures["unbilled_after_invoice"] = to_date(at[0]) - bill if at else unbilled[-1]
    figures["unbilled_before_invoice"] = bill
    total = to_date(last)
    figures |= {"recognised_total": total, "revenue_total": total, "total_recognised": total}
    for key, listed in (("revenue", revenue), ("recognised", revenue), ("unbilled", _moves(unbilled))):
        figures.setdefault(key, _as_wanted(case.wanted.get(key), names, listed))
    figures["unbilled_end"] = _as_wanted(case.wanted.get("unbilled_end"), names, unbilled)
    figures["accounts_receivable"] = _as_wanted(
        case.wanted.get("accounts_receivable"), names, _moves(receivable)
    )
    if any("commit" in key or "minimum" in key for key in inputs):
        key = next(key for key in inputs if "commit" in key or "minimum" in key)
        missing = true_up(money(inputs[key], key, currency), total)
        figures |= {"true_up": missing, "shortfall": missing, "total_with_true_up": total + missing}
    return figures


def _on(key: str, on: date, to_date: Any, at: list[date], bill: Money) -> Money:
    billed = bill if at and at[0] <= on else Money(0, bill.currency)
    so_far: Money = to_date(on)
    if "unbilled" in key:
        return so_far - billed
    if "receivable" in key:
        return billed
    if "to_date" in key or "cumulative" in key:
        return so_far
    before: Money = to_date(on - timedelta(days=1))
    return so_far - before


def _moves(balances: list[Money]) -> list[Money]:
    return [now - (balances[i - 1] if i else Money(0, now.currency)) for i, now in enumerate(balances)]


def _as_wanted(wanted: Any, names: list[str], listed: list[Money]) -> Any:
    if isinstance(wanted, Mapping):
        return dict(zip(names, listed, strict=True))
    return listed if isinstance(wanted, list) else sum(listed[1:], listed[0])


def _price_key(inputs: Mapping[str, Any]) -> str:
    return next((k for k in inputs if re.match(r"(price_per_|unit_price|price$|rate$|unit_amount)", k)), "")


def _records(inputs: Mapping[str, Any]) -> list[Used] | None:
    for value in inputs.values():
        if isinstance(value, Mapping) and value and all(re.match(r"\d{4}-\d{2}-\d{2}", key) for key in value):
            return [Used(day(on), amount(units, on)) for on, units in value.items()]
        if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            found = [_record(each) for each in value]
            if all(found):
                return [each for each in found if each]
    return None


def _record(row: Mapping[str, Any]) -> Used | None:
    on = row.get("date", row.get("at", row.get("on", row.get("day"))))
    units = next((row[key] for key in ("units", "quantity", "calls", "usage", "qty") if key in row), None)
    return Used(day(on), Fraction(amount(units, "units"))) if on and units is not None else None


def _aggregate(inputs: Mapping[str, Any]) -> Aggregate:
    said = str(
        inputs.get("aggregate", inputs.get("aggregation", inputs.get("aggregate_usage", "sum")))
    ).lower()
    for aggregate in Aggregate:
        if aggregate.value in said:
            return aggregate
    raise NotOffered(f"aggregate: {said!r} is none of sum, max and last")
