"""What the customer's bank does: asks about a charge, takes the money back, decides, returns a refund."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.lifecycles.hands import HandsError
from scenarios.lifecycles.issuer import INQUIRY
from scenarios.scripted.stage import Stage

_WORDS = {"won": "for us", "lost": "for the customer", "warning_closed": "to leave it at the question"}


@dataclass(frozen=True, slots=True)
class Inquire:
    """The bank asks about the latest charge; no money moves."""

    on: str
    party: str

    def tell(self) -> str:
        return f"{self.party}'s bank inquires about the latest charge"

    async def perform(self, stage: Stage) -> None:
        await _open(stage, self.on, self.party, INQUIRY)


@dataclass(frozen=True, slots=True)
class CallBack:
    """The bank takes the latest charge back, with a fee, until it is decided."""

    on: str
    party: str
    reason: str = "fraudulent"

    def tell(self) -> str:
        return f"{self.party} disputes the latest charge as {self.reason}: the money is withdrawn"

    async def perform(self, stage: Stage) -> None:
        await _open(stage, self.on, self.party, self.reason)


@dataclass(frozen=True, slots=True)
class DebitComesBack:
    """The bank sends a debit back that had succeeded (R01 and its like); nobody can answer that."""

    on: str
    party: str
    reason: str = "insufficient_funds"

    def tell(self) -> str:
        return f"{self.party}'s bank sends the latest debit back ({self.reason}), with a fee"

    async def perform(self, stage: Stage) -> None:
        await _open(stage, self.on, self.party, self.reason)


@dataclass(frozen=True, slots=True)
class AnswerBank:
    """Evidence is handed in, in time; what is not answered is lost by itself."""

    on: str
    party: str

    def tell(self) -> str:
        return f"Evidence in {self.party}'s dispute is handed in"

    async def perform(self, stage: Stage) -> None:
        path = f"/v1/disputes/{stage.disputes[self.party]}"
        form = {"evidence": {"uncategorized_text": "The service was used on every day."}, "submit": True}
        await stage.hands.call("stripe", "POST", path, form=form)


@dataclass(frozen=True, slots=True)
class BankDecides:
    """status: won, lost, or warning_closed for an inquiry."""

    on: str
    party: str
    status: str

    def tell(self) -> str:
        return f"The bank decides {_WORDS[self.status]}"

    async def perform(self, stage: Stage) -> None:
        if not await stage.issuer.decide(stage.disputes[self.party], self.status):
            raise HandsError(f"{self.on}: the dispute of {self.party} had ended before")


@dataclass(frozen=True, slots=True)
class RefundComesBack:
    """The card is closed: the bank sends the latest refund back to us."""

    on: str
    party: str

    def tell(self) -> str:
        return f"{self.party}'s bank sends the refund back: the card is closed"

    async def perform(self, stage: Stage) -> None:
        charge = await stage.wallets[self.party].latest_charge(0)
        if not charge or not await stage.issuer.send_back_refund(charge):
            raise HandsError(f"{self.on}: {self.party} has no refund that could come back")


async def _open(stage: Stage, on: str, party: str, reason: str) -> None:
    charge = await stage.wallets[party].latest_charge(0)
    dispute = await stage.issuer.complain(charge, reason) if charge else ""
    if not dispute:
        raise HandsError(f"{on}: {party} has no charge that could be disputed")
    stage.disputes[party] = dispute
