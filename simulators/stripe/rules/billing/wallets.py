"""What a customer owes or is owed beside invoices, and in which currency it is billed."""

from __future__ import annotations

from typing import Any

from simulators.stripe.rules.billing.coupons import Coupons, active
from simulators.stripe.rules.billing.desk import Desk, clash
from simulators.stripe.rules.currencies import known_currency
from simulators.stripe.rules.records import NOTHING, Customer, Metadata
from simulators.stripe.rules.records_setup import CreditEntry
from simulators.stripe.rules.refusals import Refused


class Wallets:
    """The customer balances of one mode."""

    def __init__(self, desk: Desk, coupons: Coupons) -> None:
        self._desk, self._coupons = desk, coupons

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
        wallet.owner.currency = currency
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
    ) -> CreditEntry:
        """Change the balance: a positive amount is owed by the customer."""
        owner = self._desk.wallet(customer).owner
        before = owner.balance
        made = self._desk.credit.enter(
            owner,
            amount,
            currency,
            type=type,
            description=description,
            invoice=invoice,
            credit_note=credit_note,
            metadata=metadata,
        )
        self._desk.note(made, "created", type, customer, invoice, credit_note, amount=amount)
        self._desk.customers.rebalance(owner, before)
        return made

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
        owner = self._desk.wallet(customer).owner
        if owner.delinquent != delinquent:
            owner.delinquent = delinquent
            if not owner.deleted:
                self._desk.emit("customer.updated", owner, {"delinquent": not delinquent})
