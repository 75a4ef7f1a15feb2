"""Revenue by days: every plan is released to the last minor unit, whenever it came and whatever its sign."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.canonical.erp import Schedule
from core.canonical.money import Money
from core.finance.calendar import last_day
from core.finance.revenue.ahead import Netting
from core.finance.revenue.earned import earned, unreleased
from core.finance.revenue.policy import GivenBack, Late, RevenuePolicy
from core.finance.revenue.schedule import Cents, Rule
from core.finance.revenue.spread import Spread
from core.revenue.recognise import recognise
from core.settings import Settings
from tests.unit.core.fakes import Books, Office, in_office

MONTHS = [date(2026, month, 1) for month in range(1, 13)] + [date(2027, month, 1) for month in range(1, 13)]

starts = st.dates(date(2026, 1, 1), date(2026, 12, 31))
amounts = st.integers(-(10**9), 10**9).filter(bool)


def plan(amount: int, start: date, end: date, key: str = "RS-1", currency: str = "USD") -> Schedule:
    return Schedule(key, "INV1", Money(amount, currency), start, end)


def release(books: Books, *months: date) -> list[int]:
    """Journals made in each month."""

    async def story(office: Office) -> list[int]:
        return [await recognise(office.desk, month) for month in months]

    return in_office(story, books)


def revenue(books: Books, key: str = "RS-1") -> int:
    """Released so far of a plan, by the ledger."""
    return sum(
        (line.credit.minor - line.debit.minor) * (1 if line.account == "4000" else 0)
        for journal in books.journals.values()
        for line in journal.lines
        if line.memo == key
    )


@given(amounts, starts, st.integers(0, 365))
def test_the_days_add_up_to_the_plan(amount, start, days):
    of = plan(amount, start, start + timedelta(days=days))
    until = [last_day(month) for month in MONTHS]
    steps = [earned(of, day).minor for day in until]
    assert steps[-1] == amount
    assert earned(of, start - timedelta(days=1)).minor == 0
    assert all((b - a) * amount >= 0 for a, b in itertools.pairwise(steps))


@given(amounts, starts, st.integers(1, 400), st.data())
def test_a_share_is_within_one_unit_of_the_straight_line(amount, start, days, data):
    of = plan(amount, start, start + timedelta(days=days))
    elapsed = data.draw(st.integers(0, days))
    got = earned(of, start + timedelta(days=elapsed - 1)).minor
    assert abs(got * days - amount * elapsed) < days


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(amounts, starts, st.integers(1, 300)), min_size=1, max_size=5))
def test_month_by_month_every_plan_is_released_exactly(made):
    plans = {f"RS-{n}": plan(a, s, s + timedelta(days=d), f"RS-{n}") for n, (a, s, d) in enumerate(made)}
    books = Books(plans=plans)
    release(books, *MONTHS)
    assert {key: revenue(books, key) for key in plans} == {key: p.amount.minor for key, p in plans.items()}


def test_a_month_twice_releases_nothing_twice():
    books = Books(plans={"RS-1": plan(36_500, date(2026, 1, 1), date(2027, 1, 1))})
    assert release(books, MONTHS[0], MONTHS[0]) == [1, 0]
    assert revenue(books) == 3_100
    assert list(books.journals) == ["REV-2026-01-USD-001"]
    assert books.journals["REV-2026-01-USD-001"].on == date(2026, 1, 31)


def test_a_plan_that_came_late_is_caught_up():
    books = Books(plans={"RS-1": plan(36_500, date(2026, 1, 1), date(2027, 1, 1))})
    release(books, MONTHS[0])
    books.plans["RS-2"] = plan(36_500, date(2026, 1, 1), date(2027, 1, 1), "RS-2")
    assert release(books, MONTHS[1]) == [2]
    assert revenue(books, "RS-1") == revenue(books, "RS-2") == 5_900
    assert list(books.journals) == ["REV-2026-01-USD-001", "REV-2026-01-USD-002", "REV-2026-02-USD-001"]
    late = books.journals["REV-2026-01-USD-002"]
    assert (late.on, late.lines[0].memo, late.lines[0].debit.minor) == (date(2026, 1, 31), "RS-2", 3_100)


def test_what_came_late_for_a_closed_month_names_its_month():
    books = Books(
        plans={"RS-1": plan(36_500, date(2026, 1, 1), date(2027, 1, 1))}, open_from=date(2026, 2, 1)
    )
    release(books, MONTHS[1])
    late = books.journals["REV-2026-01-USD-001"]
    assert (late.on, late.memo) == (date(2026, 2, 1), "Revenue of 2026-01, original period 2026-01")
    assert books.journals["REV-2026-02-USD-001"].memo == "Revenue of 2026-02"


rules = st.builds(Rule, st.sampled_from(Spread), st.sampled_from(Cents))


@settings(max_examples=60, deadline=None)
@example(1, date(2026, 12, 1), 397, Rule(Spread.DAILY, Cents.LAST), 0, 0)
@given(amounts, starts, st.integers(0, 400), rules, st.integers(0, 12), st.integers(0, 12))
def test_whatever_was_released_before_the_plan_ends_where_it_should(amount, start, days, rule, first, more):
    of = plan(amount, start, start + timedelta(days=days))
    at, through = MONTHS[first], MONTHS[min(first + more, len(MONTHS) - 1)]
    before = unreleased(of, 0, at, rule)
    done = sum(share.minor for _, share in before)
    assert done == earned(of, last_day(at), rule).minor
    assert all(share.minor * amount > 0 for _, share in before)
    after = unreleased(of, done, through, rule)
    assert done + sum(share.minor for _, share in after) == earned(of, last_day(through), rule).minor
    assert all(month > at for month, _ in after)
    # All of it released too early: what the last month does not yet have is taken back, else nothing.
    back = sum(share.minor for _, share in unreleased(of, amount, MONTHS[-1], rule))
    assert amount + back == earned(of, last_day(MONTHS[-1]), rule).minor


@given(amounts, starts, st.integers(0, 365), rules)
def test_a_credit_mirrors_what_it_credits(amount, start, days, rule):
    charge, credit = (plan(sign * amount, start, start + timedelta(days=days)) for sign in (1, -1))
    assert all(earned(charge, last_day(m), rule) == -earned(credit, last_day(m), rule) for m in MONTHS[:14])


def test_too_much_released_is_taken_back_in_the_month_of_the_run():
    of = plan(36_500, date(2026, 1, 1), date(2027, 1, 1))
    assert unreleased(of, 10_000, MONTHS[1], Rule()) == [(MONTHS[1], Money(-4_100, "USD"))]


def test_a_deployment_may_release_by_months():
    books = Books(plans={"RS-1": plan(120_000, date(2026, 1, 1), date(2027, 1, 1))})

    async def story(office: Office) -> int:
        policy = RevenuePolicy(Rule(Spread.MONTHS_PRORATED, Cents.LAST))
        return await recognise(replace(office.desk, revenue=policy), MONTHS[1])

    assert in_office(story, books) == 2
    assert [journal.lines[0].debit.minor for journal in books.journals.values()] == [10_000, 10_000]


def test_a_plan_that_came_late_into_a_month_already_run_gets_a_journal_of_its_own():
    books = Books(plans={"RS-1": plan(3_100, date(2026, 1, 1), date(2026, 2, 1))})
    release(books, MONTHS[0])
    books.plans["RS-2"] = plan(3_100, date(2026, 1, 1), date(2026, 2, 1), "RS-2")
    assert release(books, MONTHS[0]) == [1]
    assert list(books.journals) == ["REV-2026-01-USD-001", "REV-2026-01-USD-002"]
    assert revenue(books, "RS-2") == 3_100


def test_a_month_that_was_left_out_is_caught_up():
    books = Books(plans={"RS-1": plan(36_500, date(2026, 1, 1), date(2027, 1, 1))})
    release(books, MONTHS[0], MONTHS[3])
    assert revenue(books) == 12_000


def test_a_credit_turns_the_accounts_round():
    books = Books(plans={"RS-1": plan(-3_100, date(2026, 1, 1), date(2026, 2, 1))})
    release(books, MONTHS[0])
    (journal,) = books.journals.values()
    assert [(line.account, line.debit.minor, line.credit.minor) for line in journal.lines] == [
        ("4000", 3_100, 0), ("2100", 0, 3_100),
    ]  # fmt: skip


def test_each_currency_and_each_hundred_plans_have_their_journal():
    year = (date(2026, 1, 1), date(2027, 1, 1))
    books = Books(plans={f"RS-{n:03d}": plan(365, *year, f"RS-{n:03d}") for n in range(250)})
    books.plans["RS-yen"] = plan(365, *year, "RS-yen", "JPY")
    assert release(books, MONTHS[0]) == [4]
    assert list(books.journals) == [
        "REV-2026-01-JPY-001", "REV-2026-01-USD-001", "REV-2026-01-USD-002", "REV-2026-01-USD-003",
    ]  # fmt: skip
    assert sorted(len(journal.lines) for journal in books.journals.values()) == [2, 100, 200, 200]


def test_a_closed_month_is_posted_on_the_next_open_day():
    books = Books(plans={"RS-1": plan(3_100, date(2026, 1, 1), date(2026, 2, 1))}, open_from=date(2026, 2, 1))
    release(books, MONTHS[0])
    assert books.journals["REV-2026-01-USD-001"].on == date(2026, 2, 1)


def test_nothing_to_release_is_no_journal():
    books = Books(plans={"RS-1": plan(3_100, date(2026, 5, 1), date(2026, 6, 1))})
    assert release(books, MONTHS[0]) == [0]


@pytest.mark.parametrize(
    ("month", "last"), [((2026, 2), 28), ((2028, 2), 29), ((2026, 12), 31), ((2026, 4), 30)]
)
def test_last_days(month, last):
    assert last_day(date(*month, 1)) == date(*month, last)


@pytest.mark.parametrize(
    ("late", "due"),
    [
        (Late.OPEN_DAY, {date(2026, 2, 1): 31_000, date(2026, 2, 28): 28_000}),
        (Late.CATCH_UP, {date(2026, 2, 28): 59_000}),
    ],
)
def test_revenue_of_a_closed_month_goes_where_the_policy_says(late, due):
    """590.00 over January and February, 10.00 a day, heard of when January is closed."""
    books = Books(open_from=date(2026, 2, 1))
    books.plans["RS-1"] = plan(59_000, date(2026, 1, 1), date(2026, 3, 1))

    async def story(office: Office) -> int:
        return await recognise(replace(office.desk, revenue=RevenuePolicy(late=late)), MONTHS[1])

    assert in_office(story, books) == 2
    found: dict[date, int] = {}
    for journal in books.journals.values():
        for line in (each for each in journal.lines if each.account == "4000"):
            found[journal.on] = found.get(journal.on, 0) + line.credit.minor
    assert found == due
    assert books.journals["REV-2026-01-USD-001"].memo == "Revenue of 2026-01, original period 2026-01"


@pytest.mark.parametrize(
    ("spread", "january"),
    [(Spread.DAILY, 8_493), (Spread.FULL_MONTHS, 8_333), (Spread.MONTHS_PRORATED, 8_333)],
)
def test_a_year_is_spread_by_days_or_by_months_as_the_settings_say(spread, january):
    """1,000.00: 31 of 365 days, or a twelfth."""
    told = {"revenue": {"rule": {"spread": spread.value, "cents": "cumulative", "rounding": "down"}}}
    policy = Settings.model_validate(told).revenue
    books = Books()
    books.plans["RS-1"] = plan(100_000, date(2026, 1, 1), date(2027, 1, 1))

    async def story(office: Office) -> int:
        return await recognise(replace(office.desk, revenue=policy), MONTHS[0])

    in_office(story, books)
    assert revenue(books) == january


def test_every_switch_of_revenue_is_a_setting():
    told = {"given_back": "contra", "netting": "obligation", "late": "catch_up"}
    policy = Settings.model_validate({"revenue": told}).revenue
    assert policy == RevenuePolicy(
        given_back=GivenBack.CONTRA, netting=Netting.OBLIGATION, late=Late.CATCH_UP
    )
    with pytest.raises(ValidationError, match="given_back"):
        Settings.model_validate({"revenue": {"given_back": "perhaps"}})
