"""Customers' credit and debt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import NOTHING, Customer, Metadata, merged
from simulators.stripe.rules.records_setup import CreditEntry
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf


class Credit:
    """The balances of one mode's customers: every change is an entry."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[CreditEntry] = Shelf()

    def enter(
        self,
        customer: Customer,
        amount: int,
        currency: str,
        *,
        type: str = "adjustment",  # noqa: A002 - the vendor's own word
        description: str | None = None,
        invoice: str = "",
        credit_note: str = "",
        metadata: Metadata | None = NOTHING,
    ) -> CreditEntry:
        """Change a balance: a negative amount is credit for the customer's next invoices."""
        currency = known_currency(currency)
        if customer.currency and customer.currency != currency:
            # Stripe keeps a balance a currency; the mock keeps the one of the customer's first.
            text = (
                f"You cannot combine currencies on a single customer. This customer has a balance in"
                f" {customer.currency}."
            )
            raise Refused(text, param="currency")
        ground = self._ground
        customer.currency = currency
        customer.balance += amount
        entry = CreditEntry(
            ground.numbers.new("cbtxn"),
            ground.clock.now(),
            ground.live,
            customer.id,
            amount,
            currency,
            customer.balance,
            type,
            description,
            invoice,
            credit_note,
            merged(NOTHING, metadata),
        )
        return self.shelf.add(entry, ("customer", customer.id))

    def update(self, entry: CreditEntry, changes: Mapping[str, Any]) -> CreditEntry:
        """Change what is said of an entry."""
        entry.description = changes.get("description", entry.description)
        if "metadata" in changes:
            entry.metadata = merged(entry.metadata, changes["metadata"])
        return entry

    def take(self, customer: Customer, id: str) -> CreditEntry:  # noqa: A002
        """An entry of this customer, by its id in the path."""
        entry = self.shelf.get(id)
        if entry is None or entry.customer != customer.id:
            raise no_such("customer balance transaction", id, "transaction", path=True)
        return entry
