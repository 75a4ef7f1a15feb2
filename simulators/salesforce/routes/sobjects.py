"""Records one at a time: create, read, change, delete, upsert by external id, describe."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import body_of
from simulators.salesforce.routes.guards import labelled, unchanged, unread
from simulators.salesforce.routes.relations import columns, is_id_of, parent_of, related
from simulators.salesforce.rules.keys import full_id
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record
from simulators.salesforce.wire.records import Saved, SObject, record, saved, url_of

_ROOT = "/services/data/{version}/sobjects"
_KEYED_UPSERT_SINCE = 46  # earlier versions answer an upsert's update with 204


def _target(org: Org, call: Call) -> tuple[Entity, str]:
    """Object and id of a path; what has not even the shape of an id is taken for a field name."""
    entity, text = org.catalogue.entity(call.params["sobject"]), call.params["id"]
    if full_id(text) is None:
        said = f"Provided external ID field does not exist or is not accessible: {text}"
        raise Refused("NOT_FOUND", said)
    return entity, text


async def create(org: Org, call: Call) -> Reply:
    """201 with a receipt."""
    made = org.create(org.catalogue.entity(call.params["sobject"]), body_of(call))
    where = url_of(call.params["version"], made.entity.name, made.id)
    return json_reply(201, saved(made.id), (("Location", where),))


async def read(org: Org, call: Call) -> Reply:
    """The record; ?fields=A,B narrows it; 304 if the caller knows it already."""
    entity, text = _target(org, call)
    return shown(_existing(org, entity, text), call)


def _existing(org: Org, entity: Entity, text: str) -> Record:
    try:
        return org.records.wanted(entity, text)
    except Refused as refused:
        if refused.code in ("INVALID_CROSS_REFERENCE_KEY", "ENTITY_IS_DELETED"):
            raise Refused("NOT_FOUND", "The requested resource does not exist") from None
        raise


async def read_by_key(org: Org, call: Call) -> Reply:
    """The record with this external id, 300 with their paths if there are several; or, where the path
    holds a record's id, what stands at the other end of a relationship of it."""
    entity = org.catalogue.entity(call.params["sobject"])
    if is_id_of(entity, call.params["field"]):
        return related(org, _existing(org, entity, call.params["field"]), call.params["value"], call)
    try:
        return shown(org.by_key(entity, *_key(call)), call)
    except Refused as refused:
        return _choices(org, refused, call)


def shown(found: Record, call: Call) -> Reply:
    """A record, or those of its fields that are wished for."""
    version = call.params["version"]
    known = unread(found, call.headers)
    if known is not None:
        return known
    stamped = labelled(found)
    wish = call.args().get("fields") if call.query else None
    if wish is None:
        return json_reply(200, record(found, found.entity.name, version), stamped)
    fields = columns(found.entity, wish.split(","))
    return json_reply(200, record(found, found.entity.name, version, fields), stamped)


async def update(org: Org, call: Call) -> Reply:
    """204; 412 if the record is not as a condition of the call has it."""
    entity, text = _target(org, call)
    unchanged(org.records.wanted(entity, text), call.headers)
    org.update(entity, text, body_of(call))
    return Reply(204)


async def delete(org: Org, call: Call) -> Reply:
    """204."""
    entity, text = _target(org, call)
    org.delete(entity, text)
    return Reply(204)


def _key(call: Call) -> tuple[str, str]:
    return call.params["field"], call.params["value"]


async def upsert(org: Org, call: Call) -> Reply:
    """201 created, 200 changed (204 before v46), 300 several match; ?updateOnly=true never creates."""
    entity, version = org.catalogue.entity(call.params["sobject"]), call.params["version"]
    if is_id_of(entity, call.params["field"]):
        parent = parent_of(org, _existing(org, entity, call.params["field"]), call.params["value"])
        org.update(parent.entity, parent.id, body_of(call))
        return Reply(204)
    update_only = call.args().get("updateOnly", "").lower() == "true"
    try:
        found, created = org.upsert(entity, *_key(call), body_of(call), update_only=update_only)
    except Refused as refused:
        return _choices(org, refused, call)
    if created:
        where = url_of(version, entity.name, found.id)
        return json_reply(201, saved(found.id, True), (("Location", where),))
    if int(version[1:3]) < _KEYED_UPSERT_SINCE:
        return Reply(204)
    return json_reply(200, saved(found.id, False))


def _choices(org: Org, refused: Refused, call: Call) -> Reply:
    if refused.code != "MULTIPLE_CHOICES":
        raise refused
    entity, version = org.catalogue.entity(call.params["sobject"]), call.params["version"]
    return json_reply(300, [url_of(version, entity.name, each) for each in refused.related])


async def delete_by_key(org: Org, call: Call) -> Reply:
    """204."""
    entity = org.catalogue.entity(call.params["sobject"])
    if is_id_of(entity, call.params["field"]):
        found = parent_of(org, _existing(org, entity, call.params["field"]), call.params["value"])
    else:
        found = org.by_key(entity, *_key(call))
    org.delete(found.entity, found.id)
    return Reply(204)


async def overridden(org: Org, call: Call) -> Reply:
    """?_HttpMethod=PATCH (or DELETE): for clients that can only post."""
    by_key = "field" in call.params
    acts = {"PATCH": upsert if by_key else update, "DELETE": delete_by_key if by_key else delete}
    act = acts.get(call.args().get("_HttpMethod", "").upper())
    if act is None:
        raise Refused(
            "METHOD_NOT_ALLOWED", "HTTP Method 'POST' not allowed. Allowed are DELETE,GET,HEAD,PATCH"
        )
    return await act(org, call)


_ONE, _BY_KEY = f"{_ROOT}/{{sobject}}/{{id}}", f"{_ROOT}/{{sobject}}/{{field}}/{{value}}"

SOBJECT_TABLE = (
    Route("POST", f"{_ROOT}/{{sobject}}", "create", create, "create a record", SObject, Saved),
    Route("GET", _ONE, "retrieve", read, "read a record"),
    Route("PATCH", _ONE, "update", update, "change a record", SObject),
    Route("DELETE", _ONE, "delete", delete, "delete a record"),
    Route("GET", _BY_KEY, "retrieve_by_external_id", read_by_key,
          "read a record by an external id, or along a relationship"),
    Route("PATCH", _BY_KEY, "upsert", upsert, "create or change by an external id", SObject, Saved),
    Route("POST", _ONE, "overridden", overridden, "?_HttpMethod=PATCH: change a record", SObject),
    Route("POST", _BY_KEY, "overridden_by_external_id", overridden, "?_HttpMethod=PATCH: upsert", SObject),
    Route("DELETE", _BY_KEY, "delete_by_external_id", delete_by_key, "delete by an external id"),
)  # fmt: skip
