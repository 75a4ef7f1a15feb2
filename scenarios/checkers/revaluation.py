"""Revaluation journals: amount by the closing rate, turned back on day 1, none left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scenarios.checkers.days import day, text_of
from scenarios.checkers.exchange import Rates, by_document, half_up, worth
from scenarios.checkers.findings import distinct, major
from scenarios.evidence.erp import ErpJournal
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Witness

# Sums of money, which IAS 21 remeasures; deferred revenue, equity, income and expense keep their rate.
MONETARY = frozenset(
    (
        *("1000", "1010", "1020", "1050", "1100", "1110", "1150", "1200", "1210", "1300", "1500"),
        *("2000", "2010", "2200", "2300", "2310", "2400", "2500", "2600"),
    )
)
# Days after a month in which it has to have been revalued, and until which its period is surely open.
_CLOSING_DAYS, _OPEN_DAYS = 10, 2
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class _Books:
    """Of one entity. id: internal; key: as the journals name it."""

    id: str
    key: str
    base: str


def revalued_month(external: str) -> tuple[str, str]:
    """ "FXR-2026-01-DE" -> ("2026-01", "DE"); blanks for another journal."""
    found = re.fullmatch(r"FXR-(\d{4}-\d{2})-(.+)", external)
    return (found[1], found[2]) if found else ("", "")


def remeasured(evidence: Evidence, rates: Rates, home: dict[str, str]) -> tuple[list[Witness], int]:
    """What is wrong with revaluations, and how many there are or should be."""
    entities = {e.key or "ALL": _Books(e.id, e.key, home[e.id]) for e in evidence.erp.entities}
    done: dict[tuple[str, str], ErpJournal] = {}
    witnesses: list[Witness] = []
    for journal in evidence.erp.journals:
        month, key = revalued_month(journal.external)
        if not month:
            continue
        done[month, key] = journal
        witnesses += _turned_back(evidence, journal)
        if key in entities:
            witnesses += _amounts(evidence, rates, journal, entities[key])
    due = list(_due(evidence, rates, list(entities.values())))
    for month, key, amount, currency in due:
        if (month, key) not in done:
            said = f"{key} has not been revalued for {month}: {major(amount, currency)} were open"
            witnesses.append(Witness("lost", distinct(f"FXR-{month}-{key}", key), said, amount, currency))
    return witnesses, len(done) + len(due)


def _turned_back(evidence: Evidence, journal: ErpJournal) -> Iterator[Witness]:
    sums = by_document(evidence.erp.base_ledger)
    lines = sums.get(("journalEntry", journal.id), {})
    twins = [j for j in evidence.erp.journals if j.reverses == journal.id]
    names = distinct(journal.external, journal.id, *(j.id for j in twins))
    moved = sum(amount for amount in lines.values() if amount > 0)
    if not twins:
        said = f"{journal.external} over {major(moved, journal.currency)} was never turned back"
        yield Witness("wrong_amount", names, said, moved, journal.currency)
    for twin in twins:
        back = sums.get(("journalEntry", twin.id), {})
        due = _turned_on(evidence, journal.date)
        if back != {account: -amount for account, amount in lines.items()}:
            said = f"{journal.external} is turned back with other amounts"
            yield Witness("wrong_amount", names, said, moved, journal.currency)
        elif twin.date != due:
            said = f"{journal.external} is turned back on {twin.date}, should be on {due}"
            yield Witness("other", names, said)


def _turned_on(evidence: Evidence, last: str) -> str:
    """The first of the next month; its last day, where a revaluation carries until the next one."""
    first = date.fromisoformat(last) + timedelta(days=1)
    if evidence.conventions.books.revaluation == "revaluation_reverses_on_day_1":
        return first.isoformat()
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - timedelta(days=1)).isoformat()


def _amounts(evidence: Evidence, rates: Rates, journal: ErpJournal, books: _Books) -> Iterator[Witness]:
    found = by_document(evidence.erp.base_ledger).get(("journalEntry", journal.id), {})
    due, roundings = _expected(evidence, rates, books, journal.date, journal.created_at)
    for account in sorted({*found, *due} - {"7010"}):
        is_now, should = found.get(account, 0), due.get(account, 0)
        if abs(is_now - should) > roundings:
            said = f"{journal.external} moves {account} by {major(is_now, books.base)}, "
            said += f"should be {major(should, books.base)}"
            names = distinct(journal.external, journal.id, account)
            yield Witness("wrong_amount", names, said, is_now - should, books.base)


def _expected(
    evidence: Evidence, rates: Rates, books: _Books, on: str, made_at: int
) -> tuple[dict[str, int], int]:
    """By account, what the closing rate moves of the documents that the ledger had then."""
    known = _created(evidence)
    held: dict[tuple[str, str], list[int]] = {}
    currency = {line.document: line.currency for line in evidence.erp.ledger}
    for index, ledger in enumerate((evidence.erp.ledger, evidence.erp.base_ledger)):
        for line in ledger:
            late = line.date > on or known.get((line.kind, line.document), 0) > made_at
            if line.entity != books.id or late or line.account not in MONETARY:
                continue
            where = line.account, currency.get(line.document, line.currency)
            held.setdefault(where, [0, 0])[index] += line.debit - line.credit
    due: dict[str, int] = {}
    count = 0
    for (account, code), (still_open, booked) in held.items():
        latest = evidence.conventions.books.closing_rate == "latest_known"
        rate = rates.on(books.base, code, on) if latest else rates.exactly_on(books.base, code, on)
        if code == books.base or rate is None:
            continue
        due[account] = due.get(account, 0) + half_up(worth(still_open, code, books.base, rate)) - booked
        count += 1
    return {account: amount for account, amount in due.items() if amount}, count


def _due(evidence: Evidence, rates: Rates, entities: list[_Books]) -> Iterator[tuple[str, str, int, str]]:
    """(month, entity, what was open, currency) of each month that must have been revalued: over for some
    time, still open on the day for it, with a rate of its last day. A company of one entity is not asked:
    its ledger may do that by itself."""
    if not evidence.billed_through or not any(books.key for books in entities):
        return
    for period in evidence.erp.periods:
        last = text_of(day(period.end) - 1)
        if day(evidence.billed_through) < day(period.end) + _CLOSING_DAYS:
            continue
        closes = (day(period.end) - day("1970-01-01") + _OPEN_DAYS) * _DAY_US
        if period.closed and period.closed_at < closes:
            continue
        for books in entities:
            moved, _ = _expected(evidence, rates, books, last, closes - _OPEN_DAYS * _DAY_US)
            if books.key and moved:
                yield period.name, books.key, sum(map(abs, moved.values())), books.base


def _created(evidence: Evidence) -> dict[tuple[str, str], int]:
    erp = evidence.erp
    kinds = (
        ("invoice", erp.invoices),
        ("creditMemo", erp.credit_memos),
        ("customerPayment", erp.receipts),
        ("customerRefund", erp.refunds),
        ("journalEntry", erp.journals),
    )
    return {(kind, row.id): row.created_at for kind, rows in kinds for row in rows}
