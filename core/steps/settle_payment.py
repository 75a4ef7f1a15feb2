"""Carry a payment that the processor took into billing and into the ledger."""

from __future__ import annotations

from datetime import date

from core.canonical.errors import Missing
from core.ports.desk import Desk
from core.steps.between_entities import pass_on
from core.steps.cases import PaymentCase
from core.steps.posting_day import post_in_open_period


async def record_payment(desk: Desk, case: PaymentCase) -> None:
    """In billing, against its invoice."""
    await desk.billing.record_payment(case.invoice, case.request, f"{case.key}/record_payment")


async def post_receipt(desk: Desk, case: PaymentCase) -> None:
    """In the ledger, applied to the receivable; Missing while that is not posted (I-26)."""
    receivable = await desk.erp.invoice(case.invoice.number)
    if receivable is None:
        raise Missing(f"invoice {case.invoice.number} is not in the ledger yet")

    async def post(on: date) -> None:
        await desk.erp.post_receipt(case.request, receivable, on, f"{case.key}/post_receipt")

    await post_in_open_period(desk, case.request.on, post)
    paid = case.request
    await pass_on(desk, case.account, paid.amount, paid.id, paid.on, f"{case.key}/post_receipt")


async def announce_receipt(desk: Desk, case: PaymentCase) -> None:
    """Thank the customer."""
    text = f"We received {case.request.amount} for invoice {case.invoice.number}."
    await desk.notifier.tell(case.account, "Payment received", text, f"{case.key}/announce_receipt")


async def announce_failure(desk: Desk, case: PaymentCase) -> None:
    """Ask for another card."""
    text = f"The payment of invoice {case.invoice.number} failed: {case.request.failure}."
    await desk.notifier.tell(
        case.account, "Payment failed", text, f"{case.key}/announce_failure/{case.request.attempts}"
    )
