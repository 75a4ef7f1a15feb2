"""Addresses, and who may tax what happens there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from simulators.avatax.rules.rates import COUNTRIES, NOTHING, SERVICES, SOFTWARE, STATES, Jurisdiction
from simulators.avatax.rules.refusal import TaxRefusal, engine

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
_ISO_COUNTRIES = frozenset(_ISO.split())
_COUNTRY_NAMES = {"USA": "US", "UNITED STATES": "US", "UNITED KINGDOM": "GB", "GERMANY": "DE", "JAPAN": "JP"}

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
_US_REGIONS = frozenset(_STATE_OF_ZIP.values())
_ZIP = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """As the caller gave it, blanks trimmed."""

    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""

    @property
    def complete(self) -> bool:
        """Enough to be looked up: a postal code, or line 1 with city (and region in the US)."""
        if self.postal_code:
            return True
        abroad = self.country.upper() not in ("", "US", "USA")
        return bool(self.line1 and self.city and (self.region or abroad))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sale is taxed. levies: empty where the table has no rates; region: "" outside the US."""

    country: str
    region: str
    levies: tuple[Jurisdiction, ...]

    def share(self, kind: str) -> Decimal:
        """The taxed share of a charge of that category."""
        if kind == NOTHING:
            return Decimal(0)
        state = STATES.get(self.region) if self.country == "US" else None
        if state is None or kind not in (SOFTWARE, SERVICES):
            return Decimal(1)
        return state.software if kind == SOFTWARE else Decimal(0)


def require_complete(role: str, address: Address) -> None:
    """InvalidAddress when there is too little to go by."""
    if not address.complete:
        raise TaxRefusal(
            "InvalidAddress",
            "The address value was incomplete.",
            f"{role} needs a postal code, or line 1 with city and region, or line 1 with a postal code.",
            role,
        )


def locate(address: Address) -> Place:
    """The taxing place of a complete address; GetTaxError when its parts contradict each other."""
    country = country_code(address.country)
    if country != "US":
        levy = COUNTRIES.get(country)
        return Place(country, "", (levy,) if levy else ())
    region = address.region.upper()
    if region and region not in _US_REGIONS:
        raise engine("RegionCodeError", "Invalid or missing state/province code.", param="Address.Region")
    zip3 = ""
    if address.postal_code:
        # A state that does not go with the postal code leaves nothing to find it by (vendor's blog).
        found = zip_state(address.postal_code)
        if not found or (region and region != found):
            raise engine(
                "JurisdictionNotFoundError",
                "Unable to determine the taxing jurisdictions.",
                param="Address.PostalCode",
            )
        region, zip3 = found, address.postal_code[:3]
    state = STATES.get(region)
    return Place("US", region, state.levies(zip3, address.city.upper()) if state else ())


def country_code(text: str) -> str:
    """Two letters; a missing country means the United States."""
    upper = text.upper()
    country = _COUNTRY_NAMES.get(upper, upper) or "US"
    if country not in _ISO_COUNTRIES:
        raise engine("CountryError", "Unknown country name or code", param="Address.Country")
    return country


def zip_state(postal_code: str) -> str:
    """The state a US postal code lies in; "" if it is none."""
    return _STATE_OF_ZIP.get(postal_code[:3], "") if _ZIP.fullmatch(postal_code) else ""
