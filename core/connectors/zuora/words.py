"""Zuora's closed lists of words, and what is held of a word that is on none of them."""

from __future__ import annotations

from core.connectors.shapes import one_of
from core.connectors.zuora import wire
from core.connectors.zuora.judge import SYSTEM
from core.connectors.zuora.wire import Json

# https://developer.zuora.com: ProductRatePlanCharge.ChargeType, in the words of v1 and of CRUD.
_KINDS = {"OneTime": wire.ONCE, "Recurring": "Recurring", "Usage": wire.USAGE}
# The states of a subscription, in an object query; the two that wait for a date are one to us.
_STANDS = {
    "Draft": "draft", "Pending Activation": "pending", "Pending Acceptance": "pending", "Active": "active",
    "Suspended": "suspended", "Cancelled": "cancelled", "Expired": "expired",
}  # fmt: skip


def standing_of(row: Json) -> str:
    """Of a subscription: draft, pending, active, suspended, cancelled or expired; Held for another."""
    return one_of(row["status"], _STANDS, "status", SYSTEM)


def status_of(row: Json) -> str:
    """Of a document: draft, posted or reversed; Held for a state that nobody knows."""
    return one_of(row["status"], wire.STATUS, "status", SYSTEM)


def kind_of(charge: Json) -> str:
    """OneTime, Recurring or Usage; Held for a type of charge that nobody knows."""
    return one_of(charge["type"], _KINDS, "type", SYSTEM)
