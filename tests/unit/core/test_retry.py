"""Retry in memory: how often, how long, and what is not repeated."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical.errors import (
    AlreadyThere,
    CoreError,
    Missing,
    PeriodClosed,
    Refused,
    Unavailable,
    Unclear,
)
from core.reliability.retry import Budget, Policy, insist
from scenarios.world.draws import KeyedDraws
from scenarios.world.loop import SimLoop, run

DRAWS = KeyedDraws(1)
POLICY = Policy(attempts=4, first_seconds=1.0)


def insisting(*errors: CoreError, policy: Policy = POLICY) -> tuple[object, list[float]]:
    """(result or error, moments of the attempts)."""
    left = list(errors)
    moments: list[float] = []

    async def main(loop: SimLoop) -> object:
        async def act() -> str:
            moments.append(loop.time())
            await asyncio.sleep(0)
            if left:
                raise left.pop(0)
            return "done"

        try:
            return await insist(act, policy, DRAWS, "place_order", "order:q1")
        except CoreError as error:
            return error

    return run(main), moments


def test_what_works_is_done_once():
    assert insisting() == ("done", [0.0])


@pytest.mark.parametrize("error", [Unavailable("down"), Unclear("who knows"), Missing("not yet")])
def test_what_may_pass_is_repeated(error):
    result, moments = insisting(error, error)
    assert result == "done"
    assert len(moments) == 3


@pytest.mark.parametrize(
    "error", [Refused("no"), PeriodClosed("closed"), AlreadyThere("taken"), CoreError("?")]
)
def test_what_is_refused_goes_through_at_once(error):
    assert insisting(error) == (error, [0.0])


def test_the_last_error_comes_out_after_the_last_attempt():
    errors = [Unavailable(str(n)) for n in range(9)]
    result, moments = insisting(*errors)
    assert result is errors[3]
    assert len(moments) == 4


def test_pauses_grow_within_their_jitter():
    _, moments = insisting(*[Unclear("?")] * 3)
    gaps = [b - a for a, b in itertools.pairwise(moments)]
    for gap, full in zip(gaps, (1.0, 3.0, 9.0), strict=True):
        assert 0.75 * full <= gap <= full
    assert gaps == pytest.approx(
        [POLICY.pause(n, DRAWS, "place_order", "order:q1") for n in (1, 2, 3)], abs=1e-6
    )


def test_what_the_vendor_says_of_the_wait_is_honoured():
    _, moments = insisting(
        Unavailable("slow down", retry_after=45.0), Unavailable("slow down", retry_after=0.1)
    )
    assert moments[1] == 45.0
    assert moments[2] - moments[1] >= 0.75 * 3.0


def test_one_attempt_is_no_retry():
    result, moments = insisting(Unclear("?"), policy=Policy(1, 1.0))
    assert isinstance(result, Unclear)
    assert moments == [0.0]


@given(st.integers(1, 200), st.text())
def test_a_pause_is_bounded_and_the_same_for_the_same_key(attempts, key):
    policy = Policy(10, 5.0, 2.5, 6 * 3600.0)
    pause = policy.pause(attempts, DRAWS, key)
    assert 0.75 * 5.0 <= pause <= 6 * 3600.0
    assert pause == policy.pause(attempts, KeyedDraws(1), key)


def test_customers_do_not_retry_in_step():
    assert len({POLICY.pause(1, DRAWS, "flow", f"order:{n}") for n in range(100)}) == 100


class _Hand:
    at = 0

    def now(self) -> int:
        return self.at


@given(
    st.integers(0, 4),
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2_000_000_000)), max_size=40),
)
def test_an_act_is_repeated_so_often_within_any_hour_and_no_oftener(repeats, wishes):
    clock = _Hand()
    budget = Budget(clock, repeats)
    granted: dict[str, list[int]] = {"a": [], "b": []}
    for act, later in wishes:
        clock.at += later
        within = [at for at in granted[act] if at > clock.at - 3_600_000_000]
        assert budget.spend(act) is (len(within) < repeats)
        if len(within) < repeats:
            granted[act].append(clock.at)
    # What has not been asked for within an hour is forgotten.
    clock.at += 3_600_000_001
    budget.spend("c")
    assert len(budget._spent) <= 1


def test_first_tries_go_through_though_the_budget_is_spent():
    clock, tried = _Hand(), []
    budget = Budget(clock, 3)

    async def act() -> None:
        tried.append(clock.at)
        raise Unavailable("down")

    async def main(_: SimLoop) -> None:
        for _delivery in range(3):
            with pytest.raises(Unavailable):
                await insist(act, POLICY, DRAWS, "step", "key", budget=budget)
            with pytest.raises(Unavailable):
                await insist(act, POLICY, DRAWS, "step", "other", budget=Budget(clock, 0))

    run(main)
    # Four of the first delivery, one of each that the sender makes after it; one each without any budget.
    assert len(tried) == 4 + 1 + 1 + 3
