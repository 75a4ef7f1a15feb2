"""I-26: in the ERP an invoice comes before its payment and its credit, and those before the refund."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scenarios.checkers.findings import grouped
from scenarios.checkers.lookups import Links, about_intent, about_note, links
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

_Subjects = Callable[..., tuple[str, ...]]
# earlier, at, later, at, how its story is told: with these names
_Step = tuple[str, int, str, int, _Subjects, tuple[str, ...]]

SECOND = 1_000_000  # µs


def check(evidence: Evidence) -> Verdict:
    """Compare creation moments along the links; an object that is missing is a matter of other laws."""
    known = links(evidence)
    steps = list(_steps(evidence, known))
    witnesses = [
        Witness(
            "other",
            tell(known, *names),
            f"{later} was created {(first - then) / SECOND:.0f} s before {earlier}",
        )
        for earlier, first, later, then, tell, names in steps
        if then < first
    ]
    return judged("I-26", len(steps), witnesses)


def _steps(evidence: Evidence, known: Links) -> Iterator[_Step]:
    erp = evidence.erp
    names: tuple[str, ...]
    by_id = {invoice.id: invoice for invoice in erp.invoices}
    by_number = {invoice.external: invoice for invoice in erp.invoices}
    memos = {memo.id: memo for memo in erp.credit_memos}
    receipts = grouped(erp.receipts, lambda r: r.external)
    intent_of = {refund.id: refund.intent for refund in evidence.payments.refunds}
    for receipt in erp.receipts:
        for part in receipt.applied:
            invoice = by_id.get(part.document)
            if invoice is not None:
                names = (receipt.external, receipt.id, invoice.id)
                earlier, later = f"ERP invoice {invoice.id}", f"its receipt {receipt.id}"
                yield earlier, invoice.created_at, later, receipt.created_at, about_intent, names
    for memo in erp.credit_memos:
        note = known.credit_notes.get(memo.external)
        invoice = by_number.get(note.invoice) if note is not None and note.invoice else None
        if invoice is not None:
            names = (memo.external, memo.id)
            earlier, later = f"ERP invoice {invoice.id}", f"its credit memo {memo.id}"
            yield earlier, invoice.created_at, later, memo.created_at, about_note, names
    for refund in erp.refunds:
        paid_from = memos.get(refund.credit_memo)
        intent = intent_of.get(refund.external, "")
        names = (intent, refund.external, refund.id)
        later = f"refund {refund.id} out of it"
        if paid_from is not None:
            earlier = f"ERP credit memo {paid_from.id}"
            yield earlier, paid_from.created_at, later, refund.created_at, about_intent, names
        for receipt in receipts.get(intent, []) if intent else []:
            earlier = f"ERP receipt {receipt.id}"
            yield earlier, receipt.created_at, later, refund.created_at, about_intent, names
