"""Kills the core's machine at every durable write, send and receive of a story, one run a point."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

from scenarios.evidence.verdicts import BROKEN, UNDECIDED
from scenarios.judging import state_of, verdicts_of
from scenarios.measure import expectations_of
from scenarios.running import RunError, hush
from scenarios.spec import Spec
from scenarios.world.play import Played, play
from scenarios.world.powercut import Point

# What these runs cannot show: nothing is replayed, and no token is played twice.
_NOT_ASKED = frozenset({"I-19", "I-48"})
HELD, LOST, HARNESS = "held", "not held", "harness failed"
Told = Callable[["Outcome"], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a cut. number: from 1; state: held, not held or harness failed; says: the broken laws
    and expectations with what was lost; replay: the command that shows the run."""

    number: int
    point: Point
    state: str
    says: tuple[str, ...]
    replay: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """points: how many the run has; outcomes: of those that were tried, in order; base: what the run says
    without any cut (nothing, if it is sound)."""

    spec: Spec
    points: int
    outcomes: tuple[Outcome, ...]
    base: tuple[str, ...]

    @property
    def held(self) -> bool:
        """Whether every tried point held, and the run without a cut too."""
        return not self.base and all(outcome.state == HELD for outcome in self.outcomes)


def count(spec: Spec) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """The points of a run without a cut, and what is wrong with it anyway."""
    played = _play(replace(spec, faults="cut0"))
    return played.points, _wrong(played)


def sweep(spec: Spec, every: int = 1, jobs: int | None = None, told: Told | None = None) -> Sweep:
    """Try every `every`-th point. The replay phase is left out: it is the same for all."""
    points, base = count(spec)
    tried = range(1, len(points) + 1, every)
    outcomes = []
    # A fresh interpreter for each worker: nothing is inherited, not even the seed of hashes.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs or os.cpu_count() or 1, mp_context=context, initializer=hush) as pool:
        for outcome in _all(pool, spec, points, tried):
            outcomes.append(outcome)
            if told is not None:
                told(outcome)
    outcomes.sort(key=lambda outcome: outcome.number)
    return Sweep(spec, len(points), tuple(outcomes), base)


def to_plain(found: Sweep) -> dict[str, Any]:
    """As JSON has it."""
    return {
        "story": found.spec.story,
        "model": found.spec.model,
        "seed": found.spec.seed,
        "points": found.points,
        "tried": len(found.outcomes),
        "held": sum(outcome.state == HELD for outcome in found.outcomes),
        "without_a_cut": list(found.base),
        "outcomes": [
            {
                "number": each.number,
                "kind": each.point.kind,
                "what": each.point.what,
                "state": each.state,
                "says": list(each.says),
                "replay": each.replay,
            }
            for each in found.outcomes
        ],
    }


def _all(
    pool: ProcessPoolExecutor, spec: Spec, points: Sequence[Point], tried: Sequence[int]
) -> Iterator[Outcome]:
    futures = [pool.submit(cut, spec, number, points[number - 1]) for number in tried]
    for future in as_completed(futures):
        yield future.result()


def cut(spec: Spec, number: int, point: Point) -> Outcome:
    """One run with the power cut at a point."""
    spec = replace(spec, faults=f"cut{number}")
    replay = f"tieout replay {spec.token}"
    try:
        played = _play(spec)
    except RunError as error:
        return Outcome(number, point, HARNESS, (str(error),), replay)
    says = _wrong(played)
    if played.crashes != 1:
        says = (f"the power was cut {played.crashes} times instead of once", *says)
    return Outcome(number, point, LOST if says else HELD, says, replay)


def _play(spec: Spec) -> Played:
    try:
        return play(spec, repeat=False)
    except Exception as error:
        raise RunError(f"{spec.token}: {type(error).__name__}: {error}") from error


def _wrong(played: Played) -> tuple[str, ...]:
    """Broken laws with their first breach, laws left undecided, expectations that do not hold."""
    found = []
    for verdict in verdicts_of(played.evidence):
        state = state_of(verdict)
        if verdict.law in _NOT_ASKED or state not in (BROKEN, UNDECIDED):
            continue
        first = verdict.witnesses[0].says if verdict.witnesses else verdict.note
        found.append(f"{verdict.law}: {first}")
    for each in expectations_of(played.spec.story, played.evidence):
        if each.due != each.found:
            found.append(f"{each.says}: {each.found} instead of {each.due}")
    return tuple(found)
