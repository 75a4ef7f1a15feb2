"""From a record along its relationships: to a parent, to children; and fields by name."""

from __future__ import annotations

from collections.abc import Iterable

from simulators.kit.table import Call, Reply, json_reply
from simulators.salesforce.rules.keys import full_id
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record
from simulators.salesforce.wire.records import record


def columns(entity: Entity, names: Iterable[str]) -> list[str]:
    """API names of fields; INVALID_FIELD names the first that does not exist."""
    found = []
    for name in names:
        field = entity.named.get(name.strip().lower())
        if field is None:
            said = f"No such column '{name.strip()}' on sobject of type {entity.name}"
            raise Refused("INVALID_FIELD", said)
        found.append(field.name)
    return found


def is_id_of(entity: Entity, text: str) -> bool:
    """Whether a segment of a path is a record's id rather than the name of a field."""
    whole = full_id(text)
    return whole is not None and whole[:3] == entity.prefix and text.lower() not in entity.named


def parent_of(org: Org, found: Record, name: str) -> Record:
    """The record that a relationship leads up to; NOT_FOUND if it is empty or none."""
    way = found.entity.relationships.get(name.lower())
    parent = org.store.by_id.get(found.values[way.name] or "") if way else None
    if parent is None or parent.deleted:
        raise Refused("NOT_FOUND", "The requested resource does not exist")
    return parent


def related(org: Org, found: Record, name: str, call: Call) -> Reply:
    """The parent, or the children, at the other end of a relationship."""
    version, wish = call.params["version"], call.args().get("fields")
    below = org.catalogue.children[found.entity.name].get(name.lower())
    if below is None:
        parent = parent_of(org, found, name)
        fields = columns(parent.entity, wish.split(",")) if wish else None
        return json_reply(200, record(parent, parent.entity.name, version, fields))
    fields = columns(below.entity, wish.split(",")) if wish else None
    children = org.records.children(below.entity.name, below.field.name, found)
    rows = [record(each, below.entity.name, version, fields) for each in children]
    return json_reply(200, {"totalSize": len(rows), "done": True, "records": rows})
