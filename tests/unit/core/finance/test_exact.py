"""Exact numbers, rounding and splitting."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical.errors import Held
from core.canonical.money import Money
from core.finance.exact import Residual, Rounding, exactly, split, to_major, to_money, whole

TWINS = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.UP: ROUND_UP,
    Rounding.DOWN: ROUND_DOWN,
}


@given(st.decimals(-10_000, 10_000, places=4), st.sampled_from(Rounding))
def test_rounding_is_the_decimal_library_s(number, rounding):
    assert whole(Fraction(number), rounding) == int(number.quantize(Decimal(1), TWINS[rounding]))


@pytest.mark.parametrize("wrong", [0.1, "abc", None, True, "1/0", float("nan")])
def test_what_is_no_exact_number_is_held(wrong):
    with pytest.raises(Held, match="price") as caught:
        exactly(wrong, "price", "sales operations")
    assert caught.value.owner == "sales operations"


def test_currencies_without_exponent_are_held():
    with pytest.raises(Held, match="XTS"):
        to_money(Fraction(1), "XTS")


@pytest.mark.parametrize(
    ("major", "currency", "minor"),
    [("0.945", "USD", 95), ("100.5", "JPY", 101), ("1.2345", "KWD", 1235), ("-0.945", "USD", -95)],
)
def test_the_currency_says_where_to_round(major, currency, minor):
    assert to_money(Fraction(major), currency) == Money(minor, currency)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["JPY", "EUR", "KWD"]))
def test_major_and_back(minor, currency):
    money = Money(minor, currency)
    assert to_money(to_major(money), currency) == money


WEIGHTS = st.lists(st.fractions(0, 1000), min_size=1, max_size=8).filter(sum)


@given(st.integers(-(10**7), 10**7), WEIGHTS, st.sampled_from(Residual))
def test_a_split_loses_nothing_and_is_fair(minor, weights, residual):
    found = split(minor, weights, residual)
    assert sum(found.parts) + found.rounding == minor
    assert found.rounding == 0 or residual is Residual.OWN_LINE
    exact = [minor * Fraction(weight) / sum(weights) for weight in weights]
    taker = {Residual.FIRST: 0, Residual.LAST: len(weights) - 1}.get(residual)
    for index, (part, share) in enumerate(zip(found.parts, exact, strict=True)):
        if residual is Residual.EARLIEST:
            # A unit may go to a part that is whole already, and never to one without a share.
            assert abs(part - share) <= (1 if share else 0)
        elif index != taker:
            assert abs(part - share) < 1


def test_who_takes_the_residual():
    assert split(100, [Fraction(1, 6), Fraction(1, 6), Fraction(2, 3)], Residual.EARLIEST).parts == (
        17,
        17,
        66,
    )
    assert split(15, [20, 50, 30], Residual.EARLIEST).parts == (4, 7, 4)
    assert split(15, [80, 8, 12], Residual.FIRST).parts == (13, 1, 1)
    assert split(15, [80, 8, 12], Residual.LARGEST_REMAINDER).parts == (12, 1, 2)
    assert split(100, [1, 1, 1], Residual.LAST).parts == (33, 33, 34)
    assert split(100, [1, 1, 1], Residual.OWN_LINE) == (type(split(1, [1], Residual.LAST)))((33, 33, 33), 1)
    assert split(-100, [1, 1, 1], Residual.LARGEST_REMAINDER).parts == (-34, -33, -33)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_weights_that_split_nothing_are_held(weights):
    with pytest.raises(Held, match="weights"):
        split(10, weights, Residual.LAST)
