"""Money that came in and money that went back: payments and refunds, recorded from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from simulators.zuora.rules.documents import CreditMemo, Owed
from simulators.zuora.rules.parties import Account
from simulators.zuora.rules.refusal import INVALID, MISSING, Refused

# What an external payment or refund can have been made by (SDK enumerations).
METHOD_TYPES = (
    "ACH",
    "Cash",
    "Check",
    "CreditCard",
    "PayPal",
    "WireTransfer",
    "DebitCard",
    "CreditCardReferenceTransaction",
    "BankTransfer",
    "ApplePay",
    "Other",
)


@dataclass(slots=True)
class Part:
    """What of a payment or a credit memo stands against one document; it is kept when it falls to nothing."""

    id: str
    document: Owed
    amount: int
    created_at: int
    updated_at: int


@dataclass(slots=True)
class Payment:
    """A payment. reference: the processor's id; unapplied: not yet put against an invoice; pending: what
    it is for, while the gateway has not answered; method: id of the payment method of an electronic one."""

    id: str
    seq: int
    number: str
    account: Account
    amount: int
    unapplied: int
    effective: date
    reference: str | None
    method_type: str | None
    comment: str | None
    created_at: int
    status: str = "Processed"
    applied: list[tuple[Owed, int]] = field(default_factory=list)
    updated_at: int = 0
    type: str = "External"
    method: str | None = None
    gateway: str | None = None
    gateway_state: str = "NotSubmitted"
    response: str | None = None
    response_code: str | None = None
    second_reference: str | None = None
    refunded: int = 0
    cancelled_at: int = 0
    submitted_at: int = 0
    pending: tuple[tuple[Owed, int], ...] = ()
    run: str = ""
    parts: list[Part] = field(default_factory=list)

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this payment refers to."""
        named = (self.number, self.reference) if self.reference else (self.number,)
        return (*named, *(document.number for document, _ in self.applied), *self.account.refs)


@dataclass(slots=True)
class Refund:
    """Money given back out of a credit memo or of a payment. reference: the processor's id of it."""

    id: str
    seq: int
    number: str
    account: Account
    memo: CreditMemo | None
    amount: int
    on: date
    reference: str | None
    method_type: str | None
    reason: str | None
    comment: str | None
    created_at: int
    status: str = "Processed"
    updated_at: int = 0
    payment: Payment | None = None
    type: str = "External"
    gateway_state: str = "NotSubmitted"
    response: str | None = None
    response_code: str | None = None
    cancelled_at: int = 0
    released: tuple[tuple[Owed, int], ...] = ()

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this refund refers to."""
        named = (self.number, self.reference) if self.reference else (self.number,)
        source = self.memo or self.payment
        return (*named, *(source.refs if source else self.account.refs))


@dataclass(slots=True)
class BillRun:
    """A run over the accounts. accounts: ids it is limited to, empty: all."""

    id: str
    seq: int
    number: str
    name: str | None
    target: date
    invoice_date: date
    accounts: tuple[str, ...]
    auto_post: bool
    auto_renew: bool
    created_at: int
    batches: tuple[str, ...] = ()
    status: str = "Pending"
    invoices: int = 0
    memos: int = 0
    updated_at: int = 0
    subscriptions: tuple[str, ...] = ()
    filters: tuple[Mapping[str, object], ...] = ()
    skipped: frozenset[str] = frozenset()
    bill_cycle_day: str = "AllBillCycleDays"
    made: tuple[str, ...] = ()


@dataclass(slots=True)
class PaymentRun:
    """A run that collects what is due. payments: what it made, by id; errors: how many were declined."""

    id: str
    seq: int
    number: str
    target: date
    created_at: int
    account: str = ""
    batch: str = ""
    currency: str = ""
    billing_run: str = ""
    consolidated: bool = False
    collect: bool = True
    apply_memos: bool = False
    apply_payments: bool = False
    gateway: str | None = None
    run_date: str | None = None
    status: str = "Pending"
    executed_at: int = 0
    completed_at: int = 0
    payments: list[str] = field(default_factory=list)
    documents: list[tuple[str, str, str, int]] = field(default_factory=list)
    errors: int = 0
    updated_at: int = 0


def check_method_type(method_type: str | None, name: str, *, needed: bool = True) -> None:
    """Refused unless the field `name` of an external payment or refund says how the money went."""
    if not method_type and needed:
        raise Refused(MISSING, f"{name} is required for an external refund.", name)
    if method_type and method_type not in METHOD_TYPES:
        raise Refused(INVALID, f"'{name}' value should be one of: {', '.join(METHOD_TYPES)}", name)
