"""Metrics agree with each other: the bridge closes, rolls chain, aging adds up to what is open."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.finance.calendar import Period, add_months
from core.finance.metrics import retention
from core.finance.metrics.aging import (
    STANDARD,
    AgeFrom,
    Bucket,
    OpenItem,
    aging,
    allowance,
    buckets_of,
    expense,
)
from core.finance.metrics.collection import (
    Sales,
    count_back,
    days_outstanding,
    delinquent_days,
    effectiveness,
    turnover,
)
from core.finance.metrics.movements import Bridge, Segment, annual, bridge, levels
from core.finance.metrics.rolls import Change, roll

few = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.dates(date(2026, 1, 1), date(2026, 6, 30))
YEAR = [Period(add_months(date(2026, 1, 1), n), add_months(date(2026, 1, 1), n + 1)) for n in range(6)]


@st.composite
def segments(draw):
    start = draw(days)
    end = draw(st.none() | st.integers(1, 120))
    stop = None if end is None else start + timedelta(days=end)
    currency = draw(st.sampled_from(["USD", "EUR"]))
    return Segment(draw(st.sampled_from("ABCD")), start, stop, F(draw(st.integers(0, 900))), currency)


@few
@given(st.lists(segments(), max_size=14))
def test_the_bridge_closes_month_by_month(rows):
    rates = {"USD": F(1), "EUR": F(11, 10)}
    opening = F(0)
    for month in YEAR:
        moved = bridge(rows, month, rates)
        assert moved.opening == opening
        assert moved.closing == sum(levels(rows, month.end - timedelta(days=1), rates).values())
        opening = moved.closing


def test_movements_by_kind():
    month = Period(date(2026, 3, 1), date(2026, 4, 1))
    early, mid = date(2026, 1, 1), date(2026, 3, 15)
    rows = [
        Segment("stays", early, None, F(100)),
        Segment("grows", early, mid, F(10)),
        Segment("grows", mid, None, F(25)),
        Segment("shrinks", early, mid, F(50)),
        Segment("shrinks", mid, None, F(20)),
        Segment("leaves", early, mid, F(7)),
        Segment("back", early, date(2026, 2, 1), F(9)),
        Segment("back", mid, None, F(9)),
        Segment("comes", mid, None, F(40)),
        Segment("tries", date(2026, 3, 2), date(2026, 3, 9), F(99)),
    ]
    assert bridge(rows, month) == Bridge(F(167), F(40), F(15), F(9), F(30), F(7))


def test_a_change_of_currency_rates_is_no_movement_and_a_missing_rate_is_held():
    rows = [
        Segment("A", date(2026, 1, 1), None, F(100), "EUR"),
        Segment("B", date(2026, 1, 1), None, F(1), "USD"),
    ]
    assert bridge(rows, YEAR[1], {"EUR": F(2), "USD": F(1)}) == Bridge(F(201))
    with pytest.raises(Held, match="EUR"):
        bridge(rows, YEAR[1], {"USD": F(1)})
    with pytest.raises(Held, match="cannot be added"):
        bridge(rows, YEAR[1])


def test_retention():
    moved = Bridge(F(100000), F(12000), F(8000), F(1500), F(3000), F(6500))
    assert (moved.closing, annual(moved.closing), moved.net_new) == (112000, 1344000, 12000)
    assert (retention.net_retention(moved), retention.gross_retention(moved)) == (F("98.5"), F("90.5"))
    assert retention.net_churn(moved) == 100 - retention.net_retention(moved)
    assert retention.gross_churn(moved) == 100 - retention.gross_retention(moved)
    assert retention.quick_ratio(moved) == F(21500, 9500)
    assert retention.growth(moved) == 12
    with pytest.raises(Held, match="opening MRR"):
        retention.net_retention(Bridge(F(0), F(5)))
    with pytest.raises(Held, match="churn: -1"):
        Bridge(F(0), churn=F(-1))


def test_worth_of_a_customer():
    assert retention.logo_churn({"A", "B", "C", "D"}, {"B", "C", "D", "E"}) == 25
    assert retention.arpa(F(1000), 8) == 125
    assert retention.lifetime_value(F(125), F(80), F(5)) == 2000
    assert retention.payback(F(600), F(125), F(80)) == 6
    assert retention.magic_number(F(120), F(100), F(40)) == 2
    assert retention.burn_multiple(F(300), F(200)) == F(3, 2)
    assert retention.rule_of_forty(F(30), F(15)) == 45
    assert retention.monthly(F(1200), 12) == 100


def test_days_of_sales_outstanding():
    assert days_outstanding(F(2_000_000), F(20_000_000), 365) == F("36.5")
    march, february, january = Sales(F(300), 31), Sales(F(280), 28), Sales(F(310), 31)
    assert count_back(F(440), [march, february, january]) == 31 + 14
    assert count_back(F(0), [march]) == 0
    assert count_back(F(300), [march]) == 31
    assert count_back(F(600), [march, Sales(F(0), 28)]) == 31 + 28 + 31
    assert turnover(F(1000), F(250)) == 4
    assert effectiveness(F(100), F(200), F(120), F(60)) == F(75)
    assert delinquent_days(F(120), F(60), F(360), 90) == 15


items = st.builds(
    OpenItem,
    st.sampled_from("AB"),
    days,
    days,
    st.fractions(min_value=-100, max_value=900, max_denominator=100),
)


@few
@given(st.lists(items, max_size=20), days)
def test_aging_adds_up_to_what_is_open(rows, on):
    open_ = sum((row.open for row in rows), F(0))
    for since in AgeFrom:
        assert sum(aging(rows, on, STANDARD, since)) == open_
        assert sum(aging(rows, on, buckets_of([0, 30, 60, 90, 120]), since)) == open_


def test_edges_of_age_and_allowance():
    due = date(2026, 3, 1)
    ages = (0, 1, 30, 31, 90, 91)
    rows = [OpenItem("A", due, due, F(1))]
    found = [aging(rows, due + timedelta(days=age)).index(1) for age in ages]
    assert found == [0, 1, 1, 2, 3, 4]
    amounts = [F(n) for n in (76000, 14000, 6000, 3000, 1000)]
    assert sum(allowance(amounts, [F(p) for p in (1, 5, 10, 25, 50)])) == 3310
    assert (expense(F(3310), F(310)), expense(F(3310), F(-100))) == (3000, 3410)
    with pytest.raises(Held, match="loss_pct: 1 rates for 2"):
        allowance([F(1), F(1)], [F(1)])
    with pytest.raises(Held, match="age: 5 days"):
        aging(rows, due + timedelta(days=5), [Bucket(None, 0)])
    with pytest.raises(Held, match="edges"):
        buckets_of([30, 0])


changes = st.builds(
    Change, days, st.sampled_from(["billed", "recognised", "credited"]), st.integers(-500, 500).map(F)
)


@few
@given(st.lists(changes, max_size=20))
def test_rolls_chain_and_end_at_the_sum_of_all(rows):
    rolls = roll(rows, YEAR[1:], F(10))
    assert rolls[0].opening == 10 + sum((each.amount for each in rows if each.on < YEAR[1].start), F(0))
    assert [each.closing for each in rolls[:-1]] == [each.opening for each in rolls[1:]]
    assert rolls[-1].closing == 10 + sum((each.amount for each in rows), F(0))
    assert sum((each.of("billed") for each in rolls), F(0)) == sum(
        (each.amount for each in rows if each.kind == "billed" and each.on >= YEAR[1].start), F(0)
    )
