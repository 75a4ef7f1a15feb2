"""Setup intents: a customer agrees that a method is used later (docs.stripe.com/payments/setup-intents)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.kit.lifecycle import move
from simulators.stripe.rules.attempts import AUTHENTICATE, MICRODEPOSITS, SECURE, card_error, refusal
from simulators.stripe.rules.banks import Bank
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.declines import SETUP_NOT_AUTHENTICATED, Decline
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_ends import check_deposits
from simulators.stripe.rules.mandates import Mandates
from simulators.stripe.rules.method_types import allowed, chosen, redirects
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import NOTHING, Metadata, PaymentMethod, merged
from simulators.stripe.rules.records_setup import SetupAttempt, SetupIntent
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

OPEN = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
MAY: Mapping[str, frozenset[str]] = {
    "requires_payment_method": OPEN | {"succeeded", "canceled"},
    "requires_confirmation": OPEN | {"succeeded", "canceled"},
    "requires_action": OPEN | {"succeeded", "canceled"},
    "processing": frozenset({"succeeded", "requires_payment_method", "canceled"}),
    "succeeded": frozenset(),
    "canceled": frozenset(),
}
_NO_METHOD = (
    "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a"
    " payment method and then confirm it again."
)


class Setups:
    """The setup intents of one mode, and their attempts."""

    def __init__(self, ground: Ground, customers: Customers, methods: Methods, mandates: Mandates) -> None:
        self._ground, self._customers = ground, customers
        self._methods, self._mandates = methods, mandates
        self.shelf: Shelf[SetupIntent] = Shelf()
        self.attempts: Shelf[SetupAttempt] = Shelf()

    def take(self, id: str, param: str = "intent", *, path: bool = False) -> SetupIntent:  # noqa: A002
        """The setup intent; Refused with resource_missing."""
        setup = self.shelf.get(id)
        if setup is None:
            raise no_such("setupintent", id, param, path=path)
        return setup

    def create(
        self,
        *,
        customer: str | None = None,
        payment_method: str | None = None,
        confirm: bool = False,
        acceptance: Mapping[str, Any] | None = None,
        method_types: Sequence[str] = (),
        automatic_methods: Mapping[str, Any] | None = None,
        metadata: Metadata | None = NOTHING,
        **plain: Any,
    ) -> SetupIntent:
        """A new setup intent, confirmed at once when `confirm`."""
        payer = self._customers.take(customer).id if customer else ""
        types, automatic = chosen(method_types, automatic_methods)
        method = None
        if payment_method:
            method = self._methods.usable(self._methods.take(payment_method), payer)
            allowed(method.type, types)
        if confirm and method is None:
            raise Refused(_NO_METHOD, code="setup_intent_unexpected_state")
        if acceptance is not None and not confirm:
            raise Refused("You can only set `mandate_data` when `confirm` is true.", param="mandate_data")
        if confirm:
            redirects("SetupIntent", automatic, plain.get("return_url"), False, self._ground.options)
        ground = self._ground
        id = ground.numbers.new("seti")  # noqa: A001
        setup = SetupIntent(
            id,
            ground.clock.now(),
            ground.live,
            ground.numbers.secret(f"{id}_secret_", 31),
            "requires_confirmation" if method else "requires_payment_method",
            payer,
            method_types=types,
            automatic_methods=automatic,
            metadata=merged(NOTHING, metadata),
            **plain,
        )
        self.shelf.add(setup, ("customer", payer))
        if method is not None:
            self._name(setup, method)
        self._note(setup, "created")
        ground.events.emit("setup_intent.created", setup)
        if confirm and method is not None:
            self._try(setup, method, acceptance)
        return setup

    def update(self, setup: SetupIntent, changes: Mapping[str, Any]) -> SetupIntent:
        """Change what is not settled yet."""
        if setup.status not in OPEN:
            text = f"This SetupIntent could not be updated because it has a status of {setup.status}."
            fixed = set(changes) - {"metadata", "description"}
            if fixed:
                raise wrong_state(setup, text)
        payer = setup.customer
        if changes.get("customer"):
            payer = self._customers.take(changes["customer"]).id
        metadata = merged(setup.metadata, changes["metadata"]) if "metadata" in changes else setup.metadata
        types = setup.method_types
        if "method_types" in changes:
            types, _ = chosen(changes["method_types"], None)
        method = None
        if changes.get("payment_method"):
            method = self._methods.usable(self._methods.take(changes["payment_method"]), payer)
            allowed(method.type, types)
        self.shelf.unfile(setup, ("customer", setup.customer))
        setup.customer, setup.metadata, setup.method_types = payer, metadata, types
        self.shelf.file(setup, ("customer", payer))
        for name in ("description", "method_options", "attach_to_self", "flow_directions"):
            if name in changes:
                setattr(setup, name, changes[name])
        if method is not None:
            self._name(setup, method)
            setup.pending = ""
            self._go(setup, "requires_confirmation")
        self._note(setup, "updated")
        return setup

    def confirm(
        self,
        setup: SetupIntent,
        payment_method: str | None = None,
        acceptance: Mapping[str, Any] | None = None,
        **plain: Any,
    ) -> SetupIntent:
        """Ask the customer's bank, by the given method or else the intent's own."""
        if setup.status not in OPEN:
            why = {"succeeded": "it has already succeeded", "canceled": "it has been canceled"}
            said = why.get(setup.status, f"it has a status of {setup.status}")
            raise wrong_state(setup, f"You cannot confirm this SetupIntent because {said}.")
        wished = payment_method or setup.method
        if not wished:
            raise wrong_state(setup, _NO_METHOD)
        method = self._methods.usable(self._methods.take(wished), setup.customer)
        allowed(method.type, setup.method_types)
        back = plain.get("return_url") or setup.return_url
        redirects("SetupIntent", setup.automatic_methods, back, False, self._ground.options)
        for name, value in plain.items():
            setattr(setup, name, value)
        self._name(setup, method)
        self._try(setup, method, acceptance)
        return setup

    def cancel(self, setup: SetupIntent, reason: str | None = None) -> SetupIntent:
        """Give it up."""
        if "canceled" not in MAY[setup.status]:
            text = (
                f"You cannot cancel this SetupIntent because it has a status of {setup.status}. Only a"
                " SetupIntent with one of the following statuses may be canceled: requires_payment_method,"
                " requires_confirmation, requires_action."
            )
            raise wrong_state(setup, text)
        self._attempt(setup, "abandoned")
        setup.cancellation_reason, setup.pending = reason, ""
        self._go(setup, "canceled")
        self._note(setup, "canceled")
        self._ground.events.emit("setup_intent.canceled", setup)
        return setup

    def authenticate(self, setup: SetupIntent, passed: bool) -> None:
        """What the customer does in the issuer's dialogue."""
        if setup.status != "requires_action" or setup.pending != AUTHENTICATE:
            raise wrong_state(setup, f"This SetupIntent is {setup.status}: nothing to authenticate.")
        method = self._methods.take(setup.method)
        if passed:
            self._succeed(setup, method)
        else:
            self._fail(setup, method, SETUP_NOT_AUTHENTICATED, "invalid_request_error")

    def verify(
        self, setup: SetupIntent, amounts: Sequence[int] | None = None, descriptor_code: str | None = None
    ) -> SetupIntent:
        """The customer tells which microdeposits have arrived."""
        if setup.status != "requires_action" or setup.pending != MICRODEPOSITS:
            text = f"This SetupIntent cannot be verified because it has a status of {setup.status}."
            raise wrong_state(setup, text)
        method = self._methods.take(setup.method)
        check_deposits(method, amounts, descriptor_code)
        self._succeed(setup, method)
        return setup

    def _try(self, setup: SetupIntent, method: PaymentMethod, acceptance: Mapping[str, Any] | None) -> None:
        instrument = method.instrument
        if isinstance(instrument, Bank):
            self._mandates.needed("SetupIntent", method, acceptance, setup=setup)
            setup.mandate = self._mandates.sign(method, acceptance)
        self._begin(setup, method)
        options = setup.method_options.get(method.type) or {}
        if isinstance(instrument, Bank):
            if not method.verified and options.get("verification_method") != "skip":
                self._ask(setup, MICRODEPOSITS)
            else:
                self._succeed(setup, method)
            return
        # Of what pays at once and never again, chosen() lets nothing pass.
        assert isinstance(instrument, Card)
        self._ask_issuer(setup, method, instrument, options.get("request_three_d_secure") in SECURE)

    def _ask_issuer(self, setup: SetupIntent, method: PaymentMethod, card: Card, secure: bool) -> None:
        if card.decline is not None and card.refuses_attach:
            self._fail(setup, method, card.decline)
            assert setup.error is not None
            raise refusal(setup.error, setup=setup)
        if card.authentication in ("always", "on_setup") or (secure and card.enrolled):
            self._ask(setup, AUTHENTICATE)
            return
        self._succeed(setup, method)

    def _ask(self, setup: SetupIntent, what: str) -> None:
        setup.pending = what
        self._go(setup, "requires_action")
        self._note(setup, "requires_action")
        self._ground.events.emit("setup_intent.requires_action", setup)

    def _succeed(self, setup: SetupIntent, method: PaymentMethod) -> None:
        setup.error, setup.pending = None, ""
        method.set_up = method.set_up or setup.usage == "off_session"
        if setup.customer and not method.customer:
            self._methods.keep(method, setup.customer)
        self._attempt(setup, "succeeded")
        self._go(setup, "succeeded")
        self._note(setup, "succeeded")
        self._ground.events.emit("setup_intent.succeeded", setup)

    def _fail(
        self,
        setup: SetupIntent,
        method: PaymentMethod,
        no: Decline,
        type: str = "card_error",  # noqa: A002
    ) -> None:
        setup.error = card_error(no, "", method, type)
        setup.pending = ""
        self._attempt(setup, "failed")
        self.shelf.unfile(setup, ("method", setup.method))
        setup.method = ""
        self._go(setup, "requires_payment_method")
        self._note(setup, "failed")
        self._ground.events.emit("setup_intent.setup_failed", setup)

    def _begin(self, setup: SetupIntent, method: PaymentMethod) -> None:
        ground = self._ground
        attempt = SetupAttempt(
            ground.numbers.new("setatt"),
            ground.clock.now(),
            ground.live,
            setup.id,
            method.id,
            method.instrument,
            "requires_action",
            setup.usage,
            setup.customer,
        )
        self.attempts.add(attempt, ("intent", setup.id))
        setup.attempt = attempt.id

    def _attempt(self, setup: SetupIntent, status: str) -> None:
        attempt = self.attempts.get(setup.attempt)
        if attempt is not None and attempt.status == "requires_action":
            attempt.status = status
            attempt.error = setup.error if status == "failed" else None

    def _name(self, setup: SetupIntent, method: PaymentMethod) -> None:
        self._methods.hold(method)
        if setup.method:
            self.shelf.unfile(setup, ("method", setup.method))
        setup.method = method.id
        self.shelf.file(setup, ("method", method.id))

    def _go(self, setup: SetupIntent, status: str) -> None:
        setup.status = move("setup_intent", MAY, setup.status, status)

    def _note(self, setup: SetupIntent, event: str) -> None:
        refs = (setup.customer, setup.method, *setup.metadata.values())
        self._ground.history.note(
            "setup_intent", setup.id, event, setup.status, refs=tuple(ref for ref in refs if ref)
        )


def wrong_state(setup: SetupIntent, text: str) -> Refused:
    """The setup intent's state does not allow it."""
    return Refused(text, code="setup_intent_unexpected_state", setup=setup)
