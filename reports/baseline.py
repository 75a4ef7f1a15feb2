"""What became worse since a baseline record: the question a CI job asks."""

from __future__ import annotations

from dataclasses import dataclass

from reports.compare import laws_of, models_of, runs_of
from reports.paired import Metric, metrics
from reports.record import LawResult, ModelResult, Record
from reports.units import format_number, format_span

TOLERANCE = 0.10


@dataclass(frozen=True, slots=True)
class Regression:
    """One thing that is worse. what: a law id or a measure's key; replay: the run that shows it."""

    model: str
    seed: int
    what: str
    says: str
    replay: str


def regressions(record: Record, baseline: Record, tolerance: float = TOLERANCE) -> tuple[Regression, ...]:
    """Run by run: laws that held and hold no more, measures that grew by more than `tolerance` (a share).

    Only runs with the same model and seed are compared. Performance is compared only where both runs hold
    their laws. A run that the baseline has and the record has not is a regression too.
    """
    found: list[Regression] = []
    for model in models_of(baseline):
        now = {run.seed: run for run in runs_of(record, model)}
        for before in runs_of(baseline, model):
            run = now.get(before.seed)
            if run is None:
                found.append(Regression(model, before.seed, "run", "was run, is missing now", before.replay))
                continue
            found += _laws(before, run, [law for law, _ in laws_of(baseline)])
            found += _measures(before, run, tolerance)
    return tuple(found)


def same_workload(record: Record, baseline: Record) -> bool:
    """Only the same company over the same months under the same faults can be compared with profit."""
    left, right = (
        (one.profile, one.customers, one.months, tuple(sorted(fault.fault for fault in one.faults)))
        for one in (record, baseline)
    )
    return left == right


def _laws(before: ModelResult, run: ModelResult, order: list[str]) -> list[Regression]:
    was, is_now = _by_id(before), _by_id(run)
    found: list[Regression] = []
    for law_id in order:
        if law_id not in was:
            continue
        old, new = was[law_id], is_now.get(law_id)
        rank = {"holds": 0, "undecided": 1, "broken": 2}
        if new is None:
            says = f"{law_id} {old.title}: was judged, is not judged now"
        elif rank[new.state] > rank[old.state]:
            says = f"{law_id} {new.title}: {old.state} before, {new.state} now"
        elif new.state == "holds" and old.examined > 0 and new.examined == 0:
            says = f"{law_id} {new.title}: tried on {old.examined} facts before, on none now"
        else:
            continue
        found.append(Regression(run.model, run.seed, law_id, says, run.replay))
    return found


def _measures(before: ModelResult, run: ModelResult, tolerance: float) -> list[Regression]:
    found: list[Regression] = []
    for metric in metrics():
        if metric.key == "broken" or (metric.performance and (before.broken or run.broken)):
            continue
        old, new = metric.read(before), metric.read(run)
        if old is None:
            continue
        allowed = old * (1 + tolerance) if metric.performance else old
        if new is None or new > allowed:
            says = f"{metric.title}: {_write(metric, old)} before, {_write(metric, new)} now"
            found.append(Regression(run.model, run.seed, metric.key, says, run.replay))
    return found


def _by_id(run: ModelResult) -> dict[str, LawResult]:
    return {law.id: law for law in run.laws}


def _write(metric: Metric, value: float | None) -> str:
    if value is None:
        return "none"
    return format_span(value) if metric.unit == "s" else format_number(value)
