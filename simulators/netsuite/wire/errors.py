"""Refusals as the vendor writes them."""

from __future__ import annotations

from simulators.kit.table import Headers, Reply, dumps, json_reply
from simulators.netsuite.rules.keys import ACCOUNT
from simulators.netsuite.rules.refusal import Refused
from simulators.netsuite.rules.signin import OAuthRefused
from simulators.netsuite.wire.shapes import media

_STATUS = {
    "INVALID_LOGIN": 401,
    "INSUFFICIENT_PERMISSION": 403,
    "NONEXISTENT_ID": 404,
    "NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "UNSUPPORTED_MEDIA_TYPE": 415,
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
    415: "Unsupported Media Type",
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
    415: "15.5.16",
    429: "15.5.1",
    500: "15.6.1",
    503: "15.6.4",
}


def refusal(refused: Refused, scheme: str = "") -> Reply:
    """The error envelope; one entry of o:errorDetails. scheme: of the Authorization header refused."""
    status = _STATUS.get(refused.code, 400)
    entry = {"detail": refused.detail, "o:errorCode": refused.code}
    if refused.place:
        entry[f"o:error{refused.place}"] = refused.where
    value = {
        "type": f"https://www.rfc-editor.org/rfc/rfc9110.html#section-{_SECTION[status]}",
        # A key used twice is called a conflict, and answered with 400 all the same.
        "title": "Conflict" if refused.code == "IDEMPOTENCY_ERROR" else _TITLE[status],
        "status": status,
        "o:errorDetails": [entry],
    }
    headers: Headers = (media("error"),)
    if status == 401:
        kind, error = ("OAuth", "token_rejected") if scheme == "oauth" else ("Bearer", "invalid_token")
        challenge = f'{kind} realm="{ACCOUNT}", error="{error}", error_description="Invalid login attempt."'
        headers += (("www-authenticate", challenge),)
    return Reply(status, dumps(value), headers)


def oauth_refusal(refused: OAuthRefused) -> Reply:
    """The token endpoint's error: its name and no more."""
    headers: Headers = (("cache-control", "no-store"),)
    if refused.error != "invalid_client":
        return json_reply(400, {"error": refused.error}, headers)
    headers += (("www-authenticate", f'Basic realm="{ACCOUNT}"'),)
    return json_reply(401, {"error": refused.error}, headers)
