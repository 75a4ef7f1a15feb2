"""The CRM, as the core needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.canonical.errors import Held
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.canonical.orders import Order
from core.canonical.parties import Account, Shown
from core.canonical.versions import NONE, Versions


@dataclass(frozen=True, slots=True)
class WonQuote:
    """id: the CRM's id of the opportunity; key: its external key; status: what was written back."""

    id: str
    key: str
    account: str
    kind: str
    subscription: str
    status: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Mirrored:
    """An invoice as the CRM shows it. id and stamp: which record, and its state, for a guarded change;
    made_of: the versions of what it shows."""

    number: str
    status: str
    balance: Money
    id: str = ""
    stamp: str = ""
    made_of: Versions = NONE


class Crm(Protocol):
    """Accounts, opportunities, quotes. Owns the customer master."""

    async def order(self, opportunity: str) -> Order:
        """The order that a won opportunity (CRM id or external key) stands for."""
        ...

    async def quote_id(self, opportunity: str) -> str:
        """The id by which the CRM tells of an opportunity, of its id or external key; Missing if there is
        none."""
        ...

    def bundles(self) -> AsyncIterator[Order | Held]:
        """Won orders whose lines show what they are worth alone, as they stand now; one that makes no sense
        comes as the reason."""
        ...

    async def account(self, key: str) -> Account:
        """By external key; Missing if there is none."""
        ...

    def accounts_since(self, moment: datetime) -> AsyncIterator[tuple[datetime, Account]]:
        """Customers changed at or after, each with that moment, the oldest change first."""
        ...

    def customers(self) -> AsyncIterator[Shown]:
        """Every account that has a key, as sales keeps it."""
        ...

    def won_since(self, moment: datetime) -> AsyncIterator[WonQuote]:
        """Closed-won opportunities changed at or after `moment`, oldest first."""
        ...

    async def activate(self, order: Order, key: str) -> bool:
        """Write the subscription's number and the status Activated back to the opportunity; False, and
        nothing written, where it shows that the order was withdrawn since. Unavailable if somebody has
        changed the opportunity meanwhile."""
        ...

    async def withdraw(self, order: Order, key: str) -> None:
        """Write the status Withdrawn back to the opportunity; Unavailable likewise."""
        ...

    async def withdrawn(self, order: Order) -> bool:
        """Whether the opportunity has the status Withdrawn by now; Missing if there is none."""
        ...

    async def link_payment_customer(self, account: Account, customer: str, key: str) -> None:
        """Remember the processor's id of the customer on the account."""
        ...

    async def mirror_invoice(
        self,
        invoice: Invoice,
        account: Account,
        status: str,
        seen: Mirrored | None,
        key: str,
        made_of: Versions,
    ) -> None:
        """Show an invoice; status: Posted, Payment Failed, Paid or Refunded; made_of: what is kept beside it.
        Unavailable if the mirror is no longer what was `seen`: a late request must not overwrite what came
        after it."""
        ...

    async def mirrored(self, number: str, key: str = "") -> Mirrored | None:
        """The mirror of one invoice; `key`: of the act that wants to know."""
        ...

    def all_mirrored(self, since: datetime) -> AsyncIterator[Mirrored]:
        """Mirrors changed since."""
        ...
