"""A query as a value: what SOQL text says, before anything is known of the objects it names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: mark n of the text (kind s, n, d or t); null, true, false (kind ""); or a span of time
    (kind r: plain is its name, mark that of its number, -1 if it has none)."""

    kind: str
    mark: int = -1
    plain: bool | str | None = None


@dataclass(frozen=True, slots=True)
class Func:
    """A function of a path: COUNT, SUM, CALENDAR_YEAR, FIELDS, … `name` in upper case; path "" if it has
    none; `more`: further arguments (ROLLUP)."""

    name: str
    path: str = ""
    more: tuple[Operand, ...] = ()


Operand = str | Func


@dataclass(frozen=True, slots=True)
class Comparison:
    """operator: =, !=, <, <=, >, >=, like, in, not in, includes or excludes."""

    operand: Operand
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Semi:
    """A path that is (or is not) among what another query finds."""

    operand: Operand
    negated: bool
    query: Query


@dataclass(frozen=True, slots=True)
class Logic:
    """operator: and, or, not."""

    operator: str
    parts: tuple[Condition, ...]


Condition = Comparison | Semi | Logic


@dataclass(frozen=True, slots=True)
class Named:
    """Something selected, under another name if it has one."""

    operand: Operand
    alias: str = ""


@dataclass(frozen=True, slots=True)
class TypeOf:
    """Fields by the object at the other end of a reference. whens: (object, paths)."""

    way: str
    whens: tuple[tuple[str, tuple[str, ...]], ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    operand: Operand
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """select: what is asked for, in order. limit, offset: marks, -1 if absent."""

    select: tuple[Named | Query | TypeOf, ...]
    source: str
    alias: str
    where: Condition | None
    group: tuple[Operand, ...]
    having: Condition | None
    order: tuple[Sort, ...]
    limit: int
    offset: int

    @property
    def counts(self) -> bool:
        """Whether it is SELECT COUNT(), which answers a number and no rows."""
        return self.select == (Named(Func("COUNT")),)
