"""When a subscription is to end: at a moment, or with its period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.billing.contract_records import Subscription
from simulators.stripe.rules.billing.desk import clash


def set_ending(sub: Subscription, wish: Mapping[str, Any], first: int, last: int, now: int) -> None:
    """cancel_at and cancel_at_period_end; first, last: when the items' periods end."""
    at, with_period = wish.get("cancel_at"), wish.get("cancel_at_period_end")
    if at and with_period:
        text = "You may only specify one of these parameters: cancel_at, cancel_at_period_end."
        raise clash(text, "cancel_at")
    if isinstance(at, str) and at:
        at = {"min_period_end": first, "max_period_end": last, "max_billed_until": last}.get(at)
    if at:
        if at <= now:
            raise clash("cancel_at must be in the future.", "cancel_at")
        sub.cancel_at, sub.cancel_at_period_end = at, False
        sub.canceled_at, sub.reason = now, "cancellation_requested"
    elif with_period:
        sub.cancel_at, sub.cancel_at_period_end = first, True
        sub.canceled_at, sub.reason = now, "cancellation_requested"
    elif ("cancel_at" in wish or with_period is False) and sub.cancel_at is not None:
        sub.cancel_at, sub.cancel_at_period_end, sub.canceled_at, sub.reason = None, False, None, None
