"""Records of customers' cash: money they sent by bank transfer, not yet used. Amounts in minor units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(slots=True)
class CashBalance:
    """available: by currency; mode: automatic or manual, "" as the account has it (automatic)."""

    kind: ClassVar[str] = "cash_balance"
    customer: str
    livemode: bool
    available: dict[str, int] = field(default_factory=dict)
    mode: str = ""

    @property
    def automatic(self) -> bool:
        return self.mode != "manual"


@dataclass(slots=True)
class CashEntry:
    """A change of a customer's cash. amount: signed; ending: the cash in this currency after it.

    about: id of the intent, refund or balance transaction that it has to do with, or ""; linked: id of the
    entry that is made good or taken back; reference: what the sender wrote; rail: how it was sent.
    """

    kind: ClassVar[str] = "customer_cash_balance_transaction"
    id: str
    created_at: int
    livemode: bool
    customer: str
    currency: str
    amount: int
    ending: int
    type: str
    about: str = ""
    linked: str = ""
    reference: str | None = None
    rail: str = ""
    seq: int = 0
