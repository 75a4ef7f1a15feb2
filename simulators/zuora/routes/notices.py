"""Paths of notification definitions."""

from __future__ import annotations

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page
from simulators.zuora.rules.callouts import EVENTS
from simulators.zuora.rules.courier import Record
from simulators.zuora.rules.refusal import INVALID, MALFORMED, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import notice
from simulators.zuora.wire.shape import read

_OK = 200
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
    if args.get("eventTypeName"):
        every = [each for each in every if each.event == args["eventTypeName"]]
    shown = [notice.definition(each) for each in every[start : start + limit]]
    body: dict[str, object] = {"data": shown}
    if start + limit < len(every):
        body["next"] = f"{_PATH}?start={start + limit}&limit={limit}"
    return json_reply(200, body)


async def get_definition(rules: Sandbox, call: Call) -> Reply:
    """GET …/{id}."""
    return json_reply(200, notice.definition(rules.state.callouts.find(call.params["id"])))


async def update_definition(rules: Sandbox, call: Call) -> Reply:
    """PUT …/{id}."""
    key = call.params["id"]
    old = rules.state.callouts.find(key)
    new = read(notice.DefinitionChange, call).changed(old, rules.state.now())
    rules.state.callouts.redefine(key, new)
    rules.state.history.note("notification_definition", key, "updated", refs=(new.event,))
    return json_reply(200, notice.definition(new))


async def list_history(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/notification-history/callout, latest first; only what failed unless `failedOnly=false`."""
    args = call.args()
    failed_only = args.get("failedOnly", "true").lower() != "false"
    found = [
        record
        for record in reversed(rules.state.callouts.courier.records)
        if not (failed_only and record.status == _OK)
        and (not args.get("objectId") or args["objectId"] in record.callout.about)
        and (not args.get("eventCategory") or _is(record, args["eventCategory"]))
    ]
    return page(call, found, "calloutHistories", notice.history)


def _is(record: Record, wanted: str) -> bool:
    code = EVENTS.get(record.callout.event)
    own = f"{record.callout.namespace}:{record.callout.event}"
    return wanted in (own, record.callout.event, str(code))


async def resend(rules: Sandbox, call: Call) -> Reply:
    """POST /notifications/callout-histories/resend: 202, with what failed; 400 where all did."""
    try:
        keys = call.json()
    except ValueError:
        raise Refused(MALFORMED, "The request body is not valid JSON.") from None
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
        raise Refused(INVALID, "The request body must be a list of ids.")
    courier = rules.state.callouts.courier
    failed = {
        key: {"code": "NOT_FOUND", "message": f"Cannot resend the callout notification {key}."}
        for key in keys
        if not courier.resend(key)
    }
    if not failed:
        return Reply(202)
    return json_reply(400 if len(failed) == len(keys) else 202, failed)


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
    Route(
        "PUT",
        f"{_PATH}/{{id}}",
        "update_notification_definition",
        update_definition,
        "change a definition",
        notice.DefinitionChange,
    ),
    Route(
        "GET",
        "/v1/notification-history/callout",
        "get_callout_history",
        list_history,
        "attempts of callouts, paged",
    ),
    Route(
        "POST",
        "/notifications/callout-histories/resend",
        "resend_callout_notifications",
        resend,
        "send callouts again by their notification ids",
    ),
    Route("DELETE", f"{_PATH}/{{id}}", "delete_notification_definition", delete_definition, "forget one"),
)
