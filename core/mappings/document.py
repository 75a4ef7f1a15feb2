"""A version of a mapping as its file says it: whole and tested, or not at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from core.canonical.errors import Held
from core.mappings.shapes import SHAPES
from core.mappings.table import ANY, SAME, Column, Row, Shape, Table

_MEMBERS = ("name", "version", "owner", "author", "says", "flows", "row", "test")
_PERSON = re.compile(r"\S(?:.*\S)?")
VERSIONS_MAX = 9999


class BadMapping(ValueError):
    """A file that is no mapping; the text names file, field, value and remedy."""


@dataclass(frozen=True, slots=True)
class Example:
    """A test in the file. expect: the outputs, or None where no row must fit."""

    given: Mapping[str, str]
    expect: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Document:
    """owner: who is asked about it; author: who wrote this version; flows: of the business that it touches;
    digest: SHA-256 (hex) of the file's bytes."""

    name: str
    version: int
    owner: str
    author: str
    says: str
    flows: tuple[str, ...]
    table: Table
    examples: tuple[Example, ...]
    digest: str

    @property
    def label(self) -> str:
        """As people write it."""
        return f"{self.name}@{self.version}"

    def look(self, **given: str) -> dict[str, str]:
        """The outputs by name; Held for the owner where no row fits."""
        found = self.table.find(**given)
        if found is None:
            asked = ", ".join(f"{name} {value!r}" for name, value in given.items())
            raise Held(
                f"mapping {self.label}: {asked}: no row fits; add one and promote it", owner=self.owner
            )
        return found

    def failing(self) -> tuple[str, ...]:
        """Tests of the file that do not hold, in words."""
        found = []
        for at, each in enumerate(self.examples, 1):
            said = self.table.find(**each.given)
            if said != each.expect:
                due = "no row" if each.expect is None else str(dict(each.expect))
                found.append(f"test {at}: {dict(each.given)} gives {said or 'no row'}, expected {due}")
        return tuple(found)


def read_document(content: bytes, where: str) -> Document:
    """where: names the file in errors. BadMapping if anything is wrong, or a test of it does not hold."""
    try:
        plain = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadMapping(f"{where}: {error}") from None
    if strange := sorted(set(plain) - set(_MEMBERS)):
        raise _bad(where, strange[0], plain[strange[0]], f"unknown; there are: {', '.join(_MEMBERS)}")
    name = _text(where, plain, "name")
    if name not in SHAPES:
        raise _bad(where, "name", name, f"there is no such mapping; there are: {', '.join(SHAPES)}")
    shape = SHAPES[name]
    version = plain.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= VERSIONS_MAX:
        raise _bad(where, "version", version, f"a whole number from 1 to {VERSIONS_MAX}")
    table = Table(shape, _rows(where, plain, shape))
    _check(where, table)
    document = Document(
        name,
        version,
        owner=_text(where, plain, "owner"),
        author=_text(where, plain, "author"),
        says=_text(where, plain, "says"),
        flows=_flows(where, plain, shape),
        table=table,
        examples=_examples(where, plain, shape),
        digest=sha256(content).hexdigest(),
    )
    if failing := document.failing():
        raise BadMapping(f"{where}: {failing[0]}; mend the row or the test")
    _covered(where, document)
    return document


def _rows(where: str, plain: dict[str, Any], shape: Shape) -> tuple[Row, ...]:
    rows = []
    for at, each in enumerate(_list(where, plain, "row"), 1):
        place = f"row {at}"
        if strange := sorted(set(each) - {"when", "then"}):
            raise _bad(where, f"{place}.{strange[0]}", each[strange[0]], "unknown; there are: when, then")
        when = _cells(where, f"{place}.when", each.get("when"), shape.inputs, (ANY,))
        same = tuple(f"{SAME}{column.name}" for column in shape.inputs)
        then = _cells(where, f"{place}.then", each.get("then"), shape.outputs, same)
        rows.append(Row(tuple(when.values()), tuple(then.values())))
    return tuple(rows)


def _examples(where: str, plain: dict[str, Any], shape: Shape) -> tuple[Example, ...]:
    found = []
    for at, each in enumerate(_list(where, plain, "test"), 1):
        place = f"test {at}"
        if strange := sorted(set(each) - {"given", "expect", "held"}):
            raise _bad(where, f"{place}.{strange[0]}", each[strange[0]], "there are: given, expect, held")
        if ("expect" in each) == ("held" in each) or each.get("held") not in (None, True):
            raise _bad(where, place, dict(each), "give either expect = {…} or held = true")
        given = _cells(where, f"{place}.given", each.get("given"), shape.inputs, ())
        wants = None
        if "expect" in each:
            wants = _cells(where, f"{place}.expect", each["expect"], shape.outputs, ())
        found.append(Example(given, wants))
    return tuple(found)


def _cells(
    where: str, place: str, value: object, columns: tuple[Column, ...], also: tuple[str, ...]
) -> dict[str, str]:
    """A value for each column, as text; `also`: words beside the allowed values."""
    names = [column.name for column in columns]
    if not isinstance(value, dict) or sorted(value) != sorted(names):
        raise _bad(where, place, value, f"exactly these are needed: {', '.join(names)}")
    found = {}
    for column in columns:
        cell = value[column.name]
        if isinstance(cell, bool) or not isinstance(cell, str | int):
            raise _bad(where, f"{place}.{column.name}", cell, "a text or a whole number is needed")
        text = str(cell)
        if text not in also and (wrong := column.against(text)):
            raise _bad(where, f"{place}.{column.name}", cell, wrong)
        if text.startswith(SAME) and text not in also:
            raise _bad(where, f"{place}.{column.name}", cell, f"{SAME} must be followed by an input's name")
        found[column.name] = text
    return found


def _check(where: str, table: Table) -> None:
    """What no single cell shows."""
    rows, shape = table.rows, table.shape
    for at, row in enumerate(rows):
        above = next((n for n in range(at) if rows[n].covers(row)), None)
        if above is not None:
            raise _bad(
                where, f"row {at + 1}.when", row.when, f"never reached, row {above + 1} takes all of it"
            )
        twin = next((n for n in range(at) if _alike(shape, rows[n], row)), None)
        if twin is not None:
            raise _bad(
                where, f"row {at + 1}.then", row.then, f"row {twin + 1} says the same; each has its own"
            )
        if shape.apart and (ANY in row.when or any(cell.startswith(SAME) for cell in row.then)):
            raise _bad(where, f"row {at + 1}", row.when, "is read backwards too: no wildcard, no copy")
        if shape.named and ANY in row.when:
            raise _bad(
                where, f"row {at + 1}.when", row.when, "what no row names is held: name it, guess nothing"
            )
    names = [column.name for column in shape.inputs]
    for needed in shape.needed:
        if table.which(dict(zip(names, needed, strict=True))) is None:
            raise _bad(where, "row", needed, "no row fits, and the core asks for it; add one")
    said = {cell for row in rows for cell in row.then}
    if lacks := [each for each in shape.must_say if each not in said]:
        raise _bad(where, "row", lacks[0], "no row gives it, and the vendor asks for it; add one")


def _alike(shape: Shape, one: Row, other: Row) -> bool:
    """Of a table that is read backwards: two rows about the same thing, with the same answer."""
    return shape.apart and one.then == other.then and one.when[:-1] == other.when[:-1]


def _covered(where: str, document: Document) -> None:
    shown = {document.table.which(each.given) for each in document.examples}
    for at in range(len(document.table.rows)):
        if at not in shown:
            raise _bad(where, f"row {at + 1}", document.table.rows[at].when, "no test shows it; add one")


def _flows(where: str, plain: dict[str, Any], shape: Shape) -> tuple[str, ...]:
    flows = plain.get("flows")
    if not isinstance(flows, list) or not all(isinstance(each, str) for each in flows):
        raise _bad(where, "flows", flows, "a list of names is needed")
    if lacks := [each for each in shape.flows if each not in flows]:
        raise _bad(where, "flows", flows, f"{lacks[0]} goes through it too; name it, its stories are played")
    return tuple(flows)


def _list(where: str, plain: dict[str, Any], member: str) -> list[dict[str, Any]]:
    found = plain.get(member)
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise _bad(where, member, found, f"at least one [[{member}]] is needed")
    return found


def _text(where: str, plain: dict[str, Any], member: str) -> str:
    value = plain.get(member)
    if not isinstance(value, str) or not _PERSON.fullmatch(value) or not value.isprintable():
        raise _bad(where, member, value, "a text on one line is needed")
    return value


def _bad(where: str, field: str, value: object, remedy: str) -> BadMapping:
    return BadMapping(f"{where}: {field}: {value!r}: {remedy}")
