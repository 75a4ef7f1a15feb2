"""`tieout crash-sweep`: power cuts at every point of a story, and what each of them costs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from scenarios.commands import wishes
from scenarios.commands.wishes import WrongUse
from scenarios.crash_sweep import HARNESS, HELD, Outcome, Sweep, count, sweep
from scenarios.spec import Spec
from scenarios.sweep_files import Sofar, to_plain
from scenarios.veiling import MASKED, UNVEILED, Veiled, veil_of

# Of one model so many losses are told in the terminal; the file has them all.
_TOLD = 12
# Where no bar can be drawn, a line is written for each so many points.
_SAID = 500


def crash_sweep_command(
    story: Annotated[
        str, typer.Argument(help="See tieout list; the short ones, told by a script, fit best.")
    ],
    model: Annotated[str, typer.Option(help="Comma-separated; default: all five.")] = "",
    seed: Annotated[int, typer.Option()] = 1,
    every: Annotated[int, typer.Option(help="Try only every n-th point.")] = 1,
    jobs: Annotated[int | None, typer.Option(help="Processes; default: one a processor.")] = None,
    out: Annotated[Path | None, typer.Option(help="Also write every outcome as JSON to this file.")] = None,
    resume: Annotated[
        bool, typer.Option(help="Go on with what a sweep with the same --out had got to when it was ended.")
    ] = False,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is written.")] = False,
) -> None:
    """Kill the core's machine at each durable write, send and receive, restart it, let the run heal, and
    judge. Exit code 1 if a durable model (all but direct) does not hold at every point, 3 if it was ended
    by Ctrl-C: with --out, what was tried by then is kept, and --resume goes on."""
    told = wishes.story(story)
    if every < 1:
        raise WrongUse(f"every: {every} must be 1 or more")
    processes = None if jobs is None else wishes.within("jobs", jobs)
    specs = [
        wishes.spec(
            name,
            told.profile,
            customers=told.customers,
            months=told.months,
            seed=seed,
            faults_word="none",
            story_name=told.name,
        )
        for name in wishes.models(model)
    ]
    sofar = _sofar(out, resume=resume)
    console, found = Console(), []
    for spec in specs:
        swept = _sweep(spec, every, processes, sofar, veil_of([spec]) if mask else UNVEILED)
        _tell(console, swept)
        found.append(swept)
    _table(console, found)
    if mask:
        console.print(MASKED, soft_wrap=True)
    if out is not None and sofar is not None:
        out.write_text(json.dumps([to_plain(each) for each in found], indent=1) + "\n", encoding="utf-8")
        sofar.end()
        console.print(f"written: {out}", soft_wrap=True)
    if any(outcome.state == HARNESS for each in found for outcome in each.outcomes):
        raise typer.Exit(3)
    raise typer.Exit(0 if all(each.held for each in found if each.spec.model != "direct") else 1)


def _sofar(out: Path | None, *, resume: bool) -> Sofar | None:
    """What a sweep writes down as it goes; an error that would come at its end comes here."""
    if out is None:
        if resume:
            raise WrongUse("resume: says nothing without --out; name the file of the sweep to go on with")
        return None
    if out.is_dir():
        raise WrongUse(f"out: {out} is a folder; name a file")
    try:
        return Sofar(out, resume=resume)
    except FileExistsError as error:
        raise WrongUse(f"out: {error} is what a sweep had got to; --resume goes on, or delete it") from None
    except OSError as error:
        lacks = resume and isinstance(error, FileNotFoundError)
        why = "no sweep was broken off there; leave --resume out" if lacks else str(error.strerror).lower()
        raise WrongUse(f"out: {out}: {why}") from None


def _sweep(spec: Spec, every: int, jobs: int | None, sofar: Sofar | None, veil: Veiled) -> Sweep:
    known = [] if sofar is None else sofar.of(spec)
    note = None if sofar is None else sofar.teller(spec)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    errors = Console(stderr=True)
    tried = len(known)
    # Whoever looks on wants to know how far it is; playing the run once more costs a second or two.
    total = len(range(0, len(count(spec)[0]), every)) if errors.is_terminal else None
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        bar = progress.add_task(spec.model, total=total, completed=tried)

        def told(outcome: Outcome) -> None:
            nonlocal tried
            tried += 1
            outcome = _veiled(outcome, veil)
            progress.update(bar, advance=1)
            if note is not None:
                note(outcome)
            if outcome.state == HARNESS:
                errors.print(f"tieout: {outcome.says[0]}", markup=False, soft_wrap=True)
            elif tried % _SAID == 0 and not errors.is_terminal:
                errors.print(f"{spec.model}: {tried} points tried", highlight=False)

        try:
            swept = sweep(spec, every, jobs, told, known)
            outcomes = tuple(_veiled(each, veil) for each in swept.outcomes)
            return replace(swept, outcomes=outcomes, base=veil.whole(swept.base))
        except KeyboardInterrupt:
            pass
    kept = "nothing is kept without --out"
    if sofar is not None:
        kept = f"they are kept in {sofar.path}; the same command with --resume goes on"
    errors.print(
        f"tieout: stopped by Ctrl-C after {tried} points of {spec.model}; {kept}",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
    raise typer.Exit(3)


def _veiled(outcome: Outcome, veil: Veiled) -> Outcome:
    """The token that plays it again stays as it is."""
    return replace(outcome, says=veil.whole(outcome.says))


def _tell(console: Console, found: Sweep) -> None:
    """What did not hold, with the command that shows it."""
    for says in found.base:
        console.print(f"{found.spec.model} without a cut: {says}", markup=False, soft_wrap=True)
    losses = [outcome for outcome in found.outcomes if outcome.state != HELD]
    for each in losses[:_TOLD]:
        head = f"{found.spec.model} {each.number} ({each.point.kind}, {each.point.what}): {each.says[0]}"
        console.print(f"{head}\n    {each.replay}", markup=False, highlight=False, soft_wrap=True)
    if len(losses) > _TOLD:
        console.print(f"… and {len(losses) - _TOLD} more of {found.spec.model}; --out writes them all")


def _table(console: Console, found: list[Sweep]) -> None:
    table = Table(
        "model",
        "cut at",
        "points",
        "tried",
        "played",
        "held",
        "not held",
        "why, first of all",
        box=box.SIMPLE,
    )
    for each in found:
        tried = Counter(outcome.point.kind for outcome in each.outcomes)
        held = Counter(outcome.point.kind for outcome in each.outcomes if outcome.state == HELD)
        for kind in tried:
            lost = [o for o in each.outcomes if o.point.kind == kind and o.state != HELD]
            why = Counter(says.partition(":")[0] for o in lost for says in o.says[:1])
            reasons = ", ".join(f"{law} ({times})" for law, times in why.most_common(3))
            played = sum(o.played for o in each.outcomes if o.point.kind == kind)
            row = (str(tried[kind]), str(played), str(held[kind]), str(len(lost)), reasons)
            table.add_row(each.spec.model, kind, "", *row)
        total, good = len(each.outcomes), sum(held.values())
        played = sum(outcome.played for outcome in each.outcomes)
        row = (str(total), str(played), str(good), str(total - good), "")
        table.add_row(each.spec.model, "all", str(each.points), *row)
    console.print(table)
