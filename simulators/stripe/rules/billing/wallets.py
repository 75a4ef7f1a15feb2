"""What a customer owes or is owed beside invoices, and in which currency it is billed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.billing.coupons import Coupons, active
from simulators.stripe.rules.billing.desk import Desk, clash, taken
from simulators.stripe.rules.billing.paper_records import BalanceEntry
from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.records import NOTHING, Customer, Metadata, merged
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf


class Wallets:
    """The customer balances of one mode."""

    def __init__(self, desk: Desk, coupons: Coupons) -> None:
        self._desk, self._coupons = desk, coupons
        self.entries: Shelf[BalanceEntry] = Shelf()

    def entry(self, customer: str, id: str) -> BalanceEntry:  # noqa: A002
        """A balance transaction of that customer."""
        found = taken(self.entries, "customer balance transaction", id, "transaction", path=True)
        if found.customer != customer:
            return taken(self.entries, "customer balance transaction", "", "transaction", path=True)
        return found

    def settle_currency(self, customer: str, currency: str) -> str:
        """A customer is billed in one currency only, from the first bill on."""
        currency = known_currency(currency)
        wallet = self._desk.wallet(customer)
        if wallet.currency and wallet.currency != currency:
            text = (
                "You cannot combine currencies on a single customer. This customer has an active"
                " subscription, subscription schedule, discount, quote, or invoice item with currency"
                f" {wallet.currency}"
            )
            raise Refused(text, param="currency")
        wallet.currency = currency
        return currency

    def enter(
        self,
        customer: str,
        amount: int,
        currency: str,
        type: str,  # noqa: A002
        *,
        invoice: str = "",
        credit_note: str = "",
        description: str | None = None,
        metadata: Metadata | None = NOTHING,
    ) -> BalanceEntry:
        """Change the balance: a positive amount is owed by the customer."""
        ground = self._desk.ground
        wallet = self._desk.wallet(customer)
        self.settle_currency(customer, currency)
        before = wallet.balance
        wallet.balance += amount
        made = BalanceEntry(
            ground.numbers.new("cbtxn"),
            ground.clock.now(),
            ground.live,
            customer,
            amount,
            currency,
            wallet.balance,
            type,
            invoice,
            credit_note,
            description,
            merged(NOTHING, metadata),
        )
        self.entries.add(made, ("customer", customer))
        self._desk.note(made, "created", type, customer, invoice, credit_note, amount=amount)
        owner = self._desk.customers.shelf.get(customer)
        if owner is not None:
            self._desk.emit("customer.updated", owner, {"balance": before})
        return made

    def set_balance(self, customer: str, balance: int) -> None:
        """What an update of the customer's `balance` does."""
        wallet = self._desk.wallet(customer)
        if balance != wallet.balance:
            self.enter(customer, balance - wallet.balance, wallet.currency or "usd", "adjustment")

    def update_entry(self, entry: BalanceEntry, changes: Mapping[str, Any]) -> BalanceEntry:
        """Only the description and metadata."""
        if "metadata" in changes:
            entry.metadata = merged(entry.metadata, changes["metadata"])
        if "description" in changes:
            entry.description = changes["description"]
        self._desk.note(entry, "updated", entry.type)
        return entry

    def drop_discount(self, customer: Customer) -> Any:
        """Take the customer's discount away."""
        wallet = self._desk.wallet(customer.id)
        discount = wallet.discount
        if discount is None:
            raise clash("This customer does not have a discount.", "customer", "resource_missing")
        wallet.discount, discount.deleted = None, True
        self._desk.emit("customer.discount.deleted", discount)
        return discount

    def discount(self, customer: str, at: int) -> tuple[Any, ...]:
        """The customer's own discount, while it lasts."""
        found = self._desk.wallet(customer).discount
        return (found,) if found is not None and active(found, at) else ()

    def late(self, customer: str, delinquent: bool) -> None:
        """Whether the customer's latest invoice went unpaid."""
        wallet = self._desk.wallet(customer)
        if wallet.delinquent != delinquent:
            wallet.delinquent = delinquent
            owner = self._desk.customers.shelf.get(customer)
            if owner is not None and not owner.deleted:
                self._desk.emit("customer.updated", owner, {"delinquent": not delinquent})
