"""What a credit note does to receivable, revenue and deferred revenue of the invoice it is on, by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.revenue.contra import part_on, stopped
from core.finance.revenue.schedule import Cents, Rule, Slice, schedule


class CreditTo(StrEnum):
    """Which account the credit note's amount goes to."""

    RECEIVABLE = "accounts_receivable"  # an open invoice
    CUSTOMER_BALANCE = "customer_balance"  # kept for the customer
    CASH = "cash"  # refunded
    OUT_OF_BAND = "out_of_band"  # given back outside the system


@dataclass(frozen=True, slots=True)
class Credit:
    """net: without tax; at: from that day on revenue is lower."""

    at: date
    net: Money
    to: CreditTo = CreditTo.RECEIVABLE


# account -> first day of month -> movement in minor units; every account grows by what is positive.
Movements = dict[str, dict[date, int]]
BY_DAY = Rule(cents=Cents.CUMULATIVE)


def movements(
    invoice: Money,
    service: Period,
    taken_back: Sequence[Credit],
    payments: Mapping[date, Money] | None = None,
    rule: Rule = BY_DAY,
) -> Movements:
    """By month. At a credit the recognised share goes to contra revenue, the rest off deferred revenue.

    What is then left is recognised over the days that are left. Held if more is credited than invoiced.
    """
    if sum(credit.net.minor for credit in taken_back) > invoice.minor:
        raise Held(f"credit notes: more than the invoice of {invoice} is credited; lower them")
    found: Movements = {}
    _add(found, "accounts_receivable", service.start, invoice.minor)
    _add(found, "deferred_revenue", service.start, invoice.minor)
    left, since = invoice, service.start
    for credit in sorted(taken_back, key=lambda each: each.at):
        at = min(max(credit.at, since), service.end)
        left = _release(found, left, stopped(left, Period(since, service.end), at, rule))
        since = at
        parted = part_on(credit.net, service, at, rule)
        _add(found, "credit_notes_contra", credit.at, parted.recognised.minor)
        _add(found, "deferred_revenue", credit.at, -parted.unrecognised.minor)
        _add(found, credit.to.value, credit.at, credit.net.minor * _sign(credit.to))
        left -= parted.unrecognised
    if left:
        _release(found, left, schedule(left, Period(since, service.end), rule))
    for day, paid in (payments or {}).items():
        _add(found, "accounts_receivable", day, -paid.minor)
        _add(found, "cash", day, paid.minor)
    return found


def _sign(to: CreditTo) -> int:
    """What is owed to the customer grows; a receivable and cash fall."""
    return 1 if to in (CreditTo.CUSTOMER_BALANCE, CreditTo.OUT_OF_BAND) else -1


def _release(found: Movements, left: Money, slices: Sequence[Slice]) -> Money:
    for each in slices:
        _add(found, "revenue", each.month, each.amount.minor)
        _add(found, "deferred_revenue", each.month, -each.amount.minor)
        left -= each.amount
    return left


def _add(found: Movements, account: str, day: date, minor: int) -> None:
    months = found.setdefault(account, {})
    month = day.replace(day=1)
    months[month] = months.get(month, 0) + minor
