"""Mandates: a customer's permission to debit a bank account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.clock import SECOND
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import PaymentMethod
from simulators.stripe.rules.records_setup import Mandate
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

_NONE = (
    "This {what} requires a mandate, but no existing mandate was found. Collect mandate acceptance from the"
    " customer and try again, providing acceptance data in the mandate_data parameter."
)


class Mandates:
    """The mandates of one mode."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[Mandate] = Shelf()

    def take(self, id: str, param: str = "mandate", *, path: bool = False) -> Mandate:  # noqa: A002
        """The mandate by its id."""
        mandate = self.shelf.get(id)
        if mandate is None:
            raise no_such("mandate", id, param, path=path)
        return mandate

    def needed(
        self,
        what: str,
        method: PaymentMethod,
        acceptance: Mapping[str, Any] | None,
        given: str = "",
        **shown: Any,
    ) -> None:
        """Refused unless there is a mandate for this account, or an acceptance to make one of.

        what: "PaymentIntent" or "SetupIntent"; shown: the record that the error carries.
        """
        if given:
            if self.take(given).method != method.id:
                text = f"The mandate {given} does not belong to the payment method {method.id}."
                raise Refused(text, code="payment_intent_mandate_invalid", param="mandate", **shown)
            return
        known = self.shelf.get(method.mandate) if method.mandate else None
        if acceptance is None and (known is None or known.status != "active"):
            raise Refused(_NONE.format(what=what), **shown)

    def sign(
        self,
        method: PaymentMethod,
        acceptance: Mapping[str, Any] | None,
        *,
        once: tuple[int, str] | None = None,
    ) -> str:
        """The id of the mandate in force for this account: a new one of `acceptance`, or the one it has.

        once: amount and currency, where the permission covers one payment only.
        """
        if acceptance is None:
            return method.mandate
        ground = self._ground
        amount, currency = once or (0, "")
        now = ground.clock.now()
        agreed = {"accepted_at": now // SECOND, **acceptance}
        mandate = Mandate(
            ground.numbers.new("mandate"),
            now,
            ground.live,
            method.id,
            method.instrument,
            agreed,
            amount=amount,
            currency=currency,
        )
        self.shelf.add(mandate, ("method", method.id))
        if once is None:
            method.mandate = mandate.id
        return mandate.id

    def revoke(self, method: PaymentMethod) -> None:
        """The bank says that the customer never agreed."""
        for mandate in self.shelf.under(("method", method.id)):
            if mandate.status != "inactive":
                mandate.status = "inactive"
                self._ground.events.emit("mandate.updated", mandate, {"status": "active"})
        method.mandate = ""
