"""Allocation, modification, progress, positions and the waterfall: figures of the standard, and laws."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.calendar import Period
from core.finance.exact import Residual
from core.finance.revenue.allocation import (
    Bundle,
    Obligation,
    Sharing,
    allocate,
    allocate_variable,
    cost_plus_margin,
    relative,
)
from core.finance.revenue.consumption import Aggregate, Used, earned, true_up
from core.finance.revenue.material_right import breakage
from core.finance.revenue.modification import (
    AtCancel,
    Change,
    Treatment,
    cancel,
    respread,
    spread_change,
    treatment,
)
from core.finance.revenue.netting import Line, Route
from core.finance.revenue.position import Promise, RpoPolicy, Standing, remaining_performance
from core.finance.revenue.progress import Estimate, Measure, Outcome, catch_up, constrained, estimate
from core.finance.revenue.schedule import Rule, recognised, schedule
from core.finance.revenue.spread import Spread
from core.finance.revenue.waterfall import Booked, by_contract, by_month, months_between, roll_forward

amounts = st.integers(0, 10**9)
spreads = st.sampled_from(Spread)
starts = st.dates(date(2020, 1, 1), date(2026, 1, 1))
rules = st.builds(Rule, spreads)
shares = [Residual.LARGEST_REMAINDER, Residual.FIRST, Residual.LAST]


def usd(minor):
    return Money(minor, "USD")


def test_cost_plus_margin_needs_a_cost():
    assert cost_plus_margin(Fraction(200), Fraction(1, 2)) == 300
    with pytest.raises(Held, match="another method"):
        cost_plus_margin(Fraction(0), Fraction(1, 2))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any),
    st.sampled_from(shares),
    st.sampled_from([1, 100]),
)
def test_an_allocation_adds_up(minor, weights, residual, step):
    parts = relative(usd(minor), weights, Sharing(residual, step))
    assert sum(part.minor for part in parts) == minor
    assert all(part.minor % step == 0 for part in parts[:-1])


def test_a_discount_that_is_not_the_bundles_own_is_shared_by_all():
    goods = [Obligation(n, Fraction(p)) for n, p in (("A", 40), ("B", 55), ("C", 45))]
    bundle = [Bundle(("B", "C"), Fraction(60))]
    own = allocate(usd(10000), goods, bundle, Sharing())
    assert own == {"A": usd(4000), "B": usd(3300), "C": usd(2700)}
    shared = allocate(usd(11000), goods, bundle, Sharing())
    assert shared["A"] == usd(3143)
    assert sum(part.minor for part in shared.values()) == 11000


def test_a_residual_outside_its_range_is_held():
    goods = [Obligation("A", Fraction(40)), Obligation("D", None, Fraction(15), Fraction(45))]
    assert allocate(usd(7000), goods, [], Sharing())["D"] == usd(3000)
    for price in (4500, 9000, 4000, 3000):
        with pytest.raises(Held, match="residual: "):
            allocate(usd(price), goods, [], Sharing())
    with pytest.raises(Held, match="ssp: D, D"):
        allocate(usd(9000), [goods[1], goods[1]], [], Sharing())


@settings(max_examples=60, deadline=None)
@given(amounts, st.lists(amounts, min_size=2, max_size=4), st.integers(1, 1000))
def test_fixed_and_variable_parts_add_up(fixed, variable, weight):
    names = [f"P{i}" for i in range(len(variable) + 1)]
    own = {name: usd(minor) for name, minor in zip(names[1:], variable, strict=True)}
    parts, _ = allocate_variable(usd(fixed), own, {name: Fraction(weight) for name in names}, Sharing())
    assert sum(part.minor for part in parts.values()) == fixed + sum(variable)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(True, True, True), Treatment.SEPARATE),
        (Change(False, True, True), Treatment.SEPARATE),
        (Change(True, True, False), Treatment.PROSPECTIVE),
        (Change(True), Treatment.PROSPECTIVE),
        (Change(False), Treatment.CATCH_UP),
        (Change(None, True, False), Treatment.MIXED),
    ],
)
def test_treatment(change, expected):
    assert treatment(change) is expected


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, starts, st.integers(2, 700), st.integers(0, 800), st.integers(0, 400), rules)
def test_a_prospective_change_keeps_the_past_and_the_total(price, added, start, length, at, more, rule):
    service, on = Period(start, start + timedelta(days=length)), start + timedelta(days=at)
    through = max(service.end, on) + timedelta(days=more + 1)
    found = respread(usd(price), service, on, usd(added), through, rule)
    assert sum(part.amount.minor for part in found) == price + added
    past = sum(part.amount.minor for part in found if part.days.end <= on)
    assert past == (recognised(usd(price), service, on, rule).minor if at else 0)


@settings(max_examples=60, deadline=None)
@given(amounts, starts, st.integers(1, 700), st.integers(0, 800), rules, st.sampled_from(AtCancel))
def test_a_cancellation_without_refund_earns_all(price, start, length, at, rule, policy):
    service, on = Period(start, start + timedelta(days=length)), start + timedelta(days=at)
    found = cancel(usd(price), service, on, policy, rule)
    assert sum(part.amount.minor for part in found) == price
    if policy is AtCancel.RELEASE and on < service.end:
        assert all(part.month <= on for part in found)


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_catch_up_brings_revenue_to_progress(price, added, done, rest, more):
    old, new = (
        Measure(Fraction(done), Fraction(done + rest)),
        Measure(Fraction(done), Fraction(done + rest + more)),
    )
    before = catch_up(usd(price), old, usd(0))
    change = catch_up(usd(price + added), new, before)
    assert before + change == catch_up(usd(price + added), new, usd(0))
    if not added:
        assert change.minor <= 0


def test_progress_beyond_the_estimate_is_held():
    with pytest.raises(Held, match="progress: 3 of 2"):
        catch_up(usd(1), Measure(Fraction(3), Fraction(2)), usd(0))


def test_a_change_of_variable_price_after_a_modification():
    change = spread_change(
        usd(4000), {"A": Fraction(1), "B": Fraction(1)}, {"B": Fraction(1), "C": Fraction(1)}, Sharing()
    )
    assert change == {"A": usd(2000), "B": usd(1000), "C": usd(1000)}
    done = spread_change(usd(4000), {"A": Fraction(1)}, {"C": Fraction(1)}, Sharing())
    assert done == {"A": usd(4000)}


def test_variable_consideration():
    outcomes = [Outcome(Fraction(100), Fraction(3, 4)), Outcome(Fraction(0), Fraction(1, 4))]
    assert estimate(outcomes, Estimate.EXPECTED_VALUE) == 75
    assert estimate(outcomes, Estimate.MOST_LIKELY) == 100
    assert constrained(Fraction(75), highly_probable=False) == 0
    with pytest.raises(Held, match="outcomes: "):
        estimate(outcomes[:1], Estimate.MOST_LIKELY)


@settings(max_examples=60, deadline=None)
@given(amounts, starts, st.integers(1, 400), rules, st.lists(st.integers(0, 500), min_size=1, max_size=5))
def test_each_day_recognised_and_deferred_are_billed_and_unbilled(price, start, length, rule, days):
    service = Period(start, start + timedelta(days=length))
    bills = relative(usd(price), [1] * len(days), Sharing())
    standing, lines = Standing("USD"), 0
    for offset in range(0, 520, 13):
        on = start + timedelta(days=offset)
        billed = sum(bill.minor for bill, day in zip(bills, days, strict=True) if day <= offset)
        standing, invoice = standing.bill(usd(billed - standing.billed))
        now = recognised(usd(price), service, on, rule)
        standing, release = standing.recognise(now - usd(standing.recognised), "4000")
        assert standing.recognised + standing.liability.minor == standing.billed + standing.asset.minor
        assert not (standing.asset and standing.liability)
        for entry in (invoice, release):
            assert sum(line.amount for line in entry) == 0
            lines += len(entry)
    assert lines or not price


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), amounts), max_size=12), st.sampled_from(Route))
def test_netting_leaves_one_side(events, route):
    line = Line()
    for delivered, minor in events:
        line, postings = line.deliver(minor) if delivered else line.bill(minor, route)
        assert all(sum(entry.amount for entry in posting.lines) == 0 for posting in postings)
        assert not (line.unbilled and line.liability)
    assert line.revenue - line.receivable == line.unbilled - line.liability


def test_remaining_performance_by_policy():
    promises = [
        Promise(usd(1200), usd(300), cancellable=usd(400)),
        Promise(usd(500), usd(100), cancellable=usd(0), usage=True),
    ]
    assert remaining_performance(promises, "USD", RpoPolicy()) == usd(500)
    assert remaining_performance(promises, "USD", RpoPolicy(with_cancellable=True)) == usd(900)
    assert remaining_performance(promises, "USD", RpoPolicy(True, True)) == usd(1300)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(amounts, starts, st.integers(1, 500), spreads), min_size=1, max_size=6))
def test_columns_of_the_waterfall_are_the_roll_forward(contracts):
    booked = []
    for number, (minor, start, length, spread) in enumerate(contracts):
        slices = schedule(usd(minor), Period(start, start + timedelta(days=length)), Rule(spread))
        months = tuple((part.month, part.amount.minor) for part in slices)
        booked.append(Booked(f"C{number}", start.replace(day=1), months))
    columns = months_between(min(each.month for each in booked), date(2028, 1, 1))
    rows, rolls = by_contract(booked, columns), roll_forward(booked, columns)
    assert [sum(row.months[i] for row in rows) for i in range(len(columns))] == [r.recognised for r in rolls]
    assert sum(row.remaining for row in rows) == rolls[-1].closing == 0
    assert sum(row.total for row in by_month(booked, columns)) == sum(row.total for row in rows)
    cut = columns[3:8]
    part = roll_forward(booked, cut)
    assert part == rolls[3:8]
    assert sum(row.remaining for row in by_contract(booked, cut)) == sum(each.total for each in booked) - sum(
        roll.recognised for roll in rolls[:8]
    )


def test_usage_counts_by_its_aggregate():
    records = [Used(date(2026, 1, day), Fraction(units)) for day, units in ((25, 17), (27, 10))]
    found = [earned(records, date(2026, 1, 31), Fraction(1), how, "USD").minor for how in Aggregate]
    assert found == [2700, 1700, 1000]
    assert earned(records, date(2026, 1, 26), Fraction("0.05"), Aggregate.SUM, "USD") == usd(85)
    assert true_up(usd(500), usd(300)) == usd(200)
    assert true_up(usd(500), usd(600)) == usd(0)


def test_breakage_follows_use():
    assert breakage(Money(8676, "JPY"), Fraction(4500), Fraction(9500), Money(0, "JPY")).minor == 4110
    assert breakage(Money(8676, "JPY"), Fraction(8500), Fraction(9700), Money(4110, "JPY")).minor == 3493
    with pytest.raises(Held, match="expected use: "):
        breakage(usd(1), Fraction(1), Fraction(0), usd(0))
