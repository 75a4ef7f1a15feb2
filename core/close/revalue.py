"""Month-end revaluation: what is open in a foreign currency, at the closing rate, turned back on day 1."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from core.canonical.erp import ForeignBalance, Journal, JournalLine
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.ledger.chart import ACCOUNTS
from core.finance.ledger.conventions import ClosingRate
from core.finance.ledger.entry import Entry
from core.finance.ledger.exchange import Item, revalue
from core.finance.ledger.policy import Policy, Revaluation
from core.finance.ledger.posting import post
from core.finance.ledger.rates import Rate, Rates, RateType
from core.ports.desk import Desk

# Deferred revenue and other non-monetary accounts keep the rate they were booked at (IAS 21.23).
MONETARY = tuple(number for number, account in ACCOUNTS.items() if account.monetary)


def key_of(month: date, entity: str) -> str:
    """The journal's identity: one revaluation a month and entity."""
    return f"FXR-{month:%Y-%m}-{entity or 'ALL'}"


async def revalue_month(desk: Desk, month: date) -> int:
    """One journal an entity for the month that begins on `month`, with its reversal: on the first of the
    next, or where it carries on the last, when the next takes its place; how many were posted. A month that
    was revalued before is left as it is.

    Held where treasury has entered no closing rate; PeriodClosed where the month has been closed.
    """
    last, policy = last_day(month), desk.books
    carries = policy.revaluation is Revaluation.CARRIES
    back = last_day(last + timedelta(days=1)) if carries else last + timedelta(days=1)
    balances = await desk.erp.foreign_balances(last, MONETARY)
    by_entity: defaultdict[str, list[ForeignBalance]] = defaultdict(list)
    for balance in balances:
        by_entity[balance.entity].append(balance)
    rates = closing(await desk.erp.rates(), last, policy.closing_rate)
    count = 0
    for entity, found in sorted(by_entity.items()):
        key = key_of(month, entity)
        if await desk.erp.journal(key) is not None:
            continue
        items = [
            Item(f"{each.account}/{each.open.currency}", each.open, each.booked, each.account)
            for each in sorted(found, key=lambda each: (each.account, each.open.currency))
        ]
        entry = post(revalue(key, last, entity or "ALL", items, rates), Policy())
        if entry is not None:
            journal = journal_of(entry, entity, back)
            journal = replace(journal, lines=desk.classification.journal(journal.lines))
            await desk.erp.post_journal(journal, f"revaluation#{key}/post")
            count += 1
    return count


def closing(rows: list[Rate], last: date, which: ClosingRate = ClosingRate.LAST_DAY) -> Rates:
    """The rates entered for exactly the last day, or the latest up to it, as closing rates of that day."""
    found: dict[tuple[str, str], Rate] = {}
    for row in sorted(rows, key=lambda row: row.on):
        if row.on == last or (which is ClosingRate.LATEST and row.on < last):
            found[row.of, row.into] = row
    return Rates(Rate(row.of, row.into, last, row.value, RateType.CLOSING) for row in found.values())


def journal_of(entry: Entry, entity: str, reverse_on: date) -> Journal:
    """The entry as the ledger system takes it, in the currency of the entity's books."""
    currency = entry.lines[0].amount.currency
    nothing = Money(0, currency)
    lines = tuple(
        JournalLine(line.account, line.debit, nothing, entry.event)
        if line.amount.minor > 0
        else JournalLine(line.account, nothing, line.credit, entry.event)
        for line in entry.lines
    )
    return Journal(
        entry.event, entry.on, currency, f"Revaluation of {entry.on:%Y-%m}", lines, entity, reverse_on
    )
