"""The calculation: lines and places in, tax by line and jurisdiction out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from simulators.avatax.rules.places import Address, Place
from simulators.avatax.rules.rates import Jurisdiction, category

# Entity use codes that exempt the buyer in the vendor's default set; "TAXABLE" and unknown ones do not.
EXEMPT_USES = frozenset("ABCDEFGHIJKLMNPQR")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class SaleLine:
    """What the caller asks about. amount: minor units; address: the line's own destination, if it has one;
    tax_override: the tax to be recorded whatever the calculation says, in minor units."""

    number: str
    amount: int
    quantity: Decimal
    tax_code: str = ""
    item_code: str = ""
    description: str = ""
    tax_included: bool = False
    exemption_code: str = ""
    entity_use_code: str = ""
    ref1: str = ""
    ref2: str = ""
    address: Address | None = None
    tax_override: int | None = None
    override_reason: str = ""


@dataclass(frozen=True, slots=True)
class Levied:
    """One jurisdiction's view of one line, in minor units: taxable + non_taxable + exempt = line amount.

    calculated: what the tax would be, where the caller has overridden it.
    """

    country: str
    region: str
    jurisdiction: Jurisdiction
    rate: Decimal
    taxable: int
    non_taxable: int
    exempt: int
    tax: int
    calculated: int | None = None

    @property
    def computed(self) -> int:
        """The tax by rate and amount."""
        return self.tax if self.calculated is None else self.calculated


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """amount: before tax, also where the caller's included it; exempt: all that is not taxable."""

    source: SaleLine
    amount: int
    taxable: int
    exempt: int
    tax: int
    details: tuple[Levied, ...]


def round_half_up(exact: Decimal) -> int:
    """To the minor unit, halves away from zero: a refund mirrors its sale."""
    return int(exact.to_integral_value(ROUND_HALF_UP))


def tax_line(line: SaleLine, place: Place, *, nexus: bool, exempt: bool) -> TaxedLine:
    """Tax one line at one place, rounded per jurisdiction; or record the tax that the caller insists on."""
    taxed = _calculated(line, place, nexus, exempt)
    return taxed if line.tax_override is None else _overridden(taxed, line.tax_override)


def _overridden(taxed: TaxedLine, tax: int) -> TaxedLine:
    # Unconfirmed: that the amount is shared out by what each jurisdiction would have had, and goes to
    # the outermost where none would have had anything.
    details = taxed.details
    weights = [abs(detail.tax) for detail in details]
    if not any(weights):
        weights = [1, *[0] * (len(details) - 1)]
    shares, whole, given, before = [], sum(weights), 0, 0
    for weight in weights:
        before += weight
        upto = round_half_up(Decimal(tax) * before / whole)
        shares.append(upto - given)
        given = upto
    return replace(
        taxed,
        tax=tax,
        details=tuple(
            replace(detail, tax=share, calculated=detail.tax)
            for detail, share in zip(details, shares, strict=True)
        ),
    )


def _calculated(line: SaleLine, place: Place, nexus: bool, exempt: bool) -> TaxedLine:
    if not nexus or not place.levies:
        return _untaxed(line, place)
    if exempt:
        return _exempt(line, place)
    share = place.share(category(line.tax_code))
    if not share:
        return _untaxed(line, place)
    amount, taxes = _amount_and_taxes(line, place.levies, share)
    taxable = amount if share == 1 else round_half_up(amount * share)
    if taxes is None:
        taxes = [round_half_up(taxable * levy.rate) for levy in place.levies]
    details = tuple(
        Levied(place.country, place.region, levy, levy.rate, taxable, amount - taxable, 0, tax)
        for levy, tax in zip(place.levies, taxes, strict=True)
    )
    return TaxedLine(line, amount, taxable, amount - taxable, sum(taxes), details)


def _amount_and_taxes(
    line: SaleLine, levies: Sequence[Jurisdiction], share: Decimal
) -> tuple[int, list[int] | None]:
    if not line.tax_included:
        return line.amount, None
    # Taxes are taken out of the given amount, so that net and taxes add up to it exactly.
    whole = 1 + share * sum((levy.rate for levy in levies), _NOTHING)
    taxes = [round_half_up(line.amount * share * levy.rate / whole) for levy in levies]
    return line.amount - sum(taxes), taxes


def _untaxed(line: SaleLine, place: Place) -> TaxedLine:
    # Without nexus or taxability the vendor still names the outermost jurisdiction, at rate 0.
    outermost = place.levies[0] if place.levies else _nameless(place.country, place.region)
    detail = Levied(place.country, place.region, outermost, _NOTHING, 0, line.amount, 0, 0)
    return TaxedLine(line, line.amount, 0, line.amount, 0, (detail,))


def _exempt(line: SaleLine, place: Place) -> TaxedLine:
    details = tuple(
        Levied(place.country, place.region, levy, levy.rate, 0, 0, line.amount, 0) for levy in place.levies
    )
    return TaxedLine(line, line.amount, 0, line.amount, 0, details)


@cache
def _nameless(country: str, region: str) -> Jurisdiction:
    # One for each place, however often it is asked for: jurisdictions are compared by identity.
    if region:
        return Jurisdiction("State", region, region, _NOTHING)
    return Jurisdiction("Country", country, country, _NOTHING)
