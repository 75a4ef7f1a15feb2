"""Finding objects by conditions on their fields, through an index wherever one fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, ValuesView
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from simulators.kit.clock import SECOND, midnight
from simulators.zuora.rules.fields import DATE, FLAG, NUMBER, TIME, Field
from simulators.zuora.rules.fields_all import field_of, is_custom, proper
from simulators.zuora.rules.query_links import Link
from simulators.zuora.rules.query_objects import KINDS, Kind, rows, shelf_of
from simulators.zuora.rules.refusal import INVALID, Refused
from simulators.zuora.rules.shelf import Shelf
from simulators.zuora.rules.state import State

# Operators of the object query; ZOQL's signs are spelled out by its parser.
OPERATORS = ("EQ", "NE", "LT", "GT", "LE", "GE", "SW", "IN")
# Fields of a subscription that ask for versions other than the latest.
_OF_VERSIONS = frozenset({"isLatestVersion", "version", "originalId", "revision"})


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op value`; the value is still text; None is null. For IN: the texts."""

    field: str
    op: str
    value: str | None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A condition with its field found and its value understood."""

    name: str
    field: Field
    op: str
    value: Any


def known_field(name: str, field: str) -> Field:
    """A field in any case; Refused if the object has none such."""
    found = field_of(name, field)
    if found is None:
        raise Refused(INVALID, f"{name} has no field '{field}'.", field)
    return found


def checks(name: str, conditions: Iterable[Condition]) -> list[Check]:
    """The conditions made ready; Refused for an unknown field or a value that does not fit it."""
    ready = []
    for condition in conditions:
        found, plain = known_field(name, condition.field), proper(name, condition.field)
        value: Any
        if condition.op == "IN":
            value = [_understood(found, plain, text) for text in condition.values]
        else:
            value = _understood(found, plain, condition.value)
        ready.append(Check(plain, found, condition.op, value))
    return ready


def find(state: State, name: str, wanted: Sequence[Check]) -> list[Any]:
    """The objects that pass every test, in order of creation."""
    candidates = _candidates(state, KINDS[name], wanted)
    return sorted((item for item in candidates if passes(item, wanted)), key=lambda item: item.seq)


def get(state: State, name: str, key: str) -> Any | None:
    """One object by its id, or by its number where it has one."""
    kind = KINDS[name]
    if kind.shelf:
        return shelf_of(state, kind).get(key) or (state.versions.get(key) if name == "Subscription" else None)
    found = find(state, name, checks(name, [Condition("id", "EQ", key)]))
    return found[0] if found else None


def linked(state: State, name: str, item: Any, link: Link) -> list[Any]:
    """The objects that a link of an object leads to."""
    kind = KINDS[link.kind]
    if link.many and kind.parent == name:
        return list(rows(state, kind, [item]))
    ours = known_field(name, link.ours).read(item)
    if ours is None:
        return []
    if KINDS[name].parent == link.kind and not link.many:
        return [item.up]
    if link.theirs == "id" and kind.shelf:
        found = get(state, link.kind, str(ours))
        return [] if found is None else [found]
    return find(state, link.kind, [Check(link.theirs, known_field(link.kind, link.theirs), "EQ", ours)])


def passes(item: object, wanted: Sequence[Check]) -> bool:
    """Whether the object passes every test."""
    return all(_passes(test.field.read(item), test) for test in wanted)


def _candidates(state: State, kind: Kind, wanted: Sequence[Check]) -> Iterator[Any]:
    if kind.shelf:
        if kind.name == "Subscription" and (older := _versions(state, wanted)) is not None:
            return older
        return _on_shelf(shelf_of(state, kind), kind, wanted)
    parent = KINDS[kind.parent]
    for test in wanted:
        if test.op == "EQ" and test.value is not None and test.name in kind.near:
            return rows(state, kind, kind.near[test.name](state, test.value))
    for test in wanted:
        if test.op in ("EQ", "IN") and test.name in kind.via:
            theirs = kind.via[test.name]
            above = [Check(theirs, known_field(parent.name, theirs), test.op, test.value)]
            return rows(state, kind, find(state, parent.name, above))
    return rows(state, kind, _candidates(state, parent, ()))


def _versions(state: State, wanted: Sequence[Check]) -> Iterator[Any] | None:
    """Versions of subscriptions, where they are asked for; else only the latest are objects."""
    for test in wanted:
        if test.op == "EQ" and test.name == "id":
            found = state.versions.get(str(test.value))
            return iter([found] if found else [])
    if any(test.name in _OF_VERSIONS for test in wanted):
        return (version for versions in state.versions_of.values() for version in versions)
    return None


def _on_shelf(shelf: Shelf[Any], kind: Kind, wanted: Sequence[Check]) -> Iterator[Any]:
    best: Iterable[Any] | None = None
    size = len(shelf)
    for test in wanted:
        found: Sequence[Any] | ValuesView[Any] | None = None
        if test.op in ("EQ", "IN") and test.name in ("id", kind.number):
            keys = test.value if test.op == "IN" else [test.value]
            return iter([item for key in dict.fromkeys(keys) if key and (item := shelf.get(key))])
        if test.op == "EQ" and shelf.indexes(test.name):
            found = shelf.where(test.name, test.value).values()
        elif test.op == "IN" and shelf.indexes(test.name):
            buckets = [shelf.where(test.name, key).values() for key in dict.fromkeys(test.value)]
            found = [item for bucket in buckets for item in bucket]
        elif test.op == "GT" and test.name == "balance" and test.value == 0 and shelf.indexes("open"):
            found = shelf.where("open", True).values()
        if found is not None and len(found) <= size:
            best, size = found, len(found)
    if best is not None:
        return iter(best)
    for test in wanted:
        if test.name == "updatedDate" and test.op in ("GT", "GE", "EQ") and test.value is not None:
            return shelf.changed_since(test.value)
    return iter(shelf)


def _passes(value: Any, test: Check) -> bool:
    op, wanted = test.op, test.value
    if value is not None and is_custom(test.name):
        value = str(value)  # what a tenant declares of its own fields is not known here
    if op == "EQ":
        return bool(value == wanted)
    if op == "NE":
        return bool(value != wanted)
    if op == "IN":
        return value in wanted
    if value is None or wanted is None:
        return False
    if op == "SW":
        return str(value).startswith(str(wanted))
    if op == "LT":
        return bool(value < wanted)
    if op == "GT":
        return bool(value > wanted)
    return bool(value <= wanted) if op == "LE" else bool(value >= wanted)


def _understood(field: Field, name: str, text: str | None) -> Any:
    if text is None or (text == "null" and field.kind != FLAG):
        return None
    try:
        if field.kind == NUMBER:
            return _number(text)
        if field.kind == DATE:
            return date.fromisoformat(text[:10])
        if field.kind == TIME:
            return moment(text)
        if field.kind == FLAG:
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError, InvalidOperation):
        raise Refused(INVALID, f"'{text}' is not a value of the field '{name}'.", name) from None
    return text


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError("is not a number")
    return value


def moment(text: str) -> int:
    """Microseconds of a moment in ISO form; without an offset it is in the tenant's time, UTC."""
    given = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    offset = given.utcoffset()
    seconds = given.hour * 3600 + given.minute * 60 + given.second
    if offset is not None:
        seconds -= offset.days * 86_400 + offset.seconds
    return midnight(given.date()) + seconds * SECOND
