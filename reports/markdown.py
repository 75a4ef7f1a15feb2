"""The comparison as Markdown, for a CI job's summary."""

from __future__ import annotations

from collections.abc import Sequence

from reports.cells import money_lines, pace_cells, system_cells, systems_of
from reports.choice import choose
from reports.compare import ModelTotals, totals
from reports.findings import Finding, findings, witness_text
from reports.names import model_name, system_name
from reports.record import Record
from reports.units import plural

HEAD = (
    *(
        "Model",
        "Held",
        "Broken",
        "Undecided",
        "Lost",
        "Duplicated",
        "Orphaned",
        "Wrong amount",
        "Money effect",
    ),
    *("Lag p50", "Lag p95", "Lag p99", "Calls per lifecycle", "Converge", "Parked"),
)


def to_markdown(record: Record) -> str:
    """Answer, tables, and each broken law with its witness; ends with a newline."""
    rows = totals(record)
    choice = choose(record)
    parts = ["# Tieout: connectivity models compared", _workload(record)]
    if record.partial:
        parts.append(f"**Partial record.** {_flat(record.partial_reason)}")
    parts.append(f"**{_flat(choice.headline)}**")
    lines = (*choice.reasons, *choice.instead, *choice.against)
    parts.append("\n".join(f"- {_flat(line)}" for line in lines))
    parts.append(_table(HEAD, [_row(row) for row in rows], left=1))
    systems = systems_of(rows)
    if systems:
        head = ("API calls per lifecycle", *(system_name(system) for system in systems))
        parts.append(_table(head, [(model_name(r.model), *system_cells(r, systems)) for r in rows], left=1))
    found = findings(record, most=1)
    if found:
        parts.append("## Broken laws")
        parts += [_finding(one) for one in found]
    parts.append("## Reproduce")
    runs = [(model_name(run.model), str(run.seed), f"`{run.replay}`") for run in record.models]
    parts.append(_table(("Model", "Seed", "Command"), runs, left=3))
    return "\n\n".join(part for part in parts if part) + "\n"


def _workload(record: Record) -> str:
    seeds = ", ".join(str(seed) for seed in record.seeds)
    return (
        f"{_flat(record.profile)}: {plural(record.customers, 'customer')}, {plural(record.months, 'month')}, "
        f"{'seeds' if len(record.seeds) > 1 else 'seed'} {seeds}, "
        f"{plural(len(record.faults), 'fault')} planned. "
        f"Made by `{record.command}` (Tieout {record.tool_version})."
    )


def _row(row: ModelTotals) -> tuple[str, ...]:
    p50, p95, p99, calls, converge = pace_cells(row)
    counts = (len(row.held), len(row.broken), len(row.undecided))
    wrong = (row.lost, row.duplicated, row.orphaned, row.wrong_amount)
    numbers = tuple(f"{count:,}" for count in (*counts, *wrong))
    money = ", ".join(money_lines(row))
    return (model_name(row.model), *numbers, money, p50, p95, p99, calls, converge, f"{row.parked:,}")


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], left: int) -> str:
    rule = tuple(":---" if at < left else "---:" for at in range(len(head)))
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in (head, rule, *rows))


def _cell(said: str) -> str:
    return _flat(said).replace("|", "\\|")


def _finding(one: Finding) -> str:
    head = f"### {one.law} {_flat(one.title)}: {model_name(one.model)}"
    body = "\n\n".join(f"seed {seed}\n{witness_text(witness)}" for seed, witness in one.witnesses)
    body = body or one.note or "no witness recorded"
    fence = "```"
    while fence in body:
        fence += "`"
    said = f"{head}\n\n{fence}text\n{body}\n{fence}"
    more = plural(one.more, "further witness", "further witnesses")
    return f"{said}\n\n{more} in record.json." if one.more else said


def _flat(said: str) -> str:
    """One line, and no markup of the text's own."""
    return " ".join(said.split()).replace("<", "&lt;")
