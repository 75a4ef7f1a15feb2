"""Objectives of the flows, and when missing them should wake somebody: burn rates over two windows each.

The rule and its numbers are those of Google's Site Reliability Workbook, chapter 5 ("Alerting on SLOs"): of
a budget of thirty days, 2 % in one hour is a rate of 14.4, 5 % in six hours one of 6; a short window of a
twelfth says that it is still going on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

_MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Alarm:
    """Rings when both windows burn at least so fast. severity: of Watch.alert."""

    name: str
    long_minutes: int
    short_minutes: int
    at_rate: Fraction
    severity: str


ALARMS = (
    Alarm("fast", 60, 5, Fraction(144, 10), "high"),
    Alarm("slow", 360, 30, Fraction(6), "medium"),
)
# Every window that is looked at, minutes.
WINDOWS = tuple(sorted({m for alarm in ALARMS for m in (alarm.long_minutes, alarm.short_minutes)}))


@dataclass(frozen=True, slots=True)
class Objective:
    """Of one flow. minutes: within which a transaction ends; queues: where its tasks are; target: the share
    that has to, in (0, 1)."""

    flow: str
    owner: str
    minutes: int
    queues: tuple[str, ...]
    target: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.target < 1:
            raise ValueError(f"target: {self.target} is not between 0 and 1; a budget of nothing cannot burn")

    @property
    def within_us(self) -> int:
        """Microseconds."""
        return self.minutes * _MINUTE_US


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one flow in one window. good: ended in time; bad: missed their moment."""

    good: int
    bad: int


NONE = Counts(0, 0)


@dataclass(frozen=True, slots=True)
class Burn:
    """How one flow stands. rates: (window such as "60m", burn rate); ringing: names of alarms; counts: by
    minutes of the window."""

    flow: str
    owner: str
    minutes: int
    rates: tuple[tuple[str, Fraction], ...]
    ringing: tuple[str, ...]
    counts: Mapping[int, Counts]


def burn_rate(counts: Counts, target: Fraction) -> Fraction:
    """1 uses up the budget exactly; 0 where nothing happened."""
    total = counts.good + counts.bad
    return Fraction(counts.bad, total) / (1 - target) if total else Fraction(0)


def rings(alarm: Alarm, windows: Mapping[int, Counts], target: Fraction) -> bool:
    """Long: it matters; short: it has not stopped."""
    return all(
        burn_rate(windows.get(minutes, NONE), target) >= alarm.at_rate
        for minutes in (alarm.long_minutes, alarm.short_minutes)
    )


def burn(objective: Objective, windows: Mapping[int, Counts]) -> Burn:
    """windows: counts by minutes."""
    rates = tuple((f"{m}m", burn_rate(windows.get(m, NONE), objective.target)) for m in WINDOWS)
    ringing = tuple(alarm.name for alarm in ALARMS if rings(alarm, windows, objective.target))
    return Burn(objective.flow, objective.owner, objective.minutes, rates, ringing, dict(windows))
