"""How cases of tax write the lines of a document: one price, a list, or variants of the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.finance.exact import exactly
from core.finance.tax.amounts import Extension, line_amount
from core.finance.tax.rounding import Line
from core.finance.tax.taxes import Tax
from scenarios.oracle.case import NotOffered
from scenarios.oracle.topics.pricing_reading import Units, beside, first, included, share, stack

_LISTS = (
    "lines",
    "gross_lines",
    "net_lines",
    "fees",
    "items",
    "amounts",
    "prices",
    "unit_prices",
    "products",
)
_PRICES: tuple[str, ...] = (
    "unit_price",
    "price",
    "unit_price_included",
    "price_included_amount",
    "net",
    "base",
    "amount",
)
_PRICES += (
    "gross",
    "price_with_tax",
    "price_incl",
    "gross_price",
    "amount_included",
    "price_included",
    "net_amount",
    "list_price",
    "price_unit",
    "total_included",
    "gross_amount",
    "taxable",
    "line",
    "line_amount",
    "subtotal",
)
# Of a whole line already, however many units it has.
_OF_A_LINE = frozenset(("total_included", "line_amount", "subtotal", "line_total"))
_QUANTITIES = ("qty", "quantity", "units", "count")
_DISCOUNTS = ("discount_pct", "line_discount_pct", "discount_percent")


@dataclass(frozen=True, slots=True)
class Written:
    """One line as written: unit price in minor units, exact."""

    unit: Fraction
    quantity: Fraction
    discount: Fraction
    taxes: tuple[Tax, ...]

    def line(self, key: str, extension: Extension) -> Line:
        """As the product takes it."""
        price = line_amount(self.unit, self.quantity, extension, self.discount)
        return Line(key, price, self.taxes, self.quantity)


@dataclass(frozen=True, slots=True)
class Document:
    """Lines of one document; label: of the variant, as written."""

    label: str
    lines: tuple[Written, ...]

    def worked(self, extension: Extension) -> tuple[Line, ...]:
        """As the product takes them."""
        return tuple(line.line(str(number), extension) for number, line in enumerate(self.lines))


def documents(inputs: Mapping[str, Any], units: Units) -> list[Document]:
    """One, or one a variant; NotOffered where no price is found."""
    variants = inputs.get("variants")
    if isinstance(variants, Mapping):
        return [_variant(str(name), value, inputs, units) for name, value in variants.items()]
    if isinstance(variants, list):
        return [_variant(str(value), value, inputs, units) for value in variants]
    return [Document("", tuple(_lines(inputs, units)))]


def _variant(label: str, value: Any, inputs: Mapping[str, Any], units: Units) -> Document:
    common = {key: each for key, each in inputs.items() if key != "variants"}
    if isinstance(value, Mapping):
        return Document(label, tuple(_lines({**common, **value}, units)))
    if isinstance(value, list):
        return Document(label, tuple(_lines({**common, "lines": value}, units)))
    said = re.fullmatch(r"(\d+) lines? of ([\d.]+)(?: units?)?", str(value).strip())
    if not said:
        raise NotOffered(f"variants: {value!r} is read as 'N lines of Q', an object or a list of lines only")
    line = _lines({**common, "qty": said[2]}, units)[0]
    return Document(label, (line,) * int(said[1]))


def _lines(inputs: Mapping[str, Any], units: Units) -> list[Written]:
    inside = included(inputs)
    for key in _LISTS:
        rows = inputs.get(key)
        if isinstance(rows, list):
            rows, rest = beside(rows, inputs, "price")
            taxes = stack(rest, units, inside) or ()
            inner = {k: v for k, v in rest.items() if k in _DISCOUNTS or k in _QUANTITIES}
            return [_line(row, key, inner, taxes, units, inside=inside) for row in rows]
    taxes = stack(inputs, units, inside) or ()
    line = _line(inputs, "price", {}, taxes, units, inside=inside)
    times = first(inputs, "number_of_lines", "n_lines", "line_count", "lines")
    return [line] * (int(times) if times is not None else 1)


def _line(
    row: Any, name: str, common: Mapping[str, Any], taxes: tuple[Tax, ...], units: Units, *, inside: bool
) -> Written:
    if not isinstance(row, Mapping):
        row = {"price": row}
    row = {**common, **row}
    priced = next((key for key in _PRICES if row.get(key) not in (None, True, False)), "")
    if not priced and first(row, *_QUANTITIES) is not None and row.get("rate") is not None:
        # ERPNext's word for the price of a unit; of a tax it stands without quantity.
        row, priced = {**{k: v for k, v in row.items() if k != "rate"}, "price": row["rate"]}, "price"
    price = row.get(priced)
    if price is None:
        raise NotOffered(f"{name}: a line without a price, it has {sorted(row)}; one of {_PRICES} is read")
    quantity = None if priced in _OF_A_LINE else first(row, *_QUANTITIES)
    off = next((share(row[key], key) for key in _DISCOUNTS if row.get(key) is not None), Fraction(0))
    own = _named(row, taxes)
    if own is None:
        own = stack({k: v for k, v in row.items() if k not in _PRICES}, units, inside or included(row))
    if not row.get("taxable", True) or row.get("exempt") is True:
        own = ()
    return Written(
        units.minor(price, name),
        Fraction(1) if quantity is None else exactly(quantity, "quantity"),
        off,
        taxes if own is None else own,
    )


def _named(row: Mapping[str, Any], taxes: tuple[Tax, ...]) -> tuple[Tax, ...] | None:
    """The document's codes that a line lists by name."""
    table = {tax.code: tax for tax in taxes}
    for key in ("codes", "taxes", "tax_codes", "code", "tax_code"):
        names = row.get(key)
        names = [names] if isinstance(names, str) else names
        if isinstance(names, list) and all(isinstance(name, str) and name in table for name in names):
            return tuple(table[name] for name in names)
    return None
