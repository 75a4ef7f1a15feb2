"""The calculation: a line and the place where it is taxed in, tax by jurisdiction out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from simulators.avatax.rules.places import Place
from simulators.avatax.rules.rates import Jurisdiction
from simulators.avatax.rules.sales import SaleLine

NOTHING = Decimal(0)
_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a line is to be taxed. share: the part of it that its kind leaves taxable; exempt: the part of
    that which the buyer is free of; reverse: the buyer accounts for the tax; origin: taxed where it comes
    from; certificate: the number of the certificate that frees the buyer, 0 if none does."""

    date: str
    tax_type: str = "Sales"
    nexus: bool = True
    share: Decimal = _WHOLE
    exempt: Decimal = NOTHING
    reverse: bool = False
    origin: bool = False
    certificate: int = 0


@dataclass(frozen=True, slots=True)
class Levied:
    """One jurisdiction's view of one line, in minor units: taxable + non_taxable + exempt + the line's
    discount = line amount.

    exact: the tax before rounding; calculated: what the tax would be, where the caller has overridden it;
    why: what made it non-taxable ("" if nothing did).
    """

    country: str
    region: str
    jurisdiction: Jurisdiction
    rate: Decimal
    taxable: int
    non_taxable: int
    exempt: int
    tax: int
    exact: Decimal = NOTHING
    calculated: int | None = None
    tax_type: str = "Sales"
    why: str = ""
    assigned: str = ""

    @property
    def computed(self) -> int:
        """The tax by rate and amount."""
        return self.tax if self.calculated is None else self.calculated


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """amount: before tax, also where the caller's included it; exempt: all that is not taxable;
    taxable + exempt + discount = amount."""

    source: SaleLine
    amount: int
    taxable: int
    exempt: int
    tax: int
    details: tuple[Levied, ...]
    discount: int = 0
    terms: Terms | None = None


def round_half_up(exact: Decimal) -> int:
    """To the minor unit, halves away from zero: a refund mirrors its sale."""
    return int(exact.to_integral_value(ROUND_HALF_UP))


def overridden(taxed: TaxedLine, tax: int) -> TaxedLine:
    """The same line with that tax, shared out by what each jurisdiction would have had."""
    # Unconfirmed: the sharing, and that the outermost gets all where none would have had anything.
    details = taxed.details
    weights = [abs(detail.tax) for detail in details]
    shares = split(tax, weights if any(weights) else [1, *[0] * (len(details) - 1)])
    return replace(
        taxed,
        tax=tax,
        details=tuple(
            replace(detail, tax=share, calculated=detail.computed)
            for detail, share in zip(details, shares, strict=True)
        ),
    )


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in parts as the weights are; the parts add up to it."""
    whole, given, before = sum(weights), 0, 0
    shares = []
    for weight in weights:
        before += weight
        upto = round_half_up(Decimal(amount) * before / whole)
        shares.append(upto - given)
        given = upto
    return shares


def tax_line(line: SaleLine, place: Place, terms: Terms, discount: int = 0) -> TaxedLine:
    """Tax one line at one place, rounded per jurisdiction; overrides are not looked at."""
    if not terms.nexus or not place.levies:
        return _untaxed(line, place, terms, discount, "NexusRule")
    if not terms.share:
        return _untaxed(line, place, terms, discount, "BaseRule")
    rates = [NOTHING if terms.reverse else levy.rate_on(terms.date) for levy in place.levies]
    due = terms.share * (_WHOLE - terms.exempt)
    given = line.amount - discount
    if line.tax_included:
        # Taxes are taken out of the given amount, so that net and taxes add up to it exactly.
        whole = _WHOLE + due * sum(rates, NOTHING)
        exact = [given * due * rate / whole for rate in rates]
        net = given - sum(round_half_up(tax) for tax in exact)
    else:
        net = given
        exact = []
    taxable = net if due == 1 else round_half_up(net * due)
    free = _exempt_part(net, taxable, terms)
    if not line.tax_included:
        exact = [taxable * rate for rate in rates]
    details = tuple(
        Levied(
            place.country, place.region, levy, rate, taxable, net - taxable - free, free,
            round_half_up(tax), tax, None, terms.tax_type, "", place.assigned,
        )
        for levy, rate, tax in zip(place.levies, rates, exact, strict=True)
    )  # fmt: skip
    total = sum(detail.tax for detail in details)
    return TaxedLine(line, net + discount, taxable, net - taxable, total, details, discount, terms)


def _exempt_part(net: int, taxable: int, terms: Terms) -> int:
    if not terms.exempt:
        return 0
    return (net if terms.share == 1 else round_half_up(net * terms.share)) - taxable


def _untaxed(line: SaleLine, place: Place, terms: Terms, discount: int, why: str) -> TaxedLine:
    # Without nexus or taxability the vendor still names the outermost jurisdiction, at rate 0.
    outermost = place.levies[0] if place.levies else _nameless(place.country, place.region)
    net = line.amount - discount
    detail = Levied(
        place.country, place.region, outermost, NOTHING, 0, net, 0, 0, NOTHING, None, terms.tax_type, why,
        place.assigned,
    )  # fmt: skip
    return TaxedLine(line, line.amount, 0, net, 0, (detail,), discount, terms)


@cache
def _nameless(country: str, region: str) -> Jurisdiction:
    if region:
        return Jurisdiction("State", region, region, NOTHING)
    return Jurisdiction("Country", country, country, NOTHING)
