"""An attempt at being paid: authentication, the issuer's answer, and what it makes of the intent."""

from __future__ import annotations

from simulators.stripe.rules.cards import NEEDS_AUTHENTICATION, Decline
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_life import go, note
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import CardError, Intent, PaymentMethod
from simulators.stripe.rules.refusals import Refused

_NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "",
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new"
    " PaymentMethod to attempt to fulfill this PaymentIntent again.",
)


class Attempts:
    """The attempts of one mode."""

    def __init__(self, ground: Ground, methods: Methods, charges: Charges) -> None:
        self._ground, self._methods, self._charges = ground, methods, charges

    def attempt(self, intent: Intent, method: PaymentMethod, off_session: bool) -> None:
        """One attempt; Refused with 402 when it fails, after all has been written down."""
        card = method.card
        must = card.authentication == "always" or (card.authentication == "on_setup" and not method.set_up)
        if must and off_session:
            self._fail(intent, method, NEEDS_AUTHENTICATION)
            raise self._declined(intent)
        if must:
            go(intent, "requires_action")
            note(self._ground, intent, "requires_action")
            self._ground.events.emit("payment_intent.requires_action", intent)
            return
        self._charge(intent, method)
        if intent.status == "requires_payment_method":
            raise self._declined(intent)

    def _charge(self, intent: Intent, method: PaymentMethod) -> None:
        if method.card.decline is not None:
            self._fail(intent, method, method.card.decline)
            return
        self._methods.spend(method)
        charge = self._charges.succeed(intent, method)
        intent.charge, intent.error = charge.id, None
        if intent.setup_future_usage and intent.customer and not method.customer:
            self._methods.keep(method, intent.customer)
        if charge.captured:
            self.succeed(intent, charge.amount)
            return
        intent.capturable = charge.amount
        go(intent, "requires_capture")
        note(self._ground, intent, "authorised")
        self._ground.events.emit("payment_intent.amount_capturable_updated", intent)

    def succeed(self, intent: Intent, received: int) -> None:
        """The money is taken."""
        intent.received, intent.capturable = received, 0
        go(intent, "succeeded")
        note(self._ground, intent, "succeeded")
        self._ground.events.emit("payment_intent.succeeded", intent)

    def _fail(self, intent: Intent, method: PaymentMethod, no: Decline) -> None:
        charge_id = ""
        if no is not _NOT_AUTHENTICATED:
            charge_id = intent.charge = self._charges.fail(intent, method, no).id
        intent.error = CardError(no.code, no.decline_code, no.message, charge_id, method)
        # A declined method leaves the intent: the next try must name one (lifecycle page).
        intent.method = ""
        go(intent, "requires_payment_method")
        note(self._ground, intent, "payment_failed")
        self._ground.events.emit("payment_intent.payment_failed", intent)

    def _declined(self, intent: Intent) -> Refused:
        error = intent.error
        assert error is not None
        return Refused(
            error.message,
            code=error.code,
            decline_code=error.decline_code,
            charge=error.charge,
            status=402,
            type="card_error",
            intent=intent,
            method=error.method,
        )

    def authenticated(self, intent: Intent, method: PaymentMethod, passed: bool) -> None:
        """The customer came back from the issuer's dialogue."""
        if not passed:
            self._fail(intent, method, _NOT_AUTHENTICATED)
            return
        method.set_up = method.set_up or intent.setup_future_usage == "off_session"
        self._charge(intent, method)
