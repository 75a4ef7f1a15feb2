"""How a payment intent goes on once confirmed: verified, authenticated, captured, canceled, expired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulators.stripe.rules.attempts import AUTHENTICATE, MICRODEPOSITS, Attempts
from simulators.stripe.rules.authorisations import Authorisations
from simulators.stripe.rules.banks import MICRODEPOSITS as GOOD_DEPOSITS
from simulators.stripe.rules.banks import NO_DEPOSITS
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.declines import Decline
from simulators.stripe.rules.disputes import Disputes
from simulators.stripe.rules.funding import Funding
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_life import MAY, go, note, wrong_state
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import Intent, PaymentMethod
from simulators.stripe.rules.refusals import Refused

_CANCELABLE = "requires_payment_method, requires_capture, requires_confirmation, requires_action, processing"
_CALLED_BACK = Decline("payment_canceled", "", "The payment was canceled before the bank answered.")


class Ends:
    """One a mode."""

    def __init__(
        self,
        ground: Ground,
        methods: Methods,
        charges: Charges,
        attempts: Attempts,
        disputes: Disputes,
        funding: Funding,
    ) -> None:
        self._ground, self._methods, self._charges = ground, methods, charges
        self._attempts, self._disputes, self._funding = attempts, disputes, funding
        self.authorisations = Authorisations(ground, charges, attempts)

    def authenticate(self, intent: Intent, passed: bool) -> None:
        """What the customer does in the issuer's dialogue."""
        if intent.status != "requires_action" or intent.pending != AUTHENTICATE:
            text = f"This PaymentIntent is {intent.status}: nothing to authenticate."
            raise wrong_state(intent, text)
        self._attempts.authenticated(intent, self._methods.take(intent.method), passed)

    def verify(
        self, intent: Intent, amounts: Sequence[int] | None = None, descriptor_code: str | None = None
    ) -> Intent:
        """The customer tells which microdeposits have arrived."""
        if intent.status != "requires_action" or intent.pending != MICRODEPOSITS:
            text = (
                "This PaymentIntent cannot be verified with microdeposits because it has a status of"
                f" {intent.status}."
            )
            raise wrong_state(intent, text)
        method = self._methods.take(intent.method)
        check_deposits(method, amounts, descriptor_code)
        self._attempts.verified(intent, method)
        return intent

    def capture(
        self, intent: Intent, amount: int | None, texts: Mapping[str, Any], final: bool = True
    ) -> Intent:
        """Take an authorised amount, or part of it; what is not captured is let go, if this is the last."""
        if intent.status == "succeeded":
            text = "This PaymentIntent could not be captured because it has already been captured."
            raise wrong_state(intent, text)
        if intent.status != "requires_capture":
            text = (
                f"This PaymentIntent could not be captured because it has a status of {intent.status}."
                " Only a PaymentIntent with one of the following statuses may be captured: requires_capture."
            )
            raise wrong_state(intent, text)
        charge = self._charges.take(intent.charge)
        amount = self._charges.capturable(charge, amount, "amount_to_capture")
        for name, value in texts.items():
            setattr(intent, name, value)
            if name != "metadata":
                setattr(charge, name, value)
        if not final and not self.authorisations.capture_part(intent, amount):
            return intent
        self._charges.capture(charge, amount)
        self._disputes.arise(charge)
        self._attempts.succeed(intent, charge.captured_amount)
        return intent

    def cancel(self, intent: Intent, reason: str | None = None) -> Intent:
        """Give the wish up; what was authorised is let go."""
        underway = intent.status == "processing"
        if "canceled" not in MAY[intent.status]:
            text = (
                f"You cannot cancel this PaymentIntent because it has a status of {intent.status}. Only a"
                f" PaymentIntent with one of the following statuses may be canceled: {_CANCELABLE}."
            )
            raise wrong_state(intent, text)
        if intent.capturable:
            expired = reason == "automatic"
            event = "charge.expired" if expired else "charge.refunded"
            held = self._charges.take(intent.charge)
            if held.captured_amount:
                self._charges.finish(held)
            else:
                self._charges.release(held, event)
            intent.capturable = 0
        if underway:
            self._charges.bounce(self._charges.take(intent.charge), _CALLED_BACK)
        intent.canceled_at, intent.cancellation_reason = self._ground.clock.now(), reason
        intent.pending = ""
        go(intent, "canceled")
        note(self._ground, intent, "canceled")
        self._ground.events.emit("payment_intent.canceled", intent)
        if intent.funded:
            self._funding.give_back(intent)
            self._funding.reconcile(intent.customer, intent.currency)
        return intent

    def hold(self, intent: Intent) -> None:
        """Begin to wait for the capture; the authorisation does not last."""
        until = self._charges.take(intent.charge).capture_before - self._ground.clock.now()
        self._ground.errands.after(until, self.expire, intent, quiet=True)

    def expire(self, intent: Intent) -> None:
        """Nobody has captured it in time."""
        if intent.status == "requires_capture":
            self.cancel(intent, "automatic")


def check_deposits(method: PaymentMethod, amounts: Sequence[int] | None, descriptor_code: str | None) -> None:
    """Refused unless these are the microdeposits of test accounts; the account counts as verified then."""
    if (amounts is None) == (descriptor_code is None):
        text = "One of the following params should be provided for this request: amounts or descriptor_code."
        raise Refused(text, code="parameter_missing")
    if getattr(method.instrument, "outcome", "") == NO_DEPOSITS:
        text = "Microdeposit verification failed: the deposits could not be sent to the account."
        raise Refused(text, code="payment_method_microdeposit_failed")
    wanted_amounts, wanted_code = GOOD_DEPOSITS
    if amounts is not None and tuple(sorted(amounts)) != wanted_amounts:
        text = "The amounts provided do not match the amounts that were sent to the bank account."
        raise Refused(text, code="payment_method_microdeposit_verification_amounts_mismatch", param="amounts")
    if descriptor_code is not None and descriptor_code != wanted_code:
        text = "The descriptor code provided does not match the one that was sent to the bank account."
        code = "payment_method_microdeposit_verification_descriptor_code_mismatch"
        raise Refused(text, code=code, param="descriptor_code")
    method.verified = True
