"""Chance by key: what one draw yields depends on its key and the seed alone."""

from __future__ import annotations

from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.world.draws import KeyedDraws

DRAWS = KeyedDraws(7)
N = 20_000


def test_equal_keys_draw_equally_in_any_order():
    keys = [("latency", "zuora", n) for n in range(100)]
    forward = {key: KeyedDraws(7).uniform(*key) for key in keys}
    draws = KeyedDraws(7)
    assert {key: draws.uniform(*key) for key in reversed(keys)} == forward


def test_leaving_one_out_leaves_the_others():
    all_of_them = KeyedDraws(7)
    first = [all_of_them.uniform("fault", n) for n in range(100)]
    fewer = KeyedDraws(7)
    rest = [fewer.uniform("fault", n) for n in range(100) if n != 17]
    assert rest == first[:17] + first[18:]


def test_known_values():
    """A change of these changes every token that was ever written down."""
    assert KeyedDraws(1).uniform("a", 1) == 0.08342386793872619
    assert KeyedDraws(2).uniform("a", 1) == 0.4599017069701901
    assert KeyedDraws(1).integer(1, 6, "die") == 3


def test_seed_and_key_both_count():
    assert len({KeyedDraws(seed).uniform("a") for seed in range(50)}) == 50
    assert (
        len({DRAWS.uniform(*key) for key in (("a",), ("b",), ("a", ""), ("a", "b"), ("ab",), (1,), ("1",))})
        == 7
    )


def test_uniform_is_even():
    values = [DRAWS.uniform("even", n) for n in range(N)]
    assert 0 <= min(values) < max(values) < 1
    for tenth in range(10):
        share = sum(tenth / 10 <= v < (tenth + 1) / 10 for v in values) / N
        assert share == pytest.approx(0.1, abs=0.01)


@given(st.integers(-1000, 1000), st.integers(0, 1000), st.text())
def test_integers_stay_in_range(low, width, key):
    assert low <= DRAWS.integer(low, low + width, key) <= low + width


def test_integers_reach_both_ends():
    assert {DRAWS.integer(1, 6, "die", n) for n in range(500)} == {1, 2, 3, 4, 5, 6}


@given(st.lists(st.integers(), min_size=1), st.text())
def test_choice_is_one_of_the_options(options, key):
    assert DRAWS.choice(options, key) in options


def test_weighted_follows_the_weights():
    weights = {"common": 3.0, "never": 0.0, "rare": 1.0}
    drawn = [DRAWS.weighted(weights, "w", n) for n in range(N)]
    assert drawn.count("never") == 0
    assert drawn.count("common") / N == pytest.approx(0.75, abs=0.02)


def test_lognormal_has_its_median_and_tail():
    values = [DRAWS.lognormal(0.2, 0.8, "latency", n) for n in range(N)]
    assert min(values) > 0
    assert median(values) == pytest.approx(0.2, rel=0.03)
    assert quantiles(values, n=20)[-1] == pytest.approx(0.8, rel=0.06)


def test_exponential_has_its_mean():
    values = [DRAWS.exponential(5.0, "wait", n) for n in range(N)]
    assert min(values) >= 0
    assert sum(values) / N == pytest.approx(5.0, rel=0.03)
