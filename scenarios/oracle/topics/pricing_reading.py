"""How cases of pricing and tax write amounts, rates and stacks of taxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.canonical.errors import Held
from core.canonical.money import exponent
from core.finance.exact import Rounding, exactly, whole
from core.finance.tax.taxes import Kind, Tax
from scenarios.oracle.case import Case, NotOffered

_RATES: tuple[str, ...] = (
    "tax_pct",
    "taxes_pct",
    "taxes_included",
    "vat_pct",
    "gst_pct",
    "codes_pct",
    "rates_pct",
    "rate_pct",
)
_RATES += ("tax_pcts", "tax_rates_pct", "tax_rates", "tax_rate", "vat_rate", "taxes", "codes", "rates")
_RATES += ("jurisdictions", "rate", "tax", "vat", "tax_rows", "taxes_and_charges", "rows")
_FLAGS = ("tax_included", "price_include", "price_included", "included", "inclusive", "tax_inclusive")
_ON_TOP: tuple[str, ...] = (
    "compound",
    "on_previous",
    "base_includes_previous",
    "on_top_of_previous",
    "include_previous",
)
_ON_TOP += ("includes_previous", "compound_on_previous", "on_previous_taxes", "tax_on_tax")
_AFFECTS = ("include_base_amount", "affects_next", "in_next_base", "affects_base_of_next")
_TRUE = (True, "true", "yes")


@dataclass(frozen=True, slots=True)
class Units:
    """A case's minor unit and rounding."""

    digits: int
    mode: Rounding

    @property
    def _unit(self) -> Fraction:
        return Fraction(10) ** self.digits

    def minor(self, value: object, field: str) -> Fraction:
        """Exact, of a decimal string in major units."""
        return exactly(value, field) * self._unit

    def whole(self, value: object, field: str) -> int:
        """The same, rounded."""
        return whole(self.minor(value, field), self.mode)

    def major(self, minor: Fraction | int) -> Fraction:
        """Back to what cases write."""
        return Fraction(minor) / self._unit

    def rounded(self, minor: Fraction | int) -> Fraction:
        """To the minor unit, in major units."""
        return self.major(whole(Fraction(minor), self.mode))


def units(case: Case) -> Units:
    """Digits by the case's text or currency, else two; Held for a currency without an exponent."""
    said = re.search(r"(\d+)\s*dp", case.rounding)
    currency = case.inputs.get("currency")
    if isinstance(currency, str):
        try:
            digits = exponent(currency)
        except ValueError as error:
            if not said:
                raise Held(str(error)) from None
            digits = int(said[1])
    else:
        digits = int(said[1]) if said else 2
    return Units(digits, mode_of(case.rounding) or Rounding.HALF_UP)


def mode_of(text: str) -> Rounding | None:
    """The rounding that a text names."""
    text = text.lower().replace("-", "_").replace(" ", "_")
    if "half_even" in text or "banker" in text:
        return Rounding.HALF_EVEN
    if "half_up" in text or "normal" in text or "half_away" in text:
        return Rounding.HALF_UP
    if re.search(r"(^|_)(down|downward|truncat\w*|floor|towards_zero)", text):
        return Rounding.DOWN
    return Rounding.UP if re.search(r"(^|_)(up|upward|rounding_up|ceil\w*)(_|\(|,|$)", text) else None


def share(value: object, field: str) -> Fraction:
    """A percent as a share: "5.5" is 55/1000; a rate below one that is not called percent is one already."""
    number = exactly(_plain(value), field)
    if "pct" not in field and "percent" not in field and not str(value).endswith("%") and abs(number) < 1:
        return number
    return number / 100


def first(inputs: Mapping[str, Any], *keys: str) -> Any:
    """The value of the first key that is there."""
    return next((inputs[key] for key in keys if inputs.get(key) is not None), None)


def included(inputs: Mapping[str, Any]) -> bool:
    """Whether prices have tax in them, as flags and names of keys say."""
    if any(inputs.get(flag) in _TRUE for flag in _FLAGS):
        return True
    return any(
        "included" in key or "inclusive" in key or key.startswith("gross_") for key in inputs if inputs[key]
    )


def stack(inputs: Mapping[str, Any], units_: Units, inside: bool | None = None) -> tuple[Tax, ...] | None:
    """The taxes that an object names; None where it names none."""
    inside = included(inputs) if inside is None else inside
    for key in (*_RATES, *(key for key in inputs if _is_rate(key))):
        value = inputs.get(key)
        if value is None or isinstance(value, bool):
            continue
        compound = inputs.get("compound") in _TRUE
        said = str(first(inputs, "tax_type", "amount_type", "tax_computation") or key).lower()
        kind = Kind.DIVISION if "division" in said else Kind.PERCENT
        return tuple(_taxes(value, key, units_, inside=inside, compound=compound, kind=kind))
    return None


def beside(rows: list[Any], inputs: Mapping[str, Any], price: str) -> tuple[list[Any], dict[str, Any]]:
    """Rows with the rates that stand beside them in a list as long; and the inputs without that list."""
    for key, rates in inputs.items():
        if not isinstance(rates, list) or len(rates) != len(rows) or len(rows) < 2:
            continue
        if not re.match(r"(tax|vat|gst)_(pcts?|rates?)(_pct)?(_per_(fee|line))?$", key):
            continue
        objects = [dict(row) if isinstance(row, Mapping) else {price: row} for row in rows]
        # Keys as the reader of rates knows them.
        zipped = [{**row, "tax_pct": rate} for row, rate in zip(objects, rates, strict=True)]
        return zipped, {name: value for name, value in inputs.items() if name != key}
    return rows, dict(inputs)


def _is_rate(key: str) -> bool:
    return bool(re.match(r"(tax|vat|gst)\w*_(pct|percent|rate)(_included|_inclusive|_excluded)?$", key))


def _taxes(value: Any, key: str, units_: Units, *, inside: bool, compound: bool, kind: Kind) -> Iterator[Tax]:
    rows: Sequence[tuple[str, Any]]
    if isinstance(value, Mapping):
        rows = [("", value)] if _rate_of(value) is not None else [(str(k), v) for k, v in value.items()]
    elif isinstance(value, list):
        rows = [("", each) for each in value]
    else:
        rows = [("", value)]
    # Of a stack, all are percents if one is: 6.25 beside 0.5.
    percents = any(not isinstance(row, Mapping) and exactly(_plain(row), key) >= 1 for _, row in rows)
    key = f"{key}_pct" if percents else key
    taken: set[str] = set()
    codes: list[str] = []
    raised = False
    for number, (name, row) in enumerate(rows):
        if isinstance(row, Mapping):
            tax = _on_row(_tax(row, name, units_, inside=inside), row, codes)
            tax = replace(tax, compound=tax.compound or raised)
            # What a tax takes is in the base of those after it.
            raised = raised or first(row, *_AFFECTS) in _TRUE
        else:
            tax = Tax(name, share(row, key), kind, inside, compound and number > 0)
        code = tax.code or rate_name(tax.rate)
        code = code if code not in taken else f"{code} ({number + 1})"
        taken.add(code)
        codes.append(code)
        yield replace(tax, code=code)


def rate_name(rate: Fraction) -> str:
    """The percent of a share as cases write it: the code of a tax that has no other."""
    percent = rate * 100
    return (
        str(percent.numerator)
        if percent.denominator == 1
        else f"{Decimal(percent.numerator) / percent.denominator:f}"
    )


def _plain(row: object) -> object:
    return row.rstrip(" %") if isinstance(row, str) else row


def _rate_of(row: Mapping[str, Any]) -> tuple[str, Any] | None:
    keys = (
        "pct",
        "rate_pct",
        "tax_pct",
        "percent",
        "rate",
        "amount",
        "fixed",
        "amount_per_unit",
        "division_pct",
    )
    return next(((key, row[key]) for key in keys if key in row), None)


def _on_row(tax: Tax, row: Mapping[str, Any], codes: Sequence[str]) -> Tax:
    """On the previous row's total is compound; on its amount, a share of that tax or of one named."""
    said = str(first(row, "charge_type", "type", "on", "base") or "").lower().replace(" ", "_")
    if "previous_row_total" in said:
        return replace(tax, compound=True)
    named = first(row, "of", "row", "row_id", "share_of")
    if "previous_row_amount" not in said and named is None:
        return tax
    of = codes[-1] if codes else ""
    if named is not None:
        of = codes[int(named) - 1] if str(named).isdigit() and 0 < int(named) <= len(codes) else str(named)
    return replace(tax, of=of)


def _tax(row: Mapping[str, Any], name: str, units_: Units, *, inside: bool) -> Tax:
    found = _rate_of(row)
    if found is None:
        raise Held(f"taxes: {dict(row)} has no rate; give pct", owner="tax")
    key, value = found
    kind = Kind.PERCENT
    said = str(first(row, "type", "kind", "amount_type") or "").lower()
    if "actual" in said:
        raise NotOffered("taxes: an actual amount, spread over the lines, is not offered")
    if "div" in said or key == "division_pct":
        kind = Kind.DIVISION
    elif "fix" in said or key in ("fixed", "amount_per_unit"):
        kind = Kind.FIXED
    fixed = kind is Kind.FIXED
    unread = [key for key, each in row.items() if each is True and key not in (*_FLAGS, *_ON_TOP, *_AFFECTS)]
    if unread:
        raise NotOffered(f"taxes: {unread[0]} of a tax is not read")
    return Tax(
        str(first(row, "code", "name", "jurisdiction", "id") or name),
        units_.minor(value, key) if fixed else share(value, "pct" if key == "amount" else key),
        kind,
        included(row) if any(flag in row for flag in _FLAGS) else inside,
        first(row, *_ON_TOP) in _TRUE,
        str(first(row, "jurisdiction", "level") or ""),
    )
