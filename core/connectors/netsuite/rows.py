"""Rows of NetSuite's queries as our values; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from core.canonical.erp import ContractMove, Schedule
from core.canonical.money import Money
from core.connectors.netsuite.judge import SYSTEM
from core.connectors.netsuite.wire import Json
from core.connectors.shapes import number
from core.finance.ledger.rates import Rate
from core.ports.billing import Row

_DAY = timedelta(days=1)


def register_row(row: Json, currencies: Mapping[str, str]) -> Row:
    """currencies: ISO codes by internal id. Credits and payments count as positive here."""
    currency = currencies[str(row["currency"])]
    still_open = Money.of(abs(_number(row.get("remaining"))), currency)
    return Row(
        id=str(row["id"]),
        number=str(row.get("tranid") or ""),
        account=str(row.get("customer") or ""),
        status="open" if still_open else "settled",
        total=Money.of(abs(_number(row.get("total"))), currency),
        open=still_open,
        changed_at=datetime.strptime(str(row["changed"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC),
        reference=str(row.get("externalid") or ""),
        on=date.fromisoformat(str(row["day"])) if row.get("day") else None,
    )


def plan(row: Json, currencies: Mapping[str, str], entity: str = "") -> Schedule:
    """A row of the schedules; entity: key of the one whose document it is."""
    return Schedule(
        key=str(row.get("externalid") or ""),
        source=str(row.get("sourcedoc") or ""),
        amount=Money.of(_number(row.get("amount")), currencies[str(row["currency"])]),
        start=date.fromisoformat(str(row["first"])),
        end=date.fromisoformat(str(row["last"])) + _DAY,
        entity=entity or str(row.get("entity") or ""),
        product=str(row.get("product") or ""),
        contract=str(row.get("contract") or ""),
        customer=str(row.get("customer") or ""),
    )


def contract_move(row: Json, currencies: Mapping[str, str], entity: str, asset: str) -> ContractMove:
    """A row of the contracts; asset: internal id of the account."""
    return ContractMove(
        contract=str(row.get("contract") or ""),
        product=str(row.get("product") or ""),
        customer=str(row.get("customer") or ""),
        entity=entity,
        amount=Money.of(_number(row.get("amount")), currencies[str(row["currency"])]),
        asset=str(row["account"]) == asset,
        on=date.fromisoformat(str(row["day"])) if row.get("day") else None,
    )


def rate(row: Json) -> Rate:
    """A row of the exchange rates."""
    on = date.fromisoformat(str(row["day"]))
    return Rate(str(row["currency"]), str(row["base"]), on, Fraction(str(row["rate"])))


def released(row: Json, currencies: Mapping[str, str]) -> int:
    """Revenue of a plan so far: credits are negative on a line, revenue is not."""
    return -Money.of(_number(row.get("amount")), currencies[str(row["currency"])]).minor


def _number(value: object) -> Decimal:
    return number(value, "amount", SYSTEM)
