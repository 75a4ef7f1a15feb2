"""P40: what comes for an invoice after it was written off is as much as was lost, and booked as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from scenarios.checkers.days import day
from scenarios.checkers.findings import distinct, major, totals, unequal
from scenarios.checkers.lookups import Links, about_invoice, paid_in
from scenarios.checkers.service_left import credited, remaining
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Witness

_BETWEEN = "-recovered-"


def written_off(evidence: Evidence) -> dict[str, BillingCreditNote]:
    """By the invoice that was given up."""
    notes = evidence.billing.credit_notes
    return {n.invoice: n for n in notes if n.source == "write_off" and n.status == "Posted"}


def asked_again(evidence: Evidence) -> dict[str, str]:
    """Billing's debit notes that ask anew, and the invoices of which they do."""
    return {n.number: n.invoice for n in evidence.billing.debit_notes if n.status == "Posted" and n.invoice}


def came_back(evidence: Evidence) -> dict[tuple[str, str], int]:
    """(transfer, invoice) -> what of the transfer billing puts against the write-off of the invoice."""
    again, moved = asked_again(evidence), paid_in(evidence)
    sums: dict[tuple[str, str], int] = {}
    for payment in evidence.billing.payments:
        for part in payment.applied if payment.reference in moved else ():
            if part.document in again:
                place = payment.reference, again[part.document]
                sums[place] = sums.get(place, 0) + part.amount
    return sums


def booked(evidence: Evidence) -> dict[tuple[str, str], dict[str, int]]:
    """(transfer, invoice) -> what its journal posts, by account; a debit is positive."""
    names = {}
    for journal in evidence.erp.journals:
        transfer, between, number = journal.external.partition(_BETWEEN)
        if between:
            names[journal.id] = transfer, number
    sums: dict[tuple[str, str], dict[str, int]] = {name: {} for name in names.values()}
    for line in evidence.erp.ledger:
        if line.kind == "journalEntry" and line.document in names:
            found = sums[names[line.document]]
            found[line.account] = found.get(line.account, 0) + line.debit - line.credit
    return sums


def check_recovered(evidence: Evidence, known: Links, but: frozenset[str]) -> list[Witness]:
    """Each transfer's part is in both books; those of one invoice are no more than was written off of it,
    and are loss, dropped revenue and tax as that was. but: transfers that a person has in hand."""
    came, posted, gone = came_back(evidence), booked(evidence), written_off(evidence)
    found: list[Witness] = []
    by_invoice: dict[str, list[Mapping[str, int]]] = {}
    for transfer, number in sorted({*came, *posted}):
        if transfer in but:
            continue
        note, entry = gone.get(number), posted.get((transfer, number), {})
        names = distinct(transfer, *about_invoice(known, number))
        currency = note.currency if note else evidence.bank.lines[0].currency
        what = f"what {transfer} brings back of {number} in the ledger"
        found += unequal(what, entry.get("1000", 0), came.get((transfer, number), 0), currency, names)
        if note is None:
            said = f"{transfer} brings back {number}, of which nothing was written off"
            found.append(Witness("wrong_amount", names, said, entry.get("1000", 0), currency))
        by_invoice.setdefault(number, []).append(entry)
    for number, entries in by_invoice.items():
        invoice = known.invoices.get(number)
        if number in gone and invoice is not None:
            found += _as_lost(evidence, known, invoice, gone[number], entries)
    return found


def _as_lost(
    evidence: Evidence,
    known: Links,
    invoice: BillingInvoice,
    note: BillingCreditNote,
    entries: Sequence[Mapping[str, int]],
) -> list[Witness]:
    """To the minor unit that rounding may move."""
    names = about_invoice(known, invoice.number)
    sums = totals((account, minor) for entry in entries for account, minor in entry.items())
    total = sums.get("1000", 0)
    found: list[Witness] = []
    if total > note.total:
        said = f"{major(total, note.currency)} came back of {invoice.number}, of which no more than"
        said += f" {major(note.total, note.currency)} was written off"
        found.append(Witness("wrong_amount", names, said, total - note.total, note.currency))
    at = day(note.date)
    left = max(remaining(invoice.lines, at) - credited(evidence, invoice, at), 0)
    late = Fraction(min(left, max(invoice.net, 0)) * note.net, max(invoice.net, 1))
    due = {"6210": note.net - late, "4000": late, "2000": Fraction(note.tax)}
    for account in sorted({*sums, *due} - {"1000"}):
        share = -total * due.get(account, Fraction(0)) / max(note.total, 1)
        # One minor unit for the share of the write-off, one for the share of that.
        if abs(sums.get(account, 0) - share) >= (2 if account in due else 1):
            what = f"account {account} in what came back of {invoice.number}"
            found += unequal(what, sums.get(account, 0), int(share), note.currency, names)
    return found


def still_lost(evidence: Evidence) -> dict[str, tuple[str, int]]:
    """Invoice -> the day of its write-off, and what of that has not come back."""
    back = totals((number, amount) for (_, number), amount in came_back(evidence).items())
    return {n: (note.date, note.total - back.get(n, 0)) for n, note in written_off(evidence).items()}
