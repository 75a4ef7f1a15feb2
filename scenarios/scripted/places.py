"""Where the customers of scripted stories sit: places that a tax engine can find."""

from __future__ import annotations

from scenarios.lifecycles.people import Company
from scenarios.scripted.script import Party

# street, city, region, postal code, country. Software as a service is untaxed in California, taxed in New
# York; the European and Asian places bear their country's VAT or consumption tax.
PLACES: dict[str, tuple[str, str, str, str, str]] = {
    "San Francisco": ("1 Market Street", "San Francisco", "CA", "94105", "US"),
    "New York": ("11 Wall Street", "New York", "NY", "10001", "US"),
    "Berlin": ("Unter den Linden 1", "Berlin", "BE", "10115", "DE"),
    "London": ("1 Poultry", "London", "LND", "EC1A 1BB", "GB"),
    "Tokyo": ("1-1 Marunouchi", "Tokyo", "13", "100-0001", "JP"),
    "Kuwait City": ("Al Soor Street", "Kuwait City", "KU", "13001", "KW"),
}


def company(party: Party, index: int) -> Company:
    """The customer as sales creates it; KeyError for a place that is not in the table."""
    street, city, region, postal_code, country = PLACES[party.place]
    mail = f"payables@{party.key.lower()}.example.com"
    return Company(
        index, party.key, party.name, mail, "Accounts", "Payable", street, city, region, postal_code, country,
        party.currency, party.vat_number, party.segment,
    )  # fmt: skip
