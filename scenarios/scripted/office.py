"""What the company's own finance people do beside their routine: close and reopen periods, run bills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scenarios.scripted.stage import Stage


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """month: "YYYY-MM"."""

    on: str
    month: str

    def tell(self) -> str:
        return f"Controlling closes {self.month}"

    async def perform(self, stage: Stage) -> None:
        await stage.departments.close(date.fromisoformat(f"{self.month}-01"))


@dataclass(frozen=True, slots=True)
class RunBills:
    """A bill run of its own. dated: the date on the invoices and the day up to which is billed."""

    on: str
    dated: str

    def tell(self) -> str:
        return f"Billing operations run bills dated {self.dated}"

    async def perform(self, stage: Stage) -> None:
        await stage.departments.bill_run(date.fromisoformat(self.dated))
