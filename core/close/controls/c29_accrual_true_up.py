"""C29: usage accrued at a month's end is what was invoiced for it afterwards, or the cause is known."""

from __future__ import annotations

from collections.abc import Sequence

from core.close.control import Amount, Control, Matching, Pair, Part, Sides, terms, worth
from core.close.extract import Extract
from core.close.reperform import half_up
from core.close.rows.revenue import UsageBilled


def _sides(extract: Extract) -> Sides:
    lefts = [worth((a.item, a.meter, a.month), a.amount, (), a) for a in extract.accruals]
    # What is not invoiced yet cannot be compared yet.
    rights = [worth((b.item, b.meter, b.month), b.amount, (), b) for b in extract.usage_billed]
    billed = {entry.key for entry in rights}
    return [entry for entry in lefts if entry.key in billed or entry.key[2] < extract.month], rights


def _cause(_extract: Extract, pair: Pair) -> Sequence[Part]:
    rows = [entry.row for entry in pair.rights if isinstance(entry.row, UsageBilled)]
    sums: dict[str, int] = {}
    for row in rows:
        for cause, amount in row.causes:
            sums[cause] = sums.get(cause, 0) - amount.minor
    return [Part(cause, amount) for cause, amount in sums.items() if amount]


def _allowed(extract: Extract, pair: Pair) -> Amount:
    left = pair.left if pair.left >= 0 else -pair.left
    return max(half_up(extract.policies.accrual_share * left), extract.policies.accrual_least)


CONTROL = Control("C29", terms("C29"), ("accruals", "usage_billed"), _sides, _cause, Matching.SUMS, _allowed)
