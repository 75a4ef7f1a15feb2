"""A book as JSON: amounts in minor units, with the digits of each commodity beside them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from scenarios.books.book import Book

SCHEMA = "tieout-books/1"


def written(book: Book) -> str:
    """The whole file."""
    return json.dumps({"schema": SCHEMA, **asdict(book)}, default=_dated, indent=1) + "\n"


def _dated(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no part of a book")
