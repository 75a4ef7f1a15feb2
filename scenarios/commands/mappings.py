"""`tieout mappings`: versions of mappings, who approved them, where they are live, and the way back."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from core.governance.chain import read_anchors
from core.mappings.document import BadMapping, Document, read_document
from core.mappings.history import BadRegistry
from core.mappings.registry import NotAllowed, Registry
from core.mappings.shipped import SHIPPED
from core.mappings.signing import PASSPHRASE, BadKey, Signer, public_of, read_signer, write_key
from core.mappings.standing import Environment
from core.realtime import WallClock
from scenarios.commands import wishes
from scenarios.commands.proving import prove
from scenarios.commands.wishes import WrongUse
from scenarios.regression import NoStory, stories_of

ACTS = (
    "init", "key", "enrol", "dismiss", "people", "list", "test", "add", "approve", "rollback", "diff",
    "history", "prove",
)  # fmt: skip
KEY = "TIEOUT_KEY_FILE"


def mappings_command(
    act: Annotated[str, typer.Argument(help=", ".join(ACTS))] = "list",
    what: Annotated[
        list[str] | None,
        typer.Argument(help="NAME, NAME@VERSION or a file, as the act asks; test: none for those shipped."),
    ] = None,
    registry: Annotated[Path, typer.Option(help="The folder.")] = Path("mappings"),
    by: Annotated[str, typer.Option(help="Who does it: a name; the key shows that it is yours.")] = "",
    key: Annotated[Path | None, typer.Option(envvar=KEY, help="Your private key, a PEM file.")] = None,
    public: Annotated[str, typer.Option(help="enrol: the public half, or the file with it.")] = "",
    out: Annotated[Path | None, typer.Option(help="key: the file to make; its public half beside.")] = None,
    why: Annotated[str, typer.Option(help="The reason; a roll-back needs one.")] = "",
    to_version: Annotated[int | None, typer.Option(help="rollback: the version to go back to.")] = None,
    env: Annotated[str, typer.Option(help="rollback: dev, staging or production.")] = "",
    anchor: Annotated[
        list[Path] | None, typer.Option(help="history: heads that were kept elsewhere; repeatable.")
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="history: add its head to this file.")] = None,
    model: Annotated[str, typer.Option(help="prove: as `tieout promote` has it.")] = "",
    deployment: Annotated[Path | None, typer.Option(help="prove: its file, which says the model.")] = None,
    jobs: Annotated[int | None, typer.Option(help="prove: processes; default: one a processor.")] = None,
) -> None:
    """Exit code 0 if it is done or holds; 1 if a rule of change or a test stands against it; 3 for wrong use,
    a file that is no mapping, or a registry that was changed by hand."""
    wishes.one_of("act", act, ACTS)
    named = what or []
    console = Console()
    acts: dict[str, Callable[[], None]] = {
        "init": lambda: _init(console, registry),
        "key": lambda: _key(console, out),
        "enrol": lambda: _enrol(console, opened(registry), one(act, named), public, signer(by, key), why),
        "dismiss": lambda: _dismiss(console, opened(registry), one(act, named), signer(by, key), why),
        "people": lambda: _people(console, opened(registry)),
        "list": lambda: _list(console, opened(registry)),
        "test": lambda: _test(console, named),
        "add": lambda: _add(console, opened(registry), one(act, named), signer(by, key), why),
        "approve": lambda: _approve(console, opened(registry), one(act, named), signer(by, key), why),
        "rollback": lambda: _roll_back(
            console, opened(registry), one(act, named), to_version, env, signer(by, key), why
        ),
        "diff": lambda: _diff(console, opened(registry), named),
        "prove": lambda: prove(named, wishes.tried_under(model, deployment), jobs, partial(say, console)),
        "history": lambda: _history(console, opened(registry), anchor or [], keep),
    }
    guarded(console, acts[act])


def guarded(console: Console, act: Callable[[], None]) -> None:
    """Refusals by a rule are exit code 1, everything that cannot be used is wrong use."""
    try:
        act()
    except NotAllowed as error:
        say(console, f"refused: {error}")
        raise typer.Exit(1) from None
    except (BadKey, BadMapping, BadRegistry, NoStory) as error:
        raise WrongUse(str(error)) from None
    except OSError as error:
        raise WrongUse(f"file: {error.filename}: {error.strerror}") from None


def opened(folder: Path, *, begin: bool = False) -> Registry:
    """The registry in a folder; BadRegistry if there is none."""
    try:
        return Registry(folder, WallClock().now, begin=begin)
    except OSError as error:
        raise WrongUse(f"registry: {folder}: {error.strerror}") from None


def stands(registry: Registry, name: str, where: Environment) -> int:
    """The version that is live there; WrongUse for a mapping that the registry does not have."""
    number = registry.standing().live[where].get(name)
    if number is None:
        raise WrongUse(f"mapping: {name}: is not in the registry yet; tieout mappings init takes it over")
    return number


def one(act: str, named: list[str]) -> str:
    """The only thing named."""
    if len(named) != 1:
        raise WrongUse(f"{act}: {len(named)} things named; name exactly one")
    return named[0]


def versioned(text: str) -> tuple[str, int]:
    """NAME@VERSION."""
    name, at, number = text.partition("@")
    if not at or not number.isdecimal():
        raise WrongUse(f"version: {text!r} must be of the form tax_codes@2")
    wishes.one_of("mapping", name, SHIPPED.documents)
    return name, int(number)


def environment(field: str, text: str) -> Environment:
    """One of the three."""
    return Environment(wishes.one_of(field, text, tuple(Environment)))


def signer(by: str, key: Path | None) -> Signer:
    """Whoever acts, with their key; WrongUse where there is none."""
    if not by.strip():
        raise WrongUse(f"by: {by!r}: none given; name yourself, as you were enrolled")
    if key is None:
        raise WrongUse(f"key: none given; name the file with {by}'s private key, or put its path into {KEY}")
    return read_signer(by.strip(), key, os.environ.get(PASSPHRASE, ""))


def say(console: Console, text: str) -> None:
    """A line as it is."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _init(console: Console, folder: Path) -> None:
    registry = opened(folder, begin=True)
    count = len(registry.standing().versions)
    say(console, f"{folder}: {count} mappings; the versions that come with the core are live everywhere")
    if not registry.standing().people:
        say(
            console,
            "nobody signs here yet: tieout mappings key, then tieout mappings enrol, the first of all",
        )


def _list(console: Console, registry: Registry) -> None:
    standing = registry.standing()
    for name in sorted(standing.versions):
        newest = standing.newest(name)
        version = standing.versions[name][newest]
        live = ", ".join(f"{each} {standing.live[each].get(name, 'none')}" for each in Environment)
        owner = registry.document(name, newest).owner
        approved = f"; {newest} approved by {', '.join(version.approved)}" if version.approved else ""
        say(console, f"{name:22} {live}; newest {newest}; owner {owner}{approved}")


def _test(console: Console, named: list[str]) -> None:
    """Files, or all that come with the core: reading one runs its tests."""
    documents = [_read(Path(each)) for each in named] or list(SHIPPED.documents.values())
    for each in documents:
        stories_of(each.flows)
        rows, tests = len(each.table.rows), len(each.examples)
        say(console, f"{each.label}: {tests} tests hold, each of {rows} rows is shown by one")


def _key(console: Console, out: Path | None) -> None:
    """A new pair, under the passphrase in the environment if there is one."""
    if out is None:
        raise WrongUse("out: none given; name the file that shall hold your key")
    beside = out.with_name(f"{out.name}.pub")
    if beside.exists():
        raise WrongUse(f"out: {beside}: there is one already; name another file")
    made = Ed25519PrivateKey.generate()
    write_key(made, out, os.environ.get(PASSPHRASE, ""))
    beside.write_text(f"{public_of(made)}\n")
    secret = "under your passphrase" if os.environ.get(PASSPHRASE) else f"without a passphrase ({PASSPHRASE})"
    say(console, f"{out}: your key, {secret}; give it to nobody")
    say(console, f"{beside}: its public half, for whoever enrols you: {public_of(made)}")


def _enrol(console: Console, registry: Registry, name: str, public: str, by: Signer, why: str) -> None:
    if not public:
        raise WrongUse("public: none given; name the file with the public half, or type its 64 hex digits")
    path = Path(public)
    text = path.read_bytes().decode(errors="replace") if path.is_file() else public
    person = registry.enrol(name, text, by, why)
    say(console, f"{person.name} signs with {person.key[:12]}… from now on, by {by.name}")


def _dismiss(console: Console, registry: Registry, name: str, by: Signer, why: str) -> None:
    registry.dismiss(name, by, why)
    say(console, f"{name} signs no more, by {by.name}; what was signed stays")


def _people(console: Console, registry: Registry) -> None:
    for person in registry.standing().people.values():
        how = f"enrolled by {person.let_in_by}" if person.let_in_by else "the first"
        say(console, f"{person.name:22} {person.key} {how}")


def _add(console: Console, registry: Registry, path: str, by: Signer, why: str) -> None:
    document = _read(Path(path))
    stories = stories_of(document.flows)
    registry.add(Path(path).read_bytes(), path, by, why)
    say(console, f"{document.label} is in dev, by {by.name} (sha256 {document.digest[:12]}…)")
    say(console, f"before it goes on, two others approve it, and {len(stories)} stories are played")


def _approve(console: Console, registry: Registry, what: str, by: Signer, why: str) -> None:
    version = registry.approve(*versioned(what), by, why)
    say(console, f"{what} is approved by {', '.join(version.approved)} (sha256 {version.digest[:12]}…)")


def _roll_back(
    console: Console, registry: Registry, name: str, to: int | None, env: str, by: Signer, why: str
) -> None:
    wishes.one_of("mapping", name, SHIPPED.documents)
    if to is None:
        raise WrongUse("to-version: none given; name the version to go back to")
    where = environment("env", env)
    registry.roll_back(name, to, where, by, why)
    say(console, f"{name}@{to} is live in {where} again; processes take it up when they start anew")


def _diff(console: Console, registry: Registry, named: list[str]) -> None:
    """NAME: what is live in production beside the newest; NAME@1 NAME@2: these two."""
    if len(named) == 1 and "@" not in named[0]:
        name = wishes.one_of("mapping", named[0], SHIPPED.documents)
        pair = [
            (name, stands(registry, name, Environment.PRODUCTION)),
            (name, registry.standing().newest(name)),
        ]
    elif len(named) == 2:
        pair = [versioned(each) for each in named]
    else:
        raise WrongUse(f"diff: {' '.join(named) or 'nothing'} named; name a mapping or two versions")
    old, new = (registry.document(*each) for each in pair)
    lines = list(difflib.unified_diff(_rows(old), _rows(new), old.label, new.label, lineterm="", n=1))
    for line in lines or [f"{old.label} and {new.label} say the same"]:
        say(console, line)


def _history(console: Console, registry: Registry, anchor: list[Path], keep: Path | None) -> None:
    try:
        anchors = read_anchors(line for path in anchor for line in path.read_text().splitlines())
    except (OSError, ValueError) as error:
        raise WrongUse(f"anchor: {error}") from None
    entries = registry.entries(anchors)
    for entry in entries:
        at = datetime.fromtimestamp(entry.moment // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        label = entry.subject.partition("#")[0]
        where = f" to {entry.scope}" if entry.scope else ""
        says = f": {entry.reason}" if entry.reason else ""
        outcome = "" if entry.outcome == "done" else f" {entry.outcome}"
        say(console, f"{entry.sequence} {at} {entry.who}: {entry.act} {label}{where}{outcome}{says}")
    last = entries[-1]
    kept = f"{len(anchors)} heads kept elsewhere agree" if anchors else "no head kept elsewhere was given"
    say(console, f"{len(entries)} lines hold; {kept}; head {last.hash}")
    if keep is not None:
        with keep.open("a") as file:
            file.write(json.dumps({"sequence": last.sequence, "hash": last.hash}) + "\n")


def _read(path: Path) -> Document:
    try:
        return read_document(path.read_bytes(), str(path))
    except OSError as error:
        raise WrongUse(f"file: {path}: {error.strerror}") from None


def _rows(document: Document) -> list[str]:
    shape = document.table.shape
    names = [column.name for column in (*shape.inputs, *shape.outputs)]
    found = []
    for row in document.table.rows:
        cells = [f"{name} {cell!r}" for name, cell in zip(names, (*row.when, *row.then), strict=True)]
        split = len(shape.inputs)
        found.append(f"{', '.join(cells[:split])} → {', '.join(cells[split:])}")
    return [f"owner: {document.owner}", f"flows: {', '.join(document.flows)}", *found]
