"""Questions to the ledger by its dimensions: product, department, customer, contract."""

from __future__ import annotations

from scenarios.evidence.run import Evidence
from scenarios.scripted.ask import amounts
from scenarios.scripted.ledger import named, side
from scenarios.scripted.script import Ask


def by(dimension: str, value: str, account: str, month: str) -> Ask:
    """What was posted under one value of a dimension in an accounting month, on the account's own side."""

    def of(evidence: Evidence) -> str:
        lines = (x for x in evidence.erp.ledger if (x.account, x.period) == (account, month))
        return amounts(
            (side(account) * (x.debit - x.credit), x.currency)
            for x in lines
            if getattr(x, dimension) == value
        )

    return Ask(f"{named(account)} of {month}, {dimension} {value}", of)
