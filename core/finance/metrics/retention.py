"""Retention of revenue and of customers, in percent, and what a customer is worth."""

from __future__ import annotations

from collections.abc import Callable, Set
from fractions import Fraction

from core.canonical.errors import Held
from core.finance.metrics.movements import Bridge

# From a bridge to a rate in percent.
Rule = Callable[[Bridge], Fraction]


def net_retention(bridge: Bridge) -> Fraction:
    """NRR: what the customers of the opening pay at the closing; new and returning ones do not count."""
    kept = bridge.opening + bridge.expansion - bridge.contraction - bridge.churn
    return percent(kept, bridge.opening, "opening MRR")


def gross_retention(bridge: Bridge) -> Fraction:
    """GRR: the same without expansion, so never above 100."""
    return percent(bridge.opening - bridge.contraction - bridge.churn, bridge.opening, "opening MRR")


def gross_churn(bridge: Bridge) -> Fraction:
    """Contraction and churn of the opening."""
    return percent(bridge.contraction + bridge.churn, bridge.opening, "opening MRR")


def net_churn(bridge: Bridge) -> Fraction:
    """The same less expansion; below nothing where the customers that stay grow by more."""
    return percent(bridge.contraction + bridge.churn - bridge.expansion, bridge.opening, "opening MRR")


def logo_churn(before: Set[str], after: Set[str]) -> Fraction:
    """Customers of the opening that are gone at the closing."""
    return percent(Fraction(len(before - after)), Fraction(len(before)), "opening customers")


def growth(bridge: Bridge) -> Fraction:
    """Closing over opening, less one."""
    return percent(bridge.net_new, bridge.opening, "opening MRR")


def quick_ratio(bridge: Bridge) -> Fraction:
    """What comes by what goes; Held where nothing goes."""
    gained = bridge.new + bridge.expansion + bridge.reactivation
    return ratio(gained, bridge.contraction + bridge.churn, "contraction and churn")


def arpa(mrr: Fraction, customers: int) -> Fraction:
    """Average revenue an account."""
    return ratio(mrr, Fraction(customers), "customers")


def lifetime(churn_pct: Fraction) -> Fraction:
    """Expected periods of a customer's life at a churn a period."""
    return ratio(Fraction(100), churn_pct, "churn")


def lifetime_value(arpa_amount: Fraction, margin_pct: Fraction, churn_pct: Fraction) -> Fraction:
    """LTV: the margin of an account's revenue over its expected life."""
    return arpa_amount * margin_pct * Fraction(1, 100) * lifetime(churn_pct)


def payback(cost: Fraction, arpa_amount: Fraction, margin_pct: Fraction) -> Fraction:
    """Periods until the margin of an account has paid what it cost to win."""
    return ratio(cost, arpa_amount * margin_pct * Fraction(1, 100), "margin of an account")


def magic_number(revenue: Fraction, before: Fraction, spent_before: Fraction) -> Fraction:
    """Growth of a quarter's revenue, annualised, by what sales and marketing cost the quarter before."""
    return ratio(4 * (revenue - before), spent_before, "sales and marketing")


def burn_multiple(burnt: Fraction, net_new_arr: Fraction) -> Fraction:
    """Cash burnt for each unit of ARR won."""
    return ratio(burnt, net_new_arr, "net new ARR")


def rule_of_forty(growth_pct: Fraction, margin_pct: Fraction) -> Fraction:
    """Growth and profit margin together, in percent."""
    return growth_pct + margin_pct


def monthly(amount: Fraction, months: int) -> Fraction:
    """MRR of a recurring amount over so many months."""
    return ratio(amount, Fraction(months), "months")


def percent(part: Fraction, of: Fraction, field: str) -> Fraction:
    """part of a whole, in percent; Held where the whole is nothing."""
    return 100 * ratio(part, of, field)


def ratio(part: Fraction, of: Fraction, field: str) -> Fraction:
    """Exactly; Held where there is nothing to divide by."""
    if not of:
        raise Held(f"{field}: it is nothing, so there is no rate; leave this period out", owner="FP&A")
    return Fraction(part) / Fraction(of)
