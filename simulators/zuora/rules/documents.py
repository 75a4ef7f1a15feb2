"""Billing documents: invoices, credit memos, their items and taxation items. Minor units throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

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


@dataclass(slots=True)
class Invoice:
    """balance: still to pay (0 while a draft); reversed: a reversal memo took all of it back."""

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
    def currency(self) -> str:
        return self.account.currency

    @property
    def net(self) -> int:
        """Sum of the items without tax."""
        return sum(item.net for item in self.items.values())

    @property
    def tax(self) -> int:
        """Sum of all taxation items."""
        return sum(item.tax for item in self.items.values())

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this invoice refers to."""
        return (self.number, *subscriptions_of(self.items), *self.account.refs)


@dataclass(slots=True)
class CreditMemo:
    """unapplied: neither applied to invoices nor refunded yet (0 while a draft)."""

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
    applied: list[tuple[Invoice, int]] = field(default_factory=list)
    reason: str | None = None
    comment: str | None = None
    auto_apply: bool = False
    posted_at: int = 0
    updated_at: int = 0
    reversed: bool = False
    cancelled_at: int = 0
    custom: dict[str, object] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        return self.account.currency

    @property
    def net(self) -> int:
        """Sum of the items without tax; positive."""
        return sum(item.net for item in self.items.values())

    @property
    def tax(self) -> int:
        """Sum of all taxation items; positive."""
        return sum(item.tax for item in self.items.values())

    @property
    def refs(self) -> tuple[str, ...]:
        """What a change of this memo refers to."""
        own = (self.number, *subscriptions_of(self.items), *self.account.refs)
        return own if self.invoice is None else (*own, self.invoice.number, self.invoice.id)


def subscriptions_of(items: Mapping[str, Item]) -> tuple[str, ...]:
    """Numbers of the subscriptions that the items belong to, each once, in order."""
    numbers = (item.subscription.number for item in items.values())
    return tuple(number for number in dict.fromkeys(numbers) if number)
