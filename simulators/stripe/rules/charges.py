"""Charges: what happened when a card was asked."""

from __future__ import annotations

from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.cards import Decline
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.options import Options
from simulators.stripe.rules.records import Charge, Intent, PaymentMethod
from simulators.stripe.rules.refusals import no_such
from simulators.stripe.rules.shelf import Shelf

MAY = {"succeeded": frozenset({"succeeded"}), "failed": frozenset[str]()}


class Charges:
    """The charges of one mode."""

    def __init__(self, ground: Ground, balance: Balance) -> None:
        self._ground, self._balance = ground, balance
        self.shelf: Shelf[Charge] = Shelf()

    def take(self, id: str, param: str = "id", *, path: bool = False) -> Charge:  # noqa: A002
        """The charge; Refused with resource_missing."""
        charge = self.shelf.get(id)
        if charge is None:
            raise no_such("charge", id, param, path=path)
        return charge

    def succeed(self, intent: Intent, method: PaymentMethod) -> Charge:
        """The issuer agreed; captured at once unless the intent asks for manual capture."""
        charge = self._new(intent, method, "succeeded")
        if intent.capture_method != "manual":
            self._settle(charge, charge.amount)
        self._note(charge, "succeeded")
        self._ground.events.emit("charge.succeeded", charge)
        return charge

    def fail(self, intent: Intent, method: PaymentMethod, no: Decline) -> Charge:
        """The issuer refused; a failed charge stays behind."""
        charge = self._new(intent, method, "failed")
        charge.failure_code = no.code
        charge.failure_message = no.message
        charge.decline_code = no.decline_code
        self._note(charge, "failed")
        self._ground.events.emit("charge.failed", charge)
        return charge

    def capture(self, charge: Charge, amount: int) -> None:
        """Take what was authorised, or part of it."""
        self._settle(charge, amount)
        self._note(charge, "captured")
        self._ground.events.emit("charge.captured", charge)

    def release(self, charge: Charge) -> None:
        """Let an authorisation go."""
        charge.refunded = charge.amount
        self._note(charge, "released")
        self._ground.events.emit("charge.refunded", charge)

    def refund(self, charge: Charge, amount: int, refund: str) -> None:
        """Count a refund; a failed one is counted back with a negative amount."""
        charge.refunded += amount
        event = "refunded" if amount > 0 else "refund_failed"
        self._note(charge, event, amount, (refund,))
        if amount > 0:
            self._ground.events.emit("charge.refunded", charge)

    def _new(self, intent: Intent, method: PaymentMethod, status: str) -> Charge:
        ground = self._ground
        charge = Charge(
            ground.numbers.new("ch"),
            ground.clock.now(),
            ground.live,
            intent.amount,
            intent.currency,
            status,
            intent.id,
            intent.customer,
            method.id,
            method.card,
            method.fingerprint,
            method.billing_details,
            description=intent.description,
            receipt_email=intent.receipt_email,
            statement_descriptor=intent.statement_descriptor,
            statement_descriptor_suffix=intent.statement_descriptor_suffix,
            metadata=intent.metadata,
        )
        return self.shelf.add(charge, ("customer", charge.customer), ("intent", charge.intent))

    def _settle(self, charge: Charge, amount: int) -> None:
        charge.captured = True
        charge.captured_amount = amount
        # What is not captured goes back to the customer, as a refund that moves no money.
        charge.refunded = charge.amount - amount
        charge.entry = self._balance.enter(
            "charge",
            charge.id,
            amount,
            charge.currency,
            fee=fee(amount, charge.currency, self._ground.options),
            description=charge.description,
            at_once=charge.card.settled_at_once,
        ).id

    def _note(
        self, charge: Charge, event: str, amount: int | None = None, more: tuple[str, ...] = ()
    ) -> None:
        refs = (charge.intent, charge.customer, charge.entry, *more, *charge.metadata.values())
        self._ground.history.note(
            "charge",
            charge.id,
            event,
            charge.status,
            refs=tuple(ref for ref in refs if ref),
            amount=charge.amount if amount is None else amount,
            currency=charge.currency.upper(),
        )


def fee(amount: int, currency: str, options: Options) -> int:
    """Minor units: a share of the amount rounded half up, and a fixed part; more when not in USD."""
    share = options.fee_basis_points
    if currency != "usd":
        share += options.fee_foreign_basis_points
    return (amount * share * 2 + 10_000) // 20_000 + options.fee_fixed
