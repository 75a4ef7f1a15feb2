"""How a subscription may begin: with which terms, and with a trial until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.stripe.rules.billing.desk import clash
from simulators.stripe.rules.billing.planning import Planned

_DAY = 86_400
_TRIAL_MOST = 730


def trial_of(wish: Mapping[str, Any], plan: list[Planned], now: int) -> int | None:
    """When the trial ends that is wished for, or None."""
    end, days = wish.get("trial_end"), wish.get("trial_period_days")
    if end is not None and days is not None:
        text = "You may only specify one of these parameters: trial_end, trial_period_days."
        raise clash(text, "trial_end")
    if end == "now":
        return None
    if days is None and wish.get("trial_from_plan"):
        recurring = plan[0].price.recurring
        days = recurring.trial_period_days if recurring else None
    if days is not None:
        if days > _TRIAL_MOST:
            raise clash(f"Trial periods can be at most {_TRIAL_MOST} days.", "trial_period_days")
        return now + days * _DAY if days > 0 else None
    if end is not None:
        if end <= now:
            text = "Invalid timestamp: must be an integer Unix timestamp in the future."
            raise clash(text, "trial_end")
        if end > now + 5 * 366 * _DAY:
            text = "Invalid timestamp: can be no more than five years in the future."
            raise clash(text, "trial_end")
    return end


def fitting(wish: Mapping[str, Any]) -> None:
    """Refused when the terms do not fit together."""
    method, days = wish.get("collection_method"), wish.get("days_until_due")
    if method == "send_invoice" and days is None:
        text = "You must set `days_until_due` when `collection_method` is `send_invoice`."
        raise clash(text, "days_until_due", "parameter_missing")
    if method != "send_invoice" and days is not None:
        text = "`days_until_due` can only be set when `collection_method` is `send_invoice`."
        raise clash(text, "days_until_due")
