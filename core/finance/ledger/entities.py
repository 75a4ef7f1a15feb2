"""Legal entities: whose books a customer's business goes into, by a routing table that is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.exact import Rounding


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """key: as CRM, billing and ERP name it; currency: of its own books; zone: where its days begin."""

    key: str
    name: str
    currency: str
    country: str
    zone: str = "UTC"


class SetOff(StrEnum):
    """What becomes of balances that two entities hold against each other both ways."""

    OPPOSING = "opposing"  # the smaller goes against the other at each month's end
    GROSS = "gross"  # both stand until they are paid


@dataclass(frozen=True, slots=True)
class Routing:
    """countries: ISO country of the customer to the entity that sells there; otherwise: for the rest, ""
    holds them. What a contract says goes before. cashiers: currency to the entity whose processor account
    and bank take it in; collection_fee: share of what it takes in for another that the other pays it,
    rounded by fee_rounding; eliminations: key of the entity that holds what the group takes out, or ""."""

    entities: tuple[LegalEntity, ...]
    countries: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    cashiers: Mapping[str, str] = field(default_factory=dict)
    collection_fee: Fraction = Fraction(0)
    fee_rounding: Rounding = Rounding.HALF_UP
    set_off: SetOff = SetOff.OPPOSING
    eliminations: str = ""

    def entity(self, key: str) -> LegalEntity:
        """Held for a key that is no entity of ours."""
        for entity in self.entities:
            if entity.key == key:
                return entity
        known = ", ".join(entity.key for entity in self.entities)
        raise Held(f"legal entity: {key!r} is none of ours ({known}); correct it on the account")

    def route(self, country: str, contract: str = "") -> LegalEntity:
        """contract: the entity that the contract or the account names, "" for none.

        Held where nothing says whose customer it is: revenue in the wrong books is not posted.
        """
        key = contract or self.countries.get(country, self.otherwise)
        if not key:
            raise Held(
                f"country: no legal entity sells to {country!r}; route it or name one on the account",
                owner="sales operations",
            )
        return self.entity(key)

    def cashier(self, currency: str) -> LegalEntity:
        """Who takes a currency in; Held where nobody does."""
        if currency not in self.cashiers:
            raise Held(f"currency: no entity takes in {currency}; add it to the cashiers", owner="treasury")
        return self.entity(self.cashiers[currency])


ONE_COMPANY = Routing(())
