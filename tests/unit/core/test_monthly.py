"""Jobs of a month's end: a month that failed is done on a later day, also when the next one is over."""

from __future__ import annotations

import asyncio
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Unavailable
from core.canonical.usage import UsageEvent
from core.connectivity.model import Parts
from core.connectivity.monthly import monthly, monthly_jobs
from tests.unit.core.fakes import Books, Office, in_office
from tests.unit.core.test_usage_accrual import contract, use

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in range(1, 4))
DECEMBER = date(2025, 12, 1)
_DAY_SECONDS = 86_400


async def _day_by_day(office: Office, fails_on: frozenset[date], days: int, *, remember: bool) -> list[date]:
    """The months that were done, in order, by a job that is asked for each day from 1 January on."""
    done: list[date] = []

    async def act(parts: Parts, month: date) -> bool:
        if parts.desk.today in fails_on:
            return False
        done.append(month)
        return True

    for _ in range(days):
        await monthly(office.parts(), "job", 2, act, remember=remember)
        await asyncio.sleep(_DAY_SECONDS)
    return done


def _played(fails_on: frozenset[date], days: int, *, remember: bool = True) -> list[date]:
    async def story(office: Office) -> list[date]:
        return await _day_by_day(office, fails_on, days, remember=remember)

    found: list[date] = in_office(story)
    return found


def _all_of(month: date) -> frozenset[date]:
    return frozenset(date(month.year, month.month, day) for day in range(1, 29))


def test_a_month_that_fails_until_the_next_one_is_over_is_caught_up() -> None:
    fails = _all_of(FEBRUARY) | {date(2026, 3, 1), date(2026, 3, 2)}
    assert _played(fails, 70) == [DECEMBER, JANUARY, FEBRUARY]


def test_the_first_month_of_all_is_not_forgotten_either() -> None:
    fails = frozenset(date.fromordinal(JANUARY.toordinal() + n) for n in range(40))
    assert _played(fails, 70) == [DECEMBER, JANUARY, FEBRUARY]


def test_it_is_caught_up_before_the_day_of_the_month() -> None:
    assert _played(_all_of(FEBRUARY), 60) == [DECEMBER, JANUARY]


def test_without_a_memory_a_month_is_tried_once() -> None:
    assert _played(frozenset({date(2026, 2, 2)}), 70, remember=False) == [DECEMBER, FEBRUARY]


@settings(max_examples=40, deadline=None)
@given(st.frozensets(st.integers(0, 95)))
def test_every_month_is_done_once_and_in_order_whatever_days_fail(failing: frozenset[int]) -> None:
    fails = frozenset(date.fromordinal(JANUARY.toordinal() + n) for n in failing)
    done = _played(fails, 97)
    assert done == [DECEMBER, JANUARY, FEBRUARY, MARCH]


def test_use_of_a_missed_month_is_accrued_when_it_is_caught_up() -> None:
    """Each call for the contract fails throughout February."""
    books = Books(metered_contracts={"S-1": contract()}, uses=[use(500, date(2026, 1, 20))])

    async def story(office: Office) -> None:
        job = monthly_jobs(office.parts(), remember=True)["recognition"]
        for day in range(70):
            if 31 <= day < 59:
                books.trouble("billing.metered_contract/S-1", *[Unavailable("down")] * 4)
            await job()
            await asyncio.sleep(_DAY_SECONDS)

    in_office(story, books)
    assert [journal.on for journal in books.journals.values()] == [date(2026, 1, 31)]


def test_one_contract_that_cannot_be_read_keeps_no_other_from_its_accrual() -> None:
    uses: list[UsageEvent] = [use(500, date(2026, 1, 20)), use(300, date(2026, 1, 21), "S-2")]
    contracts = {number: contract(number) for number in ("S-1", "S-2")}
    books = Books(metered_contracts=contracts, uses=uses)

    async def story(office: Office) -> None:
        await asyncio.sleep(32 * _DAY_SECONDS)
        # S-1 is asked for first and does not answer at any of the four attempts.
        books.trouble("billing.metered_contract/S-1", *[Unavailable("down")] * 4)
        await monthly_jobs(office.parts(), remember=True)["recognition"]()
        assert _accrued(books) == {"S-2"}
        await asyncio.sleep(_DAY_SECONDS)
        await monthly_jobs(office.parts(), remember=True)["recognition"]()
        assert _accrued(books) == {"S-1", "S-2"}

    in_office(story, books)


def _accrued(books: Books) -> set[str]:
    return {line.memo.split("/")[1] for journal in books.journals.values() for line in journal.lines}
