"""Contracts told period by period, or line by line as balances: contract asset or liability, never both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.canonical.money import Money
from core.finance.revenue.position import Standing
from scenarios.oracle.case import Case
from scenarios.oracle.topics.revenue_reading import currency_of, money

_EARNED = ("revenue", "recognised", "recognized", "delivered", "earned")
_BILLED = ("billed", "billing", "invoiced")
_ASSETS = ("contract_asset", "unbilled_receivable", "unbilled", "asset")
_LIABILITIES = ("contract_liability", "deferred_revenue", "deferred", "liability")


def told_by_period(rows: Sequence[Any]) -> bool:
    """Whether each says what was earned and what was billed in it, and no line's service or dates."""
    return bool(rows) and all(
        isinstance(row, Mapping) and _key(row, _EARNED) and _key(row, _BILLED) and "service" not in row
        for row in rows
    )


def by_period(case: Case, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What stands at the end of each period, in order."""
    currency = currency_of(case)
    standing, standings = Standing(currency), []
    for row in rows:
        earned, billed = (money(row[_key(row, names)], names[0], currency) for names in (_EARNED, _BILLED))
        standing = Standing(currency, standing.billed + billed.minor, standing.recognised + earned.minor)
        standings.append(standing)
    assets, liabilities = [each.asset for each in standings], [each.liability for each in standings]
    figures: dict[str, Any] = dict.fromkeys(("contract_asset_end", "contract_asset", "unbilled_end"), assets)
    figures |= dict.fromkeys(("contract_liability_end", "contract_liability", "deferred_end"), liabilities)
    return figures | {
        "recognised_to_date": [Money(each.recognised, currency) for each in standings],
        "billed_to_date": [Money(each.billed, currency) for each in standings],
    }


def is_balance(row: Any) -> bool:
    """Whether it is a line's contract asset or liability."""
    return isinstance(row, Mapping) and bool(_key(row, _ASSETS) or _key(row, _LIABILITIES))


def netted(case: Case, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Lines of one contract: together they are an asset or a liability (IFRS 15.105)."""
    currency = currency_of(case)
    sums = {
        side: sum((money(row[_key(row, names)], side, currency).minor for row in rows if _key(row, names)), 0)
        for side, names in (("assets", _ASSETS), ("liabilities", _LIABILITIES))
    }
    together = Standing(currency, sums["liabilities"], sums["assets"])
    return {
        "net_contract_asset": together.asset,
        "net_contract_liability": together.liability,
        "total_contract_asset": Money(sums["assets"], currency),
        "total_contract_liability": Money(sums["liabilities"], currency),
    }


def _key(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((name for name in names if row.get(name) is not None), "")
