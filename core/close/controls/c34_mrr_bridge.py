"""C34: recurring revenue moves only by what happened to subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.close.control import Control, Entry, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.sales import MrrItem, MrrMovement

_NOT_RECURRING = {"usage": "usage in MRR", "one_time": "one-time in MRR"}
_GOOD = (("event", "known"),)


def _sides(extract: Extract) -> Sides:
    lefts = [_entry(item, item) for item in extract.mrr_opening if item.kind == "recurring"]
    moves = [move for move in extract.mrr_movements if move.month == extract.month]
    gone = {(m.customer, m.product, m.on) for m in moves if m.kind == "churn"}
    lefts += [_entry(move, move, _at_once(move, gone)) for move in moves]
    rights = [_entry(item, item) for item in extract.mrr_closing]
    return lefts, rights


def _at_once(move: MrrMovement, gone: set[tuple[str, str, date]]) -> bool:
    """Whether it brings back what left on the same day."""
    return move.kind in ("new", "reactivation") and (move.customer, move.product, move.on) in gone


def _entry(row: MrrItem | MrrMovement, of: object, at_once: bool = False) -> Entry:
    facts = (*_facts(row), ("return", "on the day of leaving" if at_once else "none, or later"))
    return worth((row.customer, row.product, row.amount.currency), row.amount, facts, of)


def _facts(row: MrrItem | MrrMovement) -> tuple[tuple[str, str], ...]:
    if isinstance(row, MrrItem):
        return _GOOD
    if row.kind == "expansion" and row.event == "fx":
        return (("event", "a change of rates"),)
    return _GOOD if row.event else (("event", f"none for {row.kind}"),)


def _cause(_extract: Extract, pair: Pair) -> str | Sequence[Part]:
    sums: dict[str, int] = {}
    for entry in pair.rights:
        if isinstance(entry.row, MrrItem) and entry.row.kind in _NOT_RECURRING:
            cause = _NOT_RECURRING[entry.row.kind]
            sums[cause] = sums.get(cause, 0) - entry.row.amount.minor
    if sums:
        return [Part(cause, amount) for cause, amount in sums.items()]
    moves = [entry.row for entry in pair.lefts if isinstance(entry.row, MrrMovement)]
    if any(m.kind == "expansion" and m.event == "fx" for m in moves):
        return "FX shown as expansion"
    if "return" in pair.apart:
        return "churn and reactivation same day"
    return "movement without event"


CONTROL = Control("C34", terms("C34"), ("mrr_movements", "mrr_closing"), _sides, _cause, Matching.SUMS)
