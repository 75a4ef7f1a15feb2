"""`tieout close`: the month-end close of a played run, control by control."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.binder import NOT_APPLICABLE, NOT_RUN, SIGNED_OFF, Binder, ControlLine, to_html, to_json
from reports.units import plural
from scenarios.closing.binder import binder_of
from scenarios.closing.extract import close, extract_of
from scenarios.closing.frame import NoSuchMonth, parse
from scenarios.commands import wishes
from scenarios.commands.progress import following
from scenarios.commands.wishes import WrongUse
from scenarios.mutants.catalogue import MUTANTS
from scenarios.running import perform
from scenarios.spec import Spec
from scenarios.veiling import MASKED, veil_of

_WIDTH, _TOLD = 150, 12


def close_command(
    story: Annotated[str, typer.Argument(help="See tieout list; or a run's token.")],
    month: Annotated[str, typer.Option(help="The month to close, as in 2026-01.")],
    model: Annotated[str, typer.Option(help="Connectivity model.")] = "hybrid",
    seed: Annotated[int, typer.Option()] = 1,
    customers: Annotated[int | None, typer.Option(help="Instead of the story's own number.")] = None,
    months: Annotated[int | None, typer.Option(help="Instead of the story's own length.")] = None,
    faults: Annotated[str | None, typer.Option(help="none, calm, storm, outage, or a plan file.")] = None,
    mutant: Annotated[str, typer.Option(help="A planted bug, see tieout list.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for binder.html and binder.json.")] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is shown.")] = False,
) -> None:
    """Play a run and close a month of it: the forty controls, what matched, what is open and whose it is.
    Exit code 0 if no exception is open, 1 if one is."""
    try:
        parse(month)
        spec = _spec(story, model, seed, customers, months, faults, mutant)
        with following([spec], Console(stderr=True)) as listener:
            evidence = perform(spec, lambda share: listener.moved((share,))).evidence
        extract = extract_of(evidence, month)
    except NoSuchMonth as error:
        raise WrongUse(str(error)) from None
    binder = binder_of(
        extract,
        close(extract),
        story=spec.story,
        model=spec.model,
        token=spec.token,
        command=f"tieout close {spec.token} --month {month}",
    )
    if mask:
        binder = replace(veil_of([spec]).whole(binder), note=MASKED)
    console = Console()
    if not console.is_terminal:  # into a file or a pipe: nothing is to be cut off
        console.width = max(console.width, _WIDTH)
    _show(console, binder)
    if out is not None:
        _write(console, binder, out)
    raise typer.Exit(0 if binder.closed else 1)


def _spec(
    story: str,
    model: str,
    seed: int,
    customers: int | None,
    months: int | None,
    faults: str | None,
    mutant: str,
) -> Spec:
    if mutant:
        wishes.one_of("mutant", mutant, MUTANTS)
    if "/" in story:
        found = wishes.token(story)
        return replace(found, mutant=mutant) if mutant else found
    told = wishes.story(story)
    found = wishes.told_spec(told, model, seed=seed, customers=customers, months=months, faults_word=faults)
    return replace(found, mutant=mutant)


def _show(console: Console, binder: Binder) -> None:
    title = f"{binder.month}, {binder.story}, {binder.model}: as of {binder.cut_off}"
    table = Table(title=title, box=box.SIMPLE, title_justify="left")
    for head, justify in (("Control", "left"), ("Owner", "left"), ("Left", "right"), ("Right", "right")):
        table.add_column(head, justify="right" if justify == "right" else "left")
    table.add_column("Matched", justify="right")
    table.add_column("Sign-off")
    for control in binder.controls:
        table.add_row(
            Text(f"{control.id} {control.name}"),
            Text(control.owner),
            _side(control.left.rows, control.left.totals),
            _side(control.right.rows, control.right.totals),
            str(control.matched.rows),
            _sign_off(control),
        )
    console.print(table)
    for control in binder.controls:
        _tell(console, control)
    open_ = sum(control.open for control in binder.controls)
    counts = binder.counts
    said = f"{counts[SIGNED_OFF]} of {len(binder.controls)} signed off, "
    said += f"{counts[NOT_APPLICABLE]} not applicable, {counts[NOT_RUN]} not run; "
    said += "no exception open" if not open_ else f"{plural(open_, 'exception')} open"
    console.print(Text(said, "green" if binder.closed else "bold red"))
    console.print(f"token     {binder.token}", soft_wrap=True, highlight=False)
    if binder.note:
        console.print(binder.note, soft_wrap=True)


def _side(rows: int, totals: tuple[object, ...]) -> Text:
    return Text("\n".join((f"{rows:,}", *(str(total) for total in totals))) if rows else "–")


def _sign_off(control: ControlLine) -> Text:
    if control.open:
        return Text(f"{control.open} open", "bold red")
    if control.state in (NOT_APPLICABLE, NOT_RUN):
        style = "yellow" if control.state == NOT_RUN else ""
        return Text(f"{control.state}: {control.reason}", style)
    explained = len(control.exceptions)
    return Text("signed off" + (f", {explained} explained" if explained else ""), "green")


def _tell(console: Console, control: ControlLine) -> None:
    for found in control.shown[:_TOLD]:
        state = "explained" if found.explained else "open"
        key = " · ".join(part for part in found.key if part)
        line = f"{control.id} {found.cause or 'cause unknown'}: {found.amount}, {key} ({found.says}); {state}"
        console.print(Text(line + ("" if found.explained else f", {found.owner}")), soft_wrap=True)
    more = len(control.exceptions) - _TOLD
    if more > 0:
        console.print(Text(f"{control.id} … and {more} more"), soft_wrap=True)


def _write(console: Console, binder: Binder, out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "binder.html").write_text(to_html(binder), "utf-8")
        (out / "binder.json").write_text(to_json(binder) + "\n", "utf-8")
    except OSError as error:
        raise WrongUse(f"out: {out} cannot be written: {error.strerror}; name a folder that can") from None
    for name in ("binder.html", "binder.json"):
        console.print(f"written: {out / name}", soft_wrap=True)
