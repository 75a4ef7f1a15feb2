"""What the product of a scripted story records: use, in time, late or twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.canonical.usage import UsageEvent
from scenarios.scripted.stage import Stage


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
