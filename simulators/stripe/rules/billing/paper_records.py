"""What is owed: invoice items, invoices and their lines, payments, credit notes.

Moments are unix seconds, but for created_at (microseconds); money is in minor units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from simulators.stripe.rules.billing.catalog_records import Discount, Metadata, Price, TaxRate
from simulators.stripe.rules.billing.dues import by_discount, by_rate, dues


@dataclass(frozen=True, slots=True)
class Taken:
    """What a discount takes off a line."""

    discount: Discount
    amount: int


@dataclass(frozen=True, slots=True)
class Taxed:
    """What a rate makes of a line; reason: Stripe's word for it."""

    rate: TaxRate
    amount: int
    taxable: int
    reason: str = "standard_rated"


@dataclass(slots=True)
class InvoiceItem:
    """Something to be billed with the next invoice, or on one (invoice: id) already.

    unit: price of one, finer than a minor unit perhaps; credited: (invoice, lines) that a proration
    gives back.
    """

    kind: ClassVar[str] = "invoiceitem"
    id: str
    created_at: int
    livemode: bool
    customer: str
    currency: str
    amount: int
    quantity: int
    unit: Decimal
    period: tuple[int, int]
    price: Price | None = None
    description: str | None = None
    discountable: bool = True
    discounts: tuple[Discount, ...] | None = None
    tax_rates: tuple[TaxRate, ...] = ()
    invoice: str = ""
    subscription: str = ""
    subscription_item: str = ""
    proration: bool = False
    credited: tuple[str, tuple[str, ...]] | None = None
    test_clock: str = ""
    metadata: Metadata = field(default_factory=dict)
    deleted: bool = False
    seq: int = 0


@dataclass(slots=True)
class Line:
    """One line of an invoice. amount: before discounts and exclusive tax.

    item: the invoice item it stands for; subscription_item: the item of a subscription it bills.
    """

    kind: ClassVar[str] = "line_item"
    id: str
    created_at: int
    livemode: bool
    invoice: str
    currency: str
    amount: int
    quantity: int | None
    unit: Decimal | None
    period: tuple[int, int]
    price: Price | None = None
    description: str | None = None
    discountable: bool = True
    discounts: tuple[Discount, ...] = ()
    tax_rates: tuple[TaxRate, ...] = ()
    item: InvoiceItem | None = None
    subscription: str = ""
    subscription_item: str = ""
    proration: bool = False
    credited: tuple[str, tuple[str, ...]] | None = None
    metadata: Metadata = field(default_factory=dict)
    taken: tuple[Taken, ...] = ()
    taxes: tuple[Taxed, ...] = ()
    seq: int = 0

    @property
    def net(self) -> int:
        """After discounts, before exclusive tax."""
        return self.amount - sum(t.amount for t in self.taken)


@dataclass(slots=True)
class Invoice:
    """A bill. applied: of the customer's balance at finalisation (negative: credit used).

    subscription_metadata: as it was when the invoice was made; prepaid, postpaid: credit notes
    before and after payment; due: what is to be paid in all; person: the customer as billed.
    """

    kind: ClassVar[str] = "invoice"
    id: str
    created_at: int
    livemode: bool
    customer: str
    currency: str
    status: str = "draft"
    collection_method: str = "charge_automatically"
    billing_reason: str = "manual"
    auto_advance: bool = False
    finalizes_at: int | None = None
    period: tuple[int, int] = (0, 0)
    lines: list[Line] = field(default_factory=list)
    discounts: tuple[Discount, ...] = ()
    default_tax_rates: tuple[TaxRate, ...] = ()
    subscription: str = ""
    subscription_metadata: Metadata | None = None
    proration_date: int | None = None
    number: str = ""
    description: str | None = None
    footer: str | None = None
    custom_fields: tuple[tuple[str, str], ...] | None = None
    statement_descriptor: str | None = None
    default_payment_method: str = ""
    days_until_due: int | None = None
    due_date: int | None = None
    effective_at: int | None = None
    payment_method_types: tuple[str, ...] | None = None
    payment_method_options: Mapping[str, Any] | None = None
    metadata: Metadata = field(default_factory=dict)
    owner: Any = None
    person: Mapping[str, Any] | None = None
    subtotal: int = 0
    total: int = 0
    starting_balance: int = 0
    ending_balance: int | None = None
    applied: int = 0
    due: int = 0
    paid: int = 0
    paid_off_stripe: int = 0
    overpaid: int = 0
    prepaid: int = 0
    postpaid: int = 0
    attempts: int = 0
    attempted: bool = False
    next_attempt: int | None = None
    retries: int = 0
    intent: str = ""
    secret: str = ""
    payments: list[InvoicePayment] = field(default_factory=list)
    finalized_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None
    uncollectible_at: int | None = None
    test_clock: str = ""
    finalization_error: Mapping[str, Any] | None = None
    paused: str = ""
    from_invoice: str = ""
    latest_revision: str = ""
    deleted: bool = False
    timers: dict[str, Any] = field(default_factory=dict)
    seq: int = 0

    @property
    def remaining(self) -> int:
        """What is still to be paid."""
        return max(0, self.due - self.paid)

    @property
    def balance(self) -> int:
        """The customer's balance before this invoice; a draft's is that of the moment."""
        wallet = getattr(self.owner, "billing", None)
        return self.starting_balance if self.finalized_at or wallet is None else wallet.balance

    @property
    def asked(self) -> int:
        """What is due; of a draft: what would be."""
        return self.due if self.finalized_at else dues(self.total, self.balance, self.currency)[0]

    @property
    def takings(self) -> list[tuple[Discount, int]]:
        """What each discount takes off."""
        return by_discount(t for line in self.lines for t in line.taken)

    @property
    def taxes(self) -> list[tuple[TaxRate, int, int, str]]:
        """(rate, amount, taxable, reason) of each rate."""
        return by_rate(t for line in self.lines for t in line.taxes)


@dataclass(slots=True)
class InvoicePayment:
    """A payment intent that pays an invoice. status: open, paid or canceled."""

    kind: ClassVar[str] = "invoice_payment"
    id: str
    created_at: int
    livemode: bool
    invoice: str
    currency: str
    requested: int
    intent: str
    is_default: bool
    status: str = "open"
    paid: int | None = None
    paid_at: int | None = None
    canceled_at: int | None = None
    seq: int = 0


@dataclass(slots=True)
class CreditLine:
    """One line of a credit note; line: the invoice's line it gives back, or ""."""

    kind: ClassVar[str] = "credit_note_line_item"
    id: str
    created_at: int
    livemode: bool
    amount: int
    line: str = ""
    description: str | None = None
    quantity: int | None = None
    unit: Decimal | None = None
    tax_rates: tuple[TaxRate, ...] = ()
    taxes: tuple[Taxed, ...] = ()
    taken: tuple[Taken, ...] = ()
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class CreditNote:
    """Money that an invoice does not ask for any more, or gives back."""

    kind: ClassVar[str] = "credit_note"
    id: str
    created_at: int
    livemode: bool
    invoice: str
    customer: str
    currency: str
    number: str
    lines: list[CreditLine]
    subtotal: int
    total: int
    prepaid: int
    postpaid: int
    out_of_band: int = 0
    credited: int = 0
    refunds: tuple[tuple[str, int], ...] = ()
    balance_entry: str = ""
    reason: str | None = None
    memo: str | None = None
    effective_at: int | None = None
    status: str = "issued"
    voided_at: int | None = None
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0

    @property
    def takings(self) -> list[tuple[Discount, int]]:
        """What each discount takes off."""
        return by_discount(t for line in self.lines for t in line.taken)

    @property
    def taxes(self) -> list[tuple[TaxRate, int, int, str]]:
        """(rate, amount, taxable, reason) of each rate."""
        return by_rate(t for line in self.lines for t in line.taxes)
