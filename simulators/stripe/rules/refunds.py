"""Refunds: money back to the card it came from; the fee stays with the processor."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.kit.lifecycle import move
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.currencies import worded
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intents import Intents
from simulators.stripe.rules.records import NOTHING, Charge, Metadata, Refund, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

MAY: Mapping[str, frozenset[str]] = {
    "pending": frozenset({"succeeded", "failed", "canceled"}),
    "requires_action": frozenset({"pending", "succeeded", "failed", "canceled"}),
    # A refund that succeeded can still come back from the bank.
    "succeeded": frozenset({"failed"}),
    "failed": frozenset(),
    "canceled": frozenset(),
}


class Refunds:
    """The refunds of one mode."""

    def __init__(self, ground: Ground, intents: Intents, charges: Charges, balance: Balance) -> None:
        self._ground, self._intents, self._charges, self._balance = ground, intents, charges, balance
        self.shelf: Shelf[Refund] = Shelf()
        self._unsettled: list[Refund] = []

    def take(self, id: str, param: str = "id", *, path: bool = True) -> Refund:  # noqa: A002
        """The refund; Refused with resource_missing."""
        refund = self.shelf.get(id)
        if refund is None:
            raise no_such("refund", id, param, path=path)
        return refund

    def create(
        self,
        *,
        charge: str | None = None,
        payment_intent: str | None = None,
        amount: int | None = None,
        reason: str | None = None,
        metadata: Metadata | None = NOTHING,
    ) -> Refund:
        """Give back `amount`, or all that is left; never more than was taken."""
        back = self._charge_of(charge, payment_intent)
        left = back.amount - back.refunded
        if left == 0:
            text = f"Charge {back.id} has already been refunded."
            raise Refused(text, code="charge_already_refunded")
        amount = left if amount is None else amount
        if amount > left:
            asked, rest = worded(amount, back.currency), worded(left, back.currency)
            text = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})"
            raise Refused(text, param="amount")
        ground = self._ground
        refund = Refund(
            ground.numbers.new("re"),
            ground.clock.now(),
            ground.live,
            amount,
            back.currency,
            "pending" if back.card.refund == "pending" else "succeeded",
            back.id,
            back.intent,
            back.customer,
            back.method,
            reason,
            metadata=merged(NOTHING, metadata),
        )
        refund.entry = self._balance.enter(
            "refund", refund.id, -amount, refund.currency, description=f"REFUND FOR CHARGE ({back.id})"
        ).id
        self.shelf.add(refund, ("charge", refund.charge), ("intent", refund.intent))
        if back.card.refund:
            self._unsettled.append(refund)
        self._note(refund, "created")
        ground.events.emit("refund.created", refund)
        self._charges.refund(back, amount, refund.id)
        return refund

    def update(self, refund: Refund, metadata: Metadata | None) -> Refund:
        """Only metadata can be changed."""
        refund.metadata = merged(refund.metadata, metadata)
        self._note(refund, "updated")
        self._ground.events.emit("refund.updated", refund)
        return refund

    def settle(self, before: int) -> None:
        """The banks' later word on refunds made before this moment."""
        waiting, self._unsettled = self._unsettled, []
        for refund in waiting:
            if refund.created_at >= before:
                self._unsettled.append(refund)
            elif refund.status == "pending":
                refund.status = move("refund", MAY, refund.status, "succeeded")
                self._note(refund, "succeeded")
                self._ground.events.emit("refund.updated", refund, {"status": "pending"})
            else:
                self._come_back(refund)

    def _come_back(self, refund: Refund) -> None:
        refund.status = move("refund", MAY, refund.status, "failed")
        refund.failure_reason = "expired_or_canceled_card"
        refund.failure_entry = self._balance.enter(
            "refund_failure", refund.id, refund.amount, refund.currency, description="REFUND FAILURE"
        ).id
        self._charges.refund(self._charges.take(refund.charge), -refund.amount, refund.id)
        self._note(refund, "failed")
        self._ground.events.emit("refund.failed", refund)

    def _charge_of(self, charge: str | None, payment_intent: str | None) -> Charge:
        if payment_intent and charge:
            raise Refused("You may only specify one of these parameters: charge, payment_intent.")
        if payment_intent:
            intent = self._intents.take(payment_intent, "payment_intent")
            back = self._charges.shelf.get(intent.charge)
            if back is None or not back.captured:
                text = f"This PaymentIntent ({intent.id}) does not have a successful charge to refund."
                raise Refused(text, param="payment_intent")
            return back
        if not charge:
            text = (
                "One of the following params should be provided for this request: payment_intent or charge."
            )
            raise Refused(text, code="parameter_missing")
        back = self._charges.take(charge, "charge")
        if not back.captured:
            raise Refused(f"Charge {back.id} has not been captured and cannot be refunded.", param="charge")
        return back

    def _note(self, refund: Refund, event: str) -> None:
        refs = (refund.charge, refund.intent, refund.customer, refund.entry, *refund.metadata.values())
        self._ground.history.note(
            "refund",
            refund.id,
            event,
            refund.status,
            refs=tuple(ref for ref in refs if ref),
            amount=refund.amount,
            currency=refund.currency.upper(),
        )
