"""Use that is not billed: by period of its contract, by tiers of all of it, never less than nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.money import Money
from core.canonical.usage import UsageEvent
from core.finance.usage.accrual import BilledUse, Meter, MeteredContract, period_of, unbilled
from core.finance.usage.prices import FlatFee, Graduated, Tier

START, LONG_AGO = date(2026, 1, 31), date(2020, 1, 1)
PRICE = Graduated((Tier(Fraction(1000), Fraction(2, 100)), Tier(None, Fraction(12, 1000))), FlatFee.WHEN_USED)
CONTRACT = MeteredContract(
    "S-1", "acme", "USD", START, date(2026, 12, 31), {"calls": Meter("calls", "CALLS", PRICE)}
)


def use(quantity: int, on: date, meter: str = "calls") -> UsageEvent:
    return UsageEvent(f"{on}", "acme", "S-1", meter, Decimal(quantity), on)


def bill(minor: int, start: date, on: date) -> BilledUse:
    return BilledUse("S-1", "CALLS", start, Money(minor, "USD"), on)


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (START, START),
        (date(2026, 2, 27), START),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 3, 30), date(2026, 2, 28)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 1, 30), None),
        (date(2026, 12, 31), None),
    ],
)
def test_periods_keep_the_day_on_which_the_contract_began(day: date, start: date | None) -> None:
    assert period_of(CONTRACT, day) == start


def test_what_is_used_by_the_day_is_rated_by_the_tiers_of_its_period() -> None:
    events = [use(800, date(2026, 2, 3)), use(700, date(2026, 2, 20)), use(500, date(2026, 3, 1))]
    (first,) = unbilled(CONTRACT, events, [], date(2026, 2, 27), LONG_AGO)
    assert (first.start, first.amount) == (START, Money(2600, "USD"))
    both = unbilled(CONTRACT, events, [bill(2600, START, date(2026, 3, 2))], date(2026, 3, 31), LONG_AGO)
    assert [(each.start, each.amount.minor) for each in both] == [(START, 0), (date(2026, 2, 28), 1000)]


def test_late_use_is_the_difference_to_what_is_billed() -> None:
    events = [use(1500, date(2026, 2, 3)), use(500, date(2026, 2, 4))]
    (found,) = unbilled(CONTRACT, events, [bill(2600, START, date(2026, 3, 1))], date(2026, 3, 31), LONG_AGO)
    assert found.amount.minor == 600


def test_of_another_meter_or_outside_the_contract_nothing_is_rated() -> None:
    events = [use(5, date(2026, 1, 2)), use(5, date(2026, 2, 2), "seats"), use(5, date(2027, 1, 2))]
    assert unbilled(CONTRACT, events, [], date(2027, 3, 31), LONG_AGO) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 120)), max_size=8), st.integers(0, 100_000))
def test_never_less_than_nothing_and_never_more_than_is_rated(
    uses: list[tuple[int, int]], billed: int
) -> None:
    events = [use(quantity, START + timedelta(days)) for quantity, days in uses]
    on = START + timedelta(60)
    open_ = unbilled(CONTRACT, events, [], on, LONG_AGO)
    met = unbilled(CONTRACT, events, [bill(billed, START, on)], on, LONG_AGO)
    for each in met:
        rated = next((x.amount.minor for x in open_ if x.start == each.start), 0)
        taken = billed if each.start == START else 0
        assert each.amount.minor == max(rated - taken, 0)
