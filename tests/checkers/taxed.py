"""Codes that lines are taxed under, and how they can be wrong."""

from dataclasses import replace

from scenarios.evidence.billing import CatalogueItem
from scenarios.evidence.run import Evidence
from scenarios.evidence.tax import TaxedItem


def _lines(w: Evidence, n: int, *lines: TaxedItem, **values: str) -> Evidence:
    documents = list(w.tax.documents)
    documents[n] = replace(documents[n], lines=lines, **values)
    return replace(w, tax=replace(w.tax, documents=tuple(documents)))


def _catalogue(w: Evidence, *items: CatalogueItem) -> Evidence:
    return replace(w, billing=replace(w.billing, products=items))


SEATS, GOODS = TaxedItem("seats", "SW052000"), TaxedItem("seats", "P0000000")
SOUND = {
    "a line of no product": lambda w: _lines(w, 0, SEATS, TaxedItem("", "P0000000")),
    "a draft that nobody committed": lambda w: _lines(w, 1, GOODS, status="Saved"),
    "a product whose code is open": lambda w: _catalogue(
        _lines(w, 0, SEATS, TaxedItem("calls", "P0000000")), *w.billing.products
    ),
}
BROKEN = {
    "an invoice as goods": lambda w: _lines(w, 0, GOODS),
    "one line of two": lambda w: _lines(w, 1, SEATS, GOODS),
    "no code at all": lambda w: _lines(w, 0, TaxedItem("seats", "")),
    "a return under another code": lambda w: _lines(w, 3, GOODS),
    "the catalogue was changed": lambda w: _catalogue(w, CatalogueItem("seats", "SP140000")),
}
