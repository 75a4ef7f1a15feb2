"""What a run looks like in the terminal: verdicts, figures, and each breach with its story."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from reports.findings import witness_text
from reports.names import flow_name, model_name, system_name
from reports.record import ExpectationResult, LawResult, ModelResult
from reports.units import format_money, format_number, format_span, plural

_COLOURS = {"holds": "green", "broken": "bold red", "undecided": "yellow"}
_TOLD = 3


def show_result(console: Console, result: ModelResult) -> None:
    """Everything about one run."""
    show_expectations(console, result.expectations)
    show_verdicts(console, result)
    show_breaches(console, result.laws)
    show_figures(console, result)
    console.print(f"token     {escape(result.token)}", soft_wrap=True, highlight=False)
    console.print(f"log hash  {result.log_hash}", soft_wrap=True, highlight=False)
    console.print(f"replay    {escape(result.replay)}", soft_wrap=True, highlight=False)


def show_verdicts(console: Console, result: ModelResult) -> None:
    """One row a law."""
    title = f"{model_name(result.model)}, seed {result.seed}"
    table = _table(title, ("Law", ""), ("", ""), ("Verdict", ""), ("Examined", "right"), ("Note", ""))
    for law in result.laws:
        note = law.note or (plural(len(law.witnesses), "breach", "breaches") if law.witnesses else "")
        state = Text(law.state, _COLOURS[law.state])
        table.add_row(law.id, Text(law.title), state, f"{law.examined:,}", Text(note))
    console.print(table)


def show_breaches(console: Console, laws: Sequence[LawResult]) -> None:
    """The first breaches of each broken law, with their stories."""
    for law in laws:
        if law.state != "broken":
            continue
        console.print(Text(f"{law.id} {law.title}", "bold red"))
        for witness in law.witnesses[:_TOLD]:
            console.print(Text(witness_text(witness)), soft_wrap=True)
            console.print()
        if len(law.witnesses) > _TOLD:
            console.print(
                f"… and {plural(len(law.witnesses) - _TOLD, 'further breach', 'further breaches')}\n"
            )


def show_script(console: Console, title: str, about: str, acts: Sequence[tuple[str, str]]) -> None:
    """What a scripted story is about, and who does what on which day."""
    table = _table(title, ("Date", ""), ("Act", ""))
    for on, said in acts:
        table.add_row(on, Text(said))
    console.print(table)
    console.print(Text(f"{about}\n"))


def show_expectations(console: Console, expectations: Sequence[ExpectationResult]) -> None:
    """What the books should say and what they say, figure beside figure."""
    if not expectations:
        return
    columns = [("Expected", "right"), ("Found", "right"), ("", ""), ("Worked out", "")]
    table = _table("The books", ("Figure", ""), *columns)
    for each in expectations:
        verdict = Text("holds", "green") if each.holds else Text("differs", "bold red")
        table.add_row(Text(each.says), Text(each.due), Text(each.found), verdict, Text(each.by))
    console.print(table)


def show_figures(console: Console, result: ModelResult) -> None:
    """Lags, calls and what is left; of a run that breaks a law no pace is shown."""
    if result.broken:
        ids = ", ".join(law.id for law in result.broken)
        console.print(f"No performance figures: {ids} broken.", style="red")
    else:
        _show_lags(console, result)
        _show_calls(console, result)
    rest = "never" if result.converge_seconds is None else format_span(result.converge_seconds)
    money = ", ".join(format_money(a.minor, a.currency) for a in result.money_effects) or "none"
    rows = {
        "wrong": f"{result.lost} lost, {result.duplicated} duplicated, {result.orphaned} orphaned, "
        f"{result.wrong_amount} wrong in amount; money effect {money}",
        "at rest": f"{rest} after the last fault, {plural(result.repairs, 'repair')}",
        "parked": plural(len(result.parked), "item"),
        "faults": ", ".join(f"{f.fault} × {f.count:,}" for f in result.faults_fired) or "none",
        "played": f"{result.events:,} events, {format_span(result.virtual_seconds)} of virtual time in "
        f"{format_span(result.cpu_seconds)} of processor time",
    }
    for name, said in rows.items():
        console.print(f"{name:<9} {escape(said)}", soft_wrap=True, highlight=False)
    for item in result.parked[:_TOLD]:
        console.print(Text(f"          {item.flow} {item.key}: {item.cause} ({item.owner})"), soft_wrap=True)


def _show_lags(console: Console, result: ModelResult) -> None:
    columns = [(name, "right") for name in ("Facts", "p50", "p95", "p99", "max")]
    table = _table("Lag", ("Flow", ""), *columns)
    for lag in result.lags:
        spans = (format_span(span) for span in (lag.p50_s, lag.p95_s, lag.p99_s, lag.max_s))
        table.add_row(flow_name(lag.flow), f"{lag.count:,}", *spans)
    console.print(table)


def _show_calls(console: Console, result: ModelResult) -> None:
    columns = [(name, "right") for name in ("Calls", "per lifecycle", "ok", "fail", "unclear")]
    table = _table("API calls", ("System", ""), *columns)
    for row in result.systems:
        counts = (f"{count:,}" for count in (row.ok, row.fail, row.info))
        name, per = system_name(row.system), format_number(round(row.per_lifecycle, 2))
        table.add_row(name, f"{row.calls:,}", per, *counts)
    console.print(table)


def _table(title: str, *columns: tuple[str, str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name, side in columns:
        table.add_column(name, justify="right" if side else "left")
    return table
