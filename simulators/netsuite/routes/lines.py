"""What hangs on a record: sublists and their lines, subrecords, referenced records, attached contacts."""

from __future__ import annotations

from typing import Any

from simulators.kit.table import Call, Reply
from simulators.netsuite.routes.shared import body_of, collection, modes, singular
from simulators.netsuite.rules import desks
from simulators.netsuite.rules.fields.catalogue import LINES, known
from simulators.netsuite.rules.query.library import page_bounds
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.sandbox import Sandbox
from simulators.netsuite.wire import lines
from simulators.netsuite.wire.parse import line_to_wish
from simulators.netsuite.wire.references import RECORD_PATH, References
from simulators.netsuite.wire.render import Page


async def read_part(sandbox: Sandbox, call: Call) -> Reply:
    """GET of a sublist, of a subrecord, or of the record that a field refers to."""
    kind, name = call.params["type"], call.params["sublist"]
    row = desks.find(sandbox.company, kind, call.params["id"])
    if lines.has(kind, name):
        refs = References(sandbox.company, call.base_url)
        if not {"limit", "offset"} & set(call.args()):
            return singular(200, lines.sublist(refs, kind, row, name))
        limit, offset = page_bounds(call.args())
        found = lines.lines(refs, kind, row, name)
        return collection(call, found[offset : offset + limit], limit, offset, len(found))
    field = known(kind, name)
    if field is None or field.sort not in ("reference", "subrecord"):
        raise _no_part(kind, name, call)
    page = Page(sandbox.company, call.base_url, True)
    shown = page.record(kind, row).get(name)
    if not isinstance(shown, dict):
        raise _no_part(kind, name, call)
    if field.sort == "subrecord" or "links" not in shown:
        return singular(200, shown)
    to, key = shown["links"][0]["href"].split(RECORD_PATH, 1)[1].split("/")[:2]
    return singular(
        200, Page(sandbox.company, call.base_url, False).record(to, desks.find(sandbox.company, to, key))
    )


async def read_line(sandbox: Sandbox, call: Call) -> Reply:
    """GET of one line."""
    return singular(200, _line(sandbox, call))


async def read_line_part(sandbox: Sandbox, call: Call) -> Reply:
    """GET of a subrecord of a line, such as the address of a line of an address book."""
    shown, part = _line(sandbox, call), call.params["part"]
    found = shown.get(part)
    if not isinstance(found, dict):
        raise _no_part(f"{call.params['type']}.{call.params['sublist']}", part, call)
    href = f"{shown['links'][0]['href']}/{part}"
    return singular(200, {"links": [{"rel": "self", "href": href}], **found})


async def change_line_part(sandbox: Sandbox, call: Call) -> Reply:
    """PATCH of a subrecord of a line: what is not named stays."""
    kind, name, part = call.params["type"], call.params["sublist"], call.params["part"]
    shown = _line(sandbox, call)
    if f"{kind}.{name}" in LINES or not isinstance(shown.get(part), dict):
        raise _no_part(f"{kind}.{name}", part, call)
    row = desks.find(sandbox.company, kind, call.params["id"])
    items = [dict(each) for each in row.custom[name]["items"]]
    at = _place(call)
    items[at][part] = {**items[at][part], **body_of(call)}
    _write(sandbox, kind, row, name, [{"custom": each} for each in items], replace=True)
    return Reply(204, b"", (("location", f"{shown['links'][0]['href']}/{part}"),))


def _place(call: Call) -> int:
    """Which line of a sublist without rules a path means, from 0."""
    return int(call.params["line"].partition("=")[2] or call.params["line"]) - 1


async def add_line(sandbox: Sandbox, call: Call) -> Reply:
    """POST of one line, or of several as items."""
    kind, name = call.params["type"], call.params["sublist"]
    row = desks.find(sandbox.company, kind, call.params["id"])
    if not lines.has(kind, name):
        raise _no_part(kind, name, call)
    body = body_of(call)
    given = body["items"] if isinstance(body, dict) and isinstance(body.get("items"), list) else [body]
    wishes = [line_to_wish(f"{kind}.{name}", each, *modes(call))[0] for each in given]
    for wish in wishes:
        wish.pop("line", None)
    _write(sandbox, kind, row, name, wishes, replace=False)
    refs = References(sandbox.company, call.base_url)
    after = lines.lines(refs, kind, desks.find(sandbox.company, kind, row.id), name)
    href = after[-1]["links"][0]["href"] if after else ""
    return Reply(204, b"", (("location", href),))


async def change_line(sandbox: Sandbox, call: Call) -> Reply:
    """PATCH of one line."""
    kind, name = call.params["type"], call.params["sublist"]
    shown = _line(sandbox, call)
    row = desks.find(sandbox.company, kind, call.params["id"])
    wish, _ = line_to_wish(f"{kind}.{name}", body_of(call), *modes(call))
    if f"{kind}.{name}" not in LINES:
        at = _place(call)
        items = [dict(each) for each in row.custom[name]["items"]]
        items[at] |= wish["custom"]
        _write(sandbox, kind, row, name, [{"custom": each} for each in items], replace=True)
    else:
        key = {"doc": {"id": shown["doc"]["id"]}} if "doc" in shown else {"line": shown.get("line")}
        _write(sandbox, kind, row, name, [{**wish, **key}], replace=False)
    return Reply(204, b"", (("location", shown["links"][0]["href"]),))


async def attach(sandbox: Sandbox, call: Call) -> Reply:
    """POST that makes a contact one of a customer's."""
    contact = _contact(sandbox, call)
    wish = {"company": {"id": desks.find(sandbox.company, "customer", call.params["id"]).id}}
    desks.update(sandbox.company, "contact", contact.id, wish, frozenset())
    return Reply(204)


async def detach(sandbox: Sandbox, call: Call) -> Reply:
    """POST that takes a contact off a customer."""
    contact = _contact(sandbox, call)
    desks.update(sandbox.company, "contact", contact.id, {"company": None}, frozenset())
    return Reply(204)


def _contact(sandbox: Sandbox, call: Call) -> Any:
    kind, what = call.params["type"], call.params["what"]
    desks.find(sandbox.company, kind, call.params["id"])
    if what != "contact" or kind != "customer":
        raise Refused("INVALID_REQUEST", f"A {what} cannot be attached to a {kind}.", "Url", call.path)
    return desks.find(sandbox.company, "contact", call.params["attached"])


def _write(
    sandbox: Sandbox, kind: str, row: Any, name: str, wishes: list[dict[str, Any]], *, replace: bool
) -> None:
    if f"{kind}.{name}" in LINES:
        wish: dict[str, Any] = {name: {"items": wishes}}
    else:
        wish = {"custom": {name: {"items": [each["custom"] for each in wishes]}}}
    desks.update(sandbox.company, kind, row.id, wish, frozenset({name} if replace else ()))


def _line(sandbox: Sandbox, call: Call) -> dict[str, Any]:
    kind, name = call.params["type"], call.params["sublist"]
    row = desks.find(sandbox.company, kind, call.params["id"])
    if not lines.has(kind, name):
        raise _no_part(kind, name, call)
    refs = References(sandbox.company, call.base_url)
    found = lines.line(refs, kind, row, name, call.params["line"])
    if found is None:
        raise Refused("NONEXISTENT_ID", "The sublist line does not exist.", "Url", call.path)
    return found


def _no_part(kind: str, name: str, call: Call) -> Refused:
    return Refused("NOT_FOUND", f"Record type '{kind}' has no subresource '{name}'.", "Url", call.path)
