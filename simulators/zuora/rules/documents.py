"""Billing documents: invoices, credit and debit memos, their items and taxes. Minor units throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from simulators.zuora.rules.contracts import Charge, Subscription
from simulators.zuora.rules.ledger import Entry
from simulators.zuora.rules.parties import Account

DRAFT, POSTED, CANCELED = "Draft", "Posted", "Canceled"
MAY: Mapping[str, frozenset[str]] = {DRAFT: frozenset({POSTED, CANCELED}), POSTED: frozenset({DRAFT})}
BILL_RUN, FROM_INVOICE, REVERSAL = "BillRun", "Invoice", "Reversal"
WRITE_OFF, FROM_CHARGE = "WriteOff", "Charge"


@dataclass(slots=True)
class TaxItem:
    """One tax of one item, as an outside tax engine computed it. credited: taken back by memos."""

    id: str
    name: str
    jurisdiction: str
    location: str | None
    amount: int
    rate: Decimal
    rate_type: str
    code: str | None
    on: date | None
    mode: str | None
    exempt: int = 0
    credited: int = 0
    source: str | None = None


@dataclass(slots=True)
class Item:
    """A line: [start, end); net is negative for a credit inside an invoice or a charge inside a memo.

    discounted: of a discount, the line that it is taken off."""

    id: str
    subscription: Subscription
    charge: Charge
    start: date
    end: date
    net: int
    quantity: Decimal
    price: Decimal
    created_at: int
    taxes: list[TaxItem] = field(default_factory=list)
    credited: int = 0
    source: Item | None = None
    entry: Entry | None = None
    comment: str | None = None
    discounted: Item | None = None

    @property
    def tax(self) -> int:
        """Sum of the taxation items."""
        return sum(tax.amount for tax in self.taxes)

    @property
    def name(self) -> str:
        """The charge's, with what became of its period: billed in part, or given back in part or whole
        (proration pages of the vendor's documentation; the hyphens as on published invoices)."""
        name, piece = self.charge.source.name, self.entry.piece if self.entry else None
        if self.entry is None or piece is None:
            return name
        partial = (self.start, self.end) != (piece.grid.first, piece.grid.last)
        if self.entry.credit:
            return f"{name} -- {'Proration Credit' if partial else 'Credit'}"
        return f"{name} -- Proration" if partial else name


class Document:
    """What all documents have in common. kind: its name in histories; key: its name in refusals."""

    __slots__ = ()
    kind: ClassVar[str]
    key: ClassVar[str]
    number: str
    account: Account
    items: dict[str, Item]
    status: str
    reversed: bool

    @property
    def currency(self) -> str:
        """The account's."""
        return self.account.currency

    @property
    def net(self) -> int:
        """Sum of the items without tax; positive, but for an invoice that credits."""
        return sum(item.net for item in self.items.values())

    @property
    def tax(self) -> int:
        """Sum of all taxation items."""
        return sum(item.tax for item in self.items.values())

    @property
    def named(self) -> str:
        """The kind in words."""
        return self.kind.replace("_", " ")

    @property
    def shown(self) -> str:
        """The status in words: a reversed document stays Posted on the wire."""
        return "Reversed" if self.reversed else self.status

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this document refers to."""
        return (self.number, *subscriptions_of(self.items), *self.account.refs)


@dataclass(slots=True)
class Invoice(Document):
    """balance: still to pay (0 while a draft); reversed: a reversal memo took all of it back."""

    kind: ClassVar[str] = "invoice"
    key: ClassVar[str] = "invoiceKey"

    id: str
    seq: int
    number: str
    account: Account
    on: date
    target: date
    due: date
    items: dict[str, Item]
    created_at: int
    run: str = ""
    run_id: str = ""
    status: str = DRAFT
    balance: int = 0
    paid: int = 0
    credited: int = 0
    reversed: bool = False
    posted_at: int = 0
    updated_at: int = 0
    reserved: int = 0
    auto_pay: bool | None = None
    comments: str | None = None
    due_told: bool = False
    custom: dict[str, object] = field(default_factory=dict)

    @property
    def says(self) -> tuple[tuple[str, str], ...]:
        """What others keep copies of."""
        return (("balance", str(self.balance)),)

    def owe(self, amount: int) -> None:
        """Let that much more be owed (less, where negative)."""
        self.balance += amount
        self.account.balance += amount


@dataclass(slots=True)
class CreditMemo(Document):
    """unapplied: neither applied nor refunded yet (0 while a draft). forgives: the debit memo written off."""

    kind: ClassVar[str] = "credit_memo"
    key: ClassVar[str] = "creditMemoKey"

    id: str
    seq: int
    number: str
    account: Account
    on: date
    items: dict[str, Item]
    created_at: int
    source: str
    target: date | None = None
    invoice: Invoice | None = None
    run: str = ""
    status: str = DRAFT
    unapplied: int = 0
    refunded: int = 0
    applied: list[tuple[Owed, int]] = field(default_factory=list)
    reason: str | None = None
    comment: str | None = None
    auto_apply: bool = False
    posted_at: int = 0
    updated_at: int = 0
    reversed: bool = False
    cancelled_at: int = 0
    custom: dict[str, object] = field(default_factory=dict)
    forgives: DebitMemo | None = None

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this memo refers to."""
        own = (self.number, *subscriptions_of(self.items), *self.account.refs)
        return own if self.invoice is None else (*own, self.invoice.number, self.invoice.id)


@dataclass(slots=True)
class DebitMemo(Document):
    """What is owed beside the invoices. balance: still to pay (0 while a draft); invoice: what it was made
    from; memo: the credit memo that it takes back."""

    kind: ClassVar[str] = "debit_memo"
    key: ClassVar[str] = "debitMemoKey"

    id: str
    seq: int
    number: str
    account: Account
    on: date
    due: date
    items: dict[str, Item]
    created_at: int
    source: str
    invoice: Invoice | None = None
    memo: CreditMemo | None = None
    status: str = DRAFT
    balance: int = 0
    paid: int = 0
    credited: int = 0
    reserved: int = 0
    reversed: bool = False
    reason: str | None = None
    comment: str | None = None
    auto_pay: bool | None = None
    posted_at: int = 0
    updated_at: int = 0
    cancelled_at: int = 0
    custom: dict[str, object] = field(default_factory=dict)

    def owe(self, amount: int) -> None:
        """Let that much more be owed (less, where negative)."""
        self.balance += amount
        self.account.debit_balance += amount

    def settled(self, of: Item) -> int:
        """What of a line is paid or credited: first in, first out."""
        left = self.paid + self.credited
        for item in self.items.values():
            part = min(left, item.net + item.tax)
            if item is of:
                return part
            left -= part
        return 0

    @property
    def source_type(self) -> str:
        """Where it came from, in the vendor's words."""
        if self.invoice is not None:
            return "Invoice"
        return "CreditMemo" if self.memo is not None else "Standalone"

    def source_of(self, item: Item) -> str:
        """What a line was made from, in the vendor's words."""
        if item.source is None:
            return "ProductRatePlanCharge"
        return "CreditMemoItem" if self.memo is not None else "InvoiceDetail"

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this memo refers to."""
        own = (self.number, *subscriptions_of(self.items), *self.account.refs)
        source = self.invoice or self.memo
        return own if source is None else (*own, source.number, source.id)


Owed = Invoice | DebitMemo
AnyDocument = Invoice | CreditMemo | DebitMemo


def subscriptions_of(items: Mapping[str, Item]) -> tuple[str, ...]:
    """Numbers of the subscriptions that the items belong to, each once, in order."""
    numbers = (item.subscription.number for item in items.values())
    return tuple(number for number in dict.fromkeys(numbers) if number)
