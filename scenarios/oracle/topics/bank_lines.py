"""Payouts and invoices against the lines of a bank statement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.finance.cash.matching import Item, Matched, Window, match
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.cash_reading import Unit, day, first, rows_of, unit_of

_LINES = ("bank", "bank_lines", "statement", "bank_transactions", "receipts", "statement_lines", "bank_line")
_EXPECTED = ("payouts", "expected", "invoices", "open_items", "payout")
_NO_DAY = date(2026, 1, 1)


def reads(inputs: Mapping[str, Any]) -> bool:
    """Whether bank lines are given, with something to put against them."""
    return any(isinstance(inputs.get(key), list | Mapping) for key in _LINES) and any(
        key in inputs for key in _EXPECTED
    )


def answer(case: Case) -> Any:
    """matches, what is left on either side, and its sums."""
    inputs, unit = case.inputs, unit_of(case)
    expected = _items(first(inputs, *_EXPECTED), "p", unit)
    lines = _items(first(inputs, *_LINES), "b", unit)
    window = Window(
        int(first(inputs, "window_days", "business_days", "date_window_days", "window") or 5),
        int(first(inputs, "days_before") or 0),
        unit.minor(first(inputs, "short_pay_limit", "tolerance", "short_pay") or 0, "short_pay_limit"),
        frozenset(day(each) for each in rows_of(inputs.get("holidays"))),
    )
    found = match(expected, lines, window)
    return {key: _figure(key, shape, found, unit) for key, shape in case.wanted.items()}


def _items(rows: Any, prefix: str, unit: Unit) -> list[Item]:
    found = []
    for number, row in enumerate(rows_of(rows), start=1):
        given = row if isinstance(row, Mapping) else {"amount": row}
        at = first(given, "date", "on", "arrival_date", "arrival", "paid_at", "value_date", "due")
        own = Unit(str(given.get("currency") or unit.currency))
        amount = own.money(first(given, "amount", "net", "credit", "total"), "amount")
        name = str(first(given, "id", "payout", "number", "invoice") or f"{prefix}{number}")
        reference = str(first(given, "reference", "trace_id", "descriptor", "remittance") or "")
        if prefix == "p" and not reference and ("number" in given or "invoice" in given):
            reference = name
        found.append(Item(name, day(at) if at else _NO_DAY, amount, reference))
    return found


def _figure(key: str, shape: Any, found: Matched, unit: Unit) -> Any:
    left = re.search(r"unmatched|transit|open|unapplied|left|missing|exception", key)
    if left:
        bank = re.search(r"bank|line|receipt|statement|unapplied", key)
        items = found.lines if bank else found.expected
        if isinstance(shape, list):
            return [item.id for item in items]
        if re.search(r"count|number", key):
            return len(items)
        return unit.major(sum(item.amount.minor for item in items))
    if re.search(r"short|gap|diff", key) and not isinstance(shape, list | Mapping):
        return unit.major(sum(each.gap for each in found.matches))
    if isinstance(shape, list):
        if shape and isinstance(shape[0], Mapping):
            return [{name: _of(name, shape[0][name], each) for name in shape[0]} for each in found.matches]
        return [list(each.expected) for each in found.matches]
    if isinstance(shape, Mapping):
        by_line = {line: each for each in found.matches for line in each.lines}
        by_expected = {name: each for each in found.matches for name in each.expected}
        return {
            name: _named(inner, by_line.get(name), by_expected.get(name)) for name, inner in shape.items()
        }
    if re.search(r"match", key):
        return len(found.matches)
    raise NotOffered(f"{key}: matches and what is left of payouts and bank lines are known")


def _of(name: str, shape: Any, each: Any) -> Any:
    if re.search(r"rule|type|kind", name):
        return each.rule.replace(" ", "_")
    ids = each.lines if re.search(r"bank|line|receipt|statement", name) else each.expected
    return list(ids) if isinstance(shape, list) else ids[0]


def _named(shape: Any, of_line: Any, of_expected: Any) -> Any:
    each = of_line or of_expected
    if each is None:
        return [] if isinstance(shape, list) else None
    ids = each.expected if of_line else each.lines
    return list(ids) if isinstance(shape, list) else ids[0]
