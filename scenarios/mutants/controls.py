"""Bugs in the month-end controls themselves: what nobody is told of, because the check is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from core.canonical.invoices import Invoice
from core.canonical.money import Money
from core.close.control import Amount, Control, Entry, Pair, Sides
from core.close.engine import Outcome, run
from core.close.extract import Extract
from scenarios.closing.claims import Runner
from scenarios.mutants.mutant import Mutant
from scenarios.mutants.wraps import Around, in_port
from scenarios.world.plant import Plant


class CentTooMuch(Around):
    """Of Erp: every invoice reaches the ledger with a cent on its first line that billing never asked for."""

    async def post_invoice(self, invoice: Invoice, on: date, key: str) -> None:
        cent = Money(1, invoice.total.currency)
        first, *others = invoice.lines
        lines = (replace(first, net=first.net + cent), *others)
        off = replace(invoice, net=invoice.net + cent, total=invoice.total + cent, lines=lines)
        await self.real.post_invoice(off, on, key)


def _without_a_key(control: Control, extract: Extract) -> Outcome:
    """An inner join, and a filter that is a row too narrow: one document is on neither list."""

    def sides(seen: Extract) -> Sides:
        left, right = (list(side) for side in control.sides(seen))
        last = max((entry.key for entry in (*left, *right)), default=())
        return _but(left, last), _but(right, last)

    return run(replace(control, sides=sides), extract) if control.id == "C10" else run(control, extract)


def _but(side: Iterable[Entry], key: tuple[str, ...]) -> list[Entry]:
    return [entry for entry in side if entry.key != key]


def _a_cent_is_nothing(control: Control, extract: Extract) -> Outcome:
    def allowed(seen: Extract, pair: Pair) -> Amount:
        return max(control.allowed(seen, pair), 1)

    # The ledger's tax of the document is its own; only the total is compared.
    return run(replace(control, allowed=allowed), extract)


def _first_only(control: Control, extract: Extract) -> Outcome:
    outcome = run(control, extract)
    return replace(outcome, items=outcome.items[:1])


def _twice(control: Control, extract: Extract) -> Outcome:
    """A join that multiplies rows: one of the left is seen twice."""

    def sides(seen: Extract) -> Sides:
        left, right = (list(side) for side in control.sides(seen))
        return [*left, *left[:1]], right

    return run(replace(control, sides=sides), extract) if control.id == "C13" else run(control, extract)


def _a_cent_off(controls: Runner) -> Plant:
    return replace(in_port("erp", CentTooMuch), controls=controls)


CONTROLS = (
    Mutant(
        "control_drops_a_key",
        "the register of January is compared without its last document: what is wrong with it is never told",
        ("I-38",),
        Plant(controls=_without_a_key),
        months=2,
    ),
    Mutant(
        "tolerance_swallows_a_cent",
        "invoices reach the ledger a cent too high, and every control lets a cent pass as rounding",
        ("I-38", "I-02"),
        _a_cent_off(_a_cent_is_nothing),
        months=2,
    ),
    Mutant(
        "findings_cut_short",
        "invoices reach the ledger a cent too high, and the list of exceptions ends after the first one",
        ("I-38", "I-02"),
        _a_cent_off(_first_only),
        months=2,
    ),
    Mutant(
        "control_counts_a_row_twice",
        "a join multiplies rows: a payment that agrees is told as an exception, month after month",
        ("I-38",),
        Plant(controls=_twice),
        months=2,
    ),
)
