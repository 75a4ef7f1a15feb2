"""A book in the syntax of hledger's journal (https://hledger.org/hledger.html#journal)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from scenarios.books.book import Balance, Book, Transaction


def written(book: Book) -> str:
    """The whole file; a month's balances are asserted by postings of nothing on its last day."""
    return "\n".join(_lines(book)) + "\n"


def _lines(book: Book) -> Iterator[str]:
    yield f"; {_plain(book.title)}"
    yield ""
    for commodity in book.commodities:
        sample = commodity.written(1000 * 10**commodity.digits)
        # A commodity without decimals is written with its mark all the same.
        yield f"commodity {sample}{'' if commodity.digits else '.'} {commodity.code}"
    yield ""
    for account in book.accounts:
        yield f"account {account}"
    yield ""
    for price in book.prices:
        yield f"P {price.on} {price.currency} {price.rate} {price.base}"
    ends: defaultdict[date, list[Balance]] = defaultdict(list)
    for balance in book.balances:
        ends[balance.on].append(balance)
    months = iter(sorted(ends))
    month = next(months, None)
    for transaction in book.transactions:
        while month is not None and transaction.on > month:
            yield from _assertions(book, month, ends[month])
            month = next(months, None)
        yield ""
        yield from _transaction(book, transaction)
    while month is not None:
        yield from _assertions(book, month, ends[month])
        month = next(months, None)


def _transaction(book: Book, each: Transaction) -> Iterator[str]:
    yield f"{each.on} * {_plain(f'{each.kind} {each.number or each.external or each.document}')}"
    tags = (
        ("document", each.document),
        ("kind", each.kind),
        ("external", each.external),
        ("period", each.period),
        ("entity", each.entity),
    )
    for name, value in tags:
        if value:
            yield f"    ; {name}:{_plain(value).replace(',', ' ')}"
    for posting in each.postings:
        amount = book.commodity(posting.currency).written(posting.minor)
        memo = f"  ; {_plain(posting.memo)}" if posting.memo else ""
        yield f"    {posting.account}  {amount} {posting.currency}{memo}"
        if posting.at:
            about = ", ".join(f"{name}:{_plain(value).replace(',', ' ')}" for name, value in posting.at)
            yield f"    ; {about}"


def _assertions(book: Book, on: date, balances: list[Balance]) -> Iterator[str]:
    yield ""
    yield f"{on} * balances at the end of {on:%Y-%m}"
    for balance in balances:
        commodity = book.commodity(balance.currency)
        nothing, held = commodity.written(0), commodity.written(balance.minor)
        yield f"    {balance.account}  {nothing} {balance.currency} = {held} {balance.currency}"


def _plain(text: str) -> str:
    """On one line, and without the marks that begin a comment or a note."""
    return " ".join(text.split()).replace(";", ",").replace("|", "/")
