"""`tieout promote`: a version of a mapping goes on when its tests and the stories of its flows hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from core.mappings.registry import Candidate, Registry
from core.mappings.shipped import SHIPPED
from core.mappings.signing import Signer
from core.mappings.standing import Environment
from reports.units import plural
from scenarios.commands import wishes
from scenarios.commands.mappings import KEY, environment, guarded, opened, say, signer, stands
from scenarios.commands.wishes import WrongUse
from scenarios.regression import Breach, regress, specs_of, stories_of

_TOLD = 10


def promote_command(
    mapping: Annotated[str, typer.Argument(help="NAME or NAME@VERSION; else what is live before it.")],
    to: Annotated[str, typer.Option(help="staging or production.")],
    by: Annotated[str, typer.Option(help="Who promotes: not who made the change.")],
    key: Annotated[Path | None, typer.Option(envvar=KEY, help="Your private key, a PEM file.")] = None,
    why: Annotated[str, typer.Option(help="The reason, for the history.")] = "",
    registry: Annotated[Path, typer.Option(help="The folder.")] = Path("mappings"),
    model: Annotated[str, typer.Option(help="Comma-separated; hybrid if none is named.")] = "",
    deployment: Annotated[Path | None, typer.Option(help="Its file, which says the model.")] = None,
    jobs: Annotated[int | None, typer.Option(help="Processes; default: one a processor.")] = None,
) -> None:
    """Play the stories of the flows that it touches, and make it live. Exit code 1 if a law is broken, a
    worked figure is another, or a rule of change stands against it; the refusal is in the history."""
    console = Console()
    models = wishes.tried_under(model, deployment)
    processes = None if jobs is None else wishes.within("jobs", jobs)
    guarded(
        console,
        lambda: _promote(console, opened(registry), mapping, to, signer(by, key), why, models, processes),
    )


def _promote(
    console: Console,
    registry: Registry,
    mapping: str,
    to: str,
    by: Signer,
    why: str,
    models: tuple[str, ...],
    jobs: int | None,
) -> None:
    where = environment("to", to)
    name, number = _which(registry, mapping, where)
    tried = registry.candidate(name, number, where, by)
    document = tried.document
    say(console, f"{document.label}: {plural(len(document.examples), 'test')} of its own hold")
    stories = stories_of(document.flows)
    specs = specs_of(stories, models, tried.maps)
    runs = f"{plural(len(stories), 'story', 'stories')} under {', '.join(models)}"
    say(console, f"{runs}: {', '.join(stories)}")
    errors = Console(stderr=True)
    found = regress(specs, jobs, lambda line: say(errors, line))
    if found:
        _refuse(console, registry, tried, by, found)
    registry.promote(tried, by, why)
    say(
        console,
        f"{document.label} is live in {where}, by {by.name}; processes take it up when they start anew",
    )


def _refuse(
    console: Console, registry: Registry, tried: Candidate, by: Signer, found: tuple[Breach, ...]
) -> None:
    for each in found[:_TOLD]:
        say(console, f"{each}\n    {each.replay}")
    if len(found) > _TOLD:
        say(console, f"… and {len(found) - _TOLD} more")
    laws, first = ", ".join(dict.fromkeys(each.law for each in found)), found[0]
    registry.refused(tried, by, f"broken: {laws}; first {first.law} in {first.story} under {first.model}")
    say(console, f"refused: {tried.document.label} does not go to {tried.to}; broken: {laws}")
    raise typer.Exit(1)


def _which(registry: Registry, mapping: str, to: Environment) -> tuple[str, int]:
    name, at, number = mapping.partition("@")
    wishes.one_of("mapping", name, SHIPPED.documents)
    if at:
        if not number.isdecimal():
            raise WrongUse(f"mapping: {mapping!r} must be of the form tax_codes or tax_codes@2")
        return name, int(number)
    return name, stands(registry, name, to.before or Environment.DEV)
