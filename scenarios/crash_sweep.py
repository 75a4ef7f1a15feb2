"""Kills the core's machine at every durable write, send and receive of a story, a branch of the run each."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from scenarios.evidence.verdicts import BROKEN, UNDECIDED
from scenarios.forking import Fork
from scenarios.judging import state_of, verdicts_of
from scenarios.measure import expectations_of
from scenarios.running import RunError, hush
from scenarios.spec import Spec
from scenarios.world.outlived import ROOM
from scenarios.world.play import Played, play
from scenarios.world.powercut import Branch, Point

# What these runs cannot show: nothing is replayed, and no token is played twice.
_NOT_ASKED = frozenset({"I-19", "I-48"})
# Its number, itself, and the point whose moment is its own.
_Follower = tuple[int, Point, int]
HELD, LOST, HARNESS = "held", "not held", "harness failed"
Told = Callable[["Outcome"], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a cut. number: from 1; state: held, not held or harness failed; says: the broken laws
    and expectations with what was lost; replay: the command that shows the run; log: its event log's hash,
    if it is known; like: the point whose run was played to its end for this one, its own or one that is the
    same from the dark on."""

    number: int
    point: Point
    state: str
    says: tuple[str, ...]
    replay: str
    log: str = ""
    like: int = 0

    @property
    def played(self) -> bool:
        """To its end, for itself."""
        return self.like == self.number


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


def sweep(
    spec: Spec,
    every: int = 1,
    jobs: int | None = None,
    told: Told | None = None,
    done: Iterable[Outcome] = (),
) -> Sweep:
    """Try every `every`-th point, in `jobs` processes. The replay phase is left out: it is the same for all.

    done: outcomes of before, which are taken over where the run still has that point; told: gets each new
    one. RunError if the run without a cut cannot be played.
    """
    known = {outcome.number: outcome for outcome in done}
    # A fresh interpreter that has no thread, so that it can branch; it inherits not even the seed of hashes.
    context = multiprocessing.get_context("spawn")
    ear, mouth = context.Pipe(duplex=False)
    stem = context.Process(target=_stem, args=(spec, every, jobs or os.cpu_count() or 1, known, mouth))
    stem.start()
    mouth.close()
    outcomes: list[Outcome] = []
    try:
        while isinstance(word := ear.recv(), Outcome):
            outcomes.append(word)
            if told is not None:
                told(word)
    except EOFError:
        raise RunError(f"{spec.token}: the process that plays it died") from None
    except KeyboardInterrupt:
        stem.terminate()
        raise
    finally:
        ear.close()
        stem.join()
    if isinstance(word, str):
        raise RunError(word)
    points, base = word
    outcomes += [
        known[n] for n in sorted(known) if _is_known(known, n, points[n - 1 : n]) and n % every == 1 % every
    ]
    outcomes.sort(key=lambda outcome: outcome.number)
    return Sweep(spec, len(points), tuple(outcomes), base)


def _is_known(known: Mapping[int, Outcome], number: int, points: Sequence[Point]) -> bool:
    return number in known and (known[number].point,) == tuple(points)


def _stem(spec: Spec, every: int, jobs: int, known: Mapping[int, Outcome], mouth: Connection) -> None:
    """Play the run once, with a branch at each point, and tell `mouth` each outcome, at last all points."""
    hush()
    # Ctrl-C is the parent's to handle, who ends this one; a branch ends when it finds nobody to tell.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    points = _Points(spec, every, known, mouth.send)
    fork = Fork(points, jobs)
    try:
        played: Played | RunError = _play(replace(spec, faults="cut0"), fork)
    except RunError as error:
        played = error
    if fork.point is not None:
        fork.say(_outcome(spec, *fork.point, played))
    fork.end()
    mouth.send(str(played) if isinstance(played, RunError) else (played.points, _wrong(played)))


class _Points:
    """Which points get a branch of their own (`scenarios.forking.Director`), and which share its outcome.

    One that is the same moment as the last that got one needs no branch: between "after write" and the next
    "before write" disk, vendors and wire are the same. A branch that has come to what another had come to is
    that one from there on, and is not played to its end.
    """

    def __init__(self, spec: Spec, every: int, known: Mapping[int, Outcome], tell: Told) -> None:
        self._spec, self._every, self._known, self._tell = spec, every, known, tell
        self._state: Hashable = None
        self._last = 0
        # By number: the branch that goes on for it, who waits for an end of a branch, and the ends.
        self._leads: dict[int, int] = {}
        self._follow: dict[int, list[_Follower]] = {}
        self._ends: dict[int, Outcome] = {}
        self._states: dict[bytes, int] = {}

    def wanted(self, number: int, point: Point, state: Hashable) -> bool:
        if number % self._every != 1 % self._every or _is_known(self._known, number, (point,)):
            return False
        if state == self._state:
            self._joins((number, point, self._last), self._leader(self._last))
            return False
        self._last, self._state = number, state
        self._leads[number], self._follow[number] = number, [(number, point, number)]
        return True

    def goes_on(self, number: int, state: bytes | None) -> bool:
        if state is None:
            return True
        leader = self._leader(self._states.setdefault(state, number))
        if leader == number:
            return True
        self._leads[number] = leader
        for each in self._follow.pop(number):
            self._joins(each, leader)
        return False

    def heard(self, number: int, words: Any) -> None:
        died = Outcome(number, Point("", ""), HARNESS, ("its process died",), "")
        self._ends[number] = words or died
        for each in self._follow.pop(number):
            self._say(each, number)

    def _leader(self, number: int) -> int:
        while self._leads[number] != number:
            number = self._leads[number]
        return number

    def _joins(self, follower: _Follower, leader: int) -> None:
        if leader in self._ends:
            self._say(follower, leader)
        else:
            self._follow[leader].append(follower)

    def _say(self, follower: _Follower, leader: int) -> None:
        number, point, moment = follower
        replay = f"tieout replay {_cut(self._spec, number).token}"
        end = self._ends[leader]
        # Before they came to the same they differ in what was asked, unless they are one moment.
        log = end.log if moment == leader else ""
        self._tell(replace(end, number=number, point=point, replay=replay, log=log, like=leader))


def cut(spec: Spec, number: int, point: Point) -> Outcome:
    """One run with the power cut at a point, from its beginning."""
    try:
        played: Played | RunError = _play(_cut(spec, number))
    except RunError as error:
        played = error
    return _outcome(spec, number, point, played)


def _cut(spec: Spec, number: int) -> Spec:
    return replace(spec, faults=f"cut{number}")


def _outcome(spec: Spec, number: int, point: Point, played: Played | RunError) -> Outcome:
    replay = f"tieout replay {_cut(spec, number).token}"
    if isinstance(played, RunError):
        return Outcome(number, point, HARNESS, (str(played),), replay, like=number)
    calls = len(played.evidence.operations)
    if calls >= ROOM:
        return Outcome(
            number, point, HARNESS, (f"{calls} calls: too many for `outlived`",), replay, like=number
        )
    says = _wrong(played)
    if played.crashes != 1:
        says = (f"the power was cut {played.crashes} times instead of once", *says)
    log = played.evidence.determinism.log_hash
    return Outcome(number, point, LOST if says else HELD, says, replay, log, number)


def _play(spec: Spec, branch: Branch | None = None) -> Played:
    try:
        return play(spec, repeat=False, branch=branch)
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
