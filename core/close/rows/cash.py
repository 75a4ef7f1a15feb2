"""Payments, the processor's balance, the bank: rows of cash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.canonical.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingPayment:
    """Billing's record. kind: payment, refund, dispute, return (of a bank debit) or transfer (into our bank,
    or out of it); reference: the processor's or the bank's id; status: pending, succeeded, failed, open, won,
    lost or returned; credit_note: what a refund was paid out of."""

    id: str
    kind: str
    reference: str
    status: str
    amount: Money
    invoice: str = ""
    credit_note: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """The processor's. reference: the id under which billing records it; captured: what was taken;
    refunded: in all; key: idempotency key."""

    id: str
    reference: str
    status: str
    amount: Money
    captured: Money
    invoice: str = ""
    key: str = ""
    refunded: Money | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """The processor's."""

    id: str
    charge: str
    status: str
    amount: Money
    invoice: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """status: inquiry, open, won, lost or returned (a bank debit that came back). withdrawn, reinstated: what
    left and came back; fee: what the processor kept; fee_returned: the part of it that came back."""

    id: str
    charge: str
    status: str
    amount: Money
    withdrawn: Money
    reinstated: Money
    fee: Money
    fee_returned: Money
    invoice: str = ""

    @property
    def returned(self) -> bool:
        """Whether it is no dispute at all."""
        return self.status == "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransaction:
    """net = gross - fee, signed. source: charge, refund, dispute or payout; posting: the source event under
    which the ledger books it; kind: charge, refund, payout, dispute, application_fee, adjustment,
    reserve, conversion, network_cost, minimum_balance, payout_failure …"""

    id: str
    kind: str
    source: str
    gross: Money
    fee: Money
    net: Money
    at: datetime
    posting: str = ""
    available_on: date | None = None
    payout: str = ""
    processor: str = "processor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """status: pending, in_transit, paid or failed. itemised: False for one made by hand;
    fee: charged for an instant one; retained: minimum balance held back."""

    id: str
    amount: Money
    status: str
    sent_on: date
    arrival_on: date
    account: str = ""
    trace: str = ""
    itemised: bool = True
    fee: Money | None = None
    retained: Money | None = None
    processor: str = "processor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorBalance:
    """available and pending at the cut-off."""

    processor: str
    available: Money
    pending: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """A line of the statement, credit positive. kind: processor, customer, fee, interest or other;
    reference: remittance text; payer: the customer's key where the bank names one."""

    id: str
    account: str
    on: date
    amount: Money
    kind: str
    trace: str = ""
    reference: str = ""
    payer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankStatement:
    """Closing balance of an account."""

    account: str
    on: date
    closing: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OutstandingItem:
    """In the ledger and not yet at the bank (signed like the ledger). kind: payment, deposit or other."""

    id: str
    account: str
    on: date
    amount: Money
    kind: str = "payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Part of a receipt on an invoice; withheld: tax the customer kept, with a certificate."""

    invoice: str
    amount: Money
    withheld: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Cash as receivables know it. bank_lines: the statement lines it stands for, "" none; expected: what the
    invoices that the remittance names were open for."""

    id: str
    customer: str
    amount: Money
    on: date
    reference: str = ""
    bank_lines: tuple[str, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    unapplied: Money | None = None
    expected: Money | None = None
