"""`tieout audit`: does the chain of a store's audit log hold, and what is its head."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from core.canonical.errors import CoreError
from core.governance.chain import Broken, Head, read_anchors, verify_book
from core.opening import BadAddress, check_addresses, opened_audit
from scenarios.commands import wishes
from scenarios.commands.wishes import WrongUse


def audit_command(
    act: Annotated[str, typer.Argument(help="verify: recompute the chain.")],
    store: Annotated[str, typer.Option(help="sqlite:PATH or postgresql://…")],
    anchor: Annotated[
        list[Path] | None,
        typer.Option(help="Heads that were kept elsewhere: files of --keep, or a process's log; repeatable."),
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="Add the head to this file, if the chain holds.")] = None,
) -> None:
    """Exit code 0 if the chain holds, 1 at its first broken link (it is named), 3 for wrong use."""
    wishes.one_of("act", act, ("verify",))
    anchors = _anchors(anchor or [])
    head, broken = _verified(store, anchors)
    console = Console()
    if broken:
        text = f"audit log: {broken.fault}: {broken.text}; it holds up to line {head.sequence}"
        console.print(text, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    if keep is not None and head.sequence:
        with keep.open("a") as file:
            file.write(json.dumps({"sequence": head.sequence, "hash": head.hash}) + "\n")
    said = f"{len(anchors)} heads kept elsewhere agree" if anchors else "no head kept elsewhere was given"
    text = f"audit log: {head.sequence} lines hold; {said}; head {head.hash}"
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _anchors(files: list[Path]) -> dict[int, str]:
    lines: list[str] = []
    for file in files:
        try:
            lines += file.read_text().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongUse(f"anchor: {file}: {error}") from None
    try:
        found = read_anchors(lines)
    except ValueError as error:
        raise WrongUse(f"anchor: {error}") from None
    if files and not found:
        raise WrongUse(f"anchor: {', '.join(map(str, files))}: no head in there")
    return found


def _verified(store: str, anchors: dict[int, str]) -> tuple[Head, Broken | None]:
    async def look() -> tuple[Head, Broken | None]:
        async with opened_audit(store) as book:
            return await verify_book(book, anchors)

    try:
        check_addresses(store, "memory:")
        path = store.partition(":")[2]
        if store.startswith("sqlite:") and not Path(path).is_file():
            raise WrongUse(f"store: {path or store!r}: there is no such file")
        return asyncio.run(look())
    except (BadAddress, CoreError) as error:
        raise WrongUse(str(error)) from None
    except sqlite3.Error as error:
        raise WrongUse(f"store: {store}: {error}") from None
