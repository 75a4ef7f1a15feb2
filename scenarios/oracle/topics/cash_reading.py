"""How cases of cash write days, amounts and accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from core.canonical.erp import JournalLine
from core.canonical.money import Money, exponent
from core.finance.cash.invoice_life import Book
from core.finance.exact import exactly, to_money
from scenarios.oracle.case import Case, NotOffered

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# What of an account's name says which it is; the first that fits. (words, our account)
_BOOKS: tuple[tuple[str, Book], ...] = (
    (r"receivable|(^|_)ar($|_)", Book.RECEIVABLE),
    (r"deferred|contract_liab|unearned", Book.DEFERRED),
    (r"recover", Book.RECOVERED),
    (r"bad_?debt|uncollectible|write_?off", Book.BAD_DEBT),
    (r"void", Book.VOIDS),
    (r"refund", Book.REFUNDS),
    (r"dispute|chargeback", Book.DISPUTES),
    (r"credit_?note|credit_?memo", Book.CREDIT_NOTES),
    (r"tax|vat|gst", Book.TAX),
    (r"balance|customer_credit", Book.CREDIT_BALANCE),
    (r"external|out_of_band|outside", Book.OUTSIDE),
    (r"revenue|sales|income", Book.REVENUE),
    (r"cash|bank|clearing|processor", Book.CASH),
)
# How the sources call accounts of the chart.
NAMES: Mapping[str, str] = {
    "1000": r"^(bank|cash|operating_bank|bank_account)$",
    "1010": r"clearing|processor(?!_fee)|stripe_balance",
    "1020": r"transit",
    "1100": r"receivable|(^|_)ar($|_)",
    "1110": r"allowance",
    "1200": r"dispute\w*_receivable|receivable\w*_dispute",
    "1210": r"reserve",
    "2000": r"tax|vat",
    "2100": r"deferred",
    "2200": r"credit_balance|customer_balance|customer_credit",
    "2310": r"refunds?_payable|in_flight",
    "2500": r"unapplied",
    "4000": r"^(revenue|subscription_revenue|sales)$",
    "4900": r"contra|refund",
    "6000": r"(processing|processor|stripe|card)?_?fees?",
    "6100": r"dispute_loss|payment_dispute|chargeback_loss",
    "6110": r"dispute\w*_fee",
    "6200": r"bad_debt",
    "6210": r"recover",
}
_MOST_PARTICULAR = ("1200", "6110", "6100", "1020", "1210", "2310", "1110", "2500", "6210", "6200")


@dataclass(frozen=True, slots=True)
class Unit:
    """A case's currency, or two digits where it has none of its own."""

    currency: str

    def money(self, value: object, field: str) -> Money:
        """Of major units."""
        text = str(value).replace(",", "").strip() if isinstance(value, str) else value
        return to_money(exactly(text, field), self.currency)

    def minor(self, value: object, field: str) -> int:
        """The same in minor units."""
        return self.money(value, field).minor

    def major(self, minor: int) -> Fraction:
        """Back to what cases write."""
        return Fraction(minor, 10 ** exponent(self.currency))


def unit_of(case: Case) -> Unit:
    """By the case's currency."""
    if re.search(r"\b0 ?(dp|dec)|whole (unit|dollar|euro)", case.rounding):
        return Unit("JPY")  # counted in whole units, whatever they are called
    named = str(case.inputs.get("currency") or case.currency or "USD")
    try:
        exponent(named)
    except ValueError:
        named = "USD"
    return Unit(named)


def day(text: object, field: str = "date") -> date:
    """The first ISO date in a text."""
    found = _DAY.search(str(text))
    if found is None:
        raise NotOffered(f"{field}: {text!r} names no day such as 2026-03-01")
    return date.fromisoformat(found[0])


def has_day(value: object) -> bool:
    """Whether a text names a day."""
    return isinstance(value, str) and _DAY.search(value) is not None


def first(row: Mapping[str, Any], *keys: str) -> Any:
    """The value of the first key that is there."""
    return next((row[key] for key in keys if row.get(key) is not None), None)


def rows_of(value: Any) -> list[Any]:
    """A list as it is, one thing as a list of one, nothing as none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_journal(wanted: Any) -> bool:
    """A list of lines with accounts."""
    return (
        isinstance(wanted, list)
        and bool(wanted)
        and all(isinstance(row, Mapping) and "account" in row for row in wanted)
    )


def book(name: str) -> Book | None:
    """Our account behind a name of a movement."""
    name = name.lower()
    return next((found for words, found in _BOOKS if re.search(words, name)), None)


def journal(entry: Iterable[JournalLine], wanted: Any, unit: Unit) -> list[dict[str, Any]]:
    """Lines of an entry by the account names that the case uses; those of one name are one line."""
    names = [str(row["account"]) for row in wanted if isinstance(row, Mapping)]
    sums: dict[str, int] = {}
    for line in entry:
        name = _named(line.account, names)
        sums[name] = sums.get(name, 0) + line.debit.minor - line.credit.minor
    return [
        {"account": name, "debit": unit.major(max(n, 0)), "credit": unit.major(max(-n, 0))}
        for name, n in sums.items()
        if n
    ]


def _named(account: str, names: list[str]) -> str:
    taken = {name for name in names if _account(name) == account}
    if taken:
        return min(taken)
    return next((name for name in names if re.search(NAMES.get(account, "^$"), name.lower())), account)


def _account(name: str) -> str:
    """The number that a name stands for: the more particular first."""
    name = name.lower()
    order = [*_MOST_PARTICULAR, *(number for number in NAMES if number not in _MOST_PARTICULAR)]
    return next((number for number in order if re.search(NAMES[number], name)), "")
