"""Systems of record: which system owns a field, where it may be shown, and what that forbids."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_KNOWN = frozenset({"record", "asked", "copies"})


class BadOwnership(ValueError):
    """The table makes no sense; the text names the place, the value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Owned:
    """name: "customer.name"; record: its system of record; asked: the core asks that system to set it;
    copies: systems in which the core shows it."""

    name: str
    record: str
    asked: bool
    copies: tuple[str, ...]

    def may_be_written(self, system: str) -> bool:
        """Whether the core may write it there."""
        return system in self.copies or (self.asked and system == self.record)


@dataclass(frozen=True, slots=True)
class Ownership:
    """people: who answers for a system; fields: by their names."""

    people: Mapping[str, str]
    fields: Mapping[str, Owned]

    def field(self, name: str) -> Owned | None:
        """None for one that nobody has declared: it may not be written anywhere."""
        return self.fields.get(name)

    def owner(self, name: str) -> str:
        """Who is asked about a field; "controller" where nobody owns it."""
        found = self.fields.get(name)
        return self.people[found.record] if found else "controller"

    def shown(self, system: str) -> tuple[str, ...]:
        """Fields that another system owns and that this one shows."""
        return tuple(name for name, owned in self.fields.items() if system in owned.copies)


def read(text: str, source: str = "ownership") -> Ownership:
    """A table as ownership.toml has it. BadOwnership names object, field, value and remedy."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadOwnership(f"{source}: no TOML: {error}") from None
    people = plain.pop("systems", None)
    if not isinstance(people, dict) or not people or not all(isinstance(p, str) for p in people.values()):
        raise BadOwnership(f"{source}: [systems] must name each system with who answers for it")
    fields = {}
    for thing, own in plain.items():
        if not isinstance(own, dict) or not all(isinstance(value, dict) for value in own.values()):
            raise BadOwnership(f"{source}: {thing}: write each field as [{thing}.<field>]")
        for name, value in own.items():
            full = f"{thing}.{name}"
            fields[full] = _owned(f"{source}: {full}", full, value, people)
    if not fields:
        raise BadOwnership(f"{source}: no field is owned by anybody; write [<object>.<field>]")
    return Ownership(people, fields)


def _owned(place: str, name: str, value: Mapping[str, Any], people: Mapping[str, str]) -> Owned:
    if strange := sorted(value.keys() - _KNOWN):
        raise BadOwnership(f"{place}: {strange[0]}: unknown; there are {', '.join(sorted(_KNOWN))}")
    record, asked, copies = value.get("record"), value.get("asked", False), value.get("copies", [])
    if not isinstance(record, str) or record not in people:
        raise BadOwnership(f"{place}: record: {record!r}: one of {', '.join(people)}")
    if not isinstance(asked, bool):
        raise BadOwnership(f"{place}: asked: {asked!r}: true or false")
    if not isinstance(copies, list) or any(copy not in people for copy in copies):
        raise BadOwnership(f"{place}: copies: {copies!r}: a list out of {', '.join(people)}")
    if record in copies:
        raise BadOwnership(f"{place}: copies: {record}: is the system of record; leave it out")
    if len(set(copies)) < len(copies):
        raise BadOwnership(f"{place}: copies: {copies!r}: each system once")
    return Owned(name, record, asked, tuple(copies))


@cache
def standard() -> Ownership:
    """The table that comes with the core."""
    return read((files("core.governance") / "ownership.toml").read_text("utf-8"), "ownership.toml")
