"""Sales sees what billing knows: status and balance of every invoice in the CRM."""

from __future__ import annotations

from datetime import datetime

from core.canonical.money import Money
from core.ports.crm import Mirrored
from core.ports.desk import Desk
from core.reconcile.finding import Finding

_CONTROL = "invoice mirror"


async def mirrors_agree(desk: Desk, since: datetime) -> list[Finding]:
    """Billing, and the processor's refunds and failures, against the CRM."""
    rows = {row.number: row async for row in desk.billing.invoices_since(since) if row.status == "posted"}
    refunds = [refund async for refund in desk.payments.refunds_since(since)]
    failed = [request async for request in desk.payments.failed_since(since) if request.status == "failed"]
    if not (rows or refunds or failed):
        return []
    shown = {mirror.number: mirror async for mirror in desk.crm.all_mirrored(since)}
    findings = []
    for row in rows.values():
        mirror = shown.get(row.number) or await desk.crm.mirrored(row.number)
        if not agrees(row.open, mirror):
            findings.append(Finding(_CONTROL, "different", row.number, row.open, "invoice_to_ledger", row.id))
    for refund in refunds:
        mirror = shown.get(refund.invoice) or await desk.crm.mirrored(refund.invoice)
        if mirror is not None and mirror.status != "Refunded":
            findings.append(
                Finding(_CONTROL, "different", refund.invoice, refund.amount, "refund_to_ledger", refund.id)
            )
    for request in failed:
        mirror = shown.get(request.invoice) or await desk.crm.mirrored(request.invoice)
        if mirror is not None and mirror.status == "Posted":
            findings.append(
                Finding(_CONTROL, "different", request.invoice, None, "payment_failure", request.id)
            )
    return findings


def agrees(due: Money, mirror: Mirrored | None) -> bool:
    """Whether a mirror shows what is open of the invoice, and a state that goes with it."""
    if mirror is None or mirror.balance != due:
        return False
    settled = mirror.status in ("Paid", "Refunded")
    return settled is not bool(due)
