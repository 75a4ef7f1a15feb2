"""What an authorisation may be asked for beyond one capture of at most its amount.

Names of the requests: docs.stripe.com/payments/incremental-authorization, multicapture, overcapture and
extended-authorization. In a sandbox every card has what is asked for (unconfirmed).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.attempts import Attempts
from simulators.stripe.rules.charges import Charges
from simulators.stripe.rules.currencies import chargeable, worded
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.intent_life import note, wrong_state
from simulators.stripe.rules.records import Intent, merged
from simulators.stripe.rules.refusals import Refused

_INCREMENTS_MOST = 10


class Authorisations:
    """One a mode."""

    def __init__(self, ground: Ground, charges: Charges, attempts: Attempts) -> None:
        self._ground, self._charges, self._attempts = ground, charges, attempts

    def increment(self, intent: Intent, amount: int, texts: Mapping[str, Any]) -> Intent:
        """Authorise more, up to a new total; Refused when that cannot be asked for."""
        if intent.status != "requires_capture":
            text = (
                f"This PaymentIntent's authorization could not be incremented because it has a status of"
                f" {intent.status}. Only a PaymentIntent with one of the following statuses may be"
                " incremented: requires_capture."
            )
            raise wrong_state(intent, text)
        charge = self._charges.take(intent.charge)
        if "incremental_authorization" not in charge.features:
            # Wording unconfirmed.
            text = "This PaymentIntent is not eligible for incremental authorization."
            raise Refused(text, code="payment_intent_unexpected_state", intent=intent)
        if amount <= intent.amount:
            text = f"The amount must be greater than the authorized {worded(intent.amount, intent.currency)}."
            raise Refused(text, param="amount")
        if charge.increments >= _INCREMENTS_MOST:
            raise Refused(f"An authorization can be incremented at most {_INCREMENTS_MOST} times.")
        chargeable(amount, intent.currency)
        more, intent.amount = amount - intent.amount, amount
        intent.capturable += more
        for name, value in texts.items():
            setattr(intent, name, merged(intent.metadata, value) if name == "metadata" else value)
        self._charges.grow(charge, amount)
        note(self._ground, intent, "incremented")
        self._ground.events.emit("payment_intent.amount_capturable_updated", intent)
        return intent

    def capture_part(self, intent: Intent, amount: int) -> bool:
        """Take a part and keep the rest; whether nothing is left, so that this was the last."""
        charge = self._charges.take(intent.charge)
        if "multicapture" not in charge.features:
            # Wording unconfirmed.
            text = "final_capture may only be false where multicapture was requested and is available."
            raise Refused(text, param="final_capture", intent=intent)
        if amount >= intent.capturable:
            return True
        self._charges.capture_part(charge, amount)
        intent.received += amount
        intent.capturable -= amount
        note(self._ground, intent, "captured_in_part")
        self._ground.events.emit("payment_intent.amount_capturable_updated", intent)
        return False
