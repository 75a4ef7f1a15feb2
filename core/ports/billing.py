"""Subscription billing, as the core needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.canonical.invoices import CreditNote, Invoice, TaxAnswer
from core.canonical.money import Money
from core.canonical.orders import Order
from core.canonical.parties import Account, Shown
from core.canonical.payments import Applied, Dispute, PaymentRequest, Refund, Transfer
from core.canonical.usage import UsageEvent
from core.finance.usage.accrual import BilledUse, MeteredContract


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a register, for reconciliation: a number, its amount, what is open, its state.

    account: the customer's key; reference: the external id in the ledger, the source of a credit note
    ("bill_run", "refund" or "adjustment") in billing; on: the posting date, in the ledger.
    """

    id: str
    number: str
    account: str
    status: str
    total: Money
    open: Money
    changed_at: datetime
    reference: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What is sold. key: the SKU, by which all systems know it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription in its present version. account: the customer's key; status: draft, pending, active,
    suspended, cancelled or expired."""

    number: str
    account: str
    status: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that is not posted yet. subscriptions: numbers of those that it is known to be for."""

    id: str
    subscriptions: tuple[str, ...] = ()


class Billing(Protocol):
    """Subscriptions, invoices, credit notes. Owns contract terms."""

    async def open_account(self, account: Account, payment_customer: str, key: str) -> None:
        """Create the billing account "A-<key>" unless it exists."""
        ...

    async def account(self, key: str) -> Account:
        """The billing account of a customer key, as an Account with its payment customer."""
        ...

    def customers(self) -> AsyncIterator[Shown]:
        """Every account, as billing shows it."""
        ...

    async def place(self, order: Order, key: str) -> None:
        """Create, amend, renew or cancel; quiet if the order number was placed before."""
        ...

    async def withdraw(self, order: Order, key: str) -> None:
        """Cancel the subscription of a new order from its first day; quiet if it was withdrawn before."""
        ...

    async def placed(self, number: str) -> bool:
        """Whether an order of this number exists."""
        ...

    async def drafts(self, run: str) -> tuple[list[Draft], list[Draft]]:
        """Draft invoices and draft credit notes of one bill run ("" for every run)."""
        ...

    async def invoice(self, id_or_number: str) -> Invoice:
        """With its lines."""
        ...

    async def credit_note(self, id_or_number: str) -> CreditNote:
        """With its lines."""
        ...

    async def tax_invoice(self, invoice: Invoice, tax: TaxAnswer, key: str) -> None:
        """Put tax on a draft's lines; quiet if they carry it already."""
        ...

    async def tax_credit_note(self, note: CreditNote, tax: TaxAnswer, key: str) -> None:
        """The same for a draft credit note."""
        ...

    async def finalise_invoice(self, invoice: Invoice, key: str) -> None:
        """Draft to posted; quiet if posted."""
        ...

    async def finalise_credit_note(self, note: CreditNote, key: str) -> None:
        """Draft to posted; quiet if posted."""
        ...

    async def record_payment(self, invoice: Invoice, payment: PaymentRequest, key: str) -> None:
        """An external payment applied to the invoice; quiet if its reference is recorded."""
        ...

    async def record_transfer(
        self,
        account: str,
        transfer: Transfer,
        parts: Sequence[tuple[str, Money]],
        key: str,
        recovered: Sequence[tuple[Invoice, Money]] = (),
    ) -> None:
        """A customer's transfer as an external payment, put against invoices by number and against what was
        asked for anew of those that were written off; what they do not take stays on account. Quiet if its
        reference is recorded."""
        ...

    async def ask_again(self, invoice: Invoice, transfer: Transfer, amount: Money, key: str) -> None:
        """A posted debit memo over what a transfer brings back of an invoice that was written off, net of
        tax; quiet if there is one of that transfer."""
        ...

    async def recoveries(self, invoice: Invoice) -> list[tuple[str, Money]]:
        """(transfer's reference, amount) of what came for an invoice after it was written off, in order."""
        ...

    async def applied(self, reference: str) -> Applied:
        """What a recorded payment pays now; Missing if there is none of that reference."""
        ...

    async def on_account(self, account: str) -> list[Applied]:
        """Payments of a customer that have something left, oldest first."""
        ...

    async def payments_of(self, invoice: Invoice) -> list[Applied]:
        """Payments that pay some of an invoice."""
        ...

    async def use_on_account(self, held: Applied, invoice: Invoice, amount: Money, key: str) -> None:
        """So much of what is left goes to the invoice; quiet if it is there."""
        ...

    async def return_on_account(self, reference: str, paid_back: Transfer, key: str) -> None:
        """What is left of a payment was paid back; quiet if that is recorded."""
        ...

    async def credit_for_refund(self, invoice: Invoice, refund: Refund, key: str) -> CreditNote:
        """A posted credit note over the refunded gross amount, net and tax in proportion; the same
        note when called again for the same refund."""
        ...

    async def record_refund(self, note: CreditNote, refund: Refund, key: str) -> None:
        """The refund paid out of the note; quiet if its reference is recorded."""
        ...

    async def write_off(self, invoice: Invoice, on: date, key: str) -> None:
        """All that is open credited by a posted note of source "write_off"; quiet if nothing is open."""
        ...

    async def reverse(self, invoice: Invoice, on: date, key: str) -> None:
        """All of an unpaid posted invoice taken back by a posted credit note of source "adjustment", and its
        days billable again; quiet if it was reversed before, Refused where something has been paid."""
        ...

    async def return_payment(self, back: Dispute, key: str) -> None:
        """A bank debit that came back: the payment is taken off its invoice, which is open again, and given
        back outside; Missing while the payment is not recorded; quiet if the return is."""
        ...

    async def flag_dispute(self, invoice: Invoice, dispute: Dispute, key: str) -> None:
        """Mark the invoice with the state of a dispute about it; quiet if it says so already."""
        ...

    def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Invoices changed at or after, the oldest change first."""
        ...

    def invoices_dated(self, first: date, last: date) -> AsyncIterator[Invoice]:
        """Posted invoices of these days or between, with their lines."""
        ...

    def credit_notes_dated(self, first: date, last: date) -> AsyncIterator[CreditNote]:
        """Posted credit notes likewise."""
        ...

    def subscriptions_since(self, moment: datetime) -> AsyncIterator[SubscriptionRow]:
        """Subscriptions changed at or after, the oldest change first."""
        ...

    def items(self) -> AsyncIterator[Item]:
        """The catalogue."""
        ...

    def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Credit notes changed at or after."""
        ...

    def open_invoices(self, first_due: date, last_due: date) -> AsyncIterator[Row]:
        """Posted invoices with a balance that were due on these days or between."""
        ...

    async def meters(self, subscription: str) -> frozenset[str]:
        """Units that a subscription is billed for by use; Missing if there is no such subscription."""
        ...

    async def metered(self, event: UsageEvent) -> bool:
        """Whether an event of use, by its id, is in billing."""
        ...

    def metered_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of the events of use that were taken in at or after."""
        ...

    async def meter(self, event: UsageEvent, key: str) -> None:
        """Take an event of use in, to be rated with its period; one key makes one record."""
        ...

    def used_since(self, first: date) -> AsyncIterator[UsageEvent]:
        """Use of a day or later that was taken in."""
        ...

    async def metered_contract(self, subscription: str) -> MeteredContract:
        """What it is billed for by use, and at which prices; Held where they are of a kind unknown here."""
        ...

    def use_billed_since(self, first: date) -> AsyncIterator[BilledUse]:
        """Lines of use on posted bills, of periods that began on a day or later."""
        ...

    async def payment_recorded(self, reference: str) -> bool:
        """Whether a payment with this processor reference exists."""
        ...

    async def refund_recorded(self, reference: str) -> bool:
        """Whether a refund with this processor reference exists."""
        ...
