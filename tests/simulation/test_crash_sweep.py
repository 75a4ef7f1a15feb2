"""The core's machine dies at a durable write, a send or a receive: durable models lose nothing by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from core.ports.durable import Store
from scenarios.cli import main
from scenarios.crash_sweep import HELD, count, cut
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.world.powercut import READS

TOLD = STORIES["card_recovers_on_third_try"]


def spec(model: str, mutant: str = "") -> Spec:
    return Spec(TOLD.name, model, TOLD.profile, TOLD.customers, TOLD.months, 1, "none", mutant)


@pytest.mark.parametrize("model", ["orchestrated", "event_driven", "batch", "hybrid"])
def test_a_durable_model_holds_wherever_the_power_is_cut(model):
    points, wrong = count(spec(model))
    assert not wrong
    # Every kind of point, early and late in the run; `tieout crash-sweep` tries them all.
    kinds = Counter(point.kind for point in points)
    assert {"before send", "before receive", "before write", "after write"} <= kinds.keys()
    for kind in kinds:
        mine = [number for number, point in enumerate(points, start=1) if point.kind == kind]
        for number in mine[:: max(len(mine) // 2, 1)]:
            outcome = cut(spec(model), number, points[number - 1])
            assert outcome.state == HELD, outcome


def test_a_key_that_is_new_with_each_attempt_is_found_out():
    planted = spec("orchestrated", "charged_under_a_new_key")
    points, _ = count(planted)
    asked = [
        number
        for number, point in enumerate(points, start=1)
        if (point.kind, point.what) == ("before receive", "stripe ask_payment")
    ]
    assert asked
    outcomes = [cut(planted, number, points[number - 1]) for number in asked]
    assert any("I-" in says for outcome in outcomes for says in outcome.says)
    sound = [cut(spec("orchestrated"), number, points[number - 1]) for number in asked]
    assert all(outcome.state == HELD for outcome in sound)


def test_the_same_cut_is_the_same_run_up_to_it():
    points, _ = count(spec("orchestrated"))
    again, _ = count(replace(spec("orchestrated"), seed=1))
    assert points == again


def test_reads_of_the_store_are_calls_that_it_has():
    assert all(hasattr(Store, name) for name in READS)


@pytest.mark.parametrize(
    "arguments", [["no_such_story"], [TOLD.name, "--every", "0"], [TOLD.name, "--model", "carrier_pigeon"]]
)
def test_wrong_use(arguments, capsys):
    assert main(["crash-sweep", *arguments]) == 3
    assert capsys.readouterr().err.startswith("tieout: ")
