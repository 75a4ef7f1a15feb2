"""Companies and the places where they must collect tax."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.avatax.rules.places import country_code
from simulators.avatax.rules.rates import COUNTRIES, STATES
from simulators.avatax.rules.refusal import TaxRefusal, not_found

COMPANY_ID, COMPANY_CODE = 1, "DEFAULT"
OPEN_END = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Company:
    """One legal entity of the account."""

    id: int
    code: str
    name: str
    country: str
    currency: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Nexus:
    """A duty to collect in a country ("" region) or state, from first to last date, both counted."""

    id: int
    company_id: int
    country: str
    region: str
    name: str
    effective: str
    ends: str
    created_at: int


class Nexuses:
    """The declarations of every company."""

    def __init__(self) -> None:
        self._by_id: dict[int, Nexus] = {}
        self._by_place: dict[tuple[int, str, str], Nexus] = {}

    def declare(self, nexus: Nexus) -> Nexus:
        """Add one; the country must be declared before its states."""
        key = nexus.company_id, nexus.country, nexus.region
        where = f"{nexus.country} {nexus.region}".strip()
        if key in self._by_place:
            raise TaxRefusal("DuplicateNexusError", f"Nexus for {where} is declared already.", param="Nexus")
        if nexus.region and (nexus.company_id, nexus.country, "") not in self._by_place:
            raise TaxRefusal(
                "ParentNexusNotFound", f"Declare nexus in {nexus.country} before {where}.", param="Nexus"
            )
        self._by_id[nexus.id] = self._by_place[key] = nexus
        return nexus

    def of(self, company_id: int) -> list[Nexus]:
        """All of one company, in order of declaration."""
        return [nexus for nexus in self._by_id.values() if nexus.company_id == company_id]

    def withdraw(self, company_id: int, nexus_id: int, *, cascade: bool) -> list[Nexus]:
        """Remove one, and with `cascade` the states under a country; what was removed."""
        nexus = self._by_id.get(nexus_id)
        if nexus is None or nexus.company_id != company_id:
            raise not_found("Nexus", str(nexus_id))
        states = []
        if not nexus.region:
            states = [n for n in self.of(company_id) if n.country == nexus.country and n.region]
        if states and not cascade:
            raise TaxRefusal(
                "CannotDeleteParentBeforeChildNexus",
                f"Nexus in states of {nexus.country} must be removed first.",
                param="Nexus",
            )
        removed = [*states, nexus]
        for gone in removed:
            del self._by_id[gone.id]
            del self._by_place[gone.company_id, gone.country, gone.region]
        return removed

    def holds(self, company_id: int, country: str, region: str, date: str) -> bool:
        """Whether tax is due there on that date."""
        nexus = self._by_place.get((company_id, country, region))
        return nexus is not None and nexus.effective <= date <= nexus.ends


def place_name(country: str, region: str) -> tuple[str, str, str]:
    """(country, region, name) of a place this engine has rates for; UnknownNexusError of any other."""
    country, region = country_code(country), region.upper()
    # The vendor lists a country's own nexus with its country code as region, too.
    region = "" if region == country else region
    if country == "US":
        if not region:
            return country, region, "UNITED STATES OF AMERICA"
        if region in STATES:
            return country, region, STATES[region].levy.name
    elif not region and country in COUNTRIES:
        return country, region, COUNTRIES[country].name
    raise TaxRefusal("UnknownNexusError", f"No nexus is known for {country} {region}.", param="Nexus")
