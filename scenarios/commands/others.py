"""Commands whose work lives elsewhere, loaded when they are asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from core.assemble import MODELS
from core.mappings.standing import Environment
from scenarios.commands import wishes
from scenarios.mutants.index import run_mutants
from simulators.roster import VENDORS


def serve_command(
    names: Annotated[list[str] | None, typer.Argument(help="Mocks; default: all.")] = None,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port_base: Annotated[int | None, typer.Option(help="First port; default: the usual ones.")] = None,
    model: Annotated[str, typer.Option(help="Model of the core that is served with them.")] = "hybrid",
    data: Annotated[Path | None, typer.Option(help="Where the core keeps its books.")] = None,
    tls: Annotated[bool, typer.Option(help="Over TLS too, 1000 ports above, with Tieout's own CA.")] = False,
    seed: Annotated[str, typer.Option(help="Of ids and secrets; default: some that nobody can guess.")] = "",
    face: Annotated[str, typer.Option(help="lean or fastapi.")] = "lean",
    write: Annotated[Path | None, typer.Option(help="File for addresses and credentials, as JSON.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="A mock's number, netsuite.approvals=1; may be repeated.")
    ] = None,
) -> None:
    """Serve mocks and core over HTTP in real time until Ctrl-C."""
    for name in names or ():
        wishes.one_of("mock", name, VENDORS)
    wishes.one_of("model", model, MODELS)
    wishes.one_of("face", face, ("lean", "fastapi"))
    chosen = wishes.options(option or ())
    serving: Any = import_module("scenarios.serving")
    serving.serve_command(
        names or list(VENDORS), host, port_base, model, wishes.a_folder("data", data), face,
        lab_file=wishes.a_file("write", write), tls=tls, seed=seed,
        options=chosen,
    )  # fmt: skip


def up_command(
    workers: Annotated[int | None, typer.Option(help="Of the core; default 2, or 1 if alone.")] = None,
    model: Annotated[str, typer.Option(help="How the systems are linked.")] = "hybrid",
    store: Annotated[str, typer.Option(help="sqlite:PATH or postgresql://…; else a file in --data.")] = "",
    bus: Annotated[str, typer.Option(help="memory: or nats://HOST:PORT/NAME.")] = "memory:",
    data: Annotated[
        Path | None, typer.Option(help="Folder for store and logs; else a temporary one.")
    ] = None,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port_base: Annotated[int | None, typer.Option(help="First port; default: the usual ones.")] = None,
    write: Annotated[Path | None, typer.Option(help="File for addresses and credentials, as JSON.")] = None,
    traces: Annotated[
        Path | None, typer.Option(help="Folder for the spans of each process, OTLP JSON.")
    ] = None,
    access: Annotated[
        Path | None,
        typer.Option(help="Accounts, people and programs that may come in, as JSON (docs/access.md)."),
    ] = None,
    otlp: Annotated[str, typer.Option(help="Collector for the spans, such as http://localhost:4318.")] = "",
    environment: Annotated[
        str, typer.Option(help="dev, staging or production: whose live mappings the core runs on.")
    ] = "",
    registry: Annotated[Path, typer.Option(help="Of the mappings, with --environment.")] = Path("mappings"),
) -> None:
    """The mocks, the core's API and its workers as processes that are started again when they die."""
    wishes.one_of("model", model, MODELS)
    deploying: Any = import_module("scenarios.deploying")
    plan = import_module("simulators.serve").Plan(
        host=host, port_base=port_base, options=import_module("scenarios.serving").OPTIONS
    )
    count = workers if workers is not None else 1 if model in deploying.ALONE else 2
    if environment:
        wishes.one_of("environment", environment, tuple(Environment))
    lab_file = wishes.a_file("write", write)
    wish = deploying.Wish(
        plan, model, count, store, bus, data, traces=wishes.a_folder("traces", traces), access=access,
        registry=registry if environment else None, environment=environment, otlp=otlp,
    )  # fmt: skip
    deploying.up_command(wish, lab_file)


def mutants_command(
    jobs: Annotated[int | None, typer.Option(help="Processes; default: one a processor.")] = None,
) -> None:
    """Plant each bug in turn: the laws must find it. 1 if one survives."""
    errors = Console(stderr=True)

    def progress(said: str) -> None:
        errors.print(said, markup=False, highlight=False, soft_wrap=True)

    results = run_mutants(None if jobs is None else wishes.within("jobs", jobs), progress)
    console = Console()
    survivors = [result for result in results if not result.caught]
    for result in survivors:
        console.print(str(result), markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(results) - len(survivors)} of {len(results)} mutants caught", highlight=False)
    raise typer.Exit(1 if survivors else 0)
