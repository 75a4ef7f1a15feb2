"""What the company's own finance people do beside their routine: close and reopen periods, run bills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from scenarios.lifecycles.hands import HandsError
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


@dataclass(frozen=True, slots=True)
class CreditByHand:
    """Accounts receivable credit part of the invoice of a day, before tax and the tax on it, in major
    units of its currency; the credit stays on account."""

    on: str
    party: str
    invoice: str
    net: str
    tax: str
    why: str

    def tell(self) -> str:
        tax = f" and {self.tax} tax" if Decimal(self.tax) else ""
        return f"AR credit {self.net}{tax} on {self.party}'s invoice of {self.invoice}: {self.why}"

    async def perform(self, stage: Stage) -> None:
        hands = stage.hands
        path = f"/object-query/invoices?filter[]=invoiceDate.EQ:{self.invoice}&expand[]=account"
        rows = (await hands.call("zuora", "GET", path))["data"]
        number = f"A-{self.party}"
        found = next((row for row in rows if row["account"]["accountNumber"] == number), None)
        if found is None:
            raise HandsError(f"{self.on}: {self.party} has no invoice of {self.invoice}")
        items = (await hands.call("zuora", "GET", f"/v1/invoices/{found['id']}/items"))["invoiceItems"]
        item = items[0]
        row = {
            "invoiceItemId": item["id"],
            "skuName": item["sku"],
            "amount": Decimal(self.net),
            "taxMode": "TaxExclusive",
            "taxItems": _shared(item["taxationItems"]["data"], Decimal(self.tax)),
        }
        memo = {
            "autoPost": True,
            "reasonCode": "Customer Satisfaction",
            "comment": self.why,
            "effectiveDate": self.on,
            "excludeFromAutoApplyRules": True,
            "autoApplyToInvoiceUponPosting": False,
            "taxAutoCalculation": False,
            "items": [row],
        }
        await hands.call("zuora", "POST", f"/v1/credit-memos/invoice/{found['id']}", json_body=memo)


def _shared(taxes: list[dict[str, Any]], amount: Decimal) -> list[dict[str, Any]]:
    """An amount over the taxes of a line as they were charged, the rest on the last."""
    whole = sum((Decimal(str(tax["taxAmount"])) for tax in taxes), Decimal(0))
    rows, left = [], amount
    for at, tax in enumerate(taxes):
        part = Decimal(str(tax["taxAmount"])) * amount
        share = left if at == len(taxes) - 1 else (part / whole).quantize(Decimal("0.01"))
        left -= share
        rows.append(
            {
                "sourceTaxItemId": tax["id"],
                "amount": share,
                "jurisdiction": tax["jurisdiction"],
                "taxName": tax["name"],
                "taxRate": tax["taxRate"],
                "taxRateType": tax["taxRateType"],
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Operators have the newest transaction of a flow taken back, where the model has such."""

    on: str
    flow: str

    def tell(self) -> str:
        return f"Operators take the newest {self.flow.replace('_', ' ')} back"

    async def perform(self, stage: Stage) -> None:
        await stage.take_back(self.flow, "signed by mistake")
