"""Refusals as the vendor writes them."""

from __future__ import annotations

from simulators.kit.table import Headers, Reply, dumps, json_reply
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.signin import OAuthRefused

_STATUS = {
    "INVALID_LOGIN": 401,
    "INSUFFICIENT_PERMISSION": 403,
    "NONEXISTENT_ID": 404,
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "CONCURRENCY_LIMIT_EXCEEDED": 429,
    "UNEXPECTED_ERROR": 500,
    "SERVICE_UNAVAILABLE": 503,
}
# 429 carries the title of 400: so NetSuite's help shows it.
_TITLE = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Bad Request",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_SECTION = {
    400: "15.5.1",
    401: "15.5.2",
    403: "15.5.4",
    404: "15.5.5",
    405: "15.5.6",
    429: "15.5.1",
    500: "15.6.1",
    503: "15.6.4",
}


def refusal(refused: Refused) -> Reply:
    """The error envelope; one entry of o:errorDetails."""
    status = _STATUS.get(refused.code, 400)
    entry = {"detail": refused.detail, "o:errorCode": refused.code}
    if refused.place:
        entry[f"o:error{refused.place}"] = refused.where
    value = {
        "type": f"https://www.rfc-editor.org/rfc/rfc9110.html#section-{_SECTION[status]}",
        "title": _TITLE[status],
        "status": status,
        "o:errorDetails": [entry],
    }
    headers: Headers = (("content-type", "application/vnd.oracle.resource+json; type=error"),)
    if status == 401:
        headers += (("www-authenticate", 'Bearer realm="TIEOUT_SB1", error="invalid_token"'),)
    return Reply(status, dumps(value), headers)


def oauth_refusal(refused: OAuthRefused) -> Reply:
    """The token endpoint's error, as RFC 6749 has it."""
    status = 401 if refused.error == "invalid_client" else 400
    value = {"error": refused.error, "error_description": refused.description}
    return json_reply(status, value, (("cache-control", "no-store"),))
