"""The comparison in the terminal: one wide table where it fits, two narrow ones where it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from reports.cells import money_lines, pace_cells, system_cells, systems_of
from reports.choice import choose
from reports.compare import ModelTotals, totals, unmet
from reports.names import system_name
from reports.record import Record

WIDE = 136
Write = Callable[[ModelTotals], Text]


def compare_table(record: Record) -> RenderableType:
    """What `tieout compare` prints; it fits itself to the width of the terminal."""
    return _Comparison(record)


@dataclass(frozen=True, slots=True)
class _Comparison:
    record: Record

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        rows = totals(self.record)
        books, pace, systems = _books(), _pace(), systems_of(rows)
        if options.max_width >= WIDE:
            yield _table("Laws, books and pace", rows, books + pace)
        else:
            yield _table("Laws and books", rows, books)
            yield _table("Event-to-ERP lag, cost and recovery", rows, pace)
        if systems:
            yield _table("API calls per lifecycle, by system", rows, _systems(systems))
        yield _answer(self.record)


def _answer(record: Record) -> RenderableType:
    choice = choose(record)
    lines = [Text(choice.headline, "bold")]
    lines += [Text(f"  {line}") for line in (*choice.reasons, *choice.instead)]
    lines += [Text(f"  {line}", "red") for line in choice.against]
    lines += [Text(f"Required, not met: {line}", "bold red") for line in unmet(record)]
    if record.partial:
        lines.insert(0, Text(f"Partial record: {record.partial_reason}", "bold yellow"))
    return Group(*lines)


def _table(title: str, rows: tuple[ModelTotals, ...], columns: tuple[tuple[str, Write], ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.pad_edge = False
    table.collapse_padding = True
    table.add_column("Model", no_wrap=True)
    for name, _ in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(Text(row.model, "bold"), *(write(row) for _, write in columns))
    return table


def _books() -> tuple[tuple[str, Write], ...]:
    return (
        ("Held", lambda row: Text(str(len(row.held)), "green")),
        ("Broken", lambda row: _alarm(len(row.broken))),
        ("Undec.", lambda row: Text(str(len(row.undecided)), "yellow" if row.undecided else "dim")),
        ("Lost", lambda row: _alarm(row.lost)),
        ("Dup.", lambda row: _alarm(row.duplicated)),
        ("Orphan", lambda row: _alarm(row.orphaned)),
        ("Wrong", lambda row: _alarm(row.wrong_amount)),
        ("Money effect", lambda row: Text("\n".join(money_lines(row)))),
    )


def _pace() -> tuple[tuple[str, Write], ...]:
    names = ("Lag p50", "p95", "p99", "Calls/lc", "Converge")
    cells = tuple((name, _pace_writer(at)) for at, name in enumerate(names))
    return (*cells, ("Parked", lambda row: Text(f"{row.parked:,}")))


def _pace_writer(at: int) -> Write:
    return lambda row: _figure(row, pace_cells(row)[at])


def _systems(systems: tuple[str, ...]) -> tuple[tuple[str, Write], ...]:
    return tuple((system_name(system), _system_writer(systems, at)) for at, system in enumerate(systems))


def _system_writer(systems: tuple[str, ...], at: int) -> Write:
    return lambda row: _figure(row, system_cells(row, systems)[at])


def _figure(row: ModelTotals, said: str) -> Text:
    return Text(said, "red" if row.pace is None else "", no_wrap=True)


def _alarm(count: int) -> Text:
    return Text(f"{count:,}", "bold red" if count else "dim")
