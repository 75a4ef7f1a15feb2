"""C21: a dispute, or a debit that came back, stands in ledger and billing as the bank left it, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from scenarios.checkers.days import day
from scenarios.checkers.findings import (
    differs,
    distinct,
    escalated,
    exactly_one,
    grouped,
    major,
    totals,
    unequal,
)
from scenarios.checkers.lookups import (
    Links,
    about_intent,
    excused,
    invoice_keys,
    ledger_totals,
    links,
)
from scenarios.checkers.service_left import credited, remaining
from scenarios.evidence.billing import BillingInvoice
from scenarios.evidence.erp import ErpJournal, LedgerLine
from scenarios.evidence.payments import BalanceEntry, Dispute
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged

WORDS = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry",
    "warning_closed": "closed",
    "needs_response": "open",
    "under_review": "open",
    "won": "won",
    "lost": "lost",
}
_DAY_US = 86_400_000_000
_EPOCH = day("1970-01-01")


def check(evidence: Evidence) -> Verdict:
    """Funds withdrawn: Dr 1200 and 6110, Cr 1010; won: back; lost: 1200 gives way to 6100 (delivered), 2100
    (undelivered, and no more of it planned) and tax; an inquiry posts nothing. 1200 holds what is
    undecided. The invoice says what became of it."""
    known = links(evidence)
    journals = grouped(evidence.erp.journals, lambda j: j.external)
    ledger = grouped((x for x in evidence.erp.ledger if x.kind == "journalEntry"), lambda x: x.document)
    moved = grouped(evidence.payments.balance, lambda e: e.source)
    witnesses: list[Witness] = []
    held: list[tuple[str, int]] = []
    skipped = 0
    for dispute in evidence.payments.disputes:
        invoice = known.invoices.get(_invoice_of(dispute, known))
        number = invoice.number if invoice else ""
        if excused(known, dispute.id, *invoice_keys(known, number)):
            skipped += 1
            continue
        names = about_intent(known, dispute.intent, dispute.id)
        is_return = dispute.charge in known.returned
        due = _due(dispute, moved.get(dispute.id, []), is_return=is_return)
        held.append((dispute.currency, sum(entry.get("1200", 0) for entry in due.values())))
        for what in ("withdrawn", "won", "lost", "returned"):
            found = journals.get(f"{dispute.id}-{what}", [])
            witnesses += _journal(dispute, what, due.get(what), found, ledger, names)
        if dispute.status == "lost" and invoice is not None and not is_return:
            witnesses += _deferred(evidence, known, dispute, invoice, journals, ledger, names)
        if invoice is not None:
            state = "returned" if is_return else WORDS.get(dispute.status, dispute.status)
            witnesses += _flag(evidence, dispute, state, invoice, names)
    if not skipped:
        witnesses += _receivable(evidence, totals(held))
    return judged("C21", len(evidence.payments.disputes), witnesses, escalated(skipped))


def _invoice_of(dispute: Dispute, known: Links) -> str:
    intent = known.intents.get(dispute.intent)
    return intent.invoice if intent else ""


def _due(dispute: Dispute, entries: Sequence[BalanceEntry], *, is_return: bool) -> dict[str, dict[str, int]]:
    """What each journal must come to, by account; of the lost one only what is the same in every policy.
    is_return: a debit that came back, whose receivable stands again: no loss, nothing disputed."""
    taken = [e for e in entries if e.gross < 0]
    back = [e for e in entries if e.gross > 0]
    due: dict[str, dict[str, int]] = {}
    if taken:
        amount, fee = -sum(e.gross for e in taken), sum(e.fee for e in taken)
        if is_return:
            return {"returned": {"1100": amount, "6110": fee, "1010": -amount - fee, "1200": 0, "6100": 0}}
        due["withdrawn"] = {"1200": amount, "6110": fee, "1010": -amount - fee}
        if dispute.status == "lost":
            due["lost"] = {"1200": -amount}
    if back:
        amount, fee = sum(e.gross for e in back), -sum(e.fee for e in back)
        due["won"] = {"1010": amount + fee, "1200": -amount, "6110": -fee}
    return due


def _journal(
    dispute: Dispute,
    what: str,
    due: Mapping[str, int] | None,
    found: Sequence[ErpJournal],
    ledger: Mapping[str, Sequence[LedgerLine]],
    names: tuple[str, ...],
) -> list[Witness]:
    title = f"ERP journal of dispute {dispute.id} {what}"
    if due is None:
        if not found:
            return []
        said = f"{title} is there, the bank moved nothing of the kind ({dispute.status})"
        return [Witness("orphaned", distinct(*names, found[0].id), said, dispute.amount, dispute.currency)]
    witnesses = exactly_one(title, found, names, dispute.amount, dispute.currency)
    for journal in found[:1]:
        sums = totals((x.account, x.debit - x.credit) for x in ledger.get(journal.id, ()))
        for account, amount in due.items():
            at = f"account {account} in {title}"
            witnesses += unequal(at, sums.get(account, 0), amount, dispute.currency, names)
    return witnesses


def _deferred(
    evidence: Evidence,
    known: Links,
    dispute: Dispute,
    invoice: BillingInvoice,
    journals: Mapping[str, Sequence[ErpJournal]],
    ledger: Mapping[str, Sequence[LedgerLine]],
    names: tuple[str, ...],
) -> list[Witness]:
    """The loss takes its share of what was not delivered on the day of the bank's word, to the cent up or
    down, and the plans give up as much."""
    lines = [x for j in journals.get(f"{dispute.id}-lost", ())[:1] for x in ledger.get(j.id, ())]
    off = sum(x.debit - x.credit for x in lines if x.account == "2100")
    planned = -sum(s.amount for s in evidence.erp.schedules if s.source == dispute.id)
    what = f"revenue taken off the plans for dispute {dispute.id}"
    witnesses = unequal(what, planned, off, dispute.currency, names)
    witnesses += _shown_as(evidence, dispute, invoice, lines, off, names)
    at = _EPOCH + dispute.closed_at // _DAY_US
    left = max(remaining(invoice.lines, at) - credited(evidence, invoice, at), 0)
    given = sum(r.amount for r in known.refunds_of.get(dispute.intent, ()) if r.status == "succeeded")
    covered = max(min(dispute.amount, dispute.amount - given, invoice.total), 0)
    share = Fraction(covered, max(invoice.total, 1))
    due = min(left, max(invoice.net, 0)) * share
    if not due - 1 < off < due + 1:
        said = f"dispute {dispute.id} takes {major(off, dispute.currency)} off deferred revenue, "
        said += f"{major(round(due), dispute.currency)} was not delivered"
        witnesses.append(Witness("wrong_amount", names, said, off - round(due), dispute.currency))
    return witnesses


def _shown_as(
    evidence: Evidence,
    dispute: Dispute,
    invoice: BillingInvoice,
    lines: Sequence[LedgerLine],
    off: int,
    names: tuple[str, ...],
) -> list[Witness]:
    """The loss stands where the convention shows it, and tax where it says whose loss that is; to the cent
    up or down, for it is one of three shares."""
    policy = evidence.conventions.books
    sums = totals((x.account, x.debit - x.credit) for x in lines)
    withdrawn = -sums.get("1200", 0)
    share = Fraction(max(invoice.tax, 0), max(invoice.total, 1)) * min(withdrawn, invoice.total)
    tax = sums.get("2000", 0)
    due_tax = share if policy.dispute_tax == "relieved" else Fraction(0)
    if not due_tax - 1 <= tax <= due_tax + 1 or (not due_tax and tax):
        said = f"dispute {dispute.id} takes {major(tax, dispute.currency)} off tax payable, "
        said += f"by the convention {major(round(due_tax), dispute.currency)}"
        return [Witness("wrong_amount", names, said, tax - round(due_tax), dispute.currency)]
    loss = withdrawn - off - tax
    account = "6100" if policy.dispute_loss == "expense" else "4900"
    found = sums.get(account, 0)
    if any(r.intent == dispute.intent for r in evidence.payments.refunds):
        # What was given back before has no revenue left to go against: that part is a loss in any case.
        found = sums.get("6100", 0) + sums.get("4900", 0)
    what = f"loss of dispute {dispute.id} on {account}"
    return unequal(what, found, loss, dispute.currency, names)


def _flag(
    evidence: Evidence, dispute: Dispute, state: str, invoice: BillingInvoice, names: tuple[str, ...]
) -> list[Witness]:
    intents = {i.id for i in evidence.payments.intents if i.invoice == invoice.number}
    of_same = [d.id for d in evidence.payments.disputes if d.intent in intents]
    if len(of_same) > 1:  # one remark has room for one of them
        return []
    due = f"Dispute {dispute.id}: {state}"
    return differs(f"remark on {invoice.number}", invoice.remark, due, names)


def _receivable(evidence: Evidence, due: Mapping[str, int]) -> list[Witness]:
    booked = ledger_totals(evidence, "1200")
    found: list[Witness] = []
    for currency in sorted({**booked, **due}):
        what = f"dispute receivable in {currency}"
        found += unequal(what, booked.get(currency, 0), due.get(currency, 0), currency, ("1200", currency))
    return found
