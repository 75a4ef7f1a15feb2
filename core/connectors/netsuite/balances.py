"""Rows of balances, in one currency or between entities, as our values; pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.canonical.erp import Between, ForeignBalance
from core.canonical.money import Money
from core.connectors.netsuite.wire import Json
from core.finance.ledger.chart import DUE_FROM, DUE_TO, FEE_REVENUE, INTERCOMPANY_COST

# Numbers of the accounts that stand between entities.
BETWEEN = (DUE_FROM, DUE_TO, INTERCOMPANY_COST, FEE_REVENUE)


def foreign_balance(
    row: Json, accounts: Mapping[str, str], entity: str, home: str, currencies: Mapping[str, str]
) -> ForeignBalance | None:
    """A row of the balances; None for one in the entity's own currency, or of nothing. accounts: numbers by
    internal id."""
    code = currencies[str(row["currency"])]
    still_open = Money.of(_number(row.get("open")), code)
    booked = Money.of(_number(row.get("booked")), home)
    if code == home or not (still_open or booked):
        return None
    return ForeignBalance(accounts[str(row["account"])], entity, still_open, booked)


def between(
    row: Json, accounts: Mapping[str, str], entity: str, partner: str, currencies: Mapping[str, str]
) -> Between:
    """A row of the balances between entities. accounts: numbers by internal id."""
    code = currencies[str(row["currency"])]
    sums = (Money.of(_number(row.get(name)), code) for name in ("balance", "collected", "charged"))
    return Between(accounts[str(row["account"])], entity, partner, *sums)


def _number(value: object) -> Decimal:
    return Decimal(str(value)) if value not in (None, "") else Decimal(0)
