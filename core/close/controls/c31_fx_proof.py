"""C31: gains and losses of exchange are amount times difference of rates, document by document."""

from __future__ import annotations

from fractions import Fraction

from core.canonical.money import Money, exponent
from core.close.control import Control, Matching, Pair, Sides, a_cent, terms, worth
from core.close.extract import Extract
from core.close.reperform import half_up
from core.close.rows.ledger import FxItem, LedgerLine

_ACCOUNTS = {"7000": "settled", "7010": "open"}


def _sides(extract: Extract) -> Sides:
    """To date: so that a revaluation which was not reversed shows beside the one that followed it."""
    lefts = [worth((item.document, item.kind), _gain(item), (), item) for item in extract.fx_items]
    rights = [
        worth((line.document, _ACCOUNTS[line.account]), -(line.base or line.amount), (), line)
        for line in extract.ledger
        if line.account in _ACCOUNTS
    ]
    return lefts, rights


def _gain(item: FxItem) -> Money:
    if not item.monetary:
        return Money(0, item.home)
    moved = Fraction(item.rate) - Fraction(item.booked_rate)
    scale = Fraction(10) ** (exponent(item.home) - exponent(item.foreign.currency))
    return Money(half_up(item.foreign.minor * moved * scale), item.home)


def _cause(extract: Extract, pair: Pair) -> str:
    if not pair.lefts:
        return ""
    item = pair.lefts[0].row
    assert isinstance(item, FxItem)
    if not item.monetary:
        return "deferred revenue remeasured (non-monetary)"
    if pair.right and pair.right == -pair.left:
        return "sign"
    if -pair.amount == _carried(extract, pair):
        return "not auto-reversed"
    return "gain on partially paid item" if item.partial else ""


def _carried(extract: Extract, pair: Pair) -> int:
    """What earlier revaluations of the document left standing for want of a reversal; 0 if none."""
    lines = [e.row for e in pair.rights if isinstance(e.row, LedgerLine)]
    reversed_ = {line.reverses for line in lines if line.reverses}
    return -sum(
        (line.base or line.amount).minor
        for line in lines
        if line.period < extract.month and not line.reverses and line.entry not in reversed_
    )


CONTROL = Control("C31", terms("C31"), ("fx_items", "ledger"), _sides, _cause, Matching.SUMS, a_cent)
