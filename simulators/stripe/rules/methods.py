"""Payment methods: cards and bank accounts, attached to a customer or used once."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from simulators.stripe.rules.banks import BANKS, Bank
from simulators.stripe.rules.billing_details import NOBODY, filled
from simulators.stripe.rules.cards import CARDS, Card
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import (
    NEVER,
    NOTHING,
    Customer,
    Instrument,
    Metadata,
    PaymentMethod,
    merged,
)
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf
from simulators.stripe.rules.tokens import Expiry, Tokens
from simulators.stripe.rules.transfers import TRANSFER, Transfer

_USED_UP = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared"
    " with a connected account without Customer attachment, or was detached from a Customer. It may not be"
    " used again. To use a PaymentMethod multiple times, you must attach it to a Customer first."
)
_LOST = (
    "This PaymentMethod was previously used without being attached to a Customer or was detached from a"
    " Customer, and may not be used again."
)
ACTIVE = ("card", "us_bank_account", "sepa_debit", Transfer.type)


class Methods:
    """The payment methods of one mode."""

    def __init__(self, ground: Ground, customers: Customers, tokens: Tokens) -> None:
        self._ground, self._customers, self._tokens = ground, customers, tokens
        self.shelf: Shelf[PaymentMethod] = Shelf()

    def create(
        self,
        *,
        type: str,  # noqa: A002 - the vendor's own word
        card: Mapping[str, Any] | None = None,
        us_bank_account: Mapping[str, Any] | None = None,
        sepa_debit: Mapping[str, Any] | None = None,
        billing_details: Mapping[str, Any] | None = None,
        allow_redisplay: str = "unspecified",
        metadata: Metadata | None = NOTHING,
    ) -> PaymentMethod:
        """A new method, unattached; Refused when its details are wrong."""
        details: dict[str, Mapping[str, Any] | None] = {
            "card": card,
            "us_bank_account": us_bank_account,
            "sepa_debit": sepa_debit,
            Transfer.type: NOTHING,
        }
        if type not in ACTIVE:
            text = (
                f"The payment method type provided: {type} is invalid. Please ensure the provided type is"
                " activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and"
                " your account is enabled for any preview features that you are trying to use."
            )
            raise Refused(text, code="payment_method_unactivated", param="type")
        given = details[type]
        if given is None:
            raise Refused(f"Missing required param: {type}.", code="parameter_missing", param=type)
        instrument, expires = self._instrument(type, given)
        method = self._fresh(instrument, expires, verified=isinstance(instrument, Card) or type != ACTIVE[1])
        if type == "us_bank_account":
            kind = given.get("account_holder_type") or "individual"
            method.holder = (kind, given.get("account_type") or "checking")
        method.billing_details = filled(NOBODY, billing_details or {})
        method.allow_redisplay = allow_redisplay
        method.metadata = merged(NOTHING, metadata)
        return self.shelf.add(method)

    def of_token(self, id: str, param: str) -> PaymentMethod:  # noqa: A002
        """A stored method made of a token."""
        return self.shelf.add(self._fresh(*self._tokens.redeem(id, param)))

    def update(
        self,
        method: PaymentMethod,
        *,
        billing_details: Mapping[str, Any] | None = None,
        card: Mapping[str, Any] | None = None,
        us_bank_account: Mapping[str, Any] | None = None,
        allow_redisplay: str | None = None,
        metadata: Metadata | None = NOTHING,
    ) -> PaymentMethod:
        """Change what may be changed of a method that belongs to a customer."""
        if not method.customer:
            text = "You must save this PaymentMethod to a customer before you can update it."
            raise Refused(text)
        for name, wish in (("card", card), ("us_bank_account", us_bank_account)):
            if wish is not None and method.type != name:
                text = f"You passed {name} parameters for a {method.type} PaymentMethod."
                raise Refused(text, param=name)
        if billing_details is not None:
            method.billing_details = filled(method.billing_details, billing_details)
        if card is not None:
            month, year = method.expires
            method.expires = (card.get("exp_month") or month, card.get("exp_year") or year)
        if us_bank_account is not None:
            who, what = method.holder
            changed = us_bank_account.get("account_holder_type"), us_bank_account.get("account_type")
            method.holder = (changed[0] or who, changed[1] or what)
        method.allow_redisplay = allow_redisplay or method.allow_redisplay
        method.metadata = merged(method.metadata, metadata)
        self._note(method, "updated")
        self._ground.events.emit("payment_method.updated", method)
        return method

    def take(self, id: str, param: str = "payment_method", *, path: bool = False) -> PaymentMethod:  # noqa: A002
        """The payment method; a test id is known only in test mode, and then as a fresh one."""
        method = self.shelf.get(id)
        if method is not None:
            return method
        instrument = CARDS.get(id) or BANKS.get(id)
        if instrument is None:
            raise no_such("PaymentMethod", id, param, path=path)
        if self._ground.live:
            raise no_such("PaymentMethod", id, param, path=path, elsewhere="test")
        return self._fresh(instrument, NEVER)

    def find(self, id: str, *, owner: str = "") -> PaymentMethod:  # noqa: A002
        """A payment method by its id in the path, of that owner if one is named."""
        if not owner:
            method = self.take(id, path=True)
            self.hold(method)
            return method
        known = self.shelf.get(id)
        if known is None or known.customer != owner:
            raise no_such("PaymentMethod", id, "payment_method", path=True)
        return known

    def attach(self, id: str, customer: Customer) -> PaymentMethod:  # noqa: A002
        """Give a method to a customer; a card that the issuer declines is refused with 402."""
        method = self.take(id, path=True)
        if method.customer == customer.id:
            return method
        self.attachable(method)
        self.keep(method, customer.id)
        return method

    def attachable(self, method: PaymentMethod) -> None:
        """Refused when it may not be used again, or with 402 when the issuer declines it."""
        if method.customer:
            raise Refused("The payment method you provided has already been attached to a customer.")
        if method.spent:
            raise Refused(_LOST)
        instrument = method.instrument
        if isinstance(instrument, Transfer):
            raise Refused("A customer_balance payment method cannot be attached to a customer.")
        if isinstance(instrument, Bank):
            return
        no = instrument.decline
        if no is not None and instrument.refuses_attach:
            raise Refused(
                no.message,
                code=no.code,
                decline_code=no.decline_code,
                param=no.param,
                status=402,
                type="card_error",
                method=method,
                decline=no,
            )

    def keep(self, method: PaymentMethod, customer: str) -> None:
        """Attach without asking the issuer again."""
        method.customer = customer
        self.hold(method)
        for key in _owned(method):
            self.shelf.file(method, key)
        self._note(method, "attached")
        self._ground.events.emit("payment_method.attached", method)

    def detach(self, method: PaymentMethod) -> PaymentMethod:
        """Take a method from its customer; it can never be used again."""
        if not method.customer:
            text = (
                "The payment method you provided is not attached to a customer so detachment is impossible."
            )
            raise Refused(text)
        owner = self._customers.shelf.get(method.customer)
        for key in _owned(method):
            self.shelf.unfile(method, key)
        was, method.customer, method.spent = method.customer, "", True
        self._note(method, "detached")
        self._ground.events.emit("payment_method.detached", method, {"customer": was})
        if owner is not None and owner.default_method == method.id and not owner.deleted:
            self._customers.update(owner, {}, "")
        return method

    def detach_all(self, customer: Customer) -> None:
        """What the deletion of a customer does to its methods."""
        for method in list(self.shelf.under(("customer", customer.id))):
            self.detach(method)

    def default_for(self, customer: Customer, id: str) -> str:  # noqa: A002
        """`id`, if it is a method of the customer ("" clears); Refused if not."""
        if id:
            method = self.shelf.get(id)
            if method is None or method.customer != customer.id:
                param = "invoice_settings[default_payment_method]"
                raise not_theirs(id, param)
        return id

    def spend(self, method: PaymentMethod) -> None:
        """Note that an unattached method has been used, which it can be only once."""
        if not method.customer:
            method.spent = True

    def hold(self, method: PaymentMethod) -> None:
        """Store a fresh method, so that its id is known from now on."""
        if self.shelf.get(method.id) is None:
            self.shelf.add(method)

    def usable(self, method: PaymentMethod, customer: str) -> PaymentMethod:
        """The method, if it may be used for this customer ("": none)."""
        if method.customer and method.customer != customer:
            if customer:
                raise not_theirs(method.id, "payment_method")
            # The missing code is unconfirmed.
            text = (
                f"The `payment_method` parameter supplied {method.id} belongs to the Customer"
                f" {method.customer}. Please include the Customer in the `customer` parameter on the"
                " PaymentIntent."
            )
            raise Refused(text, param="payment_method")
        if method.spent and not method.customer:
            raise Refused(_USED_UP, param="payment_method")
        return method

    def _instrument(self, type: str, given: Mapping[str, Any]) -> tuple[Instrument, Expiry]:  # noqa: A002
        if type == Transfer.type:
            return TRANSFER, NEVER
        if type == "us_bank_account":
            return self._tokens.us_account(given), NEVER
        if type == "sepa_debit":
            return self._tokens.sepa_account(str(given["iban"])), NEVER
        if given.get("token"):
            return self._tokens.redeem(str(given["token"]), "card[token]")
        for name in ("number", "exp_month", "exp_year"):
            if given.get(name) is None:
                text = f"Missing required param: card[{name}]."
                raise Refused(text, code="parameter_missing", param=f"card[{name}]")
        return self._tokens.card(given)

    def _fresh(self, instrument: Instrument, expires: Expiry, *, verified: bool = True) -> PaymentMethod:
        ground = self._ground
        return PaymentMethod(
            ground.numbers.new("pm"),
            ground.clock.now(),
            ground.live,
            instrument,
            _fingerprint(instrument.number),
            verified=verified,
            expires=expires,
            billing_details=NOBODY,
        )

    def _note(self, method: PaymentMethod, event: str) -> None:
        refs = (method.customer,) if method.customer else ()
        self._ground.history.note("payment_method", method.id, event, event, refs=refs)


def not_theirs(id: str, param: str) -> Refused:  # noqa: A002
    """The customer has no such method."""
    text = (
        f"The customer does not have a payment method with the ID {id}."
        " The payment method must be attached to the customer."
    )
    return Refused(text, code="resource_missing", param=param)


def _owned(method: PaymentMethod) -> tuple[tuple[str, ...], ...]:
    return ("customer", method.customer), ("customer", method.customer, method.type)


def _fingerprint(number: str) -> str:
    """Equal for equal numbers, as Stripe's is."""
    return blake2b(number.encode(), digest_size=8).hexdigest()
