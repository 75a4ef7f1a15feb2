"""A refund made at the processor becomes a credit note, a return in tax, and money out in the books."""

from __future__ import annotations

from datetime import date

from core.canonical.errors import Missing
from core.canonical.invoices import CreditNote
from core.ports.desk import Desk
from core.steps.between_entities import pass_on
from core.steps.cases import RefundCase
from core.steps.given_back import end_given_back, given_late
from core.steps.posting_day import post_in_open_period


async def credit_refund(desk: Desk, case: RefundCase) -> None:
    """The credit note in billing; the invoice must have been paid there first (I-26)."""
    if case.invoice.balance == case.invoice.total and case.invoice.total:
        raise Missing(f"invoice {case.invoice.number} is not yet paid in billing")
    await _note(desk, case)


async def return_tax(desk: Desk, case: RefundCase) -> None:
    """The return document of the credit note."""
    await desk.tax.return_for_refund(await _note(desk, case), case.account, f"{case.key}/return_tax")


async def record_refund(desk: Desk, case: RefundCase) -> None:
    """The refund in billing, out of the credit note."""
    await desk.billing.record_refund(await _note(desk, case), case.refund, f"{case.key}/record_refund")


async def post_refund_credit(desk: Desk, case: RefundCase) -> None:
    """The credit memo in the ledger; Missing while the receipt of the payment is not there (I-26)."""
    if await desk.erp.receipt(case.refund.request) is None:
        raise Missing(f"the receipt of {case.refund.request} is not in the ledger yet")
    note = await _note(desk, case)
    late = await given_late(desk, note)

    async def post(on: date) -> None:
        await desk.erp.post_credit_note(note, on, f"{case.key}/post_refund_credit", late)

    await post_in_open_period(desk, note.on, post)


async def end_refunded(desk: Desk, case: RefundCase) -> None:
    """What the credit took off deferred revenue is not recognised any more."""
    await end_given_back(desk, await _note(desk, case), f"{case.key}/end_refunded")


async def post_refund(desk: Desk, case: RefundCase) -> None:
    """The money out, against the credit memo."""
    note = await _note(desk, case)
    memo = await desk.erp.credit_note(note.number)
    if memo is None:
        raise Missing(f"credit note {note.number} is not in the ledger yet")

    async def post(on: date) -> None:
        await desk.erp.post_refund(case.refund, memo, on, f"{case.key}/post_refund")

    await post_in_open_period(desk, case.refund.on, post)
    given = case.refund
    await pass_on(desk, case.account, -given.amount, given.id, given.on, f"{case.key}/post_refund")


async def _note(desk: Desk, case: RefundCase) -> CreditNote:
    if case.note is None:
        case.note = await desk.billing.credit_for_refund(
            case.invoice, case.refund, f"{case.key}/credit_refund"
        )
    return case.note
