"""C35: remaining obligations move by bookings, revenue and changes, to what is still planned."""

from __future__ import annotations

from collections.abc import Sequence

from core.close.control import Control, Matching, Pair, Part, Sides, a_cent, terms, worth
from core.close.extract import Extract
from core.close.rows.revenue import RemainingLine

_NOT_FIXED = {
    "cancellable": "cancellable part in RPO",
    "early_renewal": "renewal counted early",
    "usage": "usage in RPO",
}


def _sides(extract: Extract) -> Sides:
    lefts = [worth((o.key, o.amount.currency), o.amount, (), o) for o in extract.openings if o.kind == "rpo"]
    lefts += [worth((m.contract, m.amount.currency), m.amount, (), m) for m in extract.rpo_movements]
    rights = [worth((r.contract, r.amount.currency), r.amount, (), r) for r in extract.remaining]
    return lefts, rights


def _cause(_extract: Extract, pair: Pair) -> Sequence[Part]:
    sums: dict[str, int] = {}
    for entry in pair.rights:
        if isinstance(entry.row, RemainingLine) and entry.row.kind in _NOT_FIXED:
            cause = _NOT_FIXED[entry.row.kind]
            sums[cause] = sums.get(cause, 0) - entry.row.amount.minor
    return [Part(cause, amount) for cause, amount in sums.items()]


CONTROL = Control("C35", terms("C35"), ("rpo_movements", "remaining"), _sides, _cause, Matching.SUMS, a_cent)
