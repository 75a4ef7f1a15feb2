"""Disputes: a customer complains at the bank, and the money is held until that is decided.

Evidence that says winning_evidence, losing_evidence or escalate_inquiry_evidence decides at once
(docs.stripe.com/testing#disputes); without a word from us a dispute is lost when it is due.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.clock import DAY, SECOND
from simulators.kit.lifecycle import move
from simulators.stripe.rules.balance import Balance
from simulators.stripe.rules.cards import Card
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import Charge, merged
from simulators.stripe.rules.records_funds import Dispute, FraudWarning
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

CLOSED = frozenset({"won", "lost", "warning_closed"})
MAY: Mapping[str, frozenset[str]] = {
    "warning_needs_response": frozenset({"warning_under_review", "warning_closed", "needs_response"}),
    "warning_under_review": frozenset({"warning_closed", "needs_response"}),
    "needs_response": frozenset({"under_review", "won", "lost"}),
    "under_review": frozenset({"won", "lost"}),
    **{status: frozenset() for status in CLOSED},
}
# The network's code of each reason, for Visa.
_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "inquiry": "10"}
_EVIDENCE_MOST = 150_000
# The last day is the eighth after the one on which it was raised.
_DAYS = 9


class Disputes:
    """The disputes of one mode, and the banks' early warnings."""

    def __init__(self, ground: Ground, charges: Charges, balance: Balance) -> None:
        self._ground, self._charges, self._balance = ground, charges, balance
        self.shelf: Shelf[Dispute] = Shelf()
        self.warnings: Shelf[FraudWarning] = Shelf()

    def take(self, id: str) -> Dispute:  # noqa: A002
        """The dispute by its id in the path."""
        dispute = self.shelf.get(id)
        if dispute is None:
            raise no_such("dispute", id, "dispute", path=True)
        return dispute

    def arise(self, charge: Charge) -> None:
        """What the owner of a test card makes of having paid."""
        card = charge.instrument
        if not isinstance(card, Card):
            return
        # A payment that its owner has authenticated is not his to call fraudulent.
        for cause in card.disputes:
            if not (charge.authenticated and cause == "fraudulent"):
                self.open(charge, cause)
        if card.warned:
            self._warn(charge)

    def open(self, charge: Charge, cause: str) -> Dispute:
        """A complaint: an inquiry moves no money, anything else takes it back at once."""
        ground = self._ground
        now = ground.clock.now()
        card = charge.instrument if isinstance(charge.instrument, Card) else None
        inquiry = cause == "inquiry"
        dispute = Dispute(
            ground.numbers.new("du"),
            now,
            ground.live,
            charge.captured_amount,
            charge.currency,
            charge.id,
            charge.intent,
            "fraudulent" if inquiry else cause,
            "warning_needs_response" if inquiry else "needs_response",
            (now // DAY + _DAYS) * DAY - SECOND,
            card.brand if card else "",
            _CODES.get(cause, "") if card else "",
            inquiry,
            charge.instrument.type,
        )
        self.shelf.add(dispute, ("charge", charge.id), ("intent", charge.intent))
        self._charges.dispute(charge)
        if card is None:
            # What a bank takes back of a debit is gone: there is nobody to answer.
            dispute.status = "lost"
            dispute.closed_at = now
        self._note(dispute, "created")
        if not inquiry:
            self._withdraw(dispute)
        ground.events.emit("charge.dispute.created", dispute)
        if not inquiry:
            ground.events.emit("charge.dispute.funds_withdrawn", dispute)
        if card is None:
            ground.events.emit("charge.dispute.closed", dispute)
        else:
            ground.errands.after(dispute.due_at - now + SECOND, self.expire, dispute, quiet=True)
        return dispute

    def update(self, dispute: Dispute, changes: Mapping[str, Any]) -> Dispute:
        """Add evidence or metadata; evidence is submitted unless `submit` is false."""
        if dispute.status in CLOSED:
            raise Refused("This dispute is already closed")
        evidence = {**dispute.evidence, **(changes.get("evidence") or {})}
        if sum(len(str(text)) for text in evidence.values() if text is not None) > _EVIDENCE_MOST:
            text = f"The combined character count of the evidence can be at most {_EVIDENCE_MOST}."
            raise Refused(text, param="evidence")
        if "metadata" in changes:
            dispute.metadata = merged(dispute.metadata, changes["metadata"])
        dispute.evidence = {name: text or None for name, text in evidence.items()}
        submit = changes.get("submit", "evidence" in changes)
        if submit and dispute.due_at < self._ground.clock.now():
            raise Refused("This dispute is past its due date: no evidence can be submitted any more.")
        if submit:
            dispute.submissions += 1
            self._go(dispute, "warning_under_review" if dispute.inquiry else "under_review")
        self._note(dispute, "updated")
        self._ground.events.emit("charge.dispute.updated", dispute)
        self._ground.events.emit("charge.updated", self._charges.take(dispute.charge))
        if submit:
            self._judge(dispute)
        return dispute

    def close(self, dispute: Dispute) -> Dispute:
        """Give in: it is lost."""
        if dispute.status in CLOSED:
            raise Refused("This dispute is already closed")
        self._end(dispute, "warning_closed" if dispute.inquiry else "lost")
        self._ground.events.emit("charge.updated", self._charges.take(dispute.charge))
        return dispute

    def expire(self, dispute: Dispute) -> None:
        """The last day is over and nobody has answered."""
        if dispute.status in ("needs_response", "warning_needs_response"):
            self._end(dispute, "warning_closed" if dispute.inquiry else "lost")

    def settle(self, charge: Charge) -> None:
        """All of the money is back: an inquiry has nothing left to ask (when exactly is unconfirmed)."""
        for dispute in self.shelf.under(("charge", charge.id)):
            if dispute.inquiry and dispute.status not in CLOSED:
                self._end(dispute, "warning_closed")

    def decide(self, dispute: Dispute, status: str) -> None:
        """The bank's word, from outside; Refused when it cannot be that any more."""
        if status not in MAY[dispute.status] | {"needs_response"} or dispute.status in CLOSED:
            raise Refused(f"Dispute {dispute.id} is {dispute.status} and cannot become {status}.")
        self._decided(dispute, status)

    def blocks(self, charge: Charge) -> bool:
        """Whether a dispute forbids refunds of this charge."""
        return not all(refundable(d) for d in self.shelf.under(("charge", charge.id)))

    def _judge(self, dispute: Dispute) -> None:
        said = str(dispute.evidence.get("uncategorized_text") or "").strip()
        status = {
            "winning_evidence": "warning_closed" if dispute.inquiry else "won",
            "losing_evidence": "warning_closed" if dispute.inquiry else "lost",
            "escalate_inquiry_evidence": "needs_response" if dispute.inquiry else "",
        }.get(said, "")
        if status:
            self._decided(dispute, status)

    def _decided(self, dispute: Dispute, status: str) -> None:
        events = self._ground.events
        if status == "needs_response":
            dispute.inquiry = False
            self._go(dispute, status)
            self._withdraw(dispute)
            self._note(dispute, "escalated")
            events.emit("charge.dispute.updated", dispute)
            events.emit("charge.dispute.funds_withdrawn", dispute)
            return
        if status == "won":
            entry = self._balance.enter(
                "adjustment",
                dispute.id,
                dispute.amount,
                dispute.currency,
                fee=-self._ground.options.dispute_fee,
                description=f"Chargeback reversal for {dispute.charge}",
                category="dispute_reversal",
                at_once=True,
            )
            dispute.entries = (*dispute.entries, entry)
        self._end(dispute, status)

    def _end(self, dispute: Dispute, status: str) -> None:
        self._go(dispute, status)
        dispute.closed_at = self._ground.clock.now()
        self._note(dispute, "closed")
        if status == "won":
            self._ground.events.emit("charge.dispute.funds_reinstated", dispute)
        self._ground.events.emit("charge.dispute.closed", dispute)

    def _go(self, dispute: Dispute, status: str) -> None:
        if dispute.status != status:
            dispute.status = move("dispute", MAY, dispute.status, status)

    def _withdraw(self, dispute: Dispute) -> None:
        entry = self._balance.enter(
            "adjustment",
            dispute.id,
            -dispute.amount,
            dispute.currency,
            fee=self._ground.options.dispute_fee,
            description=f"Chargeback withdrawal for {dispute.charge}",
            category="dispute",
            at_once=True,
        )
        dispute.entries = (*dispute.entries, entry)

    def _warn(self, charge: Charge) -> None:
        ground = self._ground
        id = ground.numbers.new("issfr")  # noqa: A001
        warning = FraudWarning(id, ground.clock.now(), ground.live, charge.id, charge.intent)
        self.warnings.add(warning, ("charge", charge.id), ("intent", charge.intent))
        ground.events.emit("radar.early_fraud_warning.created", warning)

    def _note(self, dispute: Dispute, event: str) -> None:
        entries = (entry.id for entry in dispute.entries)
        self._ground.history.note(
            "dispute",
            dispute.id,
            event,
            dispute.status,
            refs=tuple(ref for ref in (dispute.charge, dispute.intent, *entries) if ref),
            amount=dispute.amount,
            currency=dispute.currency.upper(),
        )


def refundable(dispute: Dispute) -> bool:
    """Whether its charge may still be refunded: of an inquiry, and of what was won."""
    return dispute.inquiry or dispute.status == "won"
