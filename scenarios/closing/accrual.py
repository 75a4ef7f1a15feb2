"""Use that was unbilled at the end of the month before, and what was billed of it since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.close.extract import Explanation
from core.close.rows.revenue import UsageAccrual, UsageBilled
from scenarios.checkers.days import day, period_around
from scenarios.checkers.i41_usage_once import cost
from scenarios.checkers.revenue import accrued_month
from scenarios.closing.frame import Frame, at, money
from scenarios.evidence.billing import UsageCharge, UsageRecord

# Days that the books of a month stay open for what is told late.
_OPEN_DAYS = 2


def tables(frame: Frame) -> dict[str, tuple[Any, ...]]:
    """Tables of the extract by name: by contract, meter and the month before this one."""
    before = frame.start - timedelta(days=1)
    month = f"{before:%Y-%m}"
    stands = _stands(frame, month)
    accruals, billed = [], []
    for charge in frame.evidence.billing.usage_charges:
        for start, records in _periods(frame, charge).items():
            mine = f"USE/{charge.subscription}/{charge.unit}/{start}"
            parts = list(_billed(frame, charge, start, records, before.isoformat()))
            if not parts:
                continue  # no bill to compare with yet
            amount, late = parts[0]
            causes = (("late usage", money(late, charge.currency)),) if late else ()
            name = {"item": charge.subscription, "meter": charge.unit, "month": month}
            billed.append(UsageBilled(**name, amount=money(amount, charge.currency), causes=causes))
            accruals.append(UsageAccrual(**name, amount=money(stands.get(mine, 0), charge.currency)))
    return {"accruals": tuple(accruals), "usage_billed": tuple(billed)}


def told_late(frame: Frame) -> Iterator[Explanation]:
    """Use that came after the books of its month were closed, which this month has accrued or billed."""
    for row in tables(frame)["usage_billed"]:
        for cause, _ in row.causes:
            by = f"told after {row.month} was closed; revenue of {frame.month}"
            yield Explanation(control="C29", key=f"{row.item}/{row.meter}/{row.month}", cause=cause, by=by)


def _stands(frame: Frame, month: str) -> dict[str, int]:
    """What stood on the unbilled receivable at the end of the month before, by contract, meter and period."""
    journals = {j.id for j in frame.evidence.erp.journals if accrued_month(j.external)}
    found: dict[str, int] = {}
    for line in frame.evidence.erp.ledger:
        if line.document in journals and line.account == "1150" and line.period <= month:
            name = line.memo.split(" ")[0]
            found[name] = found.get(name, 0) + line.debit - line.credit
    return found


def _periods(frame: Frame, charge: UsageCharge) -> dict[str, list[UsageRecord]]:
    """Use of a meter by the first day of its billing period."""
    sold = {each.number: each for each in frame.evidence.billing.subscriptions}[charge.subscription]
    begins, found = day(sold.start), dict[str, list[UsageRecord]]()
    for record in frame.evidence.billing.usage:
        on = day(record.on)
        if (record.subscription, record.unit) == (charge.subscription, charge.unit) and on >= begins:
            start = frame.start.fromordinal(period_around(begins, 1, on)[0]).isoformat()
            found.setdefault(start, []).append(record)
    return found


def _billed(
    frame: Frame, charge: UsageCharge, start: str, records: list[UsageRecord], end: str
) -> Iterator[tuple[int, int]]:
    """What this month's bills of a period take of the use up to the end of the month before, and what of it
    was told after the books were closed. Nothing where there is no such bill."""
    dated = [
        (invoice.date, line.net)
        for invoice in frame.evidence.billing.invoices
        for line in invoice.lines
        if invoice.status == "Posted" and line.charge == charge.charge and line.start == start
    ]
    earlier = sum(net for on, net in dated if on <= end)
    if not any(end < on and frame.until(on) for on, _ in dated):
        return
    told = {use.id: at(use.at).date() for use in reversed(frame.evidence.product.usage)}
    closed = frame.start + timedelta(days=_OPEN_DAYS)
    by_then = [r for r in records if r.on <= end]
    billed = [r for r in by_then if told.get(r.event, frame.start) < frame.end]
    known = [r for r in billed if told.get(r.event, frame.start) < closed]
    whole = _cost(charge, billed) - earlier
    if whole or _cost(charge, known) - earlier:
        yield max(whole, 0), max(whole, 0) - max(_cost(charge, known) - earlier, 0)


def _cost(charge: UsageCharge, records: list[UsageRecord]) -> int:
    return cost(charge, sum((Decimal(r.quantity) for r in records), Decimal(0)))
