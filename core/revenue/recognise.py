"""Release revenue to the end of a month: each plan by the stored rule, in a few journals a month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from core.canonical.erp import Journal, JournalLine, Schedule
from core.canonical.errors import PeriodClosed
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.revenue.earned import unreleased
from core.finance.revenue.policy import Late
from core.ports.desk import Desk
from core.revenue.unbilled import accrue
from core.steps.posting_day import post_in_open_period, takes_in

DEFERRED, REVENUE = "2100", "4000"
# Plans per journal: a ledger system takes some hundred lines in one entry.
_PLANS = 100
# Plans that ended longer ago than this have been released long since.
_LOOK_BACK = timedelta(days=400)


async def recognise(desk: Desk, month: date) -> int:
    """Journals "REV-2026-01-USD-001", … up to the month that begins on `month`; returns how many. Where
    there are legal entities, "REV-2026-01-DE-EUR-001", …: each in its own books.

    Each plan is brought to where it should stand at the end of the month. What a plan that came late, or
    a month that was left out, should have had before is released under the month it was earned in, on
    that month's last day, or where it is closed on the next open one, or under the other policy with the
    month that is being released. Nothing is released twice.
    """
    done = await desk.erp.released()
    by_month: defaultdict[tuple[date, str, str], list[tuple[Schedule, Money]]] = defaultdict(list)
    async for plan in desk.erp.schedules(month - _LOOK_BACK, last_day(month)):
        currency = plan.amount.currency
        # The plan of a dispute has no document of its own in the ledger.
        entity = plan.entity or takes_in(desk, currency)
        for earned_in, share in unreleased(plan, done.get(plan.key, 0), month, desk.revenue.rule):
            by_month[earned_in, entity, currency].append((plan, share))
    count = 0
    for (earned_in, entity, currency), shares in sorted(by_month.items()):
        begin = f"REV-{earned_in:%Y-%m}-{f'{entity}-' if entity else ''}{currency}"
        shares.sort(key=lambda pair: pair[0].key)
        number = 1
        for index in range(0, len(shares), _PLANS):
            while await desk.erp.journal(key := f"{begin}-{number:03d}") is not None:
                number += 1
            part = shares[index : index + _PLANS]
            await _post(desk, key, last_day(earned_in), entity, part, last_day(month))
            number += 1
            count += 1
    return count + await accrue(desk, month)


async def _post(
    desk: Desk, key: str, on: date, entity: str, shares: list[tuple[Schedule, Money]], end: date
) -> None:
    currency = shares[0][0].amount.currency
    await desk.watch.tracer.touch(*(plan.contract for plan, _ in shares))
    nothing = Money(0, currency)
    lines: list[JournalLine] = []
    for plan, share in shares:
        debit, credit = (DEFERRED, REVENUE) if share.minor > 0 else (REVENUE, DEFERRED)
        amount = share if share.minor > 0 else -share
        at = desk.classification.at(plan.product, plan.customer, plan.contract)
        lines.append(JournalLine(debit, amount, nothing, plan.key, at))
        lines.append(JournalLine(credit, nothing, amount, plan.key, at))

    async def post(day: date) -> None:
        memo = f"Revenue of {on:%Y-%m}"
        if (day.year, day.month) != (on.year, on.month):
            memo += f", original period {on:%Y-%m}"
        journal = Journal(key, day, currency, memo, tuple(lines), entity)
        await desk.erp.post_journal(journal, f"revenue#{key}/post")

    if desk.revenue.late is Late.CATCH_UP and on < end:
        try:
            await post(on)
        except PeriodClosed:
            await post_in_open_period(desk, end, post)
        return
    await post_in_open_period(desk, on, post)
