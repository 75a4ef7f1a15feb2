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


@dataclass(frozen=True, slots=True)
class FileCertificate:
    """The customer's exemption certificate is filed with the tax engine, valid in one state from its day."""

    on: str
    party: str
    zone: str

    def tell(self) -> str:
        return f"{self.party}'s exemption certificate for {self.zone} is filed with the tax engine"

    async def perform(self, stage: Stage) -> None:
        hands, who = stage.hands, stage.companies[self.party]
        found = await hands.call("avatax", "GET", "/api/v2/companies")
        root = f"/api/v2/companies/{found['value'][0]['id']}"
        person = {
            "customerCode": who.key,
            "name": who.name,
            "line1": who.street,
            "city": who.city,
            "region": who.region,
            "postalCode": who.postal_code,
            "country": who.country,
        }
        await hands.call("avatax", "POST", f"{root}/customers", json_body=[person])
        paper = {
            "signedDate": self.on,
            "expirationDate": "2099-12-31",
            "exposureZone": {"name": self.zone},
            "exemptionReason": {"name": "RESALE"},
            "customers": [{"customerCode": who.key}],
        }
        await hands.call("avatax", "POST", f"{root}/certificates", json_body=[paper])


@dataclass(frozen=True, slots=True)
class ReopenPeriod:
    """month: "YYYY-MM", closed before."""

    on: str
    month: str

    def tell(self) -> str:
        return f"Controlling reopens {self.month}"

    async def perform(self, stage: Stage) -> None:
        await stage.departments.reopen(date.fromisoformat(f"{self.month}-01"))
