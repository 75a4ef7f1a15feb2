"""Zuora's error answers: a body of reasons, and a status that depends on the API version asked for."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from simulators.kit.table import Call, Headers, Reply, json_reply
from simulators.zuora.rules import refusal
from simulators.zuora.rules.refusal import Refused

# HTTP status by category since Zuora-Version 2024-05-20 (developer portal, API upgrades).
STATUS: Mapping[int, int] = {
    refusal.FORBIDDEN: 403,
    refusal.UNAUTHENTICATED: 401,
    refusal.INVALID: 400,
    refusal.UNKNOWN_FIELD: 400,
    refusal.MISSING: 400,
    refusal.RULE: 400,
    refusal.NOT_FOUND: 404,
    refusal.UNSUPPORTED: 405,
    refusal.LOCKED: 409,
    refusal.INTERNAL: 500,
    refusal.TEMPORARY: 500,
    refusal.TOO_MANY: 429,
    refusal.MALFORMED: 400,
}
# First six digits of an error code by the first segments of the path. That they name the resource is
# documented, which number stands for which resource is not: unconfirmed.
RESOURCES: Mapping[str, int] = {
    "accounts": 510_000,
    "catalog": 530_000,
    "object": 530_100,
    "orders": 584_000,
    "subscriptions": 550_000,
    "bill-runs": 586_000,
    "invoices": 570_000,
    "credit-memos": 571_000,
    "payments": 572_000,
    "refunds": 573_000,
    "action": 590_000,
    "operations": 595_000,
    "object-query": 600_000,
    "notifications": 610_000,
}
NO_PAYLOAD, AUTHENTICATION = 500_000, 900_000
REAL_STATUS_SINCE = "2024-05-20"
# Categories that come with a real status whatever the version: they are the gateway's.
_GATEWAY = (refusal.UNAUTHENTICATED, refusal.TOO_MANY)


def refused(call: Call, no: Refused, *, status: int = 0, headers: Headers = ()) -> Reply:
    """The answer to a refused call. status: overrides what the category says."""
    segment = _segment(call)
    if segment in ("object", "action"):
        return _crud(no, status, headers)
    if no.category == refusal.UNAUTHENTICATED:
        resource = AUTHENTICATION
    else:
        resource = RESOURCES.get(segment, NO_PAYLOAD)
    body = {
        "success": False,
        "processId": fingerprint(call),
        "reasons": [{"code": resource * 100 + no.category, "message": no.message}],
        "requestId": fingerprint(call).lower(),
    }
    shown = status or STATUS.get(no.category, 500)
    if no.category not in _GATEWAY and not real_status(call):
        shown = 200
    return json_reply(shown, body, headers)


def real_status(call: Call) -> bool:
    """Whether the API version asked for answers errors with a real HTTP status; none asked for: current."""
    version = call.headers.get("zuora-version", "")
    if not call.path.startswith("/v1/") or not version:
        return True
    return version.count("-") == 2 and version >= REAL_STATUS_SINCE


def fingerprint(call: Call) -> str:
    """A process id that depends on the call alone."""
    text = f"{call.method} {call.path}?{call.query} ".encode() + call.body
    return blake2b(text, digest_size=8).hexdigest().upper()


def _segment(call: Call) -> str:
    parts = call.path.strip("/").split("/", 2)
    return parts[1] if parts[0] == "v1" and len(parts) > 1 else parts[0]


# Codes of CRUD and action calls (SOAP error handling); their errors always come with status 200.
_CRUD_CODES: Mapping[int, str] = {
    refusal.MISSING: "MISSING_REQUIRED_VALUE",
    refusal.UNKNOWN_FIELD: "INVALID_FIELD",
    refusal.INVALID: "INVALID_VALUE",
    refusal.NOT_FOUND: "INVALID_ID",
    refusal.RULE: "DUPLICATE_VALUE",
    refusal.TEMPORARY: "TRANSACTION_FAILED",
    refusal.TOO_MANY: "REQUEST_EXCEEDED_RATE",
    refusal.UNAUTHENTICATED: "INVALID_SESSION",
    refusal.MALFORMED: "MALFORMED_QUERY",
    refusal.INTERNAL: "UNKNOWN_ERROR",
}


def _crud(no: Refused, status: int, headers: Headers) -> Reply:
    code = _CRUD_CODES.get(no.category, "INVALID_VALUE")
    shown = status or (STATUS[no.category] if no.category in (*_GATEWAY, refusal.INTERNAL) else 200)
    if no.category in _GATEWAY:
        body: object = {
            "success": False,
            "reasons": [{"code": 90_000_000 + no.category, "message": no.message}],
        }
    else:
        body = {"Success": False, "success": False, "Errors": [{"Code": code, "Message": no.message}]}
    return json_reply(shown, body, headers)
