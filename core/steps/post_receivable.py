"""Bring a finalised invoice or credit note into the ledger, and its tax document into force."""

from __future__ import annotations

from datetime import date

from core.canonical.erp import Posted
from core.canonical.errors import Missing
from core.canonical.invoices import CreditNote
from core.ports.desk import Desk
from core.steps.cases import InvoiceCase, NoteCase
from core.steps.given_back import given_late
from core.steps.posting_day import post_in_open_period
from core.steps.write_off import SOURCE, post_write_off


async def commit_tax(desk: Desk, case: InvoiceCase) -> None:
    """The tax document counts from now on."""
    await desk.tax.commit_invoice(case.invoice.number, f"{case.key}/commit_tax")


async def post_receivable(desk: Desk, case: InvoiceCase) -> None:
    """The receivable of a posted invoice; a draft never gets here (C4)."""
    if case.invoice.status != "posted":
        raise Missing(f"invoice {case.invoice.number} is {case.invoice.status}, not posted")

    async def post(on: date) -> None:
        await desk.erp.post_invoice(case.invoice, on, f"{case.key}/post_receivable")

    await post_in_open_period(desk, case.invoice.on, post, case.invoice.total)


async def commit_credit_tax(desk: Desk, case: NoteCase) -> None:
    """The return document counts from now on. An adjustment was given with its tax, so that is filed."""
    if case.note.source in ("adjustment", SOURCE):
        await desk.tax.return_for_refund(case.note, case.account, f"{case.key}/return_tax")
        return
    await desk.tax.commit_credit_note(case.note.number, f"{case.key}/commit_tax")


async def post_credit(desk: Desk, case: NoteCase) -> None:
    """The credit memo of a posted credit note."""
    if case.note.status != "posted":
        raise Missing(f"credit note {case.note.number} is {case.note.status}, not posted")
    if case.note.source == SOURCE:
        await post_write_off(desk, case.note, f"{case.key}/post_write_off")
        return

    late, against = await given_late(desk, case.note), await _taken_back(desk, case.note)

    async def post(on: date) -> None:
        await desk.erp.post_credit_note(case.note, on, f"{case.key}/post_credit", late, against)

    await post_in_open_period(desk, case.note.on, post, case.note.total)


async def _taken_back(desk: Desk, note: CreditNote) -> Posted | None:
    """The invoice that billing reversed by this note: the two stand against each other there, so here too.
    Missing while the ledger has not taken it (I-26)."""
    if note.source != "adjustment" or note.unapplied or not note.invoice:
        return None
    invoice = await desk.billing.invoice(note.invoice)
    if invoice.status != "reversed" or invoice.total != note.total:
        return None
    posted = await desk.erp.invoice(invoice.number)
    if posted is None:
        raise Missing(f"invoice {invoice.number}, which {note.number} takes back, is not in the ledger yet")
    return posted
