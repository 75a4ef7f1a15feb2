"""How one transaction is followed from system to system: indexes, keys, all names of a story."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scenarios.checkers.findings import N, distinct, grouped, totals
from scenarios.evidence.bank import BankLine
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice
from scenarios.evidence.crm import CrmOpportunity
from scenarios.evidence.payments import Charge, Dispute, PaymentIntent, Payout, ProcessorRefund
from scenarios.evidence.run import Evidence

DEAD = frozenset({"Canceled", "Cancelled", "Error", "Failed", "Voided"})
REFUND_RETURNS = frozenset({"refund_failure", "payment_failure_refund"})
DEBITS = frozenset({"us_bank_account", "sepa_debit", "bacs_debit", "au_becs_debit", "acss_debit"})
# Balance entries that move money to the bank and, where the bank refused it, back again.
RETURNED_KINDS = frozenset({"payout_failure", "payout_cancel"})
PAYOUT_KINDS = frozenset({"payout", *RETURNED_KINDS})


@dataclass(frozen=True, slots=True)
class Links:
    """Every way from one object to its kin. Where two systems name a document by id or by number,
    both are keys, so that a law need not know which one a reference carries."""

    account_key: Mapping[str, str]
    erp_key: Mapping[str, str]
    subscriptions: Mapping[str, str]
    invoices: Mapping[str, BillingInvoice]
    credit_notes: Mapping[str, BillingCreditNote]
    notes_of: Mapping[str, Sequence[BillingCreditNote]]
    intents: Mapping[str, PaymentIntent]
    intents_of: Mapping[str, Sequence[PaymentIntent]]
    charges_of: Mapping[str, Sequence[Charge]]
    refunds_of: Mapping[str, Sequence[ProcessorRefund]]
    made_of: Mapping[str, Sequence[ProcessorRefund]]
    stuck: tuple[str, ...]
    returned: Mapping[str, Dispute]


def links(evidence: Evidence) -> Links:
    """Index the books once; every law starts from here."""
    billing, payments = evidence.billing, evidence.payments
    return Links(
        account_key={name: a.crm_account for name, a in by_name(billing.accounts).items()},
        erp_key={c.id: c.external for c in evidence.erp.customers},
        subscriptions={name: s.number for name, s in by_name(billing.subscriptions).items()},
        invoices=by_name(billing.invoices),
        credit_notes=by_name(billing.credit_notes),
        notes_of=grouped(billing.credit_notes, lambda n: n.invoice),
        intents={i.id: i for i in payments.intents},
        intents_of=grouped(payments.intents, lambda i: i.invoice),
        charges_of=grouped(payments.charges, lambda c: c.intent),
        refunds_of=grouped(payments.refunds, lambda r: r.intent),
        made_of=grouped(refunds_made(evidence), lambda r: r.intent),
        # Behind a "#" stands the very object: then nothing else that the key names is excused.
        returned=returned_debits(evidence),
        stuck=tuple(p.key.partition("#")[2] or p.key for p in evidence.parked if p.unrecoverable),
    )


def by_name(items: Sequence[N]) -> dict[str, N]:
    """Items by id and by number; a number wins over an equal id."""
    return {**{item.id: item for item in items}, **{item.number: item for item in items}}


def won(evidence: Evidence) -> list[CrmOpportunity]:
    """Closed-won opportunities, in the order in which they were won."""
    found = [o for o in evidence.crm.opportunities if o.stage == "Closed Won"]
    return sorted(found, key=lambda o: (o.closed_at, o.key))


def crm_keys(evidence: Evidence) -> dict[str, str]:
    """CRM account by id or key -> its key."""
    accounts = evidence.crm.accounts
    return {**{a.id: a.key for a in accounts}, **{a.key: a.key for a in accounts}}


def metered(evidence: Evidence) -> frozenset[str]:
    """Numbers of the charges that are billed by use, after it."""
    return frozenset(charge.charge for charge in evidence.billing.usage_charges)


def once(evidence: Evidence) -> frozenset[str]:
    """Numbers of the charges that are billed once, for what is delivered at a point in time."""
    sold = evidence.billing.subscriptions
    return frozenset(segment.charge for s in sold for segment in s.segments if not segment.period_months)


def captures(evidence: Evidence) -> list[Charge]:
    """Charges that took money."""
    return [c for c in evidence.payments.charges if c.status == "succeeded"]


def returned_debits(evidence: Evidence) -> dict[str, Dispute]:
    """Charges that the payer's bank sent back after they had succeeded, by id: what the processor calls a
    dispute of a bank debit, which nobody can answer."""
    drawn = {c.id for c in evidence.payments.charges if c.method in DEBITS}
    disputes = evidence.payments.disputes
    return {d.charge: d for d in disputes if d.charge in drawn and d.status == "lost"}


def paid_in(evidence: Evidence) -> dict[str, BankLine]:
    """What customers transferred to the bank themselves, by the bank's id."""
    return {x.transfer: x for x in evidence.bank.lines if x.transfer and x.amount > 0}


def paid_back(evidence: Evidence) -> dict[str, BankLine]:
    """What was transferred back to them, by the bank's id."""
    return {x.transfer: x for x in evidence.bank.lines if x.transfer and x.amount < 0}


def refunds_made(evidence: Evidence) -> list[ProcessorRefund]:
    """Refunds that the customer's bank took, also where it sent them back later, and those that failed
    and are booked all the same: a return is a fact of its own."""
    took = {c.id for c in evidence.changes if c.kind == "refund" and c.state == "succeeded"}
    booked = {r.external for r in evidence.erp.refunds} | {r.reference for r in evidence.billing.refunds}
    return [
        r
        for r in evidence.payments.refunds
        if r.status == "succeeded" or (r.status == "failed" and r.id in took | booked)
    ]


def payouts_sent(evidence: Evidence) -> list[Payout]:
    """The same of payouts."""
    booked = {j.external for j in evidence.erp.journals}
    return [
        p
        for p in evidence.payments.payouts
        if p.status == "paid" or (p.status == "failed" and (p.paid_at or p.id in booked))
    ]


def named_in(key: str, text: str) -> bool:
    """Whether `text` names exactly `key`, and not just a longer key that begins or ends alike."""
    return bool(key) and bool(re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text))


def excused(known: Links, *keys: str) -> bool:
    """Whether one of the keys waits in the exception queue for a human, marked unrecoverable."""
    return any(named_in(key, parked) for parked in known.stuck for key in keys)


def invoice_keys(known: Links, number: str) -> tuple[str, ...]:
    """The business keys of a billing invoice: its number, and the key of its case."""
    invoice = known.invoices.get(number)
    if invoice is None:
        return (number,)
    return (number, f"invoice:{known.account_key.get(invoice.account, invoice.account)}:{invoice.date}")


def about_invoice(known: Links, number: str, *more: str) -> tuple[str, ...]:
    """All names under which the story of an invoice can be collected."""
    invoice = known.invoices.get(number)
    names = [number]
    if invoice is not None:
        names = [known.account_key.get(invoice.account, invoice.account), invoice.number, invoice.id]
        for line in invoice.lines:
            subscription = known.subscriptions.get(line.subscription, line.subscription)
            names += [subscription, subscription.removeprefix("S-")]
    for intent in known.intents_of.get(number, ()):
        names += [intent.id, *(c.id for c in known.charges_of.get(intent.id, ()))]
        names += [refund.id for refund in known.refunds_of.get(intent.id, ())]
    names += [note.number for note in known.notes_of.get(number, ())]
    return distinct(*names, *more)


def about_intent(known: Links, intent: str, *more: str) -> tuple[str, ...]:
    """All names under which the story of a payment can be collected."""
    found = known.intents.get(intent)
    if found is None:
        return distinct(intent, *more)
    return distinct(intent, *about_invoice(known, found.invoice), *more)


def about_note(known: Links, number: str, *more: str) -> tuple[str, ...]:
    """All names under which the story of a credit note can be collected."""
    note = known.credit_notes.get(number)
    if note is None:
        return distinct(number, *more)
    names = (known.account_key.get(note.account, note.account), note.number, note.id)
    rest = about_invoice(known, note.invoice) if note.invoice else ()
    return distinct(*names, *rest, *more)


def ledger_totals(evidence: Evidence, account: str) -> dict[str, int]:
    """Debits less credits of one account, per currency."""
    lines = (line for line in evidence.erp.ledger if line.account == account)
    return totals((line.currency, line.debit - line.credit) for line in lines)
