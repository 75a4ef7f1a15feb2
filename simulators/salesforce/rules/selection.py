"""What of a record a query shows: fields, parents, children, fields by object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.paths import resolve, scalar, target
from simulators.salesforce.rules.query import Func, Named, Query, TypeOf
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field

# Compiles a subquery: (object of the children, the query, the field by which they belong to a parent).
Below = Callable[[Entity, Query, str], Any]


@dataclass(slots=True)
class Selection:
    """What of a record is shown, in the order of the query.

    cells: (name, None, None) a field; (way, reference field, Selection) a parent; (way, None, Plan)
    children; (name, "", function) something read of the record. type "": the record's own object.
    """

    type: str
    cells: list[tuple[str, str | None, Any]] = field(default_factory=list)
    cases: dict[str, Selection] = field(default_factory=dict)

    def of(self, kind: str) -> Selection:
        """What is shown of a record of that object."""
        return self.cases.get(kind, self)


_GROUPS = ("ALL", "STANDARD", "CUSTOM")


def selection(catalogue: Catalogue, entity: Entity, query: Query, below: Below) -> tuple[Selection, bool]:
    """(what is shown, whether it was asked for by FIELDS(ALL) or FIELDS(CUSTOM))."""
    top, wide = Selection(entity.name), False
    for item in query.select:
        if isinstance(item, Query):
            top.cells.append(_children(catalogue, entity, item, below))
        elif isinstance(item, TypeOf):
            top.cells.append(_by_type(catalogue, entity, item))
        elif isinstance(item.operand, Func) and item.operand.name == "FIELDS":
            which = item.operand.path.upper()
            if which not in _GROUPS:
                raise Refused("MALFORMED_QUERY", f"unexpected token: '{item.operand.path}'")
            wide = wide or which != "STANDARD"
            for each in entity.fields.values():
                if which == "ALL" or each.custom == (which == "CUSTOM"):
                    _add(top, each.name)
        else:
            _one(catalogue, entity, query, item, top)
    return top, wide


def _one(catalogue: Catalogue, entity: Entity, query: Query, item: Named, top: Selection) -> None:
    operand = item.operand
    if isinstance(operand, Func):
        get, column = scalar(catalogue, entity, operand, query.alias)
        top.cells.append((item.alias or column.name, "", get))
        return
    if item.alias:
        raise Refused("MALFORMED_QUERY", "only aggregate expressions use field aliasing")
    path, node = resolve(catalogue, entity, operand, query.alias), top
    for step in path.steps:
        way = next((cell[2] for cell in node.cells if cell[1] == step.name), None)
        if way is None:
            way = Selection("" if step.also else step.refers)
            node.cells.append((step.relationship, step.name, way))
        node = way
    _add(node, path.field.name)


def _add(node: Selection, name: str) -> None:
    if any(cell[0] == name and cell[1] is None for cell in node.cells):
        raise Refused("INVALID_FIELD", f"duplicate field selected: {name}")
    node.cells.append((name, None, None))


def _children(catalogue: Catalogue, entity: Entity, item: Query, below: Below) -> tuple[str, None, Any]:
    name = item.source.rpartition(".")[2]
    way = catalogue.children[entity.name].get(name.lower())
    if way is None or item.counts:
        said = f"Didn't understand relationship '{name}' in FROM part of query call. If you are attempting "
        said += "to use a custom relationship, be sure to append the '__r' after the custom relationship "
        said += "name. Please reference your WSDL or the describe call for the appropriate names."
        raise Refused("INVALID_TYPE", said)
    return way.name, None, below(way.entity, item, way.field.name)


def _by_type(catalogue: Catalogue, entity: Entity, item: TypeOf) -> tuple[str, str, Selection]:
    way = entity.relationships.get(item.way.lower())
    if way is None:
        raise Refused("INVALID_FIELD", f"Didn't understand relationship '{item.way}' in field path.")
    if not way.also:
        raise Refused("MALFORMED_QUERY", f"TYPEOF: '{item.way}' is not a polymorphic relationship")
    out = _fields(catalogue, target(catalogue, way), item.other, way)
    out.type = ""
    for kind, names in item.whens:
        found = catalogue.known(kind)
        if found is None or found.name not in way.targets:
            raise Refused("INVALID_TYPE", f"sObject type '{kind}' is not supported.")
        out.cases[found.name] = _fields(catalogue, found, names, way)
    return way.relationship, way.name, out


def _fields(catalogue: Catalogue, entity: Entity, names: tuple[str, ...], _: Field) -> Selection:
    out = Selection(entity.name)
    for name in names:
        _add(out, resolve(catalogue, entity, name).field.name)
    return out
