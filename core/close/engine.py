"""Runs a control: full outer join on the keys, differences beyond tolerance with cause, state of sign-off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.close.control import Amount, Control, Entry, Key, Matching, Pair, Part, ReconcilingItem
from core.close.extract import Extract


class State(StrEnum):
    """Of a control at a cut-off."""

    PASSED = "passed"
    EXCEPTIONS = "exceptions"
    NOT_APPLICABLE = "not applicable"  # both books were read, and neither has a row
    NOT_RUN = "not run"  # a book is not kept, or could not be read


@dataclass(frozen=True, slots=True)
class Sums:
    """Per unit, in order of name: rows are counted apart."""

    rows: int
    totals: tuple[tuple[str, Amount], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """matched and matched_right: pairs that agree, with the sums of either side; unexplained: sums of what
    has no cause; reason: why it was not run or does not apply, "" if it was run."""

    control: Control
    state: State
    left: Sums
    right: Sums
    matched: Sums
    matched_right: Sums
    items: tuple[ReconcilingItem, ...]
    unexplained: tuple[tuple[str, Amount], ...] = ()
    reason: str = ""

    @property
    def open(self) -> tuple[ReconcilingItem, ...]:
        """Exceptions that wait for somebody."""
        return tuple(item for item in self.items if not item.explained)


def run(control: Control, extract: Extract) -> Outcome:
    """One control. Not run if a table it rests on is absent; not applicable if neither side has a row. One
    side alone is a difference like any other: a book that is empty by mistake does not go unseen."""
    nothing = Sums(0, ())
    for table in control.tables:
        if table in extract.absent:
            reason = f"{table}: {extract.absent[table]}"
            return Outcome(control, State.NOT_RUN, nothing, nothing, nothing, nothing, (), (), reason)
    lefts, rights = (list(side) for side in control.sides(extract))
    matched, items = [], []
    for pair in join(lefts, rights):
        if agrees(control, extract, pair):
            matched.append(pair)
        else:
            items += _explained(control, extract, _items(control, extract, pair))
    unexplained = _totals((item.unit, item.amount) for item in items if not item.cause)
    state, reason = _state(control, lefts, rights, items)
    agreed = Sums(len(matched), _totals((pair.unit, pair.left) for pair in matched))
    other = Sums(len(matched), _totals((pair.unit, pair.right) for pair in matched))
    sides = (_sums(lefts), _sums(rights), agreed, other)
    return Outcome(control, state, *sides, tuple(items), unexplained, reason)


def join(lefts: Iterable[Entry], rights: Iterable[Entry]) -> list[Pair]:
    """Full outer join, in order of key."""
    rows: dict[Key, tuple[list[Entry], list[Entry]]] = {}
    for at, side in enumerate((lefts, rights)):
        for entry in side:
            rows.setdefault(entry.key, ([], []))[at].append(entry)
    return [Pair(key, tuple(left), tuple(right)) for key, (left, right) in sorted(rows.items())]


def agrees(control: Control, extract: Extract, pair: Pair) -> bool:
    """Within tolerance, in one unit, with the same facts, and as many rows as there may be."""
    if pair.mixed or pair.apart or pair.size > control.allowed(extract, pair):
        return False
    return control.matching is Matching.SUMS or (len(pair.lefts) == 1 and len(pair.rights) == 1)


def _items(control: Control, extract: Extract, pair: Pair) -> list[ReconcilingItem]:
    found = control.cause(extract, pair)
    parts: Sequence[Part] = [Part(found, pair.amount)] if isinstance(found, str) else found
    rest = pair.amount - sum((part.amount for part in parts), 0)
    if rest or not parts:
        parts = [*parts, Part("", rest)]
    unknown = {part.cause for part in parts} - {"", *control.terms.causes}
    if unknown:
        raise ValueError(f"{control.id}: cause {sorted(unknown)} is not on its list {control.terms.causes}")
    return [
        ReconcilingItem(
            control.id,
            part.cause,
            pair.key,
            pair.unit,
            pair.left,
            pair.right,
            part.amount,
            control.terms.owner,
            part.says or _says(pair),
        )
        for part in parts
    ]


def _says(pair: Pair) -> str:
    if not pair.rights:
        return "only on the left"
    if not pair.lefts:
        return "only on the right"
    if pair.mixed:
        return "in different currencies"
    if pair.apart:
        left = dict(pair.lefts[0].facts)
        other = {name: text for entry in (*pair.lefts, *pair.rights) for name, text in entry.facts}
        return "; ".join(f"{n}: {left.get(n, '')} against {other[n]}" for n in sorted(pair.apart))
    if len(pair.lefts) > 1 or len(pair.rights) > 1:
        return f"{len(pair.lefts)} rows on the left, {len(pair.rights)} on the right"
    return "amounts differ"


def _explained(control: Control, extract: Extract, items: list[ReconcilingItem]) -> list[ReconcilingItem]:
    accepted = {(e.control, e.key, e.cause): e.by for e in extract.explanations}
    found = []
    for item in items:
        by = accepted.get((item.control, "/".join(item.key), item.cause), "")
        if item.cause and (by or item.cause in control.terms.explained):
            says = f"{item.says}; accepted: {by}" if by else item.says
            found.append(replace(item, explained=True, says=says))
        else:
            found.append(item)
    return found


def _state(
    control: Control, lefts: list[Entry], rights: list[Entry], items: list[ReconcilingItem]
) -> tuple[State, str]:
    if not lefts and not rights:
        read = " and ".join(table.replace("_", " ") for table in control.tables)
        return State.NOT_APPLICABLE, control.terms.nothing or f"no rows on either side: {read} were read"
    return (State.EXCEPTIONS if any(not item.explained for item in items) else State.PASSED), ""


def _sums(entries: list[Entry]) -> Sums:
    return Sums(len(entries), _totals((entry.unit, entry.value) for entry in entries))


def _totals(amounts: Iterable[tuple[str, Amount]]) -> tuple[tuple[str, Amount], ...]:
    sums: dict[str, Amount] = {}
    for unit, value in amounts:
        sums[unit] = sums.get(unit, 0) + value
    return tuple(sorted(sums.items()))
