"""The core's machine dies at a durable write, a send or a receive: durable models lose nothing by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from core.ports.durable import Store
from scenarios.cli import main
from scenarios.commands import crash_sweeping
from scenarios.crash_sweep import HARNESS, HELD, Outcome, Sweep, count, cut, sweep
from scenarios.spec import Spec
from scenarios.stories.index import STORIES
from scenarios.sweep_files import Sofar
from scenarios.world.outbox import NEVER_READ
from scenarios.world.play import play
from scenarios.world.powercut import READS, Point

TOLD = STORIES["card_recovers_on_third_try"]


def spec(model: str, mutant: str = "") -> Spec:
    return Spec(TOLD.name, model, TOLD.profile, TOLD.customers, TOLD.months, 1, "none", mutant)


counted = cache(count)


def swept(run: Spec, some: Sequence[int], points: Sequence[Point]) -> list[Outcome]:
    """A sweep that has only `some` points left to try: what it tells of them."""
    others = [Outcome(n, point, HELD, (), "") for n, point in enumerate(points, start=1) if n not in some]
    told: list[Outcome] = []
    found = sweep(run, jobs=1, told=told.append, done=others)
    # What was known is taken over.
    assert [outcome.number for outcome in found.outcomes] == list(range(1, len(points) + 1))
    assert sorted(outcome.number for outcome in told) == sorted(some)
    return sorted(told, key=lambda outcome: outcome.number)


@pytest.mark.parametrize("model", ["orchestrated", "event_driven", "batch", "hybrid"])
def test_a_durable_model_holds_wherever_the_power_is_cut(model):
    run = spec(model)
    points, wrong = counted(run)
    assert not wrong
    # Every kind of point, early and late in the run; `tieout crash-sweep` tries them all.
    kinds = Counter(point.kind for point in points)
    assert {"before send", "before receive", "before write", "after write"} <= kinds.keys()
    some: list[int] = []
    for kind in kinds:
        mine = [number for number, point in enumerate(points, start=1) if point.kind == kind]
        some += mine[:: max(len(mine) // 2, 1)]
    assert [outcome for outcome in swept(run, some, points) if outcome.state != HELD] == []


def test_a_key_that_is_new_with_each_attempt_is_found_out():
    planted = spec("orchestrated", "charged_under_a_new_key")
    points, _ = counted(planted)
    asked = [
        number
        for number, point in enumerate(points, start=1)
        if (point.kind, point.what) == ("before receive", "stripe ask_payment")
    ]
    assert asked
    outcomes = swept(planted, asked, points)
    assert any("I-" in says for outcome in outcomes for says in outcome.says)
    alone = [cut(planted, number, points[number - 1]) for number in asked]
    assert [(o.state, o.says) for o in outcomes] == [(o.state, o.says) for o in alone]
    sound = [cut(spec("orchestrated"), number, points[number - 1]) for number in asked]
    assert all(outcome.state == HELD for outcome in sound)


def test_the_same_cut_is_the_same_run_up_to_it():
    points, _ = counted(spec("orchestrated"))
    again, _ = count(replace(spec("orchestrated"), seed=1))
    assert points == again


def asked_for(points: Sequence[Point]) -> list[int]:
    """The points around the first payment that is asked for."""
    first = points.index(Point("before send", "stripe ask_payment")) + 1
    return list(range(first, first + 3))


def test_a_branch_is_to_the_byte_the_run_that_its_token_stands_for():
    run = spec("event_driven")
    points, _ = counted(run)
    told = swept(run, asked_for(points), points)
    played = [outcome for outcome in told if outcome.log]
    assert len({outcome.like for outcome in played}) >= 2
    # Twins, which are one moment, have the log of the one that was played.
    assert [replace(outcome, like=outcome.number) for outcome in played] == [
        cut(run, outcome.number, outcome.point) for outcome in played
    ]


def came_to(number: int) -> dict[str, object]:
    """All that a run with a cut leaves behind, but for what was asked before it came to its rest."""
    evidence = play(replace(spec("orchestrated"), faults=f"cut{number}"), repeat=False).evidence
    left = {
        name: getattr(evidence, name)
        for name in ("crm", "billing", "payments", "tax", "erp", "product", "bank", "deliveries", "receipts",
                     "parked", "sagas", "outbox", "convergence", "controls", "booted")
    }  # fmt: skip
    left["changes"] = [replace(change, cause="") for change in evidence.changes]
    left["writes"] = [replace(each, id="") for each in evidence.operations if each.write]
    # From the restart on, what is read too, to the microsecond.
    restart = evidence.booted[1]
    left["reads"] = [
        (o.at, o.ended_at, o.system, o.name, o.key) for o in evidence.operations if o.at > restart
    ]
    return left


def test_what_has_come_to_the_same_is_the_same_run_from_there_on():
    """The month's first job: read after read, then a mark on the disk. What differs is how much was read."""
    run = spec("orchestrated")
    points, _ = counted(run)
    signed_in = points.index(Point("before receive", "netsuite sign_in")) + 1
    # A watermark that has been moved twice before: the hour after it, both have moved it.
    moved = next(n for n, point in enumerate(points, start=1) if point.what == "store move_watermark")
    some = [signed_in, signed_in + 7, moved, moved + 1]
    told = {outcome.number: outcome for outcome in swept(run, some, points)}
    assert told[signed_in + 7].like == signed_in
    assert not told[signed_in + 7].log
    assert told[moved + 1].like == moved
    assert not told[moved + 1].played
    assert points[signed_in + 6].kind in ("before send", "before receive")
    for one, other in ((signed_in, signed_in + 7), (moved, moved + 1)):
        assert came_to(one) == came_to(other)


def test_a_night_that_is_broken_off_goes_on_when_the_power_is_back():
    points, _ = counted(spec("batch"))
    tried = points.index(Point("before send", "stripe ask_payment"))
    # The jobs before it in the same night: what they found must not wait for the next.
    reads = [n for n in range(tried - 40, tried) if points[n].kind == "before receive"]
    outcomes = swept(spec("batch"), [number + 1 for number in reads[::9]], points)
    assert [outcome for outcome in outcomes if outcome.state != HELD] == []


def test_who_started_dunning_starts_it_again_when_the_power_is_back():
    """A card that is mended in between is tried as often as without the cut."""
    points, _ = counted(spec("batch"))
    tried = next(n for n, point in enumerate(points, start=1) if "charge_again" in point.what)
    assert cut(spec("batch"), tried, points[tried - 1]).state == HELD


POINT = Point("before send", "stripe ask_payment")
HELD_ONE, TRIPPED = (Outcome(n, POINT, state, (), "r", "l", 7) for n, state in ((7, HELD), (8, HARNESS)))
TRIPPED = replace(TRIPPED, says=("why",))


def test_a_sweep_that_was_broken_off_loses_nothing(tmp_path):
    out, run = tmp_path / "sweep.json", spec("orchestrated")
    first = Sofar(out, resume=False)
    for outcome in (HELD_ONE, TRIPPED):
        first.teller(run)(outcome)
    with first.path.open("a") as file:
        file.write('{"run": "cut off in the mid')
    second = Sofar(out, resume=True)
    assert second.of(run) == [HELD_ONE]
    assert second.of(spec("hybrid")) == []
    # What is written now does not stand behind the broken line.
    second.teller(run)(replace(HELD_ONE, number=9))
    assert [outcome.number for outcome in Sofar(out, resume=True).of(run)] == [7, 9]
    with pytest.raises(FileExistsError):
        Sofar(out, resume=False)
    second.end()
    assert Sofar(out, resume=False).of(run) == []


def test_ctrl_c_keeps_what_was_tried_and_says_how_to_go_on(tmp_path, capsys, monkeypatch):
    def broken_off(run, every, jobs, told, done):
        told(HELD_ONE)
        raise KeyboardInterrupt

    monkeypatch.setattr(crash_sweeping, "sweep", broken_off)
    out = tmp_path / "found.json"
    asked = ["crash-sweep", TOLD.name, "--model", "batch"]
    assert main([*asked, "--out", str(out)]) == 3
    said = capsys.readouterr().err
    assert "after 1 points of batch" in said
    assert f"{out}.part" in said
    assert "--resume goes on" in said
    assert Sofar(out, resume=True).of(spec("batch")) == [HELD_ONE]
    # Whoever forgets that there is something to go on with does not lose it.
    assert main([*asked, "--out", str(out)]) == 3
    assert "--resume goes on" in capsys.readouterr().err
    assert main(asked) == 3
    assert "nothing is kept without --out" in capsys.readouterr().err


def test_the_table_tells_how_many_were_played(capsys, monkeypatch):
    run = spec("batch")
    outcomes = (HELD_ONE, replace(HELD_ONE, number=9))
    monkeypatch.setattr(crash_sweeping, "sweep", lambda *_: Sweep(run, 12, outcomes, ()))
    assert main(["crash-sweep", TOLD.name, "--model", "batch"]) == 0
    last = capsys.readouterr().out.rstrip().splitlines()[-1]
    assert last.split() == ["batch", "all", "12", "2", "1", "2", "0"]
    monkeypatch.setattr(crash_sweeping, "sweep", lambda *_: Sweep(run, 12, (TRIPPED,), ()))
    assert main(["crash-sweep", TOLD.name, "--model", "batch"]) == 3


def test_reads_of_the_store_are_calls_that_it_has():
    assert all(hasattr(Store, name) for name in READS)


def test_what_is_left_out_of_a_comparison_is_read_by_nobody():
    told = [
        line
        for path in Path("core").rglob("*.py")
        for line in path.read_text().splitlines()
        if NEVER_READ in line
    ]
    assert told
    assert all(f"INSERT INTO {NEVER_READ}" in line for line in told)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no_such_story"], "story: 'no_such_story' is unknown"),
        (["card_recover_on_third_try"], "did you mean card_recovers_on_third_try"),
        ([TOLD.name, "--every", "0"], "every: 0 must be 1 or more"),
        ([TOLD.name, "--every", "often"], "--every often"),
        ([TOLD.name, "--jobs", "0"], "jobs: 0 must lie in 1 to"),
        ([TOLD.name, "--seed", "-1"], "seed: -1 must lie in"),
        ([TOLD.name, "--model", "carrier_pigeon"], "model: 'carrier_pigeon' is unknown"),
        ([TOLD.name, "--resume"], "resume: says nothing without --out"),
        ([TOLD.name, "--resume", "--out", "never.json"], "no sweep was broken off there"),
        ([TOLD.name, "--out", "no/such/folder.json"], "out: no/such/folder.json: no such file"),
        ([TOLD.name, "--out", "."], "out: . is a folder"),
    ],
)
def test_wrong_use(arguments, says, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["crash-sweep", *arguments]) == 3
    said = capsys.readouterr().err
    assert said.startswith("tieout: ")
    assert says in said
    assert len(said.splitlines()) == 1
    assert not list(tmp_path.iterdir())
