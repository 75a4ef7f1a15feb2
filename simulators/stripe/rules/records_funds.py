"""Records of the account's money: balance transactions, payouts, disputes. Amounts in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.stripe.rules.records import Metadata


@dataclass(slots=True)
class BalanceTransaction:
    """One entry of the balance; net = amount - fee, signed; payout: id once paid out, or "".

    category: the reporting category where it is not the type's own.
    """

    kind: ClassVar[str] = "balance_transaction"
    id: str
    created_at: int
    available_at: int
    type: str
    source: str
    amount: int
    fee: int
    currency: str
    description: str | None = None
    payout: str = ""
    category: str = ""
    seq: int = 0

    @property
    def net(self) -> int:
        return self.amount - self.fee


@dataclass(slots=True)
class Payout:
    """status: see payouts.MAY. arrival_at: midnight of the day on which the bank has it."""

    kind: ClassVar[str] = "payout"
    id: str
    created_at: int
    livemode: bool
    amount: int
    currency: str
    status: str
    automatic: bool
    arrival_at: int
    paid_at: int = 0
    entry: str = ""
    failure_entry: str = ""
    failure_code: str = ""
    failure_message: str = ""
    description: str | None = None
    statement_descriptor: str | None = None
    method: str = "standard"
    original: str = ""
    reversed_by: str = ""
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class Dispute:
    """A customer's complaint at the bank. status: see disputes.MAY; entries: of the balance, in order.

    inquiry: the bank only asks, no money has moved; evidence: as given, submitted or not.
    """

    kind: ClassVar[str] = "dispute"
    id: str
    created_at: int
    livemode: bool
    amount: int
    currency: str
    charge: str
    intent: str
    reason: str
    status: str
    due_at: int
    brand: str
    network_code: str
    inquiry: bool = False
    method_type: str = "card"
    evidence: Mapping[str, Any] = field(default_factory=dict)
    submissions: int = 0
    entries: tuple[BalanceTransaction, ...] = ()
    metadata: Metadata = field(default_factory=dict)
    # 0 while it is open.
    closed_at: int = 0
    seq: int = 0


@dataclass(slots=True)
class FraudWarning:
    """What an issuer reports about a payment that is likely to be disputed."""

    kind: ClassVar[str] = "radar.early_fraud_warning"
    id: str
    created_at: int
    livemode: bool
    charge: str
    intent: str
    seq: int = 0
