"""Settlement against cash application: payments, refunds, payouts (controls C13, C15, C20)."""

from __future__ import annotations

from datetime import datetime

from core.ports.desk import Desk
from core.reconcile.finding import Finding


async def payments_applied(desk: Desk, since: datetime) -> list[Finding]:
    """Each payment that the processor took is in billing and in the ledger."""
    paid = [request async for request in desk.payments.paid_since(since) if request.invoice]
    if not paid:
        return []
    receipts = {row.reference async for row in desk.erp.receipts_since(since)}
    # Recording a payment changes its invoice, so an invoice settled since needs no question of its own.
    settled = {row.number async for row in desk.billing.invoices_since(since) if not row.open}
    findings = []
    for request in paid:
        in_billing = request.invoice in settled or await desk.billing.payment_recorded(request.id)
        if request.id not in receipts or not in_billing:
            findings.append(
                Finding(
                    "cash application", "missing", request.id, request.amount, "payment_to_cash", request.id
                )
            )
    return findings


async def refunds_booked(desk: Desk, since: datetime) -> list[Finding]:
    """Each refund is in billing and in the ledger."""
    refunds = [refund async for refund in desk.payments.refunds_since(since)]
    booked = {row.reference async for row in desk.erp.refunds_since(since)} if refunds else set()
    findings = []
    for refund in refunds:
        if refund.id not in booked or not await desk.billing.refund_recorded(refund.id):
            findings.append(
                Finding("refunds", "missing", refund.id, refund.amount, "refund_to_ledger", refund.id)
            )
    return findings


async def refund_failures_booked(desk: Desk, since: datetime) -> list[Finding]:
    """Each refund that came back is owed again."""
    failed = [refund async for refund in desk.payments.refunds_failed_since(since)]
    booked = await _journals(desk, since) if failed else set()
    return [
        Finding("refunds", "missing", refund, None, "refund_failure", refund)
        for refund in failed
        if f"{refund}-failed" not in booked and await desk.erp.journal(f"{refund}-failed") is None
    ]


async def disputes_booked(desk: Desk, since: datetime) -> list[Finding]:
    """Each dispute that moved funds is in the ledger, and so is its outcome (control C21)."""
    withdrawn = [dispute async for dispute in desk.payments.disputes_withdrawn_since(since)]
    closed = [dispute async for dispute in desk.payments.disputes_closed_since(since)]
    booked = await _journals(desk, since) if withdrawn or closed else set()
    findings = []
    for dispute in withdrawn:
        entries = (f"{dispute}-withdrawn", f"{dispute}-returned")
        if booked.isdisjoint(entries) and not [e for e in entries if await desk.erp.journal(e)]:
            findings.append(Finding("disputes", "missing", dispute, None, "dispute_to_ledger", dispute))
    for dispute in closed:
        if {f"{dispute}-won", f"{dispute}-lost", f"{dispute}-returned"} & booked:
            continue
        found = await desk.payments.dispute(dispute)
        if found.withdrawn and await desk.erp.journal(f"{dispute}-{found.status}") is None:
            findings.append(Finding("disputes", "missing", dispute, found.amount, "dispute_outcome", dispute))
    return findings


async def payouts_booked(desk: Desk, since: datetime) -> list[Finding]:
    """Each payout that was paid is in the ledger."""
    paid = [payout async for payout in desk.payments.payouts_since(since)]
    failed = [payout async for payout in desk.payments.payouts_failed_since(since)]
    booked = await _journals(desk, since) if paid or failed else set()
    return [
        Finding("payouts", "missing", payout, None, "payout_to_ledger", payout)
        for payout in paid
        if payout not in booked
    ] + [
        Finding("payouts", "missing", payout, None, "payout_failure", payout)
        for payout in failed
        if f"{payout}-failed" not in booked
    ]


async def _journals(desk: Desk, since: datetime) -> set[str]:
    return {row.reference async for row in desk.erp.journals_since(since)}
