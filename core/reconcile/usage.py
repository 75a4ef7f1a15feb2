"""Every use that the product wrote down is in billing (control C04)."""

from __future__ import annotations

from datetime import datetime

from core.ports.desk import Desk
from core.reconcile.finding import Finding


async def usage_metered(desk: Desk, since: datetime) -> list[Finding]:
    """The product's log against billing's records, by the product's id."""
    told = [usage async for usage in desk.product.usage_since(since)]
    if not told:
        return []
    # Billing cannot have taken in before `since` what was written down after it.
    held = {event async for event in desk.billing.metered_since(since)}
    return [
        Finding("usage metered", "missing", usage, None, "usage_to_billing", usage)
        for usage in dict.fromkeys(told)
        if usage not in held
    ]
