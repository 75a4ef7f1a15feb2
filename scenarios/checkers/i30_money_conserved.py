"""I-30: no money appears or vanishes between customers, processor and bank."""

from __future__ import annotations

from scenarios.checkers.findings import distinct, escalated, totals, unequal
from scenarios.checkers.lookups import PAYOUT_KINDS, captures, excused, ledger_totals, links
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

# Told by the charges and refunds themselves; a refund leaves the balance before the bank confirms it.
MOVEMENTS = frozenset({"charge", "refund", "refund_failure", "payment", "payment_refund"})
GIVEN_BACK = frozenset({"succeeded", "pending", "requires_action"})


def check(evidence: Evidence) -> Verdict:
    """Per currency: captures - refunds (+ the processor's other movements) = payouts paid or under way
    + what is left at the processor (Σ net of all its entries) + fees; and the bank account in the ERP
    holds the paid payouts and what customers moved there themselves."""
    books, known = evidence.payments, links(evidence)
    live = [p for p in books.payouts if p.status in {"pending", "in_transit", "paid"}]
    came = totals(
        [
            *((c.currency, c.amount) for c in captures(evidence)),
            *((r.currency, -r.amount) for r in books.refunds if r.status in GIVEN_BACK),
            *((e.currency, e.gross) for e in books.balance if e.kind not in MOVEMENTS | PAYOUT_KINDS),
        ]
    )
    is_at = totals(
        [
            *((p.currency, p.amount) for p in live),
            *((e.currency, e.net) for e in books.balance),
            *((e.currency, e.fee) for e in books.balance),
        ]
    )
    witnesses: list[Witness] = []
    for currency in sorted({**came, **is_at}):
        names = distinct(currency, *(p.id for p in live if p.currency == currency))
        what = f"payouts, processor balance and fees in {currency}"
        witnesses += unequal(what, is_at.get(currency, 0), came.get(currency, 0), currency, names)
    posted = {journal.external for journal in evidence.erp.journals}
    paid = [p for p in books.payouts if p.status == "paid"]
    waiting = [p for p in paid if p.id not in posted and excused(known, p.id)]
    moved = [line for line in evidence.bank.lines if line.transfer]
    escaped = [x for x in moved if excused(known, x.transfer)]
    due = totals(
        [
            *((p.currency, p.amount) for p in paid if p not in waiting),
            *((x.currency, x.amount) for x in moved if x not in escaped),
        ]
    )
    bank = ledger_totals(evidence, "1000")
    for currency in sorted({**bank, **due}):
        names = distinct("1000", currency, *(p.id for p in paid if p.currency == currency))
        what = f"bank account in {currency}"
        witnesses += unequal(what, bank.get(currency, 0), due.get(currency, 0), currency, names)
    examined = len(books.charges) + len(books.balance) + len(books.payouts)
    return judged("I-30", examined, witnesses, escalated(len(waiting) + len(escaped)))
