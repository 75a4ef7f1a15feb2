"""What an order needs of electronic payments: ask for money, keep what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from simulators.zuora.rules.order import Collecting
from simulators.zuora.rules.parties import Account


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the gateway said. approved: the money is there; code, message: of a decline."""

    approved: bool
    code: str = ""
    message: str = ""
    reference: str = ""


class Till(Protocol):
    """The tenant's way to electronic payments."""

    async def charge(self, account: Account, amount: int, wish: Collecting) -> Outcome:
        """Ask the gateway for the amount in minor units; Refused where the account cannot pay so."""

    def record(
        self, account: Account, amount: int, wish: Collecting, outcome: Outcome, invoices: tuple[str, ...]
    ) -> Mapping[str, object]:
        """Keep the payment, applied to the invoices where it was approved; what the answer says of it."""
