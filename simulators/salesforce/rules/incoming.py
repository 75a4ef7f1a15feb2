"""What a caller writes, field by field, brought into the form in which it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulators.salesforce.rules.records import Records
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity, Field
from simulators.salesforce.rules.values import kept


def incoming(records: Records, entity: Entity, body: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    """Kept values of a written body; Refused names the first field that cannot be."""
    new: dict[str, Any] = {}
    for name, value in body.items():
        if name == "attributes":
            continue
        field = entity.fields.get(name) or entity.named.get(name.lower())
        if field is None:
            way = entity.relationships.get(name.lower())
            if way is None or not isinstance(value, Mapping | None):
                raise Refused("INVALID_FIELD", f"No such column '{name}' on sobject of type {entity.name}")
            _may_write(way, creating)
            new[way.name] = None if value is None else _by_foreign_key(records, way, value)
            continue
        _may_write(field, creating)
        blank = value == "" and field.type != "boolean"
        plain = kept(entity, field, None if blank else value)
        if field.refers and isinstance(plain, str):
            plain = records.referred(field, plain).id
        new[field.name] = plain
    return new


def _may_write(field: Field, creating: bool) -> None:
    if creating and field.name == "Id":
        said = "cannot specify Id in an insert call"
        raise Refused("INVALID_FIELD_FOR_INSERT_UPDATE", said, ("Id",))
    if not (field.createable if creating else field.updateable):
        said = (
            f"Unable to create/update fields: {field.name}. Please check the security settings of this "
            "field and verify that it is read/write for your profile or permission set."
        )
        raise Refused("INVALID_FIELD_FOR_INSERT_UPDATE", said, (field.name,))


def _by_foreign_key(records: Records, way: Field, value: Mapping[str, Any]) -> str:
    """A parent named by one of its own external ids: {"Account": {"External_Id__c": "A-1"}}."""
    target = records.catalogue.entities[way.refers]
    keys = {name: text for name, text in value.items() if name != "attributes"}
    if len(keys) != 1:
        said = f"{way.relationship}: exactly one foreign key field must be specified"
        raise Refused("INVALID_FIELD", said, (way.name,))
    ((name, text),) = keys.items()
    field = target.named.get(name.lower())
    if field is None or not field.external:
        raise Refused("INVALID_FIELD", f"{name} is not an External ID or indexed field for {target.name}")
    found = list(records.store.shelves[target.name].with_value(field.name, str(text)))
    if not found:
        said = (
            f"Foreign key external ID: {str(text).lower()} not found for field {name} in entity {target.name}"
        )
        raise Refused("INVALID_FIELD", said)
    if len(found) > 1:
        said = f"Foreign key external ID: {text} matches more than one record of {target.name}"
        raise Refused("DUPLICATE_VALUE", said)
    return found[0].id
