"""How fast receivables turn into cash: days of sales outstanding, turnover, collection effectiveness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.finance.metrics.retention import percent, ratio


@dataclass(frozen=True, slots=True)
class Sales:
    """Credit sales of one month (or other stretch) of so many days, major units."""

    amount: Fraction
    days: int


def days_outstanding(receivables: Fraction, sales: Fraction, days: int) -> Fraction:
    """DSO at the period's end: receivables by sales, times the days that the sales were made in."""
    return ratio(receivables, sales, "sales") * days


def count_back(receivables: Fraction, sales: Sequence[Sales]) -> Fraction:
    """DSO by counting back. sales: the latest first.

    Months whose sales the receivables exceed count whole, the one that exhausts them in proportion. What
    no sales explain counts at the pace of the oldest month that is given.
    """
    left, found = receivables, Fraction(0)
    for month in sales:
        if left <= 0:
            break
        if month.amount <= 0:
            found += month.days
            continue
        share = min(Fraction(1), ratio(left, month.amount, "sales"))
        found += share * month.days
        left -= share * month.amount
    if left > 0:
        oldest = next((month for month in reversed(sales) if month.amount > 0), Sales(Fraction(0), 0))
        found += days_outstanding(left, oldest.amount, oldest.days)
    return found


def turnover(sales: Fraction, receivables: Fraction) -> Fraction:
    """How often receivables are collected in the period of the sales."""
    return ratio(sales, receivables, "receivables")


def effectiveness(opening: Fraction, sales: Fraction, closing: Fraction, not_due: Fraction) -> Fraction:
    """CEI in percent: what was collected of what could be. not_due: of the closing receivables."""
    return percent(opening + sales - closing, opening + sales - not_due, "what could be collected")


def delinquent_days(receivables: Fraction, not_due: Fraction, sales: Fraction, days: int) -> Fraction:
    """Average days delinquent: DSO less the DSO if only what is not due were open."""
    best = days_outstanding(not_due, sales, days)
    return days_outstanding(receivables, sales, days) - best
