"""What customers do with their money: cards on file, bills paid by the link, money asked back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal

from scenarios.checkers.findings import EXPONENT
from scenarios.lifecycles.hands import HandsError
from scenarios.lifecycles.wallet import ACCOUNT, BAD_CARD, GOOD_CARD
from scenarios.scripted.stage import Stage

# A customer waits for an answer so many hours before giving up.
_PATIENCE = 72


@dataclass(frozen=True, slots=True)
class CardOnFile:
    """A card that works becomes the customer's own."""

    on: str
    party: str

    def tell(self) -> str:
        return f"{self.party} puts a working card on file"

    async def perform(self, stage: Stage) -> None:
        await _on_file(stage, self.party, GOOD_CARD)


@dataclass(frozen=True, slots=True)
class CardStops:
    """The bank stops the card on file: every charge will be declined."""

    on: str
    party: str

    def tell(self) -> str:
        return f"{self.party}'s card is stopped by its bank"

    async def perform(self, stage: Stage) -> None:
        await _on_file(stage, self.party, BAD_CARD)


@dataclass(frozen=True, slots=True)
class PayOpen:
    """Everything that is open and asked for is paid by the link on the invoice."""

    on: str
    party: str

    def tell(self) -> str:
        return f"{self.party} pays what is open"

    async def perform(self, stage: Stage) -> None:
        if not await stage.wallets[self.party].pay_open(stage.calendar.now() // 1_000_000):
            raise HandsError(f"{self.on}: {self.party} had nothing to pay")


@dataclass(frozen=True, slots=True)
class PayByDebit:
    """The same from a bank account: the debit is under way for four days."""

    on: str
    party: str

    def tell(self) -> str:
        return f"{self.party} lets what is open be debited from its bank account"

    async def perform(self, stage: Stage) -> None:
        if not await stage.wallets[self.party].pay_open(stage.calendar.now() // 1_000_000, ACCOUNT):
            raise HandsError(f"{self.on}: {self.party} had nothing to pay")


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Support refunds part of the latest payment ("" all of it), in major units."""

    on: str
    party: str
    amount: str = ""

    def tell(self) -> str:
        return f"{self.amount or 'all'} of {self.party}'s latest payment is refunded"

    async def perform(self, stage: Stage) -> None:
        currency = stage.companies[self.party].currency
        minor = int(Decimal(self.amount).scaleb(EXPONENT.get(currency, 2))) if self.amount else None
        await stage.wallets[self.party].refund_latest(minor)


async def _on_file(stage: Stage, party: str, card: str) -> None:
    for _ in range(_PATIENCE):
        if await stage.wallets[party].put_on_file(card):
            return
        await asyncio.sleep(3600)
    raise HandsError(f"the processor never came to know {party}: no order of it was placed")


@dataclass(frozen=True, slots=True)
class PayoutFails:
    """The bank sends the latest payout back before it has arrived."""

    on: str

    def tell(self) -> str:
        return "The bank refuses the payout that is on its way"

    async def perform(self, stage: Stage) -> None:
        found = await stage.hands.call("stripe", "GET", "/v1/payouts?limit=1")
        if not found["data"]:
            raise HandsError(f"{self.on}: no payout is on its way")
        stage.inside_stripe("fail_payout", {"payout": found["data"][0]["id"]})
