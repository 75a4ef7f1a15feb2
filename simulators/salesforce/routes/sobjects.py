"""Records one at a time: create, read, change, delete, upsert by external id, describe."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import body_of
from simulators.salesforce.rules.catalogue import CHILDREN, ENTITIES, entity_named
from simulators.salesforce.rules.keys import full_id
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.store import Record
from simulators.salesforce.wire import describe as shapes
from simulators.salesforce.wire.records import Saved, SObject, record, saved, url_of

_ROOT = "/services/data/{version}/sobjects"
_KEYED_UPSERT_SINCE = 46  # earlier versions answer an upsert's update with 204


def _target(call: Call) -> tuple[Entity, str]:
    """Object and id of a path; what has not even the shape of an id is taken for a field name."""
    entity, text = entity_named(call.params["sobject"]), call.params["id"]
    if full_id(text) is None:
        said = f"Provided external ID field does not exist or is not accessible: {text}"
        raise Refused("NOT_FOUND", said)
    return entity, text


async def create(org: Org, call: Call) -> Reply:
    """201 with a receipt."""
    made = org.create(entity_named(call.params["sobject"]), body_of(call))
    where = url_of(call.params["version"], made.entity.name, made.id)
    return json_reply(201, saved(made.id), (("Location", where),))


async def read(org: Org, call: Call) -> Reply:
    """The record; ?fields=A,B narrows it."""
    entity, text = _target(call)
    try:
        found = org.records.wanted(entity, text)
    except Refused as refused:
        if refused.code == "INVALID_CROSS_REFERENCE_KEY":
            raise Refused("NOT_FOUND", "The requested resource does not exist") from None
        raise
    return _shown(found, call)


async def read_by_key(org: Org, call: Call) -> Reply:
    """The record with this external id; 300 with their paths if there are several."""
    try:
        return _shown(org.by_key(entity_named(call.params["sobject"]), *_key(call)), call)
    except Refused as refused:
        return _choices(refused, call)


def _shown(found: Record, call: Call) -> Reply:
    version = call.params["version"]
    wish = call.args().get("fields") if call.query else None
    if wish is None:
        return json_reply(200, record(found, found.entity.name, version))
    fields = []
    for name in wish.split(","):
        field = found.entity.named.get(name.strip().lower())
        if field is None:
            said = f"No such column '{name.strip()}' on sobject of type {found.entity.name}"
            raise Refused("INVALID_FIELD", said)
        fields.append(field.name)
    return json_reply(200, record(found, found.entity.name, version, fields))


async def update(org: Org, call: Call) -> Reply:
    """204; 412 if the record was changed after the time of If-Unmodified-Since (conditional requests)."""
    entity, text = _target(call)
    guard = call.headers.get("if-unmodified-since")
    if guard is not None and _moment(guard) < _stamp(org.records.wanted(entity, text)):
        said = "The record was modified after the date of If-Unmodified-Since."
        raise Refused("PRECONDITION_FAILED", said)  # body unconfirmed; the status is documented
    org.update(entity, text, body_of(call))
    return Reply(204)


def _stamp(found: Record) -> datetime:
    return datetime.fromisoformat(found.values["LastModifiedDate"])


def _moment(text: str) -> datetime:
    """An HTTP date; 400 if it is none, as documented for PATCH."""
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        raise Refused("INVALID_HEADER_VALUE", f"If-Unmodified-Since: '{text}' is no HTTP date.") from None


async def delete(org: Org, call: Call) -> Reply:
    """204."""
    entity, text = _target(call)
    org.delete(entity, text)
    return Reply(204)


def _key(call: Call) -> tuple[str, str]:
    return call.params["field"], call.params["value"]


async def upsert(org: Org, call: Call) -> Reply:
    """201 created, 200 changed (204 before v46), 300 several match; ?updateOnly=true never creates."""
    entity, version = entity_named(call.params["sobject"]), call.params["version"]
    update_only = call.args().get("updateOnly", "").lower() == "true"
    try:
        found, created = org.upsert(entity, *_key(call), body_of(call), update_only=update_only)
    except Refused as refused:
        return _choices(refused, call)
    if created:
        where = url_of(version, entity.name, found.id)
        return json_reply(201, saved(found.id, True), (("Location", where),))
    if int(version[1:3]) < _KEYED_UPSERT_SINCE:
        return Reply(204)
    return json_reply(200, saved(found.id, False))


def _choices(refused: Refused, call: Call) -> Reply:
    if refused.code != "MULTIPLE_CHOICES":
        raise refused
    entity, version = entity_named(call.params["sobject"]), call.params["version"]
    return json_reply(300, [url_of(version, entity.name, each) for each in refused.related])


async def delete_by_key(org: Org, call: Call) -> Reply:
    """204."""
    entity = entity_named(call.params["sobject"])
    org.delete(entity, org.by_key(entity, *_key(call)).id)
    return Reply(204)


async def every(_: Org, call: Call) -> Reply:
    """The list of objects."""
    found = [shapes.listed(entity, call.params["version"]) for entity in ENTITIES.values()]
    return json_reply(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": found})


async def basic(_: Org, call: Call) -> Reply:
    """An object in short."""
    entity = entity_named(call.params["sobject"])
    short = shapes.listed(entity, call.params["version"])
    return json_reply(200, {"objectDescribe": short, "recentItems": []})


async def describe(_: Org, call: Call) -> Reply:
    """An object with its fields and children."""
    entity = entity_named(call.params["sobject"])
    children = [
        (way.name, way.entity.name, way.field.name, way.field.on_delete == "cascade")
        for way in CHILDREN[entity.name].values()
    ]
    return json_reply(200, shapes.described(entity, call.params["version"], children))


_ONE, _BY_KEY = f"{_ROOT}/{{sobject}}/{{id}}", f"{_ROOT}/{{sobject}}/{{field}}/{{value}}"

SOBJECT_TABLE = (
    Route("GET", _ROOT, "list_sobjects", every, "list the objects"),
    Route("GET", f"{_ROOT}/{{sobject}}", "sobject", basic, "an object in short"),
    Route("GET", f"{_ROOT}/{{sobject}}/describe", "describe", describe, "an object's fields"),
    Route("POST", f"{_ROOT}/{{sobject}}", "create", create, "create a record", SObject, Saved),
    Route("GET", _ONE, "retrieve", read, "read a record"),
    Route("PATCH", _ONE, "update", update, "change a record", SObject),
    Route("DELETE", _ONE, "delete", delete, "delete a record"),
    Route("GET", _BY_KEY, "retrieve_by_external_id", read_by_key, "read a record by an external id"),
    Route("PATCH", _BY_KEY, "upsert", upsert, "create or change by an external id", SObject, Saved),
    Route("DELETE", _BY_KEY, "delete_by_external_id", delete_by_key, "delete by an external id"),
)
