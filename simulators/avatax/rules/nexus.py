"""Where a company must collect tax."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulators.avatax.rules.countries import COUNTRIES, PROVINCES
from simulators.avatax.rules.places import country_code
from simulators.avatax.rules.refusal import TaxRefusal, not_found
from simulators.avatax.rules.states import STATES

OPEN_END = "9999-12-31"
ALWAYS = "1900-01-01"
NEXUS_TYPES = ("None", "SalesOrSellersUseTax", "SalesTax", "SSTVolunteer", "SSTNonVolunteer")
LOCAL_TYPES = ("Selected", "StateAdministered", "All")


@dataclass(frozen=True, slots=True)
class Nexus:
    """A duty to collect in a country ("" region) or state, from first to last date, both counted."""

    id: int
    company_id: int
    country: str
    region: str
    code: str
    name: str
    effective: str = ALWAYS
    ends: str = OPEN_END
    created_at: int = 0
    modified_at: int = 0
    kind: str = "SalesOrSellersUseTax"
    local_kind: str = "All"
    tax_id: str = ""
    permanent: bool = True

    def holds_on(self, date: str) -> bool:
        """Whether that date lies in it."""
        return self.effective <= date <= self.ends and self.kind != "None"


class Nexuses:
    """The declarations of every company."""

    def __init__(self) -> None:
        self._by_id: dict[int, Nexus] = {}
        self._by_place: dict[tuple[int, str, str], tuple[Nexus, ...]] = {}

    def declare(self, nexus: Nexus) -> Nexus:
        """Add one; the country must be declared before its states."""
        _require_order(nexus)
        key = nexus.company_id, nexus.country, nexus.region
        if any(_overlap(other, nexus) for other in self._by_place.get(key, ())):
            raise _duplicate(nexus)
        if nexus.region and not self._by_place.get((nexus.company_id, nexus.country, "")):
            raise TaxRefusal(
                "ParentNexusNotFound",
                f"Nexus for {nexus.country} {nexus.region} has no parent nexus.",
                f"Declare nexus in {nexus.country} before {nexus.region}.",
                "Nexus",
            )
        self._put(nexus)
        return nexus

    def change(self, nexus: Nexus) -> Nexus:
        """The same declaration with other dates and kinds; its place stays."""
        old = self.get(nexus.company_id, nexus.id)
        _require_order(nexus)
        key = old.company_id, old.country, old.region
        if any(other.id != old.id and _overlap(other, nexus) for other in self._by_place[key]):
            raise _duplicate(nexus)
        self._drop(old)
        self._put(nexus)
        return nexus

    def get(self, company_id: int, nexus_id: int) -> Nexus:
        """One of a company by number."""
        nexus = self._by_id.get(nexus_id)
        if nexus is None or nexus.company_id != company_id:
            raise not_found("Nexus", str(nexus_id))
        return nexus

    def all(self) -> list[Nexus]:
        """Those of every company, by number."""
        return sorted(self._by_id.values(), key=lambda nexus: nexus.id)

    def of(self, company_id: int) -> list[Nexus]:
        """All of one company, by number."""
        return [nexus for nexus in self.all() if nexus.company_id == company_id]

    def withdraw(self, company_id: int, nexus_id: int, *, cascade: bool) -> list[Nexus]:
        """Remove one, and with `cascade` the states under a country; what was removed."""
        nexus = self.get(company_id, nexus_id)
        states = []
        if not nexus.region and len(self._by_place[company_id, nexus.country, ""]) == 1:
            states = [n for n in self.of(company_id) if n.country == nexus.country and n.region]
        if states and not cascade:
            raise TaxRefusal(
                "CannotDeleteParentBeforeChildNexus",
                f"Nexus in states of {nexus.country} must be removed first.",
                param="Nexus",
            )
        removed = [*states, nexus]
        for gone in removed:
            self._drop(gone)
        return removed

    def forget(self, company_id: int) -> None:
        """A company has gone."""
        for nexus in self.of(company_id):
            self._drop(nexus)

    def holds(self, company_id: int, country: str, region: str, date: str) -> bool:
        """Whether tax is due there on that date."""
        declared = self._by_place.get((company_id, country, region))
        if declared is None:
            return False
        return any(nexus.holds_on(date) for nexus in declared)

    def _put(self, nexus: Nexus) -> None:
        key = nexus.company_id, nexus.country, nexus.region
        self._by_id[nexus.id] = nexus
        self._by_place[key] = (*self._by_place.get(key, ()), nexus)

    def _drop(self, nexus: Nexus) -> None:
        key = nexus.company_id, nexus.country, nexus.region
        del self._by_id[nexus.id]
        left = tuple(other for other in self._by_place[key] if other.id != nexus.id)
        if left:
            self._by_place[key] = left
        else:
            del self._by_place[key]


def known_places(country: str = "", region: str = "") -> list[Nexus]:
    """Every place that nexus can be declared in, as definitions list them; narrowed where asked."""
    places = [("US", ""), *(("US", code) for code in STATES)]
    places += [("CA", ""), *(("CA", code) for code in PROVINCES)]
    places += [(code, "") for code in COUNTRIES if code != "CA"]
    found = []
    for number, (of, within) in enumerate(places, 1):
        code, name = _named(of, within)
        if country in ("", of) and region in ("", within or of):
            found.append(Nexus(number, 0, of, within, code, name))
    return found


def place_of(country: str, region: str, code: str = "", name: str = "") -> Nexus:
    """A place by country and region; UnknownNexusError of one this engine has no rates for.

    Cities and counties cannot be chosen on their own: a state's nexus brings all that lie in it.
    """
    country, region = country_code(country), region.upper()
    # The vendor lists a country's own nexus with its country code as region, too.
    region = "" if region == country else region
    if country == "US" and region not in STATES and region:
        raise _unknown(country, region)
    if country == "CA" and region and region not in PROVINCES:
        raise _unknown(country, region)
    if country not in ("US", "CA") and (region or country not in COUNTRIES):
        raise _unknown(country, region)
    own_code, own_name = _named(country, region)
    if (name and name.upper() != own_name) or (code and code.upper() != own_code):
        raise _unknown(country, f"{region} {name or code}")
    return Nexus(0, 0, country, region, own_code, own_name)


def at_place(company_id: int, place: Nexus, nexus_id: int, now: int, **wishes: str) -> Nexus:
    """A declaration of that company in that place; empty wishes leave what is usual."""
    given = {name: wish for name, wish in wishes.items() if wish}
    nexus = replace(place, id=nexus_id, company_id=company_id, created_at=now, modified_at=now)
    return replace(nexus, **given)  # type: ignore[arg-type]


def _named(country: str, region: str) -> tuple[str, str]:
    if country == "US":
        if not region:
            return "US", "UNITED STATES OF AMERICA"
        levy = STATES[region].levy
        return levy.code, levy.name
    if region:
        return region, PROVINCES[region]
    return country, COUNTRIES[country].name


def _unknown(country: str, region: str) -> TaxRefusal:
    return TaxRefusal(
        "UnknownNexusError", f"No nexus is known for {country} {region}.".strip(), param="Nexus"
    )


def _duplicate(nexus: Nexus) -> TaxRefusal:
    kind = "STA" if nexus.region else "CNT"
    return TaxRefusal(
        "DuplicateNexusError",
        "Cannot create duplicate nexus entries.",
        f"There is more than one nexus with the following information: CompanyId: {nexus.company_id}, "
        f"Region: {nexus.region or nexus.country}, JurisCode: {nexus.code}, JurisTypeId: {kind}, "
        f"JurisName: {nexus.name}, NexusTypeId: {nexus.kind}, EffectiveDate: {nexus.effective}",
        "Nexus",
    )


def _overlap(one: Nexus, other: Nexus) -> bool:
    return one.effective <= other.ends and other.effective <= one.ends


def _require_order(nexus: Nexus) -> None:
    if nexus.effective > nexus.ends:
        raise date_range(nexus.effective, nexus.ends)


def date_range(first: str, last: str) -> TaxRefusal:
    """The last date lies before the first."""
    return TaxRefusal(
        "DateRangeError",
        "Invalid date range.",
        f"The effective date, {first}, is later than the end date, {last}.",
        "EffectiveDate",
    )
