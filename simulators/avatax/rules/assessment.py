"""From a sale to its taxed lines: which place, whether nexus, whether exempt."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from simulators.avatax.rules.companies import DOCUMENT, Company
from simulators.avatax.rules.exemptions import Exemptions, freed_part
from simulators.avatax.rules.nexus import Nexuses
from simulators.avatax.rules.places import Address, Place, country_code, locate, require_complete
from simulators.avatax.rules.records import Shelf
from simulators.avatax.rules.refusal import TaxRefusal, engine
from simulators.avatax.rules.sales import (
    EXEMPTION,
    PURCHASES,
    TAX_DATE,
    TRANSFERS,
    Role,
    Sale,
    SaleLine,
    end_of,
)
from simulators.avatax.rules.spreading import discounts, rounded_by_document, with_overrides
from simulators.avatax.rules.taxability import (
    DEFAULT_TAX_CODE,
    EXEMPT_USES,
    SOFTWARE,
    TAXABLE_USES,
    category,
    taxed_share,
)
from simulators.avatax.rules.taxation import NOTHING, TaxedLine, Terms, tax_line
from simulators.avatax.rules.taxrules import TaxRules, place_by, share_by
from simulators.avatax.rules.vat import is_reverse_charged

_ALL = Decimal(1)


class Assessor:
    """Taxes sales by what the company has declared."""

    def __init__(self, nexuses: Nexuses, items: Shelf, exemptions: Exemptions, rules: TaxRules) -> None:
        self._nexuses, self._items, self._exemptions, self._rules = nexuses, items, exemptions, rules

    def assess(self, sale: Sale, company: Company) -> tuple[TaxedLine, ...]:
        """Tax every line; refuses a sale that cannot be placed."""
        if not sale.lines:
            raise TaxRefusal(
                "MissingLine",
                "Transactions must have at least one line.",
                "The CreateTransactionModel object must have an element called 'lines', with at least one "
                "valid line record.",
                "lines",
            )
        if len({line.number for line in sale.lines}) != len(sale.lines):
            raise engine("DuplicateLineNoError", "Duplicate line number", param="LineNo")
        _require_places(sale.addresses, "CreateTransactionModel")
        shares = discounts(sale)
        taxed = tuple(
            self._tax(sale, company, line, share) for line, share in zip(sale.lines, shares, strict=True)
        )
        if company.rounding == DOCUMENT:
            taxed = rounded_by_document(taxed)
        return with_overrides(sale, taxed)

    def _tax(self, sale: Sale, company: Company, line: SaleLine, discount: int) -> TaxedLine:
        _require_places(line.addresses, f"Line {line.number}")
        roles = sale.roles(line)
        destination, origin = end_of(roles, "shipTo"), end_of(roles, "shipFrom")
        if destination is None:
            raise TaxRefusal(
                "MissingAddress",
                "Transactions must have both an origin and destination address.",
                f"The line {line.number} must have both an origin and destination address.  You must either "
                "assign a 'SingleLocation' address or both a 'ShipFrom' and a 'ShipTo' address.",
                "addresses",
            )
        if not line.tax_code and line.item_code and (code := self._tax_code(company, line)):
            line = replace(line, tax_code=code)
        place, at_origin = _sourced(locate(destination), origin, line)
        date = line.override.date if line.override and line.override.kind == TAX_DATE else sale.tax_date
        levied = self._with_nexus(company, place, date)
        terms = self._terms(sale, company, line, place, origin, date, levied is not None, at_origin)
        where = levied or place
        use = (line.entity_use_code or sale.entity_use_code).upper()
        rules = self._rules.matching(company.id, place, line.tax_code, use, date)
        if rules:
            where = place_by(rules, where)
            terms = replace(terms, share=share_by(rules, terms.share))
        return tax_line(line, where, terms, discount)

    def _tax_code(self, company: Company, line: SaleLine) -> str:
        item = self._items.find(company.id, line.item_code)
        return str(item.values.get("taxCode") or "") if item else ""

    def _with_nexus(self, company: Company, place: Place, date: str) -> Place | None:
        holds = self._nexuses.holds
        if place.country == "CA":
            levies = tuple(
                levy
                for levy in place.levies
                if holds(company.id, "CA", place.region if levy.level == "State" else "", date)
            )
            return replace(place, levies=levies) if levies else None
        return place if holds(company.id, place.country, place.region, date) else None

    def _terms(
        self,
        sale: Sale,
        company: Company,
        line: SaleLine,
        place: Place,
        origin: Address | None,
        date: str,
        nexus: bool,
        at_origin: bool,
    ) -> Terms:
        purchase = sale.kind in PURCHASES
        if place.country == "US":
            tax_type = "ConsumerUse" if purchase else "Sales"
        else:
            tax_type = "Input" if purchase else "Output"
        share = taxed_share(category(line.tax_code or DEFAULT_TAX_CODE), place.country, place.region)
        if sale.kind in TRANSFERS:
            share = NOTHING  # Unconfirmed: that moving one's own goods is never taxed.
        exempt, certificate = self._exempt(sale, company, line, place, date)
        comes_from = country_code(origin.country) if origin else company.country
        reverse = not purchase and is_reverse_charged(sale, line, comes_from, place.country)
        return Terms(date, tax_type, nexus, share, exempt, reverse, at_origin, certificate)

    def _exempt(
        self, sale: Sale, company: Company, line: SaleLine, place: Place, date: str
    ) -> tuple[Decimal, int]:
        """(the part that the buyer is free of, by which certificate)."""
        overrides = (line.override, sale.override)
        if any(wish is not None and wish.kind == EXEMPTION for wish in overrides):
            return NOTHING, 0
        use = (line.entity_use_code or sale.entity_use_code).upper()
        if use in TAXABLE_USES:
            return NOTHING, 0
        if use in EXEMPT_USES or sale.exemption_no or line.exemption_code:
            return _ALL, 0
        certificate = self._exemptions.valid(company.id, sale.customer_code, place.region, date)
        return (freed_part(certificate), certificate.id) if certificate else (NOTHING, 0)


def _require_places(roles: tuple[Role, ...], element: str) -> None:
    if len(roles) > 1 and any(role == "singleLocation" for role, _ in roles):
        raise TaxRefusal(
            "AddressConflictException",
            f"You specified both a 'SingleAddress' and a different address type on the element '{element}'.",
            "When using SingleAddress mode, you may only provide one address element.",
            "addresses",
        )
    for role, address in roles:
        require_complete(role, address)


def _sourced(place: Place, origin: Address | None, line: SaleLine) -> tuple[Place, bool]:
    """Where it is taxed, and whether that is where it comes from: within some states, goods are."""
    if not place.origin or origin is None or category(line.tax_code) == SOFTWARE:
        return place, False
    start = locate(origin)
    same_state = (start.country, start.region) == (place.country, place.region)
    return (start, True) if same_state else (place, False)
