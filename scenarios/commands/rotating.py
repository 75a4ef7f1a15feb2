"""`tieout rotate`: a new secret of a deployment beside the one in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.process import fresh_salt
from core.realtime import WallClock
from scenarios.commands.wishes import WrongUse
from scenarios.standing_secrets import FILE, BadSecrets, read_standing


def rotate_command(
    kind: Annotated[str, typer.Argument(help="webhooks_out or signing.")],
    data: Annotated[Path, typer.Option(help="The folder that tieout up --data was given.")],
    overlap: Annotated[int, typer.Option(help="Hours for which the one before holds, too.")] = 24,
) -> None:
    """Draw a new secret; the one before holds on for the overlap. Processes take it up when they start again:
    until then everything goes on with the one before."""
    try:
        fresh = (fresh_salt() + fresh_salt()).hex()
        turned = read_standing(data).turned(kind, fresh, WallClock().now(), overlap)
        turned.write(data)
    except BadSecrets as error:
        raise WrongUse(str(error)) from None
    typer.echo(f"{kind}: a new secret is in {data / FILE}; the one before holds for {overlap} hours more")
