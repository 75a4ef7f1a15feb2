"""I-46: each ERP object and posting traces to exactly one source fact, and its amount is explained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scenarios.checkers.findings import distinct, escalated, major, totals, unequal
from scenarios.checkers.lookups import (
    Links,
    about_invoice,
    about_note,
    captures,
    excused,
    invoice_keys,
    links,
    metered,
    paid_back,
    paid_in,
    returned_debits,
)
from scenarios.checkers.recovered import came_back
from scenarios.checkers.revaluation import revalued_month
from scenarios.checkers.revenue import accrued_month, recognised, revenue_month, unbilled_month
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# what, id, external id, whether a source has that name, amount, currency
_Traced = tuple[str, str, str, bool, int, str]


def check(evidence: Evidence) -> Verdict:
    """Externals: not blank, unique in their kind, each resolving by the links. Schedules: together the
    recurring net of their document. Revenue lines: as
    `revenue.recognised` has it. Ledger lines: belong to a document that exists."""
    known = links(evidence)
    traced = list(_traced(evidence))
    witnesses = [*_externals(traced), *_postings(evidence), *recognised(evidence)]
    planned, skipped = _schedules(evidence, known)
    examined = len(traced) + len(evidence.erp.ledger)
    return judged("I-46", examined, witnesses + planned, escalated(skipped))


def _traced(evidence: Evidence) -> Iterator[_Traced]:
    paid = {charge.intent for charge in captures(evidence)} | set(paid_in(evidence))
    refunds = {refund.id for refund in evidence.payments.refunds} | set(paid_back(evidence))
    movements = {payout.id for payout in evidence.payments.payouts} | set(_returns(evidence))
    disputes = {dispute.id for dispute in evidence.payments.disputes}
    movements |= {f"{dispute}-{what}" for dispute in disputes for what in ("withdrawn", "won", "lost")}
    orders = {order for sold in evidence.billing.subscriptions for order in sold.orders}
    movements |= {f"P14-{order}" for order in orders}
    movements |= {f"{back.id}-returned" for back in returned_debits(evidence).values()}
    movements |= {f"{transfer}-recovered-{number}" for transfer, number in came_back(evidence)}
    numbers = {i.number for i in evidence.billing.invoices}
    notes = {n.number for n in evidence.billing.credit_notes}
    erp = evidence.erp
    for i in erp.invoices:
        yield "invoice", i.id, i.external, i.external in numbers, i.total, i.currency
    for m in erp.credit_memos:
        yield "credit memo", m.id, m.external, m.external in notes, m.total, m.currency
    for r in erp.receipts:
        yield "receipt", r.id, r.external, r.external in paid, r.amount, r.currency
    for d in erp.deposits:
        yield "deposit", d.id, d.external, d.external.removesuffix("-deposit") in paid, d.amount, d.currency
    for u in erp.deposit_uses:
        transfer, _, number = u.external.partition("-")
        has = transfer in paid and number in numbers
        yield "deposit application", u.id, u.external, has, u.amount, u.currency
    for f in erp.refunds:
        yield "refund", f.id, f.external, f.external in refunds, f.amount, f.currency
    names = {j.id: j.external for j in erp.journals}
    for j in erp.journals:
        if j.reverses and not j.external:
            # What the ledger turned back by itself is traced by the journal that asked for it.
            external = f"{names.get(j.reverses, j.reverses)} turned back"
            yield "journal", j.id, external, bool(names.get(j.reverses)), 0, j.currency
            continue
        has = j.external in movements or _of_a_month(j.external)
        has = has or _between(j.external, paid | refunds | movements)
        yield "journal", j.id, j.external, has, 0, j.currency
    for s in erp.schedules:
        has = any(s.source in sources for sources in (numbers, notes, disputes, orders))
        yield "revenue schedule", s.id, s.external, has, s.amount, s.currency


def _between(external: str, movements: set[str]) -> bool:
    """Whether a journal between entities is of a movement at the processor, or of a month's end (C32)."""
    if external.startswith("IC-CASH-"):
        return external.removeprefix("IC-CASH-").rpartition("-")[0] in movements
    return bool(re.match(r"IC-(FEE|NET|ELIM(-PL)?)-\d{4}-\d{2}-", external))


def _of_a_month(external: str) -> bool:
    months = (revenue_month, unbilled_month, accrued_month)
    return any(month(external) for month in months) or bool(revalued_month(external)[0])


def _returns(evidence: Evidence) -> Iterator[str]:
    """Journals of money that the bank sent back."""
    payments = evidence.payments
    yield from (f"{p.id}-failed" for p in payments.payouts if p.status == "failed")
    yield from (f"{r.id}-failed" for r in payments.refunds if r.status == "failed")


def _externals(traced: Iterable[_Traced]) -> Iterator[Witness]:
    first: dict[tuple[str, str], str] = {}
    for what, id_, external, has, amount, currency in traced:
        names = distinct(external, id_)
        money = f" ({major(amount, currency)})" if amount else ""
        if not external:
            yield Witness("orphaned", names, f"ERP {what} {id_} has no external id{money}", amount, currency)
            continue
        if not has:
            said = f"ERP {what} {id_}, external id {external}, traces to nothing{money}"
            yield Witness("orphaned", names, said, amount, currency)
        before = first.get((what, external), "")
        first.setdefault((what, external), id_)
        if before:
            said = f"ERP {what} {external} is there twice, as {before} and {id_}{money}"
            yield Witness("duplicated", distinct(*names, before), said, amount, currency)


def _postings(evidence: Evidence) -> list[Witness]:
    erp = evidence.erp
    kinds = (erp.invoices, erp.credit_memos, erp.receipts, erp.refunds, erp.journals)
    documents = {document.id for kind in kinds for document in kind}
    documents |= {d.id for d in erp.deposits} | {u.id for u in erp.deposit_uses}
    found = []
    for line in erp.ledger:
        if line.document not in documents:
            amount = line.debit - line.credit
            said = f"ledger line on {line.account} over {major(amount, line.currency)} belongs to "
            said += f"{line.kind} {line.document or 'blank'}, which does not exist"
            found.append(Witness("orphaned", distinct(line.document), said, amount, line.currency))
    return found


def _schedules(evidence: Evidence, known: Links) -> tuple[list[Witness], int]:
    by_use = metered(evidence)  # revenue at once, without a plan
    planned = totals((s.source, s.amount) for s in evidence.erp.schedules)
    documents: list[tuple[int, BillingInvoice | BillingCreditNote]] = [
        *((1, i) for i in evidence.billing.invoices if i.status == "Posted"),
        *((-1, n) for n in evidence.billing.credit_notes if n.status == "Posted" and n.source == "bill_run"),
    ]
    witnesses: list[Witness] = []
    skipped = 0
    for sign, document in documents:
        planned_lines = (line for line in document.lines if line.charge not in by_use)
        due = sign * sum(line.net for line in planned_lines if line.start < line.end)
        is_now = planned.get(document.number, 0)
        if document.number not in planned and excused(known, *invoice_keys(known, document.number)):
            skipped += 1
            continue
        tell = about_invoice if sign > 0 else about_note
        what = f"revenue planned for {document.number}"
        found = unequal(what, is_now, due, document.currency, tell(known, document.number))
        if found and document.number not in planned:
            found = [Witness("lost", w.subjects, w.says, w.amount, w.currency) for w in found]
        witnesses += found
    return witnesses, skipped
