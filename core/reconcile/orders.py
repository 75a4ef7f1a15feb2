"""Every won quote has been placed, and the CRM knows it (controls C01, C03)."""

from __future__ import annotations

from datetime import datetime

from core.ports.desk import Desk
from core.reconcile.finding import Finding


async def won_quotes_placed(desk: Desk, since: datetime) -> list[Finding]:
    """CRM against billing, and customer master CRM against ERP."""
    quotes = [quote async for quote in desk.crm.won_since(since)]
    known = {customer.key async for customer in desk.erp.customers()} if quotes else set()
    findings = []
    for quote in quotes:
        if quote.status == "Withdrawn":
            continue
        if quote.status != "Activated":
            findings.append(
                Finding("won quotes placed", "missing", quote.key, None, "order_to_subscription", quote.id)
            )
        elif quote.account not in known:
            findings.append(
                Finding("customer master", "missing", quote.account, None, "order_to_subscription", quote.id)
            )
    return findings
