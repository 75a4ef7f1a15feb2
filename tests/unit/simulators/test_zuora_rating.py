"""Worked examples of tiers, volumes, parts of periods; figures from public test suites and manuals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.zuora.rules.calendar import (
    ACTUAL,
    MONTH,
    THIRTY,
    Cycle,
    days_between,
    first_on,
    first_weekday,
)
from simulators.zuora.rules.proration import HALF_UP, scaled
from simulators.zuora.rules.rating import (
    FLAT_FEE,
    OVERAGE,
    PER_UNIT,
    TIERED,
    TIERED_OVERAGE,
    VOLUME,
    Price,
    Tier,
    cost,
    rounded,
)


def tiers(*rows: tuple[str | None, str, bool]) -> Price:
    """Tiers by (up to, price, flat)."""
    made, below = [], Decimal(0)
    for top, price, flat in rows:
        end = None if top is None else Decimal(top)
        made.append(Tier(below, end, Decimal(price), flat))
        below = end or below
    return Price(tiers=tuple(made))


def test_graduated_tiers() -> None:
    price = tiers(("5", "100", True), ("10", "50", True), ("15", "5", False), (None, "1", False))
    assert [cost(TIERED, price, Decimal(q)) for q in (5, 10, 12, 22)] == [100, 150, 160, 182]


@pytest.mark.parametrize(
    ("quantity", "total"), [(0, 100), (3, 100), (5, 100), (14, 140), (15, 150), (16, 80), (100, 500)]
)
def test_volume_tiers_fall_off_a_cliff(quantity: int, total: int) -> None:
    price = tiers(("5", "100", True), ("10", "150", True), ("15", "10", False), (None, "5", False))
    assert cost(VOLUME, price, Decimal(quantity)) == total


def test_fractions_of_a_unit_reach_the_next_tier() -> None:
    price = tiers(("100", "2", False), ("200", "1", False), (None, "0.5", False))
    assert cost(VOLUME, price, Decimal("100.5")) == Decimal("100.5")


def test_overage_and_flat() -> None:
    assert cost(OVERAGE, Price(Decimal(2), included=Decimal(100)), Decimal(90)) == 0
    assert cost(OVERAGE, Price(Decimal(2), included=Decimal(100)), Decimal(110)) == 20
    assert cost(FLAT_FEE, Price(Decimal(9)), Decimal(7)) == 9
    assert cost(PER_UNIT, Price(Decimal("0.333")), Decimal(3)) == Decimal("0.999")
    last = Price(
        tiers=(Tier(Decimal(0), Decimal(10), Decimal(1)), Tier(Decimal(10), None, Decimal(3), overage=True))
    )
    assert cost(TIERED_OVERAGE, last, Decimal(15)) == 25
    assert (
        rounded(Decimal("0.005"), "USD"),
        rounded(Decimal("0.5"), "JPY"),
        rounded(Decimal("-0.005"), "USD"),
    ) == (1, 1, -1)


@pytest.mark.parametrize(
    ("start", "end", "amount"),
    [
        ("2023-05-15", "2023-05-23", 532),
        ("2023-06-15", "2023-06-23", 532),
        ("2023-05-23", "2023-06-15", 1463),
        ("2023-06-23", "2023-07-15", 1463),
    ],
)
def test_months_of_thirty_days(start: str, end: str, amount: int) -> None:
    counted = days_between(date.fromisoformat(start), date.fromisoformat(end), THIRTY)
    assert scaled(1995, counted, 30, HALF_UP) == amount


@pytest.mark.parametrize(
    ("price", "days", "of", "amount"),
    [(1000, 13, 31, 419), (1500, 13, 31, 629), (2000, 11, 31, 710), (10000, 11, 31, 3548)],
)
def test_actual_days(price: int, days: int, of: int, amount: int) -> None:
    assert scaled(price, days, of, HALF_UP) == amount


def test_month_ends_come_back() -> None:
    grid = Cycle(1, MONTH)
    anchor = first_on(date(2026, 2, 10), 31)
    assert anchor == date(2026, 2, 28)
    whole = (date(2026, 2, 10), None)
    assert grid.around(anchor, date(2026, 3, 15), 31, whole) == (date(2026, 2, 28), date(2026, 3, 31))
    assert grid.around(anchor, date(2026, 4, 30), 31, whole) == (date(2026, 4, 30), date(2026, 5, 31))
    assert first_weekday(date(2026, 1, 1), 0) == date(2026, 1, 5)


cycles = st.sampled_from(
    [Cycle(1, MONTH), Cycle(5, MONTH), Cycle(1, "Week"), Cycle(2, "Week"), Cycle(10, "Day")]
)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(cycles, days, days, st.integers(1, 31))
def test_periods_follow_one_another(cycle: Cycle, base: date, on: date, day: int) -> None:
    anchor = first_on(base, day) if cycle.unit == MONTH else base
    whole = (base, None)
    start, end = cycle.around(anchor, on, day, whole)
    assert start <= on < end
    assert cycle.around(anchor, end, day, whole)[0] == end
    assert cycle.around(anchor, start, day, whole) == (start, end)


amounts = st.decimals(0, 1000, places=2)


@given(
    st.lists(st.tuples(st.integers(1, 50), amounts, st.booleans()), min_size=1, max_size=5),
    st.integers(0, 300),
)
def test_tiered_cost_never_falls_with_quantity(rows: list[tuple[int, Decimal, bool]], quantity: int) -> None:
    made, below = [], 0
    for width, price, flat in rows:
        made.append((str(below + width), str(price), flat))
        below += width
    price = tiers(*made[:-1], (None, made[-1][1], made[-1][2]))
    assert cost(TIERED, price, Decimal(quantity)) <= cost(TIERED, price, Decimal(quantity + 1))


def test_actual_and_thirty_agree_on_thirty_day_months() -> None:
    span = date(2026, 4, 16), date(2026, 5, 1)
    assert days_between(*span, ACTUAL) == days_between(*span, THIRTY) == 15
