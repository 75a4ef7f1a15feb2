"""All objects by name, by key prefix, and the ways from parents to children."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.salesforce.rules.custom import CUSTOM
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field
from simulators.salesforce.rules.standard import STANDARD


@dataclass(frozen=True, slots=True)
class Children:
    """The way from a parent to its children."""

    name: str
    entity: Entity
    field: Field


ENTITIES: dict[str, Entity] = {e.name: e for e in (*STANDARD, *CUSTOM)}
_NAMED = {e.name.lower(): e for e in ENTITIES.values()}
PREFIXES: dict[str, Entity] = {e.prefix: e for e in ENTITIES.values()}


def _children() -> dict[str, dict[str, Children]]:
    found: dict[str, dict[str, Children]] = {name: {} for name in ENTITIES}
    for entity in ENTITIES.values():
        for field in entity.fields.values():
            if field.child:
                found[field.refers][field.child.lower()] = Children(field.child, entity, field)
    return found


CHILDREN = _children()


def entity_named(name: str) -> Entity:
    """The object of that API name (in any case); NOT_FOUND if there is none."""
    found = ENTITIES.get(name) or _NAMED.get(name.lower())
    if found is None:
        raise Refused("NOT_FOUND", "The requested resource does not exist")
    return found


def entity_known(name: str) -> Entity | None:
    """The object of that API name (in any case), or None."""
    return _NAMED.get(name.lower())


def external_field(entity: Entity, name: str) -> Field:
    """The external-id field of that name; NOT_FOUND if the object has no such key."""
    field = entity.named.get(name.lower())
    if field is None or not (field.external or field.name == "Id"):
        said = f"Provided external ID field does not exist or is not accessible: {name}"
        raise Refused("NOT_FOUND", said)
    return field
