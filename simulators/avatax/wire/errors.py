"""The error envelope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

STATUSES = {
    "EntityNotFoundError": 404,
    "IncorrectPathError": 404,
    "AuthenticationException": 401,
    "AuthenticationIncomplete": 401,
    "BasicAuthIncorrect": 401,
    "BearerTokenInvalid": 401,
    "AuthorizationException": 403,
    "PermissionRequired": 403,
    "RequestLimitExceeded": 429,
    "ConcurrentRequestLimitExceeded": 429,
    "UnhandledException": 500,
    "ServerUnreachable": 503,
    "TimeoutRequested": 504,
}
# What the vendor says was at fault; seen for InvalidAddress, the others follow by kind (unconfirmed).
_TARGETS = {
    "InvalidAddress": "IncorrectData",
    "MissingAddress": "IncorrectData",
    "AuthenticationException": "HttpRequestHeaders",
    "AuthenticationIncomplete": "HttpRequestHeaders",
    "BasicAuthIncorrect": "HttpRequestHeaders",
    "BearerTokenInvalid": "HttpRequestHeaders",
    "UnhandledException": "AvaTaxApiServer",
    "ServerUnreachable": "AvaTaxApiServer",
}


def status_of(code: str) -> int:
    """HTTP status of an error name."""
    return STATUSES.get(code, 400)


def detail(
    code: str, number: int, message: str, description: str = "", refers_to: str = "", sub_code: str = ""
) -> dict[str, Any]:
    """ErrorDetail, empty parts left out (vendor's error pages)."""
    row: dict[str, Any] = {"code": code, "number": number, "message": message}
    if description:
        row["description"] = description
    row["faultCode"] = "Server" if status_of(code) >= 500 else "Client"
    if sub_code:
        row["faultSubCode"] = sub_code
    row["helpLink"] = f"http://developer.avalara.com/avatax/errors/{code}"
    if refers_to:
        row["refersTo"] = refers_to
    row["severity"] = "Error"
    return row


def envelope(details: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """{"error": {code, message, target, details}}; the first detail speaks for all."""
    code, message = details[0]["code"], details[0]["message"]
    target = _TARGETS.get(code, "HttpRequest")
    return {"error": {"code": code, "message": message, "target": target, "details": list(details)}}
