"""Objects described; which of their records were changed or deleted, and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from simulators.kit.clock import DAY, MINUTE, at
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import body_of
from simulators.salesforce.routes.guards import moment
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.rules.values import moment_of, moment_text
from simulators.salesforce.wire import describe as shapes

_ROOT = "/services/data/{version}/sobjects"
_REACH = 30 * DAY  # how far back changes are told


def _known(org: Org, call: Call) -> bool:
    """Whether nothing has been defined anew since the time of If-Modified-Since."""
    since = call.headers.get("if-modified-since")
    return since is not None and org.defined_at.replace(microsecond=0) <= moment(since, "If-Modified-Since")


async def every(org: Org, call: Call) -> Reply:
    """The list of objects; 304 where the caller's is not out of date."""
    if _known(org, call):
        return Reply(304)
    found = [shapes.listed(entity, call.params["version"]) for entity in org.catalogue.entities.values()]
    return json_reply(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": found})


async def basic(org: Org, call: Call) -> Reply:
    """An object in short, with the records last used."""
    entity = org.catalogue.entity(call.params["sobject"])
    short = shapes.listed(entity, call.params["version"])
    latest = reversed(org.store.shelves[entity.name].records.values())
    live = list(islice((each for each in latest if not each.deleted), 5))
    path = f"/services/data/{call.params['version']}/sobjects/{entity.name}"
    recent = [
        {"attributes": {"type": entity.name, "url": f"{path}/{each.id}"}, "Id": each.id,
         "Name": each.values.get("Name")}
        for each in live
    ]  # fmt: skip
    return json_reply(200, {"objectDescribe": short, "recentItems": recent})


def _record_types(org: Org, entity: Entity) -> list[tuple[str, str, str]]:
    found = org.store.shelves["RecordType"].with_value("SobjectType", entity.name)
    return [(each.id, each.values["Name"], each.values["DeveloperName"]) for each in found]


async def describe(org: Org, call: Call) -> Reply:
    """An object with its fields, children and record types; 304 where the caller's is not out of date."""
    if _known(org, call):
        return Reply(304)
    entity = org.catalogue.entity(call.params["sobject"])
    children = [
        (way.name, way.entity.name, way.field.name, way.field.on_delete)
        for way in org.catalogue.children[entity.name].values()
    ]
    shown = shapes.described(entity, call.params["version"], children, _record_types(org, entity))
    return json_reply(200, shown)


async def layouts(org: Org, call: Call) -> Reply:
    """One layout with every field that can be written, for all record types."""
    entity = org.catalogue.entity(call.params["sobject"])
    items = [
        {"editableForNew": field.createable, "editableForUpdate": field.updateable, "label": field.label,
         "layoutComponents": [{"displayLines": 1, "tabOrder": place, "type": "Field", "value": field.name}],
         "placeholder": False, "required": field.required}
        for place, field in enumerate(entity.fields.values(), start=1)
        if field.createable
    ]  # fmt: skip
    rows = [{"layoutItems": [item], "numItems": 1} for item in items]
    section = {"columns": 1, "heading": "Information", "layoutRows": rows, "rows": len(rows),
               "useCollapsibleSection": False, "useHeading": True}  # fmt: skip
    layout = {"detailLayoutSections": [section], "editLayoutSections": [section], "id": None,
              "relatedLists": []}  # fmt: skip
    if "id" in call.params:
        return json_reply(200, layout)
    names = [*_record_types(org, entity), ("012000000000000AAA", "Master", "Master")]
    mapped = [
        {"available": True, "defaultRecordTypeMapping": name == "Master", "layoutId": None,
         "master": name == "Master", "name": name, "recordTypeId": key}
        for key, name, _ in names
    ]  # fmt: skip
    whole: dict[str, Any] = {
        "layouts": [layout], "recordTypeMappings": mapped, "recordTypeSelectorRequired": [False],
    }  # fmt: skip
    return json_reply(200, whole)


def _window(org: Org, call: Call) -> tuple[str, str]:
    """(start, end) of ?start&end in kept form; INVALID_REPLICATION_DATE where they make no sense."""
    try:
        start, end = (moment_of(call.args().get(name, "").replace(" ", "+")) for name in ("start", "end"))
    except ValueError:
        said = "start and end must be given as moments of ISO 8601"
        raise Refused("INVALID_REPLICATION_DATE", said) from None  # unconfirmed: this code
    now = org.clock.now()
    if start >= end:
        raise Refused("INVALID_REPLICATION_DATE", "startDate cannot be after endDate")
    if datetime.fromisoformat(end) - datetime.fromisoformat(start) < timedelta(minutes=1):
        raise Refused(
            "INVALID_REPLICATION_DATE", "endDate must be at least one minute greater than startDate"
        )
    if start < moment_text(now - _REACH):
        raise Refused("INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
    return start, end


def _covered(org: Org, end: str) -> str:
    """Up to when the answer is complete."""
    return min(end, f"{at(org.clock.now() // MINUTE * MINUTE):%Y-%m-%dT%H:%M:%S}.000+0000")


async def deleted(org: Org, call: Call) -> Reply:
    """?start&end: ids of what was deleted between, and when."""
    entity = org.catalogue.entity(call.params["sobject"])
    start, end = _window(org, call)
    shelf = org.store.shelves[entity.name]
    gone = [(each.id, each.values["SystemModstamp"]) for each in shelf.deleted.values()] + shelf.purged
    found = [{"deletedDate": moment, "id": key} for key, moment in sorted(gone, key=lambda line: line[1])
             if start <= moment <= end]  # fmt: skip
    earliest = moment_text(org.clock.now() - _REACH)
    return json_reply(
        200,
        {"deletedRecords": found, "earliestDateAvailable": earliest, "latestDateCovered": _covered(org, end)},
    )


async def updated(org: Org, call: Call) -> Reply:
    """?start&end: ids of what was made or changed between."""
    entity = org.catalogue.entity(call.params["sobject"])
    start, end = _window(org, call)
    found = org.store.shelves[entity.name].stamped(start, end)
    ids = [each.id for each in found if not each.deleted]
    return json_reply(200, {"ids": ids, "latestDateCovered": _covered(org, end)})


async def set_password(org: Org, call: Call) -> Reply:
    """204: the user's new password."""
    user = org.records.wanted(org.catalogue.entity("User"), call.params["id"])
    wish = body_of(call).get("NewPassword")
    if user.id != org.records.user_id or not isinstance(wish, str) or len(wish) < 8:
        raise Refused("INVALID_NEW_PASSWORD", "Your password must be at least 8 characters long.")
    org.identity.password = wish
    return Reply(204)


async def password_state(org: Org, call: Call) -> Reply:
    """Whether the user's password has expired."""
    org.records.wanted(org.catalogue.entity("User"), call.params["id"])
    return json_reply(200, {"isExpired": False})


_KIND = f"{_ROOT}/{{sobject}}"

ABOUT_TABLE = (
    Route("GET", _ROOT, "list_sobjects", every, "list the objects"),
    Route("GET", _KIND, "sobject", basic, "an object in short"),
    Route("GET", f"{_KIND}/describe", "describe", describe, "an object's fields, children, record types"),
    Route("GET", f"{_KIND}/describe/layouts", "layouts", layouts, "an object's page layout"),
    Route("GET", f"{_KIND}/describe/layouts/{{id}}", "layout", layouts, "the layout of a record type"),
    Route("GET", f"{_KIND}/deleted", "deleted", deleted, "?start&end: what was deleted"),
    Route("GET", f"{_KIND}/updated", "updated", updated, "?start&end: what was made or changed"),
    Route("POST", f"{_ROOT}/User/{{id}}/password", "set_password", set_password, "set a user's password"),
    Route("GET", f"{_ROOT}/User/{{id}}/password", "password", password_state, "whether it has expired"),
)
