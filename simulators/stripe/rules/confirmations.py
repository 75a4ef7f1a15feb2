"""Confirmation tokens: what a customer's browser collected, for one confirmation on the server.

docs.stripe.com/api/confirmation_tokens; good for twelve hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simulators.kit.clock import HOUR
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.methods import Methods
from simulators.stripe.rules.records import PaymentMethod
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

_LASTS = 12 * HOUR


@dataclass(slots=True)
class ConfirmationToken:
    """intent, setup: ids of what it has confirmed, or ""."""

    kind: ClassVar[str] = "confirmation_token"
    id: str
    created_at: int
    livemode: bool
    expires_at: int
    method: PaymentMethod
    return_url: str | None = None
    setup_future_usage: str | None = None
    shipping: Mapping[str, Any] | None = None
    intent: str = ""
    setup: str = ""
    seq: int = 0


class Confirmations:
    """The confirmation tokens of one mode."""

    def __init__(self, ground: Ground, methods: Methods) -> None:
        self._ground, self._methods = ground, methods
        self.shelf: Shelf[ConfirmationToken] = Shelf()

    def create(self, payment_method: str, **said: Any) -> ConfirmationToken:
        """As a browser would make it. said: return_url, setup_future_usage, shipping."""
        ground, method = self._ground, self._methods.take(payment_method)
        self._methods.hold(method)
        now = ground.clock.now()
        id = ground.numbers.new("ctoken")  # noqa: A001
        return self.shelf.add(ConfirmationToken(id, now, ground.live, now + _LASTS, method, **said))

    def take(self, id: str, param: str = "confirmation_token", *, path: bool = False) -> ConfirmationToken:  # noqa: A002
        """The token by its id."""
        token = self.shelf.get(id)
        if token is None:
            raise no_such("ConfirmationToken", id, param, path=path)
        return token

    def spend(self, id: str) -> dict[str, Any]:  # noqa: A002
        """What it says of a confirmation; Refused when it is used or too old (wordings unconfirmed)."""
        token = self.take(id)
        if token.intent or token.setup:
            text = f"The ConfirmationToken {id} has already been used."
            raise Refused(text, param="confirmation_token")
        if token.expires_at <= self._ground.clock.now():
            raise Refused(f"The ConfirmationToken {id} has expired.", param="confirmation_token")
        wish: dict[str, Any] = {"payment_method": token.method.id}
        for name in ("return_url", "setup_future_usage", "shipping"):
            value = getattr(token, name)
            if value is not None:
                wish[name] = value
        return wish

    def used(self, id: str, intent: str = "", setup: str = "") -> None:  # noqa: A002
        """It has confirmed this."""
        token = self.take(id)
        token.intent, token.setup = intent, setup
