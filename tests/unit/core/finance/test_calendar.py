"""Months with anchors, periods that tile, day counts."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.finance.calendar import DayCount, Period, add_months, elapsed, last_day, periods

DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))


def test_the_month_end_anchor_comes_back():
    found = [add_months(date(2023, 1, 31), n) for n in range(4)]
    assert found == [date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 30)]
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 2, 28), 1, 31) == date(2023, 3, 31)


@given(DAYS, st.integers(1, 1200), st.integers(1, 12), st.integers(0, 31))
def test_periods_tile_the_term(start, days, months, anchor):
    end = start + timedelta(days=days)
    found = list(periods(start, end, months, anchor))
    assert found[0].start == start
    assert found[-1].end == end
    assert all(left.end == right.start for left, right in pairwise(found))
    assert all(period.days for period in found)
    day = anchor or start.day
    for period in found[1:]:
        assert period.start.day == min(day, last_day(period.start).day)


def test_a_bill_cycle_day_makes_a_stub():
    found = list(periods(date(2024, 1, 10), date(2024, 3, 10), 1, 1))
    assert [str(p.start) for p in found] == ["2024-01-10", "2024-02-01", "2024-03-01"]


@given(DAYS, st.integers(1, 400), st.integers(0, 400))
def test_actual_days_add_up(start, days, cut):
    whole = Period(start, start + timedelta(days=days))
    middle = min(start + timedelta(days=cut), whole.end)
    left, right = Period(start, middle), Period(middle, whole.end)
    assert elapsed(left, whole, DayCount.ACTUAL) + elapsed(right, whole, DayCount.ACTUAL) == 1


def test_day_counts_differ():
    part, whole = Period(date(2023, 5, 23), date(2023, 6, 15)), Period(date(2023, 5, 15), date(2023, 6, 15))
    assert elapsed(part, whole, DayCount.ACTUAL) == Fraction(23, 31)
    assert elapsed(part, whole, DayCount.FIXED_30) == Fraction(22, 30)
    assert elapsed(part, whole, DayCount.THIRTY_360) == Fraction(22, 360)
    assert elapsed(part, whole, DayCount.ACTUAL_365) == Fraction(23, 365)


def test_what_cannot_be_is_held():
    with pytest.raises(Held, match="before it starts"):
        Period(date(2024, 2, 1), date(2024, 1, 1))
    nothing = Period(date(2024, 1, 1), date(2024, 1, 1))
    with pytest.raises(Held, match="no days"):
        elapsed(nothing, nothing, DayCount.ACTUAL)
    with pytest.raises(Held, match="months"):
        list(periods(date(2024, 1, 1), date(2024, 2, 1), 0))
