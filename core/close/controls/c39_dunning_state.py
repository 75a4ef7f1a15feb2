"""C39: who is overdue is dunned, and nobody else."""

from __future__ import annotations

from datetime import timedelta

from core.close.control import Control, Entry, Pair, Sides, terms
from core.close.extract import Extract
from core.close.rows.billing import Dunning

_ACTIVE = frozenset({"dunning", "blocked"})
_GOOD = (("attempts", "within the limit"),)


def _sides(extract: Extract) -> Sides:
    lefts = [
        Entry(
            (item.customer, item.amount.currency, item.invoice or item.document), 1, "invoices", _GOOD, item
        )
        for item in extract.open_items
        if item.due_on is not None
        and item.due_on + timedelta(days=extract.policies.dun_after) < extract.end
        and item.dunned
        and item.amount.minor > extract.policies.dun_above
    ]
    rights = [
        Entry((row.customer, row.currency, row.invoice), 1, "invoices", _facts(extract, row), row)
        for row in extract.dunning
        if row.state in _ACTIVE
    ]
    return lefts, rights


def _facts(extract: Extract, row: Dunning) -> tuple[tuple[str, str], ...]:
    over = row.attempts > extract.policies.dun_attempts
    return (("attempts", f"{row.attempts}, over the limit" if over else "within the limit"),)


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.rights:
        return "not dunned above threshold"
    row = pair.rights[0].row
    assert isinstance(row, Dunning)
    if not pair.lefts:
        return "access blocked though current" if row.state == "blocked" else "dunned though paid"
    return "attempts exceed limit" if "attempts" in pair.apart else ""


CONTROL = Control("C39", terms("C39"), ("open_items", "dunning"), _sides, _cause)
