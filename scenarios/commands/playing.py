"""`tieout run` and `tieout replay`: one run, in full."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from reports.record import ModelResult
from scenarios.commands import wishes
from scenarios.commands.progress import following
from scenarios.commands.showing import show_result, show_script
from scenarios.commands.wishes import WrongUse
from scenarios.compare import Listener, compare
from scenarios.evidence.run import Determinism
from scenarios.judging import exit_code, verdicts_of
from scenarios.measure import result_of
from scenarios.running import perform
from scenarios.scripted.telling import acts_by_date
from scenarios.spec import Spec
from scenarios.veiling import MASKED, UNVEILED, veil_of


def run_command(
    story: Annotated[str, typer.Argument(help="See tieout list.")],
    model: Annotated[str, typer.Option(help="Connectivity model.")] = "hybrid",
    seed: Annotated[int, typer.Option()] = 1,
    faults: Annotated[str | None, typer.Option(help="none, calm, storm, outage, or a plan file.")] = None,
    profile: Annotated[str | None, typer.Option(help="Company: a name or a TOML file.")] = None,
    customers: Annotated[int | None, typer.Option()] = None,
    months: Annotated[int | None, typer.Option()] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is shown.")] = False,
) -> None:
    """Play a story under one model: verdicts, figures, each breach with its story. Unsaid numbers are
    the story's own."""
    told = wishes.story(story)
    spec = wishes.told_spec(
        told,
        model,
        seed=seed,
        customers=customers,
        months=months,
        faults_word=faults,
        profile_name=profile,
    )
    with following([spec], Console(stderr=True)) as listener:
        record = compare([spec], command=f"tieout run {told.name}", jobs=1, listener=listener)
    if not record.models:
        Console(stderr=True).print(f"tieout: {record.partial_reason}", markup=False, soft_wrap=True)
        raise typer.Exit(3)
    result, veil = record.models[0], veil_of([spec]) if mask else UNVEILED
    if told.script is not None:
        acts = veil.whole(acts_by_date(told.script))
        show_script(Console(), veil(told.title), veil(told.about), acts)
    show_result(Console(), veil.whole(result))
    if mask:
        Console().print(MASKED, soft_wrap=True)
    kept = all(each.holds for each in result.expectations)
    raise typer.Exit(exit_code(result.laws) if kept else 1)


def replay_command(
    token: Annotated[str, typer.Argument(help="As a run or a report prints it.")],
    expect: Annotated[str, typer.Option(help="Hash of the event log that it must give again.")] = "",
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is shown.")] = False,
) -> None:
    """Play exactly that run again, in this process. Without --expect nothing is said of I-48: there is
    no second run to compare with."""
    spec = wishes.token(token)
    if expect and (len(expect) != 64 or not set(expect) <= set("0123456789abcdef")):
        raise WrongUse(f"expect: {expect!r} must be the 64 hexadecimal digits of a log hash")
    with following([spec], Console(stderr=True)) as listener:
        result = _replayed(spec, expect, listener)
    show_result(Console(), veil_of([spec]).whole(result) if mask else result)
    if mask:
        Console().print(MASKED, soft_wrap=True)
    if expect and result.log_hash != expect:
        Console(stderr=True).print(f"tieout: log hash: {result.log_hash}, expected {expect}", soft_wrap=True)
        raise typer.Exit(1)
    raise typer.Exit(exit_code([law for law in result.laws if expect or law.id != "I-48"]))


def _replayed(spec: Spec, expect: str, listener: Listener) -> ModelResult:
    played = perform(spec, lambda share: listener.moved((share,)))
    hashes = Determinism(played.evidence.determinism.log_hash, expect)
    evidence = replace(played.evidence, determinism=hashes)
    return result_of(replace(played, evidence=evidence), verdicts_of(evidence))
