"""Which part of a document an amount given back belongs to: delivered, undelivered, tax."""

from __future__ import annotations

from dataclasses import dataclass

from core.canonical.errors import Held
from core.finance.exact import Residual, split


@dataclass(frozen=True, slots=True)
class Shares:
    """Minor units: net of service delivered, net of service not delivered, tax. `beyond`: what exceeds
    the document."""

    delivered: int
    undelivered: int
    tax: int
    beyond: int = 0

    @property
    def total(self) -> int:
        """All four."""
        return self.delivered + self.undelivered + self.tax + self.beyond


def share_of(
    amount: int,
    document: Shares,
    residual: Residual = Residual.LARGEST_REMAINDER,
    *,
    covered: int | None = None,
) -> Shares:
    """Spread `amount` over the parts of the document in proportion; the parts add up exactly.

    covered: what of the document has not been given back before (default: all of it); the rest of
    `amount` is beyond it. Held for a negative amount or a document with a negative part.
    """
    if amount < 0:
        raise Held(f"amount: {amount} minor units given back must not be negative")
    weights = (document.delivered, document.undelivered, document.tax)
    if min(weights) < 0:
        raise Held(f"document: parts {weights} must not be negative; split credits from charges first")
    room = sum(weights) if covered is None else min(max(covered, 0), sum(weights))
    inside = min(amount, room)
    if not inside:
        return Shares(0, 0, 0, amount)
    parts = split(inside, weights, residual)
    # A rounding line of its own is no part of the document: it goes with what exceeds it.
    delivered, undelivered, tax = parts.parts
    return Shares(delivered, undelivered, tax, amount - inside + parts.rounding)
