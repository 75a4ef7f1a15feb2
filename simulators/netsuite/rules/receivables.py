"""What a customer owes: balance, what of it is overdue and for how long, deposits, orders not billed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from simulators.kit.clock import day
from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.orders import billed
from simulators.netsuite.rules.records import Customer, Transaction

_BUCKETS = (0, 30, 60, 90)


@dataclass(slots=True)
class Balance:
    """Minor units of one currency; aging: not due, then up to 30, 60, 90 days, then older."""

    balance: int = 0
    overdue: int = 0
    deposits: int = 0
    unbilled: int = 0
    days: int = 0
    aging: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])


def balances(company: Company, row: Customer) -> dict[str, Balance]:
    """By currency; the customer's own is always there."""
    today = day(company.clock.now())
    found = {symbol: Balance() for symbol in (row.currency, *row.others)}
    for key in company.of_customer.get(row.id, ()):
        each = company.transaction(key)
        if each is not None and each.state == "2":
            _count(company, found.setdefault(each.currency, Balance()), each, today)
    return found


def _count(company: Company, into: Balance, row: Transaction, today: date) -> None:
    if not row.remaining and row.kind != "salesOrder":
        return
    if row.kind == "invoice":
        late = (today - date.fromisoformat(row.due or row.date)).days
        into.balance += row.remaining
        into.aging[next((i for i, most in enumerate(_BUCKETS) if late <= most), 4)] += row.remaining
        if late > 0:
            into.overdue += row.remaining
            into.days = max(into.days, late)
    elif row.kind == "journalEntry":
        into.balance += row.remaining
    elif row.kind in ("creditMemo", "customerPayment"):
        into.balance -= row.remaining
    elif row.kind == "customerDeposit":
        into.deposits += row.remaining
    elif row.kind == "salesOrder" and row.order not in ("C", "H") and row.progress != "full":
        done = billed(company, row)
        into.unbilled += sum(
            line.amount
            if not done.get(line.line)
            else int(line.amount * (1 - done[line.line] / line.quantity))
            for line in row.lines
            if not line.closed and line.quantity
        )


def deferred(company: Company, row: Transaction) -> int:
    """What of a sale stands in deferral accounts, in transaction currency."""
    total = 0
    for each in row.postings:
        account = company.accounts.get(each.account)
        if account is not None and account.type == "DeferRevenue":
            total += each.credit - each.debit
    return total
