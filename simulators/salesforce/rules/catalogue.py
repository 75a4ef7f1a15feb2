"""An org's objects by name, by key prefix, and the ways from parents to children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulators.salesforce.rules.commerce import COMMERCE
from simulators.salesforce.rules.custom import CUSTOM
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field
from simulators.salesforce.rules.setups import SETUPS
from simulators.salesforce.rules.standard import STANDARD

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Children:
    """The way from a parent to its children."""

    name: str
    entity: Entity
    field: Field


# What every org has.
OBJECTS = (*STANDARD, *COMMERCE, *CUSTOM, *SETUPS)


class Catalogue:
    """One an org, which may add to it. changed_at: when it last did, in microseconds, 0 for never.

    plans: compiled queries by shape, forgotten at any change and left out of a snapshot."""

    def __init__(self) -> None:
        self.entities = {e.name: e.copy() for e in OBJECTS}
        self.plans: dict[str, Any] = {}
        self.changed_at = 0
        self._work_out()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "plans": {}}

    def _work_out(self) -> None:
        self.plans.clear()
        self._named = {e.name.lower(): e for e in self.entities.values()}
        self.prefixes = {e.prefix: e for e in self.entities.values()}
        self.children: dict[str, dict[str, Children]] = {name: {} for name in self.entities}
        for entity in self.entities.values():
            for field in entity.fields.values():
                for target in field.targets if field.child else ():
                    self.children[target][field.child.lower()] = Children(field.child, entity, field)

    def known(self, name: str) -> Entity | None:
        """The object of that API name (in any case), or None."""
        return self.entities.get(name) or self._named.get(name.lower())

    def entity(self, name: str) -> Entity:
        """The object of that API name (in any case); NOT_FOUND if there is none."""
        found = self.known(name)
        if found is None:
            raise Refused("NOT_FOUND", "The requested resource does not exist")
        return found

    def field_of(self, name: str) -> tuple[Entity, Field]:
        """Object and field of `Object.Field`; INVALID_FIELD if there is none."""
        kind, _, column = name.partition(".")
        found = self.known(kind)
        field = found.named.get(column.lower()) if found else None
        if found is None or field is None:
            raise Refused("INVALID_FIELD", f"there is no field {name}")
        return found, field

    def add_field(self, entity: Entity, field: Field, now: int) -> None:
        """A column more."""
        entity.add(field)
        self._changed(now)

    def drop_field(self, entity: Entity, name: str, now: int) -> None:
        """A column less."""
        entity.drop(name)
        self._changed(now)

    def add_entity(self, entity: Entity, now: int) -> None:
        """An object more."""
        self.entities[entity.name] = entity
        self._changed(now)

    def _changed(self, now: int) -> None:
        self.changed_at = now
        self._work_out()

    def free_prefix(self) -> str:
        """A key prefix for a custom object: a00, a01, …, those in use left out."""
        for count in range(62 * 62):
            prefix = f"a{_DIGITS[count // 62]}{_DIGITS[count % 62]}"
            if prefix not in self.prefixes:
                return prefix
        raise Refused("LIMIT_EXCEEDED", "no more custom objects")


def external_field(entity: Entity, name: str) -> Field:
    """The external-id field of that name; NOT_FOUND if the object has no such key."""
    field = entity.named.get(name.lower())
    if field is None or not (field.external or field.name == "Id"):
        said = f"Provided external ID field does not exist or is not accessible: {name}"
        raise Refused("NOT_FOUND", said)
    return field
