"""The core's machine dies at a durable write, a send or a receive: durable models lose nothing by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.ports.durable import Store
from scenarios.cli import main
from scenarios.crash_sweep import HARNESS, HELD, Outcome, count, cut, sweep
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.sweep_files import Sofar
from scenarios.world.powercut import READS, Point

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


def asked_for(points: Sequence[Point]) -> list[int]:
    """The points around the first payment that is asked for."""
    first = points.index(Point("before send", "stripe ask_payment")) + 1
    return list(range(first, first + 3))


def test_a_branch_is_to_the_byte_the_run_that_its_token_stands_for():
    model = "event_driven"
    points, _ = count(spec(model))
    some = asked_for(points)
    others = [Outcome(n, point, HELD, (), "") for n, point in enumerate(points, start=1) if n not in some]
    told: list[Outcome] = []
    swept = sweep(spec(model), jobs=1, told=told.append, done=others)
    assert sorted(outcome.number for outcome in told) == some
    # What was known is taken over; what is new, with its twins, is what a run from the beginning gives.
    assert [outcome.number for outcome in swept.outcomes] == list(range(1, len(points) + 1))
    assert [outcome for outcome in swept.outcomes if outcome.log] == [
        cut(spec(model), number, points[number - 1]) for number in some
    ]


def test_a_night_that_is_broken_off_goes_on_when_the_power_is_back():
    points, _ = count(spec("batch"))
    tried = points.index(Point("before send", "stripe ask_payment"))
    # The jobs before it in the same night: what they found must not wait for the next.
    reads = [n for n in range(tried - 40, tried) if points[n].kind == "before receive"]
    for number in reads[::9]:
        outcome = cut(spec("batch"), number + 1, points[number])
        assert outcome.state == HELD, outcome


def test_who_started_dunning_starts_it_again_when_the_power_is_back():
    """A card that is mended in between is tried as often as without the cut."""
    points, _ = count(spec("batch"))
    tried = next(n for n, point in enumerate(points, start=1) if "charge_again" in point.what)
    assert cut(spec("batch"), tried, points[tried - 1]).state == HELD


def test_a_sweep_that_was_broken_off_loses_nothing(tmp_path):
    out, run = tmp_path / "sweep.json", spec("orchestrated")
    point = Point("before send", "stripe ask_payment")
    held, tripped = Outcome(7, point, HELD, (), "r", "l"), Outcome(8, point, HARNESS, ("why",), "r", "l")
    first = Sofar(out, resume=False)
    for outcome in (held, tripped):
        first.teller(run)(outcome)
    with first.path.open("a") as file:
        file.write('{"run": "cut off in the mid')
    assert Sofar(out, resume=True).of(run) == [held]
    assert Sofar(out, resume=True).of(spec("hybrid")) == []
    assert Sofar(out, resume=False).of(run) == []
    assert not first.path.exists()


def test_reads_of_the_store_are_calls_that_it_has():
    assert all(hasattr(Store, name) for name in READS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["no_such_story"],
        [TOLD.name, "--every", "0"],
        [TOLD.name, "--model", "carrier_pigeon"],
        [TOLD.name, "--resume"],
    ],
)
def test_wrong_use(arguments, capsys):
    assert main(["crash-sweep", *arguments]) == 3
    assert capsys.readouterr().err.startswith("tieout: ")
