"""What of an invoice's revenue is still to be delivered on a day, less what was credited of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from core.canonical.erp import Schedule
from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.finance.exact import Residual, split
from core.finance.revenue.earned import earned
from core.ports.desk import Desk
from core.steps.schedule_revenue import periods, plans, what

_COUNTS = frozenset({"draft", "posted"})


@dataclass(frozen=True, slots=True)
class Remaining:
    """total: minor units still deferred on the day; plans: what each plan of the invoice has of it."""

    on: date
    total: int
    plans: tuple[Schedule, ...]

    def backwards(self, source: str, minor: int) -> list[Schedule]:
        """`minor` of it taken back, over the days that are left of each plan."""
        if not minor or not self.plans:
            return []
        parts = split(minor, [plan.amount.minor for plan in self.plans], Residual.LARGEST_REMAINDER).parts
        return [
            replace(
                plan,
                key=f"RS-{source}-{what(plan)}",
                source=source,
                amount=Money(-part, plan.amount.currency),
                start=max(plan.start, self.on),
            )
            for plan, part in zip(self.plans, parts, strict=True)
            if part
        ]


async def undelivered(desk: Desk, invoice: Invoice, on: date) -> Remaining:
    """Service up to the day before `on` counts as delivered."""
    whose = plans(invoice.number, invoice.lines, 1, invoice.account)
    left = [replace(plan, amount=_left(plan, on)) for plan in whose]
    left = [plan for plan in left if plan.amount.minor > 0]
    total = sum(max(_left(plan, on).minor, 0) for plan in periods(invoice.number, invoice.lines, 1))
    if total:
        total = max(total - await _credited(desk, invoice, on), 0)
    return Remaining(on, total, tuple(left) if total else ())


async def _credited(desk: Desk, invoice: Invoice, on: date) -> int:
    """What bill runs had credited by then of the days that are left, for the subscriptions of the invoice.

    By the date of the note, posted yet or not: the answer must be the same whenever it is asked for.
    """
    since = datetime(invoice.on.year, invoice.on.month, invoice.on.day, tzinfo=UTC)
    mine = {line.subscription for line in invoice.lines}
    ends = max(line.end for line in invoice.lines)
    credited = 0
    async for row in desk.billing.credit_notes_since(since):
        if row.account != invoice.account or row.status not in _COUNTS or row.reference != "bill_run":
            continue
        note = await desk.billing.credit_note(row.id)
        if note.on >= on:
            continue
        lines = tuple(line for line in note.lines if line.subscription in mine and line.start < ends)
        credited += sum(_left(plan, on).minor for plan in periods(note.number, lines, 1))
    return credited


def _left(plan: Schedule, on: date) -> Money:
    return plan.amount - earned(plan, on - timedelta(days=1))
