"""I-26: in the ERP an invoice comes before its payment and its credit, and those before the refund."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.checkers.lookups import about_intent, about_note, grouped, links
from scenarios.evidence import Evidence, Verdict, Witness, judged

_Step = tuple[str, int, str, int, tuple[str, ...]]  # earlier, at, later, at, subjects


def check(evidence: Evidence) -> Verdict:
    """Compare creation moments along the links; an object that is missing is a matter of other laws."""
    steps = list(_steps(evidence))
    witnesses = [
        Witness("other", names, f"{later} was created {(first - then) / 1e6:.0f} s before {earlier}")
        for earlier, first, later, then, names in steps
        if then < first
    ]
    return judged("I-26", len(steps), witnesses)


def _steps(evidence: Evidence) -> Iterator[_Step]:
    erp, known = evidence.erp, links(evidence)
    by_id = {invoice.id: invoice for invoice in erp.invoices}
    by_number = {invoice.external: invoice for invoice in erp.invoices}
    memos = {memo.id: memo for memo in erp.credit_memos}
    receipts = grouped(erp.receipts, lambda r: r.external)
    intent_of = {refund.id: refund.intent for refund in evidence.payments.refunds}
    for receipt in erp.receipts:
        for part in receipt.applied:
            invoice = by_id.get(part.document)
            if invoice is not None:
                names = about_intent(known, receipt.external, receipt.id, invoice.id)
                earlier, later = f"ERP invoice {invoice.id}", f"its receipt {receipt.id}"
                yield earlier, invoice.created_at, later, receipt.created_at, names
    for memo in erp.credit_memos:
        note = known.credit_notes.get(memo.external)
        invoice = by_number.get(note.invoice) if note is not None and note.invoice else None
        if invoice is not None:
            names = about_note(known, memo.external, memo.id)
            earlier, later = f"ERP invoice {invoice.id}", f"its credit memo {memo.id}"
            yield earlier, invoice.created_at, later, memo.created_at, names
    for refund in erp.refunds:
        paid_from = memos.get(refund.credit_memo)
        intent = intent_of.get(refund.external, "")
        names = about_intent(known, intent, refund.external, refund.id)
        later = f"refund {refund.id} out of it"
        if paid_from is not None:
            earlier = f"ERP credit memo {paid_from.id}"
            yield earlier, paid_from.created_at, later, refund.created_at, names
        for receipt in receipts.get(intent, []) if intent else []:
            yield f"ERP receipt {receipt.id}", receipt.created_at, later, refund.created_at, names
