"""The page for the architect: one file, no script, nothing fetched; its words are in templates/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import cells, units
from reports.charts.bars import call_bars, converge_bars, money_bars
from reports.charts.lag import lag_bars
from reports.charts.matrix import law_matrix
from reports.charts.svg import clean
from reports.charts.timeline import open_strips
from reports.choice import Choice, choose
from reports.claims import claims
from reports.compare import ModelTotals, models_of, runs_of, totals, unmet
from reports.findings import findings, money_effect
from reports.names import flow_name, model_name, system_name
from reports.paired import PairedDifference, paired_differences
from reports.record import Record

FLOWS_MAX = 4


@dataclass(frozen=True, slots=True)
class Pictures:
    """Every picture of the page, drawn."""

    matrix: Markup
    lags: tuple[tuple[str, Markup], ...]
    calls: Markup
    converge: Markup
    money: tuple[tuple[str, Markup], ...]
    open: Markup | None


def to_html(record: Record) -> str:
    """The whole page as one text."""
    rows = totals(record)
    choice = choose(record)
    against = choice.model or (rows[0].model if rows else "")
    page = _environment().get_template("report.html.j2")
    return page.render(
        record=record,
        rows=rows,
        choice=choice,
        unmet=unmet(record),
        pictures=_pictures(record, rows),
        claims=claims(record),
        findings=findings(record),
        faults=_fault_rows(record),
        parked=[(run.model, run.seed, item) for run in record.models for item in run.parked],
        systems=cells.systems_of(rows),
        against=against,
        paired=_paired(record, against) if len(record.seeds) > 1 else [],
        seed_cell=lambda model, seed: _seed_cell(record, model, seed),
        started=_moment(record.started_unix_s),
        took=units.format_span(max(record.ended_unix_s - record.started_unix_s, 0.0)),
        summary=_summary(choice, rows),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    environment.filters.update(
        model=model_name,
        system=system_name,
        flow=flow_name,
        span=units.format_span,
        number=units.format_number,
        money=lambda amount: units.format_money(amount.minor, amount.currency),
        effect=money_effect,
        pace=cells.pace_cells,
        moneys=cells.money_lines,
        calls=cells.system_cells,
        difference=_difference,
        interval=_interval,
    )
    environment.globals.update(plural=units.plural)
    return environment


def _pictures(record: Record, rows: tuple[ModelTotals, ...]) -> Pictures:
    flows = tuple(dict.fromkeys(lag.flow for row in rows if row.pace for lag in row.pace.lags))
    off = {amount.currency for row in rows for amount in row.money_effects if amount.minor}
    first = record.seeds[0] if record.seeds else None
    sampled = tuple(run for run in record.models if run.seed == first and run.open_after_heal)
    return Pictures(
        matrix=Markup(law_matrix(rows)),
        lags=tuple((flow, Markup(lag_bars(rows, flow))) for flow in flows[:FLOWS_MAX]),
        calls=Markup(call_bars(rows)),
        converge=Markup(converge_bars(rows)),
        money=tuple((currency, Markup(money_bars(rows, currency))) for currency in sorted(off)),
        open=Markup(open_strips(sampled)) if sampled else None,
    )


def _fault_rows(record: Record) -> list[tuple[str, str, list[int]]]:
    """(fault, what it is, how often it bit each model); a fault that fired unplanned is told too."""
    planned = {fault.fault: fault.says for fault in record.faults}
    fired = dict.fromkeys(found.fault for run in record.models for found in run.faults_fired)
    return [
        (fault, planned.get(fault, ""), [_times(record, model, fault) for model in models_of(record)])
        for fault in dict.fromkeys((*planned, *fired))
    ]


def _paired(record: Record, against: str) -> list[list[PairedDifference]]:
    """Measure by measure, as the table groups them."""
    found = paired_differences(record, against)
    return [list(group) for _, group in groupby(found, key=lambda one: one.metric.key)]


def _seed_cell(record: Record, model: str, seed: int) -> str:
    run = next((run for run in runs_of(record, model) if run.seed == seed), None)
    if run is None:
        return "not run"
    (row,) = totals(replace(record, models=(run,)))
    _, p95, _, calls, _ = cells.pace_cells(row)
    if row.pace is None:
        return p95
    return f"{'?' if row.undecided else '✓'} {p95} · {calls}"


def _times(record: Record, model: str, fault: str) -> int:
    return sum(
        found.count for run in runs_of(record, model) for found in run.faults_fired if found.fault == fault
    )


def _summary(choice: Choice, rows: tuple[ModelTotals, ...]) -> str:
    """The verdict of every model in one sentence, for the line under the title."""
    said = []
    for row in sorted(rows, key=lambda row: (row.model != choice.model, len(row.broken), len(row.undecided))):
        if row.broken:
            said.append(f"{model_name(row.model)} breaks {len(row.broken)}")
        elif row.undecided:
            said.append(f"{model_name(row.model)} breaks none, {len(row.undecided)} undecided")
        else:
            said.append(f"{model_name(row.model)} holds all {units.plural(len(row.laws), 'law')}")
    return "; ".join(said) + "." if said else choice.headline


def _difference(found: PairedDifference) -> str:
    return "–" if found.interval is None else _signed(found, found.interval.mean)


def _interval(found: PairedDifference) -> str:
    interval = found.interval
    if interval is None or interval.low is None or interval.high is None:
        return "–"
    return f"{_signed(found, interval.low)} to {_signed(found, interval.high)}"


def _signed(found: PairedDifference, value: float) -> str:
    said = (
        units.format_span(abs(value))
        if found.metric.unit == "s"
        else units.format_number(round(abs(value), 2))
    )
    return said if value == 0 else ("+" if value > 0 else "−") + said


def _moment(unix_s: float) -> str:
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
