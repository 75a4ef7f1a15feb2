"""Which records a query need look at: the narrowest index that its conditions allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.salesforce.rules.catalogue import ENTITIES
from simulators.salesforce.rules.conditions import operand, resolve
from simulators.salesforce.rules.schema import Entity, Field
from simulators.salesforce.rules.soql import Comparison, Condition, Logic, Value
from simulators.salesforce.rules.store import Record, Shelf, Store

# Given the store and the values of the marks: candidates; the WHERE clause is still to be tested.
# None of them is found twice; deleted ones may be among them.
Access = Callable[[Store, Sequence[Any]], Iterable[Record]]

_FIRST, _LAST = "0000", "9999~"
_TIMES = ("SystemModstamp", "LastModifiedDate")  # one index serves both: they never differ here


@dataclass(frozen=True, slots=True)
class _Way:
    """One index that could serve. size: about how many candidates it would give."""

    look: Access
    size: Callable[[Store, Sequence[Any]], int]


def access(entity: Entity, where: Condition | None) -> Access:
    """The way in: by id, by an indexed value, by a parent's indexed value, by time, or all."""
    parts = [part for part in _conjuncts(where) if isinstance(part, Comparison)]
    ways = [way for part in parts if (way := _way(entity, part)) is not None]
    ranges = [part for part in parts if _is_range(entity, part)]
    if ranges:
        ways.append(_by_stamp(entity, ranges))
    if not ways:
        return lambda store, _: store.shelves[entity.name].records.values()
    if len(ways) == 1:
        return ways[0].look

    def narrowest(store: Store, marks: Sequence[Any]) -> Iterable[Record]:
        return min(ways, key=lambda way: way.size(store, marks)).look(store, marks)

    return narrowest


def _conjuncts(where: Condition | None) -> tuple[Condition, ...]:
    if isinstance(where, Logic) and where.operator == "and":
        return tuple(one for part in where.parts for one in _conjuncts(part))
    return (where,) if where is not None else ()


def _is_range(entity: Entity, part: Comparison) -> bool:
    path = resolve(entity, part.path)
    return (
        not path.steps
        and path.field.name in _TIMES
        and part.operator in ("=", "<", "<=", ">", ">=")
        and part.values[0].mark >= 0
    )


def _way(entity: Entity, part: Comparison) -> _Way | None:
    """The index for one equality, if there is one."""
    if part.operator not in ("=", "in"):
        return None
    path = resolve(entity, part.path)
    if not path.steps:
        if path.field.name == "Id":
            return _by_id(entity, part.values)
        return _by_value(entity, path.field, part.values) if path.field in entity.indexed else None
    way, parent = path.steps[0], ENTITIES[path.steps[0].refers]
    nulls = any(value.mark < 0 for value in part.values)
    if len(path.steps) > 1 or nulls or way not in entity.indexed or path.field not in parent.indexed:
        return None
    return _by_parent(entity, way, parent, path.field, part.values)


def _wanted(field: Field, values: tuple[Value, ...], marks: Sequence[Any]) -> Iterable[Any]:
    """Each operand once, in order."""
    return dict.fromkeys(operand(field, value, marks) for value in values)


def _by_id(entity: Entity, values: tuple[Value, ...]) -> _Way:
    field = entity.fields["Id"]

    def look(store: Store, marks: Sequence[Any]) -> Iterable[Record]:
        records = store.shelves[entity.name].records
        return [records[key] for key in _wanted(field, values, marks) if key in records]

    return _Way(look, lambda _, __: len(values))


def _with_deleted(shelf: Shelf, records: list[Record]) -> list[Record]:
    """The equality indexes hold live records only; queryAll must see the others too."""
    return records + list(shelf.deleted.values()) if shelf.deleted else records


def _by_value(entity: Entity, field: Field, values: tuple[Value, ...]) -> _Way:
    def look(store: Store, marks: Sequence[Any]) -> Iterable[Record]:
        shelf = store.shelves[entity.name]
        wanted = _wanted(field, values, marks)
        return _with_deleted(shelf, [r for value in wanted for r in shelf.with_value(field.name, value)])

    def size(store: Store, marks: Sequence[Any]) -> int:
        shelf = store.shelves[entity.name]
        return sum(shelf.count_with(field.name, value) for value in _wanted(field, values, marks))

    return _Way(look, size)


def _by_parent(entity: Entity, way: Field, parent: Entity, field: Field, values: tuple[Value, ...]) -> _Way:
    def above(store: Store, marks: Sequence[Any]) -> list[Record]:
        shelf = store.shelves[parent.name]
        return [r for value in _wanted(field, values, marks) for r in shelf.with_value(field.name, value)]

    def look(store: Store, marks: Sequence[Any]) -> Iterable[Record]:
        shelf = store.shelves[entity.name]
        found = [r for each in above(store, marks) for r in shelf.with_value(way.name, each.id)]
        return _with_deleted(shelf, found)

    def size(store: Store, marks: Sequence[Any]) -> int:
        shelf = store.shelves[entity.name]
        return sum(shelf.count_with(way.name, each.id) for each in above(store, marks))

    return _Way(look, size)


def _by_stamp(entity: Entity, ranges: list[Comparison]) -> _Way:
    field = entity.fields["SystemModstamp"]

    def bounds(marks: Sequence[Any]) -> tuple[str, str]:
        low, high = _FIRST, _LAST
        for part in ranges:
            bound = operand(field, part.values[0], marks)
            if part.operator in ("=", ">", ">="):
                low = max(low, bound)
            if part.operator in ("=", "<", "<="):
                high = min(high, bound)
        return low, high

    return _Way(
        lambda store, marks: store.shelves[entity.name].stamped(*bounds(marks)),
        lambda store, marks: store.shelves[entity.name].count_stamped(*bounds(marks)),
    )
