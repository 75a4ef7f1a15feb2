"""Which records a query need look at: the narrowest index that its conditions allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.conditions import operand
from simulators.salesforce.rules.paths import Scope, resolve
from simulators.salesforce.rules.query import Comparison, Condition, Logic, Semi, Value
from simulators.salesforce.rules.schema import Entity, Field
from simulators.salesforce.rules.store import Record, Shelf

# Given a run of the query: candidates; the WHERE clause is still to be tested.
# None of them is found twice; deleted ones may be among them.
Access = Callable[[Scope], Iterable[Record]]
# Given a run of the query: the values that a subquery finds.
Members = Callable[[Scope], frozenset[Any]]

_FIRST, _LAST = "0000", "9999~"
_TIMES = ("SystemModstamp", "LastModifiedDate")  # one index serves both: they never differ here


@dataclass(frozen=True, slots=True)
class _Way:
    """One index that could serve. size: about how many candidates it would give."""

    look: Access
    size: Callable[[Scope], int]


class Ways:
    """Finds the way in for one query. members: how the subquery of a Semi is run."""

    def __init__(
        self, catalogue: Catalogue, entity: Entity, alias: str, members: Callable[[Semi], Members | None]
    ) -> None:
        self._catalogue, self._entity, self._alias, self._members = catalogue, entity, alias, members

    def access(self, where: Condition | None) -> Access | None:
        """By id, by an indexed value, by a parent's indexed value, by time; None: look at all."""
        parts = _conjuncts(where)
        ways = [way for part in parts if (way := self._way(part)) is not None]
        ranges = [part for part in parts if isinstance(part, Comparison) and self._is_range(part)]
        if ranges:
            ways.append(_by_stamp(self._entity, ranges))
        if not ways:
            return self._in_order(parts)
        if len(ways) == 1:
            return ways[0].look
        return lambda scope: min(ways, key=lambda way: way.size(scope)).look(scope)

    def _in_order(self, parts: tuple[Condition, ...]) -> Access | None:
        """A stretch of ids, in order: see InOrder."""
        found = [
            part for part in parts
            if isinstance(part, Comparison) and part.operand in ("Id", "id", "ID")
            and part.operator in ("<", "<=", ">", ">=")
        ]  # fmt: skip
        return InOrder(self._entity, tuple(found)) if found else None

    def _is_range(self, part: Comparison) -> bool:
        if not isinstance(part.operand, str):
            return False
        path = resolve(self._catalogue, self._entity, part.operand, self._alias)
        return (
            not path.steps
            and path.field.name in _TIMES
            and part.operator in ("=", "<", "<=", ">", ">=")
            and part.values[0].kind == "t"
        )

    def _way(self, part: Condition) -> _Way | None:
        """The index for one equality or one membership, if there is one."""
        if isinstance(part, Logic) or not isinstance(part.operand, str):
            return None
        entity = self._entity
        path = resolve(self._catalogue, entity, part.operand, self._alias)
        if isinstance(part, Semi):
            members = None if part.negated or path.steps else self._members(part)
            if members is None:
                return None
            if path.field.name == "Id":
                return _by_ids(entity, members)
            return _by_members(entity, path.field, members) if path.field in entity.indexed else None
        if part.operator not in ("=", "in") or any(value.kind == "r" for value in part.values):
            return None
        if not path.steps:
            if path.field.name == "Id":
                return _by_id(entity, part.values)
            return _by_value(entity, path.field, part.values) if path.field in entity.indexed else None
        way = path.steps[0]
        nulls = any(value.mark < 0 for value in part.values)
        if len(path.steps) > 1 or nulls or way.also or way not in entity.indexed:
            return None
        parent = self._catalogue.entities[way.refers]
        if path.field not in parent.indexed:
            return None
        return _by_parent(entity, way, parent, path.field, part.values)


@dataclass(frozen=True, slots=True)
class InOrder:
    """Candidates by a stretch of ids, in the order of their creation: a LIMIT may end the search."""

    entity: Entity
    parts: tuple[Comparison, ...]

    def __call__(self, scope: Scope) -> Iterable[Record]:
        low, high = "", "~"
        field = self.entity.fields["Id"]
        for part in self.parts:
            bound = operand(field, part.values[0], scope)
            if part.operator in (">", ">="):
                low = max(low, bound)
            else:
                high = min(high, bound)
        return scope.store.shelves[self.entity.name].between(low, high)


def _conjuncts(where: Condition | None) -> tuple[Condition, ...]:
    if isinstance(where, Logic) and where.operator == "and":
        return tuple(one for part in where.parts for one in _conjuncts(part))
    return (where,) if where is not None else ()


def _wanted(field: Field, values: tuple[Value, ...], scope: Scope) -> Iterable[Any]:
    """Each operand once, in order."""
    return dict.fromkeys(operand(field, value, scope) for value in values)


def _by_id(entity: Entity, values: tuple[Value, ...]) -> _Way:
    field = entity.fields["Id"]

    def look(scope: Scope) -> Iterable[Record]:
        records = scope.store.shelves[entity.name].records
        return [records[key] for key in _wanted(field, values, scope) if key in records]

    return _Way(look, lambda _: len(values))


def _by_ids(entity: Entity, members: Members) -> _Way:
    def look(scope: Scope) -> Iterable[Record]:
        records = scope.store.shelves[entity.name].records
        return [records[key] for key in sorted(filter(None, members(scope))) if key in records]

    return _Way(look, lambda scope: len(members(scope)))


def _by_members(entity: Entity, field: Field, members: Members) -> _Way:
    def look(scope: Scope) -> Iterable[Record]:
        shelf = scope.store.shelves[entity.name]
        wanted = sorted(filter(None, members(scope)))
        return _with_deleted(shelf, [r for value in wanted for r in shelf.with_value(field.name, value)])

    def size(scope: Scope) -> int:
        shelf = scope.store.shelves[entity.name]
        return sum(shelf.count_with(field.name, value) for value in members(scope) if value)

    return _Way(look, size)


def _with_deleted(shelf: Shelf, records: list[Record]) -> list[Record]:
    """The equality indexes hold live records only; queryAll must see the others too."""
    return records + list(shelf.deleted.values()) if shelf.deleted else records


def _by_value(entity: Entity, field: Field, values: tuple[Value, ...]) -> _Way:
    def look(scope: Scope) -> Iterable[Record]:
        shelf = scope.store.shelves[entity.name]
        wanted = _wanted(field, values, scope)
        return _with_deleted(shelf, [r for value in wanted for r in shelf.with_value(field.name, value)])

    def size(scope: Scope) -> int:
        shelf = scope.store.shelves[entity.name]
        return sum(shelf.count_with(field.name, value) for value in _wanted(field, values, scope))

    return _Way(look, size)


def _by_parent(entity: Entity, way: Field, parent: Entity, field: Field, values: tuple[Value, ...]) -> _Way:
    def above(scope: Scope) -> list[Record]:
        shelf = scope.store.shelves[parent.name]
        return [r for value in _wanted(field, values, scope) for r in shelf.with_value(field.name, value)]

    def look(scope: Scope) -> Iterable[Record]:
        shelf = scope.store.shelves[entity.name]
        found = [r for each in above(scope) for r in shelf.with_value(way.name, each.id)]
        return _with_deleted(shelf, found)

    def size(scope: Scope) -> int:
        shelf = scope.store.shelves[entity.name]
        return sum(shelf.count_with(way.name, each.id) for each in above(scope))

    return _Way(look, size)


def _by_stamp(entity: Entity, ranges: list[Comparison]) -> _Way:
    field = entity.fields["SystemModstamp"]

    def bounds(scope: Scope) -> tuple[str, str]:
        low, high = _FIRST, _LAST
        for part in ranges:
            bound = operand(field, part.values[0], scope)
            if part.operator in ("=", ">", ">="):
                low = max(low, bound)
            if part.operator in ("=", "<", "<="):
                high = min(high, bound)
        return low, high

    return _Way(
        lambda scope: scope.store.shelves[entity.name].stamped(*bounds(scope)),
        lambda scope: scope.store.shelves[entity.name].count_stamped(*bounds(scope)),
    )
