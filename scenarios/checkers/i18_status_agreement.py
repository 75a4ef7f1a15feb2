"""I-18: the status each system shows of an invoice or a deal follows from billing and payments."""

from __future__ import annotations

from scenarios.checkers.findings import differs, distinct, escalated, exactly_one, grouped, unequal
from scenarios.checkers.lookups import Links, about_invoice, crm_keys, excused, invoice_keys, links, won
from scenarios.evidence.billing import BillingInvoice
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """For each posted invoice the CRM mirror and the ERP invoice, for each new deal with a
    subscription the write-back. A missing ERP invoice is left to I-02, a missing mirror is lost."""
    known = links(evidence)
    mirrors = grouped(evidence.crm.invoices, lambda i: i.number)
    crm_key = crm_keys(evidence)
    posted = [i for i in evidence.billing.invoices if i.status == "Posted"]
    witnesses: list[Witness] = []
    skipped = 0
    for invoice in posted:
        found = mirrors.get(invoice.number, [])
        if not found and excused(known, *invoice_keys(known, invoice.number)):
            skipped += 1
            continue
        names = about_invoice(known, invoice.number, *(mirror.id for mirror in found))
        what = f"CRM invoice of {invoice.number}"
        witnesses += exactly_one(what, found, names, invoice.total, invoice.currency)
        for mirror in found[:1]:
            status = due_status(invoice, known)
            witnesses += differs(f"status of {what}", mirror.status, status, names)
            witnesses += unequal(f"total of {what}", mirror.total, invoice.total, invoice.currency, names)
            witnesses += unequal(
                f"balance of {what}", mirror.balance, invoice.balance, invoice.currency, names
            )
            witnesses += differs(f"currency of {what}", mirror.currency, invoice.currency, names)
            theirs = crm_key.get(mirror.account, mirror.account)
            ours = known.account_key.get(invoice.account, "")
            witnesses += differs(f"account of {what}", theirs, ours, names)
    written, deals = _written_back(evidence)
    witnesses += _in_erp(evidence, known) + written
    return judged("I-18", len(posted) + deals, witnesses, escalated(skipped))


def due_status(invoice: BillingInvoice, known: Links) -> str:
    """Total table: open or not, refunded or not, last charge failed (or sent back by the bank) or not."""
    intents = known.intents_of.get(invoice.number, ())
    refunds = [r for i in intents for r in known.made_of.get(i.id, ())]
    if invoice.balance == 0:
        return "Refunded" if refunds else "Paid"
    charges = [c for i in intents for c in known.charges_of.get(i.id, ())]
    by_age = sorted(charges, key=lambda c: c.created_at)
    failed = bool(by_age) and (by_age[-1].status == "failed" or by_age[-1].id in known.returned)
    return "Payment Failed" if failed else "Posted"


def _in_erp(evidence: Evidence, known: Links) -> list[Witness]:
    found: list[Witness] = []
    for twin in evidence.erp.invoices:
        names = about_invoice(known, twin.external, twin.id)
        due = "Open" if twin.remaining else "Paid In Full"
        found += differs(f"status of ERP invoice {twin.id}", twin.status, due, names)
        invoice = known.invoices.get(twin.external)
        if invoice is not None and invoice.status == "Posted":
            what = f"open part of ERP invoice of {invoice.number}"
            found += unequal(what, twin.remaining, invoice.balance, invoice.currency, names)
    return found


def _written_back(evidence: Evidence) -> tuple[list[Witness], int]:
    numbers = {s.number for s in evidence.billing.subscriptions}
    deals = [d for d in won(evidence) if d.kind == "new" and f"S-{d.key}" in numbers]
    found: list[Witness] = []
    for deal in deals:
        number = f"S-{deal.key}"
        names = distinct(deal.account, deal.key, number)
        found += differs(f"subscription written to deal {deal.key}", deal.subscription, number, names)
        # What an operator took back stays taken back; that nothing is billed for it is for I-01 to say.
        due = "Withdrawn" if deal.status == "Withdrawn" else "Activated"
        found += differs(f"status written to deal {deal.key}", deal.status, due, names)
    return found, len(deals)
