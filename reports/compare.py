"""Totals of a record: one row a model over its seeds, and no performance figure where a law is broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from reports.record import Amount, LagResult, ModelResult, Record, State, SystemCalls, WitnessResult

SEVERITY: tuple[State, ...] = ("broken", "undecided", "holds")


@dataclass(frozen=True, slots=True)
class LawTotal:
    """A law over all seeds of a model: broken if any seed breaks it, undecided if any leaves it open.

    A law judged for another model and not for this one is undecided here.
    """

    id: str
    title: str
    state: State
    examined: int
    broken_seeds: tuple[int, ...]
    witnesses: int
    note: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Performance of a model whose laws hold on every seed; over several seeds the mean of their figures."""

    lags: tuple[LagResult, ...]
    systems: tuple[SystemCalls, ...]
    calls_per_lifecycle: float
    converge_seconds: float | None


@dataclass(frozen=True, slots=True)
class ModelTotals:
    model: str
    seeds: tuple[int, ...]
    laws: tuple[LawTotal, ...]
    lost: int
    duplicated: int
    orphaned: int
    wrong_amount: int
    money_effects: tuple[Amount, ...]
    parked: int
    repairs: int
    lifecycles: int
    pace: Pace | None

    @property
    def held(self) -> tuple[LawTotal, ...]:
        return tuple(law for law in self.laws if law.state == "holds")

    @property
    def broken(self) -> tuple[LawTotal, ...]:
        return tuple(law for law in self.laws if law.state == "broken")

    @property
    def broken_ids(self) -> tuple[str, ...]:
        return tuple(law.id for law in self.broken)

    @property
    def undecided(self) -> tuple[LawTotal, ...]:
        return tuple(law for law in self.laws if law.state == "undecided")

    @property
    def wrong_entries(self) -> int:
        return self.lost + self.duplicated + self.orphaned + self.wrong_amount


def totals(record: Record) -> tuple[ModelTotals, ...]:
    """One row a model, in the order in which the record has them."""
    laws = laws_of(record)
    return tuple(_totals(model, runs_of(record, model), laws) for model in models_of(record))


def models_of(record: Record) -> tuple[str, ...]:
    return tuple(dict.fromkeys(run.model for run in record.models))


def runs_of(record: Record, model: str) -> tuple[ModelResult, ...]:
    return tuple(run for run in record.models if run.model == model)


def laws_of(record: Record) -> tuple[tuple[str, str], ...]:
    """(id, title) of every law judged for any model, in order of id."""
    return tuple(sorted({law.id: law.title for run in record.models for law in run.laws}.items()))


def witnesses_of(record: Record, model: str, law: str) -> tuple[tuple[int, WitnessResult], ...]:
    """(seed, witness) of a law that a model breaks."""
    return tuple(
        (run.seed, witness)
        for run in runs_of(record, model)
        for found in run.broken
        if found.id == law
        for witness in found.witnesses
    )


def unmet(record: Record) -> tuple[str, ...]:
    """Why the run does not pass: what a required model was not run on, breaks, or leaves undecided."""
    rows = {row.model: row for row in totals(record)}
    found: list[str] = []
    for model in record.required_models:
        row = rows.get(model)
        missing = record.seeds if row is None else tuple(s for s in record.seeds if s not in row.seeds)
        if missing:
            found.append(f"{model}: not run on {_seeds(missing)}")
        if row is not None:
            found += [f"{model}: {law.id} {law.state}" for law in row.laws if law.state != "holds"]
    return tuple(found)


def sum_money(amounts: Iterable[Amount]) -> tuple[Amount, ...]:
    """One amount a currency, in order of currency; currencies are never added to one another."""
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return tuple(Amount(minor=minor, currency=currency) for currency, minor in sorted(sums.items()))


def calls_per_lifecycle(run: ModelResult) -> float:
    return sum(row.per_lifecycle for row in run.systems)


def _totals(model: str, runs: tuple[ModelResult, ...], judged: tuple[tuple[str, str], ...]) -> ModelTotals:
    laws = tuple(_law(law, title, runs) for law, title in judged)
    clean = not any(law.state == "broken" for law in laws)
    return ModelTotals(
        model=model,
        seeds=tuple(run.seed for run in runs),
        laws=laws,
        lost=sum(run.lost for run in runs),
        duplicated=sum(run.duplicated for run in runs),
        orphaned=sum(run.orphaned for run in runs),
        wrong_amount=sum(run.wrong_amount for run in runs),
        money_effects=sum_money(amount for run in runs for amount in run.money_effects),
        parked=sum(len(run.parked) for run in runs),
        repairs=sum(run.repairs for run in runs),
        lifecycles=sum(run.lifecycles for run in runs),
        pace=_pace(runs) if clean else None,
    )


def _law(law_id: str, title: str, runs: tuple[ModelResult, ...]) -> LawTotal:
    found = [(run.seed, law) for run in runs for law in run.laws if law.id == law_id]
    states = {law.state for _, law in found}
    if len(found) < len(runs):
        states.add("undecided")
    return LawTotal(
        id=law_id,
        title=title,
        state=next(state for state in SEVERITY if state in states),
        examined=sum(law.examined for _, law in found),
        broken_seeds=tuple(seed for seed, law in found if law.state == "broken"),
        witnesses=sum(len(law.witnesses) for _, law in found),
        note="; ".join(dict.fromkeys(law.note for _, law in found if law.note)),
    )


def _pace(runs: tuple[ModelResult, ...]) -> Pace:
    times = [run.converge_seconds for run in runs if run.converge_seconds is not None]
    systems = dict.fromkeys(row.system for run in runs for row in run.systems)
    flows = dict.fromkeys(lag.flow for run in runs for lag in run.lags)
    return Pace(
        lags=tuple(_lag([lag for run in runs for lag in run.lags if lag.flow == flow]) for flow in flows),
        systems=tuple(_system(name, runs) for name in systems),
        calls_per_lifecycle=fmean(calls_per_lifecycle(run) for run in runs),
        converge_seconds=fmean(times) if len(times) == len(runs) else None,
    )


def _lag(found: list[LagResult]) -> LagResult:
    return LagResult(
        flow=found[0].flow,
        count=sum(lag.count for lag in found),
        p50_s=fmean(lag.p50_s for lag in found),
        p95_s=fmean(lag.p95_s for lag in found),
        p99_s=fmean(lag.p99_s for lag in found),
        max_s=max(lag.max_s for lag in found),
    )


def _system(name: str, runs: tuple[ModelResult, ...]) -> SystemCalls:
    rows = [row for run in runs for row in run.systems if row.system == name]
    return SystemCalls(
        system=name,
        calls=sum(row.calls for row in rows),
        per_lifecycle=sum(row.per_lifecycle for row in rows) / len(runs),
        ok=sum(row.ok for row in rows),
        fail=sum(row.fail for row in rows),
        info=sum(row.info for row in rows),
    )


def _seeds(seeds: tuple[int, ...]) -> str:
    return ("seed " if len(seeds) == 1 else "seeds ") + ", ".join(str(seed) for seed in seeds)
