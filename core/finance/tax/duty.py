"""Which taxes an invoice carries: where the seller is registered, who is exempt, who owes VAT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.canonical.errors import Held
from core.finance.tax.taxes import Tax


class Treatment(StrEnum):
    """Why an invoice carries what it carries; printed on it and kept with it."""

    TAXED = "taxed"
    EXEMPT = "exempt"  # a certificate of the buyer
    REVERSE_CHARGE = "reverse_charge"  # the buyer accounts for VAT
    NOT_REGISTERED = "not_registered"  # the seller must not collect there
    OUTSIDE = "outside"  # exported


@dataclass(frozen=True, slots=True)
class Registration:
    """An entity may collect in a jurisdiction from a day on; number: of the tax office."""

    jurisdiction: str
    number: str = ""
    since: date = date.min
    until: date = date.max  # the day after its last


@dataclass(frozen=True, slots=True)
class Certificate:
    """Of a buyer. jurisdictions: where it counts, none is everywhere."""

    number: str
    jurisdictions: frozenset[str] = frozenset()
    since: date = date.min
    until: date = date.max  # the day after its last

    def covers(self, jurisdiction: str, day: date) -> bool:
        """On that day, in that place."""
        there = not self.jurisdictions or jurisdiction in self.jurisdictions
        return there and self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class Duty:
    """The taxes to charge; why: one treatment a jurisdiction of the stack."""

    taxes: tuple[Tax, ...]
    why: tuple[tuple[str, Treatment], ...]


@dataclass(frozen=True, slots=True)
class VatParty:
    """A side of a European sale: country, and the VAT number where there is one."""

    country: str
    vat_number: str = ""


def duty(
    stack: Sequence[Tax],
    day: date,
    registrations: Sequence[Registration],
    certificates: Sequence[Certificate] = (),
) -> Duty:
    """Of a stack of jurisdictions what is to be charged on that day.

    Each tax needs a registration in its jurisdiction; a certificate takes away those it covers.
    """
    taxes, why = [], []
    for tax in stack:
        if not any(_counts(each, tax.jurisdiction, day) for each in registrations):
            why.append((tax.jurisdiction, Treatment.NOT_REGISTERED))
        elif any(each.covers(tax.jurisdiction, day) for each in certificates):
            why.append((tax.jurisdiction, Treatment.EXEMPT))
        else:
            why.append((tax.jurisdiction, Treatment.TAXED))
            taxes.append(tax)
    return Duty(tuple(taxes), tuple(why))


def vat_on_services(
    seller: VatParty,
    buyer: VatParty,
    union: frozenset[str],
    rates: Mapping[str, Tax],
    registered: frozenset[str] = frozenset(),
) -> tuple[Tax | None, Treatment]:
    """VAT on an electronic service (Directive 2006/112/EC, articles 44, 58 and 196).

    A business in another member state accounts for it itself; a private buyer pays the rate of its own
    country, for which the seller needs a registration there or the one-stop shop (`registered`).
    union: member states on that day; rates: one tax a country. Held where a rate is missing.
    """
    if buyer.country not in union:
        return None, Treatment.OUTSIDE
    if buyer.country == seller.country:
        return _rate(rates, seller.country), Treatment.TAXED
    if buyer.vat_number:
        return None, Treatment.REVERSE_CHARGE
    if buyer.country not in registered:
        return None, Treatment.NOT_REGISTERED
    return _rate(rates, buyer.country), Treatment.TAXED


def rate_of(taxes: Sequence[tuple[Tax, date, date]], code: str, day: date) -> Tax:
    """The tax of a code on a day out of dated rates [since, until); Held where none is known."""
    for tax, since, until in taxes:
        if tax.code == code and since <= day < until:
            return tax
    raise Held(f"rate: none is known for {code!r} on {day}; add it with its dates", owner="tax")


def _counts(registration: Registration, jurisdiction: str, day: date) -> bool:
    return registration.jurisdiction == jurisdiction and registration.since <= day < registration.until


def _rate(rates: Mapping[str, Tax], country: str) -> Tax:
    if country not in rates:
        raise Held(f"rate: no VAT rate is known for {country!r}; add it", owner="tax")
    return rates[country]
