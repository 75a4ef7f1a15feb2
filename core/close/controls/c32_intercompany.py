"""C32: what one entity is owed by another, the other owes."""

from __future__ import annotations

from core.close.control import Control, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.ledger import Intercompany


def _sides(extract: Extract) -> Sides:
    lefts = [
        worth((r.document,), r.amount, _facts(r), r) for r in extract.intercompany if r.side == "due_from"
    ]
    rights = [
        worth((r.document,), r.amount, _facts(r), r) for r in extract.intercompany if r.side == "due_to"
    ]
    return lefts, rights


def _facts(row: Intercompany) -> tuple[tuple[str, str], ...]:
    owed, owes = (row.holder, row.other) if row.side == "due_from" else (row.other, row.holder)
    priced = "agreed" if row.priced or row.side == "due_from" else "missing"
    return (("owed", owed), ("owes", owes), ("transfer price", priced))


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.lefts or not pair.rights:
        return "one-sided"
    if pair.apart & {"owed", "owes"}:
        rows = [entry.row for entry in (*pair.lefts, *pair.rights)]
        cash = any(isinstance(row, Intercompany) and row.reason == "cash" for row in rows)
        return "cash received by other entity" if cash else "invoice in wrong entity"
    return "transfer price missing" if "transfer price" in pair.apart else ""


CONTROL = Control("C32", terms("C32"), ("intercompany",), _sides, _cause)
