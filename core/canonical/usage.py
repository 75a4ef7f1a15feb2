"""Events of use, as the product sends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """id: the product's own, the same when it is sent again; account: as in the CRM; on: day of use."""

    id: str
    account: str
    subscription: str
    meter: str
    quantity: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class RejectedUsage:
    """reason: for people, with field, value and remedy."""

    event: UsageEvent
    reason: str
