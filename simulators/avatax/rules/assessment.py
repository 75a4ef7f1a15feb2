"""From a sale to its taxed lines: which place, whether nexus, whether exempt."""

from __future__ import annotations

from simulators.avatax.rules.companies import Company, Nexuses
from simulators.avatax.rules.documents import Sale
from simulators.avatax.rules.places import locate, require_complete
from simulators.avatax.rules.refusal import TaxRefusal, engine
from simulators.avatax.rules.taxation import EXEMPT_USES, SaleLine, TaxedLine, tax_line


def assess(sale: Sale, company: Company, nexuses: Nexuses) -> tuple[TaxedLine, ...]:
    """Tax every line at its destination; refuses a sale that cannot be placed."""
    if not sale.lines:
        raise TaxRefusal("MissingLine", "Documents must have at least one line.", param="lines")
    if len({line.number for line in sale.lines}) != len(sale.lines):
        raise engine("DuplicateLineNoError", "Duplicate line number", param="LineNo")
    for role, address in sale.addresses:
        require_complete(role, address)
    by_role = dict(sale.addresses)
    destination = by_role.get("shipTo") or by_role.get("singleLocation")
    general = locate(destination) if destination else None
    taxed = []
    for line in sale.lines:
        place = general
        if line.address is not None:
            require_complete("shipTo", line.address)
            place = locate(line.address)
        if place is None:
            raise TaxRefusal("MissingAddress", "A line needs a destination address.", param="addresses")
        nexus = nexuses.holds(company.id, place.country, place.region, sale.date)
        taxed.append(tax_line(line, place, nexus=nexus, exempt=_exempt(sale, line)))
    return tuple(taxed)


def _exempt(sale: Sale, line: SaleLine) -> bool:
    if sale.exemption_no or line.exemption_code:
        return True
    return (line.entity_use_code or sale.entity_use_code).upper() in EXEMPT_USES
