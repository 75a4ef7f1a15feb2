"""Up to 200 records a call, each row answered on its own, all or none if so wished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import model_of
from simulators.salesforce.routes.relations import columns
from simulators.salesforce.rules.catalogue import external_field
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.rules.schema import Entity
from simulators.salesforce.wire.composite import (
    RECORD_LIMIT,
    RETRIEVE_LIMIT,
    CollectionCall,
    RetrieveCall,
    failed_row,
)
from simulators.salesforce.wire.errors import ROLLED_BACK
from simulators.salesforce.wire.records import record as shape
from simulators.salesforce.wire.records import saved

_ROOT = "/services/data/{version}/composite/sobjects"
Item = TypeVar("Item")


class _Undo(Exception):
    """Takes the whole call back."""


def _each(org: Org, items: Iterable[Item], act: Callable[[Item], dict[str, Any]], all_or_none: bool) -> Reply:
    """One row an item, in order; the whole call is one unit of work."""
    rows: list[dict[str, Any]] = []
    try:
        with org.records.unit():
            for item in items:
                try:
                    with org.records.unit():
                        rows.append(act(item))
                except Refused as refused:
                    rows.append(failed_row(refused.code, refused.message, refused.fields))
            if all_or_none and not all(row["success"] for row in rows):
                raise _Undo
    except _Undo:
        rows = [failed_row(*ROLLED_BACK) if row["success"] else row for row in rows]
    return json_reply(200, rows)


def _wish(call: Call) -> CollectionCall:
    wish = model_of(call, CollectionCall)
    _at_most(len(wish.records))
    return wish


def _at_most(count: int) -> None:
    if count > RECORD_LIMIT:
        said = f"record limit reached. cannot submit more than {RECORD_LIMIT} records in this call."
        raise Refused("EXCEEDED_ID_LIMIT", said)


def _entity(org: Org, record: Mapping[str, Any]) -> Entity:
    attributes = record.get("attributes")
    name = attributes.get("type") if isinstance(attributes, dict) else None
    entity = org.catalogue.known(name) if isinstance(name, str) else None
    if entity is None:
        raise Refused("INVALID_TYPE", "Must send a concrete entity type.")
    return entity


async def create(org: Org, call: Call) -> Reply:
    """A receipt a record."""
    wish = _wish(call)

    def act(record: dict[str, Any]) -> dict[str, Any]:
        return saved(org.create(_entity(org, record), record).id)

    return _each(org, wish.records, act, wish.allOrNone)


async def update(org: Org, call: Call) -> Reply:
    """A receipt a record; each carries its id."""
    wish = _wish(call)

    def act(record: dict[str, Any]) -> dict[str, Any]:
        names = [name for name in record if name.lower() == "id"]
        if not names or not isinstance(record[names[0]], str):
            raise Refused("MISSING_ARGUMENT", "Id not specified in an update call")
        rest = {name: value for name, value in record.items() if name != names[0]}
        return saved(org.update(_entity(org, record), record[names[0]], rest).id)

    return _each(org, wish.records, act, wish.allOrNone)


async def upsert(org: Org, call: Call) -> Reply:
    """A receipt a record, saying whether it was created; each carries the external id."""
    wish = _wish(call)
    entity = org.catalogue.entity(call.params["sobject"])
    key = external_field(entity, call.params["field"]).name
    seen: set[str] = set()

    def act(record: dict[str, Any]) -> dict[str, Any]:
        names = [name for name in record if name.lower() == key.lower()]
        if not names or not isinstance(record[names[0]], str):
            raise Refused("MISSING_ARGUMENT", f"{key} not specified")
        if _entity(org, record) is not entity:
            raise Refused("INVALID_TYPE", f"Expected records of type {entity.name}")
        rest = {name: value for name, value in record.items() if name != names[0]}
        if record[names[0]].lower() in seen:
            said = f"Duplicate external id specified: {record[names[0]]}"
            raise Refused("DUPLICATE_VALUE", said, (key,))
        seen.add(record[names[0]].lower())
        found, created = org.upsert(entity, key, record[names[0]], rest)
        return saved(found.id, created)

    return _each(org, wish.records, act, wish.allOrNone)


async def delete(org: Org, call: Call) -> Reply:
    """?ids=a,b&allOrNone=true: a receipt an id."""
    args = call.args()
    ids = [each.strip() for each in args.get("ids", "").split(",") if each.strip()]
    if not ids:
        raise Refused("MISSING_ARGUMENT", "ids not specified")
    _at_most(len(ids))

    def act(text: str) -> dict[str, Any]:
        return saved(org.delete(org.entity_of(text), text).id)

    return _each(org, ids, act, args.get("allOrNone", "").lower() == "true")


async def retrieve(org: Org, call: Call) -> Reply:
    """?ids=a,b&fields=A,B, or the same as a body: a record or null an id, in order."""
    entity, version = org.catalogue.entity(call.params["sobject"]), call.params["version"]
    if call.method == "POST":
        wish = model_of(call, RetrieveCall)
        ids, names = wish.ids, wish.fields
    else:
        args = call.args()
        ids, names = ([each for each in args.get(name, "").split(",") if each] for name in ("ids", "fields"))
    if not ids or not names:
        raise Refused("MISSING_ARGUMENT", f"{'fields' if ids else 'ids'} not specified")
    if len(ids) > RETRIEVE_LIMIT:
        raise Refused("EXCEEDED_ID_LIMIT", f"cannot retrieve more than {RETRIEVE_LIMIT} records in this call")
    fields = columns(entity, names)
    rows: list[Any] = []
    for text in ids:
        found = org.store.find(text)
        live = found is not None and found.entity is entity and not found.deleted
        rows.append(shape(found, entity.name, version, fields) if found is not None and live else None)
    return json_reply(200, rows)


COLLECTION_TABLE = (
    Route("POST", _ROOT, "create_collection", create, "create up to 200 records", CollectionCall),
    Route("PATCH", _ROOT, "update_collection", update, "change up to 200 records", CollectionCall),
    Route("DELETE", _ROOT, "delete_collection", delete, "delete up to 200 records"),
    Route("PATCH", f"{_ROOT}/{{sobject}}/{{field}}", "upsert_collection", upsert,
          "create or change up to 200 records by an external id", CollectionCall),
    Route("GET", f"{_ROOT}/{{sobject}}", "retrieve_collection", retrieve, "read many records"),
    Route("POST", f"{_ROOT}/{{sobject}}", "retrieve_collection_by_body", retrieve, "read many records",
          RetrieveCall),
)  # fmt: skip
