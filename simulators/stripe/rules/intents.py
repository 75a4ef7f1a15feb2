"""Payment intents: the life of one wish to be paid (docs.stripe.com/payments/paymentintents/lifecycle)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.attempts import Attempts
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.currencies import chargeable, known_currency, worded
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_life import MAY, OPEN, go, note
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import NOTHING, Intent, Metadata, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.search import file_words, unfile_words
from simulators.stripe.rules.shelf import Shelf

_CANCELABLE = "requires_payment_method, requires_capture, requires_confirmation, requires_action, processing"
_NO_METHOD = (
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the"
    " PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a"
    " payment method or ConfirmationToken."
)
_PLAIN = (
    "description",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "setup_future_usage",
)


class Intents:
    """The payment intents of one mode."""

    def __init__(self, ground: Ground, customers: Customers, methods: Methods, charges: Charges) -> None:
        self._ground, self._customers, self._methods, self._charges = ground, customers, methods, charges
        self._attempts = Attempts(ground, methods, charges)
        self.shelf: Shelf[Intent] = Shelf()

    def take(self, id: str, param: str = "intent", *, path: bool = False) -> Intent:  # noqa: A002
        """The intent; Refused with resource_missing."""
        intent = self.shelf.get(id)
        if intent is None:
            raise no_such("payment_intent", id, param, path=path)
        return intent

    def create(
        self,
        *,
        amount: int,
        currency: str,
        customer: str | None = None,
        payment_method: str | None = None,
        confirm: bool = False,
        off_session: bool = False,
        metadata: Metadata | None = NOTHING,
        **plain: Any,
    ) -> Intent:
        """A new intent, tried at once when `confirm`; Refused with 402 when the card is declined.

        plain: fields of Intent that are stored as given.
        """
        currency = known_currency(currency)
        chargeable(amount, currency)
        payer = self._customers.take(customer).id if customer else ""
        method = None
        if payment_method:
            method = self._methods.usable(self._methods.take(payment_method), payer)
        if confirm and method is None:
            raise Refused(_NO_METHOD, code="payment_intent_unexpected_state")
        if off_session and not confirm:
            raise Refused("You can only set `off_session` when `confirm` is true.", param="off_session")
        ground = self._ground
        id = ground.numbers.new("pi")  # noqa: A001
        intent = Intent(
            id,
            ground.clock.now(),
            ground.live,
            amount,
            currency,
            ground.numbers.secret(f"{id}_secret_", 25),
            "requires_confirmation" if method else "requires_payment_method",
            payer,
            metadata=merged(NOTHING, metadata),
            **plain,
        )
        if method is not None:
            self._methods.hold(method)
            intent.method = method.id
        self.shelf.add(intent, ("customer", payer))
        file_words(self.shelf, intent, _words(intent))
        note(self._ground, intent, "created")
        ground.events.emit("payment_intent.created", intent)
        if confirm and method is not None:
            self._attempts.attempt(intent, method, off_session)
        return intent

    def update(self, intent: Intent, changes: Mapping[str, Any]) -> Intent:
        """Change what may still be changed; texts and metadata always may."""
        wished = {"amount", "currency", "customer", "payment_method"} & changes.keys()
        if wished and intent.status not in OPEN:
            first = sorted(wished)[0]
            text = (
                f"This PaymentIntent's {first} could not be updated because it has a status of"
                f" {intent.status}. You may only update the {first} of a"
                " PaymentIntent with one of the following statuses: requires_payment_method,"
                " requires_confirmation, requires_action."
            )
            raise self._wrong_state(intent, text, param=first)
        currency = known_currency(changes.get("currency", intent.currency))
        chargeable(changes.get("amount", intent.amount), currency)
        customer = (
            self._customers.take(changes["customer"]).id if changes.get("customer") else intent.customer
        )
        metadata = merged(intent.metadata, changes["metadata"]) if "metadata" in changes else intent.metadata
        method = None
        if changes.get("payment_method"):
            method = self._methods.usable(self._methods.take(changes["payment_method"]), customer)
        self._unfile(intent)
        intent.amount, intent.currency = changes.get("amount", intent.amount), currency
        intent.customer, intent.metadata = customer, metadata
        for name in _PLAIN:
            if name in changes:
                setattr(intent, name, changes[name])
        if method is not None:
            self._methods.hold(method)
            intent.method = method.id
            go(intent, "requires_confirmation")
        self._file(intent)
        note(self._ground, intent, "updated")
        return intent

    def confirm(
        self,
        intent: Intent,
        payment_method: str | None = None,
        off_session: bool = False,
        return_url: str | None = None,
    ) -> Intent:
        """Try to be paid, by the given method or else the intent's own."""
        if intent.status not in OPEN:
            raise self._wrong_state(intent, _why_not_confirm(intent))
        if payment_method:
            method = self._methods.usable(self._methods.take(payment_method), intent.customer)
        elif intent.method:
            method = self._methods.usable(self._methods.take(intent.method), intent.customer)
        else:
            raise self._wrong_state(intent, _NO_METHOD)
        self._methods.hold(method)
        intent.method, intent.return_url = method.id, return_url or intent.return_url
        self._attempts.attempt(intent, method, off_session)
        return intent

    def authenticate(self, intent: Intent, passed: bool) -> None:
        """What the customer does in the issuer's dialogue."""
        if intent.status != "requires_action":
            raise self._wrong_state(
                intent, f"This PaymentIntent is {intent.status}: nothing to authenticate."
            )
        self._attempts.authenticated(intent, self._methods.take(intent.method), passed)

    def capture(self, intent: Intent, amount: int | None = None) -> Intent:
        """Take an authorised amount, or part of it."""
        if intent.status != "requires_capture":
            text = (
                f"This PaymentIntent could not be captured because it has a status of {intent.status}."
                " Only a PaymentIntent with one of the following statuses may be captured: requires_capture."
            )
            raise self._wrong_state(intent, text)
        amount = intent.capturable if amount is None else amount
        if amount > intent.capturable:
            most = worded(intent.capturable, intent.currency)
            text = f"The amount_to_capture is larger than the {most} that can be captured."
            raise Refused(text, code="amount_too_large", param="amount_to_capture")
        self._charges.capture(self._charges.take(intent.charge), amount)
        self._attempts.succeed(intent, amount)
        return intent

    def cancel(self, intent: Intent, reason: str | None = None) -> Intent:
        """Give the wish up; what was authorised is let go."""
        if "canceled" not in MAY[intent.status]:
            text = (
                f"You cannot cancel this PaymentIntent because it has a status of {intent.status}. Only a"
                f" PaymentIntent with one of the following statuses may be canceled: {_CANCELABLE}."
            )
            raise self._wrong_state(intent, text)
        if intent.capturable:
            self._charges.release(self._charges.take(intent.charge))
            intent.capturable = 0
        intent.canceled_at, intent.cancellation_reason = self._ground.clock.now(), reason
        go(intent, "canceled")
        note(self._ground, intent, "canceled")
        self._ground.events.emit("payment_intent.canceled", intent)
        return intent

    def _wrong_state(self, intent: Intent, text: str, param: str = "") -> Refused:
        return Refused(text, code="payment_intent_unexpected_state", param=param, intent=intent)

    def _unfile(self, intent: Intent) -> None:
        self.shelf.unfile(intent, ("customer", intent.customer))
        unfile_words(self.shelf, intent, _words(intent))

    def _file(self, intent: Intent) -> None:
        self.shelf.file(intent, ("customer", intent.customer))
        file_words(self.shelf, intent, _words(intent))


def _words(intent: Intent) -> list[tuple[str, str]]:
    return [(f"metadata.{key}", value) for key, value in intent.metadata.items()]


def _why_not_confirm(intent: Intent) -> str:
    if intent.status == "succeeded":
        why = "it has already succeeded after being previously confirmed"
    elif intent.status == "canceled":
        why = "it has been canceled"
    else:
        why = f"it has a status of {intent.status}"
    return f"You cannot confirm this PaymentIntent because {why}."
