"""Plan the revenue of a document: straight line by days over each line's service period.

Metered lines have none: their service is over when they are billed, so they are revenue at once. What is
delivered once gets its plan when it is delivered (`core.revenue.bundles`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from core.canonical.erp import Schedule
from core.canonical.invoices import Line
from core.canonical.money import Money
from core.ports.desk import Desk
from core.steps.cases import InvoiceCase, NoteCase


async def schedule_revenue(desk: Desk, case: InvoiceCase) -> None:
    """One plan per service period of the invoice."""
    for plan in plans(case.invoice.number, case.invoice.lines, 1):
        await desk.erp.add_schedule(plan, f"{case.key}/schedule_revenue/{plan.start}..{plan.end}")


async def schedule_credit(desk: Desk, case: NoteCase) -> None:
    """The plan backwards for what a bill run credits; an adjustment ends no service."""
    # What is written off ends by what is left of it, in a step of its own.
    if case.note.source in ("adjustment", "write_off"):
        return
    for plan in plans(case.note.number, case.note.lines, -1):
        await desk.erp.add_schedule(plan, f"{case.key}/schedule_credit/{plan.start}..{plan.end}")


def plans(document: str, lines: tuple[Line, ...], sign: int) -> list[Schedule]:
    """Lines with the same service period share a plan; the amounts add up to the document's net
    without what is metered or delivered once."""
    sums: defaultdict[tuple[date, date], int] = defaultdict(int)
    for line in (each for each in lines if not (each.metered or each.once)):
        sums[line.start, line.end] += sign * line.net.minor
    currency = lines[0].net.currency if lines else ""
    return [
        Schedule(f"RS-{document}-{start}-{end}", document, Money(amount, currency), start, end)
        for (start, end), amount in sorted(sums.items())
        if amount
    ]
