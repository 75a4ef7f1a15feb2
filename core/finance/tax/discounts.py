"""Discounts on a document: before tax or on the grand total, off the price or on an account of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.finance.exact import whole
from core.finance.tax.rounding import Base, Line, TaxedDocument, TaxPolicy, tax_document


class DiscountOn(StrEnum):
    """What a percent is of, and by how much an amount lowers it."""

    NET = "net"
    GRAND_TOTAL = "grand_total"


class DiscountTo(StrEnum):
    """Where a discount stands."""

    PRICE = "price"  # it lowers the price, and so the base of tax
    OWN_ACCOUNT = "own_account"  # price and tax stay; what is due falls


class EarlyTax(StrEnum):
    """What tax does when an invoice is paid early with a discount (named after Odoo's three)."""

    NEVER = "never"  # the discount is of the net; tax stays
    ON_EARLY_PAYMENT = "on_early_payment"  # of the total; tax falls when it is taken
    ALWAYS = "always"  # tax is worked out from the discounted net, taken or not


@dataclass(frozen=True, slots=True)
class Discounted:
    """Whole minor units. taxed: after the discount; sales: before it, without tax; discount: its account."""

    taxed: TaxedDocument
    sales: int
    discount: int
    due: int


@dataclass(frozen=True, slots=True)
class Early:
    """invoiced and paid: what is due at term and when paid early; tax: in each; discount: without tax."""

    invoiced: int
    invoiced_tax: int
    paid: int
    paid_tax: int
    discount: int


def discounted(
    lines: Sequence[Line],
    policy: TaxPolicy,
    on: DiscountOn,
    to: DiscountTo,
    share: Fraction = Fraction(0),
    amount: int = 0,
) -> Discounted:
    """A share or an amount (minor units) off a document of prices without tax in them.

    Off the price by the grand total: the net of every line falls in proportion, so that the total with tax
    falls by the amount; tax by percent makes that one factor.
    """
    full = tax_document(lines, policy)
    of = full.net if on is DiscountOn.NET else full.total
    taken = amount + whole(of * share, policy.mode)
    if to is DiscountTo.OWN_ACCOUNT:
        return Discounted(full, full.net, taken, full.total - taken)
    factor = 1 - Fraction(taken, of) if of else Fraction(1)
    exact = TaxPolicy(policy.place, policy.mode, Base.ROUNDED, policy.first, policy.step, policy.residual)
    rest = tax_document([Line(li.key, li.price * factor, li.taxes, li.quantity) for li in lines], exact)
    return Discounted(rest, full.net, full.net - rest.net, rest.total)


def early_payment(net: int, rate: Fraction, share: Fraction, tax: EarlyTax) -> Early:
    """net: minor units; rate: share of tax; share: the discount."""
    off, full_tax = whole(net * share), whole(net * rate)
    low_tax = whole((net - off) * rate)
    if tax is EarlyTax.NEVER:
        return Early(net + full_tax, full_tax, net - off + full_tax, full_tax, off)
    if tax is EarlyTax.ALWAYS:
        return Early(net + low_tax, low_tax, net - off + low_tax, low_tax, off)
    paid = net + full_tax - whole((net + full_tax) * share)
    return Early(net + full_tax, full_tax, paid, paid - (net - off), off)
