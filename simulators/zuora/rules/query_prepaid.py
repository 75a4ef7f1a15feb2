"""Prepaid balances, their funds and transactions as rows of a query."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from simulators.kit.clock import day as day_of
from simulators.zuora.rules.fields import Row
from simulators.zuora.rules.funds import funds_of
from simulators.zuora.rules.prepaid import Fund
from simulators.zuora.rules.state import State


def balances(state: State, subscription: Any) -> Iterator[Row]:
    """One row a unit of prepayment: it: its funds that have begun."""
    units: dict[str, list[tuple[Any, Fund]]] = {}
    for charge, fund in funds_of(state, subscription, day_of(state.now())):
        units.setdefault(fund.unit, []).append((charge, fund))
    for unit, funds in units.items():
        yield Row(
            subscription, [fund for _, fund in funds], _own(subscription.original_id, unit), (unit, funds)
        )


def funds(_: State, balance: Row) -> Iterator[Row]:
    """One row a validity period."""
    for charge, fund in balance.more[1]:
        yield Row(balance, fund, fund.id, charge)


def transactions(_: State, fund: Row) -> Iterator[Row]:
    """One row a usage record that drew from the fund."""
    left = fund.it.total
    for place, draw in enumerate(fund.it.draws):
        left -= draw.quantity
        yield Row(fund, draw, _own(fund.id, place), left)


def _own(*parts: object) -> str:
    """An id for what has none, made of its owner's (ours)."""
    return blake2b("/".join(map(str, parts)).encode(), digest_size=16).hexdigest()
