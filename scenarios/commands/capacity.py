"""`tieout capacity`: how much each vendor is asked by a company of a size, against what it bears."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from core.assemble import MODELS
from scenarios.capacity.facts import VendorDemand, demands
from scenarios.capacity.telling import markdown, plain, tables, verdicts
from scenarios.commands import wishes
from scenarios.commands.wishes import WrongUse
from scenarios.running import perform

_WIDTH = 150
_SIZE_MAX = 100_000_000


def capacity_command(
    profile: Annotated[str, typer.Option(help="Company: a name or a TOML file.")] = "mid_market",
    model: Annotated[list[str] | None, typer.Option(help="May be given often; default: all five.")] = None,
    customers: Annotated[int | None, typer.Option(help="Of the company asked for; default: its own.")] = None,
    growth: Annotated[str, typer.Option(help="Times that number: 3 or 2.5.")] = "1",
    played: Annotated[int, typer.Option(help="Customers that are played and measured.")] = 20,
    months: Annotated[int, typer.Option(help="Months that are played.")] = 2,
    seed: Annotated[int, typer.Option()] = 1,
    faults: Annotated[str, typer.Option(help="none, calm, storm, outage, or a plan file.")] = "none",
    out: Annotated[Path | None, typer.Option(help="Also write it as JSON to this file.")] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, not tables.")] = False,
) -> None:
    """Demand and capacity: a small run is played and measured, and scaled to the customers asked for. Exit
    code 1 if a limit is broken at that size."""
    company = wishes.profile(profile)
    wanted = _size(company.customers if customers is None else customers, _growth(growth))
    if out is not None and not out.parent.is_dir():
        raise WrongUse(f"out: {out.parent} is no folder; make it first")
    found: dict[str, tuple[VendorDemand, ...]] = {}
    specs = [
        wishes.spec(
            name,
            profile,
            customers=played,
            months=months,
            seed=seed,
            faults_word=wishes.faults(faults),
            story_name="compare",
        )
        for name in dict.fromkeys(wishes.one_of("model", each, MODELS) for each in model or MODELS)
    ]
    for spec in specs:
        found[spec.model] = demands(perform(spec).evidence, wanted / played)
    console = Console()
    if not console.is_terminal:  # into a file or a pipe: nothing is to be cut off
        console.width = max(console.width, _WIDTH)
    _show(console, found, f"{_number(wanted)} customers, of {played} played for {months} months", as_markdown)
    if out is not None:
        value = {"tokens": [s.token for s in specs], "customers": str(wanted), "models": plain(found)}
        out.write_text(json.dumps(value, indent=1) + "\n")
        Console(stderr=as_markdown).print(f"written: {out}", soft_wrap=True)
    broken = any(limit.use > 1 for vendors in found.values() for v in vendors for limit in v.limits)
    raise typer.Exit(1 if broken else 0)


def _show(
    console: Console, found: dict[str, tuple[VendorDemand, ...]], heading: str, as_markdown: bool
) -> None:
    if as_markdown:
        typer.echo(f"{heading}\n\n{markdown(found)}", nl=False)
        return
    console.print(heading, highlight=False)
    for table in tables(found):
        console.print(table)
    for line in verdicts(found):
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def _growth(text: str) -> Fraction:
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise WrongUse(f"growth: {text!r} is no number; give 3 or 2.5") from None
    if found <= 0:
        raise WrongUse(f"growth: {text!r} must be above 0")
    return found


def _size(customers: int, growth: Fraction) -> Fraction:
    if not 1 <= customers <= _SIZE_MAX:
        raise WrongUse(f"customers: {customers} must lie in 1 to {_SIZE_MAX}")
    return customers * growth


def _number(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else str(value)
