"""A run's ledger as a book: accounts, commodities, a transaction per document, month-end balances, prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from unicodedata import normalize

from core.canonical.money import exponent
from core.finance.calendar import add_months, last_day
from core.finance.ledger.chart import ACCOUNTS, Kind
from scenarios.evidence.erp import ErpBooks, LedgerLine, LegalEntity

_ROOTS = {
    Kind.ASSET: "Assets",
    Kind.LIABILITY: "Liabilities",
    Kind.EQUITY: "Equity",
    Kind.INCOME: "Income",
    Kind.EXPENSE: "Expenses",
}
# What a posting is about, as the tools' tags are called.
DIMENSIONS = ("department", "product", "location", "customer", "contract")
# The lists of documents by kind.
_DOCUMENTS = {
    "invoice": "invoices",
    "customerPayment": "receipts",
    "creditMemo": "credit_memos",
    "customerRefund": "refunds",
    "journalEntry": "journals",
    "customerDeposit": "deposits",
    "depositApplication": "deposit_uses",
}


@dataclass(frozen=True, slots=True)
class Commodity:
    """digits: after the point."""

    code: str
    digits: int

    def written(self, minor: int) -> str:
        """In major units with all digits."""
        sign, whole = "-" if minor < 0 else "", f"{abs(minor):0{self.digits + 1}d}"
        return f"{sign}{whole[: -self.digits]}.{whole[-self.digits :]}" if self.digits else f"{sign}{whole}"


@dataclass(frozen=True, slots=True)
class Posting:
    """account: as the tools write it; minor: a debit is positive; at: dimensions by name."""

    account: str
    minor: int
    currency: str
    memo: str
    at: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Transaction:
    """One document of the ledger."""

    on: date
    kind: str
    document: str
    external: str
    number: str
    period: str
    entity: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds when the day `on` has ended."""

    on: date
    account: str
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Price:
    """From `on`, one of `currency` is `rate` (a decimal string) of `base`."""

    on: date
    currency: str
    base: str
    rate: str


@dataclass(frozen=True, slots=True)
class Book:
    """All of it, in order of time. opened: the day before anything is posted."""

    title: str
    opened: date
    base: tuple[str, ...]
    accounts: tuple[str, ...]
    commodities: tuple[Commodity, ...]
    transactions: tuple[Transaction, ...]
    balances: tuple[Balance, ...]
    prices: tuple[Price, ...]

    def commodity(self, code: str) -> Commodity:
        """By its code."""
        return next(each for each in self.commodities if each.code == code)


def book_of(erp: ErpBooks, title: str, *, in_base: bool = False) -> Book:
    """The book of a run. in_base: in the currency of each entity's own books, with FX differences, instead
    of the currency of each document.

    KeyError for an account that the chart does not have; ValueError for a currency without an exponent.
    """
    names = _entity_names(erp.entities)
    lines = erp.base_ledger if in_base else erp.ledger
    transactions = tuple(_transactions(erp, lines, names))
    first = min((each.on for each in transactions), default=date(2026, 1, 1))
    used = sorted({posting.account for each in transactions for posting in each.postings})
    codes = {posting.currency for each in transactions for posting in each.postings}
    bases = tuple(sorted({entity.currency for entity in erp.entities} or codes))
    prices = tuple(
        Price(date.fromisoformat(rate.date), rate.currency, rate.base, rate.rate)
        for rate in sorted(erp.rates, key=lambda rate: (rate.date, rate.currency, rate.base))
        if rate.currency in codes
    )
    codes |= {price.base for price in prices}
    return Book(
        title=title,
        opened=min([first - timedelta(days=1), *(price.on for price in prices)]),
        base=bases,
        accounts=tuple(used),
        commodities=tuple(Commodity(code, exponent(code)) for code in sorted(codes)),
        transactions=transactions,
        balances=tuple(month_ends(transactions)),
        prices=prices,
    )


def month_ends(transactions: Sequence[Transaction]) -> Iterable[Balance]:
    """Of every account and currency that was ever posted to, at the end of each month up to the last."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    month: date | None = None
    for transaction in transactions:
        while month is not None and transaction.on > month:
            yield from _standing(sums, month)
            month = last_day(add_months(month.replace(day=1), 1))
        month = month or last_day(transaction.on)
        for posting in transaction.postings:
            sums[posting.account, posting.currency] += posting.minor
    if month is not None:
        yield from _standing(sums, month)


def _standing(sums: dict[tuple[str, str], int], on: date) -> Iterable[Balance]:
    for (account, currency), minor in sorted(sums.items()):
        yield Balance(on, account, minor, currency)


def _transactions(erp: ErpBooks, lines: Sequence[LedgerLine], names: dict[str, str]) -> Iterable[Transaction]:
    documents: dict[tuple[str, str], Any] = {
        (kind, row.id): row for kind, name in _DOCUMENTS.items() for row in getattr(erp, name)
    }
    ordered = sorted(lines, key=lambda line: (line.date, int(line.document), line.kind))
    for (on, document, kind), found in groupby(
        ordered, key=lambda line: (line.date, line.document, line.kind)
    ):
        group = list(found)
        row = documents.get((kind, document))
        entity = names.get(group[0].entity, "Company")
        yield Transaction(
            on=date.fromisoformat(on),
            kind=kind,
            document=document,
            external=getattr(row, "external", ""),
            number=getattr(row, "number", ""),
            period=group[0].period,
            entity=entity,
            postings=tuple(
                Posting(
                    account_name(line.account, entity),
                    line.debit - line.credit,
                    line.currency,
                    line.memo,
                    tuple((name, value) for name in DIMENSIONS if (value := getattr(line, name))),
                )
                for line in group
            ),
        )


def account_name(number: str, entity: str) -> str:
    """ "Assets:Parent-Company:1100-Accounts-Receivable": parts that both tools take."""
    account = ACCOUNTS[number]
    return f"{_ROOTS[account.kind]}:{entity}:{number}-{_part(account.name)}"


def _entity_names(entities: Iterable[LegalEntity]) -> dict[str, str]:
    return {entity.id: _part(entity.name) for entity in entities}


def _part(name: str) -> str:
    plain = "".join(letter for letter in normalize("NFKD", name) if letter.isascii())
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(word[0].upper() + word[1:] for word in words) or "Company"
