"""Everything that a step may touch.

Every call of a port may raise Unavailable (did not happen), Unclear (perhaps) or Refused (no; also its kinds
PeriodClosed, AlreadyThere, Missing). `key` names the business act: all attempts of one act share it,
and connectors derive the vendor's idempotency key or external id from it and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from core.canonical.parties import Account
from core.finance.ledger.conventions import USUAL, BookPolicy
from core.finance.ledger.dimensions import UNCLASSIFIED, Classification
from core.finance.ledger.entities import ONE_COMPANY, Routing
from core.finance.revenue.policy import AS_DELIVERED, RevenuePolicy
from core.ports.bank import Bank
from core.ports.billing import Billing
from core.ports.crm import Crm
from core.ports.erp import Erp
from core.ports.payments import Payments
from core.ports.product import Product
from core.ports.tax import Tax
from core.ports.world import Clock, Watch


class Notifier(Protocol):
    """Tells people."""

    async def tell(self, account: Account, subject: str, text: str, key: str) -> None:
        """At most once per key."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a step may touch."""

    crm: Crm
    billing: Billing
    tax: Tax
    payments: Payments
    erp: Erp
    product: Product
    bank: Bank
    notifier: Notifier
    clock: Clock
    watch: Watch
    # Which of our legal entities a customer belongs to; without any the ledger has one set of books.
    routing: Routing = ONE_COMPANY
    # What dimensions the lines of our journals carry.
    classification: Classification = UNCLASSIFIED
    books: BookPolicy = USUAL
    revenue: RevenuePolicy = AS_DELIVERED

    @property
    def today(self) -> date:
        """The UTC date."""
        return datetime.fromtimestamp(self.clock.now() / 1_000_000, UTC).date()
