"""Every transfer that the bank has booked is in billing and in the ledger (control C18)."""

from __future__ import annotations

from datetime import datetime

from core.ports.desk import Desk
from core.reconcile.finding import Finding


async def transfers_applied(desk: Desk, since: datetime) -> list[Finding]:
    """The bank's lines against billing's payments and refunds, and the ledger's receipts, deposits and
    refunds, by the bank's id."""
    findings = []
    async for transfer in desk.bank.transfers_since(since):
        found = await desk.bank.transfer(transfer)
        if found.amount.minor < 0:
            paid_back = await desk.erp.refund(transfer)
            there = paid_back is not None and await desk.billing.refund_recorded(transfer)
            flow = "paid_back_to_ledger"
        else:
            booked = await desk.erp.receipt(transfer) or await desk.erp.deposit(transfer)
            there = booked is not None and await desk.billing.payment_recorded(transfer)
            flow = "transfer_to_cash"
        if not there:
            findings.append(Finding("receipts to bank", "missing", transfer, found.amount, flow, transfer))
    return findings
