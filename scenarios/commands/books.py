"""`tieout books`: a run's general ledger, for the public accounting tools to check and to explore."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scenarios.books import beancount, hledger, plain
from scenarios.books.book import Book, book_of
from scenarios.commands import wishes
from scenarios.commands.wishes import WrongUse
from scenarios.running import perform
from scenarios.spec import Spec
from scenarios.veiling import MASKED, masked_evidence

FORMATS: dict[str, Callable[[Book], str]] = {
    "beancount": beancount.written,
    "hledger": hledger.written,
    "json": plain.written,
}
LEDGERS = ("transaction", "base")


def books_command(
    what: Annotated[str, typer.Argument(help="A story (see tieout list), or a token.")],
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "beancount",
    currency: Annotated[
        str,
        typer.Option(help="transaction: as documents are made out; base: as each entity keeps its books."),
    ] = "transaction",
    model: Annotated[str, typer.Option(help="Connectivity model.")] = "hybrid",
    seed: Annotated[int, typer.Option()] = 1,
    faults: Annotated[str | None, typer.Option(help="none, calm, storm, outage, or a plan file.")] = None,
    profile: Annotated[str | None, typer.Option(help="Company: a name or a TOML file.")] = None,
    customers: Annotated[int | None, typer.Option(help="Instead of the story's own number.")] = None,
    months: Annotated[int | None, typer.Option(help="Instead of the story's own length.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file instead of the terminal.")] = None,
    mask: Annotated[bool, typer.Option("--mask", help="No personal data in what is written.")] = False,
) -> None:
    """Play a run and write its ERP's ledger: accounts, one transaction a document, exchange rates as prices,
    and an exact balance assertion for every account at every month end."""
    wishes.one_of("format", format_, FORMATS)
    wishes.one_of("currency", currency, LEDGERS)
    spec = wishes.token(what) if "/" in what else _told(what, model, seed, faults, profile, customers, months)
    if out is not None and not out.parent.is_dir():
        raise WrongUse(f"out: {out}: the folder {out.parent} does not exist; make it first")
    evidence, title = perform(spec).evidence, f"Tieout {spec.token}"
    if mask:
        evidence, title = masked_evidence(evidence), f"{title}. {MASKED}"
    text = FORMATS[format_](book_of(evidence.erp, title, in_base=currency == "base"))
    if out is None:
        sys.stdout.write(text)
        return
    out.write_text(text)
    Console(stderr=True).print(f"written: {out}", soft_wrap=True)


def _told(
    what: str,
    model: str,
    seed: int,
    faults: str | None,
    profile: str | None,
    customers: int | None,
    months: int | None,
) -> Spec:
    return wishes.told_spec(
        wishes.story(what),
        model,
        seed=seed,
        customers=customers,
        months=months,
        faults_word=faults,
        profile_name=profile,
    )
