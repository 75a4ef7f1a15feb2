"""C26: revenue to date is the allocated price times what has been delivered, never more than the price."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Matching, Pair, Sides, a_cent, terms, worth
from core.close.extract import Extract
from core.close.reperform import half_up
from core.close.rows.revenue import Pob

_REVENUE = frozenset({"4000", "4010", "4020", "4050", "4900"})


def _sides(extract: Extract) -> Sides:
    lefts = [worth((p.contract, p.id), _earned(p), (), p) for p in extract.pobs]
    rights = [
        worth((line.contract, line.pob), -line.amount, (), line)
        for line in extract.ledger
        if line.account in _REVENUE and line.pob
    ]
    return lefts, rights


def _earned(pob: Pob) -> Money:
    """Of a cancelled obligation what had been recognised when it ended, if that is known."""
    if pob.cancelled_on is not None and pob.recognised_at_end is not None:
        return pob.recognised_at_end
    return Money(half_up(pob.allocated.minor * pob.progress), pob.allocated.currency)


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return ""
    pob = pair.lefts[0].row
    assert isinstance(pob, Pob)
    if pob.cancelled_on is not None and pair.amount < 0:
        return "cancelled POB still running"
    if pair.right > pob.allocated.minor >= 0:
        return "over-recognition (> allocated)"
    versions = [v.version for v in extract.contract_versions if v.contract == pob.contract]
    latest = max(versions, default=None)
    allocated = {(a.contract, a.version, a.pob) for a in extract.allocations}
    if latest is not None and (pob.contract, latest, pob.id) not in allocated:
        return "unallocated modification"
    return "revenue not released" if not pair.rights and pair.amount else ""


CONTROL = Control("C26", terms("C26"), ("pobs", "ledger"), _sides, _cause, Matching.SUMS, a_cent)
