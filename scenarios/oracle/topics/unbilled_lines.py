"""Lines with what was delivered and billed in which month: entries and balances of their subledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.canonical.money import Money
from core.finance.revenue.netting import Line, Posting, Route
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics.revenue_reading import MONTHS, currency_of, major, money

# Within a month what was delivered comes before what was billed.
_ORDER = ("delivered", "billed")
_BALANCES = {
    "unbilled_end": "unbilled",
    "unbilled_receivable_end": "unbilled",
    "contract_asset_end": "unbilled",
    "contract_liability_end": "liability",
    "deferred_end": "liability",
    "receivable_end": "receivable",
    "accounts_receivable_end": "receivable",
}

_ALSO = {
    "unbilled_receivable": ("unbilled_accounts_receivable", "unbilled", "contract_asset", "1150"),
    "contract_liability": ("deferred_revenue", "deferred", "2100"),
    "accounts_receivable": ("receivable", "1100"),
    "revenue": ("4000",),
}


def is_line(value: Mapping[str, Any]) -> bool:
    """Whether it says what was delivered or billed in some month."""
    return any(
        re.fullmatch(r"(delivered|billed)(_.+)?", key) and not isinstance(each, Mapping | list)
        for key, each in value.items()
    )


def delivered_and_billed(case: Case, given: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Entries by kind, with and without their month, and balances at the ends of months."""
    currency = currency_of(case)
    direct = "direct" in case.convention or "settles" in case.convention
    route = Route.DIRECT if direct else Route.THROUGH_REVENUE
    events = sorted(
        (
            (_month(key), _ORDER.index(key.split("_")[0]), money(value, key, currency).minor)
            for key, value in given.items()
            if is_line({key: value})
        ),
    )
    journals: dict[str, list[dict[str, Any]]] = {}
    balances: dict[str, Line] = {}
    before, line = Line(), Line()
    revenue: dict[str, int] = {}
    for month, what, minor in events:
        before = line
        line, postings = line.deliver(minor) if what == 0 else line.bill(minor, route)
        for posting in postings:
            names = [posting.kind, *(["delivery"] if posting.kind == "unbilled" else [])]
            for name in names:
                for key in (name, f"{name}_{_name(month)}"):
                    journals.setdefault(key, []).extend(_rows(posting, currency))
        balances[_name(month)] = line
        revenue[_name(month)] = revenue.get(_name(month), 0) + line.revenue - before.revenue
    return {key: _figure(key, shape, journals, balances, revenue, currency) for key, shape in wanted.items()}


def _figure(
    key: str,
    shape: Any,
    journals: Mapping[str, list[dict[str, Any]]],
    balances: Mapping[str, Line],
    revenue: Mapping[str, int],
    currency: str,
) -> Any:
    if isinstance(shape, list):
        called = {str(row.get("account")) for row in shape if isinstance(row, Mapping)}
        return [{**row, "account": _called(row["account"], called)} for row in journals.get(key, [])]
    name, _, month = key.rpartition("_")
    last = list(balances.values())[-1]
    if name in _BALANCES:
        return Money(getattr(_at(balances, month), _BALANCES[name]), currency)
    if key in _BALANCES or f"{key}_end" in _BALANCES:
        return Money(getattr(last, _BALANCES.get(key, _BALANCES.get(f"{key}_end", ""))), currency)
    if name in ("revenue", "recognised", "recognized") and month in MONTHS:
        return Money(revenue.get(month, 0), currency)
    if key in ("revenue", "revenue_total", "total_revenue"):
        return Money(last.revenue, currency)
    raise NotOffered(f"{key}: not a figure of a delivered and billed line")


def _called(account: str, called: set[str]) -> str:
    """The case's own name of an account, if it has one."""
    return next((name for name in called if name in _ALSO.get(account, ())), account)


def _at(balances: Mapping[str, Line], month: str) -> Line:
    found = Line()
    for name, line in balances.items():
        if MONTHS.index(name) <= MONTHS.index(month[:3]):
            found = line
    return found


def _month(key: str) -> int:
    word = key.partition("_")[2][:3].lower()
    return MONTHS.index(word) if word in MONTHS else 0


def _name(month: int) -> str:
    return MONTHS[month]


def _rows(posting: Posting, currency: str) -> list[dict[str, Any]]:
    return [
        {
            "account": entry.account,
            "debit": major(max(entry.amount, 0), currency),
            "credit": major(max(-entry.amount, 0), currency),
        }
        for entry in posting.lines
    ]
