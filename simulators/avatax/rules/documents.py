"""Tax documents: their life as a table, and the register in which they are found again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulators.avatax.rules.refusal import not_found
from simulators.avatax.rules.sales import Sale
from simulators.avatax.rules.taxation import TaxedLine

TEMPORARY, SAVED, POSTED = "Temporary", "Saved", "Posted"
COMMITTED, CANCELLED, ADJUSTED = "Committed", "Cancelled", "Adjusted"

MAY = {
    SAVED: frozenset({POSTED, COMMITTED, CANCELLED, ADJUSTED}),
    POSTED: frozenset({COMMITTED, CANCELLED, ADJUSTED}),
    COMMITTED: frozenset({SAVED, CANCELLED, ADJUSTED}),
    CANCELLED: frozenset({SAVED, POSTED, COMMITTED}),
    ADJUSTED: frozenset[str](),
}

ADJUSTMENT_REASONS = (
    "NotAdjusted",
    "SourcingIssue",
    "ReconciledWithGeneralLedger",
    "ExemptCertApplied",
    "PriceAdjusted",
    "ProductReturned",
    "ProductExchanged",
    "BadDebt",
    "Other",
    "Offline",
)


@dataclass(slots=True)
class Document:
    """One revision of a tax document; amounts in minor units; moments in microseconds.

    total is the amount before tax and discount; taxable + exempt + discount = total. created_at: of the
    code's first revision.
    """

    id: int
    code: str
    company_id: int
    status: str
    sale: Sale
    lines: tuple[TaxedLine, ...]
    created_at: int
    modified_at: int
    version: int = 1
    locked: bool = False
    adjustment_reason: str = "NotAdjusted"
    adjustment_description: str = ""
    status_before_void: str = ""
    total: int = field(init=False)
    tax: int = field(init=False)
    taxable: int = field(init=False)
    exempt: int = field(init=False)
    discount: int = field(init=False)

    def __post_init__(self) -> None:
        self.total = sum(line.amount for line in self.lines)
        self.tax = sum(line.tax for line in self.lines)
        self.taxable = sum(line.taxable for line in self.lines)
        self.exempt = sum(line.exempt for line in self.lines)
        self.discount = sum(line.discount for line in self.lines)

    @property
    def kind(self) -> str:
        return self.sale.kind

    @property
    def key(self) -> tuple[int, str, str]:
        """What makes a document unique: company, code and type."""
        return self.company_id, self.code, self.sale.kind


@dataclass(frozen=True, slots=True)
class Dated:
    """A stretch of the documents by date, of which any page is had without reading the rest."""

    _by_id: dict[int, Document]
    _dates: list[tuple[str, int]]
    _start: int
    _end: int

    def __len__(self) -> int:
        return self._end - self._start

    def __iter__(self) -> Iterator[Document]:
        return iter(self.part(0, len(self)))

    def part(self, skip: int, top: int) -> list[Document]:
        """`top` documents after `skip` others."""
        start = self._start + skip
        return [self._by_id[number] for _, number in self._dates[start : min(start + top, self._end)]]


class Register:
    """Every revision by number, the current one by company, code and type, all of them by date and code."""

    def __init__(self) -> None:
        self._by_id: dict[int, Document] = {}
        self._current: dict[tuple[int, str, str], Document] = {}
        self._by_date: dict[int, list[tuple[str, int]]] = {}
        self._by_code: dict[tuple[int, str], dict[int, None]] = {}

    def current(self, company_id: int, code: str, kind: str) -> Document | None:
        """The latest revision, if there is one."""
        return self._current.get((company_id, code, kind))

    def by_id(self, document_id: int) -> Document:
        """Any revision by its number."""
        document = self._by_id.get(document_id)
        if document is None:
            raise not_found("Transaction", str(document_id))
        return document

    def add(self, document: Document) -> None:
        """A new revision, current from now on; one with a known number takes that one's place."""
        old = self._by_id.get(document.id)
        if old is not None:
            self._forget_date(old)
        self._by_id[document.id] = document
        self._current[document.key] = document
        insort(self._by_date.setdefault(document.company_id, []), (document.sale.date, document.id))
        self._by_code.setdefault((document.company_id, document.code.lower()), {})[document.id] = None

    def rename(self, document: Document, code: str) -> None:
        """Give the current revision another code."""
        del self._current[document.key]
        del self._by_code[document.company_id, document.code.lower()][document.id]
        document.code = code
        self._current[document.key] = document
        self._by_code.setdefault((document.company_id, code.lower()), {})[document.id] = None

    def latest(self) -> Iterator[Document]:
        """The current revision of each document, in order of recording."""
        yield from self._current.values()

    def dated(self, company_id: int, first: str, last: str) -> Dated:
        """Every revision dated within [first, last], by date and number; "" leaves an end open."""
        dates = self._by_date.get(company_id, [])
        start = bisect_left(dates, (first, 0)) if first else 0
        end = bisect_right(dates, (last, 1 << 62)) if last else len(dates)
        return Dated(self._by_id, dates, start, max(start, end))

    def coded(self, company_id: int, code: str) -> list[Document]:
        """Every revision of that code, in any case and of any type, by date and number."""
        found = self._by_code.get((company_id, code.lower()), {})
        return sorted((self._by_id[number] for number in found), key=lambda d: (d.sale.date, d.id))

    def _forget_date(self, document: Document) -> None:
        dates = self._by_date[document.company_id]
        del dates[bisect_left(dates, (document.sale.date, document.id))]
