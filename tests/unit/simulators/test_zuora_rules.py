"""The tenant's billing rules: proration as the vendor's settings have it, rounding, prices at renewal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as usual
from hypothesis import strategies as st

from scenarios.evidence.billing import BillingBooks
from scenarios.evidence.reading import from_json
from simulators.zuora.rules.calendar import ACTUAL, ACTUAL_THIRTY, THIRTY, add_months
from simulators.zuora.rules.proration import (
    DAYS_IN_MONTH,
    DOWN,
    HALF_UP,
    ROUNDING_MODES,
    UP,
    BillingRules,
    Grid,
    part,
    scaled,
)

from .zuora_client import Zuora, account, action, create, order, plan_terms, product, run


def day(text: str) -> date:
    return date.fromisoformat(text)


def books(zuora: Zuora) -> BillingBooks:
    made: BillingBooks = from_json(BillingBooks, zuora.rules.books())
    return made


def nets(zuora: Zuora) -> list[int]:
    """Every line of every document in order, credits negative."""
    own = books(zuora)
    found = [line.net for i in own.invoices for line in i.lines]
    return found + [-line.net for n in own.credit_notes for line in n.lines]


# The vendor's table: ratios of one month under its three ways to count days (last days inclusive there).
@pytest.mark.parametrize(
    ("start", "end", "actual", "thirty", "strict"),
    [
        ("2021-01-27", "2021-02-01", (5, 31), (5, 30), (4, 30)),
        ("2021-02-27", "2021-03-01", (2, 28), (2, 30), (4, 30)),
        ("2021-04-21", "2021-04-30", (9, 30), (9, 30), (9, 30)),
    ],
)
def test_a_part_of_a_month(
    start: str, end: str, actual: tuple[int, int], thirty: tuple[int, int], strict: tuple[int, int]
) -> None:
    first = day(start).replace(day=1)
    grid = Grid(first, add_months(first, 1), 1)
    for rule, (days, of) in ((ACTUAL, actual), (ACTUAL_THIRTY, thirty), (THIRTY, strict)):
        told = part(100_000, day(start), day(end), grid, BillingRules(days_in_month=rule))
        assert told == scaled(100_000, days, of, HALF_UP), rule


# The vendor's example: 100 a month from 1 January on, bill day 15; January's 14 days and a whole month.
@pytest.mark.parametrize(("rule", "total"), [(0, 14516), (2, 14667), (1, 14667)])
def test_a_stub_before_the_bill_day(rule: int, total: int) -> None:
    async def story() -> None:
        zuora = Zuora(thirty_day_months=rule)
        plan, charge = await product(zuora, BillCycleType="SpecificDayofMonth", BillCycleDay=15)
        await zuora.ok("POST", "/v1/accounts", account())
        first = create("S-1", "2026-01-01", plan_terms(plan, charge))
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", first))
        await zuora.bill("2026-02-14")
        assert sum(nets(zuora)) == total

    run(story)


# The vendor's example of credits: a quarter from 1 October, cancelled on the 15th (17 days of October left).
@pytest.mark.parametrize(
    ("options", "credit"),
    [
        ({"prorate_by_month": 1}, 2 * 10000 + 5484),
        ({"prorate_by_month": 1, "thirty_day_months": 1}, 2 * 10000 + 5333),
        ({}, 25435),
        ({"bill_partial_months": 0}, 2 * 10000),
        ({"prorate_partial_periods": 0}, 0),
    ],
)
def test_what_a_cancellation_gives_back(options: dict[str, int], credit: int) -> None:
    async def story() -> None:
        zuora = Zuora(**options)
        zuora.go_to("2026-10-01")
        plan, charge = await product(zuora, price="300", period="Quarter")
        await zuora.ok("POST", "/v1/accounts", account())
        first = create("S-1", "2026-10-01", plan_terms(plan, charge))
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-10-01", first))
        await zuora.bill("2026-10-01")
        end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-10-15"}
        stop = action("CancelSubscription", "2026-10-15", cancelSubscription=end)
        await zuora.ok("POST", "/v1/orders", order("O-2", "2026-10-15", stop, subscription="S-1"))
        await zuora.bill("2026-10-31")
        assert -sum(nets(zuora)[1:]) == credit

    run(story)


@pytest.mark.parametrize(("mode", "net"), [(0, 1480), (1, 1481), (2, 1480)])
def test_the_rounding_mode_of_the_currency(mode: int, net: int) -> None:
    async def story() -> None:
        zuora = Zuora(rounding_mode=mode)
        plan, charge = await product(zuora, price="19.95", BillCycleType="SpecificDayofMonth", BillCycleDay=1)
        await zuora.ok("POST", "/v1/accounts", account())
        first = create("S-1", "2026-05-09", plan_terms(plan, charge), months=1)
        await zuora.ok("POST", "/v1/orders", order("O-1", "2026-05-09", first))
        await zuora.bill("2026-05-31")
        assert nets(zuora)[0] == net

    run(story)


async def renewed(zuora: Zuora, unit: dict[str, Any] | None = None, **more: Any) -> list[int]:
    """A year at 100.00, the catalogue's price raised to 130.00, and the first bill of the next year."""
    plan, charge = await product(zuora, price="100", period="Annual", **more)
    await zuora.ok("POST", "/v1/accounts", account())
    terms = plan_terms(plan, charge)
    terms["chargeOverrides"][0]["pricing"]["recurringPerUnit"].update(unit or {})
    await zuora.ok("POST", "/v1/orders", order("O-1", "2026-01-01", create("S-1", "2026-01-01", terms)))
    for price in zuora.rules.state.plan_charges.get(charge).prices.copy():
        source = zuora.rules.state.plan_charges.get(charge)
        source.prices[price] = type(source.prices[price])(amount=source.prices[price].amount * 13 / 10)
    for year in (2027, 2028):
        again = action("RenewSubscription", f"{year}-01-01", renewSubscription={})
        await zuora.ok("POST", "/v1/orders", order(f"R-{year}", f"{year}-01-01", again, subscription="S-1"))
    await zuora.bill("2028-01-01")
    return nets(zuora)


@pytest.mark.parametrize(
    ("options", "more", "unit", "prices"),
    [
        # Without the setting no price changes, whatever the charges say.
        ({}, {"PriceChangeOption": "SpecificPercentageValue", "PriceIncreasePercentage": 5}, {}, [10000] * 3),
        ({"automatic_price_change": 1}, {}, {}, [10000] * 3),
        (
            {"automatic_price_change": 1},
            {"PriceChangeOption": "SpecificPercentageValue", "PriceIncreasePercentage": 5},
            {},
            [10000, 10500, 11025],
        ),
        (
            {"automatic_price_change": 1},
            {"PriceChangeOption": "UseLatestProductCatalogPricing"},
            {},
            [10000, 13000, 13000],
        ),
        (
            {"automatic_price_change": 1, "default_price_change": 1, "default_price_increase": 10},
            {"UseTenantDefaultForPriceChange": True},
            {},
            [10000, 11000, 12100],
        ),
        (
            {"automatic_price_change": 1, "default_price_change": 2},
            {"PriceChangeOption": "NoChange"},
            {},
            [10000] * 3,
        ),
        (
            {"automatic_price_change": 1},
            {"PriceChangeOption": "NoChange"},
            {"priceChangeOption": "SpecificPercentageValue", "priceIncreasePercentage": 20},
            [10000, 12000, 14400],
        ),
    ],
)
def test_prices_at_renewal(
    options: dict[str, int], more: dict[str, Any], unit: dict[str, Any], prices: list[int]
) -> None:
    async def story() -> None:
        assert await renewed(Zuora(**options), unit, **more) == prices

    run(story)


def test_an_unknown_option_of_price_change_is_refused() -> None:
    async def story() -> None:
        zuora = Zuora()
        plan, charge = await product(zuora)
        await zuora.ok("POST", "/v1/accounts", account())
        terms = plan_terms(plan, charge)
        terms["chargeOverrides"][0]["pricing"]["recurringPerUnit"]["priceChangeOption"] = "Doubled"
        body = order("O-1", "2026-01-01", create("S-1", "2026-01-01", terms))
        await zuora.no(20, "POST", "/v1/orders", body)

    run(story)


rules = st.builds(
    BillingRules,
    days_in_month=st.sampled_from(DAYS_IN_MONTH),
    by_month=st.booleans(),
    partial_months=st.booleans(),
    partial_periods=st.booleans(),
    rounding=st.sampled_from(ROUNDING_MODES),
)


@given(
    rules,
    st.dates(date(2023, 1, 1), date(2027, 1, 1)),
    st.sampled_from([0, 1, 3, 12]),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 1_000_000),
)
@usual(max_examples=60, deadline=None)
def test_a_part_is_between_nothing_and_the_whole(
    rule: BillingRules, first: date, months: int, one: int, other: int, full: int
) -> None:
    last = add_months(first, months) if months else first + timedelta(days=10)
    grid = Grid(first, last, months)
    days = (last - first).days
    start, end = sorted(
        (first + timedelta(days=one % (days + 1)), first + timedelta(days=other % (days + 1)))
    )
    if start == end:
        return
    charge = part(full, start, end, grid, rule)
    credit = part(full, start, end, grid, rule, credit=True)
    assert 0 <= credit <= charge <= full
    assert part(full, first, last, grid, rule) == full
    if rule.partial_months and rule.partial_periods:
        assert charge == credit
        widest = scaled(full, (end - start).days + 4, max(days - 4, 1), UP)
        assert charge <= widest


def test_rounding_modes_differ_by_one_unit() -> None:
    assert [scaled(100, 1, 3, mode) for mode in (HALF_UP, UP, DOWN)] == [33, 34, 33]
    assert [scaled(100, 1, 6, mode) for mode in (HALF_UP, UP, DOWN)] == [17, 17, 16]
