"""Faults in this vendor's words, and what can be made to happen inside."""

from __future__ import annotations

from dataclasses import replace

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import spoken
from simulators.salesforce.rules.org import Org
from simulators.salesforce.wire.bulk import classic_error
from simulators.salesforce.wire.composite import locked
from simulators.salesforce.wire.errors import LOCKED, STATUS, error_array
from simulators.salesforce.wire.oauth import denied
from simulators.salesforce.wire.soap import fault

_SIGN_IN = "/services/oauth2/"
_WRITING = ("POST", "PATCH", "DELETE")
_SPENT = ("throttled", "quota_spent")
_SAYS = {
    "unknown_path": ("NOT_FOUND", "The requested resource does not exist"),
    "wrong_method": ("METHOD_NOT_ALLOWED", "HTTP Method '{}' not allowed. Allowed are {}"),
    "throttled": ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "quota_spent": ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "too_many_at_once": ("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."),
    "record_locked": LOCKED,
    "token_expired": ("INVALID_SESSION_ID", "Session expired or invalid"),
    "unavailable": ("SERVER_UNAVAILABLE", "The server is temporarily unavailable."),
    "server_error": ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
}


def answers(kind: str, route: Route) -> bool:
    """Whether calls of a row can have such an answer: only calls of several parts hide an error in a 200, and
    whoever signs in has no session that could be over."""
    if kind == "error_in_ok":
        return route.method in _WRITING and "/composite" in route.path
    if kind == "record_locked":
        return route.method in _WRITING and ("/sobjects" in route.path or "/composite" in route.path)
    return kind in _SAYS and not (kind == "token_expired" and route.path.startswith(_SIGN_IN))


def trouble(org: Org, kind: str, call: Call) -> Reply | None:
    """The answer to a trouble; None where the vendor has none. It tells the daily quota, as every answer."""
    reply = _worded(kind, call)
    if reply is None or kind == "unavailable" or call.path.startswith((_SIGN_IN, "/services/Soap/")):
        return reply
    limit = org.quota.limit
    used = limit if kind in _SPENT else org.quota.used
    return replace(reply, headers=(*reply.headers, ("Sforce-Limit-Info", f"api-usage={used}/{limit}")))


def lacks(_: Call, field: str) -> Reply:
    """The refusal of a call without a field that has become mandatory."""
    said = f"Required fields are missing: [{field}]"
    return spoken(json_reply(400, error_array("REQUIRED_FIELD_MISSING", said, [field])))


def _worded(kind: str, call: Call) -> Reply | None:
    if kind == "error_in_ok" or (kind == "record_locked" and "/composite" in call.path):
        return _all_locked(call)
    if kind == "record_locked" and (call.method not in _WRITING or "/sobjects/" not in call.path):
        return None
    if call.path.startswith(_SIGN_IN):
        if kind == "token_expired":
            return None
        if kind in _SPENT or kind == "too_many_at_once":  # unconfirmed
            return json_reply(400, denied("invalid_grant", "login rate exceeded"))
    if kind not in _SAYS:
        return None
    code, says = _SAYS[kind]
    allowed = call.params.get("allowed", "")
    text = says.format(call.method, allowed)
    if call.path.startswith("/services/Soap/"):
        status = STATUS[code] if kind == "unavailable" else 500
        return Reply(status, fault(code, text), (("content-type", "text/xml;charset=UTF-8"),))
    if call.path.startswith("/services/async/"):
        name = "InvalidSessionId" if kind == "token_expired" else "ExceededQuota" if kind in _SPENT else code
        status = STATUS[code] if STATUS.get(code, 400) >= 500 else 400
        return json_reply(status, classic_error(name, text))
    allow = (("Allow", allowed),) if allowed and kind == "wrong_method" else ()
    return spoken(json_reply(STATUS.get(code, 400), error_array(code, text), allow))


def _all_locked(call: Call) -> Reply | None:
    """Status 200, every part failed: another transaction holds the rows."""
    if "/composite" not in call.path:
        return None
    ids = [each for each in call.args().get("ids", "").split(",") if each]
    try:
        body = call.json() if call.body else None
    except ValueError:
        return None
    answer = locked(call.path.rstrip("/"), body, ids)
    return None if answer is None else json_reply(200, answer)


def retire(org: Org) -> None:
    """Who waits for change events is answered: there will be none."""
    org.streaming.let_go()
