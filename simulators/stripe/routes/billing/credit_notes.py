"""Credit notes over HTTP."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import one, page, taken
from simulators.stripe.routes.billing.acts import shelved
from simulators.stripe.routes.billing.catalog import unit
from simulators.stripe.rules.billing.credit_notes import CreditNotes
from simulators.stripe.rules.billing.paper_records import CreditNote
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.billing import paper_params
from simulators.stripe.wire.params import Listing, Nothing


def _wish(form: Any) -> dict[str, Any]:
    wish: dict[str, Any] = form.given(
        "invoice", "lines", "refunds", "email_type", "limit", "starting_after", "ending_before", "created"
    )
    wish["lines"] = [
        {
            **line.model_dump(exclude_unset=True),
            "line": line.invoice_line_item,
            "unit": unit(line.unit_amount, line.unit_amount_decimal),
            "metadata": line.metadata or {},
        }
        for line in form.lines
    ]
    wish["refunds"] = [refund.model_dump(exclude_unset=True) for refund in form.refunds]
    return wish


async def create(mode: Mode, call: Call) -> Reply:
    form = taken(paper_params.CreditNoteCreate, call, "credit_note")
    invoice = mode.billing.invoices.take(form.invoice)
    with mode.billing.desk.living(invoice.customer):
        return one(mode, mode.billing.credit_notes.create(invoice, _wish(form)), form.expand)


async def preview(mode: Mode, call: Call) -> Reply:
    form = taken(paper_params.CreditNoteCreate, call, "credit_note")
    return one(mode, _previewed(mode, form), form.expand)


async def preview_lines(mode: Mode, call: Call) -> Reply:
    form = taken(paper_params.CreditPreviewLines, call, "credit_note_line_item", many=True)
    return page(mode, shelved(_previewed(mode, form).lines), form, call, "credit note line item")


def _previewed(mode: Mode, form: Any) -> CreditNote:
    invoice = mode.billing.invoices.take(form.invoice)
    with mode.billing.desk.living(invoice.customer):
        note: CreditNote = _notes(mode).worked_out(invoice, _wish(form))[0]
        return note


def _notes(mode: Mode) -> CreditNotes:
    notes: CreditNotes = mode.billing.credit_notes
    return notes


async def retrieve(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "credit_note")
    return one(mode, _notes(mode).take(call.params["credit_note"]), form.expand)


async def update(mode: Mode, call: Call) -> Reply:
    form = taken(paper_params.CreditNoteUpdate, call, "credit_note")
    note = _notes(mode).take(call.params["credit_note"])
    with mode.billing.desk.living(note.customer):
        return one(mode, _notes(mode).update(note, form.given()), form.expand)


async def void(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "credit_note")
    note = _notes(mode).take(call.params["credit_note"])
    with mode.billing.desk.living(note.customer):
        return one(mode, _notes(mode).void(note), form.expand)


async def list_all(mode: Mode, call: Call) -> Reply:
    form = taken(paper_params.CreditNoteList, call, "credit_note", many=True)
    key: tuple[str, ...] = ()
    if form.invoice:
        key = ("invoice", form.invoice)
    elif form.customer:
        key = ("customer", form.customer)

    def keep(n: CreditNote) -> bool:
        return form.customer in ("", n.customer)

    return page(mode, _notes(mode).shelf, form, call, "credit note", key, keep)


async def list_lines(mode: Mode, call: Call) -> Reply:
    form = taken(Listing, call, "credit_note_line_item", many=True)
    note = _notes(mode).take(call.params["credit_note"])
    return page(mode, shelved(note.lines), form, call, "credit note line item")
