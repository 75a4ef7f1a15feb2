"""Makes wrong versions of a mapping, one mistake each, with tests that make the same mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product

from core.mappings.document import Document
from core.mappings.table import ANY, Row, Table
from scenarios.wrong_versions.words import SINGLED_OUT, outcomes


@dataclass(frozen=True, slots=True)
class Wrong:
    """name: of the mapping; says: the mistake, one line, the same each time; content: the file, whose tests
    agree with the mistake, as its author would write them."""

    name: str
    says: str
    content: bytes


def wrong_versions(document: Document) -> tuple[Wrong, ...]:
    """Every outcome changed to every other one, two rows' outcomes exchanged, every row removed, a default
    put where none was, and what fell to a default singled out with another outcome."""
    found = {}
    for says, rows in _mistakes(document):
        if rows != document.table.rows:
            found[says] = Wrong(document.name, says, written(document, rows))
    return tuple(found.values())


def _mistakes(document: Document) -> Iterator[tuple[str, tuple[Row, ...]]]:
    rows, shape = document.table.rows, document.table.shape
    for at, row in enumerate(rows):
        for nth in range(len(shape.outputs)):
            for word in outcomes(document, nth):
                yield _changed(document, at, nth, word)
        yield f"{_when(document, row.when)} removed", rows[:at] + rows[at + 1 :]
    for one, other in combinations(range(len(rows)), 2):
        if rows[one].then != rows[other].then:
            yield _exchanged(document, one, other)
    default = Row(tuple(ANY for _ in shape.inputs), rows[0].then)
    if _free(document.table, default) is not None:
        yield f"default {_say(rows[0].then)} where none was", (*rows, default)
    for case in SINGLED_OUT.get(document.name, ()):
        yield from _singled_out(document, case)


def _exchanged(document: Document, one: int, other: int) -> tuple[str, tuple[Row, ...]]:
    rows = list(document.table.rows)
    first, second = rows[one], rows[other]
    rows[one], rows[other] = replace(first, then=second.then), replace(second, then=first.then)
    return f"{_when(document, first.when)} exchanged with {_when(document, second.when)}", tuple(rows)


def _changed(document: Document, at: int, nth: int, word: str) -> tuple[str, tuple[Row, ...]]:
    rows = document.table.rows
    then = list(rows[at].then)
    then[nth] = word
    made = replace(rows[at], then=tuple(then))
    return f"{_when(document, rows[at].when)} says {_say(made.then)}", (*rows[:at], made, *rows[at + 1 :])


def _singled_out(document: Document, case: dict[str, str]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    rows, shape = document.table.rows, document.table.shape
    when = tuple(case[column.name] for column in shape.inputs)
    row = next(each for each in rows if each.fits(when))
    for word in outcomes(document, 0):
        same = word == row.then[0] or word in case.values()
        if not same:
            yield f"{_when(document, when)} singled out: {word!r}", (Row(when, (word,)), *rows)


def written(document: Document, rows: tuple[Row, ...]) -> bytes:
    """Version 2 with these rows as a file. Its tests are the old ones and one for each row, with what the
    rows now say."""
    table = Table(document.table.shape, rows)
    inputs = [column.name for column in table.shape.inputs]
    outputs = [column.name for column in table.shape.outputs]
    lines = [
        f"name = {_text(document.name)}", "version = 2", f"owner = {_text(document.owner)}", 'author = "mia"',
        f"says = {_text(document.says)}", f"flows = [{', '.join(map(_text, document.flows))}]",
    ]  # fmt: skip
    for row in rows:
        lines += ["[[row]]", f"when = {_cells(inputs, row.when)}", f"then = {_cells(outputs, row.then)}"]
    given = [tuple(each.given[name] for name in inputs) for each in document.examples]
    given += [case for row in rows if (case := _free(table, row, own=True))]
    for case in dict.fromkeys(given):
        said = table.find(**dict(zip(inputs, case, strict=True)))
        wants = "held = true" if said is None else f"expect = {_cells(outputs, tuple(said.values()))}"
        lines += ["[[test]]", f"given = {_cells(inputs, case)}", wants]
    return ("\n".join(lines) + "\n").encode()


def _free(table: Table, row: Row, *, own: bool = False) -> tuple[str, ...] | None:
    """Inputs that the row takes and no row of the table does, or only this one; None if there are none."""
    words = []
    for at, column in enumerate(table.shape.inputs):
        named = {each.when[at] for each in table.rows}
        free = [word for word in column.allowed or ("OTHER",) if word not in named]
        words.append([row.when[at]] if row.when[at] != ANY else free or list(column.allowed))
    names = [column.name for column in table.shape.inputs]
    wants = table.rows.index(row) if own else None
    return next(
        (case for case in product(*words) if table.which(dict(zip(names, case, strict=True))) == wants), None
    )


def _cells(names: list[str], cells: tuple[str, ...]) -> str:
    pairs = ", ".join(f"{name} = {_text(cell)}" for name, cell in zip(names, cells, strict=True))
    return f"{{ {pairs} }}"


def _text(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)


def _when(document: Document, when: tuple[str, ...]) -> str:
    names = (column.name for column in document.table.shape.inputs)
    return ", ".join(f"{name} {cell!r}" for name, cell in zip(names, when, strict=True))


def _say(then: tuple[str, ...]) -> str:
    return " ".join(repr(str(word)) for word in then)
