"""The ERP's documents, ledger, periods and revenue plans."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.evidence.billing import Application


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """A subsidiary: internal id, name, the currency that its own books are kept in; key: external id, by
    which it is linked to the entity that the CRM names; eliminates: it holds what the group takes out."""

    id: str
    name: str
    currency: str
    key: str = ""
    eliminates: bool = False


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """From `date` on one of `currency` is so many of `base`; rate: a decimal string."""

    base: str
    currency: str
    date: str
    rate: str


@dataclass(frozen=True, slots=True)
class ErpCustomer:
    """external: the external id, by which it is linked to the CRM account's key; entity: whose it is; number:
    what people call it by, entityId."""

    id: str
    external: str
    name: str
    currency: str
    created_at: int
    entity: str = ""
    number: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ErpInvoice:
    """external: external id, "" if none; customer: internal id; status: Open or Paid In Full; due: the day
    it is to be paid by; items: keys of those on its lines, in alphabetical order with commas between."""

    id: str
    external: str
    number: str
    customer: str
    status: str
    currency: str
    date: str
    period: str
    tax: int
    total: int
    remaining: int
    created_at: int
    due: str = ""
    items: str = ""


@dataclass(frozen=True, slots=True)
class ErpReceipt:
    """A customer payment; applied to documents by internal id."""

    id: str
    external: str
    customer: str
    currency: str
    date: str
    period: str
    amount: int
    unapplied: int
    created_at: int
    applied: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class ErpCreditMemo:
    """Amounts positive. remaining: not yet applied to invoices or refunded."""

    id: str
    external: str
    number: str
    customer: str
    currency: str
    date: str
    period: str
    tax: int
    total: int
    remaining: int
    created_at: int
    applied: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class ErpRefund:
    """A customer refund: money out against a credit memo (internal id)."""

    id: str
    external: str
    customer: str
    currency: str
    date: str
    period: str
    amount: int
    credit_memo: str
    created_at: int


@dataclass(frozen=True, slots=True)
class ErpJournal:
    """A journal entry; its lines are in `ledger` under kind "journalEntry" and this id. reverses: id of the
    journal that the ledger turned back with this one, or ""."""

    id: str
    external: str
    currency: str
    date: str
    period: str
    memo: str
    created_at: int
    reverses: str = ""


@dataclass(frozen=True, slots=True)
class ErpDeposit:
    """Money taken before there is anything to pay with it. unapplied: what is neither used nor paid back."""

    id: str
    external: str
    customer: str
    currency: str
    date: str
    period: str
    amount: int
    unapplied: int
    created_at: int


@dataclass(frozen=True, slots=True)
class ErpDepositUse:
    """What of a deposit (its id) was put against invoices."""

    id: str
    external: str
    customer: str
    currency: str
    date: str
    period: str
    deposit: str
    amount: int
    created_at: int
    applied: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One posting. kind and document: what it belongs to; account: number, as in "1100"; entity: whose.

    department, location: names; product: external id of the class; customer: external id; contract: number
    of the subscription; partner: the entity that the line is due to or from. Each "" where it has none.
    """

    kind: str
    document: str
    account: str
    currency: str
    debit: int
    credit: int
    date: str
    period: str
    memo: str
    entity: str = ""
    department: str = ""
    product: str = ""
    location: str = ""
    customer: str = ""
    contract: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """An accounting month, name "2026-01"."""

    name: str
    start: str
    end: str
    closed: bool
    closed_at: int


@dataclass(frozen=True, slots=True)
class RevenueSchedule:
    """Straight-line plan of one billed document line set; amount negative for a credit; product, contract:
    whose revenue it is."""

    id: str
    external: str
    source: str
    currency: str
    start: str
    end: str
    amount: int
    created_at: int
    product: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True)
class ErpBooks:
    """NetSuite. base_ledger: the same postings in the currency of each entity's own books, where the
    differences of exchange stand too."""

    customers: tuple[ErpCustomer, ...] = ()
    invoices: tuple[ErpInvoice, ...] = ()
    receipts: tuple[ErpReceipt, ...] = ()
    credit_memos: tuple[ErpCreditMemo, ...] = ()
    refunds: tuple[ErpRefund, ...] = ()
    journals: tuple[ErpJournal, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    periods: tuple[Period, ...] = ()
    schedules: tuple[RevenueSchedule, ...] = ()
    base_ledger: tuple[LedgerLine, ...] = ()
    entities: tuple[LegalEntity, ...] = ()
    rates: tuple[ExchangeRate, ...] = ()
    deposits: tuple[ErpDeposit, ...] = ()
    deposit_uses: tuple[ErpDepositUse, ...] = ()
