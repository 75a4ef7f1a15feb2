"""C34: recurring revenue moves only by what happened to subscriptions."""

from __future__ import annotations

from collections.abc import Sequence

from core.close.control import Control, Entry, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.sales import MrrItem, MrrMovement

_NOT_RECURRING = {"usage": "usage in MRR", "one_time": "one-time in MRR"}
_GOOD = (("event", "known"),)


def _sides(extract: Extract) -> Sides:
    lefts = [_entry(item, item) for item in extract.mrr_opening if item.kind == "recurring"]
    lefts += [_entry(move, move) for move in extract.mrr_movements if move.month == extract.month]
    rights = [_entry(item, item) for item in extract.mrr_closing]
    return lefts, rights


def _entry(row: MrrItem | MrrMovement, of: object) -> Entry:
    return worth((row.customer, row.product, row.amount.currency), row.amount, _facts(row), of)


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
    left = {m.on for m in moves if m.kind == "churn"}
    if any(m.on in left for m in moves if m.kind in ("new", "reactivation")):
        return "churn and reactivation same day"
    return "movement without event" if pair.apart or _odd(moves) or not pair.amount else ""


def _odd(moves: list[MrrMovement]) -> bool:
    return any(not move.event for move in moves)


CONTROL = Control("C34", terms("C34"), ("mrr_movements", "mrr_closing"), _sides, _cause, Matching.SUMS)
