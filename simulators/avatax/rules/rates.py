"""Rates and taxability, approximated by us from public rate tables of 2025; a teaching table, not tax advice.

What is simplified: one local rate where a state has many districts, rates without dates, and whether
software as a service is taxed reduced to one share per state. Sales to consumers and to businesses
are treated alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

GOODS, SOFTWARE, SERVICES, NOTHING = "goods", "software", "services", "nothing"


def category(tax_code: str) -> str:
    """What a tax code stands for; the first letters are the vendor's, the grouping is ours."""
    code = tax_code.upper()
    if code.startswith(("SW", "D")):
        return SOFTWARE
    if code.startswith("NT"):
        return NOTHING
    return SERVICES if code.startswith("S") else GOODS


@dataclass(frozen=True, slots=True, eq=False)
class Jurisdiction:
    """level: Country, State, County, City or Special; rate as a fraction of one. Compared by identity."""

    level: str
    code: str
    name: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a state, known by the first three digits of its postal codes or by its cities."""

    zips: tuple[str, ...]
    cities: tuple[str, ...]
    levies: tuple[Jurisdiction, ...]


@dataclass(frozen=True, slots=True)
class State:
    """software: share of a software charge that is taxed (Texas: 80 % of data processing)."""

    levy: Jurisdiction
    software: Decimal
    areas: tuple[Area, ...] = ()
    elsewhere: tuple[Jurisdiction, ...] = ()

    def levies(self, zip3: str, city: str) -> tuple[Jurisdiction, ...]:
        """The state and everybody below it who taxes that place; the postal code counts first."""
        for area in self.areas:
            if zip3 in area.zips or (not zip3 and city in area.cities):
                return (self.levy, *area.levies)
        return (self.levy, *self.elsewhere)


def _state(fips: str, name: str, rate: str, software: str) -> tuple[Jurisdiction, Decimal]:
    return Jurisdiction("State", fips, name, Decimal(rate)), Decimal(software)


def _county(code: str, name: str, rate: str) -> Jurisdiction:
    return Jurisdiction("County", code, name, Decimal(rate))


def _city(code: str, name: str, rate: str) -> Jurisdiction:
    return Jurisdiction("City", code, name, Decimal(rate))


def _special(code: str, name: str, rate: str) -> Jurisdiction:
    return Jurisdiction("Special", code, name, Decimal(rate))


def _area(zips: str, cities: str, *levies: Jurisdiction) -> Area:
    return Area(tuple(zips.split()), tuple(cities.split(", ")), levies)


_CA_LOCAL = _special("CA-SL", "LOCAL TAX SL", "0.01")

STATES: dict[str, State] = {
    "AZ": State(
        *_state("04", "ARIZONA", "0.056", "1"),
        (
            _area("850", "PHOENIX", _county("013", "MARICOPA", "0.007"), _city("PX", "PHOENIX", "0.028")),
            _area("857", "TUCSON", _county("019", "PIMA", "0.005"), _city("TU", "TUCSON", "0.026")),
        ),
        (_county("000", "OTHER COUNTIES", "0.008"), _city("000", "OTHER CITIES", "0.02")),
    ),
    "CA": State(
        *_state("06", "CALIFORNIA", "0.06", "0"),
        (
            _area("900 901", "LOS ANGELES", _county("037", "LOS ANGELES", "0.0025"), _CA_LOCAL,
                  _special("LA-SP", "LOS ANGELES DISTRICT TAX SP", "0.025")),
            _area("941", "SAN FRANCISCO", _county("075", "SAN FRANCISCO", "0.0025"), _CA_LOCAL,
                  _special("SF-SP", "SAN FRANCISCO DISTRICT TAX SP", "0.01375")),
            _area("951", "SAN JOSE", _county("085", "SANTA CLARA", "0.0025"), _CA_LOCAL,
                  _special("SC-SP", "SANTA CLARA DISTRICT TAX SP", "0.02125")),
        ),
        (_county("000", "OTHER COUNTIES", "0.0025"), _CA_LOCAL, _special("SP", "DISTRICT TAX SP", "0.01")),
    ),
    "CO": State(
        *_state("08", "COLORADO", "0.029", "0"),
        (_area("802", "DENVER", _city("DE", "DENVER", "0.0515"), _special("RTD", "DENVER RTD", "0.01")),),
        (_county("000", "OTHER COUNTIES", "0.045"),),
    ),
    "FL": State(
        *_state("12", "FLORIDA", "0.06", "0"),
        (
            _area("331", "MIAMI", _county("086", "MIAMI-DADE", "0.01")),
            _area("328", "ORLANDO", _county("095", "ORANGE", "0.005")),
        ),
        (_county("000", "OTHER COUNTIES", "0.01"),),
    ),
    "GA": State(
        *_state("13", "GEORGIA", "0.04", "0"),
        (_area("303", "ATLANTA", _county("121", "FULTON", "0.03"), _city("AT", "ATLANTA", "0.019")),),
        (_county("000", "OTHER COUNTIES", "0.035"),),
    ),
    "IL": State(
        *_state("17", "ILLINOIS", "0.0625", "0"),
        (
            _area("606", "CHICAGO", _county("031", "COOK", "0.0175"), _city("CH", "CHICAGO", "0.0125"),
                  _special("RTA", "REGIONAL TRANSPORT AUTHORITY", "0.01")),
        ),
        (_county("000", "OTHER COUNTIES", "0.01"),),
    ),
    "MA": State(*_state("25", "MASSACHUSETTS", "0.0625", "1")),
    "NJ": State(*_state("34", "NEW JERSEY", "0.06625", "0")),
    "NY": State(
        *_state("36", "NEW YORK", "0.04", "1"),
        (
            _area("100 101 102 103 104 111 112 113 114 116",
                  "NEW YORK, NEW YORK CITY, BROOKLYN, BRONX, QUEENS, STATEN ISLAND",
                  _city("NYC", "NEW YORK CITY", "0.045"),
                  _special("MCTD", "METROPOLITAN COMMUTER TRANSPORTATION DISTRICT", "0.00375")),
            _area("142", "BUFFALO", _county("029", "ERIE", "0.0475")),
        ),
        (_county("000", "OTHER COUNTIES", "0.04"),),
    ),
    "OH": State(
        *_state("39", "OHIO", "0.0575", "1"),
        (
            _area("441", "CLEVELAND", _county("035", "CUYAHOGA", "0.0225")),
            _area("432", "COLUMBUS", _county("049", "FRANKLIN", "0.0225")),
            _area("452", "CINCINNATI", _county("061", "HAMILTON", "0.0205")),
        ),
        (_county("000", "OTHER COUNTIES", "0.015"),),
    ),
    "PA": State(
        *_state("42", "PENNSYLVANIA", "0.06", "1"),
        (
            _area("191", "PHILADELPHIA", _city("PH", "PHILADELPHIA", "0.02")),
            _area("152", "PITTSBURGH", _county("003", "ALLEGHENY", "0.01")),
        ),
    ),
    "TN": State(
        *_state("47", "TENNESSEE", "0.07", "1"),
        (
            _area("372", "NASHVILLE", _county("037", "DAVIDSON", "0.0275")),
            _area("381", "MEMPHIS", _county("157", "SHELBY", "0.0275")),
        ),
        (_county("000", "OTHER COUNTIES", "0.025"),),
    ),
    "TX": State(
        *_state("48", "TEXAS", "0.0625", "0.8"),
        (
            _area("787", "AUSTIN", _city("AU", "AUSTIN", "0.01"), _special("AU-MTA", "AUSTIN MTA", "0.01")),
            _area("752 753", "DALLAS", _city("DA", "DALLAS", "0.01"),
                  _special("DA-MTA", "DALLAS MTA", "0.01")),
            _area("770 771 772", "HOUSTON", _city("HO", "HOUSTON", "0.01"),
                  _special("HO-MTA", "HOUSTON MTA", "0.01")),
        ),
        (_city("000", "OTHER CITIES", "0.02"),),
    ),
    "WA": State(
        *_state("53", "WASHINGTON", "0.065", "1"),
        (
            _area("981", "SEATTLE", _city("SE", "SEATTLE", "0.0385")),
            _area("984", "TACOMA", _city("TA", "TACOMA", "0.038")),
        ),
        (_city("000", "OTHER CITIES", "0.028"),),
    ),
}  # fmt: skip

# Standard rates of value added tax in the European Union, as of 2026.
_EU = {
    "AT": ("AUSTRIA", "0.20"), "BE": ("BELGIUM", "0.21"), "BG": ("BULGARIA", "0.20"),
    "CY": ("CYPRUS", "0.19"), "CZ": ("CZECH REPUBLIC", "0.21"), "DE": ("GERMANY", "0.19"),
    "DK": ("DENMARK", "0.25"), "EE": ("ESTONIA", "0.24"), "ES": ("SPAIN", "0.21"),
    "FI": ("FINLAND", "0.255"), "FR": ("FRANCE", "0.20"), "GR": ("GREECE", "0.24"),
    "HR": ("CROATIA", "0.25"), "HU": ("HUNGARY", "0.27"), "IE": ("IRELAND", "0.23"),
    "IT": ("ITALY", "0.22"), "LT": ("LITHUANIA", "0.21"), "LU": ("LUXEMBOURG", "0.17"),
    "LV": ("LATVIA", "0.21"), "MT": ("MALTA", "0.18"), "NL": ("NETHERLANDS", "0.21"),
    "PL": ("POLAND", "0.23"), "PT": ("PORTUGAL", "0.23"), "RO": ("ROMANIA", "0.21"),
    "SE": ("SWEDEN", "0.25"), "SI": ("SLOVENIA", "0.22"), "SK": ("SLOVAKIA", "0.23"),
}  # fmt: skip
_OTHERS = {
    "AU": ("AUSTRALIA", "0.10"), "CA": ("CANADA", "0.05"),
    "GB": ("UNITED KINGDOM", "0.20"), "JP": ("JAPAN", "0.10"),
}  # fmt: skip

EU_COUNTRIES = tuple(_EU)
COUNTRIES: dict[str, Jurisdiction] = {
    code: Jurisdiction("Country", code, name, Decimal(rate))
    for code, (name, rate) in {**_EU, **_OTHERS}.items()
}
