"""I-02: each finalized billing invoice has exactly one equal invoice in the ERP, in the right period."""

from __future__ import annotations

from scenarios.checkers.findings import differs, escalated, exactly_one, grouped, numbered_twice, unequal
from scenarios.checkers.lookups import Links, about_invoice, excused, invoice_keys, links
from scenarios.evidence.billing import BillingInvoice
from scenarios.evidence.erp import ErpInvoice, Period
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Verdict, Witness, judged


def check(evidence: Evidence) -> Verdict:
    """Pair by external id; compare total, tax, currency, customer and accounting period."""
    known = links(evidence)
    twins = grouped(evidence.erp.invoices, lambda i: i.external)
    periods = sorted(evidence.erp.periods, key=lambda p: p.start)
    posted = [i for i in evidence.billing.invoices if i.status == "Posted"]
    witnesses = numbered_twice("invoice", posted, lambda number: about_invoice(known, number))
    skipped = 0
    for invoice in posted:
        found = twins.get(invoice.number, [])
        if not found and excused(known, *invoice_keys(known, invoice.number)):
            skipped += 1
            continue
        names = about_invoice(known, invoice.number, *(twin.id for twin in found))
        what = f"ERP invoice of {invoice.number}"
        witnesses += exactly_one(what, found, names, invoice.total, invoice.currency)
        for twin in found[:1]:
            witnesses += _same(what, invoice, twin, known, names)
            witnesses += differs(f"period of {what}", twin.period, due_period(invoice, twin, periods), names)
    return judged("I-02", len(posted), witnesses, escalated(skipped))


def _same(
    what: str, invoice: BillingInvoice, twin: ErpInvoice, known: Links, names: tuple[str, ...]
) -> list[Witness]:
    return [
        *unequal(f"total of {what}", twin.total, invoice.total, invoice.currency, names),
        *unequal(f"tax of {what}", twin.tax, invoice.tax, invoice.currency, names),
        *differs(f"currency of {what}", twin.currency, invoice.currency, names),
        *differs(
            f"customer of {what}",
            known.erp_key.get(twin.customer, ""),
            known.account_key.get(invoice.account, ""),
            names,
        ),
    ]


def due_period(invoice: BillingInvoice, twin: ErpInvoice, periods: list[Period]) -> str:
    """The month of the invoice date; once that is closed, the first later period open at posting.

    "none" where the ERP had no such period: then whatever it wrote is wrong.
    """
    month = invoice.date[:7]
    for period in (p for p in periods if p.name >= month):
        if not (period.closed and period.closed_at <= twin.created_at):
            return period.name
    return "none" if periods else month
