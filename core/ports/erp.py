"""The ERP, as the core needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from core.canonical.erp import Between, ContractMove, ForeignBalance, Journal, Late, Posted, Schedule
from core.canonical.invoices import CreditNote, Invoice
from core.canonical.money import Money
from core.canonical.parties import Account, Shown
from core.canonical.payments import PaymentRequest, Refund, Transfer
from core.canonical.versions import Version
from core.finance.ledger.rates import Rate
from core.ports.billing import Row


class Erp(Protocol):
    """Ledger, receivables, periods, revenue plans. `on`: posting date; PeriodClosed if it may not be."""

    async def upsert_customer(self, account: Account, key: str) -> Version | None:
        """By external id, with the account's version beside it. None once it stands there; else nothing was
        written, and this is the version of what does: a newer one, or one that ties. Unavailable if somebody
        made it meanwhile: a late request overwrites nothing."""
        ...

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        """The receivable, external id = invoice number; quiet if it stands there with the same amounts."""
        ...

    async def invoice(self, number: str) -> Posted | None:
        """By external id."""
        ...

    async def post_receipt(self, payment: PaymentRequest, invoice: Posted, on: date, key: str) -> None:
        """A receipt applied to the invoice, external id = payment request id."""
        ...

    async def receipt(self, reference: str) -> Posted | None:
        """By external id."""
        ...

    async def post_transfer(
        self, transfer: Transfer, account: Account, parts: Sequence[tuple[Posted, Money]], on: date, key: str
    ) -> None:
        """What a transfer pays of these invoices, into the bank: external id = transfer id."""
        ...

    async def post_deposit(
        self, transfer: Transfer, account: Account, amount: Money, on: date, key: str
    ) -> None:
        """What is over of a transfer, owed to the customer: external id = transfer id and "-deposit"."""
        ...

    async def deposit(self, reference: str) -> Posted | None:
        """What is over of a transfer, by the transfer's id."""
        ...

    async def deposit_used(self, reference: str, number: str) -> Posted | None:
        """What went of it to an invoice."""
        ...

    async def use_deposit(
        self, deposit: Posted, reference: str, invoice: Posted, amount: Money, on: date, key: str
    ) -> None:
        """So much of it goes to an invoice: external id = transfer id and invoice number."""
        ...

    async def return_deposit(self, deposit: Posted, paid_back: Transfer, on: date, key: str) -> None:
        """So much of it was paid back from the bank: external id = id of the transfer out."""
        ...

    async def return_receipt(self, receipt: Posted, journal: Journal, key: str) -> None:
        """A receipt that came back: the journal, which takes it from receivables in the payer's name, and
        the receipt put against it, so that the invoice it had paid is open again. Quiet if both are so."""
        ...

    async def post_credit_note(
        self, note: CreditNote, on: date, key: str, late: Late = (), against: Posted | None = None
    ) -> None:
        """External id = note number. A bill run's comes off deferred revenue; of any other `late` does, by
        product, and the rest of the net is contra revenue. against: the invoice that it takes back whole."""
        ...

    async def post_write_off(self, note: CreditNote, late: Late, invoice: Posted, on: date, key: str) -> None:
        """External id = note number, applied to the invoice: `late` off deferred revenue, by product, the
        rest of the net to bad debt, tax off tax payable."""
        ...

    async def credit_note(self, number: str) -> Posted | None:
        """By external id."""
        ...

    async def post_refund(self, refund: Refund, note: Posted, on: date, key: str) -> None:
        """Money out against a credit memo, external id = refund id."""
        ...

    async def refund(self, reference: str) -> Posted | None:
        """By external id."""
        ...

    async def post_journal(self, journal: Journal, key: str) -> None:
        """External id = journal key."""
        ...

    async def journal(self, key: str) -> Posted | None:
        """By external id."""
        ...

    async def journals(self, ids: Collection[str]) -> dict[str, Journal]:
        """With their lines, by the ledger's own ids; what is not there is left out. key: "" where another
        made it; of the dimensions what the ledger keeps by itself (the rest stands in the memo)."""
        ...

    async def foreign_balances(self, on: date, accounts: Collection[str]) -> list[ForeignBalance]:
        """Of these accounts at the end of a day, wherever they hold another currency than their entity's."""
        ...

    async def between(self, on: date) -> list[Between]:
        """What entities of ours hold against each other at the end of a day, by account and currency."""
        ...

    async def rates(self) -> list[Rate]:
        """The table of exchange rates that the treasury keeps in the ledger system."""
        ...

    async def add_schedule(self, schedule: Schedule, key: str) -> None:
        """A revenue plan, external id = schedule key; one that is there gets these values."""
        ...

    async def open_schedule(self, schedule: Schedule, key: str) -> None:
        """The same, but one that is there stays as it is."""
        ...

    def schedules(self, first: date, last: date) -> AsyncIterator[Schedule]:
        """Plans that touch the days [first, last]."""
        ...

    async def released(self) -> dict[str, int]:
        """Minor units of revenue recognised so far, by the key of the plan."""
        ...

    async def contract_moves(self, end: date, prefix: str) -> list[ContractMove]:
        """Of deferred revenue and of the contract asset: all up to a day; after it the bills, and journals
        whose key begins with `prefix` on the asset. The asset is what journals "UNB-" have put there."""
        ...

    async def unbilled(self) -> dict[str, int]:
        """Minor units on the contract asset by the memo of the line; a debit is positive."""
        ...

    async def first_open_day(self, on: date) -> date:
        """`on` if its period is open, else the first day of the next open period."""
        ...

    def invoices_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Receivables changed at or after; reference = external id."""
        ...

    def receipts_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Receipts changed at or after."""
        ...

    def credit_notes_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Credit memos changed at or after."""
        ...

    def refunds_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Customer refunds changed at or after."""
        ...

    def journals_since(self, moment: datetime) -> AsyncIterator[Row]:
        """Journal entries changed at or after."""
        ...

    def customers(self) -> AsyncIterator[Shown]:
        """Every customer, by external id ("" where it has none)."""
        ...
