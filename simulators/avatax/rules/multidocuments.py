"""One sale of several companies: a document for each of them, under one code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from simulators.avatax.rules.documents import Document
from simulators.avatax.rules.filing import Filing, require_unlocked
from simulators.avatax.rules.refusal import TaxRefusal, not_found
from simulators.avatax.rules.sales import ESTIMATES, Sale
from simulators.avatax.rules.selling import Selling
from simulators.kit.clock import Clock
from simulators.kit.ids import Ids

_FIRST = 2_000_000


@dataclass(slots=True)
class MultiDocument:
    """The documents are found again by their keys, so that the current revisions are shown."""

    id: int
    code: str
    kind: str
    documents: tuple[Document, ...]
    created_at: int
    modified_at: int


class MultiDocuments:
    """By number, and by code and type; codes are the account's."""

    def __init__(self, clock: Clock, ids: Ids, filing: Filing, selling: Selling) -> None:
        self._clock, self._ids, self._filing, self._selling = clock, ids, filing, selling
        self._by_id: dict[int, MultiDocument] = {}
        self._id_of: dict[tuple[str, str], int] = {}

    def create(self, sales: list[Sale], *, allow_adjust: bool) -> MultiDocument:
        """One document a sale; all of them are taxed before one is recorded."""
        code = sales[0].code or self._filing.new_code()
        sales = [replace(sale, code=code) for sale in sales]
        kind = sales[0].kind
        known = self._id_of.get((code, kind))
        if known is not None and not allow_adjust:
            raise TaxRefusal(
                "MultiDocumentTransactionAlreadyExists",
                "A multi-document transaction with this code and type already exists.",
                "To adjust the existing transaction, please set allowAdjust to true.",
                "code",
            )
        for sale in sales:
            self._selling.check(sale, adjusting=allow_adjust)
        if allow_adjust:
            made = [self._selling.create_or_adjust(sale, "Other", "") for sale in sales]
        else:
            made = [self._selling.create(sale) for sale in sales]
        return self._kept(code, kind, made, known)

    def adjust(self, multi: MultiDocument, sales: list[Sale], reason: str, text: str) -> MultiDocument:
        """Another revision of each document; none if one of them is locked."""
        for document in multi.documents:
            require_unlocked(document)
        sales = [replace(sale, code=multi.code, kind=multi.kind) for sale in sales]
        for sale in sales:
            self._selling.check(sale, adjusting=True)
        made = [self._selling.create_or_adjust(sale, reason, text) for sale in sales]
        return self._kept(multi.code, multi.kind, made, multi.id)

    def each(self, multi: MultiDocument, act: Callable[[Document], object]) -> MultiDocument:
        """The same act on every document."""
        for document in multi.documents:
            act(document)
        multi.modified_at = self._clock.now()
        return multi

    def keep_refund(self, code: str, made: list[Document]) -> MultiDocument:
        """Refunds of all documents under one code."""
        return self._kept(code, "ReturnInvoice", made, self._id_of.get((code, "ReturnInvoice")))

    def find(self, code: str, kind: str) -> MultiDocument:
        """By code and type."""
        number = self._id_of.get((code, kind))
        if number is None:
            raise not_found("MultiDocument", f"{code}:{kind}")
        return self.get(number)

    def get(self, number: int) -> MultiDocument:
        """By number, with the current revision of each document."""
        multi = self._by_id.get(number)
        if multi is None:
            raise not_found("MultiDocument", str(number))
        current = self._filing.register.current
        multi.documents = tuple(current(*document.key) or document for document in multi.documents)
        return multi

    def all(self) -> Iterable[MultiDocument]:
        """In order of creation."""
        return [self.get(number) for number in self._by_id]

    def _kept(self, code: str, kind: str, made: list[Document], number: int | None) -> MultiDocument:
        now = self._clock.now()
        if kind in ESTIMATES:
            return MultiDocument(0, code, kind, tuple(made), now, now)
        created = self._by_id[number].created_at if number else now
        number = number or _FIRST + self._ids.count("multidocument")
        multi = MultiDocument(number, code, kind, tuple(made), created, now)
        self._by_id[number] = multi
        self._id_of[code, kind] = number
        return multi
