"""Rows of NetSuite's queries as our values; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from core.canonical.erp import ContractMove, Schedule
from core.connectors.netsuite.judge import SYSTEM
from core.connectors.netsuite.wire import Json
from core.connectors.shapes import day, moment, money, number, one_of
from core.finance.ledger.rates import Rate
from core.ports.billing import Row

_DAY = timedelta(days=1)


def register_row(row: Json, currencies: Mapping[str, str]) -> Row:
    """currencies: ISO codes by internal id. Credits and payments count as positive here."""
    currency = _code(currencies, row)
    still_open = money(abs(_number(row.get("remaining"))), currency, "remaining", SYSTEM)
    return Row(
        id=str(row["id"]),
        number=str(row.get("tranid") or ""),
        account=str(row.get("customer") or ""),
        status="open" if still_open else "settled",
        total=money(abs(_number(row.get("total"))), currency, "total", SYSTEM),
        open=still_open,
        changed_at=moment(row["changed"], "changed", SYSTEM),
        reference=str(row.get("externalid") or ""),
        on=day(row["day"], "day", SYSTEM) if row.get("day") else None,
    )


def plan(row: Json, currencies: Mapping[str, str], entity: str = "") -> Schedule:
    """A row of the schedules; entity: key of the one whose document it is."""
    return Schedule(
        key=str(row.get("externalid") or ""),
        source=str(row.get("sourcedoc") or ""),
        amount=money(row.get("amount"), _code(currencies, row), "amount", SYSTEM),
        start=day(row["first"], "first", SYSTEM),
        end=day(row["last"], "last", SYSTEM) + _DAY,
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
        amount=money(row.get("amount"), _code(currencies, row), "amount", SYSTEM),
        asset=str(row["account"]) == asset,
        on=day(row["day"], "day", SYSTEM) if row.get("day") else None,
    )


def rate(row: Json) -> Rate:
    """A row of the exchange rates."""
    on = day(row["day"], "day", SYSTEM)
    return Rate(str(row["currency"]), str(row["base"]), on, Fraction(str(row["rate"])))


def released(row: Json, currencies: Mapping[str, str]) -> int:
    """Revenue of a plan so far: credits are negative on a line, revenue is not."""
    return -money(row.get("amount"), _code(currencies, row), "amount", SYSTEM).minor


def _number(value: object) -> Decimal:
    return number(value, "amount", SYSTEM)


def _code(currencies: Mapping[str, str], row: Json) -> str:
    return one_of(row["currency"], currencies, "currency", SYSTEM)
