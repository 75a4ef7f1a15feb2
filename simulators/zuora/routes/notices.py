"""Paths of notification definitions and of the history of callouts."""

from __future__ import annotations

from simulators.kit.clock import DAY
from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.zuora.routes.paging import page, whole
from simulators.zuora.rules.callouts_sent import Notice
from simulators.zuora.rules.query import moment
from simulators.zuora.rules.refusal import INVALID, MALFORMED, Refused
from simulators.zuora.rules.sandbox import Sandbox
from simulators.zuora.wire import notice
from simulators.zuora.wire.shape import read

_PATH = "/notifications/notification-definitions"
_LIMIT = 100


async def create_definition(rules: Sandbox, call: Call) -> Reply:
    """POST: who is to be told of what."""
    made = read(notice.NewDefinition, call).definition(rules.state)
    rules.state.callouts.define(made)
    rules.state.history.note("notification_definition", made.id, "created", refs=(made.event,))
    return json_reply(200, notice.definition(made))


async def update_definition(rules: Sandbox, call: Call) -> Reply:
    """PUT …/{id}."""
    before = rules.state.callouts.find(call.params["id"])
    changed = read(notice.DefinitionChange, call).changed(before, rules.state.now())
    rules.state.callouts.define(changed)
    rules.state.history.note("notification_definition", changed.id, "updated", refs=(changed.event,))
    return json_reply(200, notice.definition(changed))


async def list_definitions(rules: Sandbox, call: Call) -> Reply:
    """GET: all definitions; start, limit, eventTypeName, profileId and emailTemplateId narrow them."""
    args = call.args()
    start, limit = _start(args), whole(args, "limit", _LIMIT)
    if limit > _LIMIT:
        raise Refused(INVALID, f"'limit' must be between 1 and {_LIMIT}.", "limit")
    every = [
        each
        for each in rules.state.callouts.definitions.values()
        if args.get("eventTypeName") in (None, "", each.event)
        and args.get("profileId") in (None, "", each.extra.get("communicationProfileId"))
        and not args.get("emailTemplateId")
    ]
    following = None
    if start + limit < len(every):
        following = f"/notification-definitions?start={start + limit}&limit={limit}"
    shown = [notice.definition(each) for each in every[start : start + limit]]
    return json_reply(200, {"data": shown, "next": following})


async def get_definition(rules: Sandbox, call: Call) -> Reply:
    """GET …/{id}."""
    return json_reply(200, notice.definition(rules.state.callouts.find(call.params["id"])))


async def delete_definition(rules: Sandbox, call: Call) -> Reply:
    """DELETE …/{id}: 204."""
    key = call.params["id"]
    rules.state.callouts.remove(key)
    rules.state.history.note("notification_definition", key, "deleted")
    return Reply(204)


async def list_history(rules: Sandbox, call: Call) -> Reply:
    """GET /v1/notification-history/callout, latest first: of the last day and failed only, unless asked
    otherwise."""
    args = call.args()
    end = _time(args, "endTime") or rules.state.now()
    start = _time(args, "startTime")
    start = end - DAY if start is None else start
    only = args.get("failedOnly", "true").lower()
    if only not in ("true", "false"):
        raise Refused(INVALID, "'failedOnly' must be true or false.", "failedOnly")
    category, subject = args.get("eventCategory", ""), args.get("objectId", "")
    found = [
        each
        for each in reversed(rules.state.callouts.courier.kept.values())
        if start <= each.created_at <= end
        and each.tried
        and (each.failed or only == "false")
        and (not category or _is_of(each, category))
        and (not subject or subject in each.subjects)
    ]
    return page(call, found, "calloutHistories", notice.history)


def _is_of(each: Notice, category: str) -> bool:
    return category in (each.category, each.event) or category.rpartition(":")[2] == each.event


async def resend(rules: Sandbox, call: Call) -> Reply:
    """POST /notifications/callout-histories/resend: 202, with those that failed; 400 where all did."""
    try:
        keys = call.json()
    except ValueError:
        raise Refused(MALFORMED, "The request body is not valid JSON.") from None
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
        raise Refused(INVALID, "The request body must be a list of ids of callouts.")
    unknown = rules.state.callouts.resend(keys)
    failed = {
        key: {"code": "NOT_FOUND", "message": f"Callout history {key} does not exist."} for key in unknown
    }
    # An empty object where the vendor documents a blank answer: its own SDK cannot read a blank one.
    return json_reply(400 if len(failed) == len(set(keys)) else 202, failed)


def _start(args: dict[str, str]) -> int:
    text = args.get("start") or "0"
    if not (text.isascii() and text.isdigit()):
        raise Refused(INVALID, "'start' must be a whole number.", "start")
    return int(text)


def _time(args: dict[str, str], name: str) -> int | None:
    text = args.get(name)
    if not text:
        return None
    try:
        return moment(text.replace(" ", "+") if "T" in text else text)  # a plus sign that was not encoded
    except ValueError:
        raise Refused(INVALID, f"'{text}' is not a time.", name) from None


TABLE = (
    Route(
        "POST",
        _PATH,
        "create_notification_definition",
        create_definition,
        "ask for callouts",
        notice.NewDefinition,
    ),
    Route("GET", _PATH, "list_notification_definitions", list_definitions, "all notification definitions"),
    Route("GET", f"{_PATH}/{{id}}", "get_notification_definition", get_definition, "one definition"),
    Route(
        "PUT",
        f"{_PATH}/{{id}}",
        "update_notification_definition",
        update_definition,
        "change a notification definition",
        notice.DefinitionChange,
    ),
    Route("DELETE", f"{_PATH}/{{id}}", "delete_notification_definition", delete_definition, "forget one"),
    Route(
        "GET",
        "/v1/notification-history/callout",
        "list_callout_history",
        list_history,
        "callouts that were sent",
    ),
    Route(
        "POST",
        "/notifications/callout-histories/resend",
        "resend_callouts",
        resend,
        "send callouts again",
    ),
)
