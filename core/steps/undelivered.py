"""What of an invoice's revenue is still to be delivered on a day, less what was credited of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from core.canonical.erp import Ended, Late, Schedule
from core.canonical.invoices import CreditNote, Invoice, Line
from core.canonical.money import Money
from core.finance.exact import Residual, split
from core.finance.revenue.earned import earned
from core.finance.revenue.schedule import Rule
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

    def by_product(self, minor: int) -> Late:
        """The same by product and contract, in the order of the plans."""
        sums: dict[tuple[str, str], Money] = {}
        for plan in self.backwards("", minor):
            whose = plan.product, plan.contract
            sums[whose] = sums.get(whose, Money(0, plan.amount.currency)) - plan.amount
        return tuple(Ended(product, contract, amount) for (product, contract), amount in sums.items())


@dataclass(frozen=True, slots=True)
class Taken:
    """What a credit takes of an invoice. late: the part of its net that was still deferred on its day."""

    invoice: Invoice
    left: Remaining
    late: Money

    @property
    def by_product(self) -> Late:
        """The late part, by product."""
        return self.left.by_product(self.late.minor)


async def taken_by(desk: Desk, note: CreditNote) -> Taken:
    """In proportion: a credit over a share of the invoice's net takes that share of what is undelivered.

    So the answer does not hang on the order in which credits of one invoice come: each takes its share of
    the plan and leaves the others theirs, and all of them together take no more than there is.
    """
    invoice = await desk.billing.invoice(note.invoice)
    left = await undelivered(desk, invoice, note.on)
    net = max(invoice.net.minor, 0)
    late = note.net.minor * min(left.total, net) // net if net else 0
    return Taken(invoice, left, Money(late, note.net.currency))


async def undelivered(desk: Desk, invoice: Invoice, on: date) -> Remaining:
    """Service up to the day before `on` counts as delivered."""
    rule = desk.revenue.rule
    whose = plans(invoice.number, invoice.lines, 1, invoice.account)
    left = [replace(plan, amount=_left(plan, on, rule)) for plan in whose]
    left = [plan for plan in left if plan.amount.minor > 0]
    # By period: what one product takes off another's price in it is not owed a second time.
    together = periods(invoice.number, invoice.lines, 1)
    total = sum(max(_left(plan, on, rule).minor, 0) for plan in together)
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
        lines: tuple[Line, ...] = tuple(
            line for line in note.lines if line.subscription in mine and line.start < ends
        )
        rule = desk.revenue.rule
        credited += sum(_left(plan, on, rule).minor for plan in periods(note.number, lines, 1))
    return credited


def _left(plan: Schedule, on: date, rule: Rule) -> Money:
    return plan.amount - earned(plan, on - timedelta(days=1), rule)
