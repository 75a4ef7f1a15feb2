"""`tieout contracts`: what the connectors rely on at each vendor, and what a change of its schema breaks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from scenarios.commands import wishes
from scenarios.commands.wishes import WrongUse
from scenarios.contracts import telling
from scenarios.contracts.asked import Wanted, read_change
from scenarios.contracts.blast import radii
from scenarios.contracts.checking import Answer, Contracts
from scenarios.contracts.deeds import PLAIN, SMALL, WHOLE
from scenarios.contracts.recording import record
from scenarios.veiling import MASKED, UNVEILED, Veiled, veil_of_script
from simulators.kit.schema import Kind
from simulators.roster import VENDORS

_CONSOLE = Console()


def contracts_command(
    systems: Annotated[
        list[str] | None, typer.Argument(help="Vendors; all of them if none is named.")
    ] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(help="SYSTEM.RECORD.FIELD[:KIND[=TO]], repeatable; KIND is usually renamed."),
    ] = None,
    survey: Annotated[str, typer.Option(help="Try a change of this KIND on every field relied on.")] = "",
    blast: Annotated[
        str, typer.Option(help="SYSTEM.RECORD.FIELD[:KIND[=TO]]: what breaks in each model.")
    ] = "",
    models: Annotated[
        str, typer.Option(help="Played for the recording, or compared; the first gives samples.")
    ] = "",
    small: Annotated[
        bool, typer.Option(help="One customer in three weeks instead of seven in seven.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write what was found here.")] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is written.")] = False,
) -> None:
    """Exit code 0 where nothing breaks, 1 where something does, 3 for wrong use."""
    chosen = [wishes.one_of("system", name, VENDORS) for name in systems or VENDORS]
    wanted = _wanted(change or [])
    played = wishes.models(models or "hybrid,orchestrated,event_driven,batch,direct")
    script = PLAIN if blast else SMALL if small else WHOLE
    veil = veil_of_script(script) if mask else UNVEILED
    if mask:
        _say([MASKED], UNVEILED)
    if blast:
        one = _wanted([blast])[0]
        found = radii(one, played, script)
        _say(telling.blast_lines(str(one), found), veil)
        raise typer.Exit(1 if any(radius.mappings for radius in found) else 0)
    kind = Kind(wishes.one_of("survey", survey, [str(kind) for kind in Kind])) if survey else None
    chosen = [name for name in chosen if not wanted or name in {each.system for each in wanted}]
    contracts = Contracts(record(script, played[:1] if kind else played), chosen)
    lapsed = contracts.lapsed()
    _say(telling.lapsed_lines(contracts.all, lapsed), veil)
    # Before anything is cut short: of half a name nobody knows whose it is.
    answers = [veil.whole(contracts.answer(each.system, each.change)) for each in wanted]
    for answer in answers:
        _say(telling.answer_lines(answer), veil)
    broken = bool(lapsed) or any(answer.broken for answer in answers)
    if kind is not None:
        surveyed = [veil.whole(answer) for name in chosen for answer in contracts.survey(name, kind)]
        _say(telling.survey_lines(surveyed), veil)
        broken = broken or not all(telling.loud(answer) for answer in surveyed)
        answers += surveyed
    _write(json_file, answers)
    raise typer.Exit(1 if broken else 0)


def _wanted(texts: Iterable[str]) -> list[Wanted]:
    try:
        return [read_change(text) for text in texts]
    except ValueError as wrong:
        raise WrongUse(str(wrong)) from None


def _say(lines: Iterable[str], veil: Veiled) -> None:
    for line in lines:
        _CONSOLE.print(veil(line), markup=False, highlight=False, soft_wrap=True)


def _write(file: Path | None, answers: list[Answer]) -> None:
    if file is None:
        return
    found: dict[str, Any] = {"answers": telling.as_json(answers)}
    try:
        file.write_text(json.dumps(found, indent=1) + "\n")
    except OSError as error:
        raise WrongUse(f"json: {file}: {error}") from None
