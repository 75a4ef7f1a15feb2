"""Charges: what happened when a card or a bank account was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from simulators.kit.clock import DAY
from simulators.kit.lifecycle import move
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.currencies import worded
from simulators.stripe.rules.declines import Decline
from simulators.stripe.rules.fees import fee
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import Charge, Metadata, PaymentMethod, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.search import file_words, unfile_words
from simulators.stripe.rules.shelf import Shelf

MAY: Mapping[str, frozenset[str]] = {
    "pending": frozenset({"succeeded", "failed"}),
    "succeeded": frozenset(),
    "failed": frozenset(),
}
# What can be asked for an authorisation.
FEATURES = ("incremental_authorization", "multicapture", "overcapture", "extended_authorization")
_EXTENDED = 30 * DAY

_PLAIN = ("description", "receipt_email", "shipping", "transfer_group", "fraud_details")


class Wanted(Protocol):
    """What a charge is made for: a payment intent, or a charge asked for directly.

    id: of the intent, "" without one.
    """

    id: str
    amount: int
    currency: str
    customer: str
    capture_method: str
    mandate: str
    description: str | None
    receipt_email: str | None
    statement_descriptor: str | None
    statement_descriptor_suffix: str | None
    shipping: Mapping[str, Any] | None
    transfer_group: str | None
    method_options: Mapping[str, Any]
    metadata: Metadata


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

    def succeed(self, wanted: Wanted, method: PaymentMethod, *, authenticated: bool = False) -> Charge:
        """The issuer agreed; captured at once unless manual capture is wanted."""
        charge = self._new(wanted, method, "succeeded")
        charge.authenticated = authenticated
        if wanted.capture_method != "manual":
            self._settle(charge, charge.amount)
        else:
            ground = self._ground
            card = wanted.method_options.get("card") or {}
            asked = (f for f in FEATURES if card.get(f"request_{f}") == "if_available")
            charge.features = tuple(asked) if isinstance(method.instrument, Card) else ()
            extended = "extended_authorization" in charge.features
            held = _EXTENDED if extended else ground.options.hold_days * DAY
            charge.capture_before = ground.clock.now() + held
        self._note(charge, "succeeded")
        self._ground.events.emit("charge.succeeded", charge)
        return charge

    def fail(self, wanted: Wanted, method: PaymentMethod, no: Decline) -> Charge:
        """The issuer refused; a failed charge stays behind."""
        charge = self._new(wanted, method, "failed")
        charge.failure = no
        self._note(charge, "failed")
        self._ground.events.emit("charge.failed", charge)
        return charge

    def begin(self, wanted: Wanted, method: PaymentMethod) -> Charge:
        """A debit under way; the bank answers days later."""
        charge = self._new(wanted, method, "pending")
        charge.captured, charge.captured_amount = True, charge.amount
        self._note(charge, "pending")
        self._ground.events.emit("charge.pending", charge)
        return charge

    def clear(self, charge: Charge) -> None:
        """The bank has paid."""
        charge.status = move("charge", MAY, charge.status, "succeeded")
        charge.captured_amount = 0
        self._settle(charge, charge.amount)
        self._note(charge, "succeeded")
        self._ground.events.emit("charge.succeeded", charge, {"status": "pending"})

    def bounce(self, charge: Charge, no: Decline) -> None:
        """The bank has not paid."""
        charge.status = move("charge", MAY, charge.status, "failed")
        charge.captured, charge.captured_amount, charge.failure = False, 0, no
        self._note(charge, "failed")
        self._ground.events.emit("charge.failed", charge, {"status": "pending"})

    def capturable(self, charge: Charge, amount: int | None, param: str = "amount") -> int:
        """How much is to be captured; Refused when that cannot be."""
        if charge.captured:
            text = f"Charge {charge.id} has already been captured."
            raise Refused(text, code="charge_already_captured")
        if charge.status != "succeeded":
            raise Refused(f"Charge {charge.id} cannot be captured because it is {charge.status}.")
        if charge.refunded:
            text = f"Charge {charge.id} has expired or was refunded and cannot be captured."
            raise Refused(text, code="charge_expired_for_capture")
        left = charge.amount - charge.captured_amount
        limit = left if charge.captured_amount else charge.most
        amount = left if amount is None else amount
        if amount > limit:
            most = worded(limit, charge.currency)
            text = f"The {param} is larger than the {most} that can be captured."
            raise Refused(text, code="amount_too_large", param=param)
        return amount

    def capture(self, charge: Charge, amount: int) -> None:
        """Take what was authorised, or part of it."""
        self._settle(charge, amount)
        self._note(charge, "captured")
        self._ground.events.emit("charge.captured", charge)

    def capture_part(self, charge: Charge, amount: int) -> None:
        """Take a part; the rest is held on."""
        self._enter(charge, amount)
        self._note(charge, "captured_in_part", amount)
        self._ground.events.emit("charge.updated", charge)

    def finish(self, charge: Charge) -> None:
        """Capture no more: the rest of what was authorised goes back."""
        charge.captured = True
        charge.refunded = charge.amount - charge.captured_amount
        self._note(charge, "released")
        self._ground.events.emit("charge.captured", charge)

    def grow(self, charge: Charge, amount: int) -> None:
        """The issuer has authorised more."""
        charge.amount = amount
        charge.increments += 1
        self._note(charge, "incremented")
        self._ground.events.emit("charge.updated", charge)

    def release(self, charge: Charge, event: str = "charge.refunded") -> None:
        """Let an authorisation go."""
        charge.refunded = charge.amount
        self._note(charge, "released")
        self._ground.events.emit(event, charge)

    def update(self, charge: Charge, changes: Mapping[str, Any]) -> Charge:
        """Change what is said of it."""
        wished = changes.get("customer")
        if wished and charge.customer not in ("", wished):
            text = "You cannot change the customer of a charge that already has one."
            raise Refused(text, param="customer")
        metadata = merged(charge.metadata, changes["metadata"]) if "metadata" in changes else charge.metadata
        unfile_words(self.shelf, charge, _words(charge))
        if wished and not charge.customer:
            charge.customer = wished
            self.shelf.file(charge, ("customer", charge.customer))
        for name in _PLAIN:
            if name in changes:
                setattr(charge, name, changes[name])
        charge.metadata = metadata
        file_words(self.shelf, charge, _words(charge))
        self._note(charge, "updated")
        self._ground.events.emit("charge.updated", charge)
        return charge

    def dispute(self, charge: Charge) -> None:
        """Somebody complains about it; that is never forgotten."""
        charge.disputed = True
        self._note(charge, "disputed")

    def refund(self, charge: Charge, amount: int, refund: str) -> None:
        """Count a refund; a failed one is counted back with a negative amount."""
        charge.refunded += amount
        event = "refunded" if amount > 0 else "refund_failed"
        self._note(charge, event, amount, (refund,))
        if amount > 0:
            self._ground.events.emit("charge.refunded", charge)

    def _new(self, wanted: Wanted, method: PaymentMethod, status: str) -> Charge:
        ground = self._ground
        instrument = method.instrument
        charge = Charge(
            ground.numbers.new("ch" if isinstance(instrument, Card) else "py"),
            ground.clock.now(),
            ground.live,
            wanted.amount,
            wanted.currency,
            status,
            wanted.id,
            wanted.customer,
            method.id,
            instrument,
            method.fingerprint,
            method.billing_details,
            method.expires,
            method.holder,
            mandate=wanted.mandate,
            description=wanted.description,
            receipt_email=wanted.receipt_email,
            statement_descriptor=wanted.statement_descriptor,
            statement_descriptor_suffix=wanted.statement_descriptor_suffix,
            shipping=wanted.shipping,
            transfer_group=wanted.transfer_group,
            direct=not wanted.id,
            metadata=wanted.metadata,
        )
        self.shelf.add(charge, ("customer", charge.customer), ("intent", charge.intent))
        if charge.transfer_group:
            self.shelf.file(charge, ("transfer_group", charge.transfer_group))
        file_words(self.shelf, charge, _words(charge))
        return charge

    def _settle(self, charge: Charge, amount: int) -> None:
        self._enter(charge, amount)
        charge.captured = True
        charge.amount = max(charge.amount, charge.captured_amount)
        # What is not captured goes back to the customer, as a refund that moves no money.
        charge.refunded = charge.amount - charge.captured_amount

    def _enter(self, charge: Charge, amount: int) -> None:
        """The money of one capture."""
        instrument = charge.instrument
        charge.captured_amount += amount
        card = isinstance(instrument, Card)
        charge.entry = self._balance.enter(
            "charge" if card else "payment",
            charge.id,
            amount,
            charge.currency,
            fee=fee(amount, charge.currency, instrument.type, self._ground.options),
            description=charge.description,
            at_once=isinstance(instrument, Card) and instrument.settled_at_once,
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


def _words(charge: Charge) -> list[tuple[str, str]]:
    words = [(f"metadata.{key}", value) for key, value in charge.metadata.items()]
    return [*words, ("customer", charge.customer)] if charge.customer else words
