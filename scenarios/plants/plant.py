"""One planted discrepancy, and the few ways of altering an extract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from core.canonical.money import Money
from core.close.extract import Extract
from scenarios.plants.deal import Books, post

Amount = int | Fraction
Pick = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Plant:
    """make: clean books -> books with the discrepancy; amount: what the control must say is missing on the
    right (negative: too much), from the clean books; also: other controls that cannot but see it."""

    control: str
    cause: str
    make: Callable[[Extract], Extract]
    amount: Callable[[Extract], Amount] = lambda _clean: 0
    also: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """For people and test ids."""
        return f"{self.control} {self.cause}"


def any_row(_row: Any) -> bool:
    """Whichever comes first."""
    return True


def first(rows: tuple[Any, ...], pick: Pick = any_row) -> Any:
    """The first that fits; LookupError if none does."""
    for row in rows:
        if pick(row):
            return row
    raise LookupError("no row of the clean books fits what was to be altered")


def edit(extract: Extract, table: str, pick: Pick, **changes: Any) -> Extract:
    """The first row that fits, altered; a callable makes the new value out of the row."""
    rows = list(getattr(extract, table))
    row = first(tuple(rows), pick)
    new = {name: value(row) if callable(value) else value for name, value in changes.items()}
    rows[rows.index(row)] = replace(row, **new)
    return put(extract, table, rows)


def remove(extract: Extract, table: str, pick: Pick) -> Extract:
    """All rows that fit are gone; LookupError if there are none."""
    first(getattr(extract, table), pick)
    return put(extract, table, [row for row in getattr(extract, table) if not pick(row)])


def add(extract: Extract, table: str, *rows: Any) -> Extract:
    """More rows."""
    return put(extract, table, [*getattr(extract, table), *rows])


def again(extract: Extract, table: str, pick: Pick, **changes: Any) -> Extract:
    """The first row that fits once more, with changes."""
    return add(extract, table, replace(first(getattr(extract, table), pick), **changes))


def put(extract: Extract, table: str, rows: list[Any]) -> Extract:
    """Another table in place of the one there."""
    tables: dict[str, Any] = {table: tuple(rows)}
    return replace(extract, **tables)


def posted(
    extract: Extract, source: str, rule: str, *sides: tuple[str, Money], known: bool = True, **more: Any
) -> Extract:
    """One more balanced entry. known: whether there is an event that asks for it."""
    books = Books(list)
    post(books, source, rule, more.pop("on", extract.start), *sides, **more)
    extract = add(extract, "ledger", *books["ledger"])
    return add(extract, "posting_events", *books["posting_events"]) if known else extract


def unposted(extract: Extract, source: str, *, event_too: bool = False) -> Extract:
    """All entries of a source are gone."""
    extract = remove(extract, "ledger", lambda line: line.source == source)
    return remove(extract, "posting_events", lambda e: e.id == source) if event_too else extract


def more(amount: Money, minor: int) -> Money:
    """So many minor units more."""
    return Money(amount.minor + minor, amount.currency)


def closing(extract: Extract, account: str, minor: int) -> Extract:
    """The bank says so many minor units more."""
    return edit(
        extract,
        "bank_statements",
        lambda s: s.account == account,
        closing=lambda s: more(s.closing, minor),
    )
