"""The states of a payment intent, and what follows what."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.kit.lifecycle import move
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import Intent
from simulators.stripe.rules.refusals import Refused

OPEN = frozenset({"requires_payment_method", "requires_confirmation", "requires_action"})
_PAID = frozenset({"requires_capture", "succeeded"})
_TRIED = frozenset({"requires_payment_method", "requires_action", "processing"}) | _PAID

MAY: Mapping[str, frozenset[str]] = {
    "requires_payment_method": _TRIED | {"requires_confirmation", "canceled"},
    "requires_confirmation": _TRIED | {"requires_confirmation", "canceled"},
    "requires_action": _TRIED | {"requires_confirmation", "canceled"},
    "processing": frozenset({"requires_payment_method", "succeeded", "canceled"}),
    "requires_capture": frozenset({"succeeded", "canceled"}),
    "succeeded": frozenset(),
    "canceled": frozenset(),
}


def go(intent: Intent, status: str) -> None:
    """Move on, along the table only."""
    intent.status = move("payment_intent", MAY, intent.status, status)


def note(ground: Ground, intent: Intent, event: str) -> None:
    """Write the change down in the commit log, with all that the intent is linked to."""
    refs = (intent.customer, intent.charge, *intent.metadata.values())
    ground.history.note(
        "payment_intent",
        intent.id,
        event,
        intent.status,
        refs=tuple(ref for ref in refs if ref),
        amount=intent.amount,
        currency=intent.currency.upper(),
    )


def wrong_state(intent: Intent, text: str, param: str = "") -> Refused:
    """The intent's state does not allow it."""
    return Refused(text, code="payment_intent_unexpected_state", param=param, intent=intent)
