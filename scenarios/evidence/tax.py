"""The documents of the tax engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaxedItem:
    """A line as it was asked for: of which product, under which code of the engine's."""

    item: str
    tax_code: str


@dataclass(frozen=True, slots=True)
class TaxDocument:
    """code: the caller's document code; kind: SalesInvoice or ReturnInvoice (amounts then negative)."""

    id: str
    code: str
    kind: str
    status: str
    currency: str
    date: str
    net: int
    tax: int
    created_at: int
    lines: tuple[TaxedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxBooks:
    """AvaTax."""

    documents: tuple[TaxDocument, ...] = ()
