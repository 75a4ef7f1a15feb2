"""Cash that customers are sent back: an account has to be asked for, then the bank is.

docs.stripe.com/payments/customer-balance/refunding.
"""

from __future__ import annotations

from simulators.stripe.rules.cash import Cash
from simulators.stripe.rules.currencies import known_currency, worded
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import NOTHING, Metadata, Refund, merged
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf
from simulators.stripe.rules.transfers import Transfer, rail


class Returns:
    """One a mode."""

    def __init__(self, ground: Ground, customers: Customers, cash: Cash) -> None:
        self._ground, self._customers, self._cash = ground, customers, cash
        self.shelf: Shelf[Refund] = Shelf()

    def address(self, customer: str, given: str | None) -> str:
        """Where the customer is asked for his account; Refused where nobody knows (wording unconfirmed)."""
        owner = self._customers.shelf.get(customer)
        email = given or (owner.email if owner is not None else None)
        if not email:
            text = (
                "Refunding a bank transfer requires an email address: set instructions_email, or the email of"
                " the customer."
            )
            raise Refused(text, code="parameter_missing", param="instructions_email")
        return email

    def create(
        self,
        *,
        customer: str,
        amount: int,
        currency: str,
        instructions_email: str | None = None,
        reason: str | None = None,
        metadata: Metadata | None = NOTHING,
    ) -> Refund:
        """Send cash back that has paid for nothing."""
        ground = self._ground
        owner, currency = self._customers.take(customer).id, known_currency(currency)
        rail(currency)
        have = self._cash.available(owner, currency)
        if amount > have:
            text = f"The amount is greater than the cash balance of the customer, {worded(have, currency)}."
            raise Refused(text, code="balance_insufficient", param="amount")
        email = self.address(owner, instructions_email)
        refund = Refund(
            ground.numbers.new("pyr"),
            ground.clock.now(),
            ground.live,
            amount,
            currency,
            "requires_action",
            "",
            "",
            owner,
            reason=reason,
            type=Transfer.type,
            instructions_email=email,
            origin="customer_balance",
            metadata=merged(NOTHING, metadata),
        )
        self.shelf.add(refund)
        self._cash.move(owner, -amount, currency, "return_initiated", about=refund.id)
        ground.history.note(
            "refund",
            refund.id,
            "created",
            refund.status,
            refs=(owner, *refund.metadata.values()),
            amount=amount,
            currency=currency.upper(),
        )
        ground.events.emit("refund.created", refund)
        return refund

    def come_back(self, refund: Refund) -> None:
        """It could not be sent: it is the customer's cash again."""
        self._cash.move(refund.customer, refund.amount, refund.currency, "return_canceled", about=refund.id)
