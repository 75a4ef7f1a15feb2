"""Addresses given by the code of one of the company's locations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from simulators.avatax.rules.places import Address
from simulators.avatax.rules.records import Shelf
from simulators.avatax.rules.refusal import TaxRefusal
from simulators.avatax.rules.sales import Role, Sale


def with_locations(sale: Sale, company_id: int, locations: Shelf) -> Sale:
    """The sale with every location's code replaced by its address."""
    if not any(address.location_code for address in _all(sale)):
        return sale
    return replace(
        sale,
        addresses=_placed(sale.addresses, company_id, locations),
        lines=tuple(
            replace(line, addresses=_placed(line.addresses, company_id, locations)) for line in sale.lines
        ),
    )


def _all(sale: Sale) -> Iterable[Address]:
    yield from (address for _, address in sale.addresses)
    for line in sale.lines:
        yield from (address for _, address in line.addresses)


def _placed(roles: tuple[Role, ...], company_id: int, locations: Shelf) -> tuple[Role, ...]:
    return tuple((role, _place(address, company_id, locations)) for role, address in roles)


def _place(address: Address, company_id: int, locations: Shelf) -> Address:
    if not address.location_code or address.complete:
        return address
    found = locations.find(company_id, address.location_code)
    if found is None:
        raise TaxRefusal(
            "AddressLocationNotFound",
            "The address value was not found.",
            f"The location '{address.location_code}' was not found.",
            "locationCode",
        )
    values = found.values
    line1, line2, line3, city, region, postal_code, country = (
        str(values.get(name) or "")
        for name in ("line1", "line2", "line3", "city", "region", "postalCode", "country")
    )
    return Address(line1, line2, line3, city, region, postal_code, country, None, address.location_code)
