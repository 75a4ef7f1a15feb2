"""I-07: each refund is one credit note, one ERP credit memo and one ERP refund, all equal."""

from __future__ import annotations

from scenarios.checkers.findings import (
    differs,
    escalated,
    exactly_one,
    grouped,
    major,
    numbered_twice,
    unequal,
)
from scenarios.checkers.lookups import DEAD, Links, about_intent, about_note, excused, links, refunds_made
from scenarios.checkers.service_left import posted_parts
from scenarios.evidence.billing import BillingCreditNote, BillingRefund
from scenarios.evidence.erp import ErpCreditMemo
from scenarios.evidence.payments import ProcessorRefund
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Start from the processor's refunds and from posted credit notes (bill-run credits too, since
    their memo is the same object), and follow both to the ERP; refunds stay within the capture."""
    known = links(evidence)
    refunds = refunds_made(evidence)
    notes = [n for n in evidence.billing.credit_notes if n.status == "Posted"]
    witnesses, skipped = _refunds(evidence, known, refunds)
    more, also = _notes(evidence, known, notes)
    witnesses += more + _within_capture(evidence, known)
    return judged("I-07", len(refunds) + len(notes), witnesses, escalated(skipped + also))


def _refunds(evidence: Evidence, known: Links, refunds: list[ProcessorRefund]) -> tuple[list[Witness], int]:
    live = (r for r in evidence.billing.refunds if r.status not in DEAD)
    in_billing = grouped(live, lambda r: r.reference)
    in_erp = grouped(evidence.erp.refunds, lambda r: r.external)
    memo = {m.id: m.external for m in evidence.erp.credit_memos}
    witnesses: list[Witness] = []
    skipped = 0
    for refund in refunds:
        found, paid_back = in_billing.get(refund.id, []), in_erp.get(refund.id, [])
        noted = found[0].credit_note if found else ""
        if not (found and paid_back) and excused(known, refund.id, refund.intent, noted):
            skipped += 1
            continue
        names = about_intent(known, refund.intent, refund.id, noted)
        what = f"refund {refund.id}"
        witnesses += exactly_one(f"billing side of {what}", found, names, refund.amount, refund.currency)
        witnesses += exactly_one(f"ERP side of {what}", paid_back, names, refund.amount, refund.currency)
        for twin in found[:1]:
            witnesses += unequal(
                f"billing side of {what}", twin.amount, refund.amount, refund.currency, names
            )
            witnesses += _note_of(what, twin, known, names)
        for out in paid_back[:1]:
            witnesses += unequal(f"ERP side of {what}", out.amount, refund.amount, refund.currency, names)
            witnesses += differs(f"currency of ERP {what}", out.currency, refund.currency, names)
            if found:
                note = known.credit_notes.get(noted)
                due = note.number if note else noted
                witnesses += differs(f"credit memo of ERP {what}", memo.get(out.credit_memo, ""), due, names)
    return witnesses, skipped


def _note_of(what: str, twin: BillingRefund, known: Links, names: tuple[str, ...]) -> list[Witness]:
    note = known.credit_notes.get(twin.credit_note)
    if note is None or note.status != "Posted":
        said = f"{what} over {major(twin.amount, twin.currency)} has no posted credit note"
        return [Witness("lost", names, said, twin.amount, twin.currency)]
    return unequal(f"credit note {note.number} of {what}", note.total, twin.amount, twin.currency, names)


def _notes(evidence: Evidence, known: Links, notes: list[BillingCreditNote]) -> tuple[list[Witness], int]:
    memos = grouped(evidence.erp.credit_memos, lambda m: m.external)
    live = [r for r in evidence.billing.refunds if r.status not in DEAD]
    spent = grouped(live, lambda r: r.credit_note)
    witnesses = numbered_twice("credit note", notes, lambda number: about_note(known, number))
    skipped = 0
    for note in notes:
        names = about_note(known, note.number)
        if note.source == "refund":
            payers = [
                *spent.get(note.number, []),
                *(spent.get(note.id, []) if note.id != note.number else []),
            ]
            what = f"refund paid out of {note.number}"
            witnesses += exactly_one(what, payers, names, note.total, note.currency)
        found = memos.get(note.number, [])
        if not found and excused(known, note.number, note.invoice):
            skipped += 1
            continue
        what = f"ERP credit memo of {note.number}"
        witnesses += exactly_one(what, found, names, note.total, note.currency)
        for memo in found[:1]:
            witnesses += _same(what, note, memo, known, names)
            witnesses += posted_parts(evidence, note, memo, known, names)
    return witnesses, skipped


def _same(
    what: str, note: BillingCreditNote, memo: ErpCreditMemo, known: Links, names: tuple[str, ...]
) -> list[Witness]:
    theirs, ours = known.erp_key.get(memo.customer, ""), known.account_key.get(note.account, "")
    return [
        *unequal(f"total of {what}", memo.total, note.total, note.currency, names),
        *unequal(f"tax of {what}", memo.tax, note.tax, note.currency, names),
        *unequal(f"open part of {what}", memo.remaining, note.unapplied, note.currency, names),
        *differs(f"currency of {what}", memo.currency, note.currency, names),
        *differs(f"customer of {what}", theirs, ours, names),
    ]


def _within_capture(evidence: Evidence, known: Links) -> list[Witness]:
    given = grouped((r for r in evidence.payments.refunds if r.status == "succeeded"), lambda r: r.charge)
    witnesses: list[Witness] = []
    for charge in evidence.payments.charges:
        back = sum(r.amount for r in given.get(charge.id, []))
        taken = charge.amount if charge.status == "succeeded" else 0
        if charge.refunded == back <= taken:
            continue
        names = about_intent(known, charge.intent, charge.id)
        witnesses += unequal(f"refunded part of {charge.id}", charge.refunded, back, charge.currency, names)
        if back > taken:
            said = f"{charge.id} gave back {major(back, charge.currency)} of {major(taken, charge.currency)}"
            witnesses.append(Witness("wrong_amount", names, said, back - taken, charge.currency))
    return witnesses
