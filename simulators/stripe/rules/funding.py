"""Payments by bank transfer: an intent waits until its customer's cash pays it.

Events and states: docs.stripe.com/payments/bank-transfers/accept-a-payment. What an intent has been given
in part is no payment yet: the account's balance sees it only once all of it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulators.stripe.rules.attempts import TRANSFER_DUE, Attempts, How
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.cash import Cash
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.currencies import worded
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_life import note, wrong_state
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.reconciling import Claim, planned
from simulators.stripe.rules.records import Intent, PaymentMethod
from simulators.stripe.rules.records_cash import CashEntry
from simulators.stripe.rules.refusals import Refused
from simulators.stripe.rules.shelf import Shelf
from simulators.stripe.rules.transfers import Transfer, payable, rail

_WAITS = ("requires_payment_method", "requires_confirmation", "requires_action")
# Of a customer, by the intent of each open invoice: (its number or "", when it was finalised, whether it may
# still be paid by itself).
Billed = Callable[[str], Mapping[str, tuple[str, int, bool]]]


class Funding:
    """One a mode."""

    def __init__(
        self,
        ground: Ground,
        cash: Cash,
        methods: Methods,
        charges: Charges,
        balance: Balance,
        attempts: Attempts,
        intents: Shelf[Intent],
    ) -> None:
        self._ground, self.cash, self._intents = ground, cash, intents
        self._methods, self._charges, self._balance = methods, charges, balance
        self._attempts = attempts
        self.billed: Billed | None = None

    def begin(self, intent: Intent, method: PaymentMethod, how: How) -> None:
        """The intent is confirmed: cash pays it, or it waits and says where to send the money."""
        payable(intent.method_options, intent.currency, intent.customer, intent.capture_method)
        have = self._free(intent.customer, intent.currency)
        if have >= intent.amount - intent.funded:
            self._give(intent, intent.amount - intent.funded)
            return
        if how.error_on_action:
            raise self._attempts.unhandled(intent, method)
        if not intent.reference:
            intent.reference = self._ground.numbers.secret("", 12).upper()
        self._attempts.ask(intent, TRANSFER_DUE)
        if have:
            self._give(intent, have)

    def arrive(self, customer: str, amount: int, currency: str, reference: str | None) -> CashEntry:
        """Money has come from the customer's bank."""
        entry = self.cash.move(customer, amount, currency, "funded", reference=reference, rail=rail(currency))
        self.reconcile(customer, currency, amount, reference or "")
        if not self.cash.of(customer).automatic or self.cash.available(customer, currency):
            self._ground.events.emit("cash_balance.funds_available", self.cash.of(customer))
        return entry

    def reconcile(self, customer: str, currency: str, sent: int = 0, reference: str = "") -> None:
        """Use the customer's cash for what awaits it, unless that is done by hand."""
        have = self._free(customer, currency)
        if not have:
            return
        for id, amount in planned(self._claims(customer, currency), have, sent, reference):  # noqa: A001
            intent = self._intents.get(id)
            if intent is not None and intent.status in _WAITS:
                self._give(intent, amount)

    def apply(self, intent: Intent, amount: int | None, currency: str) -> Intent:
        """By hand: so much of the customer's cash, or what is missing and there (wordings unconfirmed)."""
        if Transfer.type not in intent.method_types or intent.status not in _WAITS:
            text = (
                f"You cannot apply the customer's cash balance to this PaymentIntent: it has a status of"
                f" {intent.status} and takes {', '.join(intent.method_types)}."
            )
            raise wrong_state(intent, text)
        if currency and currency != intent.currency:
            text = f"The currency {currency} does not match that of the PaymentIntent, {intent.currency}."
            raise Refused(text, param="currency")
        payable(intent.method_options, intent.currency, intent.customer, intent.capture_method)
        left, have = intent.amount - intent.funded, self.cash.available(intent.customer, intent.currency)
        if amount is not None and amount > left:
            text = f"The amount is greater than the {worded(left, intent.currency)} that remains to be paid."
            raise Refused(text, code="amount_too_large", param="amount")
        if (amount or 1) > have:
            text = f"The customer's cash balance of {worded(have, intent.currency)} is insufficient."
            raise Refused(text, code="balance_insufficient", param="amount")
        paid = min(left, have) if amount is None else amount
        if intent.status != "requires_action" and paid < left:
            intent.reference = intent.reference or self._ground.numbers.secret("", 12).upper()
            self._attempts.ask(intent, TRANSFER_DUE)
        self._give(intent, paid)
        return intent

    def give_back(self, intent: Intent) -> None:
        """What a payment was given in part is the customer's cash again."""
        if not intent.funded:
            return
        amount, intent.funded = intent.funded, 0
        self.cash.move(intent.customer, amount, intent.currency, "unapplied_from_payment", about=intent.id)

    def reverse(self, entry: CashEntry) -> None:
        """The bank takes a transfer back; what the customer no longer has, the account makes good."""
        if entry.type != "funded":
            raise Refused(f"{entry.id} is {entry.type}: only a transfer that came in can be taken back.")
        known = self.cash.shelf.under(("customer", entry.customer))
        if any(e.type == "funding_reversed" and e.linked == entry.id for e in known):
            raise Refused(f"{entry.id} has been taken back already.")
        taken = self.cash.move(
            entry.customer, -entry.amount, entry.currency, "funding_reversed", linked=entry.id
        )
        if taken.ending >= 0:
            return
        made_good = self._balance.enter(
            "adjustment",
            taken.id,
            taken.ending,
            entry.currency,
            description=f"Cash balance overdraft of {entry.customer}",
            at_once=True,
        )
        self.cash.move(
            entry.customer,
            -taken.ending,
            entry.currency,
            "adjusted_for_overdraft",
            about=made_good.id,
            linked=taken.id,
        )

    def _free(self, customer: str, currency: str) -> int:
        """What may be used without being asked."""
        known = self.cash.known(customer) and self.cash.of(customer).automatic
        return max(0, self.cash.available(customer, currency)) if known else 0

    def _claims(self, customer: str, currency: str) -> list[Claim]:
        billed = self.billed(customer) if self.billed is not None else {}
        claims = []
        for intent in self._intents.under(("customer", customer)):
            if intent.currency != currency or intent.status not in _WAITS:
                continue
            left = intent.amount - intent.funded
            if intent.id in billed:
                number, at, open_for_it = billed[intent.id]
                if open_for_it and Transfer.type in intent.method_types:
                    claims.append(Claim(intent.id, left, at, number, True))
            elif intent.pending == TRANSFER_DUE:
                claims.append(Claim(intent.id, left, intent.created_at, intent.reference))
        return claims

    def _give(self, intent: Intent, amount: int) -> None:
        """Use so much of the customer's cash for this intent."""
        intent.funded += amount
        self.cash.move(intent.customer, -amount, intent.currency, "applied_to_payment", about=intent.id)
        if intent.funded < intent.amount:
            note(self._ground, intent, "partially_funded")
            self._ground.events.emit("payment_intent.partially_funded", intent)
            return
        method = self._methods.shelf.get(intent.method) if intent.method else None
        if method is None or not isinstance(method.instrument, Transfer):
            method = self._methods.create(type=Transfer.type)
            intent.method = method.id
        self._methods.spend(method)
        charge = self._charges.succeed(intent, method)
        intent.charge, intent.error, intent.pending, intent.funded = charge.id, None, "", 0
        self._attempts.succeed(intent, charge.amount)
