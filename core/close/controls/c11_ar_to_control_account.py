"""C11: open receivables are what the control account shows."""

from __future__ import annotations

from collections.abc import Sequence

from core.close.control import Control, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.ledger import LedgerLine

_CONTROL_ACCOUNT = "1100"


def _sides(extract: Extract) -> Sides:
    lefts = [worth((i.entity, i.amount.currency), i.amount, (), i) for i in extract.open_items]
    rights = [
        worth((x.entity, x.amount.currency), x.amount, (), x)
        for x in extract.ledger
        if x.account == _CONTROL_ACCOUNT
    ]
    return lefts, rights


def _cause(extract: Extract, pair: Pair) -> Sequence[Part]:
    lines = [e.row for e in pair.rights if isinstance(e.row, LedgerLine)]
    manual = sum(x.amount.minor for x in lines if x.manual)
    revalued = sum(
        x.amount.minor for x in lines if not x.manual and x.rule in ("P45", "revaluation") and not x.document
    )
    receipts = {r.id: r for r in extract.receipts if r.unapplied}
    unapplied = 0
    for receipt in receipts.values():
        posted = -sum(x.amount.minor for x in lines if x.source == receipt.id)
        applied = sum(part.amount.minor for part in receipt.allocations)
        if posted and receipt.unapplied and posted == applied + receipt.unapplied.minor:
            unapplied -= receipt.unapplied.minor
    return [
        Part(cause, -amount)
        for cause, amount in (
            ("manual JE to control account", manual),
            ("revaluation posted without document", revalued),
            ("unapplied cash in wrong account", unapplied),
        )
        if amount
    ]


CONTROL = Control("C11", terms("C11"), ("open_items", "ledger"), _sides, _cause, Matching.SUMS)
