"""Rates, settlement and revaluation: the laws of I-47."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import to_major, to_money
from core.finance.ledger.entry import Entry, balances
from core.finance.ledger.exchange import (
    Item,
    by_alternate,
    revaluation_entries,
    revalue,
    settle,
    settlement_fact,
)
from core.finance.ledger.fact import Fact, Kind, amounts
from core.finance.ledger.policy import Policy, Revaluation
from core.finance.ledger.posting import post
from core.finance.ledger.rates import Quotation, Rate, Rates, RateType, home_value, triangulated

DAY = date(2026, 1, 31)
F = Fraction


def spot(of: str, into: str, value: str, on: date = DAY) -> Rate:
    return Rate(of, into, on, F(value))


def closing(of: str, into: str, value: str, on: date = DAY) -> Rate:
    return Rate(of, into, on, F(value), RateType.CLOSING)


# --- the table ---


def test_straight_back_and_crossed() -> None:
    rates = Rates([spot("EUR", "USD", "1.10"), spot("GBP", "USD", "1.32")], pivot="USD")
    assert rates.rate("EUR", "USD", DAY) == F("1.10")
    assert rates.rate("USD", "EUR", DAY) == 1 / F("1.10")
    assert rates.rate("GBP", "EUR", DAY) == F("1.32") / F("1.10") == F("1.2")
    assert rates.convert(Money(10_01, "GBP"), "EUR", DAY) == Money(12_01, "EUR")
    assert triangulated(F("1.2"), F("1.1"), F("1.33")) == F("0.01")


@pytest.mark.parametrize(
    ("of", "into", "on", "type_"),
    [
        ("CHF", "USD", DAY, RateType.SPOT),
        ("EUR", "GBP", DAY, RateType.SPOT),  # no pivot, so nothing is crossed
        ("EUR", "USD", DAY - timedelta(days=1), RateType.SPOT),
        ("EUR", "USD", DAY + timedelta(days=8), RateType.SPOT),  # stale
        ("EUR", "USD", DAY, RateType.CLOSING),  # of another type
    ],
)
def test_a_missing_rate_is_held_and_never_one(of: str, into: str, on: date, type_: RateType) -> None:
    rates = Rates([spot("EUR", "USD", "1.10"), spot("GBP", "USD", "1.32")])
    with pytest.raises(Held, match="rate") as held:
        rates.rate(of, into, on, type_)
    assert held.value.owner == "treasury"


def test_a_closing_rate_is_of_its_month_only() -> None:
    rates = Rates([closing("EUR", "USD", "1.10")])
    with pytest.raises(Held):
        rates.rate("EUR", "USD", date(2026, 2, 28), RateType.CLOSING)


def test_same_currency_needs_no_table() -> None:
    assert Rates([]).rate("JPY", "JPY", DAY) == 1


def test_an_inverted_rate_is_found() -> None:
    days = [DAY + timedelta(days=n) for n in range(4)]
    good = [
        spot("EUR", "USD", text, day)
        for text, day in zip(("1.10", "1.11", "1.09", "1.10"), days, strict=True)
    ]
    assert not list(Rates(good).inverted())
    bad = [*good[:2], Rate("EUR", "USD", days[2], 1 / F("1.09")), good[3]]
    assert [row.on for row in Rates(bad).inverted()] == [days[2]]


def test_quotations_are_each_others_reciprocal() -> None:
    assert home_value(F(100), F(4), Quotation.FOREIGN_PER_HOME) == home_value(F(100), F("0.25")) == 25


def test_nothing_below_nought_is_a_rate() -> None:
    with pytest.raises(Held):
        spot("EUR", "USD", "0")


# --- settlement ---

RATE = st.decimals(min_value="0.001", max_value="200", places=5).map(Fraction)
MINOR = st.integers(min_value=1, max_value=10**9)


def booked(minor: int, rate: Fraction, currency: str = "EUR", sign: int = 1) -> Item:
    foreign = Money(sign * minor, currency)
    return Item("INV-1", foreign, to_money(to_major(foreign) * rate, "USD"))


@given(MINOR, RATE, st.lists(st.tuples(st.integers(1, 10**9), RATE), min_size=1, max_size=5), RATE)
@settings(max_examples=60, deadline=None)
def test_settled_in_parts_the_receivable_ends_at_nothing_and_the_difference_is_realised(
    minor: int, rate: Fraction, parts: list[tuple[int, Fraction]], last: Fraction
) -> None:
    """I-47: settled fx x (settle rate - booked rate), and no residue on the receivable."""
    item: Item | None = booked(minor, rate)
    assert item is not None
    entries: list[Entry] = []
    cash_in = Money(0, "USD")
    start = item.booked
    steps = [*parts, (minor, last)]
    for number, (size, at) in enumerate(steps):
        if item is None:
            break
        paid = Money(min(size, item.open.minor), "EUR")
        settled = settle(item, paid, at)
        cash_in += settled.cash
        receipt = Fact(
            Kind.BANK_RECEIPT,
            f"pay-{number}",
            DAY,
            "US",
            amounts({"matched": settled.cash} if settled.cash else {}),
        )
        for fact in (receipt, settlement_fact(f"pay-{number}", DAY, "US", item, settled)):
            if (entry := post(fact, Policy())) is not None:
                entries.append(entry)
        assert settled.gain == settled.cash - settled.relieved
        item = settled.rest
    assert item is None
    sums: defaultdict[str, int] = defaultdict(int, {a: m for (_, a, _), m in balances(entries).items()})
    assert sums["1100"] == -start.minor
    assert sums["7000"] == start.minor - cash_in.minor


def test_what_does_not_fit_is_held() -> None:
    item = booked(100, F(1))
    for wrong in (Money(101, "EUR"), Money(-5, "EUR"), Money(5, "USD"), Money(0, "EUR")):
        with pytest.raises(Held):
            settle(item, wrong, F(1))


def test_a_payable_that_costs_more_is_a_loss() -> None:
    item = Item("BILL-1", Money(-100_00, "EUR"), Money(-110_00, "USD"), "2310")
    settled = settle(item, Money(-100_00, "EUR"), F("1.15"))
    assert settled.gain == Money(-5_00, "USD")
    entry = post(settlement_fact("e", DAY, "US", item, settled), Policy())
    assert entry is not None
    assert balances([entry]) == {("US", "7000", "USD"): 5_00, ("US", "2310", "USD"): -5_00}


def test_paid_in_a_third_currency() -> None:
    """90 GBP at 1.30 are 117 USD; by way of euro, 90 x 1.15 x 1.10 = 113.85."""
    assert by_alternate(F(90), F("1.30"), F("1.15"), F("1.10")) == F("3.15")


# --- revaluation ---


@given(st.lists(st.tuples(MINOR, RATE, st.sampled_from([1, -1])), min_size=1, max_size=5), RATE, RATE)
@settings(max_examples=60, deadline=None)
def test_revaluation_moves_only_unrealised_and_reverses_on_day_one(
    rows: list[tuple[int, Fraction, int]], first: Fraction, second: Fraction
) -> None:
    items = [booked(minor, rate, sign=sign) for minor, rate, sign in rows]
    items = [Item(f"I-{n}", i.open, i.booked) for n, i in enumerate(items)]
    ends = (date(2026, 1, 31), date(2026, 2, 28))
    rates = Rates([closing("EUR", "USD", str(r), d) for r, d in zip((first, second), ends, strict=True)])
    posted: list[Entry] = []
    for on, at in zip(ends, (first, second), strict=True):
        fact = revalue(f"REVAL-{on}", on, "US", items, rates)
        pair = revaluation_entries(fact, on + timedelta(days=1), Policy())
        worth = sum(to_money(to_major(i.open) * at, "USD").minor for i in items)
        book = sum(i.booked.minor for i in items)
        moved = balances(posted + pair[:1])
        assert moved.get(("US", "1100", "USD"), 0) == worth - book
        assert {where[1] for where in moved} <= {"1100", "7010"}
        posted += pair
        assert balances(posted) == {}
    carried: list[Entry] = []
    before: dict[str, Money] = {}
    for on, at in zip(ends, (first, second), strict=True):
        fact = revalue(f"REVAL-{on}", on, "US", items, rates, before)
        carried += revaluation_entries(fact, on + timedelta(days=1), Policy(revaluation=Revaluation.CARRIES))
        before = {i.id: to_money(to_major(i.open) * at, "USD") - i.booked for i in items}
    worth = sum(to_money(to_major(i.open) * second, "USD").minor for i in items)
    assert balances(carried).get(("US", "1100", "USD"), 0) == worth - sum(i.booked.minor for i in items)


def test_deferred_revenue_is_not_remeasured() -> None:
    item = Item("D", Money(-100_00, "EUR"), Money(-110_00, "USD"), "2100")
    with pytest.raises(Held, match="2100"):
        revalue("R", DAY, "US", [item], Rates([closing("EUR", "USD", "1.2")]))


def test_no_closing_rate_no_revaluation() -> None:
    with pytest.raises(Held, match="closing"):
        revalue("R", DAY, "US", [booked(100, F(1))], Rates([spot("EUR", "USD", "1.2")]))
