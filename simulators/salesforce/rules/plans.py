"""A query compiled once for its shape: what to read, how to test, order and cut it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from simulators.salesforce.rules.access import Access, access
from simulators.salesforce.rules.catalogue import CHILDREN, ENTITIES, entity_known
from simulators.salesforce.rules.conditions import Bind, ById, Get, condition, getter, resolve
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import TEXT_TYPES, Entity
from simulators.salesforce.rules.soql import Query, Sort, parsed
from simulators.salesforce.rules.store import Record, Store

OFFSET_LIMIT = 2000


@dataclass(slots=True)
class Selection:
    """What of a record is shown, in the order of the query.

    cells: (name, None, None) a field; (way, reference field, Selection) a parent;
    (way, None, Plan) children.
    """

    type: str
    cells: list[tuple[str, str | None, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    get: Get
    descending: bool
    nulls_last: bool
    folded: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query. child: the reference field by which a subquery's rows belong to a parent."""

    entity: Entity
    selection: Selection | None
    access: Access
    where: Bind | None
    order: tuple[Order, ...]
    limit: int
    offset: int
    child: str = ""

    def run(self, store: Store, marks: Sequence[Any], *, deleted: bool = False) -> list[Record]:
        """The records found; `deleted`: those in the recycle bin too."""
        return self._select(self.access(store, marks), store.by_id, marks, deleted)

    def run_below(self, store: Store, marks: Sequence[Any], parent: Record) -> list[Record]:
        """A subquery's records under one parent."""
        found = store.shelves[self.entity.name].with_value(self.child, parent.id)
        return self._select(found, store.by_id, marks, False)

    def _select(self, candidates: Any, by_id: ById, marks: Sequence[Any], deleted: bool) -> list[Record]:
        if self.where is not None:
            test = self.where(marks, by_id)
            found = [r for r in candidates if (deleted or not r.deleted) and test(r)]
        else:
            found = [r for r in candidates if deleted or not r.deleted]
        found.sort(key=_sequence)
        for order in reversed(self.order):
            found = _sorted(found, order, by_id)
        start = self._bound(self.offset, marks, 0)
        if start > OFFSET_LIMIT:
            raise Refused("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {OFFSET_LIMIT}")
        if self.limit < 0 and not start:
            return found
        return found[start : start + self._bound(self.limit, marks, len(found))]

    @staticmethod
    def _bound(mark: int, marks: Sequence[Any], absent: int) -> int:
        if mark < 0:
            return absent
        bound = marks[mark]
        if bound != int(bound) or bound < 0:
            raise Refused("MALFORMED_QUERY", f"unexpected token: '{bound}'")
        return int(bound)


def _sequence(record: Record) -> int:
    return record.sequence


def _sorted(found: list[Record], order: Order, by_id: ById) -> list[Record]:
    """Nulls come first unless told otherwise, whichever the direction."""
    nulls: list[Record] = []
    rest: list[tuple[Any, Record]] = []
    for record in found:
        value = order.get(record, by_id)
        if value is None:
            nulls.append(record)
        else:
            rest.append((value.lower() if order.folded else value, record))
    rest.sort(key=lambda each: each[0], reverse=order.descending)
    records = [record for _, record in rest]
    return records + nulls if order.nulls_last else nulls + records


@lru_cache(maxsize=2048)
def compiled(shape: str) -> Plan:
    """The plan of a query's shape; INVALID_TYPE, INVALID_FIELD where it names what does not exist."""
    query = parsed(shape)
    entity = entity_known(query.source)
    if entity is None:
        said = f"sObject type '{query.source}' is not supported. If you are attempting to use a custom "
        said += "object, be sure to append the '__c' after the entity name."
        raise Refused("INVALID_TYPE", said)
    return _plan(entity, query, "")


def _plan(entity: Entity, query: Query, child: str) -> Plan:
    return Plan(
        entity,
        _selection(entity, query) if query.select else None,
        access(entity, query.where),
        condition(entity, query.where) if query.where is not None else None,
        tuple(_order(entity, each) for each in query.order),
        query.limit,
        query.offset,
        child,
    )


def _order(entity: Entity, sort: Sort) -> Order:
    path = resolve(entity, sort.path)
    folded = path.field.type in TEXT_TYPES
    return Order(getter(path), sort.descending, sort.nulls_last, folded)


def _selection(entity: Entity, query: Query) -> Selection:
    top = Selection(entity.name)
    for item in query.select:
        if isinstance(item, Query):
            way = CHILDREN[entity.name].get(item.source.lower())
            if way is None or not item.select:
                said = f"Didn't understand relationship '{item.source}' in FROM part of query call."
                raise Refused("INVALID_TYPE", said)
            top.cells.append((way.name, None, _plan(way.entity, item, way.field.name)))
            continue
        path, node = resolve(entity, item), top
        for step in path.steps:
            below = next((c[2] for c in node.cells if c[1] == step.name), None)
            if below is None:
                below = Selection(ENTITIES[step.refers].name)
                node.cells.append((step.relationship, step.name, below))
            node = below
        if any(cell == (path.field.name, None, None) for cell in node.cells):
            raise Refused("INVALID_FIELD", f"duplicate field selected: {path.field.name}")
        node.cells.append((path.field.name, None, None))
    return top
