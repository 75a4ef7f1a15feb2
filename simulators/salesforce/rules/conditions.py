"""A WHERE or HAVING clause compiled: operands resolved, literals checked against their types."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from simulators.kit.clock import day
from simulators.salesforce.rules.keys import full_id
from simulators.salesforce.rules.paths import Get, Scope
from simulators.salesforce.rules.query import Comparison, Condition, Logic, Operand, Semi, Value
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import ID_TYPES, NUMBER_TYPES, TEXT_TYPES, Field
from simulators.salesforce.rules.spans import span

Test = Callable[[Any], bool]
# Given a run of the query, the test of one record (or one group of them).
Bind = Callable[[Scope], Test]
# How an operand is read, and the field that tells its type.
Read = Callable[[Operand], tuple[Get, Field]]
# How a subquery is run: the values it finds.
Inner = Callable[[Semi, Field], Callable[[Scope], frozenset[Any]]]


@dataclass(frozen=True, slots=True)
class Range:
    """A span of time in kept form, its end not included."""

    low: str
    high: str


def condition(node: Condition, read: Read, inner: Inner) -> Bind:
    """The test of a clause."""
    if isinstance(node, Comparison):
        return _comparison(node, *read(node.operand))
    if isinstance(node, Semi):
        return _semi(node, read, inner)
    return _logic(node, [condition(part, read, inner) for part in node.parts])


def _semi(node: Semi, read: Read, inner: Inner) -> Bind:
    get, field = read(node.operand)
    found = inner(node, field)

    def bind(scope: Scope) -> Test:
        members, by_id = found(scope), scope.store.by_id
        if node.negated:
            return lambda subject: get(subject, by_id) not in members
        return lambda subject: get(subject, by_id) in members

    return bind


def _logic(node: Logic, parts: list[Bind]) -> Bind:
    def bind(scope: Scope) -> Test:
        tests = [part(scope) for part in parts]
        if node.operator == "not":
            (test,) = tests
            return lambda subject: not test(subject)
        if node.operator == "and":
            return lambda subject: all(test(subject) for test in tests)
        return lambda subject: any(test(subject) for test in tests)

    return bind


def _comparison(node: Comparison, get: Get, field: Field) -> Bind:
    _check(field, node)
    operator = node.operator
    fold = field.type in TEXT_TYPES and not field.case_sensitive

    def bind(scope: Scope) -> Test:
        by_id = scope.store.by_id
        wanted = [operand(field, value, scope) for value in node.values]
        ranged = any(isinstance(each, Range) for each in wanted)
        test = (_RANGED if ranged else _TESTS)[operator](wanted)
        if fold:
            return lambda subject: test(_folded(get(subject, by_id)))
        return lambda subject: test(get(subject, by_id))

    return bind


def operand(field: Field, value: Value, scope: Scope) -> Any:
    """A literal in the form in which values of `field` are compared: text folded, ids whole."""
    if value.kind == "r":
        return _range(field, value, scope)
    if value.kind == "c":
        return Decimal(str(value.plain))
    if value.mark < 0:
        return value.plain
    plain = scope.marks[value.mark]
    if field.type in ID_TYPES:
        whole = full_id(plain)
        if whole is None:
            raise Refused("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {plain}")
        return whole
    return plain.lower() if field.type in TEXT_TYPES and not field.case_sensitive else plain


def _range(field: Field, value: Value, scope: Scope) -> Range:
    count = int(scope.marks[value.mark]) if value.mark >= 0 else 0
    try:
        low, high = (each.isoformat() for each in span(str(value.plain), count, day(scope.now)))
    except (OverflowError, ValueError):
        raise Refused("MALFORMED_QUERY", f"unexpected token: '{count}'") from None
    if field.type == "datetime":
        return Range(f"{low}T00:00:00.000+0000", f"{high}T00:00:00.000+0000")
    return Range(low, high)


def _folded(value: Any) -> Any:
    return value.lower() if value is not None else None


def _check(field: Field, node: Comparison) -> None:
    if field.type == "address" or (field.type == "textarea" and field.length > 255):
        said = f"field '{field.name}' can not be filtered in a query call"
        raise Refused("INVALID_FIELD", said)
    for value in node.values:
        null = value.kind == "" and value.plain is None
        if not null and value.kind not in _kinds(field):
            raise _mismatch(field)
        if isinstance(value.plain, bool) and field.type != "boolean":
            raise _mismatch(field)
        if null and node.operator not in ("=", "!=", "in", "not in"):
            raise _bad_operator(field, node.operator)
    ordered = node.operator in ("<", "<=", ">", ">=")
    listed = node.operator in ("includes", "excludes")
    if (
        (ordered and field.type == "boolean")
        or (node.operator == "like" and field.type not in TEXT_TYPES)
        or (listed != (field.type == "multipicklist") and (listed or ordered))
    ):
        raise _bad_operator(field, node.operator)


def _kinds(field: Field) -> str:
    if field.type in TEXT_TYPES or field.type in ID_TYPES:
        return "s"
    if field.type in NUMBER_TYPES:
        return "nc"
    return {"date": "dr", "datetime": "tr"}.get(field.type, "")


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


def _any_of(wanted: list[Any]) -> Callable[[Any], bool]:
    """INCLUDES: each operand is a set of values that must all be picked."""
    sets = [frozenset(each.split(";")) for each in wanted]
    return lambda value: value is not None and any(each <= set(value.split(";")) for each in sets)


def _none_of(wanted: list[Any]) -> Callable[[Any], bool]:
    test = _any_of(wanted)
    return lambda value: not test(value)


def _inside(wanted: list[Any]) -> Callable[[Any], bool]:
    ranges = [each for each in wanted if isinstance(each, Range)]
    plain = frozenset(each for each in wanted if not isinstance(each, Range))
    return lambda value: (
        value in plain or (value is not None and any(r.low <= value < r.high for r in ranges))
    )


def _without(wanted: list[Any]) -> Callable[[Any], bool]:
    test = _inside(wanted)
    return lambda value: not test(value)


_RANGED: dict[str, Callable[[list[Any]], Callable[[Any], bool]]] = {
    "=": _inside,
    "!=": _without,
    "in": _inside,
    "not in": _without,
    "<": lambda wanted: lambda value: value is not None and value < wanted[0].low,
    "<=": lambda wanted: lambda value: value is not None and value < wanted[0].high,
    ">": lambda wanted: lambda value: value is not None and value >= wanted[0].high,
    ">=": lambda wanted: lambda value: value is not None and value >= wanted[0].low,
}
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
    "includes": _any_of,
    "excludes": _none_of,
}
