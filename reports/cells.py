"""The texts of the comparison's cells, the same in terminal, Markdown and page."""

from __future__ import annotations

from reports.compare import ModelTotals
from reports.units import format_money, format_number, format_span

NONE = "–"


def pace_cells(row: ModelTotals) -> tuple[str, str, str, str, str]:
    """p50, p95, p99, calls per lifecycle, time to converge; or the broken law in place of each."""
    if row.pace is None:
        return (broken_cell(row),) * 5
    lag = row.pace.lags[0] if row.pace.lags else None
    spans = (format_span(lag.p50_s), format_span(lag.p95_s), format_span(lag.p99_s)) if lag else (NONE,) * 3
    converge = row.pace.converge_seconds
    return (
        *spans,
        format_number(row.pace.calls_per_lifecycle),
        "never" if converge is None else format_span(converge),
    )


def broken_cell(row: ModelTotals) -> str:
    """✗ I-03, or ✗ I-03 +2 when more laws are broken."""
    more = f" +{len(row.broken) - 1}" if len(row.broken) > 1 else ""
    return f"✗ {row.broken[0].id}{more}"


def system_cells(row: ModelTotals, systems: tuple[str, ...]) -> tuple[str, ...]:
    """Calls per lifecycle to each system, under the same rule."""
    if row.pace is None:
        return (broken_cell(row),) * len(systems)
    found = {part.system: format_number(part.per_lifecycle) for part in row.pace.systems}
    return tuple(found.get(system, NONE) for system in systems)


def money_lines(row: ModelTotals) -> tuple[str, ...]:
    """One amount a currency; a dash where the books are off by nothing."""
    said = tuple(format_money(amount.minor, amount.currency) for amount in row.money_effects if amount.minor)
    return said or (NONE,)


def systems_of(rows: tuple[ModelTotals, ...]) -> tuple[str, ...]:
    """Every system of every row that has a pace, in the order of first mention."""
    return tuple(dict.fromkeys(part.system for row in rows if row.pace for part in row.pace.systems))
