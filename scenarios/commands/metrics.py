"""`tieout metrics`: the figures of a subscription business out of a run's books, and whether they agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scenarios.commands.run_books import evidence_of
from scenarios.commands.wishes import WrongUse
from scenarios.evidence.reading import to_text
from scenarios.metrics import facts
from scenarios.metrics.figures import figures
from scenarios.metrics.telling import plain, show
from scenarios.veiling import MASKED

_WIDTH = 150


def metrics_command(
    what: Annotated[str, typer.Argument(help="A story, a token, or a file that --keep wrote.")],
    model: Annotated[str, typer.Option(help="Connectivity model.")] = "hybrid",
    seed: Annotated[int, typer.Option()] = 1,
    customers: Annotated[int | None, typer.Option(help="Instead of the story's own number.")] = None,
    months: Annotated[int | None, typer.Option(help="Instead of the story's own length.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the figures as JSON to this file.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Also write the books, to be read again.")] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is written.")] = False,
) -> None:
    """MRR bridge, retention, DSO, aging, deferred revenue and remaining obligations. Exit code 1 if two
    figures that must agree do not."""
    evidence = evidence_of(what, model, seed, customers, months, mask=mask)
    if not evidence.billing.accounts:
        raise WrongUse(f"books: {what} left nobody who is billed; play more customers or months")
    found = [figures(evidence, currency) for currency in facts.currencies(evidence)]
    console = Console()
    if not console.is_terminal:  # into a file or a pipe: nothing is to be cut off
        console.width = max(console.width, _WIDTH)
    show(console, found)
    if out is not None:
        out.write_text(json.dumps(plain(found), indent=1) + "\n")
        console.print(f"written: {out}", soft_wrap=True)
    if keep is not None:
        keep.write_text(to_text(evidence))
        console.print(f"written: {keep}", soft_wrap=True)
    if mask:
        console.print(MASKED, soft_wrap=True)
    raise typer.Exit(0 if all(pair.agrees for each in found for pair in each.pairs) else 1)
