"""Plan the revenue of a document: each product of each contract over its own service period.

Metered lines have no plan: their service is over when they are billed, so they are revenue at once. What is
delivered once is planned for a day far off, until it is delivered (`core.revenue.bundles`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from core.canonical.erp import Schedule
from core.canonical.invoices import Line
from core.canonical.money import Money
from core.ports.desk import Desk
from core.steps.cases import InvoiceCase, NoteCase

# So long after its bill what is delivered once is planned, while nobody knows the day.
FAR_OFF = timedelta(days=365)
# (start, end, product, contract)
_Whose = tuple[date, date, str, str]


async def schedule_revenue(desk: Desk, case: InvoiceCase) -> None:
    """One plan per service period, product and contract of the invoice."""
    for plan in plans(case.invoice.number, case.invoice.lines, 1, case.account.key):
        await desk.erp.add_schedule(plan, f"{case.key}/schedule_revenue/{what(plan)}")
    await _open(desk, case.invoice.number, case.invoice.lines, 1, case.account.key)


async def schedule_credit(desk: Desk, case: NoteCase) -> None:
    """The plan backwards for what a bill run credits; any other ends what is left, in a step of its own."""
    if case.note.source != "bill_run":
        return
    for plan in plans(case.note.number, case.note.lines, -1, case.account.key):
        await desk.erp.add_schedule(plan, f"{case.key}/schedule_credit/{what(plan)}")
    await _open(desk, case.note.number, case.note.lines, -1, case.account.key)


async def _open(desk: Desk, document: str, lines: Iterable[Line], sign: int, customer: str) -> None:
    """What is delivered once: a plan that is made, and never made anew, since its day moves later on."""
    for line in lines:
        if line.once and line.net:
            day = line.start + FAR_OFF
            plan = Schedule(
                once_key(document, line.product, line.subscription),
                document,
                Money(sign * line.net.minor, line.net.currency),
                day,
                day + timedelta(days=1),
                product=line.product,
                contract=line.subscription,
                customer=customer,
            )
            await desk.erp.open_schedule(plan, f"{customer}/open_schedule/{plan.key}")


def once_key(document: str, product: str, contract: str) -> str:
    """Of the plan of what is delivered once; with a document of "", what such keys end with."""
    return f"RS-{document}-once-{product}-{contract}" if document else f"-once-{product}-{contract}"


def plans(document: str, lines: Iterable[Line], sign: int, customer: str = "") -> list[Schedule]:
    """Lines of one service period, product and contract share a plan; the amounts add up to the document's
    net without what is metered or delivered once."""
    sums, currency = _sums(lines, sign)
    sharing = Counter((start, end) for start, end, _, _ in sums)
    return [
        Schedule(
            f"RS-{document}-{start}-{end}"
            # The period alone names the plan where nothing else has it.
            + (f"-{product}-{contract}" if sharing[start, end] > 1 else ""),
            document,
            Money(amount, currency),
            start,
            end,
            product=product,
            contract=contract,
            customer=customer,
        )
        for (start, end, product, contract), amount in sorted(sums.items())
        if amount
    ]


def periods(document: str, lines: Iterable[Line], sign: int) -> list[Schedule]:
    """The same by service period alone, whatever is sold in it."""
    by_period: defaultdict[tuple[date, date], int] = defaultdict(int)
    sums, currency = _sums(lines, sign)
    for (start, end, _, _), amount in sums.items():
        by_period[start, end] += amount
    return [
        Schedule(f"RS-{document}-{start}-{end}", document, Money(amount, currency), start, end)
        for (start, end), amount in sorted(by_period.items())
        if amount
    ]


def what(plan: Schedule) -> str:
    """A plan among those of its document."""
    return plan.key.removeprefix(f"RS-{plan.source}-")


def _sums(lines: Iterable[Line], sign: int) -> tuple[dict[_Whose, int], str]:
    sums: defaultdict[_Whose, int] = defaultdict(int)
    currency = ""
    for line in lines:
        currency = line.net.currency
        if not (line.metered or line.once):
            sums[line.start, line.end, line.product, line.subscription] += sign * line.net.minor
    return sums, currency
