"""C36: every entry balances, and every event is answered by each of its rules once."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Entry, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.ledger import LedgerLine


def _sides(extract: Extract) -> Sides:
    lefts: list[Entry] = [
        Entry(("event", event.id, rule), 1, "entries", (), event)
        for event in extract.posting_events
        for rule in event.rules
    ]
    rights: list[Entry] = []
    entries: dict[tuple[str, str, str], dict[str, LedgerLine]] = {}
    balances: dict[tuple[str, str, str], tuple[int, int]] = {}
    for line in extract.ledger:
        entries.setdefault(("event", line.source or line.entry, line.rule), {})[line.entry] = line
        place = (line.entry, line.entity, line.amount.currency)
        debit, credit = balances.get(place, (0, 0))
        minor = line.amount.minor
        balances[place] = (debit + max(minor, 0), credit + max(-minor, 0))
    for key, found in entries.items():
        rights += [Entry(key, 1, "entries", (), line) for line in found.values()]
    for (entry, entity, currency), (debit, credit) in balances.items():
        key = ("balance", entry, entity or currency)
        lefts.append(worth(key, Money(debit, currency)))
        rights.append(worth(key, Money(credit, currency)))
    return lefts, rights


def _cause(_extract: Extract, pair: Pair) -> str:
    if pair.key[0] == "balance":
        return "unbalanced"
    if not pair.rights:
        return "event without entry (unless on the no-entry list)"
    if len(pair.rights) > 1:
        return "two entries for one event"
    return "entry without event"


CONTROL = Control("C36", terms("C36"), ("posting_events", "ledger"), _sides, _cause)
