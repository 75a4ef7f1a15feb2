"""Schema changes that can be armed on a mock: what changed, of which record or operation, and what it met."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from simulators.kit.asked import Wish, text
from simulators.kit.table import Route

# A call that carries this header comes from the vendor's own screens, which change with the schema.
SETTLED = "x-tieout-schema"
_FIELD = re.compile(r"[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$-]*){0,5}")


class Kind(StrEnum):
    """What became of a field."""

    RENAMED = "renamed"
    REMOVED = "removed"
    MANDATORY = "mandatory"
    EXTENDED = "extended"
    RETYPED = "retyped"
    ADDED = "added"


KINDS = {
    Kind.RENAMED: "in answers it has another name (`to`), in requests and queries the old one is unknown",
    Kind.REMOVED: "answers lack it, in requests and queries it is unknown",
    Kind.MANDATORY: "POST and PUT are refused without it, in the vendor's words",
    Kind.EXTENDED: "answers give it a value (`to`) that was none of the enumeration",
    Kind.RETYPED: "in answers a number is written as a text, and a text of digits as a number",
    Kind.ADDED: "answers carry it, with the value `to`",
}
_NEEDS_TO = (Kind.RENAMED, Kind.EXTENDED)


@dataclass(frozen=True, slots=True)
class Change:
    """record: what it happened to: a word of the path, a record type, an operation, a table of a query; "*"
    for all. field: a member by name, or by the last names of its path, as in "currency.id"; lists have no
    name. to: the new name, or the value."""

    kind: Kind
    record: str
    field: str
    to: str = ""

    def __post_init__(self) -> None:
        if not _FIELD.fullmatch(self.field):
            raise ValueError(f"field: {self.field!r} must be a name, or names with points between them")
        if self.kind is Kind.RENAMED and not _FIELD.fullmatch(self.to):
            raise ValueError(f"to: {self.to!r} must be the new name of the field")
        if self.kind in _NEEDS_TO and not self.to:
            raise ValueError(f"to: is missing; a field that is {self.kind} needs it")
        if self.kind is Kind.RENAMED and self.to == self.leaf:
            raise ValueError(f"to: {self.to!r} is the name that the field has")

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the field's path."""
        return tuple(self.field.split("."))

    @property
    def leaf(self) -> str:
        """The field's own name."""
        return self.path[-1]

    def __str__(self) -> str:
        value = f"={self.to}" if self.to else ""
        return f"{self.record}.{self.field}:{self.kind}{value}"


@dataclass(slots=True)
class Schema:
    """The changes of one mock, in the order in which they came. met: calls that each one bit."""

    changes: list[Change] = field(default_factory=list)
    met: Counter[Change] = field(default_factory=Counter)

    def arm(self, change: Change) -> None:
        """From now on the vendor is so. ValueError where it is already."""
        if change in self.changes:
            raise ValueError(f"change: {change} is armed already")
        self.changes.append(change)

    def undo(self, change: Change) -> None:
        """As before; ValueError if there is no such change."""
        if change not in self.changes:
            there = ", ".join(map(str, self.changes)) or "none"
            raise ValueError(f"change: {change} is not armed; armed are: {there}")
        self.changes.remove(change)

    def clear(self) -> None:
        """As on the first day."""
        self.changes.clear()
        self.met.clear()

    def shown(self) -> list[dict[str, object]]:
        """As JSON."""
        return [
            {"kind": str(each.kind), "record": each.record, "field": each.field, "to": each.to,
             "change": str(each), "met": self.met[each]}
            for each in self.changes
        ]  # fmt: skip


def records_of(table: Iterable[Route], also: Collection[str]) -> tuple[str, ...]:
    """What a change may be about: operations, words of paths, and what the vendor names besides."""
    found = set(also)
    for route in table:
        found.add(route.operation)
        found.update(part for part in route.path.strip("/").split("/") if part and "{" not in part)
    return tuple(sorted(found))


def change_of(wish: Wish, vendor: str, records: Collection[str]) -> Change:
    """A change as asked for; ValueError names the member, its value, and what there is."""
    kinds = tuple(str(kind) for kind in Kind)
    named = text(wish, "kind")
    if named not in kinds:
        raise ValueError(f"kind: {named!r} is no schema change; one of: {', '.join(kinds)}")
    record = text(wish, "record", "*")
    known = {each.lower() for each in records}
    if record != "*" and record.lower() not in known:
        near = get_close_matches(record, records, 5) or list(records)[:12]
        raise ValueError(f"record: {record!r} is none of {vendor}'s, such as: {', '.join(near)}")
    return Change(Kind(named), record, text(wish, "field"), text(wish, "to", ""))
