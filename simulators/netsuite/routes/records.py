"""Records: create, read, change, upsert, delete, list."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply, json_reply
from simulators.netsuite.routes.shared import body_of, collection
from simulators.netsuite.rules import desks
from simulators.netsuite.rules.query.library import page_bounds
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire.lines import SUBLISTS_OF, sublist
from simulators.netsuite.wire.parse import VALIDATIONS, body_to_wish
from simulators.netsuite.wire.references import RECORD_PATH, References
from simulators.netsuite.wire.render import Page


async def create(sandbox: Sandbox, call: Call) -> Reply:
    """POST of one record."""
    kind = call.params["type"]
    desks.shelf(sandbox.company, kind)
    _replaced(call, kind)
    wish, dropped = _wish(kind, call)
    return _done(kind, desks.create(sandbox.company, kind, wish), call, dropped)


async def read(sandbox: Sandbox, call: Call) -> Reply:
    """GET of one record, by internal or external id."""
    kind, args = call.params["type"], call.args()
    row = desks.find(sandbox.company, kind, call.params["id"])
    page = Page(sandbox.company, call.base_url, args.get("expandSubResources", "").lower() == "true")
    shown = page.record(kind, row)
    if args.get("fields"):
        wanted = {"links", "id", *args["fields"].split(",")}
        shown = {name: value for name, value in shown.items() if name in wanted}
    return json_reply(200, shown)


async def read_sublist(sandbox: Sandbox, call: Call) -> Reply:
    """GET of the lines of one record."""
    kind, name = call.params["type"], call.params["sublist"]
    row = desks.find(sandbox.company, kind, call.params["id"])
    if name not in SUBLISTS_OF.get(kind, ()):
        raise Refused("NOT_FOUND", f"Record type '{kind}' has no sublist '{name}'.", "Url", call.path)
    return json_reply(200, sublist(References(sandbox.company, call.base_url), row, name))


async def update(sandbox: Sandbox, call: Call) -> Reply:
    """PATCH of one record."""
    kind = call.params["type"]
    desks.find(sandbox.company, kind, call.params["id"])
    wish, dropped = _wish(kind, call)
    row = desks.update(sandbox.company, kind, call.params["id"], wish, _replaced(call, kind))
    return _done(kind, row, call, dropped)


async def upsert(sandbox: Sandbox, call: Call) -> Reply:
    """PUT by external id."""
    kind, key = call.params["type"], call.params["id"]
    desks.shelf(sandbox.company, kind)
    if not key.startswith("eid:") or key == "eid:":
        raise Refused("INVALID_REQUEST", "PUT needs an external ID, as in eid:X.", "Url", call.path)
    wish, dropped = _wish(kind, call)
    row = desks.upsert(sandbox.company, kind, key[4:], wish, _replaced(call, kind))
    return _done(kind, row, call, dropped)


async def remove(sandbox: Sandbox, call: Call) -> Reply:
    """DELETE of one record."""
    desks.delete(sandbox.company, call.params["type"], call.params["id"])
    return Reply(204)


async def listing(sandbox: Sandbox, call: Call) -> Reply:
    """GET of a collection: ids and links only, filtered by `q`."""
    kind, args = call.params["type"], call.args()
    desks.shelf(sandbox.company, kind)
    limit, offset = page_bounds(args)
    ids, total = sandbox.library.collection(kind, args.get("q", ""), limit, offset)
    path = f"{call.base_url}{RECORD_PATH}{kind}"
    items = [{"links": [{"rel": "self", "href": f"{path}/{each}"}], "id": each} for each in ids]
    return collection(call, items, limit, offset, total)


def _wish(kind: str, call: Call) -> tuple[dict[str, Any], list[str]]:
    # The vendor's own default is said to be Warning; its clients send "error", and so strict is safer.
    validation = call.headers.get("x-netsuite-propertynamevalidation", "error").lower()
    if validation not in VALIDATIONS:
        detail = f"'{validation}' is not one of {', '.join(VALIDATIONS)}."
        raise Refused("INVALID_HEADER", detail, "Header", "X-NetSuite-PropertyNameValidation")
    wish, dropped = body_to_wish(kind, body_of(call), validation)
    return wish, dropped if validation == "warning" else []


def _replaced(call: Call, kind: str) -> frozenset[str]:
    if not call.query:
        return frozenset()
    names = [each.strip() for each in call.args().get("replace", "").split(",") if each.strip()]
    unknown = next((each for each in names if each not in SUBLISTS_OF.get(kind, ())), None)
    if unknown is not None:
        detail = f"Record type '{kind}' has no sublist '{unknown}'."
        raise Refused("INVALID_PARAMETER", detail, "QueryParam", "replace")
    return frozenset(names)


def _done(kind: str, row: Any, call: Call, dropped: list[str]) -> Reply:
    headers = [("location", f"{call.base_url}{RECORD_PATH}{kind}/{row.id}")]
    # How the vendor words its warnings is unconfirmed; RFC 9111's form is used.
    headers += [("warning", f'299 - "Unknown property {each!a} was ignored"') for each in dropped]
    return Reply(204, b"", tuple(headers))
