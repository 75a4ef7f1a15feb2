"""`tieout sign`: owners sign the controls of a binder, the controller closes the month, anybody checks it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from reports.signoff import BINDER, CONTROLLER, SHEET, Json, SignOffError, check, close, read, sign
from reports.units import plural
from scenarios.commands.wishes import WrongUse

_TOLD = 12


def sign_command(
    binder: Annotated[Path, typer.Argument(help="binder.json, or the folder that tieout close wrote.")],
    owner: Annotated[str, typer.Option(help="In whose place is signed, as the binder names the owner.")] = "",
    by: Annotated[str, typer.Option(help="Who signs: a name.")] = "",
    on: Annotated[str, typer.Option(help="The day, as in 2026-02-07.")] = "",
    control: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    close_month: Annotated[bool, typer.Option(help=f"Close the month as a whole, as {CONTROLLER}.")] = False,
) -> None:
    """Sign controls of a binder; without --by check what is signed. The sheet, sign-off.json, stands beside
    the binder. Exit code 0 if it was signed, or all is and nothing changed since; 1 if refused, or not."""
    where = binder / "binder.json" if binder.is_dir() else binder
    console = Console()
    try:
        made = read(_text(where, "binder"), BINDER, f"binder {where}")
        place = where.with_name("sign-off.json")
        sheet = read(_text(place, "sheet"), SHEET, f"sheet {place}") if place.exists() else None
        if not by:
            raise typer.Exit(_tell(console, made, sheet))
        signed = _signed(made, sheet, owner, by, on, control or [], close_month)
    except SignOffError as error:
        console.print(Text(f"refused: {error}", "bold red"), soft_wrap=True)
        raise typer.Exit(1) from None
    _write(place, signed)
    done = "the month is closed" if close_month else f"{plural(len(signed['signatures']), 'control')} signed"
    console.print(Text(f"{done}; written: {place}", "green"), soft_wrap=True)


def _signed(
    made: Json, sheet: Json | None, owner: str, by: str, on: str, controls: list[str], close_month: bool
) -> Json:
    try:
        date.fromisoformat(on)
    except ValueError:
        raise WrongUse(f"on: {on!r} is no day; give the day of signing, such as 2026-02-07") from None
    if close_month:
        if owner not in ("", CONTROLLER):
            raise WrongUse(f"owner: {owner!r} closes no month; leave --owner out, or say {CONTROLLER}")
        return close(made, sheet, by=by, on=on)
    if not owner:
        raise WrongUse("owner: none given; name the owner in whose place is signed, as the binder does")
    return sign(made, sheet, owner=owner, by=by, on=on, controls=controls)


def _tell(console: Console, made: Json, sheet: Json | None) -> int:
    """What is signed; 0 if everything is, and nothing has changed since."""
    if sheet is None:
        console.print(Text(f"month {made['month']}: nobody has signed anything", "bold red"))
        return 1
    for entry in sheet["signatures"]:
        line = f"{entry['control']} signed by {entry['by']} ({entry['owner']}) on {entry['on']}"
        console.print(Text(line), soft_wrap=True)
    problems = check(made, sheet)
    for said in problems[:_TOLD]:
        console.print(Text(said, "bold red"), soft_wrap=True)
    if len(problems) > _TOLD:
        console.print(Text(f"… and {len(problems) - _TOLD} more", "bold red"))
    if not problems:
        console.print(Text(f"month {made['month']} is closed, by {sheet['closed']['by']}", "green"))
    return 1 if problems else 0


def _text(path: Path, what: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{what}: {path} cannot be read ({error}); tieout close --out writes it") from None


def _write(path: Path, sheet: Json) -> None:
    try:
        path.write_text(json.dumps(sheet, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise WrongUse(f"sheet: {path} cannot be written: {error.strerror}") from None
