"""The payment processor, as the core needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.parties import Account, Shown
from core.canonical.payments import Dispute, PaymentRequest, Payout, Refund


class Payments(Protocol):
    """The processor."""

    def for_one_look(self) -> Payments:
        """The same processor, which lists nothing twice: for one look at everything, and no longer."""
        ...

    async def open_customer(self, account: Account, key: str) -> str:
        """The customer's id: found by the account's key or created."""
        ...

    def customers(self) -> AsyncIterator[Shown]:
        """Every customer that has a key of ours."""
        ...

    async def ask(self, invoice: Invoice, customer: str, *, charge_now: bool, key: str) -> PaymentRequest:
        """One payment request per invoice, and another where its money came back; `charge_now` takes the
        customer's default method if any. A declined card is an answer (status failed), not an error."""
        ...

    async def request(self, id: str) -> PaymentRequest:  # noqa: A002
        """By id."""
        ...

    async def request_for(self, invoice: str, customer: str) -> PaymentRequest | None:
        """The request made for an invoice number, if any (reads the customer's list, not the search)."""
        ...

    async def charge_again(self, request: PaymentRequest, key: str) -> PaymentRequest:
        """Try the customer's present default method on an open request."""
        ...

    async def withdraw(self, request: PaymentRequest, key: str) -> None:
        """Nobody can pay it any more; quiet if it was withdrawn, Refused if it was paid."""
        ...

    async def reduce(self, request: PaymentRequest, amount: Money, key: str) -> None:
        """Ask for less, since some of it came another way; quiet if it asks for that already, Refused where
        it has been paid."""
        ...

    async def refund(self, id: str) -> Refund:  # noqa: A002
        """By id."""
        ...

    async def payout(self, id: str) -> Payout:  # noqa: A002
        """With its parts summed from its balance entries."""
        ...

    async def dispute(self, id: str) -> Dispute:  # noqa: A002
        """By id, with what it has moved so far."""
        ...

    def paid_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        """Requests whose charge succeeded at or after."""
        ...

    def failed_since(self, moment: datetime) -> AsyncIterator[PaymentRequest]:
        """Requests whose last charge failed, with a failure at or after."""
        ...

    def refunds_since(self, moment: datetime) -> AsyncIterator[Refund]:
        """Succeeded refunds made at or after."""
        ...

    def refunds_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of refunds that the bank sent back at or after."""
        ...

    def disputes_opened_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of disputes and inquiries raised at or after."""
        ...

    def disputes_withdrawn_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of disputes whose funds were withdrawn at or after."""
        ...

    def disputes_closed_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of disputes that were decided, and inquiries that ended, at or after."""
        ...

    def payouts_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of payouts that were paid at or after."""
        ...

    def payouts_failed_since(self, moment: datetime) -> AsyncIterator[str]:
        """Ids of payouts that the bank sent back at or after."""
        ...
