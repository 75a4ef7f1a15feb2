"""What the processor holds: intents, charges, refunds, balance, payouts, disputes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentCustomer:
    """crm_account: metadata `crm_account` it was created with."""

    id: str
    crm_account: str
    email: str
    created_at: int


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """invoice: metadata `invoice`. status: the processor's; offered: kinds of methods that the payer may
    choose from, in alphabetical order with commas between."""

    id: str
    customer: str
    invoice: str
    status: str
    currency: str
    amount: int
    received: int
    created_at: int
    offered: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """status: succeeded or failed; method: card, us_bank_account, …"""

    id: str
    intent: str
    customer: str
    status: str
    currency: str
    amount: int
    refunded: int
    created_at: int
    method: str = "card"


@dataclass(frozen=True, slots=True)
class ProcessorRefund:
    """status: succeeded, pending, failed, canceled."""

    id: str
    charge: str
    intent: str
    status: str
    currency: str
    amount: int
    created_at: int


@dataclass(frozen=True, slots=True)
class BalanceEntry:
    """kind: charge, refund, payout, …; net = gross - fee (signed); payout: id once paid out, or ""."""

    id: str
    kind: str
    source: str
    currency: str
    gross: int
    fee: int
    net: int
    payout: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Payout:
    """amount: what the bank receives. status: pending, in_transit, paid, failed."""

    id: str
    status: str
    currency: str
    amount: int
    created_at: int
    paid_at: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A charge called back at the bank. status: the processor's; its funds are entries of the balance
    whose source it is. closed_at: 0 while nobody has decided."""

    id: str
    charge: str
    intent: str
    status: str
    currency: str
    amount: int
    created_at: int
    closed_at: int


@dataclass(frozen=True, slots=True)
class PaymentBooks:
    """Stripe."""

    customers: tuple[PaymentCustomer, ...] = ()
    intents: tuple[PaymentIntent, ...] = ()
    charges: tuple[Charge, ...] = ()
    refunds: tuple[ProcessorRefund, ...] = ()
    balance: tuple[BalanceEntry, ...] = ()
    payouts: tuple[Payout, ...] = ()
    disputes: tuple[Dispute, ...] = ()
