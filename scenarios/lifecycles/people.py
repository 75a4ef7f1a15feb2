"""Companies and the people in them, from Faker and a table of real places."""

from __future__ import annotations

from dataclasses import dataclass

from faker import Faker

from scenarios.world.draws import KeyedDraws

# city, region, postal code, country: places that a tax engine can find.
_PLACES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "USD": (
        ("New York", "NY", "10001", "US"),
        ("Austin", "TX", "78701", "US"),
        ("Seattle", "WA", "98101", "US"),
        ("San Francisco", "CA", "94105", "US"),
        ("Philadelphia", "PA", "19103", "US"),
        ("Chicago", "IL", "60601", "US"),
        ("Boston", "MA", "02108", "US"),
        ("Denver", "CO", "80202", "US"),
    ),
    "EUR": (
        ("Berlin", "BE", "10115", "DE"),
        ("Paris", "IDF", "75001", "FR"),
        ("Amsterdam", "NH", "1012", "NL"),
        ("Dublin", "D", "D02", "IE"),
        ("Madrid", "MD", "28001", "ES"),
    ),
    "GBP": (("London", "LND", "EC1A 1BB", "GB"), ("Manchester", "MAN", "M1 1AE", "GB")),
    "JPY": (("Tokyo", "13", "100-0001", "JP"), ("Osaka", "27", "530-0001", "JP")),
}


@dataclass(frozen=True, slots=True)
class Company:
    """A customer. key: our own id of it, in every system."""

    index: int
    key: str
    name: str
    email: str
    first_name: str
    last_name: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    currency: str
    vat_number: str = ""
    segment: str = ""


def companies(count: int, currencies: dict[str, float], draws: KeyedDraws) -> list[Company]:
    """The same companies for the same seed, whatever happens to them later."""
    fake = Faker("en_US")
    fake.seed_instance(draws.seed)
    found = []
    for index in range(1, count + 1):
        currency = draws.weighted(currencies, "currency", index)
        city, region, postal_code, country = draws.choice(_PLACES[currency], "place", index)
        first, last = fake.first_name(), fake.last_name()
        found.append(
            Company(
                index,
                f"ACC-{index:05d}",
                fake.company(),
                f"{first}.{last}.{index}@example.com".lower(),
                first,
                last,
                fake.street_address(),
                city,
                region,
                postal_code,
                country,
                currency,
            )
        )
    return found
