"""Invoice and credit registers, billing against ledger: count and amount (control C10)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from core.ports.billing import Row
from core.ports.desk import Desk
from core.reconcile.finding import Finding


async def invoices_in_ledger(desk: Desk, since: datetime) -> list[Finding]:
    """Each posted invoice stands in the ledger with its amount."""
    return await _compare(
        "invoice register",
        [row async for row in desk.billing.invoices_since(since) if row.status == "posted"],
        lambda: desk.erp.invoices_since(since),
        "invoice_to_ledger",
    )


async def credit_notes_in_ledger(desk: Desk, since: datetime) -> list[Finding]:
    """Each posted credit note stands in the ledger; those of refunds come with them."""
    rows = [
        row
        async for row in desk.billing.credit_notes_since(since)
        if row.status == "posted" and row.reference != "refund"
    ]
    return await _compare(
        "credit register", rows, lambda: desk.erp.credit_notes_since(since), "credit_note_to_ledger"
    )


async def _compare(
    control: str, rows: list[Row], ledger: Callable[[], AsyncIterator[Row]], flow: str
) -> list[Finding]:
    """Where billing has nothing new the ledger need not be asked."""
    posted = {row.reference: row async for row in ledger()} if rows else {}
    findings = []
    for row in rows:
        other = posted.get(row.number)
        if other is None:
            findings.append(Finding(control, "missing", row.number, row.total, flow, row.id))
        elif other.total != row.total:
            findings.append(Finding(control, "different", row.number, row.total - other.total))
    return findings
