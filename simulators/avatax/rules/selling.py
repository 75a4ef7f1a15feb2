"""From a sale to a document: made, replaced, adjusted, refunded, its lines added to and taken away."""

from __future__ import annotations

from dataclasses import replace

from simulators.avatax.rules.assessment import Assessor
from simulators.avatax.rules.companies import Companies, Company
from simulators.avatax.rules.documents import (
    ADJUSTED,
    CANCELLED,
    COMMITTED,
    POSTED,
    SAVED,
    TEMPORARY,
    Document,
)
from simulators.avatax.rules.filing import Filing, require_unlocked
from simulators.avatax.rules.locations import with_locations
from simulators.avatax.rules.records import Shelf
from simulators.avatax.rules.refunds import RefundRequest, mirrored_lines
from simulators.avatax.rules.refusal import TaxRefusal, doc_status, engine
from simulators.avatax.rules.sales import ESTIMATES, TAX_DATE, Sale, SaleLine, TaxOverride
from simulators.kit.clock import Clock


class Selling:
    """What makes new documents and new revisions of them."""

    def __init__(
        self, clock: Clock, companies: Companies, filing: Filing, assessor: Assessor, locations: Shelf
    ) -> None:
        self._clock, self._companies, self._locations = clock, companies, locations
        self._filing, self._assessor = filing, assessor

    def create(self, sale: Sale) -> Document:
        """Tax a sale; record it unless it is an estimate. An uncommitted document is replaced."""
        company = self._company(sale)
        sale = with_locations(sale, company.id, self._locations)
        lines = self._assessor.assess(sale, company)
        if sale.kind in ESTIMATES:
            now = self._clock.now()
            code = sale.code or self._filing.new_code()
            return Document(0, code, company.id, TEMPORARY, sale, lines, now, now)
        return self._filing.record(company.id, sale, lines, replacing=self._replaceable(company, sale))

    def check(self, sale: Sale, *, adjusting: bool) -> None:
        """Refuse what `create` (or `create_or_adjust`) would refuse; nothing is recorded."""
        company = self._company(sale)
        self._assessor.assess(with_locations(sale, company.id, self._locations), company)
        if not adjusting:
            self._replaceable(company, sale)

    def create_or_adjust(self, sale: Sale, reason: str, description: str) -> Document:
        """The same, except that a committed document is adjusted."""
        company = self._company(sale)
        previous = self._filing.register.current(company.id, sale.code, sale.kind)
        if previous is None or previous.status in (SAVED, POSTED):
            return self.create(sale)
        if previous.status != COMMITTED:
            # Unconfirmed: what the vendor answers about a cancelled document.
            raise doc_status("Saved|Posted|Committed")
        return self.adjust(previous, sale, reason, description)

    def adjust(self, previous: Document, sale: Sale, reason: str, description: str) -> Document:
        """Put a new revision, version + 1, in the place of the current one."""
        _require_changeable(previous)
        if sale.kind != previous.kind:
            raise TaxRefusal(
                "CannotAdjustDocumentType",
                "Adjusting the document type is not allowed.",
                f"Document type cannot be changed from {previous.kind} to {sale.kind}.",
                "type",
            )
        sale = with_locations(replace(sale, code=previous.code), previous.company_id, self._locations)
        lines = self._assessor.assess(sale, self._companies.get(previous.company_id))
        self._filing.mark_adjusted(previous)
        return self._filing.record(
            previous.company_id, sale, lines, adjusting=previous, adjustment=(reason, description)
        )

    def refund(self, document: Document, refund: RefundRequest) -> Document:
        """Record the mirror image of a committed sale as a committed return (unconfirmed: committed)."""
        lines = mirrored_lines(document, refund)
        sale = replace(
            document.sale,
            kind="ReturnInvoice",
            code=refund.code,
            date=refund.date,
            commit=True,
            discount=-sum(line.discount for line in lines),
            reference_code=refund.reference_code,
            lines=tuple(line.source for line in lines),
            override=TaxOverride(TAX_DATE, date=document.sale.tax_date, reason="Refund"),
        )
        replacing = self._replaceable(self._companies.get(document.company_id), sale)
        return self._filing.record(
            document.company_id, sale, lines, replacing=replacing, refs=(document.code,)
        )

    def add_lines(self, document: Document, lines: tuple[SaleLine, ...], *, renumber: bool) -> Document:
        """The document with these lines, too; taxed again."""
        if not lines:
            raise _no_lines()
        taken = {line.number for line in document.sale.lines}
        for line in lines:
            if line.number in taken and not renumber:
                raise TaxRefusal(
                    "LineAlreadyExists",
                    "The line to be added has already existed.",
                    f"Line {line.number} exists. You can't add an existing line to existing transaction.",
                    "lines",
                )
        return self._relined(document, (*document.sale.lines, *lines), renumber)

    def delete_lines(self, document: Document, numbers: tuple[str, ...], *, renumber: bool) -> Document:
        """The document without these lines; taxed again."""
        if not numbers:
            raise _no_lines()
        taken = {line.number for line in document.sale.lines}
        for number in numbers:
            if number not in taken:
                raise TaxRefusal(
                    "LineDoesNotExist",
                    "The line to be removed does not exist.",
                    f"Line {number} does not exist. You can't remove a line that does not exist.",
                    "lines",
                )
        left = tuple(line for line in document.sale.lines if line.number not in set(numbers))
        return self._relined(document, left, renumber)

    def _relined(self, document: Document, lines: tuple[SaleLine, ...], renumber: bool) -> Document:
        if document.status == CANCELLED:
            raise TaxRefusal(
                "InvalidDocumentStatusToAddOrDeleteLines",
                "This document is voided, cannot add or delete lines.",
                f"The document {document.code} is voided. You cannot add or delete lines from a voided "
                "document.",
                "DocStatus",
            )
        if renumber:
            lines = tuple(replace(line, number=str(i)) for i, line in enumerate(lines, 1))
        sale = replace(document.sale, lines=lines, commit=document.status == COMMITTED, code=document.code)
        if document.status == COMMITTED:
            return self.adjust(document, sale, "Other", "Lines added or deleted")
        require_unlocked(document)
        taxed = self._assessor.assess(sale, self._companies.get(document.company_id))
        return self._filing.record(document.company_id, sale, taxed, replacing=document)

    def _company(self, sale: Sale) -> Company:
        company = self._companies.by_code(sale.company_code)
        if not company.is_active:
            raise engine(
                "InactiveCompanyError",
                "Tax operations not allowed for an inactive company",
                "Company Code is set to inactive.",
                "CompanyCode",
            )
        return company

    def _replaceable(self, company: Company, sale: Sale) -> Document | None:
        previous = self._filing.register.current(company.id, sale.code, sale.kind) if sale.code else None
        if previous is not None and previous.status not in (SAVED, POSTED):
            raise doc_status("Saved|Posted")
        return previous


def _require_changeable(document: Document) -> None:
    require_unlocked(document)
    if document.status in (CANCELLED, ADJUSTED):
        raise TaxRefusal(
            "TransactionAlreadyCancelled",
            "The transaction has already been cancelled.",
            f"The transaction '{document.code}' is already in a '{document.status}' status.",
            "DocStatus",
        )


def _no_lines() -> TaxRefusal:
    return TaxRefusal("LinesNotSpecified", "No lines were specified.", param="lines")
