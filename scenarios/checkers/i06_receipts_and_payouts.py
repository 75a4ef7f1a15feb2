"""I-06: each capture is one ERP receipt, gross; each payout is one journal, and posts its fees once; one
that came back is reversed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scenarios.checkers.findings import differs, distinct, escalated, exactly_one, grouped, totals, unequal
from scenarios.checkers.lookups import (
    Links,
    about_intent,
    captures,
    excused,
    invoice_keys,
    ledger_totals,
    links,
    payouts_sent,
)
from scenarios.evidence.erp import ErpReceipt, LedgerLine
from scenarios.evidence.payments import Payout
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Receipts by intent, equal to the capture and applied to its invoice, or to the journal that took the
    money off the books again where the payer's bank sent it back; journals by payout,
    Dr 1000 net, Dr 6000 fees, Cr 1010 gross as the processor's balance entries have them; what a dispute
    moved is in 1010 with its fee already (C21)."""
    taken = captures(evidence)
    paid = payouts_sent(evidence)
    known = links(evidence)
    witnesses, skipped = _receipts(evidence, known)
    more, also = _payouts(evidence, known, paid)
    return judged("I-06", len(taken) + len(paid), witnesses + more, escalated(skipped + also))


def _receipts(evidence: Evidence, known: Links) -> tuple[list[Witness], int]:
    receipts = grouped(evidence.erp.receipts, lambda r: r.external)
    documents = {i.id: i.external for i in evidence.erp.invoices}
    documents |= {j.id: j.external for j in evidence.erp.journals}
    witnesses: list[Witness] = []
    skipped = 0
    for charge in captures(evidence):
        intent = known.intents.get(charge.intent)
        if intent is None:
            continue  # a charge of no intent is a matter of I-03
        found = receipts.get(intent.id, [])
        if not found and excused(known, intent.id, *invoice_keys(known, intent.invoice)):
            skipped += 1
            continue
        names = about_intent(known, intent.id, *(r.id for r in found))
        what = f"ERP receipt of {intent.id}"
        witnesses += exactly_one(what, found, names, charge.amount, charge.currency)
        for receipt in found[:1]:
            witnesses += unequal(what, receipt.amount, charge.amount, charge.currency, names)
            witnesses += differs(f"currency of {what}", receipt.currency, charge.currency, names)
            back = known.returned.get(charge.id)
            pays = f"{back.id}-returned" if back else intent.invoice
            witnesses += _allocated(what, receipt, pays, documents, names)
    return witnesses, skipped


def _allocated(
    what: str, receipt: ErpReceipt, pays: str, documents: dict[str, str], names: tuple[str, ...]
) -> list[Witness]:
    applied = sum(a.amount for a in receipt.applied)
    rest = receipt.amount - receipt.unapplied
    found = unequal(f"applied part of {what}", applied, rest, receipt.currency, names)
    for part in receipt.applied:
        target = documents.get(part.document, part.document)
        found += differs(f"document paid by {what}", target, pays, names)
    return found


# Where the processor's fees are shown, by the company's convention, and where then they are not.
_FEES = {"fees_are_expense": ("6000", "4900"), "fees_reduce_revenue": ("4900", "6000")}


def _payouts(evidence: Evidence, known: Links, paid: list[Payout]) -> tuple[list[Witness], int]:
    journals = grouped(evidence.erp.journals, lambda j: j.external)
    ledger = grouped((x for x in evidence.erp.ledger if x.kind == "journalEntry"), lambda x: x.document)
    content = grouped((e for e in evidence.payments.balance if e.kind != "payout"), lambda e: e.payout)
    disputes = {dispute.id for dispute in evidence.payments.disputes}
    kept, other = _FEES[evidence.conventions.books.fees]
    witnesses: list[Witness] = []
    skipped = 0
    due_fees: list[tuple[str, int]] = []
    for payout in paid:
        entries = content.get(payout.id, [])
        names = distinct(payout.id, *(e.source for e in entries))
        net = sum(e.gross - e.fee for e in entries)
        witnesses += unequal(f"payout {payout.id}", payout.amount, net, payout.currency, names)
        found = journals.get(payout.id, [])
        if not found and excused(known, payout.id):
            skipped += 1
            continue
        # In 1010, and in fees: the entries of disputes have been booked whole, the others without fee.
        cleared = sum(e.gross - (e.fee if e.source in disputes else 0) for e in entries)
        fees_due = cleared - payout.amount
        due_fees.append((payout.currency, fees_due))
        what = f"ERP journal of payout {payout.id}"
        witnesses += exactly_one(what, found, names, payout.amount, payout.currency)
        for journal in found[:1]:
            due = {"1000": payout.amount, kept: fees_due, other: 0, "1010": -cleared}
            witnesses += _posted(what, payout, due, ledger.get(journal.id, []), names)
        if payout.status == "failed":
            back = journals.get(f"{payout.id}-failed", [])
            what = f"ERP journal of the return of {payout.id}"
            witnesses += exactly_one(what, back, names, payout.amount, payout.currency)
            for journal in back[:1]:
                due = {"1000": -payout.amount, kept: 0, "1010": payout.amount}
                witnesses += _posted(what, payout, due, ledger.get(journal.id, []), names)
    if kept != "6000":
        due_fees = [(currency, 0) for currency, _ in due_fees]
    fees, all_due = ledger_totals(evidence, "6000"), totals(due_fees)
    for currency in sorted({**fees, **all_due}):
        posted, owed = fees.get(currency, 0), all_due.get(currency, 0)
        witnesses += unequal(f"processing fees in {currency}", posted, owed, currency, ("6000", currency))
    return witnesses, skipped


def _posted(
    what: str,
    payout: Payout,
    due: Mapping[str, int],
    lines: Iterable[LedgerLine],
    names: tuple[str, ...],
) -> list[Witness]:
    sums = totals((x.account, x.debit - x.credit) for x in lines if x.currency == payout.currency)
    found: list[Witness] = []
    for account, amount in due.items():
        found += unequal(f"account {account} in {what}", sums.get(account, 0), amount, payout.currency, names)
    return found
