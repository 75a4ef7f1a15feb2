"""`tieout ownership`: which system owns which field, and where a run's systems show something else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from core.governance.ownership import Ownership, standard
from core.reconcile.conflicts import Conflict
from scenarios.commands.run_books import spec_of
from scenarios.world.play import play

_WIDTH = 180


def ownership_command(
    what: Annotated[str, typer.Argument(help="A story or a token; nothing: the table alone.")] = "",
    model: Annotated[str, typer.Option(help="Connectivity model.")] = "hybrid",
    seed: Annotated[int, typer.Option()] = 1,
    customers: Annotated[int | None, typer.Option(help="Instead of the story's own number.")] = None,
    months: Annotated[int | None, typer.Option(help="Instead of the story's own length.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write it as JSON to this file.")] = None,
) -> None:
    """Systems of record, field by field; of a run also every conflict: where a system shows another value
    than the one that owns the field. Exit code 1 if there is one."""
    table, console = standard(), Console()
    if not console.is_terminal:  # into a file or a pipe: nothing is to be cut off
        console.width = max(console.width, _WIDTH)
    found: Sequence[Conflict] = ()
    if what:
        played = play(spec_of(what, model, seed, customers, months), repeat=False, conflicts=True)
        found = played.conflicts
        console.print(_conflicts(found) if found else "no conflicts: every copy is as its owner has it")
    else:
        console.print(_fields(table))
    if out is not None:
        plain = {"fields": fields_of(table), "conflicts": [conflict_of(each) for each in found]}
        out.write_text(json.dumps(plain if what else {"fields": plain["fields"]}, indent=1) + "\n")
        console.print(f"written: {out}", soft_wrap=True)
    raise typer.Exit(1 if found else 0)


def fields_of(table: Ownership) -> list[dict[str, Any]]:
    """The table as plain rows."""
    return [
        {**asdict(owned), "copies": list(owned.copies), "asks": table.owner(name)}
        for name, owned in table.fields.items()
    ]


def conflict_of(conflict: Conflict) -> dict[str, Any]:
    """A conflict as a plain row; since: ISO 8601, None where the system does not tell."""
    return {**asdict(conflict), "since": conflict.since and conflict.since.isoformat()}


def _fields(table: Ownership) -> Table:
    shown = Table("field", "system of record", "who is asked", "asked to set it", "shown in")
    for name, owned in table.fields.items():
        shown.add_row(
            name, owned.record, table.owner(name), "yes" if owned.asked else "", ", ".join(owned.copies)
        )
    return shown


def _conflicts(found: Sequence[Conflict]) -> Table:
    shown = Table("object", "field", "owner says", "shown", "since", "ask", "remedy")
    for each in found:
        since = f"{each.since:%Y-%m-%d %H:%M}" if each.since else "not told"
        shown.add_row(
            each.object,
            each.field,
            f"{each.owner}: {each.value or 'nothing'}",
            f"{each.other}: {each.shown or 'nothing'}",
            since,
            each.asks,
            each.remedy,
        )
    return shown
