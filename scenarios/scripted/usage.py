"""What the product of a scripted story records: use, in time, late or twice; and questions about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.canonical.usage import UsageEvent
from scenarios.checkers.findings import major
from scenarios.evidence.run import Evidence
from scenarios.scripted.script import Ask
from scenarios.scripted.stage import Stage

USAGE_REVENUE = "4010"


@dataclass(frozen=True, slots=True)
class UseProduct:
    """The product records use. event: the product's own number of it, the same when it is told again; unit:
    what the meter counts; used_on: "" for the day it is recorded, another day where it comes late."""

    on: str
    party: str
    event: str
    unit: str
    quantity: str
    used_on: str = ""
    contract: str = ""

    def tell(self) -> str:
        late = f" used on {self.used_on}" if self.used_on else ""
        return f"The product records {self.quantity} {self.unit}{late} of {self.party} as {self.event}"

    async def perform(self, stage: Stage) -> None:
        held = stage.held[self.party, self.contract]
        used = date.fromisoformat(self.used_on or self.on)
        event = UsageEvent(
            self.event, self.party, f"S-{held.name}-01", self.unit, Decimal(self.quantity), used
        )
        stage.record_usage(event)


def metered(party: str) -> Ask:
    """How many records of use billing has of a customer, and of how much."""

    def of(evidence: Evidence) -> str:
        own = {a.id for a in evidence.billing.accounts if a.crm_account == party}
        found = [record for record in evidence.billing.usage if record.account in own]
        sums: dict[str, Decimal] = {}
        for record in found:
            sums[record.unit] = sums.get(record.unit, Decimal(0)) + Decimal(record.quantity)
        return f"{len(found)} records, " + ", ".join(f"{sums[unit]:f} {unit}" for unit in sorted(sums))

    return Ask(f"use of {party} in billing", of)


def usage_revenue(month: str, currency: str = "USD") -> Ask:
    """What was posted on the account of usage revenue in an accounting month."""

    def of(evidence: Evidence) -> str:
        lines = (
            x
            for x in evidence.erp.ledger
            if x.account == USAGE_REVENUE and x.currency == currency and x.period == month
        )
        return major(sum(x.credit - x.debit for x in lines), currency)

    return Ask(f"usage revenue ({USAGE_REVENUE}) of {month}, {currency}", of)
