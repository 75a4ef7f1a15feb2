"""C28: revenue ahead of billing is the contract asset, by contract and net of its liability."""

from __future__ import annotations

from core.canonical.money import Money
from core.close.control import Control, Matching, Pair, Sides, terms, worth
from core.close.extract import Extract
from core.close.rows.revenue import ContractProgress

_ASSET = "1150"


def _sides(extract: Extract) -> Sides:
    lefts = [worth((p.contract, p.billed.currency), _ahead(p), _facts(p), p) for p in extract.progress]
    rights = [
        worth((line.contract, line.amount.currency), line.amount, (("right", "conditional"),), line)
        for line in extract.ledger
        if line.account == _ASSET
    ]
    return lefts, rights


def _ahead(progress: ContractProgress) -> Money:
    return Money(max((progress.recognised - progress.billed).minor, 0), progress.billed.currency)


def _facts(progress: ContractProgress) -> tuple[tuple[str, str], ...]:
    return (("right", "unconditional" if progress.unconditional else "conditional"),)


def _cause(_extract: Extract, pair: Pair) -> str:
    if pair.right < 0:
        return "negative"
    if not pair.lefts:
        return ""
    progress = pair.lefts[0].row
    assert isinstance(progress, ContractProgress)
    if progress.unconditional and pair.right:
        return "not reclassified when unconditional"
    if pair.amount >= 0:
        return ""
    if progress.accrued_before and -pair.amount == progress.accrued_before.minor:
        return "accrual not reversed"
    if progress.deferred.minor > 0 and pair.left == 0:
        behind = (progress.billed - progress.recognised).minor
        gross = progress.deferred.minor - behind == pair.right
        return "asset and liability shown gross for one contract" if gross else "billed but not cleared"
    return "billed but not cleared"


CONTROL = Control("C28", terms("C28"), ("progress", "ledger"), _sides, _cause, Matching.SUMS)
