"""I-05: what billing calls paid is what the processor captured."""

from __future__ import annotations

from scenarios.checkers.findings import (
    differs,
    distinct,
    escalated,
    exactly_one,
    grouped,
    major,
    unequal,
)
from scenarios.checkers.lookups import (
    DEAD,
    Links,
    about_intent,
    about_invoice,
    captures,
    excused,
    invoice_keys,
    links,
)
from scenarios.evidence.billing import BillingPayment
from scenarios.evidence.payments import Charge, Dispute, PaymentIntent
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Each capture is one billing payment, put against its invoice, or, where the payer's bank sent it back,
    given back once and against nothing; and in each account
    Σ (total - balance - payments) = Σ credits used, so that no balance moved without a reason."""
    known = links(evidence)
    live = [p for p in evidence.billing.payments if p.status not in DEAD]
    payments = grouped(live, lambda p: p.reference)
    taken = captures(evidence)
    witnesses: list[Witness] = []
    skipped = 0
    for charge in taken:
        intent = known.intents.get(charge.intent)
        if intent is None:
            continue  # a charge of no intent is a matter of I-03
        found = payments.get(intent.id, [])
        if not found and excused(known, intent.id, *invoice_keys(known, intent.invoice)):
            skipped += 1
            continue
        names = about_intent(known, intent.id, *(p.number for p in found))
        what = f"billing payment of {intent.id}"
        witnesses += exactly_one(what, found, names, charge.amount, charge.currency)
        witnesses += unequal(
            f"received of {intent.id}", intent.received, charge.amount, charge.currency, names
        )
        for payment in found[:1]:
            if charge.id in known.returned:
                witnesses += _given_back(evidence, payment, known.returned[charge.id], names)
            else:
                witnesses += _applied(what, payment, charge, intent, known, names)
    return judged("I-05", len(taken), witnesses + _balances(evidence, known, live), escalated(skipped))


def _applied(
    what: str,
    payment: BillingPayment,
    charge: Charge,
    intent: PaymentIntent,
    known: Links,
    names: tuple[str, ...],
) -> list[Witness]:
    found = unequal(what, payment.amount, charge.amount, charge.currency, names)
    invoice = known.invoices.get(intent.invoice)
    if invoice is None:
        return found
    own = sum(a.amount for a in payment.applied if a.document in {invoice.number, invoice.id})
    elsewhere = sum(a.amount for a in payment.applied) - own
    if elsewhere:
        said = f"{what} puts {major(elsewhere, payment.currency)} against others than {invoice.number}"
        found.append(Witness("wrong_amount", names, said, elsewhere, payment.currency))
    # Where a credit came first the rest of the money has nothing left to pay: it may stay unapplied.
    if own + elsewhere < payment.amount and invoice.balance > 0:
        found += unequal(f"applied part of {what}", own + elsewhere, payment.amount, payment.currency, names)
    return found


def _given_back(
    evidence: Evidence, payment: BillingPayment, back: Dispute, names: tuple[str, ...]
) -> list[Witness]:
    """A debit that came back pays nothing any more: its invoices are open again."""
    live = [r for r in evidence.billing.refunds if r.reference == back.id and r.status not in DEAD]
    what = f"return of {payment.number} in billing"
    found = exactly_one(what, live, names, back.amount, back.currency)
    for refund in live[:1]:
        found += unequal(what, refund.amount, back.amount, back.currency, names)
        found += differs(f"payment of the {what}", refund.payment, payment.number, names)
    still = sum(a.amount for a in payment.applied)
    return found + unequal(f"what {payment.number} still pays", still, 0, payment.currency, names)


def _balances(evidence: Evidence, known: Links, live: list[BillingPayment]) -> list[Witness]:
    """Per account and currency, and per invoice for balances that fell too low or too far up."""
    paid: dict[str, int] = {}
    for payment in live:
        for part in payment.applied:
            invoice = known.invoices.get(part.document)
            number = invoice.number if invoice else part.document
            paid[number] = paid.get(number, 0) + part.amount
    used = _credits_used(evidence, known)
    witnesses = []
    gone: dict[tuple[str, str], int] = {}
    moved: dict[tuple[str, str], list[str]] = {}
    for i in evidence.billing.invoices:
        # A reversed invoice counts where a credit note took it back: that credit is used up in it.
        if i.status != "Posted" and not (i.status == "Reversed" and known.notes_of.get(i.number)):
            continue
        place = (known.account_key.get(i.account, i.account), i.currency)
        credited = i.total - i.balance - paid.get(i.number, 0)
        gone[place] = gone.get(place, 0) + credited
        if credited:
            moved.setdefault(place, []).append(i.number)
        if credited < 0:
            due = i.total - paid.get(i.number, 0)
            names = about_invoice(known, i.number)
            witnesses += unequal(f"balance of {i.number}", i.balance, due, i.currency, names)
    for place in sorted({**gone, **used}):
        key, currency = place
        names = distinct(key, *moved.get(place, []))
        what = f"what left the invoices of {key} without a payment"
        witnesses += unequal(what, gone.get(place, 0), used.get(place, 0), currency, names)
    return witnesses


def _credits_used(evidence: Evidence, known: Links) -> dict[tuple[str, str], int]:
    refunded: dict[str, int] = {}
    for refund in (r for r in evidence.billing.refunds if r.status not in DEAD):
        note = known.credit_notes.get(refund.credit_note)
        number = note.number if note else refund.credit_note
        refunded[number] = refunded.get(number, 0) + refund.amount
    used: dict[tuple[str, str], int] = {}
    for n in (n for n in evidence.billing.credit_notes if n.status == "Posted"):
        place = (known.account_key.get(n.account, n.account), n.currency)
        used[place] = used.get(place, 0) + n.total - n.unapplied - refunded.get(n.number, 0)
    return used
