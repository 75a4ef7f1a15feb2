"""Bugs in the release of revenue and in the cut-off, and one in the ledger's lock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from core.canonical.erp import Journal, Schedule
from core.canonical.money import Money
from core.finance.calendar import Period, add_months
from core.finance.revenue.spread import months_of
from scenarios.faults import Fault
from scenarios.mutants.mutant import Mutant, met_by
from scenarios.mutants.wraps import Around, in_port
from scenarios.world.plant import Plant
from simulators.kit.mock import Mock


class ForgetsReleases(Around):
    """Of Erp."""

    async def released(self) -> dict[str, int]:
        return {}


class EachMonthByItself(Around):
    """Of Erp: a plan holds what its months give, each cut down by itself."""

    async def schedules(self, first: date, last: date) -> AsyncIterator[Schedule]:
        async for plan in self.real.schedules(first, last):
            whole = Period(plan.start, plan.end)
            size = plan.amount.minor
            cut = sum(size * part.days // whole.days for part in months_of(whole) if whole.days)
            yield replace(plan, amount=Money(cut, plan.amount.currency))


class NothingAhead(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if not journal.key.startswith("UNB-"):
            await self.real.post_journal(journal, key)


class NeverMet(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if not (journal.key.startswith("UNB-") and journal.memo.endswith("billed")):
            await self.real.post_journal(journal, key)


class InTheMonthOfTheRun(Around):
    """Of Erp."""

    async def post_journal(self, journal: Journal, key: str) -> None:
        if journal.key.startswith("REV-"):
            journal = replace(journal, on=add_months(journal.on.replace(day=1), 1))
        await self.real.post_journal(journal, key)


def _unlock(mocks: Mapping[str, Mock]) -> None:
    shelf: Any = mocks["netsuite"].rules.company.periods
    find = shelf.get

    def get(id_: str) -> Any:
        row = find(id_)
        if row is None or not row.closed:
            return row
        return replace(row, closed=False, ar_locked=False, ap_locked=False, all_locked=False)

    shelf.get = get


REVENUE = (
    Mutant(
        "revenue_released_twice",
        "the month's run forgets what earlier runs released: each month releases all months again (F17)",
        ("I-46",),
        in_port("erp", ForgetsReleases),
        months=3,
    ),
    Mutant(
        "last_cents_never_released",
        "each month's share is rounded by itself and none takes the rest: cents stay deferred for ever",
        ("I-46",),
        in_port("erp", EachMonthByItself),
        customers=20,
        months=3,
    ),
    Mutant(
        "delivered_before_its_bill_below_nothing",
        "what is delivered before it is billed makes deferred revenue negative, and no contract asset (P05)",
        ("C28",),
        in_port("erp", NothingAhead),
        customers=12,
        months=2,
        seed=3,
    ),
    Mutant(
        "contract_asset_not_met_by_its_bill",
        "the bill does not meet what was accrued for it: asset and liability of one contract stand side by"
        " side for ever (P06)",
        ("C28",),
        in_port("erp", NeverMet),
        customers=12,
        months=2,
        seed=3,
    ),
    Mutant(
        "revenue_in_the_month_of_the_run",
        "revenue is dated by the day of its run: a month too late though its own is open (F50, cut-off)",
        ("I-15",),
        in_port("erp", InTheMonthOfTheRun),
        months=2,
    ),
    Mutant(
        "closed_period_takes_postings",
        "planted in the ledger: the lock of a closed period is not asked for, as by an administrator's"
        " import, and what is late changes a month that was reported (F50)",
        ("I-14",),
        Plant(mocks=_unlock),
        customers=20,
        months=2,
        faults=met_by(Fault("F39", "netsuite", "post_invoice", until_day=40)),
    ),
)
