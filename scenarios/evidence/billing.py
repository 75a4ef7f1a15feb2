"""What billing holds: accounts, subscriptions, documents, money, use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BillingAccount:
    """crm_account: the external key it was given at creation; entity: the org unit that bills it, by the
    key of the legal entity, "" where there is only one; terms: of payment, in the vendor's words."""

    id: str
    number: str
    crm_account: str
    name: str
    currency: str
    created_at: int
    entity: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True)
class ChargeSegment:
    """One stretch of a charge at one price and quantity. amount: per billing period; period_months: 0 for
    what is billed once."""

    charge: str
    product: str
    start: str
    end: str
    quantity: int
    amount: int
    period_months: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """status: Active, Cancelled, Suspended, Expired, Draft. end: "" for an evergreen one."""

    id: str
    number: str
    account: str
    status: str
    version: int
    currency: str
    start: str
    end: str
    created_at: int
    orders: tuple[str, ...]
    segments: tuple[ChargeSegment, ...]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of an invoice or a credit note; net is negative for a credit inside an invoice."""

    id: str
    subscription: str
    charge: str
    product: str
    net: int
    tax: int
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class BillingInvoice:
    """status: Draft, Posted, Reversed. balance: what is still to pay; remark: what people are told."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    date: str
    net: int
    tax: int
    total: int
    balance: int
    created_at: int
    posted_at: int
    lines: tuple[DocumentLine, ...]
    remark: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class BillingCreditNote:
    """Amounts are positive. source: "bill_run", "refund", or "adjustment" (by hand, with a reason);
    invoice: number it credits, or ""."""

    id: str
    number: str
    account: str
    invoice: str
    source: str
    status: str
    currency: str
    date: str
    net: int
    tax: int
    total: int
    unapplied: int
    created_at: int
    posted_at: int
    lines: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class BillingDebitNote:
    """What is asked for once more. invoice: number of the one whose lines it charges, or ""."""

    id: str
    number: str
    account: str
    invoice: str
    status: str
    currency: str
    date: str
    net: int
    total: int
    balance: int


@dataclass(frozen=True, slots=True)
class Application:
    """Part of a receipt or credit put against one document."""

    document: str
    amount: int


@dataclass(frozen=True, slots=True)
class BillingPayment:
    """reference: the processor's id of the payment intent."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    amount: int
    reference: str
    created_at: int
    applied: tuple[Application, ...]


@dataclass(frozen=True, slots=True)
class BillingRefund:
    """reference: the processor's id of the refund; what it was paid out of: the number of a credit_note, or
    of a payment."""

    id: str
    number: str
    account: str
    status: str
    currency: str
    amount: int
    reference: str
    credit_note: str
    created_at: int
    payment: str = ""


@dataclass(frozen=True, slots=True)
class UsageTier:
    """up_to: the last unit of the tier, "" without end; price: of a unit, or of the tier where it is flat;
    both decimal, the price in major units."""

    up_to: str
    price: str
    flat: bool


@dataclass(frozen=True, slots=True)
class UsageCharge:
    """A charge that is billed by use. model: how its tiers are meant, in the vendor's words."""

    charge: str
    subscription: str
    unit: str
    currency: str
    model: str
    tiers: tuple[UsageTier, ...]


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """event: the product's id of the use; quantity: decimal; line: id of the document line that bills it,
    "" while none does."""

    id: str
    event: str
    account: str
    subscription: str
    unit: str
    quantity: str
    on: str
    line: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A product of the catalogue, and the tax engine's code that the company has put there for it."""

    sku: str
    tax_code: str


@dataclass(frozen=True, slots=True)
class BillingBooks:
    """Zuora."""

    accounts: tuple[BillingAccount, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    invoices: tuple[BillingInvoice, ...] = ()
    credit_notes: tuple[BillingCreditNote, ...] = ()
    payments: tuple[BillingPayment, ...] = ()
    refunds: tuple[BillingRefund, ...] = ()
    usage: tuple[UsageRecord, ...] = ()
    usage_charges: tuple[UsageCharge, ...] = ()
    debit_notes: tuple[BillingDebitNote, ...] = ()
    products: tuple[CatalogueItem, ...] = ()
