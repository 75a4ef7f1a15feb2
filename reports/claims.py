"""What is commonly claimed of each model, and what this record measured of it. No claim is taken on trust."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reports.compare import ModelTotals, totals
from reports.record import Record
from reports.units import format_number, format_span, plural

Verdict = Literal["supported", "contradicted", "undecided", "no figure", "not measured here"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One cell of the usual table of strengths and limits, beside its measurement."""

    model: str
    kind: Literal["strength", "limit"]
    says: str
    measured: str
    verdict: Verdict


def claims(record: Record) -> tuple[Claim, ...]:
    """The claims on the models of this record, each judged against the other models."""
    rows = {row.model: row for row in totals(record)}
    field = tuple(rows.values())
    return tuple(
        Claim(model, kind, says, *measure(rows[model], field))  # type: ignore[arg-type]
        for model, kind, says, measure in _table()
        if model in rows
    )


Measure = Callable[[ModelTotals, tuple[ModelTotals, ...]], tuple[str, Verdict]]


def _table() -> tuple[tuple[str, str, str, Measure], ...]:
    return (
        ("direct", "strength", "Fast and lightweight", _fast),
        ("direct", "limit", "Weak governance, hard to scale", _loses_books),
        ("orchestrated", "strength", "Central control and visibility", _controlled),
        ("orchestrated", "limit", "Needs platform discipline and design standards", _people),
        ("event_driven", "strength", "Responsive to changes", _fast),
        ("event_driven", "limit", "Needs idempotency controls: duplicates without them", _duplicates),
        ("batch", "strength", "Stable for bulk loads and scheduled processing", _controlled),
        ("batch", "limit", "Latency, limited responsiveness", _late),
        ("hybrid", "strength", "Balances responsiveness and control", _balanced),
    )


def _fast(row: ModelTotals, field: tuple[ModelTotals, ...]) -> tuple[str, Verdict]:
    lag = _p50(row)
    if lag is None:
        return _no_figure(row)
    others = [value for other in field if other is not row and (value := _p50(other)) is not None]
    if not others:
        return f"p50 lag {format_span(lag)}; no other model to set it against", "no figure"
    faster = sum(1 for value in others if value < lag)
    calls = format_number(row.pace.calls_per_lifecycle) if row.pace else "no"
    says = f"p50 lag {format_span(lag)}, {calls} calls per lifecycle"
    return f"{says}; {faster} of {len(others)} others are faster", "supported" if faster * 2 <= len(
        others
    ) else "contradicted"


def _late(row: ModelTotals, field: tuple[ModelTotals, ...]) -> tuple[str, Verdict]:
    lag = _p50(row)
    if lag is None:
        return _no_figure(row)
    others = [value for other in field if other is not row and (value := _p50(other)) is not None]
    if not others or min(others) == 0:
        return f"p50 lag {format_span(lag)}; no other model to set it against", "no figure"
    times = lag / min(others)
    shown = format_number(round(times, 1 if times < 10 else 0))
    says = f"p50 lag {format_span(lag)}, {shown} times that of the fastest"
    return says, "supported" if times >= 2 else "contradicted"


def _loses_books(row: ModelTotals, _field: tuple[ModelTotals, ...]) -> tuple[str, Verdict]:
    says = f"{_broken(row)}, {plural(row.wrong_entries, 'wrong entry', 'wrong entries')}"
    return says + f", {row.parked} parked for a person", "supported" if row.broken else "contradicted"


def _controlled(row: ModelTotals, _field: tuple[ModelTotals, ...]) -> tuple[str, Verdict]:
    says = f"{_broken(row)}; {plural(row.parked, 'item')} parked for a person"
    if row.undecided and not row.broken:
        return f"{says}; {len(row.undecided)} undecided", "undecided"
    return says, "contradicted" if row.broken else "supported"


def _duplicates(row: ModelTotals, _field: tuple[ModelTotals, ...]) -> tuple[str, Verdict]:
    if row.duplicated:
        return f"{plural(row.duplicated, 'duplicate')} in the books", "supported"
    return "no duplicates with the controls on; this run does not switch them off", "not measured here"


def _balanced(row: ModelTotals, field: tuple[ModelTotals, ...]) -> tuple[str, Verdict]:
    if row.broken:
        return f"{_broken(row)}: control is missing", "contradicted"
    says, verdict = _fast(row, field)
    return f"{_broken(row)}; {says}", verdict


def _people(_row: ModelTotals, _field: tuple[ModelTotals, ...]) -> tuple[str, Verdict]:
    return "a trait of organisations; no run can show it", "not measured here"


def _p50(row: ModelTotals) -> float | None:
    return row.pace.lags[0].p50_s if row.pace and row.pace.lags else None


def _broken(row: ModelTotals) -> str:
    return f"{plural(len(row.broken), 'law')} broken" if row.broken else "no law broken"


def _no_figure(row: ModelTotals) -> tuple[str, Verdict]:
    if row.broken:
        return f"no figure: {', '.join(row.broken_ids[:6])} broken", "no figure"
    return "lag was not measured", "no figure"
