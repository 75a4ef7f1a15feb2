"""Customers' cash: what they sent and what became of it; every change is an entry."""

from __future__ import annotations

from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records_cash import CashBalance, CashEntry
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.rules.shelf import Shelf


class Cash:
    """One a mode."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[CashEntry] = Shelf()
        self._balances: dict[str, CashBalance] = {}

    def of(self, customer: str) -> CashBalance:
        """The cash of a customer, none at first."""
        balance = self._balances.get(customer)
        if balance is None:
            balance = self._balances[customer] = CashBalance(customer, self._ground.live)
        return balance

    def configure(self, customer: str, mode: str) -> CashBalance:
        """mode: automatic, manual or merchant_default."""
        balance = self.of(customer)
        balance.mode = "" if mode == "merchant_default" else mode
        return balance

    def available(self, customer: str, currency: str) -> int:
        """Minor units."""
        balance = self._balances.get(customer)
        return balance.available.get(currency, 0) if balance else 0

    def known(self, customer: str) -> bool:
        """Whether the customer has ever had cash."""
        balance = self._balances.get(customer)
        return balance is not None and bool(balance.available)

    def move(
        self,
        customer: str,
        amount: int,
        currency: str,
        type: str,  # noqa: A002 - the vendor's own word
        *,
        about: str = "",
        linked: str = "",
        reference: str | None = None,
        rail: str = "",
    ) -> CashEntry:
        """Change a customer's cash by a signed amount."""
        ground, balance = self._ground, self.of(customer)
        ending = balance.available.get(currency, 0) + amount
        balance.available[currency] = ending
        entry = CashEntry(
            ground.numbers.new("ccsbtxn"),
            ground.clock.now(),
            ground.live,
            customer,
            currency,
            amount,
            ending,
            type,
            about,
            linked,
            reference,
            rail,
        )
        self.shelf.add(entry, ("customer", customer))
        refs = tuple(ref for ref in (customer, about) if ref)
        ground.history.note(
            entry.kind, entry.id, type, "posted", refs=refs, amount=amount, currency=currency.upper()
        )
        ground.events.emit("customer_cash_balance_transaction.created", entry)
        return entry

    def take(self, customer: str, id: str) -> CashEntry:  # noqa: A002
        """An entry of this customer, by its id in the path."""
        entry = self.shelf.get(id)
        if entry is None or entry.customer != customer:
            raise no_such("customer cash balance transaction", id, "transaction", path=True)
        return entry
