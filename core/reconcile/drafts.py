"""No document stays a draft: whatever a bill run left is finalised."""

from __future__ import annotations

from datetime import datetime

from core.ports.desk import Desk
from core.reconcile.finding import Finding


async def drafts_finalised(desk: Desk, _since: datetime) -> list[Finding]:
    """All drafts of billing, whatever their age."""
    invoices, notes = await desk.billing.drafts("")
    return [
        *(Finding("drafts finalised", "missing", i.id, None, "finalise_invoice", i.id) for i in invoices),
        *(Finding("drafts finalised", "missing", n.id, None, "finalise_credit_note", n.id) for n in notes),
    ]
