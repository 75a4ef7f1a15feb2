"""A WHERE clause compiled: paths resolved, literals checked against the fields' types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simulators.salesforce.rules.catalogue import ENTITIES
from simulators.salesforce.rules.keys import full_id
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import ID_TYPES, NUMBER_TYPES, TEXT_TYPES, Entity, Field
from simulators.salesforce.rules.soql import Comparison, Condition, Logic, Value
from simulators.salesforce.rules.store import Record

ById = Mapping[str, Record]
Test = Callable[[Record], bool]
# Given the values of the marks and the records by id, the test of one record.
Bind = Callable[[Sequence[Any], ById], Test]
Get = Callable[[Record, ById], Any]


@dataclass(frozen=True, slots=True)
class Path:
    """A resolved field path: reference fields to follow, then a field."""

    steps: tuple[Field, ...]
    field: Field


def resolve(entity: Entity, text: str) -> Path:
    """The path `text` from `entity`; INVALID_FIELD if it leads nowhere."""
    *ways, last = text.split(".")
    if ways and ways[0].lower() == entity.name.lower():
        ways = ways[1:]  # the object's own name may stand before its field
    steps: list[Field] = []
    for way in ways:
        field = entity.relationships.get(way.lower())
        if field is None:
            said = f"Didn't understand relationship '{way}' in field path. If you are attempting to use a "
            said += "custom relationship, be sure to append the '__r' after the custom relationship name."
            raise Refused("INVALID_FIELD", said)
        steps.append(field)
        entity = ENTITIES[field.refers]
    found = entity.named.get(last.lower())
    if found is None:
        said = f"No such column '{last}' on entity '{entity.name}'. If you are attempting to use a custom "
        said += "field, be sure to append the '__c' after the custom field name."
        raise Refused("INVALID_FIELD", said)
    return Path(tuple(steps), found)


def getter(path: Path) -> Get:
    """Reads the path's value of a record; None where a reference on the way is empty."""
    name, steps = path.field.name, tuple(step.name for step in path.steps)
    if not steps:
        return lambda record, _: record.values[name]

    def follow(record: Record, by_id: ById) -> Any:
        for step in steps:
            key = record.values[step]
            if key is None:
                return None
            record = by_id[key]
        return record.values[name]

    return follow


def condition(entity: Entity, node: Condition) -> Bind:
    """The test of a WHERE clause."""
    if isinstance(node, Comparison):
        return _comparison(resolve(entity, node.path), node)
    parts = [condition(entity, part) for part in node.parts]
    return _logic(node, parts)


def _logic(node: Logic, parts: list[Bind]) -> Bind:
    def bind(marks: Sequence[Any], by_id: ById) -> Test:
        tests = [part(marks, by_id) for part in parts]
        if node.operator == "not":
            (test,) = tests
            return lambda record: not test(record)
        if node.operator == "and":
            return lambda record: all(test(record) for test in tests)
        return lambda record: any(test(record) for test in tests)

    return bind


def _comparison(path: Path, node: Comparison) -> Bind:
    _check(path.field, node)
    get, field, operator = getter(path), path.field, node.operator

    def bind(marks: Sequence[Any], by_id: ById) -> Test:
        wanted = [operand(field, value, marks) for value in node.values]
        test = _TESTS[operator](wanted)
        if field.type in TEXT_TYPES:
            return lambda record: test(_folded(get(record, by_id)))
        return lambda record: test(get(record, by_id))

    return bind


def operand(field: Field, value: Value, marks: Sequence[Any]) -> Any:
    """A literal in the form in which values of `field` are compared: text folded, ids whole."""
    if value.mark < 0:
        return value.plain
    plain = marks[value.mark]
    if field.type in ID_TYPES:
        whole = full_id(plain)
        if whole is None:
            raise Refused("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {plain}")
        return whole
    return plain.lower() if field.type in TEXT_TYPES else plain


def _folded(value: Any) -> Any:
    return value.lower() if value is not None else None


def _check(field: Field, node: Comparison) -> None:
    for value in node.values:
        null = value.mark < 0 and value.plain is None
        if not null and value.kind not in _kinds(field):
            raise _mismatch(field)
        if isinstance(value.plain, bool) and field.type != "boolean":
            raise _mismatch(field)
        if null and node.operator not in ("=", "!=", "in", "not in"):
            raise _bad_operator(field, node.operator)
    ordered = node.operator in ("<", "<=", ">", ">=")
    if (ordered and field.type in (*ID_TYPES, "boolean")) or (
        node.operator == "like" and field.type not in TEXT_TYPES
    ):
        raise _bad_operator(field, node.operator)


def _kinds(field: Field) -> str:
    if field.type in TEXT_TYPES or field.type in ID_TYPES:
        return "s"
    if field.type in NUMBER_TYPES:
        return "n"
    return {"date": "d", "datetime": "t"}.get(field.type, "")


def _mismatch(field: Field) -> Refused:
    quoted = "should be" if _kinds(field) == "s" else "should not be"
    said = f"value of filter criterion for field '{field.name}' must be of type {field.type} and {quoted} "
    return Refused("INVALID_FIELD", said + "enclosed in quotes")


def _bad_operator(field: Field, operator: str) -> Refused:
    said = f"invalid operator on {field.type} field: {operator}"
    return Refused("INVALID_QUERY_FILTER_OPERATOR", said)


@lru_cache(maxsize=512)
def _pattern(like: str) -> re.Pattern[str]:
    out, i = "", 0
    while i < len(like):
        char = like[i]
        if char == "\\" and like[i + 1 : i + 2] in ("%", "_"):
            i += 1
            out += re.escape(like[i])
        else:
            out += {"%": ".*", "_": "."}.get(char) or re.escape(char)
        i += 1
    return re.compile(out, re.DOTALL)


def _equal(wanted: list[Any]) -> Callable[[Any], bool]:
    (one,) = wanted
    return lambda value: bool(value == one)


def _unequal(wanted: list[Any]) -> Callable[[Any], bool]:
    (one,) = wanted
    return lambda value: bool(value != one)


def _like(wanted: list[Any]) -> Callable[[Any], bool]:
    pattern = _pattern(wanted[0])
    return lambda value: value is not None and pattern.fullmatch(value) is not None


def _within(wanted: list[Any]) -> Callable[[Any], bool]:
    members = frozenset(wanted)
    return lambda value: value in members


def _outside(wanted: list[Any]) -> Callable[[Any], bool]:
    members = frozenset(wanted)
    return lambda value: value not in members


_TESTS: dict[str, Callable[[list[Any]], Callable[[Any], bool]]] = {
    "=": _equal,
    "!=": _unequal,
    "<": lambda wanted: lambda value: value is not None and value < wanted[0],
    "<=": lambda wanted: lambda value: value is not None and value <= wanted[0],
    ">": lambda wanted: lambda value: value is not None and value > wanted[0],
    ">=": lambda wanted: lambda value: value is not None and value >= wanted[0],
    "like": _like,
    "in": _within,
    "not in": _outside,
}
