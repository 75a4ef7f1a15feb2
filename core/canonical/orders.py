"""What was sold: a won quote, in the core's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.canonical.money import Money


class OrderKind(StrEnum):
    """What an accepted quote does to a subscription."""

    NEW = "new"
    AMENDMENT = "amendment"
    RENEWAL = "renewal"
    CANCELLATION = "cancellation"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """product: SKU; quantity after the change (0 removes), prior before it (0 adds);
    price: per unit and billing period; months: length of a billing period, 0 for what is billed once.

    alone: stand-alone selling price, per unit and billing period like the price; None where the line is
    in no bundle. delivered: day on which what is billed once was delivered, None while it was not.
    """

    product: str
    quantity: int
    prior: int
    price: Money
    months: int
    alone: Money | None = None
    delivered: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """key: external key of the opportunity; original: key of the one that began the subscription.

    start: when it takes effect; end: end of the term (exclusive), None for an evergreen one, and for a
    change that leaves it as it is (a resumption that names an end adds the rest to the term).
    """

    key: str
    kind: OrderKind
    account: str
    original: str
    currency: str
    start: date
    end: date | None
    lines: tuple[OrderLine, ...]

    @property
    def number(self) -> str:
        """The order's number in billing: the same for every attempt."""
        return f"O-{self.key}"

    @property
    def subscription(self) -> str:
        """The number of the subscription it makes or changes."""
        return f"S-{self.original or self.key}"
