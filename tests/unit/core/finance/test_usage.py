"""What usage costs, and the laws of rating: additive over split lines, monotone, deltas that add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.usage import UsageEvent
from core.finance.calendar import Period
from core.finance.usage.aggregation import Aggregation, Move, Reading, aggregate, weighted_sum
from core.finance.usage.capacity import Capacity, capacity
from core.finance.usage.intake import take_in
from core.finance.usage.late import deltas, quantities, service_month
from core.finance.usage.percentages import Percentage, charge
from core.finance.usage.prices import (
    Block,
    Blocks,
    FlatFee,
    Graduated,
    Overage,
    Package,
    PerUnit,
    Tier,
    TierPolicy,
    Volume,
    rate,
    tier_lines,
    volume_of,
)
from core.finance.usage.recurring import UnitMove, graduated_prorated, move_on
from core.finance.usage.spend import Spend, late_delta, limited, split_line
from core.finance.usage.thresholds import crossed

LAGO = Graduated((Tier(F(10), F(10), F(2)), Tier(F(20), F(5), F(3)), Tier(None, F(5), F(3))))
few = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
amounts = st.fractions(min_value=0, max_value=500, max_denominator=20)


@st.composite
def graduated(draw):
    ends = sorted(draw(st.sets(st.integers(1, 90), min_size=0, max_size=4)))
    tiers = [Tier(F(end), draw(amounts), draw(amounts)) for end in ends]
    return Graduated((*tiers, Tier(None, draw(amounts), draw(amounts))))


@pytest.mark.parametrize(
    ("quantity", "amount"), [(0, 2), (1, 12), (10, 102), (11, 110), (12, 115), (20, 155), (21, 163)]
)
def test_graduated_with_flat_fees(quantity, amount):
    assert rate(LAGO, F(quantity)) == amount


def test_a_flat_fee_may_wait_for_use():
    tiers = (Tier(F(10), F(1, 100), F(200)), Tier(None, F(2, 100), F(300)))
    assert rate(Graduated(tiers, FlatFee.WHEN_USED), F(0)) == 0
    assert rate(Graduated(tiers, FlatFee.WHEN_USED), F(11)) == F("500.12")


@few
@given(graduated(), amounts, amounts)
def test_graduated_is_monotone_and_additive_over_split_lines(price, first, second):
    assert rate(price, first) <= rate(price, first + second)
    lines = [split_line(price, None, first), split_line(price, first, first + second)]
    assert sum(line.total for line in lines) == rate(price, first + second)
    assert sum(line.amount for line in tier_lines(price, first + second)) == rate(price, first + second)


@few
@given(graduated(), amounts, st.lists(amounts, max_size=4))
def test_billed_and_late_deltas_together_are_the_rate_of_the_total(price, first, later):
    volume = Volume(price.tiers)
    for model in (price, volume):
        billed, quantity = rate(model, first), first
        for more in later:
            billed += late_delta(model, quantity, quantity + more)
            quantity += more
        assert billed == rate(model, quantity)


@few
@given(graduated(), st.lists(amounts, min_size=1, max_size=4), amounts, amounts)
def test_a_period_stays_within_its_limits(price, parts, least, span):
    spend, billed, before = Spend(least, least + span), F(0), None
    for at, part in enumerate(parts):
        total = (before or F(0)) + part
        line = split_line(price, before, total, spend=spend, billed=billed, last=at == len(parts) - 1)
        billed, before = billed + line.total, total
    assert billed == min(max(rate(price, sum(parts, F(0))), least), least + span)


def test_volume_falls_at_a_border_and_late_use_gives_back():
    price = Volume((Tier(F(15), F(10)), Tier(None, F(5))))
    assert (rate(price, F(15)), rate(price, F(16)), late_delta(price, F(15), F(16))) == (150, 80, -70)
    assert volume_of(price, F(16), F(8)) == 40
    given_back = limited(F(-70), F(150), Spend(None, F(100)))
    assert given_back.total == -70


def test_packages_round_up_after_the_free_units():
    assert [rate(Package(F(10), F(100), F(free)), F(121)) for free in (0, 10, 200)] == [1300, 1200, 0]
    assert [rate(Package(F(10), F(15)), F(used)) for used in (0, 1, 10, 11)] == [0, 15, 15, 30]
    line = split_line(Package(F(10), F(15)), F(60), F(110), spend=Spend(None, F(100)), billed=F(90))
    assert (line.gross, line.discount, line.total) == (75, 65, 10)


def test_a_discount_comes_before_the_maximum():
    line = split_line(
        PerUnit(F(10)), F(7), F(27), spend=Spend(None, F(100)), billed=F(35), off_pct=F(50), last=True
    )
    assert (line.gross, line.discount, line.total) == (200, 135, 65)


def test_a_minimum_is_topped_up_on_the_last_line_only():
    spend = Spend(F(1000), None)
    assert split_line(LAGO, F(0), F(0), spend=spend, billed=F(100)).total == 0
    assert split_line(LAGO, F(0), F(0), spend=spend, billed=F(100), last=True).top_up == 900


def test_overage_and_blocks():
    assert rate(Overage(F(100), F(2), F(49)), F(130)) == 109
    tiers = (Block(F(100), 10, F(1)), Block(F(1000), 100, F(1)), Block(F(1000), None, F(1, 2)))
    assert rate(Blocks(tiers[:2], TierPolicy.ALL_TIERS), F(5325)) == 15
    top = Blocks(tiers, TierPolicy.TOP_TIER)
    assert [rate(top, F(q)) for q in (0, 1000, 101000, 101001, 300000)] == [0, 10, 101, 51, 150]


@pytest.mark.parametrize(
    ("terms", "amount"),
    [
        ({"free_events": 3, "free_value": F(250)}, "11.15"),
        ({"free_value": F(250)}, "11.15"),
        ({"free_events": 3}, "7.2"),
        ({"free_events": 3, "free_value": F(500)}, "7.2"),
        ({}, "18.4"),
    ],
)
def test_percentages_with_free_events_and_free_value(terms, amount):
    bill = charge(Percentage(F("1.3"), F(2), **terms), [F(50), F(100), F(250), F(400)])
    assert bill.amount == F(amount)
    assert bill.paid_units + bill.free_units == 800


@pytest.mark.parametrize(
    ("terms", "amount"),
    [
        ({}, "16.142"),
        ({"fee": F(2)}, "18.691"),
        ({"free_events": 2}, "12"),
        ({"free_value": F(30)}, "13.794"),
        ({"free_events": 3, "free_value": F(10000)}, "2.691"),
    ],
)
def test_least_and_most_a_transaction(terms, amount):
    price = Percentage(F("2.99"), least=F("1.75"), most=F(12), **terms)
    assert charge(price, [F(10), F(80), F(10000)]).amount == F(amount)


def test_a_level_is_held_from_the_start_of_its_day():
    march = weighted_sum(F(0), [Move(F(4), F(2500))], F(31))
    april = weighted_sum(F(2500), [Move(F(5), F(-200)), Move(F(3), F(-2000))], F(30))
    assert (round(march, 2), round(april, 2)) == (F("2177.42"), F("533.33"))
    with pytest.raises(Held, match="move: 32"):
        weighted_sum(F(0), [Move(F(32), F(1))], F(31))


def test_ways_of_counting():
    rows = [Reading(2, F(3), "a"), Reading(1, F(9), "b"), Reading(3, F(3), "a", adds=False)]
    found = [aggregate(kind, rows) for kind in Aggregation]
    assert found == [15, 3, 9, 1, 3]
    assert [aggregate(kind, []) for kind in Aggregation] == [0] * 5


@pytest.mark.parametrize(
    ("units", "prorated", "amount"),
    [
        ([5, 5, 10, -6], ["3.5", "2.66667", "2", "-2.2"], "197.33"),
        ([2, 5, 10, -6], ["1.4", "2.66667", "2", "-2.2"], "184.33"),
        ([5, -2], ["3.5", "-1"], "125"),
        ([4, 2, -3], ["2.8", "1", "-0.6"], "180.5"),
        ([5, 2, -4, 10], ["3.5", "1", "-1.6", "2"], "190"),
        ([5, -100], ["2", "-33.33"], "0"),
        ([], [], "100"),
    ],
)
def test_seats_fill_the_tiers_from_below_and_leave_from_above(units, prorated, amount):
    price = Graduated((Tier(F(5), F(10), F(100)), Tier(None, F(5), F(50))))
    moves = [UnitMove(F(full), F(part)) for full, part in zip(units, prorated, strict=True)]
    assert round(graduated_prorated(price, moves), 2) == F(amount)
    assert move_on(F(4), 16, 30) == UnitMove(F(4), F(2))


def test_a_threshold_fires_once_and_a_recurring_one_at_every_multiple():
    assert crossed([F(10), F(20)], F(15)) == (10,)
    assert crossed([F(10), F(20)], F(25), [F(10)]) == (20,)
    assert crossed([F(10), F(20)], F(55), [F(10), F(20)], recurring=F(15)) == (35, 50)


def event(number, quantity="1", on=date(2026, 3, 5), subscription="S", meter="api"):
    return UsageEvent(number, "A", subscription, meter, Decimal(quantity), on)


def test_intake_takes_each_event_once_and_says_why_not():
    today, meters = date(2026, 3, 10), {("S", "api")}
    odd = [
        event("f", on=date(2026, 3, 11)),
        event("u", subscription="X"),
        event("m", meter="gb"),
        event(""),
    ]
    found = take_in([event("1"), event("1"), *odd], today=today, meters=meters)
    assert [each.id for each in found.accepted] == ["1"]
    assert [each.id for each in found.duplicates] == ["1"]
    assert [each.reason.split(":")[0] for each in found.rejected] == ["on", "subscription", "meter", "id"]
    again = take_in([event("1"), event("f", on=today)], today=today, meters=meters, seen={"1"})
    assert ([e.id for e in again.accepted], [e.id for e in again.duplicates]) == (["f"], ["1"])


@few
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 28)), max_size=12), graduated())
def test_duplicates_change_nothing(rows, price):
    events = [event(str(at), str(q), date(2026, 3, day)) for at, (q, day) in enumerate(rows)]
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    once = take_in(events, today=date(2026, 4, 1), meters={("S", "api")})
    twice = take_in([*events, *reversed(events)], today=date(2026, 4, 1), meters={("S", "api")})
    used = [quantities(each.accepted, [march])[march] for each in (once, twice)]
    assert used[0] == used[1] == sum(q for q, _ in rows)
    assert rate(price, used[0]) == rate(price, used[1])


def test_late_use_is_a_delta_with_its_service_month():
    march, april = Period(date(2026, 3, 1), date(2026, 4, 1)), Period(date(2026, 4, 1), date(2026, 5, 1))
    price = Volume((Tier(F(15), F(10)), Tier(None, F(5))))
    (late,) = deltas(price, {march: F(15)}, {march: F(16), april: F(3)})
    assert (late.quantity, late.amount, service_month(late)) == (1, -70, date(2026, 3, 1))
    assert deltas(price, {march: F(15)}, {march: F(15)}) == ()


@pytest.mark.parametrize(
    "tiers",
    [(), (Tier(F(5), F(1)),), (Tier(F(5), F(1)), Tier(F(5), F(1)), Tier(None, F(1)))],
)
def test_tiers_must_rise_and_end_open(tiers):
    with pytest.raises(Held, match="tiers: up_to"):
        Graduated(tiers)


def test_capacity_is_the_price_of_the_tier_that_takes_everything():
    tiers = (Capacity({"bw": F(100), "members": F(10)}, F(5)), Capacity({"bw": F(200)}, F(10)))
    used = [{"bw": F(100), "members": F(10)}, {"bw": F(1), "members": F(11)}, {"bw": F(300)}, {}]
    assert [capacity(tiers, each) for each in used] == [5, 10, 10, 5]
    with pytest.raises(Held, match="tiers"):
        capacity((), {})


def test_a_negative_quantity_is_held():
    with pytest.raises(Held, match="quantity: -1"):
        rate(LAGO, F(-1))
    assert rate(PerUnit(F(3)), F(-1)) == -3
