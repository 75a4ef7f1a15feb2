"""The account: its companies, what they declared and keep, and what is recorded for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from simulators.avatax.rules.assessment import Assessor
from simulators.avatax.rules.books import tax_books
from simulators.avatax.rules.companies import COMPANY_CODE, COMPANY_ID, Companies, Company
from simulators.avatax.rules.countries import EU_COUNTRIES
from simulators.avatax.rules.documents import Dated, Document
from simulators.avatax.rules.exemptions import Exemptions
from simulators.avatax.rules.filing import Filing
from simulators.avatax.rules.kinds import CERTIFICATE, CUSTOMER, ITEM, KINDS, LOCATION, TAX_RULE
from simulators.avatax.rules.multidocuments import MultiDocuments
from simulators.avatax.rules.nexus import Nexus, Nexuses, at_place, place_of
from simulators.avatax.rules.records import Shelf
from simulators.avatax.rules.refusal import TaxRefusal, not_found
from simulators.avatax.rules.sales import ESTIMATES
from simulators.avatax.rules.sales import KINDS as DOCUMENT_KINDS
from simulators.avatax.rules.selling import Selling
from simulators.avatax.rules.states import NEXUS_STATES
from simulators.avatax.rules.taxrules import TaxRules
from simulators.kit.clock import MINUTE
from simulators.kit.history import History
from simulators.kit.mock import Surroundings
from simulators.kit.ratelimit import Window

ACCOUNT, LICENCE = "2000000001", "TIEOUTSANDBOXLICENCE"
USER, PASSWORD = "admin@tieout.test", "TieoutSandbox1!"
BEARER = "tieout-sandbox-bearer-token"
_FIRST_NEXUS = 30_000
# The SalesInvoice first: it is meant where several share a code.
KINDS_RECORDED = tuple(kind for kind in DOCUMENT_KINDS if kind not in ESTIMATES)

# The vendor publishes neither limit.
OPTIONS = {
    "rate_per_minute": "requests of the account a minute; 0: no limit (0)",
    "concurrent_max": "requests at once; 0: no limit (0)",
}


class Sandbox:
    """The memory of one mock."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.clock, self.ids = surroundings.clock, surroundings.ids
        self.history = History(self.clock)
        self.window = Window(self.clock, surroundings.options.get("rate_per_minute", 0), MINUTE)
        self.concurrent_max = surroundings.options.get("concurrent_max", 0)
        self.under_way = 0
        self.licence = LICENCE
        self.opened_at = self.clock.now()
        self.shelves = {kind.name: Shelf(kind) for kind in KINDS}
        self.exemptions = Exemptions(self.shelves[CUSTOMER.name], self.shelves[CERTIFICATE.name])
        self.companies = Companies()
        self.nexuses = Nexuses()
        self.configuration: dict[int, dict[tuple[str, str], str]] = {}
        self.filing = Filing(self.clock, self.ids, self.history)
        rules = TaxRules(self.shelves[TAX_RULE.name])
        assessor = Assessor(self.nexuses, self.shelves[ITEM.name], self.exemptions, rules)
        locations = self.shelves[LOCATION.name]
        self.selling = Selling(self.clock, self.companies, self.filing, assessor, locations)
        self.multidocuments = MultiDocuments(self.clock, self.ids, self.filing, self.selling)
        self._open()

    def _open(self) -> None:
        now = self.opened_at
        company = Company(COMPANY_ID, COMPANY_CODE, "Default Company", "US", "USD", now, now)
        self.companies.add(replace(company, is_default=True, is_reporting_entity=True))
        states = [("US", ""), *(("US", state) for state in NEXUS_STATES)]
        for country, region in (*states, *((code, "") for code in (*EU_COUNTRIES, "GB", "JP"))):
            self.declare_nexus(COMPANY_ID, place_of(country, region))

    def __getstate__(self) -> dict[str, Any]:
        # Requests under way belong to the moment, not to what is remembered.
        return {**self.__dict__, "under_way": 0}

    def books(self) -> dict[str, list[dict[str, Any]]]:
        """The current revision of every recorded document."""
        return tax_books(self.filing.register.latest())

    def pending(self) -> int:
        """Nothing happens here on its own: no events, no jobs."""
        return 0

    def add_company(self, company: Company) -> Company:
        """One more company; it collects nowhere yet."""
        self.companies.add(company)
        self.history.note("company", str(company.id), "created", "Active", refs=(company.code,))
        return company

    def change_company(self, company_id: int, wishes: dict[str, Any]) -> Company:
        """Other values for a company."""
        company = self.companies.change(company_id, wishes, self.clock.now())
        state = "Active" if company.is_active else "Inactive"
        self.history.note("company", str(company.id), "changed", state, refs=(company.code,))
        return company

    def remove_company(self, company_id: int) -> Company:
        """Gone with all it kept; its documents can no longer be reached."""
        company = self.companies.remove(company_id)
        self.nexuses.forget(company_id)
        for shelf in self.shelves.values():
            shelf.forget(company_id)
        self.history.note("company", str(company_id), "deleted", "Deleted", refs=(company.code,))
        return company

    def declare_nexus(self, company_id: int, place: Nexus, **wishes: str) -> Nexus:
        """Collect tax there; wishes: fields of Nexus."""
        company = self.companies.get(company_id)
        number = _FIRST_NEXUS + self.ids.count("nexus")
        nexus = self.nexuses.declare(at_place(company.id, place, number, self.clock.now(), **wishes))
        self._note_nexus(company, nexus, "declared", "Active")
        return nexus

    def change_nexus(self, nexus: Nexus) -> Nexus:
        """The same declaration with other dates or kinds."""
        changed = self.nexuses.change(nexus)
        self._note_nexus(self.companies.get(nexus.company_id), changed, "changed", "Active")
        return changed

    def withdraw_nexus(self, company_id: int, nexus_id: int, *, cascade: bool) -> list[Nexus]:
        """Collect no tax there any more; what was withdrawn."""
        company = self.companies.get(company_id)
        withdrawn = self.nexuses.withdraw(company.id, nexus_id, cascade=cascade)
        for nexus in withdrawn:
            self._note_nexus(company, nexus, "withdrawn", "Deleted")
        return withdrawn

    def new_id(self, kind: str, first: int) -> int:
        """The next number of a kind of record."""
        return first + self.ids.count(kind)

    def find(self, company_code: str, code: str, kind: str) -> Document:
        """The current revision."""
        company = self.companies.by_code(company_code)
        document = self.filing.register.current(company.id, code, kind)
        if document is None:
            raise not_found("Document", f"{company.code}:{code}")
        return document

    def find_any(self, company_code: str, code: str) -> Document:
        """The current revision of that code whatever its type; of several, the SalesInvoice."""
        company = self.companies.by_code(company_code)
        current = self.filing.register.current
        found = [document for kind in KINDS_RECORDED if (document := current(company.id, code, kind))]
        if not found:
            raise not_found("Document", f"{company.code}:{code}")
        if len(found) > 1 and found[0].kind != KINDS_RECORDED[0]:
            raise TaxRefusal(
                "DocumentCodeConflict",
                "Cannot uniquely identify document",
                f"Two documents exist for the company '{company.code}' with the document code '{code}'.  "
                "Please void one of them using its ID number.",
                "documentType",
            )
        return found[0]

    def reset_licence(self) -> str:
        """A new licence key; the former one opens nothing any more."""
        self.licence = self.ids.hex("licence", 16).upper()
        self.history.note("account", ACCOUNT, "licence_reset", "Active")
        return self.licence

    def dated(self, company_code: str, first: str, last: str) -> Dated:
        """Every recorded revision dated within [first, last]; "" leaves an end open."""
        return self.filing.register.dated(self.companies.by_code(company_code).id, first, last)

    def coded(self, company_code: str, code: str) -> Iterable[Document]:
        """Every recorded revision of that code."""
        return self.filing.register.coded(self.companies.by_code(company_code).id, code)

    def _note_nexus(self, company: Company, nexus: Nexus, event: str, state: str) -> None:
        refs = (company.code, nexus.country) + ((nexus.region,) if nexus.region else ())
        self.history.note("nexus", str(nexus.id), event, state, refs=refs)
