"""Payment intents: the life of one wish to be paid (docs.stripe.com/payments/paymentintents/lifecycle)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulators.stripe.rules.attempts import SECURE, Attempts, How
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.cash import Cash
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.currencies import chargeable, known_currency
from simulators.stripe.rules.customers import Customers
from simulators.stripe.rules.disputes import Disputes
from simulators.stripe.rules.funding import Funding
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_ends import Ends
from simulators.stripe.rules.intent_life import OPEN, go, note, wrong_state
from simulators.stripe.rules.mandates import Mandates
from simulators.stripe.rules.method_types import allowed, chosen, redirects, usual
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import NOTHING, Intent, Metadata, PaymentMethod, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.search import file_words, unfile_words
from simulators.stripe.rules.shelf import Shelf
from simulators.stripe.rules.transfers import Transfer

_NO_METHOD = (
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the"
    " PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a"
    " payment method or ConfirmationToken."
)
# Texts that may always be changed, and what may be while nothing has been paid.
_TEXTS = (
    "description",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "shipping",
    "transfer_group",
)
_TERMS = ("capture_method", "method_types", "method_options", "setup_future_usage")
_FIXED = ("amount", "currency", "customer", "payment_method", *_TERMS)
_SAID = {"method_types": "payment_method_types", "method_options": "payment_method_options"}


class Intents:
    """The payment intents of one mode."""

    def __init__(
        self,
        ground: Ground,
        customers: Customers,
        methods: Methods,
        charges: Charges,
        disputes: Disputes,
        mandates: Mandates,
        cash: Cash,
        balance: Balance,
    ) -> None:
        self._ground, self._customers, self._methods = ground, customers, methods
        self.attempts = Attempts(ground, methods, charges, disputes, mandates)
        self.shelf: Shelf[Intent] = Shelf()
        self.funding = Funding(ground, cash, methods, charges, balance, self.attempts, self.shelf)
        self.ends = Ends(ground, methods, charges, self.attempts, disputes, self.funding)

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
        error_on_requires_action: bool = False,
        acceptance: Mapping[str, Any] | None = None,
        method_types: Sequence[str] = (),
        automatic_methods: Mapping[str, Any] | None = None,
        metadata: Metadata | None = NOTHING,
        **plain: Any,
    ) -> Intent:
        """A new intent, tried at once when `confirm`; Refused with 402 when the card is declined.

        acceptance: of a mandate; plain: fields of Intent that are stored as given.
        """
        chargeable(amount, currency := known_currency(currency))
        payer = self._customers.take(customer).id if customer else ""
        types, automatic = chosen(method_types, automatic_methods, currency)
        method = None
        if payment_method:
            method = self._methods.usable(self._methods.take(payment_method), payer)
            allowed(method.type, types)
        if confirm and method is None:
            raise Refused(_NO_METHOD, code="payment_intent_unexpected_state")
        how = How(off_session, error_on_requires_action, acceptance)
        if confirm:
            redirects("PaymentIntent", automatic, plain.get("return_url"), off_session, self._ground.options)
        else:
            _only_confirming(how)
        ground, id = self._ground, self._ground.numbers.new("pi")  # noqa: A001
        intent = Intent(
            id,
            ground.clock.now(),
            ground.live,
            amount,
            currency,
            ground.numbers.secret(f"{id}_secret_", 25),
            "requires_confirmation" if method else "requires_payment_method",
            payer,
            method_types=types,
            automatic_methods=automatic,
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
            self._try(intent, method, how)
        return intent

    def update(self, intent: Intent, changes: Mapping[str, Any]) -> Intent:
        """Change what may still be changed; texts and metadata always may."""
        wished = [name for name in _FIXED if name in changes]
        if wished and intent.status not in OPEN:
            first = _SAID.get(wished[0], wished[0])
            text = (
                f"This PaymentIntent's {first} could not be updated because it has a status of"
                f" {intent.status}. You may only update the {first} of a"
                " PaymentIntent with one of the following statuses: requires_payment_method,"
                " requires_confirmation, requires_action."
            )
            raise wrong_state(intent, text, param=first)
        currency = known_currency(changes.get("currency", intent.currency))
        chargeable(changes.get("amount", intent.amount), currency)
        customer = (
            self._customers.take(changes["customer"]).id if changes.get("customer") else intent.customer
        )
        metadata = merged(intent.metadata, changes["metadata"]) if "metadata" in changes else intent.metadata
        types = self._types(intent, changes, currency)
        method = None
        if changes.get("payment_method"):
            method = self._methods.usable(self._methods.take(changes["payment_method"]), customer)
            allowed(method.type, types)
        self._unfile(intent)
        reopened = intent.status == "requires_action" and {"amount", "currency"} & changes.keys()
        returned = (intent.customer, intent.currency) if reopened and intent.funded else None
        if returned:
            self.funding.give_back(intent)
        intent.amount, intent.currency = changes.get("amount", intent.amount), currency
        intent.customer, intent.metadata = customer, metadata
        for name in (*_TEXTS, *_TERMS):
            if name in changes:
                setattr(intent, name, changes[name])
        intent.method_types = types
        if method is not None:
            self._methods.hold(method)
            intent.method, intent.pending, intent.mandate = method.id, "", ""
        if method is not None or reopened:
            intent.pending = ""
            go(intent, "requires_confirmation")
        self._file(intent)
        note(self._ground, intent, "updated")
        if returned:
            self.funding.reconcile(*returned)
        return intent

    def confirm(
        self,
        intent: Intent,
        payment_method: str | None = None,
        off_session: bool = False,
        error_on_requires_action: bool = False,
        acceptance: Mapping[str, Any] | None = None,
        **plain: Any,
    ) -> Intent:
        """Try to be paid, by the given method or else the intent's own."""
        if intent.status not in OPEN:
            raise wrong_state(intent, _why_not_confirm(intent))
        if payment_method:
            method = self._methods.usable(self._methods.take(payment_method), intent.customer)
            intent.pending = "" if method.id != intent.method else intent.pending
        elif intent.method:
            method = self._methods.usable(self._methods.take(intent.method), intent.customer)
        else:
            raise wrong_state(intent, _NO_METHOD)
        allowed(method.type, intent.method_types)
        back = plain.get("return_url") or intent.return_url
        redirects("PaymentIntent", intent.automatic_methods, back, off_session, self._ground.options)
        self._methods.hold(method)
        intent.method = method.id
        for name, value in plain.items():
            setattr(intent, name, value)
        self._try(intent, method, How(off_session, error_on_requires_action, acceptance))
        return intent

    def authenticate(self, intent: Intent, passed: bool) -> None:
        """What the customer does in the issuer's dialogue."""
        self.ends.authenticate(intent, passed)

    def capture(
        self,
        intent: Intent,
        amount: int | None = None,
        texts: Mapping[str, Any] = NOTHING,
        *,
        final: bool = True,
    ) -> Intent:
        """Take an authorised amount, or part of it."""
        wish = dict(texts)
        if "metadata" in wish:
            self._unfile(intent)
            wish["metadata"] = merged(intent.metadata, wish["metadata"])
        try:
            return self.ends.capture(intent, amount, wish, final)
        finally:
            self._file(intent)

    def cancel(self, intent: Intent, reason: str | None = None) -> Intent:
        """Give the wish up; what was authorised is let go."""
        return self.ends.cancel(intent, reason)

    def _try(self, intent: Intent, method: PaymentMethod, how: How) -> None:
        if isinstance(method.instrument, Transfer):
            self.funding.begin(intent, method, how)
            return
        self.funding.give_back(intent)
        options = intent.method_options.get(method.type) or {}
        verification = str(options.get("verification_method") or "")
        secure = options.get("request_three_d_secure") in SECURE
        self.attempts.attempt(intent, method, replace(how, verification=verification, secure=secure))
        if intent.status == "requires_capture":
            self.ends.hold(intent)

    def _types(self, intent: Intent, changes: Mapping[str, Any], currency: str) -> tuple[str, ...]:
        if "method_types" in changes:
            intent_types, _ = chosen(changes["method_types"], None, currency)
            return intent_types
        if intent.automatic_methods is not None and currency != intent.currency:
            return usual(currency)
        return intent.method_types

    def _unfile(self, intent: Intent) -> None:
        self.shelf.unfile(intent, ("customer", intent.customer))
        unfile_words(self.shelf, intent, _words(intent))

    def _file(self, intent: Intent) -> None:
        self.shelf.file(intent, ("customer", intent.customer))
        file_words(self.shelf, intent, _words(intent))


def _only_confirming(how: How) -> None:
    """Refused when something is said that counts in a confirmation only."""
    confirming = {
        "off_session": how.off_session,
        "error_on_requires_action": how.error_on_action,
        "mandate_data": how.acceptance is not None,
    }
    for name, given in confirming.items():
        if given:
            raise Refused(f"You can only set `{name}` when `confirm` is true.", param=name)


def _words(intent: Intent) -> list[tuple[str, str]]:
    words = [(f"metadata.{key}", value) for key, value in intent.metadata.items()]
    return [*words, ("customer", intent.customer)] if intent.customer else words


def _why_not_confirm(intent: Intent) -> str:
    if intent.status == "succeeded":
        return (
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously"
            " confirmed."
        )
    return (
        f"You cannot confirm this PaymentIntent because it has a status of {intent.status}. Only a"
        " PaymentIntent with one of the following statuses may be confirmed: requires_confirmation,"
        " requires_action."
    )
