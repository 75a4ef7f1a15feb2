"""Somebody changes by hand, in one system, what another system owns."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from scenarios.lifecycles.hands import SALESFORCE
from scenarios.scripted.sales import Item, Sign
from scenarios.scripted.stage import Stage


@dataclass(frozen=True, slots=True)
class RenameInLedger:
    """Accounting edits the name of a customer in the ERP."""

    on: str
    party: str
    name: str

    def tell(self) -> str:
        return f"Accounting renames {self.party} to {self.name!r} in the ledger"

    async def perform(self, stage: Stage) -> None:
        path = f"/services/rest/record/v1/customer/eid:{self.party}"
        await stage.hands.call("netsuite", "PATCH", path, json_body={"companyName": self.name})


@dataclass(frozen=True, slots=True)
class RenameInBilling:
    """Billing operations edit the name of a customer's account in billing."""

    on: str
    party: str
    name: str

    def tell(self) -> str:
        return f"Billing operations rename {self.party} to {self.name!r} in billing"

    async def perform(self, stage: Stage) -> None:
        await stage.hands.call("zuora", "PUT", f"/v1/accounts/A-{self.party}", json_body={"name": self.name})


@dataclass(frozen=True, slots=True)
class SignAs:
    """Sales, who own it, edit the name of a customer in the CRM, and close a deal with it right after."""

    name: str
    sign: Sign

    @property
    def on(self) -> str:
        """The day of both."""
        return self.sign.on

    @property
    def items(self) -> tuple[Item, ...]:
        """What is sold."""
        return self.sign.items

    def tell(self) -> str:
        return f"Sales rename {self.sign.party} to {self.name!r} in the CRM; {self.sign.tell()}"

    async def perform(self, stage: Stage) -> None:
        path = f"{SALESFORCE}/sobjects/Account/External_Id__c/{self.sign.party}"
        await stage.hands.call("salesforce", "PATCH", path, json_body={"Name": self.name})
        await self.sign.perform(stage)


@dataclass(frozen=True, slots=True)
class EditMirror:
    """Sales set the status of every mirrored invoice of a customer in the CRM."""

    on: str
    party: str
    status: str

    def tell(self) -> str:
        return f"Sales set {self.party}'s invoices to {self.status!r} in the CRM"

    async def perform(self, stage: Stage) -> None:
        soql = f"SELECT Id FROM Invoice__c WHERE Account__r.External_Id__c = '{self.party}'"
        found = await stage.hands.call("salesforce", "GET", f"{SALESFORCE}/query?{urlencode({'q': soql})}")
        for row in found["records"]:
            path = f"{SALESFORCE}/sobjects/Invoice__c/{row['Id']}"
            await stage.hands.call("salesforce", "PATCH", path, json_body={"Status__c": self.status})
