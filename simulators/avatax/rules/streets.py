"""US and Canadian addresses as the post office writes them, and how well they could be found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulators.avatax.rules.places import Address, Place, country_code, locate, zip_state
from simulators.avatax.rules.rates import Coordinates
from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.states import STATES

# United States Postal Service, Publication 28: suffixes and directions.
_SHORT = {
    "ALLEY": "ALY", "AVENUE": "AVE", "BOULEVARD": "BLVD", "CIRCLE": "CIR", "COURT": "CT", "DRIVE": "DR",
    "EXPRESSWAY": "EXPY", "HIGHWAY": "HWY", "LANE": "LN", "PARKWAY": "PKWY", "PLACE": "PL", "PLAZA": "PLZ",
    "ROAD": "RD", "SQUARE": "SQ", "STREET": "ST", "STR": "ST", "TERRACE": "TER", "TRAIL": "TRL", "WAY": "WAY",
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W", "NORTHEAST": "NE", "NORTHWEST": "NW",
    "SOUTHEAST": "SE", "SOUTHWEST": "SW", "SUITE": "STE", "APARTMENT": "APT", "FLOOR": "FL", "UNIT": "UNIT",
}  # fmt: skip
_BOX = re.compile(r"(P\.?\s*O\.?\s*BOX|POST OFFICE BOX)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is known of an address. quality: a ResolutionQuality; message: (summary, details, refers to)
    where it could not be found."""

    normal: Address | None
    place: Place | None
    at: Coordinates | None
    quality: str
    kind: str
    message: tuple[str, str, str] | None = None


def resolve(address: Address) -> Resolved:
    """The address in its normal form; one that cannot be found is no refusal but has a message."""
    try:
        country = country_code(address.country)
    except TaxRefusal as refusal:
        return _failed(refusal.message, refusal.message, "Address.Country")
    if country not in ("US", "CA"):
        return _failed(
            "Country not supported.", "Address Validation for this country not supported.", "Address.Country"
        )
    try:
        place = locate(address)
    except TaxRefusal as refusal:
        return _not_found(address, refusal)
    if country == "US" and address.postal_code and not zip_state(address.postal_code):
        return _failed(*_NO_ZIP, "Address.PostalCode")
    if address.line1 and not _NUMBERED.search(address.line1) and not _BOX.match(address.line1):
        return Resolved(None, place, place.at, "PostalCentroidGood", "", _NO_STREET)
    quality = "RegionCentroid"
    if address.line1 and (address.postal_code or address.city):
        quality = "Intersection"
    elif address.postal_code:
        quality = "PostalCentroidGood"
    at = address.at or place.at
    return Resolved(_normal(address, place), place, at, quality, _kind(address))


_NO_ZIP_DETAILS = (
    "The ZIP/Postal Code does not exist and could not be determined by the city/municipality and "
    "state/province."
)
_NO_ZIP = ("Invalid ZIP/Postal Code.", _NO_ZIP_DETAILS)
_NO_STREET_DETAILS = (
    "An exact street name match could not be found and phonetically matching the street name resulted in "
    "either no matches or matches to more than one street name."
)
_NO_STREET = ("An exact street name match could not be found", _NO_STREET_DETAILS, "Address.Line1")


def _not_found(address: Address, refusal: TaxRefusal) -> Resolved:
    if address.postal_code and refusal.param == "Address.PostalCode":
        return _failed(*_NO_ZIP, "Address.PostalCode")
    return _failed(refusal.message, refusal.description or refusal.message, refusal.param or "Address")


def _failed(summary: str, details: str, refers_to: str) -> Resolved:
    return Resolved(None, None, None, "NotCoded", "", (summary, details, refers_to))


def _kind(address: Address) -> str:
    if not address.line1:
        return "UnknownAddressType"
    return "PostOfficeBoxAddress" if _BOX.match(address.line1) else "StreetOrResidentialAddress"


def _normal(address: Address, place: Place) -> Address:
    city = address.city or _city_of(address, place)
    postal_code = address.postal_code
    if place.country == "US" and len(postal_code) == 9 and postal_code.isdigit():
        postal_code = f"{postal_code[:5]}-{postal_code[5:]}"
    if place.country == "CA":
        bare = postal_code.replace(" ", "").upper()
        postal_code = f"{bare[:3]} {bare[3:]}" if len(bare) == 6 else postal_code
    return Address(
        _street(address.line1), _street(address.line2), _street(address.line3), city.upper(),
        place.region or address.region.upper(), postal_code, place.country, address.at,
    )  # fmt: skip


def _street(line: str) -> str:
    if _BOX.match(line):
        return _BOX.sub("PO BOX", line).upper()
    words = re.sub(r"[.,]", " ", line).upper().split()
    return " ".join(_SHORT.get(word, word) if i else word for i, word in enumerate(words))


def _city_of(address: Address, place: Place) -> str:
    state = STATES.get(place.region)
    if state is None or not address.postal_code:
        return ""
    area = state.area(address.postal_code, "")
    return area.cities[0] if area else ""


def mixed(text: str) -> str:
    """ "1 MAIN ST" -> "1 Main St", for those who ask for mixed case."""
    return " ".join(word.capitalize() if word.isalpha() else word for word in text.split())
