"""What a step works on: the facts of one transaction, read afresh when its flow starts or resumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.canonical.errors import Held
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.orders import Order
from core.canonical.parties import Account
from core.canonical.payments import Applied, Dispute, PaymentRequest, Payout, Refund, Transfer
from core.canonical.usage import UsageEvent
from core.finance.cash import remittance
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
class TransferCase:
    """A customer's transfer, and the invoices that it names, in the payer's order."""

    transfer: Transfer
    account: Account
    invoices: tuple[Invoice, ...]

    @property
    def key(self) -> str:
        return f"transfer:{self.account.key}:{self.transfer.on}#{self.transfer.id}"

    @property
    def aggregate(self) -> str:
        return self.account.key


@dataclass(slots=True)
class PaidBackCase:
    """A transfer of ours that gives back what was left of a customer's."""

    transfer: Transfer
    held: Applied
    account: Account

    @property
    def key(self) -> str:
        return f"paid_back:{self.account.key}:{self.transfer.on}#{self.transfer.id}"

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


async def open_transfer(desk: Desk, transfer: str) -> TransferCase:
    """By the bank's id. Held where the remittance names no customer, or several."""
    found = await desk.bank.transfer(transfer)
    invoices = tuple([await desk.billing.invoice(n) for n in remittance.invoices_named(found.text)])
    keys = {invoice.account for invoice in invoices} or {remittance.customer_named(found.text)} - {""}
    if len(keys) != 1:
        said = f"customer: the transfer {found.id} of {found.amount} by {found.payer!r} says {found.text!r}"
        raise Held(f"{said}; find whose it is and apply it by hand", owner="accounts receivable")
    return TransferCase(found, await desk.billing.account(keys.pop()), invoices)


async def open_paid_back(desk: Desk, transfer: str) -> PaidBackCase:
    """By the bank's id. Held where it does not say what it gives back."""
    found = await desk.bank.transfer(transfer)
    original = remittance.given_back(found.text)
    if not original:
        raise Held(f"text: {found.text!r} of {found.id} names no transfer; book it by hand", owner="treasury")
    held = await desk.billing.applied(original)
    return PaidBackCase(found, held, await desk.billing.account(held.account))


async def open_payout(desk: Desk, payout: str) -> PayoutCase:
    """By the processor's id."""
    return PayoutCase(await desk.payments.payout(payout))


async def open_usage(desk: Desk, usage: str) -> UsageCase:
    """By the product's id; Missing while the contract is not in billing."""
    event = await desk.product.usage(usage)
    return UsageCase(event, await desk.billing.meters(event.subscription))
