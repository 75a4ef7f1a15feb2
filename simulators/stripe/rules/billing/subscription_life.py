"""The states of a subscription, and what it is listed under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.kit.lifecycle import move
from simulators.stripe.rules.billing.contract_records import Item, Subscription
from simulators.stripe.rules.billing.desk import Desk
from simulators.stripe.rules.shelf import Shelf

_LIVING = frozenset({"active", "trialing", "past_due", "unpaid", "paused", "canceled"})
MAY: Mapping[str, frozenset[str]] = {
    "incomplete": frozenset({"active", "trialing", "incomplete_expired", "canceled"}),
    "trialing": _LIVING,
    "active": _LIVING,
    "past_due": _LIVING,
    "unpaid": _LIVING,
    "paused": _LIVING,
    "incomplete_expired": frozenset(),
    "canceled": frozenset(),
}
ENDED = frozenset({"canceled", "incomplete_expired"})


def keys(sub: Subscription) -> list[tuple[str, ...]]:
    """What the subscription is listed under; lists leave canceled ones out unless asked for."""
    shown = [("status", sub.status), ("customer-status", sub.customer, sub.status)]
    if sub.status in ENDED:
        shown += [("ended",), ("customer-ended", sub.customer)]
    if sub.status != "canceled":
        shown += [("listed",), ("customer-listed", sub.customer)]
    return [("customer", sub.customer), *shown]


def go(desk: Desk, shelf: Shelf[Subscription], sub: Subscription, status: str) -> None:
    """Move on, along the table only."""
    before = keys(sub)
    sub.status = move("subscription", MAY, sub.status, status)
    after = keys(sub)
    for key in before:
        if key not in after:
            shelf.unfile(sub, key)
    for key in after:
        shelf.file(sub, key)
    desk.note(sub, status, sub.status, sub.customer, sub.latest_invoice)


def file_prices(shelf: Shelf[Subscription], sub: Subscription, before: list[Item]) -> None:
    """List the subscription under the prices that it has now."""
    for item in before:
        shelf.unfile(sub, ("price", item.price.id))
    for item in sub.items:
        shelf.file(sub, ("price", item.price.id))


def periods(sub: Subscription) -> dict[str, Any]:
    """What previous_attributes show of a period that has passed."""
    first = sub.items[0] if sub.items else None
    return {
        "items": {
            "data": [
                {
                    "id": i.id,
                    "current_period_start": i.period[0],
                    "current_period_end": i.period[1],
                    "price": {"id": i.price.id},
                    "quantity": i.quantity,
                }
                for i in sub.items
            ]
        }
        if first
        else None,
        "latest_invoice": sub.latest_invoice or None,
    }
