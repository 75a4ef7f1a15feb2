"""Charges asked for directly, as before payment intents (docs.stripe.com/api/charges/create)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.stripe.rules.attempts import card_error, refusal
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.currencies import chargeable, known_currency
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.declines import NEEDS_AUTHENTICATION
from simulators.stripe.rules.disputes import Disputes
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import NOTHING, Charge, Metadata, PaymentMethod, merged
from simulators.stripe.rules.refusals import Refused


@dataclass(slots=True)
class Direct:
    """What a charge is made for when there is no intent; fields as of charges.Wanted."""

    amount: int
    currency: str
    customer: str = ""
    capture_method: str = "automatic"
    mandate: str = ""
    description: str | None = None
    receipt_email: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    shipping: Mapping[str, Any] | None = None
    transfer_group: str | None = None
    method_options: Mapping[str, Any] = field(default_factory=dict)
    metadata: Metadata = field(default_factory=dict)
    id: str = ""


class DirectCharges:
    """One a mode."""

    def __init__(self, customers: Customers, methods: Methods, charges: Charges, disputes: Disputes) -> None:
        self._customers, self._methods = customers, methods
        self._charges, self._disputes = charges, disputes

    def create(
        self,
        *,
        amount: int,
        currency: str,
        source: str = "",
        customer: str = "",
        capture: bool = True,
        metadata: Metadata | None = NOTHING,
        **plain: Any,
    ) -> Charge:
        """A charge of a token, or of a customer's source; Refused with 402 when it is declined."""
        currency = known_currency(currency)
        chargeable(amount, currency)
        payer = self._customers.take(customer) if customer else None
        if not source and payer is None:
            raise Refused("Must provide source or customer.", code="parameter_missing")
        method = self._method(source or (payer.default_source if payer else ""), customer)
        wanted = Direct(
            amount,
            currency,
            customer,
            "automatic" if capture else "manual",
            metadata=merged(NOTHING, metadata),
            **plain,
        )
        card = method.instrument
        assert isinstance(card, Card)
        no = card.decline or (NEEDS_AUTHENTICATION if card.authentication else None)
        if no is not None:
            failed = self._charges.fail(wanted, method, no)
            raise refusal(card_error(no, failed.id, method))
        charge = self._charges.succeed(wanted, method)
        if charge.captured:
            self._disputes.arise(charge)
        return charge

    def capture(self, charge: Charge, amount: int | None, texts: Mapping[str, Any]) -> Charge:
        """Take what was authorised."""
        amount = self._charges.capturable(charge, amount)
        for name, value in texts.items():
            setattr(charge, name, value)
        self._charges.capture(charge, amount)
        self._disputes.arise(charge)
        return charge

    def _method(self, source: str, customer: str) -> PaymentMethod:
        if not source:
            text = "Cannot charge a customer that has no active card"
            raise Refused(text, code="missing", param="card", status=402, type="card_error")
        stored = self._methods.shelf.get(source)
        if stored is not None:
            if stored.customer != customer or not isinstance(stored.instrument, Card):
                text = f"Customer {customer} does not have a linked source with ID {source}."
                raise Refused(text, code="missing", param="source")
            return stored
        method = self._methods.of_token(source, "source")
        if not isinstance(method.instrument, Card):
            raise Refused("The source must be a card.", param="source")
        return method
