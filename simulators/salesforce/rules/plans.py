"""A query compiled once for its shape: what to read, how to test, order and cut it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from simulators.salesforce.rules.access import Access, InOrder, Ways
from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.conditions import Bind, condition
from simulators.salesforce.rules.grouping import Group, Grouping, Key, grouping
from simulators.salesforce.rules.paths import ById, Scope, scalar
from simulators.salesforce.rules.query import Named, Query, Semi, Sort
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import ID_TYPES, TEXT_TYPES, Entity, Field
from simulators.salesforce.rules.selection import Selection, selection
from simulators.salesforce.rules.soql import parsed
from simulators.salesforce.rules.store import Record

OFFSET_LIMIT = 2000
_PLANS = 2048  # kept a catalogue
_FIELDS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query. child: the reference field by which a subquery's rows belong to a parent;
    wide: FIELDS(ALL) or FIELDS(CUSTOM), which need a limit; by_id: in no order, or in that of ids, which
    is that of creation; access: None to look at all."""

    entity: Entity
    selection: Selection | None
    grouping: Grouping | None
    access: Access | None
    where: Bind | None
    order: tuple[Key, ...]
    limit: int
    offset: int
    child: str = ""
    wide: bool = False
    by_id: bool = False

    def run(self, scope: Scope) -> list[Record]:
        """The records found; those in the recycle bin too if the scope says so."""
        if self.wide and not 0 <= self._bound(self.limit, scope, -1) <= _FIELDS_LIMIT:
            said = f"The SOQL FIELDS function must have a LIMIT of at most {_FIELDS_LIMIT}"
            raise Refused("MALFORMED_QUERY", said)
        start, most = self._cut(scope)
        every = self._candidates(scope)
        if self.by_id and isinstance(self.access, InOrder | None):
            # They lie in the order of their creation: stop where the limit is met.
            return list(islice(self._tested(every, scope), start, None if most is None else start + most))
        return self._ordered(self._tested(every, scope), scope, start, most)

    def run_below(self, scope: Scope, parent: Record) -> list[Record]:
        """A subquery's records under one parent."""
        found = scope.store.shelves[self.entity.name].with_value(self.child, parent.id)
        return self._ordered(self._tested(found, scope), scope, *self._cut(scope))

    def rows(self, scope: Scope) -> list[dict[str, Any]]:
        """The rows of an aggregate query."""
        assert self.grouping is not None
        found = self._tested(self._candidates(scope), scope)
        by_id = scope.store.by_id
        groups: list[Group] = self.grouping.groups(found, scope)
        for key in reversed(self.grouping.order):
            groups = _sorted(groups, key, by_id)
        start, most = self._cut(scope)
        cut = groups[start : None if most is None else start + most]
        return [self.grouping.row(group, by_id) for group in cut]

    def _candidates(self, scope: Scope) -> Iterable[Record]:
        if self.access is not None:
            return self.access(scope)
        return scope.store.shelves[self.entity.name].records.values()

    def _tested(self, candidates: Iterable[Record], scope: Scope) -> Iterable[Record]:
        deleted = scope.deleted
        if self.where is None:
            return (r for r in candidates if deleted or not r.deleted)
        test = self.where(scope)
        return (r for r in candidates if (deleted or not r.deleted) and test(r))

    def _ordered(
        self, candidates: Iterable[Record], scope: Scope, start: int, most: int | None
    ) -> list[Record]:
        found = sorted(candidates, key=_sequence)
        for key in reversed(self.order):
            found = _sorted(found, key, scope.store.by_id)
        return found[start : None if most is None else start + most]

    def _cut(self, scope: Scope) -> tuple[int, int | None]:
        """(rows to pass over, rows to answer at most)."""
        start = self._bound(self.offset, scope, 0)
        if start > OFFSET_LIMIT:
            raise Refused("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {OFFSET_LIMIT}")
        most = self._bound(self.limit, scope, -1)
        return start, None if most < 0 else most

    @staticmethod
    def _bound(mark: int, scope: Scope, absent: int) -> int:
        if mark < 0:
            return absent
        bound = scope.marks[mark]
        if bound != int(bound) or bound < 0:
            raise Refused("MALFORMED_QUERY", f"unexpected token: '{bound}'")
        return int(bound)


def _in_order_of_ids(order: tuple[Sort, ...]) -> bool:
    if not order:
        return True
    first = order[0]
    return isinstance(first.operand, str) and first.operand.lower() == "id" and not first.descending


def _sequence(record: Record) -> int:
    return record.sequence


def _sorted(found: list[Any], key: Key, by_id: ById) -> list[Any]:
    """Nulls come first unless told otherwise, whichever the direction."""
    nulls: list[Any] = []
    rest: list[tuple[Any, Any]] = []
    for each in found:
        value = key.get(each, by_id)
        if value is None:
            nulls.append(each)
        else:
            rest.append((value.lower() if key.folded else value, each))
    rest.sort(key=lambda line: line[0], reverse=key.descending)
    records = [each for _, each in rest]
    return records + nulls if key.nulls_last else nulls + records


def compiled(catalogue: Catalogue, shape: str) -> Plan:
    """The plan of a query's shape; INVALID_TYPE, INVALID_FIELD where it names what does not exist."""
    plan: Plan | None = catalogue.plans.get(shape)
    if plan is None:
        if len(catalogue.plans) >= _PLANS:
            catalogue.plans.clear()
        plan = catalogue.plans[shape] = _top(catalogue, parsed(shape))
    return plan


def _top(catalogue: Catalogue, query: Query) -> Plan:
    source = query.source
    entity = catalogue.known(source)
    if entity is None:
        said = f"sObject type '{source}' is not supported. If you are attempting to use a custom "
        said += "object, be sure to append the '__c' after the entity name. Please reference your WSDL or "
        said += "the describe call for the appropriate names."
        raise Refused("INVALID_TYPE", said)
    return _Planner(catalogue).plan(entity, query, "")


@dataclass(slots=True)
class _Planner:
    catalogue: Catalogue
    depth: int = 0
    found: dict[int, Callable[[Scope], frozenset[Any]]] = field(default_factory=dict)

    def plan(self, entity: Entity, query: Query, child: str) -> Plan:
        """One query, or one subquery below a parent."""
        catalogue = self.catalogue
        groups = None if query.counts else grouping(catalogue, entity, query, self.inner)
        where = None
        access = None
        if query.where is not None:
            where = condition(
                query.where, lambda each: scalar(catalogue, entity, each, query.alias), self.inner
            )
            access = Ways(catalogue, entity, query.alias, self.members).access(query.where)
        chosen = None
        wide = False
        if groups is None and not query.counts:
            chosen, wide = selection(catalogue, entity, query, self.plan)
        order = () if groups is not None else tuple(self._key(entity, each, query) for each in query.order)
        return Plan(
            entity, chosen, groups, access, where, order, query.limit, query.offset, child, wide,
            _in_order_of_ids(query.order),
        )  # fmt: skip

    def _key(self, entity: Entity, sort: Sort, query: Query) -> Key:
        get, column = scalar(self.catalogue, entity, sort.operand, query.alias)
        if (column.type == "textarea" and column.length > 255) or column.type in ("multipicklist", "address"):
            said = f"field '{column.name}' can not be sorted in a query call"
            raise Refused("INVALID_FIELD", said)
        return Key(get, sort.descending, sort.nulls_last, column.type in TEXT_TYPES)

    def inner(self, node: Semi, column: Field) -> Callable[[Scope], frozenset[Any]]:
        """How a semi-join's subquery is run; it must select one id or reference."""
        query = node.query
        entity = self.catalogue.known(query.source)
        if entity is None:
            raise Refused("INVALID_TYPE", f"sObject type '{query.source}' is not supported.")
        if column.type not in ID_TYPES:
            said = "semi join sub-selects can only be compared with id or reference fields"
            raise Refused("INVALID_QUERY_FILTER_OPERATOR", said)  # unconfirmed: this code
        (item,) = query.select if len(query.select) == 1 else (None,)
        if not isinstance(item, Named):
            raise Refused("MALFORMED_QUERY", "semi join sub-selects must select exactly one field")
        get, inner = scalar(self.catalogue, entity, item.operand, query.alias)
        if inner.type not in ID_TYPES:
            said = f"field '{inner.name}' of the sub-select is neither an id nor a reference"
            raise Refused("MALFORMED_QUERY", said)
        plan = self.plan(entity, query, "")

        def members(scope: Scope) -> frozenset[Any]:
            known: frozenset[Any] | None = scope.memo.get(id(node))
            if known is None:
                within = Scope(scope.store, scope.marks, scope.now, False, scope.memo)
                found = plan.run(within)
                known = frozenset(get(record, scope.store.by_id) for record in found) - {None}
                scope.memo[id(node)] = known
            return known

        self.found[id(node)] = members
        return members

    def members(self, node: Semi) -> Callable[[Scope], frozenset[Any]] | None:
        """The same, already compiled."""
        return self.found.get(id(node))
