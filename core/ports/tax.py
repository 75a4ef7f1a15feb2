"""The tax engine, as the core needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from core.canonical.invoices import CreditNote, Invoice, TaxAnswer
from core.canonical.money import Money
from core.canonical.parties import Account


class Tax(Protocol):
    """Tax documents."""

    async def estimate(self, account: Account, net: Mapping[str, Money], key: str) -> Money:
        """Tax on a sale of these products, at least one, to this account, nothing recorded; Refused where the
        address cannot be placed, Held where nobody has said how a product is taxed there."""
        ...

    async def assess_invoice(self, invoice: Invoice, account: Account, key: str) -> TaxAnswer:
        """A saved sales document of the invoice's number; the same answer when repeated."""
        ...

    async def assess_credit_note(self, note: CreditNote, account: Account, key: str) -> TaxAnswer:
        """A saved return document; tax amounts come back positive."""
        ...

    async def commit_invoice(self, number: str, key: str) -> None:
        """Saved to committed; quiet if committed."""
        ...

    async def commit_credit_note(self, number: str, key: str) -> None:
        """Saved to committed; quiet if committed."""
        ...

    async def return_for_refund(self, note: CreditNote, account: Account, key: str) -> None:
        """A committed return document over the note's own net and tax; quiet if there is one."""
        ...
