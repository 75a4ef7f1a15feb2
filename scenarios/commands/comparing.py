"""`tieout compare`: the same customers and faults under several models, side by side."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from reports.baseline import regressions, same_workload
from reports.codec import RecordError
from reports.console import compare_table
from reports.record import Record, from_json
from scenarios.commands import wishes
from scenarios.commands.progress import following
from scenarios.commands.wishes import WrongUse
from scenarios.compare import compare, outcome, write_reports
from scenarios.veiling import MASKED, veil_of


def compare_command(
    profile: Annotated[str, typer.Option(help="Company: a name or a TOML file.")] = "mid_market",
    customers: Annotated[int | None, typer.Option(help="Default: the profile's.")] = None,
    months: Annotated[int | None, typer.Option(help="Default: the profile's.")] = None,
    seed: Annotated[int | None, typer.Option(help="Default: 1.")] = None,
    seeds: Annotated[str | None, typer.Option(help="Several: 1-5 or 1,2,5.")] = None,
    faults: Annotated[str, typer.Option(help="none, calm, storm, outage, or a plan file.")] = "calm",
    models: Annotated[str, typer.Option(help="Comma-separated; default: all five.")] = "",
    jobs: Annotated[int | None, typer.Option(help="Processes; default: one a processor.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("out/compare"),
    require: Annotated[str | None, typer.Option(help="Models that must hold; or none.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="A record.json to be no worse than.")] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is shown.")] = False,
) -> None:
    """Play the same business and the same faults under several models; report which to choose."""
    company = wishes.profile(profile)
    chosen = wishes.models(models)
    must = wishes.required(require, chosen)
    word = wishes.faults(faults)
    specs = [
        wishes.spec(
            model,
            profile,
            customers=company.customers if customers is None else customers,
            months=company.months if months is None else months,
            seed=each,
            faults_word=word,
            story_name="compare",
        )
        for model in chosen
        for each in wishes.seeds(seed, seeds)
    ]
    before = _read_baseline(baseline)
    _try_folder(out)
    errors = Console(stderr=True)
    with following(specs, errors) as listener:
        record = compare(
            specs,
            command="tieout " + shlex.join(sys.argv[1:]),
            required=must,
            jobs=None if jobs is None else wishes.within("jobs", jobs),
            listener=listener,
        )
    if mask:
        record = replace(veil_of(specs).whole(record), notes=(MASKED, *record.notes))
    raise typer.Exit(_conclude(record, before, out))


def _conclude(record: Record, before: Record | None, out: Path) -> int:
    """Write, show, and say how it ended; a regression against the baseline counts as a broken law."""
    console = Console()
    paths = write_reports(record, out)
    if record.models:
        console.print(compare_table(record))
    console.print("written: " + ", ".join(str(path) for path in paths), soft_wrap=True, highlight=False)
    code = outcome(record)
    if record.partial:
        said = f"tieout: {record.partial_reason} What was finished is in {out}."
        Console(stderr=True).print(said, markup=False, soft_wrap=True)
    if before is None:
        return code
    if not same_workload(record, before):
        console.print("baseline: another company, size or faults; compared all the same", style="yellow")
    worse = regressions(record, before)
    for one in worse:
        text = f"worse than the baseline: {one.model} seed {one.seed}: {one.says}  ({one.replay})"
        console.print(text, style="red", markup=False, soft_wrap=True)
    return code if code == 3 or not worse else 1


def _read_baseline(path: Path | None) -> Record | None:
    if path is None:
        return None
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"baseline: {path} cannot be read: {error}; give a record.json") from error
    except RecordError as error:
        raise WrongUse(f"baseline: {path}: {error}; make it anew with tieout compare") from error


def _try_folder(out: Path) -> None:
    """Better to hear it now than after the runs."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(f"out: {out} cannot be made: {error.strerror}; give another folder") from error
