"""Who names whom: how often a customer or an item is used, which documents belong to which."""

from __future__ import annotations

from simulators.netsuite.rules.company import Company
from simulators.netsuite.rules.records import Posting, Transaction


def count_uses(company: Company, row: Transaction | None, by: int) -> None:
    """Count what a document names, or no longer names."""
    if row is None:
        return
    parties = dict.fromkeys(
        (row.customer, *(each.entity for each in row.entries), *(each.entity for each in row.cash))
    )
    names = [("customer", each) for each in parties if each]
    names += [("item", each) for each in dict.fromkeys(line.item for line in row.lines)]
    for key in names:
        company.uses[key] = company.uses.get(key, 0) + by


def book(company: Company, was: tuple[Posting, ...], now: tuple[Posting, ...]) -> None:
    """Keep the balances of the accounts."""
    for lines, sign in ((was, -1), (now, 1)):
        for each in lines:
            delta = sign * (each.base_debit - each.base_credit)
            company.balances[each.account] = company.balances.get(each.account, 0) + delta


def enlist(company: Company, before: Transaction | None, after: Transaction | None) -> None:
    """Keep the indexes by customer, by source and by settled document."""
    for index, keys in (
        (company.of_customer, _customer),
        (company.made_from, _source),
        (company.settlers, _applied),
    ):
        was = keys(before) if before is not None else ()
        now = keys(after) if after is not None else ()
        for key in was:
            if key not in now and before is not None:
                index.get(key, {}).pop(before.id, None)
        for key in now:
            if after is not None:
                index.setdefault(key, {})[after.id] = None
    for row in (before, after):
        if row is not None and row.customer:
            company.stale[row.customer] = None


def _customer(row: Transaction) -> tuple[str, ...]:
    return (row.customer,) if row.customer else ()


def _source(row: Transaction) -> tuple[str, ...]:
    orders = [line.order[0] for line in row.lines if line.order]
    return tuple(dict.fromkeys(each for each in (row.source, *orders) if each))


def _applied(row: Transaction) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in (*row.applied, row.deposit) if each))


def named(*names: str | None) -> tuple[str, ...]:
    """The names that there are, each once."""
    return tuple(dict.fromkeys(each for each in names if each))
