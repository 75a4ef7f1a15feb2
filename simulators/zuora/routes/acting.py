"""Paths of the actions: ZOQL, with their own way of refusing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from simulators.kit.clock import MINUTE
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules import zoql
from simulators.zuora.rules.query import known_field
from simulators.zuora.rules.refusal import INVALID, MALFORMED, MISSING, UNKNOWN_FIELD, Refused
from simulators.zuora.rules.sandbox import Cursor, Sandbox
from simulators.zuora.wire.shape import parse

ZOQL_ROWS = 2000
LOCATOR_LIFE = 15 * MINUTE
_CODES = {
    MALFORMED: "MALFORMED_QUERY",
    UNKNOWN_FIELD: "INVALID_FIELD",
    MISSING: "MISSING_REQUIRED_VALUE",
    INVALID: "INVALID_VALUE",
}

_Act = Callable[[Sandbox, Call], Awaitable[Reply]]


def _faulty(act: _Act) -> _Act:
    """An action that is refused says so in its own words (SDK FaultResponse)."""

    async def handler(rules: Sandbox, call: Call) -> Reply:
        try:
            return await act(rules, call)
        except Refused as no:
            code = "INVALID_TYPE" if no.param == "type" else _CODES.get(no.category, "INVALID_VALUE")
            return json_reply(400, {"FaultCode": code, "FaultMessage": no.message})

    handler.__name__ = act.__name__
    handler.__doc__ = act.__doc__
    return handler


@_faulty
async def query(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/action/query: up to 2000 records, then a locator of the rest."""
    body = parse(call)
    strange = _strange(call, body, "queryString")
    if strange is not None:
        return strange
    text = _text(body, "queryString")
    size = _batch(body)
    selection = zoql.parse(text)
    items = zoql.run(rules.state, selection)
    return _records(rules, Cursor(selection.name, items, columns=selection.columns), size)


@_faulty
async def query_more(rules: Sandbox, call: Call) -> Reply:
    """POST /v1/action/queryMore: the next records; a locator lives for 15 minutes."""
    body = parse(call)
    strange = _strange(call, body, "queryLocator")
    if strange is not None:
        return strange
    cursor = rules.cursors.kept.get(_text(body, "queryLocator"))
    if cursor is None or not cursor.columns or cursor.born + LOCATOR_LIFE < rules.state.now():
        raise Refused(INVALID, "invalid query locator", "queryLocator")
    return _records(rules, cursor, _batch(body))


def _strange(call: Call, body: dict[str, Any], name: str) -> Reply | None:
    """Unknown fields are passed over unless the caller wants to hear of them."""
    unknown = set(body) - {name, "conf"}
    if unknown and call.args().get("rejectUnknownFields", "").lower() == "true":
        return json_reply(400, {"message": "Error - unrecognised fields"})
    return None


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None or value == "":
        raise Refused(MISSING, f"Missing required value: {name}", name)
    if not isinstance(value, str):
        raise Refused(INVALID, f"'{name}' has an invalid value.", name)
    return value


def _batch(body: dict[str, Any]) -> int:
    """conf.batchSize, 1 to 2000; more counts as 2000."""
    conf = body.get("conf")
    size = conf.get("batchSize") if isinstance(conf, dict) else None
    if size is None:
        return ZOQL_ROWS
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise Refused(INVALID, "'batchSize' must be between 1 and 2000.", "batchSize")
    return min(size, ZOQL_ROWS)


def _records(rules: Sandbox, cursor: Cursor, size: int) -> Reply:
    end = cursor.place + size
    columns = [(name, known_field(cursor.name, name)) for name in cursor.columns]
    records = []
    for item in cursor.items[cursor.place : end]:
        shown = ((name, field.shown(item)) for name, field in columns)
        # Fields without a value are left out.
        records.append({"Id": item.id, **{name: value for name, value in shown if value is not None}})
    done = end >= len(cursor.items)
    body: dict[str, Any] = {"records": records, "size": len(cursor.items), "done": done}
    if not done:
        born = rules.state.now()
        rest = Cursor(cursor.name, cursor.items, columns=cursor.columns, place=end, born=born)
        body["queryLocator"] = rules.cursors.keep(f"{rules.ids.hex('cursor', 32)}-{end}", rest)
    return json_reply(200, body)


TABLE = (
    Route("POST", "/v1/action/query", "query", query, "ZOQL"),
    Route("POST", "/v1/action/queryMore", "query_more", query_more, "the rest of a ZOQL answer"),
)
