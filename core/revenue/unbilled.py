"""What was delivered before it was billed: a contract asset at the month's end, met by the bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial

from core.canonical.erp import Journal, JournalLine, Schedule
from core.canonical.errors import PeriodClosed
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.revenue.ahead import Ahead, ahead
from core.ports.desk import Desk
from core.steps.posting_day import post_in_open_period, takes_in

DEFERRED, UNBILLED = "2100", "1150"
# Parts per journal: a ledger system takes some hundred lines in one entry.
_PARTS = 100
# Whose, memo, minor units to the asset
_Line = tuple[Schedule, str, int]


async def accrue(desk: Desk, month: date, plans: Iterable[Schedule]) -> int:
    """Journals "UNB-2026-01-USD-001", … for the month that begins on `month`, after its revenue; returns how
    many. plans: all that touch the month, or were billed by its end.

    P05: on the month's last day what is earned and not billed goes from deferred revenue, which it would
    make negative, to the contract asset. P06: on the day of its document it goes back, so that the bill
    meets the asset. Nothing is posted twice: the lines name their plan and month, and what stands there
    is taken into account. Where the month is closed, its revenue stands in a later one and so does the bill.
    """
    end = last_day(month)
    later = {name.removesuffix("-lost"): on for name, on in (await desk.erp.dated_after(end)).items()}
    policy = desk.revenue
    parts = ahead(plans, end, later, policy.rule, policy.netting) if later else []
    if not parts:
        return 0
    stands = await desk.erp.unbilled()
    by_place: defaultdict[tuple[str, str], list[Ahead]] = defaultdict(list)
    for part in parts:
        currency = part.plan.amount.currency
        by_place[part.plan.entity or takes_in(desk, currency), currency].append(part)
    count = 0
    for (entity, currency), own in sorted(by_place.items()):
        begin = f"UNB-{month:%Y-%m}-{f'{entity}-' if entity else ''}{currency}"
        book = _Book(desk, month, begin, entity, stands)
        count += await book.accrue(own)
        count += await book.meet(own)
    return count


class _Book:
    """The journals of one month in one set of books and one currency."""

    def __init__(self, desk: Desk, month: date, begin: str, entity: str, stands: Mapping[str, int]) -> None:
        self._desk, self._month, self._begin, self._entity = desk, month, begin, entity
        self._stands = dict(stands)
        self._number = 1

    def _memo(self, plan: Schedule, what: str) -> str:
        return f"{plan.key} {what} {self._month:%Y-%m}"

    async def accrue(self, parts: Sequence[Ahead]) -> int:
        """Dr asset, Cr deferred revenue at the month's end; none where its period is closed."""
        wanted = [(part.plan, self._memo(part.plan, "unbilled"), part.minor) for part in parts]
        lines = [(plan, memo, due) for plan, memo, minor in wanted if (due := minor - self._has(memo))]
        count = 0
        for index in range(0, len(lines), _PARTS):
            chunk = lines[index : index + _PARTS]
            try:
                await self._post(last_day(self._month), f"Unbilled at the end of {self._month:%Y-%m}", chunk)
            except PeriodClosed:
                self._desk.watch.count("unbilled_of_closed_month")
                return count
            self._stands.update({memo: self._has(memo) + minor for _, memo, minor in chunk})
            count += 1
        return count

    async def meet(self, parts: Sequence[Ahead]) -> int:
        """Back again, each on the day of its document."""
        by_day: defaultdict[date, list[_Line]] = defaultdict(list)
        for part in parts:
            memo = self._memo(part.plan, "billed")
            left = -self._has(self._memo(part.plan, "unbilled")) - self._has(memo)
            if left:
                by_day[part.billed].append((part.plan, memo, left))
        count = 0
        for day, lines in sorted(by_day.items()):
            for index in range(0, len(lines), _PARTS):
                post = partial(self._meet, lines[index : index + _PARTS])
                await post_in_open_period(self._desk, day, post)
                count += 1
        return count

    async def _meet(self, lines: Sequence[_Line], on: date) -> None:
        await self._post(on, f"Unbilled of {self._month:%Y-%m}, billed", lines)

    def _has(self, memo: str) -> int:
        return self._stands.get(memo, 0)

    async def _post(self, on: date, says: str, parts: Sequence[_Line]) -> None:
        while await self._desk.erp.journal(key := f"{self._begin}-{self._number:03d}") is not None:
            self._number += 1
        currency = parts[0][0].amount.currency
        nothing, lines = Money(0, currency), []
        for plan, memo, minor in parts:
            amount = Money(abs(minor), currency)
            debit, credit = (UNBILLED, DEFERRED) if minor > 0 else (DEFERRED, UNBILLED)
            at = self._desk.classification.at(plan.product, plan.customer, plan.contract)
            lines += [JournalLine(debit, amount, nothing, memo, at)]
            lines += [JournalLine(credit, nothing, amount, memo, at)]
        journal = Journal(key, on, currency, says, tuple(lines), self._entity)
        await self._desk.erp.post_journal(journal, f"unbilled#{key}/post")
