"""Questions about bundles: what was moved between their obligations, and what each was revenue of."""

from __future__ import annotations

from collections import defaultdict

from scenarios.checkers.findings import major
from scenarios.evidence.run import Evidence
from scenarios.scripted.script import Ask

REVENUE = "4000"


def moved(party: str, order: int = 1, contract: str = "") -> Ask:
    """By product, what the allocation of an order gave it beyond its own price, as the ledger booked it."""
    number = f"O-OPP-{party}{contract and '-' + contract}-{order:02d}"

    def of(evidence: Evidence) -> str:
        journals = {j.id for j in evidence.erp.journals if j.external == f"P14-{number}"}
        sums: defaultdict[str, int] = defaultdict(int)
        currency = ""
        for line in evidence.erp.ledger:
            if line.document in journals:
                sums[line.memo.removeprefix(f"SSP-{number}-")] += line.credit - line.debit
                currency = line.currency
        return ", ".join(
            f"{product} {major(amount, currency).split()[0]}" for product, amount in sorted(sums.items())
        )

    return Ask(f"moved between the obligations of {number}", of)


def recognised(party: str, product: str, month: str, contract: str = "") -> Ask:
    """What was revenue of an obligation that is delivered once in an accounting month: its own price, and
    what the allocation moved to it."""
    name = f"OPP-{party}{contract and '-' + contract}-"

    def of(evidence: Evidence) -> str:
        lines = [
            line
            for line in evidence.erp.ledger
            if line.account == REVENUE
            and line.period == month
            and name in line.memo
            and (line.memo.startswith("SSP-") or "-once-" in line.memo)
            and f"-{product}" in line.memo
        ]
        currency = lines[0].currency if lines else "USD"
        return major(sum(line.credit - line.debit for line in lines), currency)

    return Ask(f"revenue by allocation of {party}'s {product} in {month}", of)
