"""`tieout oracle`: worked examples with numbers, put to the product."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scenarios.oracle.case import read_cases
from scenarios.oracle.index import TOPICS
from scenarios.oracle.judge import FAILED, NOT_APPLICABLE, PASSED, Result, judge


def oracle_command(
    files: Annotated[list[Path], typer.Argument(help="JSON files of schema finance-oracle/1.")],
    out: Annotated[Path | None, typer.Option(help="Also write every figure as JSON to this file.")] = None,
    verbose: Annotated[bool, typer.Option(help="Show the figures of passed cases too.")] = False,
) -> None:
    """Compare the product's figures with those of worked examples. Exit code 1 if one differs."""
    results = [judge(case, TOPICS) for path in files for case in read_cases(path)]
    console = Console()
    for result in results:
        _show(console, result, verbose=verbose)
    _totals(console, results)
    if out is not None:
        out.write_text(json.dumps([_plain(result) for result in results], indent=1) + "\n")
        console.print(f"written: {out}", soft_wrap=True)
    states = Counter(result.state for result in results)
    raise typer.Exit(1 if states[FAILED] else 0 if states[PASSED] else 2)


def _show(console: Console, result: Result, *, verbose: bool) -> None:
    if result.state == PASSED and not verbose:
        return
    head = f"{result.case} {result.subtopic}: {result.state}"
    console.print(Text(head + (f": {result.reason}" if result.reason else "")), soft_wrap=True)
    for figure in result.figures:
        if verbose or not figure.agrees:
            mark = "=" if figure.agrees else "≠"
            line = f"  {figure.path}: expected {figure.expected} {mark} ours {figure.ours}"
            console.print(Text(line), soft_wrap=True)


def _totals(console: Console, results: list[Result]) -> None:
    table = Table("topic", PASSED, FAILED, NOT_APPLICABLE, "figures", box=box.SIMPLE)
    for topic in [*dict.fromkeys(result.topic for result in results), ""]:
        mine = [result for result in results if not topic or result.topic == topic]
        states = Counter(result.state for result in mine)
        counts = [str(states[state]) for state in (PASSED, FAILED, NOT_APPLICABLE)]
        table.add_row(topic or "all", *counts, str(sum(len(result.figures) for result in mine)))
    console.print(table)


def _plain(result: Result) -> dict[str, object]:
    return {
        "case": result.case,
        "topic": result.topic,
        "state": result.state,
        "reason": result.reason,
        "figures": [{"path": f.path, "expected": f.expected, "ours": f.ours} for f in result.figures],
    }
