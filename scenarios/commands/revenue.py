"""`tieout revenue`: the waterfall of a run out of its books, and whether the ledger agrees with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scenarios.commands.run_books import evidence_of
from scenarios.commands.wishes import WrongUse
from scenarios.evidence.reading import to_text
from scenarios.metrics.facts import currencies
from scenarios.revenue.figures import waterfall
from scenarios.revenue.telling import plain, show
from scenarios.veiling import MASKED

_WIDTH = 200


def revenue_command(
    what: Annotated[str, typer.Argument(help="A story, a token, or a file that --keep wrote.")],
    model: Annotated[str, typer.Option(help="Connectivity model.")] = "hybrid",
    seed: Annotated[int, typer.Option()] = 1,
    customers: Annotated[int | None, typer.Option(help="Instead of the story's own number.")] = None,
    months: Annotated[int | None, typer.Option(help="Instead of the story's own length.")] = None,
    contracts: Annotated[int, typer.Option(min=0, help="Rows of single contracts, the largest first.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Also write the figures as JSON to this file.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Also write the books, to be read again.")] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is written.")] = False,
) -> None:
    """Waterfall, deferred roll-forward, contract positions and remaining obligations, worked out again
    from billing's documents. Exit code 1 if the ledger has released anything else."""
    evidence = evidence_of(what, model, seed, customers, months, mask=mask)
    found = [waterfall(evidence, currency) for currency in currencies(evidence)]
    if not any(each.columns for each in found):
        raise WrongUse(f"books: {what} left nothing that is billed; play more customers or months")
    console = Console()
    if not console.is_terminal:  # into a file or a pipe: nothing is to be cut off
        console.width = max(console.width, _WIDTH)
    show(console, found, contracts=contracts)
    if out is not None:
        out.write_text(json.dumps(plain(found), indent=1) + "\n")
        console.print(f"written: {out}", soft_wrap=True)
    if keep is not None:
        keep.write_text(to_text(evidence))
        console.print(f"written: {keep}", soft_wrap=True)
    if mask:
        console.print(MASKED, soft_wrap=True)
    raise typer.Exit(1 if any(each.wrong for each in found) else 0)
