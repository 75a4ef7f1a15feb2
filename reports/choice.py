"""Which model to choose and why: one stated rule, in plain words.

First the books: only a model whose laws all hold is a candidate. Then, among candidates, the lowest sum of
ranks over four measures: lag p95, API calls per lifecycle, time to converge, parked items; a tie goes to the
shorter lag.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.compare import ModelTotals, totals
from reports.names import model_name
from reports.record import Record
from reports.units import format_number, format_span, join_words, plural

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Choice:
    """model: None when no model keeps the books; instead: when another candidate would serve better."""

    model: str | None
    headline: str
    reasons: tuple[str, ...]
    instead: tuple[str, ...]
    against: tuple[str, ...]


def choose(record: Record) -> Choice:
    """The answer that stands at the top of every report."""
    rows = totals(record)
    if not rows:
        return Choice(None, "No model was finished: there is nothing to choose from.", (), (), ())
    clean = [row for row in rows if not row.broken]
    proved = [row for row in clean if not row.undecided and set(row.seeds) >= set(record.seeds)]
    against = tuple(_against(row) for row in rows if row.broken)
    if not clean:
        least = min(rows, key=lambda row: (len(row.broken), row.wrong_entries))
        headline = (
            f"No model keeps the books under these faults. {model_name(least.model)} comes closest: "
            f"it breaks {plural(len(least.broken), 'law')}."
        )
        return Choice(None, headline, (), (), against)
    field = proved or clean
    best = min(field, key=lambda row: (_score(row, field), _p95(row)))
    headline = f"Choose {model_name(best.model)}."
    if record.partial:
        headline = f"Of what was finished, {model_name(best.model)} keeps the books. No choice yet."
    if not proved:
        headline = (
            f"{model_name(best.model)} breaks no law, but is not yet proved: {_why_open(best, record)}."
        )
    against += tuple(
        f"{model_name(row.model)} breaks no law, but is not proved: {_why_open(row, record)}."
        for row in clean
        if row not in field
    )
    return Choice(best.model, headline, _reasons(best, field, rows), _instead(best, field), against)


def _reasons(best: ModelTotals, field: list[ModelTotals], rows: tuple[ModelTotals, ...]) -> tuple[str, ...]:
    names = [model_name(row.model) for row in field if row is not best]
    empty = sum(1 for law in best.held if law.examined == 0)
    aside = f" ({empty} with nothing to examine)" if empty else ""
    said = [f"It holds {_count(best)}{aside}, with {_wrong(best)}."]
    if not names:
        said.append("It is the only model of this comparison that does." if len(rows) > 1 else "")
    else:
        verb = "does" if len(names) == 1 else "do"
        said.append(
            f"So {verb} {join_words(names)}; among these it has the best sum of ranks over four measures:"
        )
        said[-1] += " " + "; ".join(_standing(best, field)) + "."
    return tuple(line for line in said if line)


def _standing(best: ModelTotals, field: list[ModelTotals]) -> list[str]:
    places = ("lowest", "second lowest", "third lowest", "fourth lowest", "fifth lowest")
    said = []
    for title, read, write in _measures():
        place = min(_rank(best, field, read), len(places)) - 1
        said.append(f"{title} {write(read(best))} ({places[place]} of {len(field)})")
    return said


def _instead(best: ModelTotals, field: list[ModelTotals]) -> tuple[str, ...]:
    said = []
    for title, read, write in _measures():
        low = min(field, key=read)
        if read(low) < read(best):
            name = model_name(low.model)
            said.append(f"{name}, if {title} matters most: {write(read(low))} against {write(read(best))}.")
    return tuple(said)


def _against(row: ModelTotals) -> str:
    ids = row.broken_ids
    shown = join_words(ids) if len(ids) <= 6 else ", ".join(ids[:6]) + f" and {len(ids) - 6} more"
    return f"{model_name(row.model)} breaks {plural(len(ids), 'law')}: {shown}."


def _score(row: ModelTotals, field: list[ModelTotals]) -> int:
    return sum(_rank(row, field, read) for _, read, _ in _measures())


def _rank(row: ModelTotals, field: list[ModelTotals], read: Callable[[ModelTotals], float]) -> int:
    return 1 + sum(1 for other in field if read(other) < read(row))


def _measures() -> tuple[tuple[str, Callable[[ModelTotals], float], Callable[[float], str]], ...]:
    return (
        ("lag p95", _p95, _span),
        ("API calls per lifecycle", lambda row: row.pace.calls_per_lifecycle if row.pace else NEVER, _number),
        ("time to converge", _converge, _span),
        ("parked items", lambda row: float(row.parked), _number),
    )


def _p95(row: ModelTotals) -> float:
    return row.pace.lags[0].p95_s if row.pace and row.pace.lags else NEVER


def _converge(row: ModelTotals) -> float:
    found = row.pace.converge_seconds if row.pace else None
    return NEVER if found is None else found


def _span(value: float) -> str:
    return "not measured" if value == NEVER else format_span(value)


def _number(value: float) -> str:
    return "not measured" if value == NEVER else format_number(value)


def _count(row: ModelTotals) -> str:
    held, judged = len(row.held), len(row.laws)
    if held == judged:
        return f"all {judged} laws" if judged > 1 else plural(judged, "law")
    return f"{held} of {judged} laws, {_open(row)}"


def _wrong(row: ModelTotals) -> str:
    return (
        plural(row.wrong_entries, "wrong entry", "wrong entries") if row.wrong_entries else "no wrong entry"
    )


def _why_open(row: ModelTotals, record: Record) -> str:
    missing = len(set(record.seeds) - set(row.seeds))
    ids = ", ".join(law.id for law in row.undecided[:6])
    return f"{_open(row)} ({ids})" if row.undecided else f"{plural(missing, 'seed')} not run"


def _open(row: ModelTotals) -> str:
    return f"{len(row.undecided)} left undecided"
