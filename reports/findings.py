"""Broken laws with their witnesses, in the order and the words every report gives them."""

from __future__ import annotations

from dataclasses import dataclass

from reports.compare import models_of, totals, witnesses_of
from reports.record import Record, WitnessResult
from reports.units import format_money


@dataclass(frozen=True, slots=True)
class Finding:
    """A law that a model breaks. witnesses: the first ones, with their seeds; more: how many besides."""

    law: str
    title: str
    model: str
    seeds: tuple[int, ...]
    note: str
    witnesses: tuple[tuple[int, WitnessResult], ...]
    more: int


def findings(record: Record, most: int = 3) -> tuple[Finding, ...]:
    """Every broken law of every model, law by law, with at most so many witnesses each."""
    order = {model: at for at, model in enumerate(models_of(record))}
    found = []
    for row in totals(record):
        for law in row.broken:
            witnesses = witnesses_of(record, row.model, law.id)
            shown, more = witnesses[:most], max(len(witnesses) - most, 0)
            found.append(Finding(law.id, law.title, row.model, law.broken_seeds, law.note, shown, more))
    return tuple(sorted(found, key=lambda one: (one.law, order[one.model])))


def money_effect(witness: WitnessResult) -> str:
    """The money effect in words, "none" included: a reader must not have to guess."""
    if witness.amount is None:
        return "no money effect"
    return format_money(witness.amount.minor, witness.amount.currency)


def witness_text(witness: WitnessResult) -> str:
    """What happened, to whom, for how much, the story, and the command that shows it again."""
    lines = [f"{witness.kind}: {witness.says}"]
    if witness.subjects:
        lines.append("subjects: " + ", ".join(witness.subjects))
    lines.append("money effect: " + money_effect(witness))
    lines += [f"  {line}" for line in witness.story]
    lines.append("replay: " + witness.replay)
    return "\n".join(lines)
