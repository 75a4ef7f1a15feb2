"""A book in the syntax of Beancount (https://beancount.github.io/docs/beancount_language_syntax.html)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scenarios.books.book import Book, Transaction


def written(book: Book) -> str:
    """The whole file. Assertions are exact: the tool's own tolerance would let a cent pass."""
    return "\n".join(_lines(book)) + "\n"


def _lines(book: Book) -> Iterator[str]:
    yield f'option "title" "{_quoted(book.title)}"'
    for code in book.base:
        yield f'option "operating_currency" "{code}"'
    yield ""
    for commodity in book.commodities:
        yield f"{book.opened} commodity {commodity.code}"
        yield f"  exponent: {commodity.digits}"
    yield ""
    for account in book.accounts:
        yield f"{book.opened} open {account}"
    yield ""
    for price in book.prices:
        yield f"{price.on} price {price.currency} {price.rate} {price.base}"
    for transaction in book.transactions:
        yield ""
        yield from _transaction(book, transaction)
    yield ""
    for balance in book.balances:
        # A balance is asserted at the beginning of a day.
        on = balance.on + timedelta(days=1)
        amount = book.commodity(balance.currency).written(balance.minor)
        yield f"{on} balance {balance.account} {amount} ~ 0 {balance.currency}"


def _transaction(book: Book, each: Transaction) -> Iterator[str]:
    title = f"{each.kind} {each.number or each.external or each.document}"
    yield f'{each.on} * "{_quoted(title)}" #{each.kind}'
    for name, value in (
        ("document", each.document),
        ("external", each.external),
        ("period", each.period),
        ("entity", each.entity),
    ):
        if value:
            yield f'  {name}: "{_quoted(value)}"'
    for posting in each.postings:
        amount = book.commodity(posting.currency).written(posting.minor)
        yield f"  {posting.account}  {amount} {posting.currency}"
        if posting.memo:
            yield f'    memo: "{_quoted(posting.memo)}"'
        for name, value in posting.at:
            yield f'    {name}: "{_quoted(value)}"'


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
