"""What of an invoice's service lies ahead on a day, and what was credited of it."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.checkers.days import day
from scenarios.checkers.findings import totals
from scenarios.evidence.billing import BillingInvoice, DocumentLine
from scenarios.evidence.run import Evidence


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
