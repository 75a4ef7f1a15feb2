"""What customers transfer to the company's bank themselves, and what is paid back from there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.canonical.money import Money
from scenarios.lifecycles.hands import HandsError
from scenarios.scripted.stage import Stage


@dataclass(frozen=True, slots=True)
class PayByTransfer:
    """amount: in major units; invoices: dates of those that the remittance names, in the payer's order."""

    on: str
    party: str
    amount: str
    invoices: tuple[str, ...]

    def tell(self) -> str:
        named = " and ".join(self.invoices)
        return (
            f"{self.party} transfers {self.amount} for the invoice{'s' * (len(self.invoices) > 1)} of {named}"
        )

    async def perform(self, stage: Stage) -> None:
        who = stage.companies[self.party]
        numbers = [await _number(stage, self.on, self.party, each) for each in self.invoices]
        stage.pay_in(Money.of(Decimal(self.amount), who.currency), who.name, " ".join(numbers))


@dataclass(frozen=True, slots=True)
class PayBack:
    """Treasury sends back what was over of the latest transfer, in major units."""

    on: str
    party: str
    amount: str

    def tell(self) -> str:
        return f"Treasury transfers {self.amount} of {self.party}'s money back"

    async def perform(self, stage: Stage) -> None:
        who = stage.companies[self.party]
        original = stage.last_paid_in(who.name)
        amount = Money.of(Decimal(self.amount), who.currency)
        stage.pay_in(-amount, who.name, f"REFUND {original.id}")


async def _number(stage: Stage, on: str, party: str, day: str) -> str:
    path = f"/object-query/invoices?filter[]=invoiceDate.EQ:{day}&expand[]=account"
    rows = (await stage.hands.call("zuora", "GET", path))["data"]
    found = [row for row in rows if row["account"]["accountNumber"] == f"A-{party}"]
    if len(found) != 1:
        raise HandsError(f"{on}: {party} has {len(found)} invoices of {day}")
    return str(found[0]["invoiceNumber"])
