"""`tieout trace`: one transaction of a run, from quote to cash, with every call and its virtual time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.observing.otlp import line
from core.observing.tracing import Span
from scenarios.commands import wishes
from scenarios.commands.wishes import WrongUse
from scenarios.veiling import MASKED, veil_of
from scenarios.waterfall import Line, key_of, lines, of_mock, related, touched
from scenarios.world.play import play

_BAR = 28


def trace_command(
    story: Annotated[str, typer.Argument(help="See tieout list.")],
    subject: Annotated[
        str, typer.Argument(help="Key, document or vendor's id; unsaid: list what there is.")
    ] = "",
    model: Annotated[str, typer.Option(help="Connectivity model.")] = "hybrid",
    seed: Annotated[int, typer.Option()] = 1,
    faults: Annotated[str | None, typer.Option(help="none, calm, storm, or a plan file.")] = None,
    customers: Annotated[int | None, typer.Option()] = None,
    months: Annotated[int | None, typer.Option()] = None,
    write: Annotated[Path | None, typer.Option(help="All spans of the run, as lines of OTLP JSON.")] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is shown.")] = False,
) -> None:
    """Play a story and show one transaction as a tree: webhooks, attempts, steps, calls, and what the vendors
    did, from quote to ledger; then what is linked to it (changes of the contract, what comes of several), and
    the names of the jobs and payouts that did something for it, or of what a job or payout did it for."""
    told = wishes.story(story)
    spec = wishes.told_spec(told, model, seed=seed, customers=customers, months=months, faults_word=faults)
    played = play(spec, repeat=False, traced=True)
    spans = [*played.spans, *map(of_mock, played.served)]
    if mask:
        spans = veil_of([spec]).whole(spans)
        Console(stderr=True).print(MASKED, soft_wrap=True)
    if write is not None:
        write.write_text("".join(f"{line(span, model)}\n" for span in spans))
    console = Console()
    if not subject:
        console.print(_listed(spans))
        return
    traces = related(spans, subject)
    if not traces:
        raise WrongUse(
            f"subject: {subject!r} is about nothing in this run; leave it out to see what there is"
        )
    show_traces(console, spans, traces)
    if beside := touched(spans, traces):
        console.print(
            f"linked to it: {len(beside)}", *(f"  {key_of(spans, each)}" for each in beside), sep="\n"
        )


def show_traces(console: Console, spans: list[Span], traces: list[str]) -> None:
    """One table a trace, in order of time."""
    for trace in traces:
        rows = list(lines(spans, trace))
        began, ended = rows[0].span.at, max(row.span.ended_at for row in rows)
        title = f"{key_of(spans, trace)}   {_moment(began)}, {_took(ended - began)}"
        table = Table("what", "at", "took", "", title=title, title_justify="left")
        for row in rows[1:]:
            table.add_row(
                _what(row), f"+{_took(row.span.at - began)}", _took(row.span.ended_at - row.span.at),
                _bar(row.span, began, ended),
            )  # fmt: skip
        console.print(table)
        console.print(f"trace {trace}\n", style="dim", highlight=False)


def _what(row: Line) -> Text:
    text = Text("  " * (row.depth - 1) + row.span.name, style="red" if row.span.error else "")
    if row.cause:
        text.append(f"  ← {row.cause}", style="dim")
    if row.span.error:
        text.append(f"  {row.span.error[:70]}", style="red dim")
    return text


def _bar(span: Span, began: int, ended: int) -> Text:
    whole = max(1, ended - began)
    left = (span.at - began) * _BAR // whole
    wide = max(1, (span.ended_at - span.at) * _BAR // whole)
    return Text(" " * min(left, _BAR - 1) + "█" * wide, style="red" if span.error else "cyan")


def _listed(spans: list[Span]) -> Table:
    """Of customers; the runs of jobs are left out, for there are many."""
    own: dict[str, list[Span]] = {}
    for span in spans:
        own.setdefault(span.trace, []).append(span)
    own = {trace: parts for trace, parts in own.items() if not key_of(parts, trace).startswith("job/")}
    table = Table("transaction", "began", "took", "spans", "calls", "failed")
    for trace, parts in sorted(own.items(), key=lambda item: min(span.at for span in item[1])):
        began = min(span.at for span in parts)
        calls = [span for span in parts if span.kind == "client"]
        table.add_row(
            key_of(parts, trace), _moment(began), _took(max(span.ended_at for span in parts) - began),
            str(len(parts)), str(len(calls)), str(sum(bool(span.error) for span in calls)),
        )  # fmt: skip
    return table


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _took(us: int) -> str:
    if us < 10_000_000:
        return f"{us // 1000} ms"
    seconds = us // 1_000_000
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s"
