"""An attempt at being paid: authentication, the bank's answer, and what it makes of the intent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulators.kit.clock import DAY
from simulators.stripe.rules.banks import DISPUTED, FAILS, STAYS, Bank
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.declines import NEEDS_AUTHENTICATION, NOT_AUTHENTICATED, NOT_HANDLED, Decline
from simulators.stripe.rules.disputes import Disputes
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_life import go, note
from simulators.stripe.rules.mandates import Mandates
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import CardError, Charge, Intent, PaymentMethod
from simulators.stripe.rules.refusals import Refused

# What a customer has to do, and what he has done.
AUTHENTICATE, MICRODEPOSITS, AUTHENTICATED = "authenticate", "microdeposits", "authenticated"
TRANSFER_DUE = "transfer"


@dataclass(frozen=True, slots=True)
class How:
    """How an attempt is to be made. acceptance: of a mandate; verification: of a bank account, or "".

    error_on_action: fail where the customer would have to do something; secure: the account wants 3-D Secure.
    """

    off_session: bool = False
    error_on_action: bool = False
    acceptance: Mapping[str, Any] | None = None
    verification: str = ""
    secure: bool = False


class Attempts:
    """The attempts of one mode."""

    def __init__(
        self, ground: Ground, methods: Methods, charges: Charges, disputes: Disputes, mandates: Mandates
    ) -> None:
        self._ground, self._methods, self._charges = ground, methods, charges
        self._disputes, self._mandates = disputes, mandates

    def attempt(self, intent: Intent, method: PaymentMethod, how: How) -> None:
        """One attempt; Refused with 402 when it fails, after all has been written down."""
        if isinstance(method.instrument, Bank):
            self._debit(intent, method, how)
            return
        authenticated = intent.pending == AUTHENTICATED
        intent.pending = ""
        if authenticated or not asks(method, how.off_session, how.secure):
            self._charge(intent, method, authenticated=authenticated)
            if intent.status == "requires_payment_method":
                raise self._declined(intent)
            return
        if how.off_session or how.error_on_action:
            self._fail(intent, method, NEEDS_AUTHENTICATION if how.off_session else NOT_HANDLED)
            raise self._declined(intent)
        self.ask(intent, AUTHENTICATE)

    def authenticated(self, intent: Intent, method: PaymentMethod, passed: bool) -> None:
        """The customer came back from the issuer's dialogue."""
        if not passed:
            self._fail(intent, method, NOT_AUTHENTICATED)
            return
        if intent.confirmation_method == "manual":
            intent.pending = AUTHENTICATED
            go(intent, "requires_confirmation")
            note(self._ground, intent, "authenticated")
            return
        intent.pending = ""
        self._charge(intent, method, authenticated=True)

    def verified(self, intent: Intent, method: PaymentMethod) -> None:
        """The customer has shown that the account is his."""
        intent.pending = ""
        self._start(intent, method)

    def succeed(self, intent: Intent, received: int) -> None:
        """The money is taken."""
        intent.received, intent.capturable = received, 0
        go(intent, "succeeded")
        note(self._ground, intent, "succeeded")
        self._ground.events.emit("payment_intent.succeeded", intent)

    def clear(self, intent: Intent, charge: Charge) -> None:
        """The bank's answer to a debit."""
        if charge.status != "pending":
            return
        bank = charge.instrument
        assert isinstance(bank, Bank)
        if bank.outcome == FAILS and bank.failure is not None:
            self.bounce(intent, charge, bank.failure)
            return
        self._charges.clear(charge)
        self.succeed(intent, charge.amount)
        if bank.outcome == DISPUTED and bank.failure is not None:
            days = self._ground.options.late_return_days
            self._ground.errands.after(days * DAY, self.returned, charge, bank.failure.code)

    def bounce(self, intent: Intent, charge: Charge, no: Decline) -> None:
        """The bank refuses a debit that was under way."""
        self._charges.bounce(charge, no)
        self._write_failure(intent, self._methods.take(charge.method), no, charge.id)

    def returned(self, charge: Charge, cause: str) -> None:
        """A debit that succeeded comes back: Stripe calls that a dispute, and it cannot be answered."""
        self._disputes.open(charge, cause)
        if cause == "debit_not_authorized":
            self._mandates.revoke(self._methods.take(charge.method))

    def ask(self, intent: Intent, what: str) -> None:
        """Nothing goes on before the customer has done something."""
        intent.pending = what
        go(intent, "requires_action")
        note(self._ground, intent, "requires_action")
        self._ground.events.emit("payment_intent.requires_action", intent)

    def unhandled(self, intent: Intent, method: PaymentMethod) -> Refused:
        """The customer would have to do something, and the caller wanted an error instead."""
        self._fail(intent, method, NOT_HANDLED)
        return self._declined(intent)

    def _debit(self, intent: Intent, method: PaymentMethod, how: How) -> None:
        self._mandates.needed("PaymentIntent", method, how.acceptance, intent.mandate, intent=intent)
        if not intent.mandate:
            keep = intent.setup_future_usage == "off_session" or method.customer
            once = None if keep else (intent.amount, intent.currency)
            intent.mandate = self._mandates.sign(method, how.acceptance, once=once)
        if not method.verified and how.verification != "skip":
            self.ask(intent, MICRODEPOSITS)
            return
        self._start(intent, method)

    def _start(self, intent: Intent, method: PaymentMethod) -> None:
        bank = method.instrument
        assert isinstance(bank, Bank)
        self._methods.spend(method)
        charge = self._charges.begin(intent, method)
        intent.charge, intent.error = charge.id, None
        self._keep(intent, method)
        go(intent, "processing")
        note(self._ground, intent, "processing")
        self._ground.events.emit("payment_intent.processing", intent)
        if bank.outcome != STAYS:
            options = self._ground.options
            days = options.ach_days if bank.type == "us_bank_account" else options.sepa_days
            self._ground.errands.after(days * DAY, self.clear, intent, charge)

    def _charge(self, intent: Intent, method: PaymentMethod, *, authenticated: bool = False) -> None:
        card = method.instrument
        assert isinstance(card, Card)
        no = (card.after if authenticated else None) or card.decline
        if no is not None:
            self._fail(intent, method, no)
            return
        self._methods.spend(method)
        if authenticated and intent.setup_future_usage == "off_session":
            method.set_up = True
        charge = self._charges.succeed(intent, method, authenticated=authenticated)
        intent.charge, intent.error = charge.id, None
        self._keep(intent, method)
        if charge.captured:
            self._disputes.arise(charge)
            self.succeed(intent, charge.amount)
            return
        intent.capturable = charge.amount
        go(intent, "requires_capture")
        note(self._ground, intent, "authorised")
        self._ground.events.emit("payment_intent.amount_capturable_updated", intent)

    def _keep(self, intent: Intent, method: PaymentMethod) -> None:
        if intent.setup_future_usage and intent.customer and not method.customer:
            self._methods.keep(method, intent.customer)

    def _fail(self, intent: Intent, method: PaymentMethod, no: Decline) -> None:
        charge_id = ""
        if no not in (NOT_AUTHENTICATED, NOT_HANDLED):
            charge_id = intent.charge = self._charges.fail(intent, method, no).id
        self._write_failure(intent, method, no, charge_id)

    def _write_failure(self, intent: Intent, method: PaymentMethod, no: Decline, charge: str) -> None:
        kind = "invalid_request_error" if no is NOT_AUTHENTICATED else "card_error"
        intent.error = card_error(no, charge, method, kind)
        # A declined method leaves the intent: the next try must name one (lifecycle page).
        intent.method, intent.pending, intent.mandate = "", "", ""
        go(intent, "requires_payment_method")
        note(self._ground, intent, "payment_failed")
        self._ground.events.emit("payment_intent.payment_failed", intent)

    def _declined(self, intent: Intent) -> Refused:
        error = intent.error
        assert error is not None
        return refusal(error, intent=intent)


# What payment_method_options[card][request_three_d_secure] says to have the customer authenticate.
SECURE = ("any", "challenge")


def asks(method: PaymentMethod, off_session: bool, secure: bool = False) -> bool:
    """Whether the customer is to authenticate this payment: the issuer wants it, or the account (secure)."""
    card = method.instrument
    if not isinstance(card, Card):
        return False
    if not card.authentication:
        return secure and card.enrolled and not off_session
    if not off_session:
        return True
    return card.authentication == "always" or (card.authentication == "on_setup" and not method.set_up)


def card_error(
    no: Decline,
    charge: str,
    method: PaymentMethod,
    type: str = "card_error",  # noqa: A002
) -> CardError:
    """Why an attempt failed, as intents remember it."""
    return CardError(
        no.code, no.decline_code, no.message, charge, method, no.advice, no.network, type, no.param
    )


def refusal(error: CardError, **shown: Any) -> Refused:
    """402, with the intent it happened to (intent= or setup=)."""
    return Refused(
        error.message,
        code=error.code,
        decline_code=error.decline_code,
        param=error.param,
        charge=error.charge,
        status=402,
        type="card_error",
        method=error.method,
        decline=error,
        **shown,
    )
