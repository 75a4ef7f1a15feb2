"""Field paths and functions of fields, resolved against the org's objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from simulators.salesforce.rules.catalogue import Catalogue
from simulators.salesforce.rules.localized import FORMATTED_TYPES, localized
from simulators.salesforce.rules.query import Func, Operand
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field, entity, text
from simulators.salesforce.rules.store import Record, Store

ById = Mapping[str, Record]
Get = Callable[[Any, ById], Any]


@dataclass(slots=True)
class Scope:
    """What one run of a query sees. marks: the values of its literals; now: microseconds; deleted:
    whether the recycle bin is looked into; memo: what subqueries found, by their node."""

    store: Store
    marks: Sequence[Any]
    now: int
    deleted: bool = False
    memo: dict[int, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Path:
    """A resolved field path: reference fields to follow, then a field."""

    steps: tuple[Field, ...]
    field: Field


# What is known of a record at the other end of a reference that may lead to several objects.
NAME = entity("Name", "", text("Name"), text("Type"), text("FirstName"), text("LastName"), text("Email"),
              text("Phone"), text("Title"), text("Username"), writable=False)  # fmt: skip


def target(catalogue: Catalogue, way: Field) -> Entity:
    """The object at the other end of a reference."""
    return NAME if way.also else catalogue.entities[way.refers]


def resolve(catalogue: Catalogue, entity: Entity, path: str, alias: str = "") -> Path:
    """The path from `entity`; INVALID_FIELD if it leads nowhere."""
    *ways, last = path.split(".")
    if ways and ways[0].lower() in (entity.name.lower(), alias.lower()):
        ways = ways[1:]  # the object's own name, or its alias, may stand before its field
    if len(ways) > 5:
        raise Refused("INVALID_FIELD", "SOQL relationships can be traversed at most 5 levels up")
    steps: list[Field] = []
    for way in ways:
        step = entity.relationships.get(way.lower())
        if step is None:
            said = f"Didn't understand relationship '{way}' in field path. If you are attempting to use a "
            said += "custom relationship, be sure to append the '__r' after the custom relationship name. "
            said += "Please reference your WSDL or the describe call for the appropriate names."
            raise Refused("INVALID_FIELD", said)
        steps.append(step)
        entity = target(catalogue, step)
    found = entity.named.get(last.lower())
    if found is None:
        said = f"No such column '{last}' on entity '{entity.name}'. If you are attempting to use a custom "
        said += "field, be sure to append the '__c' after the custom field name. Please reference your WSDL "
        said += "or the describe call for the appropriate names."
        raise Refused("INVALID_FIELD", said)
    return Path(tuple(steps), found)


def value_of(record: Record, name: str) -> Any:
    """A value of a record; of one that was reached without knowing its object, as far as it has it."""
    if name == "Type" and "Type" not in record.entity.fields:
        return record.entity.name
    return record.values.get(name)


def getter(path: Path) -> Get:
    """Reads the path's value of a record; None where a reference on the way is empty."""
    name, steps = path.field.name, tuple(step.name for step in path.steps)
    if not steps:
        return lambda record, _: record.values[name]
    open_end = bool(path.steps[-1].also)

    def follow(record: Record, by_id: ById) -> Any:
        for step in steps:
            key = record.values[step]
            if key is None or key not in by_id:
                return None
            record = by_id[key]
        if open_end:
            return record.entity.name if name == "Type" else record.values.get(name)
        return record.values[name]

    return follow


def _week_in_year(day: date) -> int:
    return (day.timetuple().tm_yday - 1) // 7 + 1


_OF_DAY: dict[str, Callable[[date], int]] = {
    "CALENDAR_YEAR": lambda day: day.year, "FISCAL_YEAR": lambda day: day.year,
    "CALENDAR_QUARTER": lambda day: (day.month + 2) // 3, "FISCAL_QUARTER": lambda day: (day.month + 2) // 3,
    "CALENDAR_MONTH": lambda day: day.month, "FISCAL_MONTH": lambda day: day.month,
    "DAY_IN_MONTH": lambda day: day.day, "DAY_IN_WEEK": lambda day: day.isoweekday() % 7 + 1,
    "DAY_IN_YEAR": lambda day: day.timetuple().tm_yday, "WEEK_IN_YEAR": _week_in_year,
    "WEEK_IN_MONTH": lambda day: (day.day - 1) // 7 + 1,
}  # fmt: skip
_PLAIN = ("TOLABEL", "CONVERTCURRENCY")  # in a sandbox of one language, the value itself
_INT = Field("n", "int")


def scalar(catalogue: Catalogue, entity: Entity, operand: Operand, alias: str = "") -> tuple[Get, Field]:
    """Reads a path, or a function of one, of a record; the field tells the type of what is read."""
    if isinstance(operand, str):
        path = resolve(catalogue, entity, operand, alias)
        return getter(path), path.field
    name = operand.name
    if name not in _OF_DAY and name not in ("DAY_ONLY", "HOUR_IN_DAY", "FORMAT", *_PLAIN):
        raise Refused("MALFORMED_QUERY", f"unknown function or wrong place for it: {name}")
    path = resolve(catalogue, entity, operand.path, alias)
    get, column = getter(path), path.field
    if name in _PLAIN:
        return get, column
    if name == "FORMAT":
        return _formatted(catalogue, entity, operand, path, alias), replace(column, type="string")
    if column.type not in ("date", "datetime") or (name == "HOUR_IN_DAY" and column.type == "date"):
        raise Refused("MALFORMED_QUERY", f"field {column.name} does not support the function {name}")
    return _of_moment(name, get)


def _formatted(catalogue: Catalogue, entity: Entity, operand: Func, path: Path, alias: str) -> Get:
    """Reads a path as people see it; texts and flags are shown as they are."""
    get, column = getter(path), path.field
    if column.type not in FORMATTED_TYPES:
        return get
    money: Get = lambda *_: ""  # noqa: E731 - a reader like the others
    if column.type == "currency":
        way = operand.path.rpartition(".")[0]
        name = f"{way}.CurrencyIsoCode" if way else "CurrencyIsoCode"
        money = getter(resolve(catalogue, entity, name, alias))
    return lambda record, by_id: localized(column, get(record, by_id), money(record, by_id))


def _of_moment(name: str, get: Get) -> tuple[Get, Field]:
    if name == "DAY_ONLY":
        return lambda record, by_id: (get(record, by_id) or "")[:10] or None, Field("d", "date")

    def read(record: Any, by_id: ById) -> int | None:
        kept = get(record, by_id)
        if kept is None:
            return None
        if name == "HOUR_IN_DAY":
            return datetime.fromisoformat(kept).hour
        return _OF_DAY[name](date.fromisoformat(kept[:10]))

    return read, _INT


def is_aggregate(operand: object) -> bool:
    """COUNT, SUM and their like, and FORMAT of one."""
    if not isinstance(operand, Func):
        return False
    return operand.name in AGGREGATES or (operand.name == "FORMAT" and bool(operand.more))


AGGREGATES = ("COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX")
