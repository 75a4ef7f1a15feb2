"""The price of one charge for some of a period's days: exact, and in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.billing.convention import BillingConvention, Partial
from core.finance.billing.share import counted, rounded_share, share
from core.finance.calendar import Period
from core.finance.exact import to_money


@dataclass(frozen=True, slots=True)
class Plan:
    """What is charged. price: major units per unit and billing period; months: length of the period."""

    price: Fraction
    months: int = 1
    quantity: Fraction = Fraction(1)
    name: str = ""

    @property
    def amount(self) -> Fraction:
        """Of a whole period, in major units."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Prorated:
    """One charge for `part`. exact: in major units; days: as the day count sees them."""

    part: Period
    share: Fraction
    days: int
    exact: Fraction
    money: Money


def prorate(
    plan: Plan, part: Period, of: Period, convention: BillingConvention, currency: str = "USD"
) -> Prorated:
    """The price of the days `part` of the period `of`; Held for an unknown currency or days outside."""
    ratio = share(part, of, plan.months, convention)
    return _prorated(part, ratio, counted(part, convention), plan, convention, currency)


def stub(
    plan: Plan, part: Period, of: Period, convention: BillingConvention, currency: str = "USD"
) -> Prorated:
    """The same for a part at the start or end of a contract, which may be charged in full or be free."""
    ratio = share(part, of, plan.months, convention)
    if ratio != 1 and convention.partial is not Partial.PRORATED:
        ratio = Fraction(convention.partial is Partial.FULL)
    return _prorated(part, ratio, counted(part, convention), plan, convention, currency)


def of_days(amount: Fraction, days: int, of: int, convention: BillingConvention, currency: str) -> Money:
    """An amount for so many days out of so many."""
    if of < 1 or not 0 <= days <= of:
        raise Held(f"days: {days} of {of} is no part of a period", owner="billing operations")
    return to_money(amount * rounded_share(Fraction(days, of), convention), currency, convention.rounding)


def _prorated(
    part: Period, ratio: Fraction, days: int, plan: Plan, convention: BillingConvention, currency: str
) -> Prorated:
    exact = plan.amount * ratio
    return Prorated(part, ratio, days, exact, to_money(exact, currency, convention.rounding))


def capped(worth: Money, paid: Money, credited: Money) -> Money:
    """What may be given back of a part worth so much: no more than was paid and not yet given back."""
    return Money(max(min(worth.minor, paid.minor - credited.minor), 0), worth.currency)
