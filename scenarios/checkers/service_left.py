"""What of an invoice's service lies ahead on a day, what was credited of it, and what a credit takes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from scenarios.checkers.days import day
from scenarios.checkers.findings import totals, unequal
from scenarios.checkers.lookups import Links
from scenarios.evidence.billing import BillingCreditNote, BillingInvoice, DocumentLine
from scenarios.evidence.erp import ErpCreditMemo
from scenarios.evidence.run import Evidence
from scenarios.evidence.verdicts import Witness

# Where the part of a credit goes whose service was delivered. What a bill run credits ends service by
# its own lines and is all deferred.
DELIVERED = {"refund": "4900", "adjustment": "4900", "write_off": "6200"}


def remaining(lines: Sequence[DocumentLine], at: int) -> int:
    """Net of the days from `at` on; a period's delivered part is rounded down, and none is negative."""
    periods = totals((f"{x.start}/{x.end}", x.net) for x in lines)
    left = 0
    for period, net in periods.items():
        first, last = (day(edge) for edge in period.split("/"))
        gone = min(max(at - first, 0), last - first)
        rest = net - (net * gone // (last - first) if last > first else net)
        left += max(rest, 0)
    return left


def credited(evidence: Evidence, invoice: BillingInvoice, at: int) -> int:
    """Credits of bill runs, dated before the bank's word, for days not delivered."""
    mine = {x.subscription for x in invoice.lines}
    ends = max((day(x.end) for x in invoice.lines), default=0)
    found = 0
    for note in evidence.billing.credit_notes:
        if note.account != invoice.account or note.status != "Posted" or note.source != "bill_run":
            continue
        if day(note.date) >= at:
            continue
        lines = [x for x in note.lines if x.subscription in mine and day(x.start) < ends]
        found += remaining(lines, at)
    return found


def posted_parts(
    evidence: Evidence, note: BillingCreditNote, memo: ErpCreditMemo, known: Links, names: tuple[str, ...]
) -> list[Witness]:
    """P33 to P35 and P39. What was delivered is contra revenue or bad debt, the rest comes off deferred
    revenue, tax off tax payable, all for the receivable; what came off deferred revenue is planned no
    more; and what is written off nobody can pay."""
    delivered = DELIVERED.get(note.source)
    if delivered is None:
        return []
    lines = [x for x in evidence.erp.ledger if x.kind == "creditMemo" and x.document == memo.id]
    sums = totals((x.account, x.debit - x.credit) for x in lines)
    late = -sum(s.amount for s in evidence.erp.schedules if s.source == note.number)
    due = {delivered: note.net - late, "2100": late, "2000": note.tax, "1100": -note.total}
    found: list[Witness] = []
    for account, amount in due.items():
        what = f"account {account} in the {note.source} {note.number}"
        found += unequal(what, sums.get(account, 0), amount, note.currency, names)
    invoice = known.invoices.get(note.invoice)
    if invoice is None:
        return found
    at = day(note.date)
    left = max(remaining(invoice.lines, at) - credited(evidence, invoice, at), 0)
    share = Fraction(min(left, max(invoice.net, 0)) * note.net, max(invoice.net, 1))
    if not share - 1 < late < share + 1:
        what = f"undelivered part of the {note.source} {note.number}"
        found += unequal(what, late, int(share), note.currency, names)
    if note.source == "write_off":
        for intent in known.intents_of.get(invoice.number, ()):
            if intent.status not in {"canceled", "succeeded"}:
                said = f"{invoice.number} is written off and {intent.id} can still be paid"
                found.append(Witness("other", names, said, note.total, note.currency))
    return found
