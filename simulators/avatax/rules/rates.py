"""Who taxes, at what rate, and since when: the shapes of the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

# (first date on which it no longer holds, rate), oldest first.
Earlier = tuple[tuple[str, Decimal], ...]
Coordinates = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True, eq=False)
class Jurisdiction:
    """level: Country, State, County, City or Special; rate: today's, as a fraction of one.

    tax_name: as it stands in answers; "" lets it follow from region and level.
    """

    level: str
    code: str
    name: str
    rate: Decimal
    earlier: Earlier = ()
    tax_name: str = ""

    def rate_on(self, date: str) -> Decimal:
        """The rate of that date (YYYY-MM-DD)."""
        for until, rate in self.earlier:
            if date < until:
                return rate
        return self.rate


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a state, known by the first digits of its postal codes or by its cities.

    at: latitude and longitude of its middle; assigned: the number that the state gave it.
    """

    zips: tuple[str, ...]
    cities: tuple[str, ...]
    at: Coordinates
    levies: tuple[Jurisdiction, ...]
    assigned: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """software: share of a software charge that is taxed; origin: sales within the state are taxed where
    they come from; elsewhere: the levies outside the areas; at: somewhere in its middle."""

    levy: Jurisdiction
    software: Decimal
    at: Coordinates
    areas: tuple[Area, ...] = ()
    elsewhere: tuple[Jurisdiction, ...] = ()
    origin: bool = False

    def area(self, postal_code: str, city: str) -> Area | None:
        """The area of that place; the postal code counts first, and all five digits before three."""
        for digits in (5, 3):
            for area in self.areas:
                if postal_code[:digits] in area.zips:
                    return area
        for area in self.areas if not postal_code else ():
            if city in area.cities:
                return area
        return None


def earlier(text: str) -> Earlier:
    """ "2025-07-01 0.22, 2026-01-01 0.24": until then, that rate."""
    pairs = (entry.split() for entry in text.split(",") if entry.strip())
    return tuple((until, Decimal(rate)) for until, rate in pairs)


def point(text: str) -> Coordinates:
    """ "47.61 -122.33"."""
    latitude, longitude = text.split()
    return Decimal(latitude), Decimal(longitude)


def county(code: str, name: str, rate: str, until: str = "") -> Jurisdiction:
    """A county's levy."""
    return Jurisdiction("County", code, name, Decimal(rate), earlier(until))


def city(code: str, name: str, rate: str, until: str = "") -> Jurisdiction:
    """A city's levy."""
    return Jurisdiction("City", code, name, Decimal(rate), earlier(until))


def special(code: str, name: str, rate: str, until: str = "") -> Jurisdiction:
    """A district's levy."""
    return Jurisdiction("Special", code, name, Decimal(rate), earlier(until))


def area(zips: str, cities: str, at: str, *levies: Jurisdiction, assigned: str = "") -> Area:
    """Lists by blank and by comma."""
    return Area(tuple(zips.split()), tuple(cities.split(", ")), point(at), levies, assigned)


def state(
    fips: str,
    name: str,
    rate: str,
    software: str,
    at: str,
    areas: Iterable[Area] = (),
    elsewhere: Iterable[Jurisdiction] = (),
    *,
    origin: bool = False,
    until: str = "",
) -> State:
    """A row of the table."""
    levy = Jurisdiction("State", fips, name, Decimal(rate), earlier(until))
    return State(levy, Decimal(software), point(at), tuple(areas), tuple(elsewhere), origin)
