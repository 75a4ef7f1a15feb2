"""Month-end revaluation: what is open in a foreign currency, at the closing rate, turned back on day 1."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from core.canonical.erp import ForeignBalance, Journal, JournalLine
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.ledger.chart import ACCOUNTS
from core.finance.ledger.entry import Entry
from core.finance.ledger.exchange import Item, revalue
from core.finance.ledger.policy import Policy
from core.finance.ledger.posting import post
from core.finance.ledger.rates import Rate, Rates, RateType
from core.ports.desk import Desk

# Deferred revenue and other non-monetary accounts keep the rate they were booked at (IAS 21.23).
MONETARY = tuple(number for number, account in ACCOUNTS.items() if account.monetary)


def key_of(month: date, entity: str) -> str:
    """The journal's identity: one revaluation a month and entity."""
    return f"FXR-{month:%Y-%m}-{entity or 'ALL'}"


async def revalue_month(desk: Desk, month: date, policy: Policy) -> int:
    """One journal an entity for the month that begins on `month`, with its reversal on the first of the
    next; how many were posted. A month that was revalued before is left as it is.

    Held where treasury has entered no rate for the last day; PeriodClosed where the month has been closed.
    """
    last = last_day(month)
    balances = await desk.erp.foreign_balances(last, MONETARY)
    by_entity: defaultdict[str, list[ForeignBalance]] = defaultdict(list)
    for balance in balances:
        by_entity[balance.entity].append(balance)
    rates = closing(await desk.erp.rates(), last)
    count = 0
    for entity, found in sorted(by_entity.items()):
        key = key_of(month, entity)
        if await desk.erp.journal(key) is not None:
            continue
        items = [
            Item(f"{each.account}/{each.open.currency}", each.open, each.booked, each.account)
            for each in sorted(found, key=lambda each: (each.account, each.open.currency))
        ]
        entry = post(revalue(key, last, entity or "ALL", items, rates), policy)
        if entry is not None:
            journal = journal_of(entry, entity)
            journal = replace(journal, lines=desk.classification.journal(journal.lines))
            await desk.erp.post_journal(journal, f"revaluation#{key}/post")
            count += 1
    return count


def closing(rows: list[Rate], last: date) -> Rates:
    """The rates entered for exactly the last day, as closing rates."""
    return Rates(
        Rate(row.of, row.into, row.on, row.value, RateType.CLOSING) for row in rows if row.on == last
    )


def journal_of(entry: Entry, entity: str) -> Journal:
    """The entry as the ledger system takes it, in the currency of the entity's books."""
    currency = entry.lines[0].amount.currency
    nothing = Money(0, currency)
    lines = tuple(
        JournalLine(line.account, line.debit, nothing, entry.event)
        if line.amount.minor > 0
        else JournalLine(line.account, nothing, line.credit, entry.event)
        for line in entry.lines
    )
    reverse_on = entry.on + timedelta(days=1)
    return Journal(
        entry.event, entry.on, currency, f"Revaluation of {entry.on:%Y-%m}", lines, entity, reverse_on
    )
