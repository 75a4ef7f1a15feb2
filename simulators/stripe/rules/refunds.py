"""Refunds: money back to the card or account it came from; the fee stays with the processor."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.kit.lifecycle import move
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.currencies import worded
from simulators.stripe.rules.disputes import Disputes
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intents import Intents
from simulators.stripe.rules.records import NOTHING, Charge, Metadata, Refund, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.returns import Returns
from simulators.stripe.rules.shelf import Shelf
from simulators.stripe.rules.transfers import Transfer

MAY: Mapping[str, frozenset[str]] = {
    "pending": frozenset({"requires_action", "succeeded", "failed", "canceled"}),
    "requires_action": frozenset({"pending", "succeeded", "failed", "canceled"}),
    # A refund that succeeded can still come back from the bank.
    "succeeded": frozenset({"failed"}),
    "failed": frozenset(),
    "canceled": frozenset(),
}


class Refunds:
    """The refunds of one mode."""

    def __init__(
        self,
        ground: Ground,
        intents: Intents,
        charges: Charges,
        balance: Balance,
        disputes: Disputes,
        returns: Returns,
    ) -> None:
        self._ground, self._intents, self._charges = ground, intents, charges
        self._balance, self._disputes, self.returns = balance, disputes, returns
        self.shelf: Shelf[Refund] = returns.shelf
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
        instructions_email: str | None = None,
        metadata: Metadata | None = NOTHING,
    ) -> Refund:
        """Give back `amount`, or all that is left; never more than was taken."""
        back = self._charge_of(charge, payment_intent)
        if self._disputes.blocks(back):
            text = f"Charge {back.id} has been charged back; cannot issue a refund."
            raise Refused(text, code="charge_disputed")
        amount = _within(back, amount)
        ground = self._ground
        card = back.instrument if isinstance(back.instrument, Card) else None
        transfer = isinstance(back.instrument, Transfer)
        if transfer:
            instructions_email = self.returns.address(back.customer, instructions_email)
        refund = Refund(
            ground.numbers.new("re" if card else "pyr"),
            ground.clock.now(),
            ground.live,
            amount,
            back.currency,
            "requires_action" if transfer else _at_first(card),
            back.id,
            back.intent,
            back.customer,
            back.method,
            reason,
            back.instrument.type,
            instructions_email=instructions_email,
            metadata=merged(NOTHING, metadata),
        )
        refund.entry = self._balance.enter(
            "refund" if card else "payment_refund",
            refund.id,
            -amount,
            refund.currency,
            description=f"REFUND FOR CHARGE ({back.id})" if card else "REFUND FOR PAYMENT",
        ).id
        self.shelf.add(refund, ("charge", refund.charge), ("intent", refund.intent))
        if not transfer and (card is None or card.refund):
            self._unsettled.append(refund)
        self._note(refund, "created")
        ground.events.emit("refund.created", refund)
        self._charges.refund(back, amount, refund.id)
        if back.refunded == back.amount:
            self._disputes.settle(back)
        return refund

    def cancel(self, refund: Refund) -> Refund:
        """Call off a refund that waits for the customer."""
        if refund.status != "requires_action":
            text = (
                f"Refund {refund.id} has a status of {refund.status}. Only refunds with a status of"
                " requires_action can be canceled."
            )
            raise Refused(text)
        self._come_back(refund, "canceled", "")
        return refund

    def ask(self, refund: Refund) -> None:
        """The bank wants to know from the customer where the money is to go."""
        if refund.status != "pending":
            raise Refused(f"Refund {refund.id} is {refund.status} and cannot require an action.")
        refund.status = move("refund", MAY, refund.status, "requires_action")
        self._note(refund, "requires_action")
        self._ground.events.emit("refund.updated", refund, {"status": "pending"})

    def answer(self, refund: Refund) -> None:
        """The customer has said which account the money is to go to."""
        if refund.status != "requires_action":
            raise Refused(f"Refund {refund.id} is {refund.status} and waits for nobody.")
        refund.status = move("refund", MAY, refund.status, "pending")
        self._unsettled.append(refund)
        self._note(refund, "answered")
        self._ground.events.emit("refund.updated", refund, {"status": "requires_action"})

    def expire(self, refund: Refund) -> Refund:
        """The customer has never answered (a test helper of the vendor's)."""
        if refund.status != "requires_action":
            text = f"Refund {refund.id} has a status of {refund.status} and cannot be expired."
            raise Refused(text)
        self._come_back(refund, "failed", "expired_or_canceled_card" if refund.type == "card" else "declined")
        return refund

    def fail(self, refund: Refund, reason: str) -> None:
        """The bank sends the money back."""
        if "failed" not in MAY[refund.status]:
            raise Refused(f"Refund {refund.id} is {refund.status} and cannot fail.")
        self._come_back(refund, "failed", reason)

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
                self._ground.events.emit("charge.refund.updated", refund, {"status": "pending"})
            elif refund.status == "succeeded":
                self._come_back(refund, "failed", "expired_or_canceled_card")

    def _come_back(self, refund: Refund, status: str, reason: str) -> None:
        before = refund.status
        refund.status = move("refund", MAY, refund.status, status)
        refund.failure_reason = reason
        if refund.origin:
            self.returns.come_back(refund)
        else:
            refund.failure_entry = self._balance.enter(
                "refund_failure" if refund.type == "card" else "payment_failure_refund",
                refund.id,
                refund.amount,
                refund.currency,
                description="REFUND FAILURE",
            ).id
            self._charges.refund(self._charges.take(refund.charge), -refund.amount, refund.id)
        self._note(refund, status)
        events = self._ground.events
        if status == "failed":
            events.emit("refund.failed", refund)
        else:
            events.emit("refund.updated", refund, {"status": before})
        events.emit("charge.refund.updated", refund, {"status": before})

    def _charge_of(self, charge: str | None, payment_intent: str | None) -> Charge:
        if payment_intent and charge:
            raise Refused("You may only specify one of these parameters: charge, payment_intent.")
        if payment_intent:
            intent = self._intents.take(payment_intent, "payment_intent")
            back = self._charges.shelf.get(intent.charge)
            if back is None or not back.captured or back.status != "succeeded":
                text = f"This PaymentIntent ({intent.id}) does not have a successful charge to refund."
                raise Refused(text, param="payment_intent")
            return back
        if not charge:
            text = (
                "One of the following params should be provided for this request: payment_intent or charge."
            )
            raise Refused(text, code="parameter_missing")
        back = self._charges.take(charge, "charge")
        if back.status == "pending":
            text = f"Charge {back.id} is still pending and cannot be refunded yet."
            raise Refused(text, code="charge_not_refundable", param="charge")
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


def _at_first(card: Card | None) -> str:
    return "pending" if card is None or card.refund == "pending" else "succeeded"


def _within(back: Charge, amount: int | None) -> int:
    """What is asked for, or all that is left; Refused when that is nothing, or less."""
    left = back.amount - back.refunded
    if left == 0:
        text = f"Charge {back.id} has already been refunded."
        raise Refused(text, code="charge_already_refunded")
    amount = left if amount is None else amount
    if amount > left:
        asked, rest = worded(amount, back.currency), worded(left, back.currency)
        text = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})"
        raise Refused(text, param="amount")
    return amount
