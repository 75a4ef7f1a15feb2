"""Records: create, read, change, upsert, delete, list, transform."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.netsuite.routes.shared import body_of, collection, flag, modes, singular
from simulators.netsuite.rules import desks, documents
from simulators.netsuite.rules.fields.catalogue import known
from simulators.netsuite.rules.query.library import page_bounds
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire import lines
from simulators.netsuite.wire.parse import body_to_wish
from simulators.netsuite.wire.references import RECORD_PATH
from simulators.netsuite.wire.render import Page


async def create(sandbox: Sandbox, call: Call) -> Reply:
    """POST of one record."""
    kind = call.params["type"]
    desks.shelf(sandbox.company, kind)
    replaced(call, kind)
    wish, dropped = _wish(kind, call)
    return _done(kind, desks.create(sandbox.company, kind, wish), call, dropped)


async def read(sandbox: Sandbox, call: Call) -> Reply:
    """GET of one record, by internal or external id."""
    kind, args = call.params["type"], call.args()
    row = desks.find(sandbox.company, kind, call.params["id"])
    wanted = [each.strip() for each in args.get("fields", "").split(",") if each.strip()]
    unknown = next((each for each in wanted if each != "id" and known(kind, each) is None), None)
    if unknown is not None:
        detail = f"Invalid field name '{unknown}' for record type '{kind}'."
        raise Refused("INVALID_PARAMETER", detail, "QueryParam", "fields")
    expanded = [each.strip() for each in args.get("expand", "").split(",") if each.strip()]
    page = Page(
        sandbox.company, call.base_url, flag(args, "expandSubResources"), flag(args, "simpleEnumFormat")
    )
    shown = page.record(kind, row)
    for name in expanded:
        if lines.has(kind, name):
            shown[name] = lines.sublist(page.refs, kind, row, name)
    if wanted:
        shown = {name: value for name, value in shown.items() if name in {"links", "id", *wanted}}
    return singular(200, shown)


async def update(sandbox: Sandbox, call: Call) -> Reply:
    """PATCH of one record."""
    kind = call.params["type"]
    desks.find(sandbox.company, kind, call.params["id"])
    wish, dropped = _wish(kind, call)
    row = desks.update(sandbox.company, kind, call.params["id"], wish, replaced(call, kind))
    return _done(kind, row, call, dropped)


async def upsert(sandbox: Sandbox, call: Call) -> Reply:
    """PUT by external id."""
    kind, key = call.params["type"], call.params["id"]
    desks.shelf(sandbox.company, kind)
    if not key.startswith("eid:") or key == "eid:":
        detail = "The PUT operation requires an external ID in the URL, as in eid:X."
        raise Refused("INVALID_REQUEST", detail, "Url", call.path)
    wish, dropped = _wish(kind, call)
    row = desks.upsert(sandbox.company, kind, key[4:], wish, replaced(call, kind))
    return _done(kind, row, call, dropped)


async def remove(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE of one record."""
    desks.delete(sandbox.company, call.params["type"], call.params["id"])
    return Reply(204)


async def transform(sandbox: Sandbox, call: Call) -> Reply:
    """POST that makes one record from another."""
    kind, target = call.params["type"], call.params["target"]
    desks.shelf(sandbox.company, target)
    source = desks.find(sandbox.company, kind, call.params["id"])
    replaced(call, target)
    wish, dropped = _wish(target, call) if call.body.strip() else ({}, [])
    row = documents.transform(sandbox.company, source, kind, target, wish)
    return _done(target, row, call, dropped)


async def listing(sandbox: Sandbox, call: Call) -> Reply:
    """GET of a collection: ids and links only, filtered by `q`; whole records for given `ids`."""
    kind, args = call.params["type"], call.args()
    desks.shelf(sandbox.company, kind)
    limit, offset = page_bounds(args)
    if args.get("ids"):
        keys = [each.strip() for each in args["ids"].split(",") if each.strip()]
        rows = [desks.find(sandbox.company, kind, key) for key in keys]
        ids, total = [row.id for row in rows][offset : offset + limit], len(rows)
    else:
        ids, total = sandbox.library.collection(kind, args.get("q", ""), limit, offset)
    if flag(args, "expandRecords"):
        page = Page(sandbox.company, call.base_url, flag(args, "expandSubResources"))
        shelf = sandbox.company.shelves[kind]
        items = [page.record(kind, shelf.get(each)) for each in ids]
    else:
        path = f"{call.base_url}{RECORD_PATH}{kind}"
        items = [{"links": [{"rel": "self", "href": f"{path}/{each}"}], "id": each} for each in ids]
    return collection(call, items, limit, offset, total, ("q", "ids", "expandRecords"))


def replaced(call: Call, kind: str) -> frozenset[str]:
    """The sublists that the request gives in full."""
    if not call.query:
        return frozenset()
    args = call.args()
    names = [each.strip() for each in args.get("replace", "").split(",") if each.strip()]
    fields = flag(args, "replaceSelectedFields")
    unknown = next((n for n in names if not (lines.has(kind, n) or (fields and known(kind, n)))), None)
    if unknown is not None:
        detail = f"Record type '{kind}' has no sublist '{unknown}'."
        raise Refused("INVALID_PARAMETER", detail, "QueryParam", "replace")
    return frozenset(names)


def _wish(kind: str, call: Call) -> tuple[dict[str, Any], list[str]]:
    names, values = modes(call)
    wish, dropped = body_to_wish(kind, body_of(call), names, values)
    return wish, dropped if "warning" in (names, values) else []


def _done(kind: str, row: Any, call: Call, dropped: list[str]) -> Reply:
    headers = [("location", f"{call.base_url}{RECORD_PATH}{kind}/{row.id}")]
    # How the vendor words its warnings is unconfirmed; RFC 9111's form is used.
    headers += [("warning", f'299 - "Property {each!a} was ignored"') for each in dropped]
    return Reply(204, b"", tuple(headers))
