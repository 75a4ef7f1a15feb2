"""Cases of the topic tax_rounding: figures are found by their names, policies by names and texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.finance.tax.rounding import Place, TaxedDocument, cash_rounded, tax_document
from scenarios.oracle.case import Case, NotOffered
from scenarios.oracle.topics import credit_notes
from scenarios.oracle.topics.pricing_reading import Units, mode_of, units
from scenarios.oracle.topics.tax_discounts import discounts
from scenarios.oracle.topics.tax_lines import Document, documents
from scenarios.oracle.topics.tax_policies import Reading, reading
from scenarios.oracle.topics.understanding import understood

_BESIDE = frozenset(("charges", "shipping", "freight", "additional_charges", "shipping_charge"))
_CREDITS = re.compile(r"credit_note|credited")
_WITH_TAX = re.compile(r"incl|gross|grand|with_tax|with_vat|payable|amount_total|due")
_WITHOUT = re.compile(r"net|untaxed|excl|base|sub_?total|without_tax|before_tax|taxable")
_TOTAL = re.compile(r"(^|_)(total|totals|invoice|sum)(_|$)")
_TAX = re.compile(r"(^|_)(tax|taxes|vat|gst)(_|$)")
_PART = re.compile(r"per_line|each_line|per_code|per_combination|_each")
_SAYS_TOTAL = re.compile(r"total_tax|tax_total|^tax$|^taxes$|invoice_tax")


@understood
def answer(case: Case) -> Any:
    """NotOffered where the product does not have the convention."""
    if any(_CREDITS.search(name) for name in _names(case.wanted)):
        return credit_notes.answer(case)
    if beside := _BESIDE & set(case.inputs):
        raise NotOffered(
            f"{', '.join(sorted(beside))}: charges beside the lines are not spread over them here"
        )
    asked = discounts(case)
    if asked is not None:
        return asked
    unit = units(case)
    texts = [
        case.subtopic,
        case.convention,
        *(str(case.inputs[key]) for key in ("method", "rounding_method", "policy") if key in case.inputs),
    ]
    default = reading(unit, *texts)
    if "fees" in case.inputs and default == reading(unit):
        # Bills of fees have their tax rounded once, from exact amounts.
        default = default.named("document")
    return _Figures(case, unit, documents(case.inputs, unit), default).of(case.wanted, "")


class _Figures:
    """What is wanted, worked out under the policy that the names on the way to it say."""

    def __init__(self, case: Case, unit: Units, found: list[Document], default: Reading) -> None:
        self._case, self._unit, self._documents, self._default = case, unit, found, default
        # Names on whose level the whole of a figure is wanted too.
        self._parts = frozenset(_parts_of(case.wanted))

    def of(self, wanted: Any, name: str, document: Document | None = None) -> Any:
        """The same shape with figures in it."""
        if isinstance(wanted, Mapping):
            return {key: self._below(value, name, str(key), document) for key, value in wanted.items()}
        one = document or self._documents[0]
        if not isinstance(wanted, list):
            return self._unit.major(self._single(name, self._work(one, name), one))
        if len(self._documents) > 1 and document is None and len(wanted) == len(self._documents):
            return [self.of(each, name, doc) for each, doc in zip(wanted, self._documents, strict=True)]
        if wanted and isinstance(wanted[0], list):
            return self._by_line_and_code(name, wanted, one)
        return [self._unit.major(figure) for figure in self._row(name, self._work(one, name), len(wanted))]

    def _by_line_and_code(self, name: str, wanted: list[Any], document: Document) -> list[Any]:
        done = self._work(document, name)
        rows = [[self._unit.major(tax) for _, tax in line.codes] for line in done.lines]
        if [len(row) for row in rows] != [len(row) for row in wanted]:
            raise NotOffered(f"{name}: lists of lists are read as the codes of each line")
        return rows

    def _below(self, wanted: Any, name: str, key: str, document: Document | None) -> Any:
        for each in self._documents:
            if each.label == key:
                return self.of(wanted, name, each)
        one = document or self._documents[0]
        codes = {tax.code for line in one.lines for tax in line.taxes}
        if key in codes and not isinstance(wanted, Mapping | list):
            return self._unit.major(self._work(one, name or key).by_code().get(key, 0))
        return self.of(wanted, f"{name}_{key}" if name else key, document)

    def _how(self, name: str) -> Reading:
        """Of a figure that is a part of one that is wanted too, the policy is the case's, not its name's."""
        if self._is_part(name):
            mode = mode_of(name)
            return self._default if mode is None else self._default.named(mode.value)
        return self._default.named(name)

    def _is_part(self, name: str) -> bool:
        return name in self._parts

    def _work(self, document: Document, name: str) -> TaxedDocument:
        how = self._how(name)
        return tax_document(document.worked(how.extension), how.policy)

    def _single(self, name: str, done: TaxedDocument, document: Document) -> Fraction:
        if re.search(r"(^|_)unit(_|$)", name) and not re.search(r"first|round", name):
            raise NotOffered(f"{name}: how a price of one unit is rounded is not said")
        measure = self._measure(name, document)
        if measure in ("cash", "adjustment"):
            step = Fraction(10) ** self._unit.digits
            paid, adjusted = cash_rounded(done.total, step, self._unit.mode)
            return Fraction(paid if measure == "cash" else adjusted)
        if not self._is_part(name) or measure != "tax":
            return Fraction(_figure(measure, done))
        line = done.lines[0]
        if "line" not in name:
            return Fraction(next(iter(done.by_code().values())))
        single = "code" in name and self._how(name).policy.place is Place.LINE_AND_CODE
        return Fraction(line.codes[0][1] if single and line.codes else line.tax)

    def _row(self, name: str, done: TaxedDocument, count: int) -> list[Fraction]:
        measure = self._measure(name, self._documents[0])
        codes = done.by_code()
        if count == len(codes) and (count != len(done.lines) or "code" in name) and measure == "tax":
            return [Fraction(each) for each in codes.values()]
        if count != len(done.lines):
            raise NotOffered(
                f"{name}: {count} figures of {len(done.lines)} lines; one a line, code or variant is read"
            )
        return [Fraction(_figure(measure, line)) for line in done.lines]

    def _measure(self, name: str, document: Document) -> str:
        name = re.sub(r"(net|base|tax)(_rounded)?_first", "", name)
        name = re.sub(r"^(round(ed)?_)?(by|per|on)_(the_)?(total|document|invoice|line|code)$", "", name)
        taxed = any(line.taxes for line in document.lines)
        if re.search(r"rounded_(grand_)?total|rounding_adjustment", name):
            return "adjustment" if "adjustment" in name else "cash"
        if re.search(r"total_(and_|by_|per_)?(tax_)?code|(per|by)_(\w*_)?(code|combination)_total$", name):
            return "tax"
        if re.search(r"rounding_(line|difference)|difference", name):
            return "rounding"
        if _TOTAL.search(name) and not _TAX.search(name) and not _WITHOUT.search(name):
            return "total"
        if _WITH_TAX.search(name):
            return "total"
        if _WITHOUT.search(name):
            return "net"
        if _TAX.search(name):
            return "tax"
        if not taxed:
            return "net"
        said = self._case.subtopic
        return "total" if "total" in said and "tax" not in said else "tax"


def _figure(measure: str, done: Any) -> int:
    if measure == "total":
        return int(done.total if isinstance(done, TaxedDocument) else done.gross)
    if measure == "rounding":
        return int(done.rounding if isinstance(done, TaxedDocument) else 0)
    return int(done.net if measure == "net" else done.tax)


def _parts_of(wanted: Any, name: str = "") -> list[str]:
    """Names of figures that are one line's or one code's, since the whole is wanted beside them."""
    if not isinstance(wanted, Mapping):
        return []
    found = []
    apart = any(_SAYS_TOTAL.search(str(key)) for key in wanted)
    for key, value in wanted.items():
        full = f"{name}_{key}" if name else str(key)
        found += _parts_of(value, full)
        total = _SAYS_TOTAL.search(str(key)) or _TOTAL.search(str(key))
        if apart and _PART.search(str(key)) and not total:
            found.append(full)
    return found


def _names(wanted: Any, name: str = "") -> list[str]:
    if isinstance(wanted, Mapping):
        return [each for key, value in wanted.items() for each in (str(key), *_names(value, str(key)))]
    if isinstance(wanted, list):
        return [each for value in wanted for each in _names(value, name)]
    return [name]
