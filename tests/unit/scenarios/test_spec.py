"""A token says all of a run, and nothing else is a token."""

import pytest

from scenarios.faults import Fault, Plan
from scenarios.running import company_of, profile_word, small
from scenarios.spec import Spec, TokenError, pack, read_token, unpack

PLAN = Plan(
    "mine", (Fault("F01", rate=0.5), Fault("F22", from_day=2.0, until_day=3.0, params=(("hours", 4.0),)))
)


@pytest.mark.parametrize("faults", ["none", "calm", "storm", "outage", pack(PLAN)])
@pytest.mark.parametrize("mutant", ["", "posts_twice"])
def test_token_round_trip(faults, mutant):
    spec = Spec("quick", "event_driven", "mid_market", 12, 3, 77, faults, mutant)
    assert read_token(spec.token) == spec


def test_packed_plan_round_trip():
    assert unpack(pack(PLAN)) == PLAN
    spec = Spec("quick", "direct", "mid_market", 1, 1, 1, pack(PLAN))
    assert read_token(spec.token).plan() == PLAN


@pytest.mark.parametrize(
    "token",
    [
        "",
        "year",
        "year/hybrid/mid_market/c1m1/none",
        "year/hybrid/mid_market/c1m1s1/hail",
        "y/h/p/c1m1s1/zAAAA",
    ],
)
def test_what_is_no_token(token):
    with pytest.raises(TokenError, match="token"):
        read_token(token)


def test_storm_plan_depends_on_the_seed_alone():
    one, other = (Spec("a", "direct", "mid_market", 5, 2, seed, "storm").plan() for seed in (1, 2))
    assert one != other
    assert Spec("b", "hybrid", "enterprise", 9, 2, 1, "storm").plan() == one


def test_profile_of_a_path_survives_the_token(tmp_path):
    text = (tmp_path / "own.toml").as_posix()
    known = company_of(Spec("quick", "direct", "mid_market", 1, 1, 1, "none"))
    source = company_of.__globals__["read_profile"].__globals__["_FOLDER"] / "mid_market.toml"
    (tmp_path / "own.toml").write_text(source.read_text())
    spec = read_token(Spec("quick", "direct", profile_word(text), 1, 1, 1, "none").token)
    assert company_of(spec).products == known.products


def test_small_run_is_never_larger():
    spec = Spec("quick", "direct", "mid_market", 300, 12, 5, "storm")
    assert (small(spec).customers, small(spec).months, small(spec).seed) == (10, 1, 5)
    tiny = Spec("quick", "direct", "mid_market", 3, 1, 5, "storm")
    assert small(tiny) == tiny
