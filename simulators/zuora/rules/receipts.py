"""Money that came in and money that went back: payments and refunds, recorded from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from simulators.zuora.rules.documents import CreditMemo, Invoice
from simulators.zuora.rules.parties import Account


@dataclass(slots=True)
class Payment:
    """An external payment. reference: the processor's id; unapplied: not yet put against an invoice."""

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
    applied: list[tuple[Invoice, int]] = field(default_factory=list)
    updated_at: int = 0

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this payment refers to."""
        named = (self.number, self.reference) if self.reference else (self.number,)
        return (*named, *(invoice.number for invoice, _ in self.applied), *self.account.refs)


@dataclass(slots=True)
class Refund:
    """An external refund out of a credit memo. reference: the processor's id of the refund."""

    id: str
    seq: int
    number: str
    account: Account
    memo: CreditMemo
    amount: int
    on: date
    reference: str | None
    method_type: str
    reason: str | None
    comment: str | None
    created_at: int
    status: str = "Processed"
    updated_at: int = 0

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this refund refers to."""
        named = (self.number, self.reference) if self.reference else (self.number,)
        return (*named, *self.memo.refs)


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
