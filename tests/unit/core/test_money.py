"""Money is whole minor units; splitting and adding lose nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical.money import Money, exponent

EXPONENTS = {"JPY": 0, "EUR": 2, "KWD": 3}
currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(-(10**15), 10**15)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=50).filter(any)


@given(minors, currencies, weights)
def test_shares_add_up_exactly(minor, currency, shares):
    parts = Money(minor, currency).share(shares)
    assert sum(part.minor for part in parts) == minor
    assert len(parts) == len(shares)
    assert {part.currency for part in parts} == {currency}


@given(minors, weights)
def test_each_share_is_within_one_unit_of_its_due(minor, shares):
    total = sum(shares)
    for part, weight in zip(Money(minor, "EUR").share(shares), shares, strict=True):
        assert abs(part.minor * total - minor * weight) < total
        assert weight or not part


@given(st.integers(0, 10**9), st.integers(1, 40))
def test_equal_weights_differ_by_one_at_most_and_the_first_get_more(minor, count):
    parts = [part.minor for part in Money(minor, "USD").share([1] * count)]
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


def test_nothing_cannot_be_shared_over_nothing():
    with pytest.raises(ValueError, match="weights: "):
        Money(5, "EUR").share([0, 0])
    with pytest.raises(ValueError, match="weights: "):
        Money(5, "EUR").share([])


@pytest.mark.parametrize(("currency", "digits"), EXPONENTS.items())
def test_exponents(currency, digits):
    assert exponent(currency) == digits
    assert Money.of(12, currency).minor == 12 * 10**digits
    assert Money(1999, currency).major == Decimal(1999).scaleb(-digits)


@given(minors, currencies)
def test_major_units_and_back(minor, currency):
    money = Money(minor, currency)
    assert Money.of(money.major, currency) == money
    assert Money.of(str(money.major), currency) == money


@pytest.mark.parametrize(("amount", "currency"), [("19.999", "EUR"), ("0.5", "JPY"), ("1.0001", "KWD")])
def test_what_is_finer_than_the_currency_is_refused(amount, currency):
    with pytest.raises(ValueError, match=f"amount: {amount} has more decimals than {currency} allows"):
        Money.of(amount, currency)


def test_trailing_noughts_are_not_finer():
    assert Money.of("19.9900", "EUR") == Money(1999, "EUR")
    assert Money.of("5.000", "JPY") == Money(5, "JPY")


@pytest.mark.parametrize("amount", ["", "ten", "1,5"])
def test_what_is_no_number_is_refused(amount):
    with pytest.raises(ValueError, match="is not a number"):
        Money.of(amount, "EUR")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        Money.of(amount, "EUR")


@given(minors, minors, currencies)
def test_arithmetic(a, b, currency):
    left, right = Money(a, currency), Money(b, currency)
    assert left + right == Money(a + b, currency)
    assert left - right == left + -right
    assert bool(left) is bool(a)


def test_currencies_do_not_mix():
    with pytest.raises(ValueError, match="cannot be put together"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(ValueError, match="cannot be put together"):
        Money(1, "EUR") - Money(1, "USD")


def test_what_is_wrong_cannot_be_built():
    with pytest.raises(TypeError, match=r"minor: 19\.99 must be whole"):
        Money(19.99, "EUR")
    with pytest.raises(ValueError, match="no exponent is known for 'XXX'"):
        Money(1, "XXX")


def test_in_words():
    assert str(Money(-1999, "EUR")) == "-19.99 EUR"
    assert str(Money(1999, "JPY")) == "1999 JPY"
