"""C15: the items of a payout add up to it."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.cash import Payout

_IN = (("direction", "to the bank"),)
# Entries that are the payout itself, or take it back, and not what it consists of.
PAYOUT_KINDS = frozenset({"payout", "payout_failure", "payout_cancel"})


def _sides(extract: Extract) -> Sides:
    lefts = [
        worth((b.payout, b.net.currency), b.net, _IN, b)
        for b in extract.balance_transactions
        if b.payout and not (b.kind in PAYOUT_KINDS and b.source == b.payout)
    ]
    rights = [
        worth(
            (p.id, p.amount.currency),
            p.amount,
            _IN if p.amount.minor >= 0 else (("direction", "from the bank"),),
            p,
        )
        for p in extract.payouts
    ]
    return lefts, rights


def _cause(_extract: Extract, pair: Pair) -> str:
    if not pair.rights:
        return ""
    payout = pair.rights[0].row
    assert isinstance(payout, Payout)
    if not payout.itemised:
        return "manual payout (not itemised)"
    if "direction" in pair.apart:
        return "negative payout"
    nothing = Money(0, payout.amount.currency)
    if payout.retained and pair.amount == payout.retained.minor:
        return "minimum balance"
    if payout.fee and pair.amount == (payout.fee or nothing).minor:
        return "instant payout fee"
    return "missing item" if pair.amount else ""


CONTROL = Control("C15", terms("C15"), ("balance_transactions", "payouts"), _sides, _cause, Matching.SUMS)
