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
# First six digits of an error code by the first segments of the path. That they name the field or object
# at fault is documented. Seen in public sources: orders 587300, their preview 587400, subscriptions 531000,
# invoices 584900, transfer of payments 538300, unapply 538400; the others are unconfirmed.
RESOURCES: Mapping[str, int] = {
    "accounts": 510_000,
    "catalog": 530_000,
    "orders/preview": 587_400,
    "orders": 587_300,
    "async": 587_300,
    "subscriptions": 531_000,
    "usage": 590_100,
    "bill-runs": 586_000,
    "invoices": 584_900,
    "credit-memos": 571_000,
    "payments": 538_000,
    "refunds": 573_000,
    "action": 590_000,
    "operations": 595_000,
    "object-query": 600_000,
    "notifications": 610_000,
}
# A field that has a number of its own: termType of a subscription (developer portal, error codes).
FIELDS: Mapping[str, int] = {"termType": 531_003}
NO_PAYLOAD, AUTHENTICATION = 500_000, 900_000
REAL_STATUS_SINCE = "2024-05-20"
# Categories that come with a real status whatever the version: they are the gateway's.
_GATEWAY = (refusal.UNAUTHENTICATED, refusal.TOO_MANY)


def refused(
    call: Call, no: Refused, *, status: int = 0, headers: Headers = (), always: bool = False
) -> Reply:
    """The answer to a refused call. status: overrides what the category says; always: in old versions too."""
    segment, category = _segment(call), no.category % 100
    if segment in ("object", "action"):
        return _crud(call, no, status, headers)
    if category == refusal.UNAUTHENTICATED:
        resource = AUTHENTICATION
    elif call.method in ("GET", "DELETE", "HEAD"):
        resource = NO_PAYLOAD  # the number names something of the payload, and there is none
    else:
        resource = FIELDS.get(no.param.rsplit(".", 1)[-1]) or _resource(call, segment)
    body = {
        "success": False,
        "processId": fingerprint(call),
        "reasons": [{"code": resource * 100 + category, "message": no.message}],
        "requestId": fingerprint(call).lower(),
    }
    shown = status or STATUS.get(category, 500)
    if not always and category not in _GATEWAY and not real_status(call):
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


def request_id(call: Call) -> Headers:
    """The header of an answer that no row of the table gives: a mark of the call itself."""
    return (("zuora-request-id", fingerprint(call).lower() * 2),)


def _resource(call: Call, segment: str) -> int:
    if call.path.startswith("/v1/orders/preview"):
        return RESOURCES["orders/preview"]
    return RESOURCES.get(segment, NO_PAYLOAD)


def _segment(call: Call) -> str:
    parts = call.path.strip("/").split("/", 2)
    return parts[1] if parts[0] == "v1" and len(parts) > 1 else parts[0]


# Codes of CRUD and action calls (SOAP error handling).
_CRUD_CODES: Mapping[int, str] = {
    refusal.MISSING: "MISSING_REQUIRED_VALUE",
    refusal.UNKNOWN_FIELD: "INVALID_FIELD",
    refusal.INVALID: "INVALID_VALUE",
    refusal.NOT_FOUND: "INVALID_ID",
    refusal.RULE: "INVALID_VALUE",
    refusal.DUPLICATE: "DUPLICATE_VALUE",
    refusal.DEPENDENT: "CANNOT_DELETE",
    refusal.TEMPORARY: "TRANSACTION_FAILED",
    refusal.TOO_MANY: "REQUEST_EXCEEDED_RATE",
    refusal.UNAUTHENTICATED: "INVALID_SESSION",
    refusal.MALFORMED: "MALFORMED_QUERY",
    refusal.INTERNAL: "UNKNOWN_ERROR",
}


def _crud(call: Call, no: Refused, status: int, headers: Headers) -> Reply:
    """CRUD refuses with 400 and `Errors`, and finds nothing with an empty 404 (SDK: ProxyBadRequestResponse,
    ProxyNoDataResponse); actions answer 200 whatever they say."""
    category = no.category % 100
    crud = _segment(call) == "object"
    if category in _GATEWAY:
        reasons = [{"code": 90_000_000 + category, "message": no.message}]
        return json_reply(status or STATUS[category], {"success": False, "reasons": reasons}, headers)
    if crud and category == refusal.NOT_FOUND and call.method == "GET":
        return json_reply(404, {"done": True, "records": [], "size": 0}, headers)
    if crud and category == refusal.UNKNOWN_FIELD:
        return json_reply(400, {"message": "Error - unrecognised fields"}, headers)
    code = _CRUD_CODES.get(no.category, "INVALID_VALUE")
    shown = status or (500 if category == refusal.INTERNAL else 400 if crud else 200)
    body = {"Success": False, "success": False, "Errors": [{"Code": code, "Message": no.message}]}
    return json_reply(shown, body, headers)
