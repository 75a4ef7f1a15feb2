"""I-03: nothing stands in ERP, tax, payments or CRM without the billing or payment fact it came from."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.checkers.lookups import (
    Links,
    about_intent,
    about_invoice,
    about_note,
    captures,
    distinct,
    links,
    major,
)
from scenarios.evidence import Evidence, Verdict, Witness, judged

FINAL = frozenset({"Posted", "Reversed"})
_Fact = tuple[str, str, bool, tuple[str, ...], int, str]  # what, source, has one, subjects, amount, currency


def check(evidence: Evidence) -> Verdict:
    """Follow each object's link back to its source; a link that ends nowhere is an orphan.

    A committed tax document needs a final document; two live ones of one source are a duplicate.
    """
    known = links(evidence)
    facts = [
        *_erp(evidence, known),
        *_tax(evidence, known),
        *_payments(evidence, known),
        *_mirrors(evidence, known),
    ]
    witnesses = [
        Witness(
            "orphaned",
            names,
            f"{what} over {major(amount, currency)} has no source {source or '(blank)'}",
            amount,
            currency,
        )
        for what, source, has, names, amount, currency in facts
        if not has
    ]
    return judged("I-03", len(facts), witnesses + _taxed_twice(evidence, known))


def _final(known: Links, number: str) -> bool:
    document = known.invoices.get(number) or known.credit_notes.get(number)
    return document is not None and document.number == number and document.status in FINAL


def _erp(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    paid = {charge.intent for charge in captures(evidence)}
    refunded = {r.id for r in evidence.payments.refunds if r.status == "succeeded"}
    for i in evidence.erp.invoices:
        has = i.external in known.invoices and _final(known, i.external)
        yield (
            "ERP invoice " + i.id,
            i.external,
            has,
            about_invoice(known, i.external, i.id),
            i.total,
            i.currency,
        )
    for m in evidence.erp.credit_memos:
        has = m.external in known.credit_notes and _final(known, m.external)
        names = about_note(known, m.external, m.id)
        yield "ERP credit memo " + m.id, m.external, has, names, m.total, m.currency
    for r in evidence.erp.receipts:
        names = about_intent(known, r.external, r.id)
        yield "ERP receipt " + r.id, r.external, r.external in paid, names, r.amount, r.currency
    for f in evidence.erp.refunds:
        names = distinct(f.external, f.id, known.erp_key.get(f.customer, ""))
        yield "ERP refund " + f.id, f.external, f.external in refunded, names, f.amount, f.currency


def _tax(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    for d in evidence.tax.documents:
        if d.status in {"Cancelled", "Adjusted"}:
            continue
        books = known.invoices if d.kind == "SalesInvoice" else known.credit_notes
        has = d.code in books and (d.status != "Committed" or _final(known, d.code))
        tell = about_invoice if d.kind == "SalesInvoice" else about_note
        yield f"{d.kind} {d.code}, {d.status}", d.code, has, tell(known, d.code, d.id), d.tax, d.currency


def _payments(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    for i in evidence.payments.intents:
        if i.status != "canceled":
            names = about_intent(known, i.id)
            yield (
                "payment intent " + i.id,
                i.invoice,
                i.invoice in known.invoices,
                names,
                i.amount,
                i.currency,
            )
    for c in evidence.payments.charges:
        names = about_intent(known, c.intent, c.id)
        yield "charge " + c.id, c.intent, c.intent in known.intents, names, c.amount, c.currency


def _mirrors(evidence: Evidence, known: Links) -> Iterator[_Fact]:
    paid = {charge.intent for charge in captures(evidence)}
    refunded = {r.id for r in evidence.payments.refunds if r.status == "succeeded"}
    for i in evidence.crm.invoices:
        has = i.number in known.invoices and _final(known, i.number)
        yield "CRM invoice " + i.id, i.number, has, about_invoice(known, i.number, i.id), i.total, i.currency
    for p in evidence.billing.payments:
        names = about_intent(known, p.reference, p.number)
        yield "payment " + p.number, p.reference, p.reference in paid, names, p.amount, p.currency
    for r in evidence.billing.refunds:
        names = about_note(known, r.credit_note, r.number, r.reference)
        yield "refund " + r.number, r.reference, r.reference in refunded, names, r.amount, r.currency


def _taxed_twice(evidence: Evidence, known: Links) -> list[Witness]:
    found = []
    seen: dict[tuple[str, str], str] = {}
    for d in evidence.tax.documents:
        if d.status != "Committed":
            continue
        first = seen.setdefault((d.code, d.kind), d.id)
        if first != d.id:
            said = f"{d.kind} {d.code} is committed twice, {major(d.tax, d.currency)} too much tax"
            names = about_invoice(known, d.code, first, d.id)
            found.append(Witness("duplicated", names, said, d.tax, d.currency))
    return found
