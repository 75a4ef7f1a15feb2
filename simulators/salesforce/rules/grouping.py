"""Aggregate queries: groups of records, functions over them, rows of type AggregateResult."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.conditions import Bind, Inner, condition
from simulators.salesforce.rules.localized import localized
from simulators.salesforce.rules.paths import ById, Get, Scope, is_aggregate, scalar
from simulators.salesforce.rules.query import Func, Named, Operand, Query
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import NUMBER_TYPES, TEXT_TYPES, Entity, Field
from simulators.salesforce.rules.store import Record

_COUNT = Field("n", "int")
_SUBTOTALLED = 3  # fields that ROLLUP and CUBE take
OWN_CURRENCY = "USD"  # the org's: what aggregates are told in
_MEAN = Decimal("0.000000001")


@dataclass(slots=True)
class Group:
    """Records of one combination of the grouped values; totalled: the keys that it is a subtotal over."""

    keys: tuple[Any, ...]
    records: list[Record]
    totalled: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key of rows or of groups."""

    get: Get
    descending: bool
    nulls_last: bool
    folded: bool


@dataclass(frozen=True, slots=True)
class Grouping:
    """A compiled aggregate query: how to group, what to show of a group, which groups to keep.

    totals: the sets of keys over which subtotals are made, the empty one (no subtotal) first."""

    keys: tuple[Get, ...]
    folds: tuple[bool, ...]
    columns: tuple[tuple[str, Get], ...]
    having: Bind | None
    order: tuple[Key, ...]
    totals: tuple[frozenset[int], ...]
    whole: bool

    def groups(self, found: Iterable[Record], scope: Scope) -> list[Group]:
        """The groups in the order in which they are first met."""
        by_id = scope.store.by_id
        out: dict[tuple[Any, ...], Group] = {}
        for record in found:
            keys = tuple(get(record, by_id) for get in self.keys)
            for totalled in self.totals:
                part = tuple(None if place in totalled else key for place, key in enumerate(keys))
                name = tuple(
                    each.lower() if fold and each is not None else each
                    for each, fold in zip(part, self.folds, strict=True)
                )
                out.setdefault((totalled, name), Group(part, [], totalled)).records.append(record)
        if self.whole and not out:
            out[()] = Group((), [])
        groups = list(out.values())
        if self.having is not None:
            test = self.having(scope)
            groups = [group for group in groups if test(group)]
        return groups

    def row(self, group: Group, by_id: ById) -> dict[str, Any]:
        """A group as it is answered."""
        shown = {name: get(group, by_id) for name, get in self.columns}
        return {"attributes": {"type": "AggregateResult"}, **shown}


def grouping(catalogue: Catalogue, entity: Entity, query: Query, inner: Inner) -> Grouping | None:
    """How an aggregate query works; None if it is none."""
    aggregates = any(isinstance(each, Named) and is_aggregate(each.operand) for each in query.select)
    if not query.group and not aggregates:
        if query.having is not None:
            raise Refused("MALFORMED_QUERY", "HAVING clause requires a GROUP BY clause")
        return None
    return _Grouper(catalogue, entity, query).compiled(inner)


class _Grouper:
    def __init__(self, catalogue: Catalogue, entity: Entity, query: Query) -> None:
        self._catalogue, self._entity, self._query = catalogue, entity, query
        group, way = query.group, ""
        clause = group[0] if len(group) == 1 else ""
        if isinstance(clause, Func) and clause.name in ("ROLLUP", "CUBE"):
            group, way = (clause.path, *clause.more), clause.name
            if len(group) > _SUBTOTALLED:
                said = f"{way} takes at most {_SUBTOTALLED} fields"  # unconfirmed: its wording
                raise Refused("MALFORMED_QUERY", said)
        self._group, self._totals = group, _totals(way, len(group))
        self._aliases: dict[str, Operand] = {}

    def compiled(self, inner: Inner) -> Grouping:
        keys = [self._scalar(each) for each in self._group]
        for _, field in keys:
            if field.type in ("address", "textarea"):
                said = f"field '{field.name}' can not be grouped in a query call"
                raise Refused("INVALID_FIELD", said)
        columns: list[tuple[str, Get]] = []
        unnamed = 0
        for item in self._query.select:
            if not isinstance(item, Named):
                raise Refused("MALFORMED_QUERY", "subqueries are not allowed in an aggregate query")
            name = item.alias
            if not name:
                if isinstance(item.operand, str):
                    name = self._scalar(item.operand)[1].name
                else:
                    name, unnamed = f"expr{unnamed}", unnamed + 1
            if any(name.lower() == other.lower() for other, _ in columns):
                raise Refused("MALFORMED_QUERY", f"duplicate alias: {name}")
            self._aliases[name.lower()] = item.operand
            columns.append((name, self.read(item.operand)[0]))
        having = self._query.having
        return Grouping(
            tuple(get for get, _ in keys), tuple(field.type in TEXT_TYPES for _, field in keys),
            tuple(columns), None if having is None else condition(having, self.read, inner),
            tuple(self._key(sort.operand, sort.descending, sort.nulls_last) for sort in self._query.order),
            self._totals, not self._group,
        )  # fmt: skip

    def _key(self, operand: Operand, descending: bool, nulls_last: bool) -> Key:
        get, field = self.read(operand)
        return Key(get, descending, nulls_last, field.type in TEXT_TYPES)

    def _scalar(self, operand: Operand) -> tuple[Get, Field]:
        return scalar(self._catalogue, self._entity, operand, self._query.alias)

    def read(self, operand: Operand) -> tuple[Get, Field]:
        """Reads a grouped value or an aggregate of a group."""
        if isinstance(operand, str) and "." not in operand:
            named = self._aliases.get(operand.lower())
            operand = named if isinstance(named, Func) else operand
        if isinstance(operand, Func) and is_aggregate(operand):
            return self._aggregate(operand)
        if isinstance(operand, Func) and operand.name == "GROUPING":
            return self._is_total(operand)
        for place, each in enumerate(self._group):
            if each == operand or _same(each, operand):
                return _at(place), self._scalar(each)[1]
        name = operand if isinstance(operand, str) else operand.name
        self._scalar(operand)
        raise Refused("MALFORMED_QUERY", f"Field must be grouped or aggregated: {name}")

    def _is_total(self, func: Func) -> tuple[Get, Field]:
        """1 in a subtotal over the field, 0 elsewhere."""
        for place, each in enumerate(self._group):
            if _same(each, func.path):
                return _totalled(place), _COUNT
        raise Refused("MALFORMED_QUERY", f"Field must be grouped: {func.path}")

    def _aggregate(self, func: Func) -> tuple[Get, Field]:
        if func.name == "FORMAT":
            read, shown = self._aggregate(func.more[0]) if isinstance(func.more[0], Func) else (None, None)
            if read is None or shown is None:
                raise Refused("MALFORMED_QUERY", "FORMAT takes one argument")
            return lambda group, by_id: localized(shown, read(group, by_id), OWN_CURRENCY), Field("n")
        if not func.path:
            return lambda group, _: len(group.records), _COUNT
        get, field = self._scalar(func.path)
        numeric = field.type in NUMBER_TYPES
        if (func.name in ("SUM", "AVG") and not numeric) or (
            func.name in ("MIN", "MAX") and field.type in ("boolean", "multipicklist")
        ):
            said = f"field {field.name} does not support aggregate operator {func.name}"
            raise Refused("MALFORMED_QUERY", said)
        work = _WORK[func.name]

        def value(group: Group, by_id: ById) -> Any:
            return work([v for r in group.records if (v := get(r, by_id)) is not None])

        kind = {"COUNT": _COUNT, "COUNT_DISTINCT": _COUNT, "AVG": Field("n", "double")}
        return value, kind.get(func.name, field)


def _totals(way: str, count: int) -> tuple[frozenset[int], ...]:
    """The sets of keys over which a clause makes subtotals; the empty one first."""
    places = range(count)
    if way == "ROLLUP":
        return tuple(frozenset(places[depth:]) for depth in range(count, -1, -1))
    if way == "CUBE":
        return tuple(frozenset(some) for size in range(count + 1) for some in combinations(places, size))
    return (frozenset(),)


def _same(one: Operand, other: Operand) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    if isinstance(one, Func) and isinstance(other, Func):
        return (one.name, one.path.lower()) == (other.name, other.path.lower())
    return False


def _at(place: int) -> Get:
    return lambda group, _: group.keys[place]


def _totalled(place: int) -> Get:
    return lambda group, _: int(place in group.totalled)


def _mean(values: list[Any]) -> Any:
    if not values:
        return None
    mean = (sum(values, Decimal(0)) / len(values)).quantize(_MEAN).normalize()
    return mean if mean != mean.to_integral_value() else mean.quantize(Decimal("0.1"))


def _distinct(values: list[Any]) -> int:
    return len({value.lower() if isinstance(value, str) else value for value in values})


_WORK: dict[str, Callable[[list[Any]], Any]] = {
    "COUNT": len,
    "COUNT_DISTINCT": _distinct,
    "SUM": lambda values: sum(values, Decimal(0)) if values else None,
    "AVG": _mean,
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
}
