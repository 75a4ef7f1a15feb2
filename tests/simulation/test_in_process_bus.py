"""Without a broker the bus dies with the process that relays, at any point, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scenarios.checkers.laws import judge
from scenarios.evidence.verdicts import BROKEN
from scenarios.mutants.index import MUTANTS
from scenarios.mutants.outbox import in_process
from scenarios.world.play import Played, play

_CRASHES = MUTANTS["noted_before_it_is_taken"].control


def broken(played: Played) -> list[tuple[str, str]]:
    return [(v.law, w.says) for v in judge(played.evidence) if v.state == BROKEN for w in v.witnesses]


@pytest.mark.parametrize("model", ["event_driven", "hybrid"])
def test_crashes_while_consumers_take_lose_nothing(model: str) -> None:
    for seed in (1, 2):
        played = play(replace(_CRASHES, model=model, seed=seed), plant=in_process())
        assert played.crashes > 20
        assert broken(played) == []


@pytest.mark.parametrize("model", ["event_driven", "hybrid"])
def test_a_power_cut_at_any_point_loses_nothing(model: str) -> None:
    spec = replace(_CRASHES, model=model, customers=2, faults="cut0")
    points = len(play(spec, plant=in_process(), repeat=False).points)
    assert points > 400
    for number in range(1, points, points // 12):
        played = play(replace(spec, faults=f"cut{number}"), plant=in_process(), repeat=False)
        assert (number, played.crashes, broken(played)) == (number, 1, [])
