"""C19: the bank's closing balance is the ledger's cash, less what is outstanding."""

from __future__ import annotations

from collections.abc import Sequence

from core.canonical.money import Money
from core.close.control import Control, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract

_CASH = "1000"


def _sides(extract: Extract) -> Sides:
    lefts = [worth((s.account, s.closing.currency), s.closing, (), s) for s in extract.bank_statements]
    rights = [
        worth((line.bank or line.account, line.amount.currency), line.amount, (), line)
        for line in extract.ledger
        if line.account == _CASH or line.account.startswith(_CASH + ".")
    ]
    # A ledger that is kept and has nothing on an account of the bank has a balance there: none.
    booked = {entry.key for entry in rights}
    rights += [
        worth(entry.key, Money(0, entry.unit), (), None)
        for entry in lefts
        if extract.ledger and entry.key not in booked
    ]
    return lefts, rights


def _cause(extract: Extract, pair: Pair) -> Sequence[Part]:
    account, currency = pair.key
    sums: dict[str, int] = {}
    for item in extract.outstanding:
        if (item.account, item.amount.currency) == (account, currency):
            stale = (extract.end - item.on).days > extract.policies.stale_days
            cause = "stale item > 30 days" if stale else "outstanding payment"
            sums[cause] = sums.get(cause, 0) - item.amount.minor
    booked = {line.source for line in extract.ledger} | {line.document for line in extract.ledger}
    for line in extract.bank_lines:
        mine = (line.account, line.amount.currency) == (account, currency) and line.id not in booked
        if mine and line.kind in ("fee", "interest", "other"):
            cause = "bank error" if line.kind == "other" else "unrecorded fee/interest"
            sums[cause] = sums.get(cause, 0) + line.amount.minor
    return [Part(cause, amount) for cause, amount in sums.items() if amount]


CONTROL = Control("C19", terms("C19"), ("bank_statements", "ledger"), _sides, _cause, Matching.SUMS)
