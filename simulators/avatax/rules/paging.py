"""$orderby, $top and $skip: which part of a list is wanted, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from simulators.avatax.rules.filtering import Fields
from simulators.avatax.rules.refusal import TaxRefusal

PAGE_MAX = 1000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    top: int
    skip: int


def page(top: str, skip: str) -> Page:
    """At most 1,000 records from `skip` on; "" and 0 mean no wish."""
    return Page(min(_count("$top", top) or PAGE_MAX, PAGE_MAX), _count("$skip", skip))


def order(records: list[T], text: str, fields: Fields) -> list[T]:
    """By `field [ASC|DESC], …`; stable, so that pages do not overlap."""
    for term in reversed([term.split() for term in text.split(",") if term.strip()]):
        read = fields.get(term[0].lower())
        if read is None or len(term) > 2 or (term[1:] and term[1].upper() not in ("ASC", "DESC")):
            raise TaxRefusal(
                "FieldNotOrderableError", f"Cannot order by '{' '.join(term)}'.", param="$orderby"
            )
        descending = len(term) == 2 and term[1].upper() == "DESC"
        records = sorted(records, key=_sortable(read), reverse=descending)
    return records


def _sortable(read: Callable[[Any], Any]) -> Callable[[Any], tuple[int, Any]]:
    def key(record: Any) -> tuple[int, Any]:
        value = read(record)
        if value is None:
            return 0, 0
        return (1, value) if isinstance(value, int | Decimal) else (2, str(value).lower())

    return key


def _count(name: str, text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise TaxRefusal("QueryParameterOutOfRange", f"{name} must be a whole number from 0.", param=name)
    return int(text[:18])
