"""Faults in this vendor's words, and what can be made to happen inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simulators.kit.table import Call, Reply, Route, json_reply
from simulators.salesforce.routes.door import spoken
from simulators.salesforce.rules.bin import purge, undelete
from simulators.salesforce.rules.checks import ValidationRule
from simulators.salesforce.rules.definitions import define_field, define_object
from simulators.salesforce.rules.org import Org
from simulators.salesforce.rules.refusal import Refused
from simulators.salesforce.wire.bulk import classic_error
from simulators.salesforce.wire.composite import locked
from simulators.salesforce.wire.errors import STATUS, error_array
from simulators.salesforce.wire.oauth import denied
from simulators.salesforce.wire.soap import fault

_SIGN_IN = "/services/oauth2/"
_SAYS = {
    "unknown_path": ("NOT_FOUND", "The requested resource does not exist"),
    "wrong_method": ("METHOD_NOT_ALLOWED", "HTTP Method '{}' not allowed. Allowed are {}"),
    "throttled": ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "token_expired": ("INVALID_SESSION_ID", "Session expired or invalid"),
    "unavailable": ("SERVER_UNAVAILABLE", "The server is temporarily unavailable."),
    "server_error": ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
}


def answers(kind: str, route: Route) -> bool:
    """Whether calls of a row can have such an answer: only calls of several parts hide an error in a 200, and
    whoever signs in has no session that could be over."""
    if kind == "error_in_ok":
        return route.method in ("POST", "PATCH", "DELETE") and "/composite" in route.path
    return kind in _SAYS and not (kind == "token_expired" and route.path.startswith(_SIGN_IN))


def trouble(org: Org, kind: str, call: Call) -> Reply | None:
    """The answer to a trouble; None where the vendor has none. It tells the daily quota, as every answer."""
    reply = _worded(kind, call)
    if reply is None or kind == "unavailable" or call.path.startswith((_SIGN_IN, "/services/Soap/")):
        return reply
    limit = org.quota.limit
    used = limit if kind == "throttled" else org.quota.used
    return replace(reply, headers=(*reply.headers, ("Sforce-Limit-Info", f"api-usage={used}/{limit}")))


def _worded(kind: str, call: Call) -> Reply | None:
    if kind == "error_in_ok":
        return _all_locked(call)
    if call.path.startswith(_SIGN_IN):
        if kind == "token_expired":
            return None
        if kind == "throttled":  # unconfirmed
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
        name = (
            "InvalidSessionId"
            if kind == "token_expired"
            else "ExceededQuota"
            if kind == "throttled"
            else code
        )
        status = STATUS[code] if STATUS[code] >= 500 else 400
        return json_reply(status, classic_error(name, text))
    allow = (("Allow", allowed),) if allowed and kind == "wrong_method" else ()
    return spoken(json_reply(STATUS[code], error_array(code, text), allow))


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


def disturb(org: Org, kind: str, wish: Mapping[str, Any]) -> None:
    """What may be made to happen inside; see each act."""
    act = _ACTS.get(kind)
    if act is None:
        raise ValueError(f"kind: {kind!r} is not one of: {', '.join(_ACTS)}")
    try:
        act(org, wish)
    except Refused as refused:
        raise ValueError(f"{refused.code}: {refused.message}") from None


def _expire(org: Org, _: Mapping[str, Any]) -> None:
    """Every session ends."""
    org.identity.revoke_all()


def _quota(org: Org, wish: Mapping[str, Any]) -> None:
    """{"limit": 5}: calls that a day may have from now on; 0: no limit."""
    org.quota.limit = int(wish["limit"])


def _trust(org: Org, wish: Mapping[str, Any]) -> None:
    """{"public_key": PEM}: the connected app takes JWT assertions signed with it."""
    org.identity.trust(str(wish["public_key"]))


def _lock(org: Org, wish: Mapping[str, Any]) -> None:
    """{"ids": […], "count": 1}: the next writes of these rows, or below them, find them locked."""
    for text in wish["ids"]:
        found = org.store.find(str(text))
        if found is None:
            raise ValueError(f"ids: there is no record {text}")
        org.records.locked[found.id] = int(wish.get("count", 1))


def _gap(org: Org, wish: Mapping[str, Any]) -> None:
    """{"ids": […], "change": "GAP_UPDATE"}: change events that hold no fields."""
    kind = str(wish.get("change", "GAP_UPDATE"))
    if kind not in ("GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE"):
        raise ValueError(f"change: {kind!r} is not a gap")
    org.gap([str(each) for each in wish["ids"]], kind)


def _merge(org: Org, wish: Mapping[str, Any]) -> None:
    """{"object", "master", "others": […], "values": {…}}: as two people would merge them on screen."""
    others = [str(each) for each in wish["others"]]
    org.merge(str(wish["object"]), str(wish["master"]), others, dict(wish.get("values") or {}))


def _undelete(org: Org, wish: Mapping[str, Any]) -> None:
    """{"ids": […]}: out of the recycle bin."""
    for text in wish["ids"]:
        undelete(org.records, str(text))


def _purge(org: Org, wish: Mapping[str, Any]) -> None:
    """{"ids": […]}: out of the recycle bin for good."""
    for text in wish["ids"]:
        purge(org.records, str(text))


def _field(org: Org, wish: Mapping[str, Any]) -> None:
    """{"full_name": "Account.Region__c", "metadata": {…}}: a custom field."""
    define_field(org.records, str(wish["full_name"]), dict(wish["metadata"]))


def _object(org: Org, wish: Mapping[str, Any]) -> None:
    """{"full_name": "Thing__c", "metadata": {…}, "fields": {"Name__c": {…}}}: a custom object."""
    made = define_object(org.records, str(wish["full_name"]), dict(wish.get("metadata") or {}))
    for name, metadata in dict(wish.get("fields") or {}).items():
        define_field(org.records, f"{made.name}.{name}", metadata)


def _rule(org: Org, wish: Mapping[str, Any]) -> None:
    """{"object", "name", "formula", "message", "field"}: a validation rule."""
    rule = ValidationRule(
        org.next_id("03d"), org.catalogue.entity(str(wish["object"])).name, str(wish["name"]),
        str(wish["formula"]), str(wish["message"]), str(wish.get("field") or ""),
    )  # fmt: skip
    org.checks.add(org.records, rule)


_ACTS: dict[str, Callable[[Org, Mapping[str, Any]], None]] = {
    "expire_tokens": _expire, "daily_requests": _quota,
    "trust_certificate": _trust, "lock_rows": _lock, "gap": _gap, "merge": _merge,
    "undelete": _undelete, "purge": _purge, "define_field": _field, "define_object": _object,
    "validation_rule": _rule,
}  # fmt: skip


def retire(org: Org) -> None:
    """Who waits for change events is answered: there will be none."""
    org.streaming.let_go()
