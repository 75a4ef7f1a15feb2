"""Schedules: published figures of each convention, and the laws that all of them keep."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.exact import Rounding, whole
from core.finance.revenue.contra import after_credit, part_on, stopped
from core.finance.revenue.schedule import (
    Cents,
    Rule,
    deferred,
    recognised,
    recognised_share,
    schedule,
    schedule_between,
)
from core.finance.revenue.spread import Spread

days = st.dates(date(2019, 1, 1), date(2027, 12, 31))
lengths = st.integers(0, 800)
amounts = st.integers(-(10**9), 10**9)
rules = st.builds(Rule, st.sampled_from(Spread), st.sampled_from(Cents), st.sampled_from(Rounding))


def amounts_of(slices):
    return [str(part.amount.major) for part in slices]


@pytest.mark.parametrize(
    ("minor", "start", "end", "spread", "expected"),
    [
        # ERPNext: 65 days, inclusive end 15 March
        (10000, "2019-01-10", "2019-03-16", Spread.DAILY, "33.85 43.08 23.07"),
        (5000000, "2019-01-16", "2019-04-01", Spread.MONTHS_TENTHS, "10000.00 20000.00 20000.00"),
        (30000, "2019-05-01", "2019-08-02", Spread.MONTHS_TENTHS, "100.00 100.00 100.00 0.00"),
        # Odoo: months of 30 days; full months leave the last, partial one nothing
        (105000, "2023-01-16", "2023-05-01", Spread.MONTHS_30, "150.00 300.00 300.00 300.00"),
        (168000, "2023-01-21", "2023-04-15", Spread.MONTHS_30, "200.00 600.00 600.00 280.00"),
        (168000, "2023-01-21", "2023-04-15", Spread.FULL_MONTHS, "560.00 560.00 560.00 0.00"),
        (31000, "2023-01-15", "2023-03-01", Spread.MONTHS_PRORATED, "109.79 200.21"),
        (30000, "2023-01-10", "2023-04-10", Spread.HALF_MONTHS, "50.00 100.00 100.00 50.00"),
    ],
)
def test_published_schedules(minor, start, end, spread, expected):
    service = Period(date.fromisoformat(start), date.fromisoformat(end))
    found = schedule(Money(minor, "USD"), service, Rule(spread))
    assert amounts_of(found) == expected.split()


@pytest.mark.parametrize(
    ("spread", "expected"),
    [
        # Stripe: noon of 15 June to noon of 13 October
        (Spread.MILLISECOND, "15.50 31.00 31.00 30.00 12.50"),
        (Spread.DAILY, "16.00 31.00 31.00 30.00 12.00"),
        (Spread.FULL_MONTHS, "30.00 30.00 30.00 30.00 0.00"),
        (Spread.EVEN_BETWEEN, "15.50 30.66 30.66 30.68 12.50"),
    ],
)
def test_published_schedules_between_instants(spread, expected):
    start, end = datetime(2024, 6, 15, 12, tzinfo=UTC), datetime(2024, 10, 13, 12, tzinfo=UTC)
    found = schedule_between(Money(12000, "USD"), start, end, Rule(spread, rounding=Rounding.DOWN))
    assert amounts_of(found) == expected.split()


@settings(max_examples=60, deadline=None)
@given(amounts, days, lengths, rules)
def test_a_schedule_adds_up_and_never_turns_its_sign(minor, start, length, rule):
    found = schedule(Money(minor, "EUR"), Period(start, start + timedelta(days=length)), rule)
    assert sum(part.amount.minor for part in found) == minor
    assert all(part.amount.minor * minor >= 0 for part in found)
    assert sum(part.days.days for part in found) == length


@settings(max_examples=60, deadline=None)
@given(amounts, days, lengths, st.sampled_from(Spread), st.integers(-10, 900))
def test_recognised_and_deferred_make_the_price_and_only_grow(minor, start, length, spread, later):
    price, service, rule = Money(minor, "EUR"), Period(start, start + timedelta(days=length)), Rule(spread)
    on = start + timedelta(days=later)
    share, after = recognised_share(service, on, spread), recognised_share(service, on + timedelta(1), spread)
    assert 0 <= share <= after <= 1
    assert share == (1 if later > length or (later == length and length) else share)
    done, left = recognised(price, service, on, rule), deferred(price, service, on, rule)
    assert abs((done + left - price).minor) <= 1  # each is rounded itself
    assert done.minor == whole(price.minor * share)


@settings(max_examples=60, deadline=None)
@given(amounts, days, lengths, st.sampled_from(Spread))
def test_a_cumulative_schedule_stands_where_the_share_is_at_each_month_end(minor, start, length, spread):
    rule = Rule(spread, Cents.CUMULATIVE)
    price, service = Money(minor, "EUR"), Period(start, start + timedelta(days=length))
    so_far = 0
    for part in schedule(price, service, rule):
        so_far += part.amount.minor
        if spread is not Spread.MILLISECOND and part.days.days:
            assert so_far == recognised(price, service, part.days.end, rule).minor


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**8), st.integers(0, 100), days, st.integers(1, 400), st.integers(-5, 420))
def test_a_credit_splits_without_loss_and_the_rest_runs_on(minor, percent, start, length, later):
    price, credit = Money(minor, "EUR"), Money(minor * percent // 100, "EUR")
    service, on = Period(start, start + timedelta(days=length)), start + timedelta(days=later)
    parted = part_on(credit, service, on, Rule())
    assert parted.recognised + parted.unrecognised == credit
    left = sum(part.amount.minor for part in after_credit(price, credit, service, on, Rule()))
    assert left == (price - parted.unrecognised).minor
    done = sum(part.amount.minor for part in stopped(price, service, on, Rule()))
    assert done == part_on(price, service, on, Rule()).recognised.minor


def test_the_half_of_an_invoice_credited_after_one_month():
    # Stripe: 90.00 over January to March, 45.00 credited on 1 February
    price, service = Money(9000, "USD"), Period(date(2019, 1, 1), date(2019, 4, 1))
    found = after_credit(price, Money(4500, "USD"), service, date(2019, 2, 1), Rule())
    assert amounts_of(found) == ["31.00", "14.00", "15.50"]
    assert part_on(Money(4500, "USD"), service, date(2019, 2, 1), Rule()).recognised == Money(1550, "USD")


def test_more_than_the_price_cannot_be_credited():
    with pytest.raises(Held, match="credit: "):
        after_credit(
            Money(1, "USD"), Money(2, "USD"), Period(date(2019, 1, 1), date(2019, 4, 1)), date.max, Rule()
        )
