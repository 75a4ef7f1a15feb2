"""Differences between models on the same seeds: paired, with a 95 % interval of Student's t.

The same seed gives both models the same customers, facts and faults, so the difference seed by seed is what
the model does and not what the customers did. Fewer than two pairs give no interval; no bootstrap is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean, stdev

from reports.compare import calls_per_lifecycle, models_of, runs_of
from reports.record import ModelResult, Record

T_975 = (
    *(
        12.706,
        4.303,
        3.182,
        2.776,
        2.571,
        2.447,
        2.365,
        2.306,
        2.262,
        2.228,
        2.201,
        2.179,
        2.160,
        2.145,
        2.131,
    ),
    *(
        2.120,
        2.110,
        2.101,
        2.093,
        2.086,
        2.080,
        2.074,
        2.069,
        2.064,
        2.060,
        2.056,
        2.052,
        2.048,
        2.045,
        2.042,
    ),
)
T_975_BEYOND = ((120, 1.980), (60, 2.000), (40, 2.021))


@dataclass(frozen=True, slots=True)
class Metric:
    """performance: read only of runs whose laws hold. unit: "s" for spans, "" for counts and means."""

    key: str
    title: str
    unit: str
    performance: bool
    read: Callable[[ModelResult], float | None]


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean of n differences; low and high are None when n < 2."""

    n: int
    mean: float
    low: float | None
    high: float | None

    @property
    def apart(self) -> bool:
        """The interval leaves zero out: the models really differ."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """`model` minus `against`: below zero, `model` has less. interval: None when no pair counts."""

    metric: Metric
    model: str
    against: str
    interval: Interval | None
    left_out: tuple[int, ...]


def paired_differences(record: Record, against: str) -> tuple[PairedDifference, ...]:
    """Every other model against one, measure by measure; pace leaves out seeds on which either is broken."""
    others = [model for model in models_of(record) if model != against]
    return tuple(_paired(record, metric, model, against) for metric in metrics() for model in others)


def t_interval(differences: tuple[float, ...]) -> Interval:
    """The 95 % interval of the mean of paired differences, by Student's t with n - 1 degrees of freedom."""
    mean = fmean(differences)
    n = len(differences)
    if n < 2:
        return Interval(n, mean, None, None)
    reach = t_quantile(n - 1) * stdev(differences) / math.sqrt(n)
    return Interval(n, mean, mean - reach, mean + reach)


def t_quantile(freedom: int) -> float:
    """The 97.5 % point of Student's t; between the rows of the table the wider one is taken."""
    if freedom <= len(T_975):
        return T_975[freedom - 1]
    return next((value for least, value in T_975_BEYOND if freedom >= least), T_975[-1])


def metrics() -> tuple[Metric, ...]:
    """What is compared between models."""
    return (
        Metric("broken", "Laws broken", "", False, lambda run: float(len(run.broken))),
        Metric("wrong_entries", "Wrong entries in the books", "", False, _wrong_entries),
        Metric("parked", "Parked items", "", False, lambda run: float(len(run.parked))),
        Metric("p50", "Lag, p50", "s", True, lambda run: run.lags[0].p50_s if run.lags else None),
        Metric("p95", "Lag, p95", "s", True, lambda run: run.lags[0].p95_s if run.lags else None),
        Metric("p99", "Lag, p99", "s", True, lambda run: run.lags[0].p99_s if run.lags else None),
        Metric("calls", "API calls per lifecycle", "", True, calls_per_lifecycle),
        Metric("converge", "Time to converge after heal", "s", True, lambda run: run.converge_seconds),
    )


def _wrong_entries(run: ModelResult) -> float:
    return float(run.lost + run.duplicated + run.orphaned + run.wrong_amount)


def _paired(record: Record, metric: Metric, model: str, against: str) -> PairedDifference:
    ours = {run.seed: run for run in runs_of(record, model)}
    theirs = {run.seed: run for run in runs_of(record, against)}
    differences: list[float] = []
    left_out: list[int] = []
    for seed in sorted(ours.keys() | theirs.keys()):
        left, right = _read(metric, ours.get(seed)), _read(metric, theirs.get(seed))
        if left is None or right is None:
            left_out.append(seed)
        else:
            differences.append(left - right)
    interval = t_interval(tuple(differences)) if differences else None
    return PairedDifference(metric, model, against, interval, tuple(left_out))


def _read(metric: Metric, run: ModelResult | None) -> float | None:
    if run is None or (metric.performance and run.broken):
        return None
    return metric.read(run)
