"""Plants for C18 and C19: customers' money at the bank, and the bank's balance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from core.canonical.money import Money
from core.close.extract import Extract
from core.close.rows.cash import Allocation, BankLine, OutstandingItem
from scenarios.plants.plant import (
    Pick,
    Plant,
    add,
    again,
    closing,
    edit,
    first,
    more,
    posted,
    remove,
)


def _usd(minor: int) -> Money:
    return Money(minor, "USD")


def _customer_line(extract: Extract) -> Pick:
    line = first(extract.bank_lines, lambda b: b.kind == "customer")
    return lambda receipt: line.id in receipt.bank_lines


def _received(clean: Extract) -> int:
    return int(first(clean.receipts, _customer_line(clean)).amount.minor)


def _paid_in(extract: Extract, *parts: Allocation, **changes: Any) -> Extract:
    if parts:
        changes["allocations"] = parts
    return edit(extract, "receipts", _customer_line(extract), **changes)


def _part(extract: Extract, less: int, withheld: int = 0) -> Allocation:
    old = first(extract.receipts, _customer_line(extract)).allocations[0]
    kept = more(old.amount, withheld - old.amount.minor) if withheld else None
    assert isinstance(old, Allocation)
    return replace(old, amount=more(old.amount, -less), withheld=kept)


def _outstanding(extract: Extract, on: date) -> Extract:
    item = OutstandingItem(id="cheque", account="main-USD", on=on, amount=_usd(-200))
    sides = (("6900", _usd(200)), ("1000", _usd(-200)))
    return posted(add(extract, "outstanding", item), "cheque", "P00", *sides, bank="main-USD")


def _at_bank_only(extract: Extract, kind: str, minor: int) -> Extract:
    line = BankLine(id="bank-only", account="main-USD", on=date(2026, 1, 30), amount=_usd(minor), kind=kind)
    return closing(add(extract, "bank_lines", line), "main-USD", minor)


def _account(extract: Extract) -> Money:
    return Money(first(extract.receipts, _customer_line(extract)).amount.minor // 3, _code(extract))


def _code(extract: Extract) -> str:
    return str(first(extract.receipts, _customer_line(extract)).amount.currency)


PLANTS = (
    Plant("C18", "unapplied", lambda e: remove(e, "receipts", _customer_line(e)), _received),
    Plant("C18", "short pay", lambda e: _paid_in(e, expected=lambda r: more(r.amount, 500))),
    Plant(
        "C18",
        "overpay",
        lambda e: _paid_in(
            e,
            _part(e, 50),
            unapplied=Money(50, _code(e)),
            expected=lambda r: more(r.amount, -50),
        ),
    ),
    Plant("C18", "wrong customer", lambda e: _paid_in(e, customer="ACME-none")),
    Plant("C18", "withholding tax", lambda e: _paid_in(e, _part(e, 0, withheld=10))),
    Plant(
        "C18",
        "duplicate application",
        lambda e: again(e, "receipts", _customer_line(e), id="rc-again"),
        lambda e: -_received(e),
    ),
    Plant(
        "C18",
        "lockbox split",
        lambda e: again(e, "receipts", _customer_line(e), id="rc-part", amount=_account(e)),
        lambda e: -_account(e).minor,
    ),
    Plant("C19", "outstanding payment", lambda e: _outstanding(e, date(2026, 1, 29)), lambda _: 200),
    Plant("C19", "stale item > 30 days", lambda e: _outstanding(e, date(2025, 12, 1)), lambda _: 200),
    Plant("C19", "bank error", lambda e: _at_bank_only(e, "other", -15), lambda _: -15),
    Plant("C19", "unrecorded fee/interest", lambda e: _at_bank_only(e, "fee", -12), lambda _: -12),
)
