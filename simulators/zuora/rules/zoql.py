"""ZOQL, the vendor's small query language: select … from … where … and … or …, without brackets."""

from __future__ import annotations

from dataclasses import dataclass
from re import compile as pattern
from typing import Any

from simulators.zuora.rules.fields_all import OBJECTS, field_of
from simulators.zuora.rules.query import Condition, checks, find
from simulators.zuora.rules.refusal import INVALID, MALFORMED, UNKNOWN_FIELD, Refused
from simulators.zuora.rules.state import State

_WORDS = pattern(r"\s*('(?:[^'\\]|\\.)*'|<=|>=|!=|<>|[=<>,]|[^\s=<>,!']+)")
CONDITIONS_MAX = 200
_SIGNS = {"=": "EQ", "!=": "NE", "<>": "NE", "<": "LT", ">": "GT", "<=": "LE", ">=": "GE"}


@dataclass(frozen=True, slots=True)
class Selection:
    """A query understood: columns as they were written; groups are joined by or, the conditions of a
    group by and."""

    name: str
    columns: tuple[str, ...]
    groups: tuple[tuple[Condition, ...], ...]


def parse(text: str) -> Selection:
    """Understand a query; Refused, with the place that was not understood."""
    words = _split(text)
    lower = [word.lower() for word in words]
    if not lower or lower[0] != "select" or "from" not in lower:
        raise Refused(MALFORMED, "You have an error in your ZOQL syntax: expected select … from …")
    at = lower.index("from")
    name = words[at + 1] if at + 1 < len(words) else ""
    proper = {known.lower(): known for known in OBJECTS}.get(name.lower())
    if proper is None:
        raise Refused(INVALID, f"invalid type for query: '{name}'", "type")
    columns = _columns(proper, words[1:at])
    rest = words[at + 2 :]
    if not rest:
        return Selection(proper, columns, ((),))
    if rest[0].lower() != "where":
        raise Refused(MALFORMED, f"You have an error in your ZOQL syntax near '{rest[0]}'")
    return Selection(proper, columns, _groups(proper, rest[1:]))


def run(state: State, selection: Selection) -> list[Any]:
    """The objects of a query, in order of creation."""
    found: dict[str, Any] = {}
    for group in selection.groups:
        for item in find(state, selection.name, checks(selection.name, group)):
            found[item.id] = item
    if len(selection.groups) == 1:
        return list(found.values())
    return sorted(found.values(), key=lambda item: item.seq)


def _split(text: str) -> list[str]:
    words, place = [], 0
    text = text.strip().rstrip(";")
    while place < len(text):
        match = _WORDS.match(text, place)
        if match is None:
            raise Refused(MALFORMED, f"You have an error in your ZOQL syntax near '{text[place:]}'")
        words.append(match[1])
        place = match.end()
    return words


def _columns(name: str, words: list[str]) -> tuple[str, ...]:
    columns = words[::2]
    for word in columns:
        _known(name, word)
    if not columns or len(words) % 2 == 0 or any(word != "," for word in words[1::2]):
        raise Refused(MALFORMED, "You have an error in your ZOQL syntax: fields are parted by commas")
    return tuple(columns)


def _known(name: str, field: str) -> None:
    if field_of(name, field) is None:
        raise Refused(UNKNOWN_FIELD, f"invalid field for query: {name.lower()}.{field.lower()}", field)


def _groups(name: str, words: list[str]) -> tuple[tuple[Condition, ...], ...]:
    groups: list[list[Condition]] = [[]]
    place = 0
    while True:
        part = words[place : place + 3]
        if len(part) < 3 or part[1] not in _SIGNS:
            near = " ".join(part) or "where"
            raise Refused(MALFORMED, f"You have an error in your ZOQL syntax near '{near}'")
        _known(name, part[0])
        groups[-1].append(Condition(part[0], _SIGNS[part[1]], _value(part[2])))
        place += 3
        if place == len(words):
            return tuple(tuple(group) for group in groups)
        joint = words[place].lower()
        if joint not in ("and", "or"):
            raise Refused(MALFORMED, f"You have an error in your ZOQL syntax near '{words[place]}'")
        if joint == "or":
            groups.append([])
        place += 1
        if sum(map(len, groups)) >= CONDITIONS_MAX:
            raise Refused(MALFORMED, f"A query may have at most {CONDITIONS_MAX} conditions.")


def _value(word: str) -> str | None:
    if word.startswith("'"):
        return word[1:-1].replace("\\'", "'").replace("\\\\", "\\")
    return None if word.lower() == "null" else word
