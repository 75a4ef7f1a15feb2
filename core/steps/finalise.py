"""Turn billing's drafts into documents that count: tax on them, then posted."""

from __future__ import annotations

from core.ports.desk import Desk
from core.steps.cases import InvoiceCase, NoteCase


async def tax_invoice(desk: Desk, case: InvoiceCase) -> None:
    """Assess and put the tax on a draft; a posted invoice is left alone."""
    if case.invoice.status == "draft":
        answer = await desk.tax.assess_invoice(case.invoice, case.account, f"{case.key}/assess_tax")
        await desk.billing.tax_invoice(case.invoice, answer, f"{case.key}/tax_invoice")


async def finalise_invoice(desk: Desk, case: InvoiceCase) -> None:
    """Draft to posted."""
    if case.invoice.status == "draft":
        await desk.billing.finalise_invoice(case.invoice, f"{case.key}/finalise_invoice")


async def tax_credit_note(desk: Desk, case: NoteCase) -> None:
    """The same for a draft credit note."""
    if case.note.status == "draft":
        answer = await desk.tax.assess_credit_note(case.note, case.account, f"{case.key}/assess_tax")
        await desk.billing.tax_credit_note(case.note, answer, f"{case.key}/tax_credit_note")


async def finalise_credit_note(desk: Desk, case: NoteCase) -> None:
    """Draft to posted."""
    if case.note.status == "draft":
        await desk.billing.finalise_credit_note(case.note, f"{case.key}/finalise_credit_note")
