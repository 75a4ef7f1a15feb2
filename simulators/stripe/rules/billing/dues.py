"""What a total and a balance make due, and the sums of what discounts and taxes do to lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_LEAST_CHARGED = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip


def dues(total: int, balance: int, currency: str) -> tuple[int, int]:
    """(amount due, customer balance afterwards); what is too small to be charged is owed later."""
    raw = total + balance
    if raw < _LEAST_CHARGED.get(currency, 1):
        return 0, raw
    return raw, 0


def by_discount(takings: Iterable[Any]) -> list[tuple[Any, int]]:
    """The sum that each discount takes off."""
    sums: dict[str, tuple[Any, int]] = {}
    for taken in takings:
        before = sums.get(taken.discount.id, (taken.discount, 0))[1]
        sums[taken.discount.id] = (taken.discount, before + taken.amount)
    return list(sums.values())


def by_rate(taxes: Iterable[Any]) -> list[tuple[Any, int, int, str]]:
    """(rate, amount, taxable, reason): the sum of each rate."""
    sums: dict[tuple[str, str], tuple[Any, int, int, str]] = {}
    for tax in taxes:
        key = (tax.rate.id, tax.reason)
        _, amount, taxable, _ = sums.get(key, (None, 0, 0, ""))
        sums[key] = (tax.rate, amount + tax.amount, taxable + tax.taxable, tax.reason)
    return list(sums.values())
