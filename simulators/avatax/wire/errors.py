"""The error envelope."""

from __future__ import annotations

from typing import Any

STATUSES = {
    "EntityNotFoundError": 404,
    "IncorrectPathError": 404,
    "AuthenticationException": 401,
    "AuthenticationIncomplete": 401,
    "BasicAuthIncorrect": 401,
    "BearerTokenInvalid": 401,
    "RequestLimitExceeded": 429,
    "UnhandledException": 500,
    "ServerUnreachable": 503,
    "TimeoutRequested": 504,
}


def status_of(code: str) -> int:
    """HTTP status of an error name."""
    return STATUSES.get(code, 400)


def envelope(
    code: str, number: int, message: str, description: str = "", refers_to: str = "", sub_code: str = ""
) -> dict[str, Any]:
    """{"error": {code, message, target, details: [one]}}, empty parts left out (vendor's error pages)."""
    detail: dict[str, Any] = {"code": code, "number": number, "message": message}
    if description:
        detail["description"] = description
    detail["faultCode"] = "Server" if status_of(code) >= 500 else "Client"
    if sub_code:
        detail["faultSubCode"] = sub_code
    detail["helpLink"] = f"https://developer.avalara.com/avatax/errors/{code}"
    if refers_to:
        detail["refersTo"] = refers_to
    detail["severity"] = "Error"
    return {"error": {"code": code, "message": message, "target": "HttpRequest", "details": [detail]}}
