"""The account: its companies, where they collect tax, and what is recorded for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from simulators.avatax.rules.assessment import assess
from simulators.avatax.rules.books import tax_books
from simulators.avatax.rules.companies import (
    COMPANY_CODE,
    COMPANY_ID,
    OPEN_END,
    Company,
    Nexus,
    Nexuses,
    place_name,
)
from simulators.avatax.rules.documents import (
    CANCELLED,
    COMMITTED,
    ESTIMATES,
    POSTED,
    SAVED,
    TEMPORARY,
    Document,
    Sale,
)
from simulators.avatax.rules.filing import Filing, require_unlocked
from simulators.avatax.rules.rates import EU_COUNTRIES, STATES
from simulators.avatax.rules.refunds import RefundRequest, mirrored_lines
from simulators.avatax.rules.refusal import TaxRefusal, doc_status, not_found
from simulators.kit.clock import MINUTE
from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.kit.ratelimit import Window

ACCOUNT, LICENCE = "2000000001", "TIEOUTSANDBOXLICENCE"
_FIRST_NEXUS = 30_000


class Sandbox:
    """The memory of one mock.

    options: rate_per_minute: requests of the account per minute (0: no limit; the vendor publishes none).
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self.clock, self.ids = surroundings.clock, surroundings.ids
        self.history = History(self.clock)
        self.window = Window(self.clock, surroundings.options.get("rate_per_minute", 0), MINUTE)
        self.filing = Filing(self.clock, self.ids, self.history)
        self.nexuses = Nexuses()
        now = self.clock.now()
        self.companies = (Company(COMPANY_ID, COMPANY_CODE, "Default Company", "US", "USD", now),)
        self._by_code = {company.code: company for company in self.companies}
        self._by_id = {company.id: company for company in self.companies}
        states = [("US", ""), *(("US", state) for state in STATES)]
        for country, region in (*states, *((code, "") for code in (*EU_COUNTRIES, "GB", "JP"))):
            self.declare_nexus(COMPANY_ID, country, region)

    def books(self) -> dict[str, list[dict[str, Any]]]:
        """The current revision of every recorded document."""
        return tax_books(self.filing.register.latest())

    def pending(self) -> int:
        """Nothing happens here on its own: no events, no jobs."""
        return 0

    def company(self, company_id: int) -> Company:
        """By number."""
        company = self._by_id.get(company_id)
        if company is None:
            raise not_found("Company", str(company_id))
        return company

    def company_by_code(self, code: str) -> Company:
        """By code, in any case; none given means the account's default company."""
        company = self._by_code.get(code.upper() or COMPANY_CODE)
        if company is None:
            raise not_found("Company", code)
        return company

    def declare_nexus(
        self, company_id: int, country: str, region: str, effective: str = "1900-01-01", ends: str = OPEN_END
    ) -> Nexus:
        """Collect tax there, from the first to the last date."""
        company = self.company(company_id)
        country, region, name = place_name(country, region)
        number = _FIRST_NEXUS + self.ids.count("nexus")
        nexus = self.nexuses.declare(
            Nexus(number, company.id, country, region, name, effective, ends, self.clock.now())
        )
        self._note_nexus(company, nexus, "declared", "Active")
        return nexus

    def withdraw_nexus(self, company_id: int, nexus_id: int, *, cascade: bool) -> list[Nexus]:
        """Collect no tax there any more; what was withdrawn."""
        company = self.company(company_id)
        withdrawn = self.nexuses.withdraw(company.id, nexus_id, cascade=cascade)
        for nexus in withdrawn:
            self._note_nexus(company, nexus, "withdrawn", "Deleted")
        return withdrawn

    def create(self, sale: Sale) -> Document:
        """Tax a sale; record it unless it is an estimate. An uncommitted document is replaced."""
        company = self.company_by_code(sale.company_code)
        lines = assess(sale, company, self.nexuses)
        if sale.kind in ESTIMATES:
            now = self.clock.now()
            code = sale.code or self.filing.new_code()
            return Document(0, code, company.id, TEMPORARY, sale, lines, now, now)
        return self.filing.record(company.id, sale, lines, replacing=self._replaceable(company, sale))

    def create_or_adjust(self, sale: Sale, reason: str, description: str) -> Document:
        """The same, except that a committed document is adjusted."""
        company = self.company_by_code(sale.company_code)
        previous = self.filing.register.current(company.id, sale.code, sale.kind)
        if previous is None or previous.status in (SAVED, POSTED):
            return self.create(sale)
        if previous.status != COMMITTED:
            # Unconfirmed: what the vendor answers about a cancelled document.
            raise doc_status("Saved|Posted|Committed")
        return self.adjust(previous, sale, reason, description)

    def adjust(self, previous: Document, sale: Sale, reason: str, description: str) -> Document:
        """Put a new revision, version + 1, in the place of the current one."""
        require_unlocked(previous)
        if previous.status == CANCELLED:
            raise TaxRefusal(
                "TransactionAlreadyCancelled",
                "A cancelled transaction cannot be adjusted.",
                param="DocStatus",
            )
        if sale.kind != previous.kind:
            raise TaxRefusal(
                "CannotAdjustDocumentType", f"A {previous.kind} stays a {previous.kind}.", param="type"
            )
        sale = replace(sale, code=previous.code)
        lines = assess(sale, self.company(previous.company_id), self.nexuses)
        self.filing.mark_adjusted(previous)
        return self.filing.record(
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
            reference_code=refund.reference_code,
            lines=tuple(line.source for line in lines),
        )
        replacing = self._replaceable(self.company(document.company_id), sale)
        return self.filing.record(
            document.company_id, sale, lines, replacing=replacing, refs=(document.code,)
        )

    def find(self, company_code: str, code: str, kind: str) -> Document:
        """The current revision."""
        company = self.company_by_code(company_code)
        document = self.filing.register.current(company.id, code, kind)
        if document is None:
            raise not_found("Document", f"{company.code}:{code}")
        return document

    def dated(self, company_code: str, first: str, last: str) -> Iterator[Document]:
        """Every recorded revision dated within [first, last]; "" leaves an end open."""
        return self.filing.register.dated(self.company_by_code(company_code).id, first, last)

    def _replaceable(self, company: Company, sale: Sale) -> Document | None:
        previous = self.filing.register.current(company.id, sale.code, sale.kind) if sale.code else None
        if previous is not None and previous.status not in (SAVED, POSTED):
            raise doc_status("Saved|Posted")
        return previous

    def _note_nexus(self, company: Company, nexus: Nexus, event: str, state: str) -> None:
        refs = (company.code, nexus.country) + ((nexus.region,) if nexus.region else ())
        self.history.note("nexus", str(nexus.id), event, state, refs=refs)
