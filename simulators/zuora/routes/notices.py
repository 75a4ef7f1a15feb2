"""Paths of notification definitions."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import notice
from simulators.zuora.wire.shape import read

_PATH = "/notifications/notification-definitions"


async def create_definition(rules: Sandbox, call: Call) -> Reply:
    """POST: who is to be told of what."""
    made = read(notice.NewDefinition, call).definition(rules.state)
    rules.state.callouts.define(made)
    rules.state.history.note("notification_definition", made.id, "created", refs=(made.event,))
    return json_reply(200, notice.definition(made))


async def list_definitions(rules: Sandbox, call: Call) -> Reply:
    """GET: all definitions; start and limit narrow them."""
    args = call.args()
    start, limit = int(args.get("start", "0") or 0), int(args.get("limit", "100") or 100)
    every = list(rules.state.callouts.definitions.values())
    shown = [notice.definition(each) for each in every[start : start + limit]]
    body: dict[str, object] = {"data": shown}
    if start + limit < len(every):
        body["next"] = f"{_PATH}?start={start + limit}&limit={limit}"
    return json_reply(200, body)


async def get_definition(rules: Sandbox, call: Call) -> Reply:
    """GET …/{id}."""
    return json_reply(200, notice.definition(rules.state.callouts.find(call.params["id"])))


async def delete_definition(rules: Sandbox, call: Call) -> Reply:
    """DELETE …/{id}: 204."""
    key = call.params["id"]
    rules.state.callouts.remove(key)
    rules.state.history.note("notification_definition", key, "deleted")
    return Reply(204)


TABLE = (
    Route(
        "POST",
        _PATH,
        "create_notification_definition",
        create_definition,
        "ask for callouts",
        notice.NewDefinition,
    ),
    Route("GET", _PATH, "list_notification_definitions", list_definitions, "all definitions"),
    Route("GET", f"{_PATH}/{{id}}", "get_notification_definition", get_definition, "one definition"),
    Route("DELETE", f"{_PATH}/{{id}}", "delete_notification_definition", delete_definition, "forget one"),
)
