"""What a step works on: the facts of one transaction, read afresh when its flow starts or resumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.canonical.errors import Held
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.orders import Order
from core.canonical.parties import Account
from core.canonical.payments import Dispute, PaymentRequest, Payout, Refund
from core.canonical.usage import UsageEvent
from core.finance.cash.shares import Shares
from core.ports.desk import Desk

if TYPE_CHECKING:  # plans of revenue are made from cases
    from core.steps.undelivered import Remaining


@dataclass(slots=True)
class OrderCase:
    """A won quote."""

    order: Order
    account: Account

    @property
    def key(self) -> str:
        return f"order:{self.order.key}"

    @property
    def aggregate(self) -> str:
        return self.order.account


@dataclass(slots=True)
class InvoiceCase:
    """An invoice of billing. What stands behind "#" is the vendor's number."""

    invoice: Invoice
    account: Account

    @property
    def key(self) -> str:
        return f"invoice:{self.account.key}:{self.invoice.on}#{self.invoice.number}"

    @property
    def aggregate(self) -> str:
        return self.account.key


@dataclass(slots=True)
class NoteCase:
    """A credit note made by a bill run, or by a person."""

    note: CreditNote
    account: Account

    @property
    def key(self) -> str:
        return f"credit:{self.account.key}:{self.note.on}#{self.note.number}"

    @property
    def aggregate(self) -> str:
        return self.account.key


@dataclass(slots=True)
class PaymentCase:
    """A payment request and the invoice it is for."""

    request: PaymentRequest
    invoice: Invoice
    account: Account

    @property
    def key(self) -> str:
        return f"payment:{self.account.key}:{self.invoice.on}#{self.request.id}"

    @property
    def aggregate(self) -> str:
        return self.account.key


@dataclass(slots=True)
class RefundCase:
    """A refund made at the processor. note: the credit note it is paid out of, once known."""

    refund: Refund
    invoice: Invoice
    account: Account
    note: CreditNote | None = None

    @property
    def key(self) -> str:
        return f"refund:{self.account.key}:{self.invoice.on}#{self.refund.id}"

    @property
    def aggregate(self) -> str:
        return self.account.key


@dataclass(frozen=True, slots=True)
class Lost:
    """What a lost dispute takes: of which parts of the invoice, and the plans that are still to run."""

    shares: Shares
    remaining: Remaining


@dataclass(slots=True)
class DisputeCase:
    """A payment that its payer calls back, and the invoice that it had paid. lost: once worked out."""

    dispute: Dispute
    invoice: Invoice
    account: Account
    lost: Lost | None = None

    @property
    def key(self) -> str:
        return f"dispute:{self.account.key}:{self.invoice.on}#{self.dispute.id}"

    @property
    def aggregate(self) -> str:
        return self.account.key


@dataclass(slots=True)
class PayoutCase:
    """Money on its way to the bank."""

    payout: Payout

    @property
    def key(self) -> str:
        return f"payout:{self.payout.amount.currency}:{self.payout.on}#{self.payout.id}"

    @property
    def aggregate(self) -> str:
        return f"payouts {self.payout.amount.currency}"


@dataclass(slots=True)
class UsageCase:
    """An event of use. meters: units that its contract is billed for by use."""

    event: UsageEvent
    meters: frozenset[str]

    @property
    def key(self) -> str:
        return f"usage:{self.event.account}:{self.event.id}"

    @property
    def aggregate(self) -> str:
        return self.event.account


async def open_order(desk: Desk, opportunity: str) -> OrderCase:
    """By the CRM's id or the external key of the opportunity."""
    order = await desk.crm.order(opportunity)
    return OrderCase(order, await desk.crm.account(order.account))


async def open_invoice(desk: Desk, invoice: str) -> InvoiceCase:
    """By billing's id or number."""
    found = await desk.billing.invoice(invoice)
    return InvoiceCase(found, await desk.billing.account(found.account))


async def open_note(desk: Desk, note: str) -> NoteCase:
    """By billing's id or number."""
    found = await desk.billing.credit_note(note)
    return NoteCase(found, await desk.billing.account(found.account))


async def open_payment(desk: Desk, request: str) -> PaymentCase:
    """By the processor's id."""
    found = await desk.payments.request(request)
    invoice = await desk.billing.invoice(found.invoice)
    return PaymentCase(found, invoice, await desk.billing.account(invoice.account))


async def open_refund(desk: Desk, refund: str) -> RefundCase:
    """By the processor's id."""
    found = await desk.payments.refund(refund)
    invoice = await desk.billing.invoice(found.invoice)
    return RefundCase(found, invoice, await desk.billing.account(invoice.account))


async def open_dispute(desk: Desk, dispute: str) -> DisputeCase:
    """By the processor's id; Held where the payment was made for no invoice of ours."""
    found = await desk.payments.dispute(dispute)
    if not found.invoice:
        raise Held(
            f"dispute {dispute}: its payment names no invoice; book it by hand", owner="payments operations"
        )
    invoice = await desk.billing.invoice(found.invoice)
    return DisputeCase(found, invoice, await desk.billing.account(invoice.account))


async def open_payout(desk: Desk, payout: str) -> PayoutCase:
    """By the processor's id."""
    return PayoutCase(await desk.payments.payout(payout))


async def open_usage(desk: Desk, usage: str) -> UsageCase:
    """By the product's id; Missing while the contract is not in billing."""
    event = await desk.product.usage(usage)
    return UsageCase(event, await desk.billing.meters(event.subscription))
