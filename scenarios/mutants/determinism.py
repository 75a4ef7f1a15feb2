"""Bugs by which one run is not like the next."""

from __future__ import annotations

from core.ports.billing import Draft
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, around, in_port


class SaltedJitter(Around):
    """Of Draws."""

    def uniform(self, *key: object) -> float:
        return (hash(key) % 1_000_000) / 1_000_000


class OrderOfASet(Around):
    """Of Billing."""

    async def drafts(self, run: str) -> tuple[list[Draft], list[Draft]]:
        invoices, notes = await self.real.drafts(run)
        return list(set(invoices)), list(set(notes))


DETERMINISM = (
    Mutant(
        "jitter_from_hash",
        "the retry's jitter comes from hash() of a text, which every process salts anew",
        ("I-48",),
        around("draws", SaltedJitter),
        faults=met_by(Fault("F02", "netsuite", rate=0.1)),
    ),
    Mutant(
        "drafts_in_a_set",
        "drafts go through a set to rid them of duplicates and come out in the order of the day",
        ("I-48",),
        in_port("billing", OrderOfASet),
        # Enough of them a day that two processes hardly ever draw the same order by chance.
        customers=40,
    ),
)
