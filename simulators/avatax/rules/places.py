"""Addresses, and who may tax what happens there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from simulators.avatax.rules.countries import (
    COUNTRIES,
    HARMONISED,
    PROVINCE_OF_LETTER,
    PROVINCES,
    PROVINCIAL,
)
from simulators.avatax.rules.rates import Coordinates, Jurisdiction
from simulators.avatax.rules.refusal import TaxRefusal, engine
from simulators.avatax.rules.states import STATES

# ISO 3166-1.
_ISO = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET
    FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM
    IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD
    ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE
    PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST
    SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS
    YE YT ZA ZM ZW"""
ISO_COUNTRIES = frozenset(_ISO.split())
_COUNTRY_NAMES = {
    "USA": "US", "UNITED STATES": "US", "UNITED KINGDOM": "GB", "UK": "GB", "GERMANY": "DE", "JAPAN": "JP",
    "CANADA": "CA", "FRANCE": "FR",
}  # fmt: skip

# First three digits of the postal code, by state (United States Postal Service's public areas).
_ZIP_RANGES = """
 NY 005 005, PR 006 009, MA 010 027, RI 028 029, NH 030 038, ME 039 049, VT 050 054, MA 055 055,
 VT 056 059, CT 060 069, NJ 070 089, NY 100 149, PA 150 196, DE 197 199, DC 200 200, VA 201 201, DC 202 205,
 MD 206 219, VA 220 246, WV 247 268, NC 270 289, SC 290 299, GA 300 319, FL 320 349, AL 350 369, TN 370 385,
 MS 386 397, GA 398 399, KY 400 427, OH 430 459, IN 460 479, MI 480 499, IA 500 528, WI 530 549, MN 550 567,
 SD 570 577, ND 580 588, MT 590 599, IL 600 629, MO 630 658, KS 660 679, NE 680 693, LA 700 714, AR 716 729,
 OK 730 732, TX 733 733, OK 734 749, TX 750 799, CO 800 816, WY 820 831, ID 832 838, UT 840 847, AZ 850 865,
 NM 870 884, TX 885 885, NV 889 898, CA 900 961, HI 967 968, OR 970 979, WA 980 994, AK 995 999"""
_STATE_OF_ZIP = {
    f"{prefix:03d}": state
    for state, first, last in (entry.split() for entry in _ZIP_RANGES.split(","))
    for prefix in range(int(first), int(last) + 1)
}
US_REGIONS = frozenset(_STATE_OF_ZIP.values())
_ZIP = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)
_STATE_NAMES = {state.levy.name: code for code, state in STATES.items()}
# In squared degrees: further from every place that is known, and the sea has been reached.
_FAR = Decimal(100)


@dataclass(frozen=True, slots=True)
class Address:
    """As the caller gave it, blanks trimmed. at: latitude and longitude, where only those were given."""

    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    at: Coordinates | None = None
    location_code: str = ""

    @property
    def complete(self) -> bool:
        """Enough to be looked up: coordinates, a postal code, or line 1 with city and region; outside
        North America the country is enough for its tax."""
        if self.postal_code or self.at is not None:
            return True
        if self.country.upper() not in ("", "US", "USA", "UNITED STATES", "CA", "CANADA"):
            return True
        return bool(self.line1 and self.city and self.region)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sale is taxed. levies: empty where the table has no rates; region: "" where a country has no
    states; assigned: the number the state gave the place; origin: see State."""

    country: str
    region: str
    levies: tuple[Jurisdiction, ...]
    at: Coordinates | None = None
    assigned: str = ""
    origin: bool = False


def require_complete(role: str, address: Address) -> None:
    """InvalidAddress when there is too little to go by."""
    if not address.complete:
        raise TaxRefusal(
            "InvalidAddress",
            "The address value was incomplete.",
            f"The address value {role} was incomplete.  You must provide either a valid postal code, "
            "line1 + city + region, or line1 + postal code.",
            role,
        )


@lru_cache(maxsize=1 << 12)
def locate(address: Address) -> Place:
    """The taxing place of a complete address; GetTaxError when its parts contradict each other."""
    if address.at is not None and not address.postal_code:
        return _nearest(address.at)
    country = country_code(address.country)
    if country == "US":
        return _american(address)
    if country == "CA":
        return _canadian(address)
    levy = COUNTRIES.get(country)
    return Place(country, "", (levy,) if levy else ())


def _american(address: Address) -> Place:
    region = address.region.upper()
    region = _STATE_NAMES.get(region, region)
    if region and region not in US_REGIONS:
        raise engine("RegionCodeError", "Invalid or missing state/province code.", param="Address.Region")
    postal_code = ""
    if address.postal_code:
        # A state that does not go with the postal code leaves nothing to find it by (vendor's blog).
        found = zip_state(address.postal_code)
        if not found or (region and region != found):
            raise _nowhere()
        region, postal_code = found, address.postal_code
    state = STATES.get(region)
    if state is None:
        return Place("US", region, ())
    area = state.area(postal_code, address.city.upper())
    if area is None:
        return Place("US", region, (state.levy, *state.elsewhere), state.at, "", state.origin)
    return Place("US", region, (state.levy, *area.levies), area.at, area.assigned, state.origin)


def _canadian(address: Address) -> Place:
    region = address.region.upper()
    if region and region not in PROVINCES:
        raise engine("RegionCodeError", "Invalid or missing state/province code.", param="Address.Region")
    if address.postal_code:
        found = PROVINCE_OF_LETTER.get(address.postal_code[:1].upper(), "")
        # The letter X is shared by two territories, which are taxed alike.
        if not found or region not in ("", found, "NU"):
            raise _nowhere()
        region = region or found
    if region in HARMONISED:
        return Place("CA", region, (HARMONISED[region],))
    own = PROVINCIAL.get(region)
    return Place("CA", region, (COUNTRIES["CA"], own) if own else (COUNTRIES["CA"],))


def _nearest(at: Coordinates) -> Place:
    """The nearest place that the table has coordinates of; there is no other map in here."""
    best, least = Place("US", "", ()), Decimal("Infinity")
    for region, state in STATES.items():
        spots = [(area.at, area.levies, area.assigned) for area in state.areas]
        for spot, levies, assigned in (*spots, (state.at, state.elsewhere, "")):
            distance = (spot[0] - at[0]) ** 2 + (spot[1] - at[1]) ** 2
            if distance < least:
                least = distance
                best = Place("US", region, (state.levy, *levies), spot, assigned, state.origin)
    if least > _FAR:
        raise _nowhere()
    return best


def _nowhere() -> TaxRefusal:
    return engine(
        "JurisdictionNotFoundError",
        "Unable to determine the taxing jurisdictions.",
        param="Address.PostalCode",
    )


def country_code(text: str) -> str:
    """Two letters; a missing country means the United States."""
    upper = text.upper()
    country = _COUNTRY_NAMES.get(upper, upper) or "US"
    if country not in ISO_COUNTRIES:
        raise engine("CountryError", "Unknown country name or code", param="Address.Country")
    return country


def zip_state(postal_code: str) -> str:
    """The state a US postal code lies in; "" if it is none."""
    return _STATE_OF_ZIP.get(postal_code[:3], "") if _ZIP.fullmatch(postal_code) else ""
