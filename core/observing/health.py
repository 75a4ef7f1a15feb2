"""Whether the deployment is well, and what of it is not: dependencies, each with its state and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.observing.presence import SILENT_US

# A vendor that gave no good answer to so many calls of the last minute is taken to be away.
_FAILED_CALLS = 3


class State(StrEnum):
    """up: all is well; degraded: work is taken in and waits, or goes slower; down: none can be taken in."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Dependency:
    """What the deployment needs. why: "" where it is up."""

    name: str
    state: State
    why: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """Of the deployment, as it said last. at: when, microseconds; said: see `Presence.body`."""

    name: str
    at: int
    said: Mapping[str, Any]

    def alive(self, now: int) -> bool:
        """Heard of lately."""
        return now - self.at < SILENT_US


def together(dependencies: Iterable[Dependency]) -> State:
    """As well as the worst; but only a store that is away keeps work from being taken in."""
    states = {each.name: each.state for each in dependencies}
    if states.get("store") is State.DOWN:
        return State.DOWN
    return State.UP if set(states.values()) <= {State.UP} else State.DEGRADED


def workers(processes: Sequence[Process], now: int, *, wanted: bool) -> Dependency:
    """wanted: whether this model has any."""
    known = [each for each in processes if each.said.get("role") == "worker"]
    silent = [each.name for each in known if not each.alive(now)]
    if not wanted or (known and not silent):
        return Dependency("workers", State.UP)
    if len(silent) == len(known):
        return Dependency("workers", State.DEGRADED, "none is alive: work is taken in and waits")
    return Dependency("workers", State.DEGRADED, f"silent: {', '.join(silent)}")


def vendor(system: str, standings: Sequence[Mapping[str, Any]]) -> Dependency:
    """standings: of one vendor, one a process that is alive."""
    paused = max((int(each["paused_us"]) for each in standings), default=0)
    slow = min((int(each["per_mille"]) for each in standings), default=1000)
    good = sum(int(each["ok"]) for each in standings)
    bad = sum(int(each["fail"]) + int(each["info"]) for each in standings)
    if not good and bad >= _FAILED_CALLS:
        return Dependency(system, State.DOWN, f"no good answer to {bad} calls of the last minute")
    if paused:
        return Dependency(system, State.DEGRADED, f"asked to wait {(paused + 999_999) // 1_000_000} s")
    if slow < 1000:
        return Dependency(system, State.DEGRADED, f"asked at {slow // 10} % of the full rate")
    return Dependency(system, State.UP)
