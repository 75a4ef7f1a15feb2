"""What was delivered before it was billed: a contract asset at the month's end, met by the bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial

from core.canonical.erp import Journal, JournalLine
from core.canonical.errors import PeriodClosed
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.revenue.ahead import Reclass, reclassified
from core.ports.desk import Desk
from core.steps.posting_day import post_in_open_period

DEFERRED, UNBILLED = "2100", "1150"
# Parts per journal: a ledger system takes some hundred lines in one entry.
_PARTS = 100


async def accrue(desk: Desk, month: date) -> int:
    """Journals "UNB-2026-01-USD-001", … for the month that begins on `month`, after its revenue; returns how
    many.

    P05: on the month's last day what is released beyond what is billed goes from deferred revenue, which it
    would make negative, to the contract asset. P06: on the day of a bill what it meets goes back. Both by the
    ledger's own lines of the contract, so that nothing is posted twice. A month that is closed is left.
    """
    end = last_day(month)
    prefix = f"UNB-{month:%Y-%m}-"
    moves = await desk.erp.contract_moves(end, prefix)
    by_book: defaultdict[tuple[str, str], list[Reclass]] = defaultdict(list)
    for each in reclassified(moves, end, desk.revenue.netting):
        by_book[each.entity, each.currency].append(each)
    count = 0
    for (entity, currency), own in sorted(by_book.items()):
        begin = f"{prefix}{f'{entity}-' if entity else ''}{currency}"
        count += await _Book(desk, month, begin, entity).post(own, end)
    return count


class _Book:
    """The journals of one month in one set of books and one currency."""

    def __init__(self, desk: Desk, month: date, begin: str, entity: str) -> None:
        self._desk, self._month, self._begin, self._entity = desk, month, begin, entity
        self._number = 1

    async def post(self, parts: Sequence[Reclass], end: date) -> int:
        """Day by day, the month's end first: where its period is closed, nothing is to be met either."""
        by_day: defaultdict[date, list[Reclass]] = defaultdict(list)
        for part in parts:
            by_day[part.on].append(part)
        count = 0
        for day, lines in sorted(by_day.items()):
            for index in range(0, len(lines), _PARTS):
                chunk = lines[index : index + _PARTS]
                if day > end:
                    await post_in_open_period(self._desk, day, partial(self._post, chunk, "billed"))
                else:
                    try:
                        await self._post(chunk, "unbilled", day)
                    except PeriodClosed:
                        self._desk.watch.count("unbilled_of_closed_month")
                        return count
                count += 1
        return count

    async def _post(self, parts: Sequence[Reclass], what: str, on: date) -> None:
        while await self._desk.erp.journal(key := f"{self._begin}-{self._number:03d}") is not None:
            self._number += 1
        nothing, lines = Money(0, parts[0].currency), []
        await self._desk.watch.tracer.touch(*(part.contract for part in parts))
        for part in parts:
            amount = Money(abs(part.minor), part.currency)
            debit, credit = (UNBILLED, DEFERRED) if part.minor > 0 else (DEFERRED, UNBILLED)
            at = self._desk.classification.at(part.product, part.customer, part.contract)
            memo = f"{part.contract} {what} {self._month:%Y-%m}"
            lines += [JournalLine(debit, amount, nothing, memo, at)]
            lines += [JournalLine(credit, nothing, amount, memo, at)]
        says = f"Unbilled of {self._month:%Y-%m}" + (", billed" if what == "billed" else "")
        journal = Journal(key, on, parts[0].currency, says, tuple(lines), self._entity)
        await self._desk.erp.post_journal(journal, f"unbilled#{key}/post")
