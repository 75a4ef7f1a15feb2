"""Payment methods: cards, attached to a customer or used once."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from simulators.stripe.rules.cards import CARDS, Card
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import Customer, PaymentMethod
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

_USED_UP = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was"
    " detached from a Customer. It may not be used again."
)


class Methods:
    """The payment methods of one mode."""

    def __init__(self, ground: Ground, customers: Customers) -> None:
        self._ground, self._customers = ground, customers
        self.shelf: Shelf[PaymentMethod] = Shelf()

    def take(self, id: str, param: str = "payment_method", *, path: bool = False) -> PaymentMethod:  # noqa: A002
        """The payment method; a test id is known only in test mode, and then as a fresh card."""
        method = self.shelf.get(id)
        if method is not None:
            return method
        card = CARDS.get(id)
        if card is None:
            raise no_such("PaymentMethod", id, param, path=path)
        if self._ground.live:
            raise no_such("PaymentMethod", id, param, path=path, elsewhere="test")
        return self._fresh(id, card)

    def find(self, id: str, *, owner: str = "") -> PaymentMethod:  # noqa: A002
        """A stored payment method by its id in the path, of that owner if one is named."""
        method = self.shelf.get(id)
        if method is None or (owner and method.customer != owner):
            raise no_such("PaymentMethod", id, "payment_method", path=True)
        return method

    def attach(self, id: str, customer: Customer) -> PaymentMethod:  # noqa: A002
        """Give a card to a customer; a card that the issuer declines is refused with 402."""
        method = self.take(id, path=True)
        if method.customer == customer.id:
            return method
        self.attachable(method)
        self.keep(method, customer.id)
        return method

    def attachable(self, method: PaymentMethod) -> None:
        """Refused when the card may not be used again, or with 402 when the issuer declines it."""
        if method.customer:
            raise Refused("The payment method you provided has already been attached to a customer.")
        if method.spent:
            raise Refused(_USED_UP)
        no = method.card.decline
        if no is not None and method.card.refuses_attach:
            raise Refused(
                no.message,
                code=no.code,
                decline_code=no.decline_code,
                status=402,
                type="card_error",
                method=method,
            )

    def keep(self, method: PaymentMethod, customer: str) -> None:
        """Attach without asking the issuer again."""
        method.customer = customer
        self.hold(method)
        self.shelf.file(method, ("customer", customer))
        self._note(method, "attached")
        self._ground.events.emit("payment_method.attached", method)

    def detach(self, method: PaymentMethod) -> PaymentMethod:
        """Take a card from its customer; it can never be used again."""
        if not method.customer:
            text = (
                "The payment method you provided is not attached to a customer so detachment is impossible."
            )
            raise Refused(text)
        owner = self._customers.shelf.get(method.customer)
        self.shelf.unfile(method, ("customer", method.customer))
        was, method.customer, method.spent = method.customer, "", True
        self._note(method, "detached")
        self._ground.events.emit("payment_method.detached", method, {"customer": was})
        if owner is not None and owner.default_method == method.id and not owner.deleted:
            self._customers.update(owner, {}, "")
        return method

    def detach_all(self, customer: Customer) -> None:
        """What the deletion of a customer does to its cards."""
        for method in list(self.shelf.under(("customer", customer.id))):
            self.detach(method)

    def default_for(self, customer: Customer, id: str) -> str:  # noqa: A002
        """`id`, if it is a card of the customer ("" clears); Refused if not."""
        if id:
            method = self.shelf.get(id)
            if method is None or method.customer != customer.id:
                param = "invoice_settings[default_payment_method]"
                raise not_theirs(id, param)
        return id

    def spend(self, method: PaymentMethod) -> None:
        """Note that an unattached card has been used, which it can be only once."""
        if not method.customer:
            method.spent = True

    def hold(self, method: PaymentMethod) -> None:
        """Store a fresh card, so that its id is known from now on."""
        if self.shelf.get(method.id) is None:
            self.shelf.add(method)

    def usable(self, method: PaymentMethod, customer: str) -> PaymentMethod:
        """The method, if it may be used for this customer ("": none)."""
        if method.customer and method.customer != customer:
            if customer:
                raise not_theirs(method.id, "payment_method")
            # Wording and missing code unconfirmed.
            text = (
                f"The PaymentMethod {method.id} belongs to the Customer {method.customer}."
                " Please include the Customer in the `customer` parameter on the PaymentIntent."
            )
            raise Refused(text, param="payment_method")
        if method.spent and not method.customer:
            raise Refused(_USED_UP, param="payment_method")
        return method

    def _fresh(self, test_id: str, card: Card) -> PaymentMethod:
        ground = self._ground
        return PaymentMethod(
            ground.numbers.new("pm"),
            ground.clock.now(),
            ground.live,
            card,
            _fingerprint(test_id),
            billing_details=_NOBODY,
        )

    def _note(self, method: PaymentMethod, event: str) -> None:
        refs = (method.customer,) if method.customer else ()
        self._ground.history.note("payment_method", method.id, event, event, refs=refs)


_NOBODY: Mapping[str, Any] = {
    "address": {
        "city": None,
        "country": None,
        "line1": None,
        "line2": None,
        "postal_code": None,
        "state": None,
    },
    "email": None,
    "name": None,
    "phone": None,
    "tax_id": None,
}


def not_theirs(id: str, param: str) -> Refused:  # noqa: A002
    """The customer has no such card."""
    text = (
        f"The customer does not have a payment method with the ID {id}."
        " The payment method must be attached to the customer."
    )
    return Refused(text, code="resource_missing", param=param)


def _fingerprint(test_id: str) -> str:
    """Equal for equal card numbers, as Stripe's is."""
    return blake2b(test_id.encode(), digest_size=8).hexdigest()
